"""Posts signed events while the server is killed with SIGKILL at random moments, and counts what came of them.

Each make-believe resident files one tip with one photo in five messages. As Zalo does, an event that is not answered 200 is
posted again, byte for byte, and a resident's next event is posted when the one before was acknowledged.
Afterwards every acknowledged event must have been handled exactly once in its effects, every photo must have a
sealed original that is what was sent, a clean copy and a whole chain of custody, and none may lie in clear on the disk.
"""

from __future__ import annotations

import json
import random
import secrets
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import requests
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.zalo.signature import sign
from bot.zalo.translate import read_event
from data import custody
from data.attachments import TO_CLEAN, TO_FETCH, Part, bound, parts
from data.media import MediaStore
from data.sealed_files import MAGIC, open_sealed
from data.sealing import Sealer, citizen_key, load_pepper
from data.session import Database
from data.tables import AttachmentRow, EventRow, Outgoing, Tip
from domain.broadcasts import DeliveryStatus
from domain.tips import AttachmentState
from simulator.world import World
from tests.album import PhotoAlbum
from tests.processes.machines import Machine, wait_until_ready
from tests.processes.serving import serving
from tests.town import OA, town_settings

POSTERS = 4
PLACE = (21.28861, 106.22077)
SETTLE_S = 60.0


@dataclass
class Counts:
    """What happened. The last eleven must be zero (`faults`)."""

    kills: int = 0
    residents: int = 0
    events_acknowledged: int = 0
    posts_that_failed: int = 0
    repeats_acknowledged: int = 0
    replies_sent: int = 0
    replies_unknown: int = 0
    tips_filed: int = 0
    photos_kept: int = 0
    events_lost: int = 0
    events_unhandled: int = 0
    tips_missing: int = 0
    tips_twice: int = 0
    replies_repeated: int = 0
    replies_missing: int = 0
    photos_missing: int = 0
    photos_twice: int = 0
    photos_changed: int = 0
    photos_in_clear: int = 0
    chains_broken: int = 0

    @property
    def faults(self) -> int:
        """What must not happen: everything that is counted from `events_lost` on."""
        names = [one.name for one in fields(self)]
        return sum(getattr(self, name) for name in names[names.index("events_lost") :])

    def in_words(self) -> str:
        return "\n".join(
            f"{one.name.replace('_', ' '):<24}{getattr(self, one.name):>7}" for one in fields(self)
        )


