"""A little province: two officers, an OA, a handful of groups, and a Zalo that does what it is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from broadcasts.plan import plan_due
from broadcasts.send import Sender
from data import broadcast_moves, broadcasts, walls
from data.broadcasts import Content
from data.session import Database
from data.tables import Broadcast, GroupRow, Officer, OfficialAccount, Run, UnitRow
from domain.broadcasts import DeliveryStatus
from domain.posts import Post
from tests.conftest import Clock

UNIT = "07210@2025-07-01"
OA = "3000000000000000001"


class Groups:
    """What the groups got; `before` and `after` may raise for a group before, or after, the message is in it."""

    def __init__(self) -> None:
        self.got: list[tuple[str, str]] = []
        self.media: list[tuple[str, str]] = []
        self.before: Callable[[str], None] = lambda group: None
        self.after: Callable[[str], None] = lambda group: None

    def send(self, oa_id: str, zalo_group_id: str, post: Post) -> str:
        self.before(zalo_group_id)
        self.got.append((zalo_group_id, post.text))
        if post.media:
            self.media.append((zalo_group_id, post.media.name))
        self.after(zalo_group_id)
        return f"m{len(self.got)}"


class Province:
    """Shortcuts for the tests; everything goes through the doors that the console and the loops use."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database = database
        self.clock = clock
        self.groups = Groups()
        self.sender = Sender(database, self.groups.send, clock=clock, jitter=lambda: 0.0)

    def broadcast(self, *, approve: bool = True, **content: Any) -> int:
        """Write, propose and (by another officer) approve a broadcast to everybody, due now."""
        given = {"title": "Cảnh báo", "text": "Cảnh giác cuộc gọi giả danh", "audience": {"all": True}}
        with self.database.transaction() as session:
            row = broadcasts.create(
                session,
                Content(**{**given, "starts_at": self.clock(), **content}),
                author_id=1,
                now=self.clock(),
            )
            if approve:
                broadcast_moves.propose(session, row, version=row.version, officer_id=1, now=self.clock())
                broadcast_moves.approve(session, row, version=row.version, officer_id=2, now=self.clock())
            return row.id

    def act(self, what: Callable[..., None], broadcast_id: int, **more: Any) -> None:
        with self.database.transaction() as session:
            row = session.get(Broadcast, broadcast_id)
            assert row is not None
            what(session, row, version=row.version, officer_id=2, now=self.clock(), **more)

    def get(self, broadcast_id: int) -> Broadcast:
        with self.database.reading() as session:
            row = session.get(Broadcast, broadcast_id)
            assert row is not None
            return row

    def plan(self) -> int:
        return plan_due(self.database, now=self.clock())

    def send_all(self) -> None:
        """Let the sender work, moving the clock over its waits, until nothing moves any more."""
        for _ in range(400):
            if not self.sender.drain():
                self.clock.advance(seconds=1)
                if not self.sender.drain():
                    self.clock.advance(minutes=1)
                    if not self.sender.drain():
                        break

    def counts(self, broadcast_id: int) -> dict[DeliveryStatus, int]:
        with self.database.reading() as session:
            found = walls.progress(session, broadcast_id)
        return {state: count for state, count in found.items() if count}

    def runs(self, broadcast_id: int) -> list[Run]:
        with self.database.reading() as session:
            return broadcasts.runs_of(session, broadcast_id)


def fill(database: Database, now: datetime, groups: int = 6) -> None:
    """Units, an OA, two officers and some groups: `groups` on the API, one assisted, one not connected."""
    with database.transaction() as session:
        session.add(
            UnitRow(
                id=UNIT,
                code="07210",
                name="Phường Bắc Giang",
                short_name="Bắc Giang",
                kind="phường",
                level="commune",
                province="Tỉnh Bắc Ninh",
                valid_from=date(2025, 7, 1),
            )
        )
        session.flush()
        session.add(OfficialAccount(oa_id=OA, name="OA", created_at=now, requests_per_minute=100_000))
        for number, name in ((1, "Người soạn"), (2, "Người duyệt")):
            session.add(
                Officer(
                    id=number,
                    email=f"{number}@example.vn",
                    name=name,
                    active=True,
                    fs_uniquifier=str(number),
                    created_at=now,
                )
            )
        session.flush()
        session.add_all(group(f"G{number}", zalo=f"z{number}") for number in range(groups))


def group(code: str, *, zalo: str | None, channel: str = "gmf", district: str = "213") -> GroupRow:
    return GroupRow(
        code=code,
        name=f"Nhóm {code}",
        name_folded=f"nhom {code.lower()}",
        level="commune",
        district_2022_code=district,
        police_2022="Công an cũ",
        unit_id=UNIT,
        basis="test",
        inferred=False,
        channel=channel,
        oa_id=OA if zalo else None,
        zalo_group_id=zalo,
        active=True,
    )


@pytest.fixture
def province(database: Database, clock: Clock) -> Province:
    fill(database, clock() - timedelta(days=1))
    return Province(database, clock)
