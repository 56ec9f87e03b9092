"""Keeps the stage over a restart: one JSON file, written beside and renamed, so that it is whole or not there."""

from __future__ import annotations

import json
import os
import threading
import time
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from simulator.uploads import MediaShelf
from simulator.world import Article, Broadcast, Group, Message, Resident, Upload, World

FILE = "state.json"
EVERY_S = 1.0
REST = 20
"""After a save that took long, wait at least so many times as long."""
LAST = 500
"""Messages kept of each chat and group."""


class Store:
    """Saves what changed about once a second, and at the end."""

    def __init__(self, world: World, shelf: MediaShelf, folder: Path) -> None:
        self._world = world
        self._shelf = shelf
        self._path = folder / FILE
        self._saved = -1
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        """Call after `load`."""
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(timeout=10)
        self.save()

    def save(self) -> None:
        with self._world.lock:
            if self._world.changes == self._saved:
                return
            state, self._saved = _taken(self._world, self._shelf), self._world.changes
        beside = self._path.with_suffix(".new")
        beside.write_text(json.dumps(state, ensure_ascii=False), "utf-8")
        os.replace(beside, self._path)

    def load(self) -> bool:
        """Put the kept state over the seed. Was there any? A file nobody can read raises ValueError."""
        if not self._path.exists():
            return False
        try:
            state = json.loads(self._path.read_text("utf-8"))
            with self._world.lock:
                _put_back(state, self._world, self._shelf)
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"{self._path} cannot be read: delete it to begin anew") from error
        return True

    def _run(self) -> None:
        rest = EVERY_S
        while not self._stop.wait(rest):
            before = time.monotonic()
            self.save()
            rest = max(EVERY_S, REST * (time.monotonic() - before))


def _taken(world: World, shelf: MediaShelf) -> dict[str, Any]:
    return {
        "changes": world.changes,
        "next_user": world.next_user,
        "webhook_url": world.app.webhook_url,
        "offset": world.clock.offset.total_seconds(),
        "oas": {
            oa.oa_id: {
                "access_token": oa.access_token,
                "access_until": _iso(oa.access_until),
                "refresh_tokens": {token: _iso(until) for token, until in oa.refresh_tokens.items()},
            }
            for oa in world.oas.values()
        },
        "residents": [
            {
                "key": one.key,
                "name": one.name,
                "user_ids": one.user_ids,
                "follows": sorted(one.follows),
                "blocked": sorted(one.blocked),
                "banned": one.banned,
                "last_interaction": {oa_id: _iso(at) for oa_id, at in one.last_interaction.items()},
                "replies_used": one.replies_used,
            }
            for one in world.residents.values()
        ],
        "chats": [
            {"resident": key, "oa_id": oa_id, "messages": [asdict(one) for one in messages[-LAST:]]}
            for (key, oa_id), messages in world.chats.items()
        ],
        "groups": [
            {**asdict(group), "messages": [asdict(one) for one in group.messages[-LAST:]]}
            for group in world.groups.values()
        ],
        "articles": [
            {**asdict(one), "made_at": _iso(one.made_at), "ready_at": _iso(one.ready_at)}
            for one in world.articles.values()
        ],
        "broadcasts": [asdict(one) for one in world.broadcasts],
        "uploads": [{**asdict(one), "until": _iso(one.until)} for one in world.uploads.values()],
        "media": shelf.as_json(),
    }


def _put_back(state: dict[str, Any], world: World, shelf: MediaShelf) -> None:
    """Accounts and groups of the seed win where the seed is newer: names, limits, the webhook's address."""
    world.changes = world.cleared_at = state["changes"]
    world.next_user = state["next_user"]
    world.app.webhook_url = world.app.webhook_url or state["webhook_url"]
    world.clock.advance(timedelta(seconds=state["offset"]) - world.clock.offset)
    for oa_id, kept in state["oas"].items():
        if oa := world.oas.get(oa_id):
            oa.access_token, oa.access_until = kept["access_token"], _when(kept["access_until"])
            oa.refresh_tokens = {
                token: until for token, text in kept["refresh_tokens"].items() if (until := _when(text))
            }
    world.residents.clear()
    world.by_user_id.clear()
    for kept in state["residents"]:
        resident = Resident(
            kept["key"],
            kept["name"],
            user_ids=kept["user_ids"],
            follows=set(kept["follows"]),
            blocked=set(kept["blocked"]),
            banned=kept["banned"],
            last_interaction={o: at for o, text in kept["last_interaction"].items() if (at := _when(text))},
            replies_used=kept["replies_used"],
        )
        world.residents[resident.key] = resident
        world.by_user_id.update(
            {user_id: (resident.key, oa_id) for oa_id, user_id in resident.user_ids.items()}
        )
        for oa_id in world.oas:
            world.user_id(resident, oa_id)
    for kept in state["chats"]:
        world.chats[kept["resident"], kept["oa_id"]] = [Message(**one) for one in kept["messages"]]
    for kept in state["groups"]:
        seeded = world.groups.get(kept["group_id"])
        group = Group(**{**kept, "messages": [Message(**one) for one in kept["messages"]]})
        if seeded:
            group.name, group.oa_id = seeded.name, seeded.oa_id
        world.groups[group.group_id] = group
    for kept in state["uploads"]:
        upload = Upload(**{**kept, "until": _when(kept["until"])})
        world.uploads[upload.token] = upload
    for kept in state.get("articles", []):
        article = Article(
            **{
                **kept,
                "made_at": datetime.fromisoformat(kept["made_at"]),
                "ready_at": datetime.fromisoformat(kept["ready_at"]),
            }
        )
        world.articles[article.article_id] = article
    world.broadcasts = [Broadcast(**one) for one in state.get("broadcasts", [])]
    shelf.put_back(state["media"])


def _iso(at: datetime | None) -> str:
    return at.isoformat() if at else ""


def _when(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