class Crash:
    """One run: a make-believe Zalo in this process, the program as a process that is killed."""

    def __init__(self, folder: Path, *, kills: int, seed_of_chance: int) -> None:
        self.folder = folder
        self.counts = Counts()
        self._kills = kills
        self._chance = random.Random(seed_of_chance)
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._people: list[tuple[str, str, str]] = []  # (resident key, user id, words of the tip)
        self._keys: set[str] = set()  # of events that were answered 200
        self._photos: dict[str, bytes] = {}  # words of the tip → the photo sent with it
        self._url = f"sqlite:///{folder / 'bot.db'}"

    def run(self) -> Counts:
        with PhotoAlbum() as album, self._running() as (machine, base, world):
            self._album = album
            posters = [
                threading.Thread(target=self._post_tips, args=(f"{base}/webhook/zalo", world))
                for _ in range(POSTERS)
            ]
            for poster in posters:
                poster.start()
            for _ in range(self._kills):
                self._stopping.wait(self._chance.uniform(0.15, 1.2))
                machine.is_killed()
                self.counts.kills += 1
                machine.is_started_again()
                wait_until_ready(base, machine)
            self._stopping.set()
            for poster in posters:
                poster.join(30)
            self._wait_until_settled()
            self._count(world)
            assert machine.ends() == 0, machine.said()[-2000:]
        return self.counts

    # -- the world ----------------------------------------------------------------------------------------------

    @contextmanager
    def _running(self) -> Iterator[tuple[Machine, str, World]]:
        with serving(self.folder) as here:
            here.world.chaos.change({"retry_scale": 0.02})
            yield here.machine, here.base, here.world

    # -- the load -----------------------------------------------------------------------------------------------

    def _post_tips(self, url: str, world: World) -> None:
        session = requests.Session()
        while not self._stopping.is_set():
            resident = world.add_resident("")
            user_id = world.user_id(resident, OA)
            with world.lock:
                world.interacted(resident, OA)
            words = f"Sự việc {secrets.token_hex(6)}"
            with self._lock:
                number = len(self._people)
                self._people.append((resident.key, user_id, words))
                self._photos[words] = self._album.photo(number)
            link = self._album.link(number)
            place = {"latitude": str(PLACE[0]), "longitude": str(PLACE[1])}
            located = [{"type": "location", "payload": {"coordinates": place}}]
            for name, message in (
                ("user_send_text", {"text": "tin báo"}),
                ("user_send_text", {"text": "đồng ý"}),
                ("user_send_text", {"text": words}),
                ("user_send_location", {"attachments": located}),
                ("user_send_image", {"attachments": [{"type": "image", "payload": {"url": link}}]}),
                ("user_send_text", {"text": "xong"}),
            ):
                self._post(session, url, world, user_id, name, message)

    def _post(
        self,
        session: requests.Session,
        url: str,
        world: World,
        user_id: str,
        name: str,
        message: dict[str, Any],
    ) -> None:
        timestamp = str(world.clock.millis())
        msg_id = secrets.token_hex(10)
        body = {
            "app_id": world.app.app_id,
            "sender": {"id": user_id},
            "recipient": {"id": OA},
            "event_name": name,
            "message": {"msg_id": msg_id, **message},
            "timestamp": timestamp,
        }
        raw = json.dumps(body, ensure_ascii=False).encode()
        headers = {
            "X-ZEvent-Signature": sign(raw, timestamp, app_id=world.app.app_id, secret="oa-secret-key"),
            "Content-Type": "application/json",
        }
        acknowledged = 0
        while not acknowledged:
            try:
                ok = session.post(url, data=raw, headers=headers, timeout=2).status_code == 200
            except requests.RequestException:
                ok = False
            if ok:
                acknowledged = 1
            else:
                with self._lock:
                    self.counts.posts_that_failed += 1
                time.sleep(0.02)
        if random.random() < 0.1:  # Zalo may deliver twice
            try:
                again = session.post(url, data=raw, headers=headers, timeout=2).status_code == 200
            except requests.RequestException:
                again = False
            with self._lock:
                self.counts.repeats_acknowledged += again
        with self._lock:
            self.counts.events_acknowledged += 1
            self._keys.add(read_event(raw).key)

    # -- the count ----------------------------------------------------------------------------------------------

    def _wait_until_settled(self) -> None:
        database = Database(self._url)
        until = time.monotonic() + SETTLE_S
        open_states = [DeliveryStatus.WAITING, DeliveryStatus.CLAIMED, DeliveryStatus.SENDING]
        while time.monotonic() < until:
            with database.reading() as session:
                events = session.scalar(select(func.count()).where(EventRow.done_at.is_(None)))
                replies = session.scalar(select(func.count()).where(Outgoing.state.in_(open_states)))
                files = session.scalar(
                    select(func.count()).where(AttachmentRow.state.in_([*TO_FETCH, *TO_CLEAN]))
                )
            if not events and not replies and not files:
                break
            time.sleep(0.2)
        database.close()

    def _count(self, world: World) -> None:
        counts, database = self.counts, Database(self._url)
        settings = town_settings(self._url, self.folder / "media", "http://127.0.0.1")
        with database.transaction() as session:
            pepper = load_pepper(session, settings.sealer())
        with database.reading() as session:
            kept = session.execute(
                select(EventRow.key, EventRow.done_at).where(EventRow.name.startswith("user_send_"))
            ).all()
            counts.events_lost = len(self._keys - {key for key, _ in kept})
            counts.events_unhandled = sum(done is None for _, done in kept)
            tips = Counter(session.scalars(select(Tip.what)))
            for resident_key, user_id, words in self._people:
                counts.residents += 1
                counts.tips_filed += tips[words]
                counts.tips_missing += tips[words] == 0
                counts.tips_twice += tips[words] > 1
                citizen = citizen_key(pepper, OA, user_id)
                rows = session.execute(
                    select(Outgoing.state, Outgoing.body)
                    .where(Outgoing.citizen == citizen)
                    .order_by(Outgoing.id)
                ).all()
                self._compare(rows, [m.text for m in world.chats[resident_key, OA] if m.sender == "oa"])
            self._count_photos(session, MediaStore(self.folder / "media"), settings.sealer())
        database.close()

    def _count_photos(self, session: Session, store: MediaStore, sealer: Sealer) -> None:
        """Every photo: once, whole, sealed, with a copy that opens and a chain that holds."""
        counts = self.counts
        found: dict[str, list[AttachmentRow]] = {}
        for row, words in session.execute(
            select(AttachmentRow, Tip.what).join(Tip, Tip.id == AttachmentRow.tip_id)
        ):
            found.setdefault(words, []).append(row)
        for words, sent in self._photos.items():
            rows = found.get(words, [])
            kept = [row for row in rows if row.state == AttachmentState.KEPT]
            counts.photos_kept += len(kept)
            counts.photos_missing += not kept
            counts.photos_twice += len(rows) > 1
            for row in kept:
                files = {
                    part: open_sealed(
                        store, key, sealer=sealer, bound=bound(row.draft_key, row.position, part)
                    )
                    for part, key in parts(row)
                }
                counts.photos_changed += files[Part.ORIGINAL].read() != sent
                counts.photos_changed += files[Part.VIEW].read(3) != b"\xff\xd8\xff"
                for file in files.values():
                    file.close()
                acts = [link.act for link in custody.of_attachment(session, row.id)]
                whole = acts == [custody.Act.RECEIVED, custody.Act.SEALED, custody.Act.CLEANED]
                counts.chains_broken += not whole or custody.verify(session, row.id) != []
        for path in store.folder.rglob("*"):
            begun = path.read_bytes()[: len(MAGIC)] if path.is_file() else b""
            counts.photos_in_clear += not MAGIC.startswith(begun)

    def _compare(self, rows: Sequence[Any], got: list[str]) -> None:
        """Every row that is sent stands in the chat once; one that is unknown at most once."""
        wanted: Counter[str] = Counter()
        sent: Counter[str] = Counter()
        for state, body in rows:
            wanted[body["text"]] += 1
            sent[body["text"]] += state == DeliveryStatus.SENT
            self.counts.replies_sent += state == DeliveryStatus.SENT
            self.counts.replies_unknown += state == DeliveryStatus.UNKNOWN
        self.counts.replies_missing += sum((sent - Counter(got)).values())
        self.counts.replies_repeated += sum((Counter(got) - wanted).values())
