"""Xã A và B thành phường C: what goes along, on its day, looked at twice, undone in one act while nothing contradicts."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from data import audit, group_registry, officers, seed, tip_acts, tip_queue, tips, unit_changes
from data.session import Database
from data.tables import GroupRow, Officer, OfficialAccount, SuccessionRow, Tip, UnitChange, UnitRow
from data.unit_changes import BadChange
from data.unit_places import places
from domain.errors import MoveRefused
from domain.roles import Role
from domain.tips import TipStatus
from domain.unit_changes import NewUnit
from tests.console.world import NOON, OA, PROVINCE, WARD_3, WARD_5, World

CONTENT = Path(__file__).parents[2] / "data" / "content"
DAY = date(2027, 1, 1)
NEW = "07999@2027-01-01"
C = NewUnit("07999", "phường", "Thương Giang")


class Town(World):
    """Two wards with tips, groups, officers and a page of their own."""

    def fill(self) -> None:
        self.author = self.officer(Role.ADMIN, unit_id=None, name="Người lập")
        self.second = self.officer(Role.ADMIN, unit_id=None, name="Người xem")
        self.duty = self.officer(Role.DUTY)
        self.open, self.closed = self.tip(), self.tip(status=TipStatus.DONE)
        self.other_ward = self.tip(unit_id=WARD_5, status=TipStatus.WAITING)
        self.about = self.tip(unit_id=PROVINCE, bypass=True, went_past=WARD_3)
        self.group("BG-1", "Nhóm phường Bắc Giang")
        self.group("BG-2", "Nhóm phường Đa Mai", unit_id=WARD_5)
        with self.database.transaction() as session:
            session.add(OfficialAccount(oa_id=OA, name="OA", unit_id=WARD_5, created_at=self.clock()))

    def propose(
        self, *, existing: str | None = None, old: tuple[str, ...] = (WARD_3, WARD_5), since: date = DAY
    ) -> int:
        with self.database.transaction() as session:
            row = unit_changes.propose(
                session,
                old_ids=old,
                existing_id=existing,
                new=C,
                since=since,
                basis="Nghị quyết 12",
                officer_id=self.author,
                now=self.clock(),
            )
            return row.id

    def agree(self, change: int) -> None:
        with self.database.transaction() as session:
            unit_changes.agree(session, change, officer_id=self.second, now=self.clock())

    def undo(self, change: int) -> tuple[int, int]:
        with self.database.transaction() as session:
            return unit_changes.undo(session, change, officer_id=self.author, now=self.clock())

    def day_comes(self) -> int:
        self.clock.now = self.clock.now.replace(year=2027, month=1, day=2)
        return unit_changes.apply_due(self.database, now=self.clock())

    def unit_of(self, tip_id: int) -> str:
        with self.database.reading() as session:
            return session.get_one(Tip, tip_id).unit_id


@pytest.fixture
def town(database: Database) -> Town:
    town = Town(database)
    town.fill()
    return town


def test_it_shows_what_would_go_before_anything_moves(town: Town) -> None:
    change = town.propose()
    with town.database.reading() as session:
        going = {one.label: one.by_unit for one in unit_changes.going(session, [WARD_3, WARD_5])}
    assert going["Tin báo chưa xong"] == {WARD_3: 1, WARD_5: 1}
    assert going["Nhóm Zalo"] == {WARD_3: 1, WARD_5: 1}
    assert going["Cán bộ"] == {WARD_3: 1}
    assert going["Trang OA của đơn vị"] == {WARD_5: 1}
    assert town.unit_of(town.open) == WARD_3
    assert town.day_comes() == 0, f"change {change} was not looked at by a second person"


def test_on_its_day_everything_goes_along_once(town: Town) -> None:
    change = town.propose()
    town.agree(change)
    assert unit_changes.apply_due(town.database, now=town.clock()) == 0, "not its day yet"
    assert town.day_comes() == 1
    assert unit_changes.apply_due(town.database, now=town.clock()) == 0, "twice is once"
    with town.database.reading() as session:
        assert session.get_one(UnitRow, WARD_3).valid_to == DAY
        assert session.get_one(UnitRow, NEW).name == "Phường Thương Giang"
        assert set(session.scalars(select(SuccessionRow.new_id).where(SuccessionRow.old_id == WARD_5))) == {
            NEW
        }
        assert {session.get_one(GroupRow, code).unit_id for code in ("BG-1", "BG-2")} == {NEW}
        assert session.get_one(Officer, town.duty).unit_id == NEW
        assert session.get_one(OfficialAccount, OA).unit_id == NEW
        assert session.get_one(Tip, town.about).went_past == NEW, "still kept from the police it is about"
        assert audit.verify(session) == []
        actions = [one.action for one in audit.listed(session, limit=9, subject=f"unit_change:{change}")]
        assert actions == ["unit.apply", "unit.agree", "unit.propose"]
    assert (town.unit_of(town.open), town.unit_of(town.other_ward)) == (NEW, NEW)
    assert town.unit_of(town.closed) == WARD_3, "closed ones stay where they were worked"
    assert [move.move for move in town.full(town.open).moves] == ["filed", "unit_changed"]


def test_groups_keep_their_own_days_when_their_unit_changes_and_when_that_is_undone(town: Town) -> None:
    days = {"BG-1": (date(2027, 3, 1), None), "BG-2": (None, date(2026, 12, 31))}
    with town.database.transaction() as session:
        for code, (first, last) in days.items():
            row = session.get_one(GroupRow, code)
            row.first_day, row.last_day = first, last
    change = town.propose()
    with town.database.reading() as session:
        outside = [name for name, _ in group_registry.outside(session, [WARD_3, WARD_5], on=DAY)]
    assert outside == ["Nhóm phường Bắc Giang", "Nhóm phường Đa Mai"], "looked at before it is agreed to"
    town.agree(change)
    town.day_comes()
    for unit in ({NEW}, {WARD_3, WARD_5}):
        with town.database.reading() as session:
            rows = [session.get_one(GroupRow, code) for code in days]
            assert {row.unit_id for row in rows} == unit
            assert {row.code: (row.first_day, row.last_day) for row in rows} == days
        if unit == {NEW}:
            town.undo(change)


def test_the_closed_tips_of_the_old_units_stay_in_reach_of_the_new_one(town: Town) -> None:
    town.agree(town.propose())
    town.day_comes()
    with town.database.reading() as session:
        former = unit_changes.former_units(session, NEW)
        assert former == (WARD_3, WARD_5)
        page = tip_queue.queue(session, unit_ids=(NEW, *former))
        assert {line.id for line in page.lines} == {town.open, town.closed, town.other_ward}
        assert tips.find(session, town.about, unit_ids=(NEW, *former)) is None


def test_one_act_brings_everything_back(town: Town) -> None:
    change = town.propose()
    town.agree(change)
    town.day_comes()
    back, away = town.undo(change)
    assert (back, away) == (7, 0)
    assert (town.unit_of(town.open), town.unit_of(town.other_ward)) == (WARD_3, WARD_5)
    with town.database.reading() as session:
        assert session.get(UnitRow, NEW) is None
        assert session.get_one(UnitRow, WARD_3).valid_to is None
        assert session.scalars(select(SuccessionRow)).all() == []
        assert session.get_one(Officer, town.duty).unit_id == WARD_3
        assert session.get_one(Tip, town.about).went_past == WARD_3
        assert unit_changes.former_units(session, NEW) == ()
    with pytest.raises(MoveRefused):
        town.undo(change)
    again = town.propose()
    town.agree(again)
    with town.database.transaction() as session:
        assert unit_changes.apply(session, again, officer_id=None, now=town.clock()) == 7, "and once more"


def test_what_moved_on_stays_where_it_is_when_undone(town: Town) -> None:
    change = town.propose()
    town.agree(change)
    town.day_comes()
    with town.database.transaction() as session:
        tip = session.get_one(Tip, town.open)
        tip_acts.hand_over(
            session,
            tip,
            to_unit=PROVINCE,
            officer_id=town.duty,
            version=tip.version,
            words="Lý do",
            now=town.clock(),
        )
    assert town.undo(change) == (6, 1)
    assert town.unit_of(town.open) == PROVINCE


def test_something_new_on_the_new_unit_stands_against_undoing(town: Town) -> None:
    change = town.propose()
    town.agree(change)
    town.day_comes()
    town.tip(unit_id=NEW)
    with pytest.raises(MoveRefused, match="Tin báo chưa xong: 1 mục mới"):
        town.undo(change)
    assert town.unit_of(town.open) == NEW, "nothing is undone by half"


def test_a_later_change_stands_against_undoing_the_earlier_one(town: Town) -> None:
    first = town.propose()
    town.agree(first)
    town.day_comes()
    later = town.propose(old=(NEW,), existing=None, since=date(2027, 6, 1))
    with pytest.raises(MoveRefused, match=f"số {later}"):
        town.undo(first)


def test_units_can_go_into_one_that_is_there(town: Town) -> None:
    change = town.propose(existing=WARD_5, old=(WARD_3,), since=town.clock().date())
    town.agree(change)
    with town.database.transaction() as session:
        unit_changes.apply(session, change, officer_id=town.author, now=town.clock())
    assert town.unit_of(town.open) == WARD_5
    town.tip(unit_id=WARD_5)
    town.undo(change)
    assert (town.unit_of(town.open), town.unit_of(town.other_ward)) == (WARD_3, WARD_5)


def test_what_cannot_be_is_said_all_at_once(town: Town) -> None:
    with town.database.transaction() as session, pytest.raises(BadChange) as refused:
        unit_changes.propose(
            session,
            old_ids=[PROVINCE, "x"],
            existing_id=None,
            new=NewUnit("1", "quận", ""),
            since=date(2040, 1, 1),
            basis=" ",
            officer_id=town.author,
            now=town.clock(),
        )
    assert len(refused.value.faults) == 7
    town.propose()
    with pytest.raises(BadChange, match="đang chờ cũng nói về đơn vị này"):
        town.propose()


def test_one_that_cannot_hold_on_its_day_says_why_and_does_not_stop_the_rest(town: Town) -> None:
    stuck, good = town.propose(old=(WARD_3,)), 0
    town.agree(stuck)
    with town.database.transaction() as session:
        session.get_one(UnitRow, WARD_3).valid_to = DAY - timedelta(days=9)
    good = town.propose(existing=None, old=(WARD_5,), since=DAY - timedelta(days=1))
    town.agree(good)
    assert town.day_comes() == 1
    with town.database.reading() as session:
        assert "không còn hoạt động" in (session.get_one(UnitChange, stuck).fault or "")
        assert session.get_one(UnitChange, good).state == "applied"


def test_every_column_that_names_a_unit_goes_along() -> None:
    """A new table with a key to units is found by itself; one that must not move has to be said in unit_places."""
    named = {place.name for place in places()}
    assert {
        "tips.unit_id",
        "tips.went_past",
        "groups.unit_id",
        "officers.unit_id",
        "official_accounts.unit_id",
    } <= named
    assert not any(name.startswith(("units.", "succession.", "unit_change")) for name in named)


def test_importing_the_shipped_files_again_does_not_bring_ended_units_back(sqlite_database: Database) -> None:
    seed.import_units(sqlite_database, CONTENT)
    seed.import_groups(sqlite_database, CONTENT / "groups_225.csv", CONTENT)
    with sqlite_database.transaction() as session:
        author, second = (
            officers.add_officer(
                session,
                email=f"{name}@x.vn",
                name=name,
                roles=[Role.ADMIN],
                unit_id=None,
                now=NOON,
                password_hash=None,
            ).id
            for name in ("a", "b")
        )
        row = unit_changes.propose(
            session, old_ids=[WARD_3, WARD_5], existing_id=None, new=C, since=NOON.date(), basis="NQ 12",
            officer_id=author, now=NOON,
        )  # fmt: skip
        unit_changes.agree(session, row.id, officer_id=second, now=NOON)
        unit_changes.apply(session, row.id, officer_id=second, now=NOON)
        new_id = row.new_id
    seed.import_units(sqlite_database, CONTENT)
    seed.import_groups(sqlite_database, CONTENT / "groups_225.csv", CONTENT)
    with sqlite_database.reading() as session:
        assert session.get_one(UnitRow, WARD_3).valid_to == NOON.date()
        groups = session.scalars(select(GroupRow.unit_id)).all()
        assert WARD_3 not in groups
        assert new_id in groups
