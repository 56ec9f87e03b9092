"""The state of the platform: apps, accounts, people, groups, messages. Guarded by one lock."""

from __future__ import annotations

import secrets
import threading
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from simulator.chaos import Chaos
from simulator.clock import Clock

ACCESS_LASTS = timedelta(seconds=90_000)
REFRESH_LASTS = timedelta(days=90)
FREE_WINDOW = timedelta(hours=48)
REPLY_WINDOW = timedelta(days=7)


@dataclass
class Oa:
    """An official account and what the app may do for it."""

    oa_id: str
    name: str
    requests_per_minute: int = 2000
    verified: bool = True
    granted: bool = True
    package: bool = True
    package_name: str = ""
    access_token: str = ""
    access_until: datetime | None = None
    refresh_tokens: dict[str, datetime] = field(default_factory=dict)
    minute: int = 0
    used: int = 0


@dataclass
class Resident:
    """A make-believe person; `user_ids` holds their id for each OA."""

    key: str
    name: str
    user_ids: dict[str, str] = field(default_factory=dict)
    follows: set[str] = field(default_factory=set)
    last_interaction: dict[str, datetime] = field(default_factory=dict)
    replies_used: dict[str, int] = field(default_factory=dict)
    blocked: set[str] = field(default_factory=set)
    banned: bool = False


@dataclass
class Message:
    """A message of a chat or a group.

    sender     resident, oa or member
    at         milliseconds since 1970
    seen       the resident opened the chat after it came
    delivered  the app answered 200 to the event that told of it
    changed    the world's count of changes when this message last changed; who polls asks for newer ones
    """

    message_id: str
    sender: str
    at: int
    text: str = ""
    kind: str = "text"
    attachments: list[dict[str, Any]] = field(default_factory=list)
    buttons: list[dict[str, Any]] = field(default_factory=list)
    hidden: bool = False
    quote: str = ""
    seen: bool = False
    delivered: bool = False
    changed: int = 0

    def as_json(self) -> dict[str, Any]:
        return {
            "message_id": self.message_id,
            "from": self.sender,
            "time": self.at,
            "text": self.text,
            "kind": self.kind,
            "attachments": self.attachments,
            "buttons": self.buttons,
            "hidden": self.hidden,
            "quote": self.quote,
            "seen": self.seen,
            "delivered": self.delivered,
        }


@dataclass
class Group:
    """A group that an OA belongs to."""

    group_id: str
    name: str
    oa_id: str
    status: str = "enabled"
    members: int = 120
    oa_is_member: bool = True
    messages: list[Message] = field(default_factory=list)
    changed: int = 0


@dataclass
class Upload:
    """A picture or file an OA uploaded."""

    token: str
    kind: str
    name: str
    path: str
    until: datetime


@dataclass
class Article:
    """An article of an OA's page; it has an id from the start and shows it when it is `ready_at`."""

    article_id: str
    oa_id: str
    token: str
    body: dict[str, Any]
    made_at: datetime
    ready_at: datetime


@dataclass
class Broadcast:
    """An article that was sent to the followers of an OA: who got it."""

    message_id: str
    oa_id: str
    article_id: str
    at: int
    reached: list[str]


@dataclass
class App:
    """The app the accounts granted."""

    app_id: str
    app_secret: str
    oa_secret_key: str
    webhook_url: str = ""
    webhook_enabled: bool = True
    active: bool = True
    per_minute: int = 4000
    minute: int = 0
    used: int = 0


