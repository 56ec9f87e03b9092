"""A little province: two officers, an OA, a handful of groups, and a Zalo that does what it is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from broadcasts.plan import plan_due
from broadcasts.send import Sender
from data import broadcast_media, broadcast_moves, broadcasts, deliveries, delivery_lines, walls
from data.broadcasts import Content
from data.session import Database
from data.tables import Broadcast, GroupRow, Officer, OfficialAccount, Run, UnitRow
from domain.broadcasts import DeliveryStatus
from domain.posts import Article, Attached, AttachedKind, Post
from tests.conftest import Clock

UNIT = "07210@2025-07-01"
OA = "3000000000000000001"
SHA = "a" * 64


class Groups:
    """What the groups got; `before` and `after` may raise for a group before, or after, the message is in it."""

    def __init__(self) -> None:
        self.got: list[tuple[str, str]] = []
        self.media: list[tuple[str, str]] = []
        self.articles: list[tuple[str, Article]] = []
        self.before: Callable[[str], None] = lambda group: None
        self.after: Callable[[str], None] = lambda group: None

    def send(self, oa_id: str, zalo_group_id: str, post: Post) -> str:
        self.before(zalo_group_id)
        self.got.append((zalo_group_id, post.text))
        if post.media:
            self.media.append((zalo_group_id, post.media.name))
        self.after(zalo_group_id)
        return f"m{len(self.got)}"

    def send_to_page(self, oa_id: str, article: Article) -> str:
        self.before(oa_id)
        self.articles.append((oa_id, article))
        self.after(oa_id)
        return f"a{len(self.articles)}"


class Province:
    """Shortcuts for the tests; everything goes through the doors that the console and the loops use."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database = database
        self.clock = clock
        self.groups = Groups()
        self.sender = Sender(
            database,
            self.groups.send,
            send_to_page=self.groups.send_to_page,
            clock=clock,
            jitter=lambda: 0.0,
        )

    def broadcast(self, *, approve: bool = True, **content: Any) -> int:
        """Write, propose and (by another officer) approve a broadcast to everybody, due now."""
        return written(self.database, self.clock(), approve=approve, **content)

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
        people(session, now)
        session.add(account(OA, now))
        session.flush()
        session.add_all(group(f"G{number}", zalo=f"z{number}") for number in range(groups))


def people(session: Session, now: datetime) -> None:
    """One unit, and two officers: 1 writes, 2 approves."""
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
    for number, name in ((1, "Người soạn"), (2, "Người duyệt")):
        session.add(officer(number, name, now))
    session.flush()


def officer(number: int, name: str, now: datetime) -> Officer:
    return Officer(
        id=number,
        email=f"{number}@example.vn",
        name=name,
        active=True,
        fs_uniquifier=str(number),
        created_at=now,
    )


def account(oa_id: str, now: datetime, *, per_minute: int = 100_000) -> OfficialAccount:
    return OfficialAccount(oa_id=oa_id, name="OA", created_at=now, requests_per_minute=per_minute)


def group(
    code: str, *, zalo: str | None, channel: str = "gmf", district: str = "213", oa_id: str = OA
) -> GroupRow:
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
        oa_id=oa_id if zalo else None,
        zalo_group_id=zalo,
        active=True,
    )


def written(database: Database, now: datetime, *, approve: bool = True, **content: Any) -> int:
    """A broadcast to everybody, due now: written and proposed by 1, approved by 2."""
    given = {"title": "Cảnh báo", "text": "Cảnh giác cuộc gọi giả danh", "audience": {"all": True}}
    with database.transaction() as session:
        row = broadcasts.create(
            session, Content(**{**given, "starts_at": now, **content}), author_id=1, now=now
        )
        if approve:
            broadcast_moves.propose(session, row, version=row.version, officer_id=1, now=now)
            broadcast_moves.approve(session, row, version=row.version, officer_id=2, now=now)
        return row.id


# ---- shortcuts ---------------------------------------------------------------------------------------------


def reasons(province: Province, broadcast: int) -> dict[str, str | None]:
    with province.database.reading() as session:
        return {line.group_code: line.reason for line in delivery_lines.page(session, broadcast)}


def states(province: Province, broadcast: int) -> dict[str, DeliveryStatus]:
    with province.database.reading() as session:
        return {tile.code: tile.state for tile in walls.wall(session, broadcast)}


def sweep(province: Province) -> None:
    with province.database.transaction() as session:
        deliveries.release_overdue(session, now=province.clock())


def change(province: Province, code: str, **values: Any) -> None:
    with province.database.transaction() as session:
        row = session.get_one(GroupRow, code)
        for name, value in values.items():
            setattr(row, name, value)


def third_officer(province: Province) -> int:
    with province.database.transaction() as session:
        session.add(officer(3, "Người thứ ba", province.clock()))
    return 3


def by(province: Province, officer: int, what: Any, broadcast: int, **more: Any) -> None:
    with province.database.transaction() as session:
        row = session.get_one(Broadcast, broadcast)
        what(session, row, version=row.version, officer_id=officer, now=province.clock(), **more)


def picture(province: Province, name: str, *, kind: AttachedKind = AttachedKind.IMAGE) -> Attached:
    media = Attached(f"2026/11/24/{name:0>32}", kind, name, 10, SHA)
    with province.database.transaction() as session:
        broadcast_media.keep(session, media, mime="image/jpeg", officer_id=1, now=province.clock())
    return media
