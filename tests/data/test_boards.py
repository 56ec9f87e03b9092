"""What units make of the boards, on both databases: draft, published, undo, two at once; codes and counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from data import board_codes, board_files, boards, officers, seed
from data.boards import BadBoard, ChangedMeanwhile
from data.session import Database
from domain.board_codes import is_code
from domain.boards import FIELDS_MAX, Board, Composition, How, blank_field, faults
from domain.errors import BadContent
from domain.procedures import FIELDS
from domain.roles import Role
from tests.conftest import Clock

WARD, OTHER = "07210@2025-07-01", "07228@2025-07-01"


@pytest.fixture
def board() -> Board:
    return board_files.shipped()["xa"]


@pytest.fixture
def head(database: Database, clock: Clock) -> int:
    """An officer who composes boards."""
    seed.import_units(database, Path("data/content"))
    with database.transaction() as session:
        row = officers.add_officer(
            session,
            email="chi.huy@bacninh.example",
            name="Trần Văn Bình",
            roles=[Role.UNIT_HEAD],
            unit_id=WARD,
            now=clock(),
        )
        return row.id


def test_a_draft_is_seen_by_nobody_until_it_is_published_and_every_step_is_kept(
    database: Database, board: Board, head: int, clock: Clock
) -> None:
    less = Composition(board.fields[:3], hotline="0204 3855 555")
    with database.transaction() as session:
        boards.save(session, WARD, board, less, version=0, officer_id=head, now=clock())
    with database.reading() as session:
        found = boards.standing(session, WARD, board)
        assert found is not None
        assert (found.draft, found.published, found.version) == (less, board.composition, 1)
    with database.transaction() as session:
        boards.publish(session, WARD, board, version=1, officer_id=head, now=clock.advance(minutes=1))
    with database.transaction() as session:
        more = replace(less, note="Nghỉ trưa")
        boards.save(session, WARD, board, more, version=2, officer_id=head, now=clock.advance(minutes=1))
    with database.reading() as session:
        steps = boards.history(session, WARD, board)
        assert [(step.how, step.composition) for step in steps] == [
            (How.DRAFT, more),
            (How.PUBLISH, less),
            (How.DRAFT, less),
        ]
        assert steps[0].officer == "Trần Văn Bình"
    with database.transaction() as session:
        boards.undo(session, WARD, board, steps[1].id, version=3, officer_id=head, now=clock())
    with database.reading() as session:
        found = boards.standing(session, WARD, board)
        assert found is not None
        assert (found.draft, found.differs, found.version) == (less, False, 4)
        other = boards.standing(session, OTHER, board)
        assert other is not None
        assert (other.draft, other.is_own) == (board.composition, False)


def test_who_comes_second_loses_nothing_and_overwrites_nothing(
    database: Database, board: Board, head: int, clock: Clock
) -> None:
    with database.transaction() as session:
        boards.save(
            session, WARD, board, Composition(board.fields[:3]), version=0, officer_id=head, now=clock()
        )
    with pytest.raises(ChangedMeanwhile), database.transaction() as session:
        boards.save(
            session, WARD, board, Composition(board.fields[:2]), version=0, officer_id=head, now=clock()
        )
    with pytest.raises(ChangedMeanwhile), database.transaction() as session:
        boards.publish(session, WARD, board, version=7, officer_id=head, now=clock())
    with pytest.raises(BadBoard), database.transaction() as session:
        boards.undo(session, WARD, board, 999, version=1, officer_id=head, now=clock())


def test_codes_are_made_once_and_kept_for_ever(database: Database, head: int, clock: Clock) -> None:
    with database.transaction() as session:
        first = board_codes.codes(session, WARD, "xa", ["residence", "eid"], now=clock())
        other = board_codes.codes(session, OTHER, "xa", ["residence"], now=clock())
    with database.transaction() as session:
        again = board_codes.codes(session, WARD, "xa", ["eid", "vehicle"], now=clock())
        found = board_codes.meaning(session, first["residence"])
    assert set(first) == {"", "residence", "eid"}
    assert all(is_code(code) for code in (*first.values(), *again.values()))
    assert again["eid"] == first["eid"]
    assert not set(first.values()) & set(other.values())
    assert found is not None
    assert (found.unit_id, found.board, found.field) == (WARD, "xa", "residence")


def test_scans_are_added_up_by_day_of_vietnam(database: Database, head: int, clock: Clock) -> None:
    with database.transaction() as session:
        code = board_codes.codes(session, WARD, "xa", [], now=clock())[""]
        found = board_codes.meaning(session, code)
        assert found is not None
        for hours in (0, 1, 13.99, 0.02):  # 10:00, 11:00, 00:59 and 01:00 of the next day
            board_codes.count_scan(session, found, now=clock.advance(hours=hours))
        counted = board_codes.scans(session, [WARD], since=date(2026, 11, 24))
        assert [(one.day, one.count) for one in counted] == [(date(2026, 11, 25), 2), (date(2026, 11, 24), 2)]
        assert board_codes.totals(session, None, since=date(2026, 11, 25)) == {(WARD, "xa"): 2}
        assert board_codes.scans(session, [OTHER], since=date(2026, 1, 1)) == []


# ---- rules -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"fields": ()}, "ít nhất một"),
        ({"fields": tuple(blank_field(key) for key in list(FIELDS)[: FIELDS_MAX + 1])}, "nhiều nhất"),
        ({"fields": (blank_field("eid"), blank_field("eid"))}, "chỉ đứng một lần"),
        ({"fields": (replace(blank_field("eid"), label="x" * 49),)}, "tối đa 48"),
        ({"fields": (replace(blank_field("eid"), words=""),)}, "lời nhắn"),
        ({"fields": (replace(blank_field("eid"), keyword="dinh danh"),)}, "bắt đầu bằng #"),
        ({"hotline": "gọi tôi"}, "Đường dây nóng"),
        ({"note": "x" * 121}, "tối đa 120"),
    ],
)
def test_what_cannot_be_printed_is_said(board: Board, change: dict[str, object], words: str) -> None:
    found = faults(replace(board.composition, **change))  # type: ignore[arg-type]
    assert any(words in fault for fault in found)


def test_the_shipped_boards_are_the_four_of_2022_and_the_two_of_today() -> None:
    found = board_files.shipped()
    assert set(found) == {"tinh", "xa", "tinh-2022", "huyen-2022", "thanh-pho-2022", "xa-2022"}
    for board in found.values():
        assert board.lasts(date(2026, 11, 26)) is (board.valid_to is None)


def test_a_bad_file_is_named_with_its_fault(tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_text('key = "y"\nlevel = "commune"\n', "utf-8")
    (tmp_path / "z.toml").write_text("]", "utf-8")
    with pytest.raises(BadContent) as refused:
        board_files.read(tmp_path)
    assert any(line.startswith("x.toml") for line in refused.value.problems)
    assert any(line.startswith("z.toml") for line in refused.value.problems)