class World:
    """Everything the platform knows. Take `lock` around reads and writes of more than one thing."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.clock = Clock()
        self.chaos = Chaos()
        self.lock = threading.RLock()
        self.news = threading.Condition(self.lock)
        self.oas: dict[str, Oa] = {}
        self.residents: dict[str, Resident] = {}
        self.groups: dict[str, Group] = {}
        self.chats: dict[tuple[str, str], list[Message]] = defaultdict(list)
        self.uploads: dict[str, Upload] = {}
        self.articles: dict[str, Article] = {}
        self.broadcasts: list[Broadcast] = []
        self.article_takes = timedelta(seconds=0)
        self.by_user_id: dict[str, tuple[str, str]] = {}
        self.sends_by_key: dict[str, int] = defaultdict(int)
        self.next_user = 0
        self.free_unlimited = True
        self.changes = 0
        self.cleared_at = 0

    # -- making things ------------------------------------------------------------------------------------------

    def add_oa(self, oa: Oa) -> Oa:
        with self.lock:
            self.oas[oa.oa_id] = oa
            for resident in self.residents.values():
                self.user_id(resident, oa.oa_id)
            return oa

    def add_resident(self, name: str, key: str | None = None) -> Resident:
        with self.lock:
            resident = Resident(key or secrets.token_hex(6), name or f"Người dân {len(self.residents) + 1}")
            self.residents[resident.key] = resident
            self.changes += 1
            for oa_id in self.oas:
                self.user_id(resident, oa_id)
            return resident

    def add_groups(self, groups: Iterable[Group]) -> None:
        with self.lock:
            for group in groups:
                self.groups[group.group_id] = group

    def user_id(self, resident: Resident, oa_id: str) -> str:
        """The resident's id for this OA: 19 digits, different for each OA."""
        with self.lock:
            if oa_id not in resident.user_ids:
                self.next_user += 1
                user_id = str(4_000_000_000_000_000_000 + self.next_user)
                resident.user_ids[oa_id] = user_id
                self.by_user_id[user_id] = (resident.key, oa_id)
            return resident.user_ids[oa_id]

    def resident_of(self, user_id: str) -> tuple[Resident, str] | None:
        """The resident and the OA behind a user id."""
        found = self.by_user_id.get(user_id)
        return (self.residents[found[0]], found[1]) if found else None

    def new_refresh_token(self, oa_id: str) -> str:
        """A refresh token as the administrator of the OA would get it from the console of the platform."""
        with self.lock:
            token = f"RT-{secrets.token_urlsafe(48)}"
            self.oas[oa_id].refresh_tokens[token] = self.clock.now() + REFRESH_LASTS
            return token

    def new_pair(self, oa: Oa) -> tuple[str, str]:
        """A new pair; the access token before it dies."""
        with self.lock:
            oa.access_token = f"AT-{secrets.token_urlsafe(48)}"
            oa.access_until = self.clock.now() + ACCESS_LASTS
            self.changes += 1
            return oa.access_token, self.new_refresh_token(oa.oa_id)

    # -- talking ------------------------------------------------------------------------------------------------

    def interacted(self, resident: Resident, oa_id: str) -> None:
        """The resident did something that opens the window for replies."""
        resident.last_interaction[oa_id] = self.clock.now()
        resident.replies_used[oa_id] = 0

    def say(self, resident: Resident, oa_id: str, message: Message) -> Message:
        with self.lock:
            self.chats[resident.key, oa_id].append(message)
            self.touch(message)
            return message

    def post(self, group: Group, message: Message) -> Message:
        with self.lock:
            group.messages.append(message)
            self.touch(message)
            group.changed = self.changes
            return message

    def touch(self, *messages: Message) -> None:
        """These messages are new or different: whoever waits for news is woken."""
        with self.news:
            self.changes += 1
            for message in messages:
                message.changed = self.changes
            self.news.notify_all()

    def delivered(self, message: Message) -> None:
        """The app took the event of this message."""
        with self.lock:
            if not message.delivered:
                message.delivered = True
                self.touch(message)

    def message(self, sender: str, **fields: Any) -> Message:
        return Message(secrets.token_hex(10), sender, self.clock.millis(), **fields)

    def forget_talk(self) -> None:
        """All chats, group messages and windows are gone; people, groups, tokens and uploads stay."""
        with self.lock:
            self.chats.clear()
            for group in self.groups.values():
                group.messages, group.status, group.oa_is_member = [], "enabled", True
            for resident in self.residents.values():
                resident.last_interaction, resident.replies_used = {}, {}
                resident.blocked, resident.banned = set(), False
            self.touch()
            self.cleared_at = self.changes
            for group in self.groups.values():
                group.changed = self.changes
