"""Care of the catalogue: two officers at once, undo, days to come, files that leave edits alone, sheets."""

from __future__ import annotations

import contextlib
import csv
import io
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from sqlalchemy import select

from data import audit, care, officers, records, seed, sheet_imports, sheets
from data.care import BadRecord, EditedMeanwhile
from data.content_files import raw_records
from data.record_text import COLUMNS, as_texts, blank, from_texts
from data.session import Database
from data.shelf import CatalogueShelf
from data.tables import AuditRow, CatalogueImport, ProcedureRow
from domain.errors import MoveRefused
from domain.roles import Role
from domain.upkeep import StepState
from tests.conftest import Clock

CONTENT = Path("data/content")
NEW_YEAR = date(2027, 1, 1)


class Desk:
    """Two records and two officers."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database, self.clock = database, clock
        with database.transaction() as session:
            self.lan, self.hoa = (
                officers.add_officer(
                    session,
                    email=f"{name}@example.vn",
                    name=name,
                    roles=[Role.EDITOR],
                    unit_id=None,
                    now=clock(),
                ).id
                for name in ("Lan", "Hoa")
            )
            for number in ("1.1", "1.2"):
                row = ProcedureRow(id=number, version=0)
                care.write_from_files(session, row, record(number), now=clock())

    def row(self, number: str = "1.1") -> ProcedureRow:
        with self.database.reading() as session:
            return session.get_one(ProcedureRow, number)

    def saves(
        self, officer: int, version: int, *, live_from: date | None = None, **fields: Any
    ) -> int | None:
        with self.database.transaction() as session:
            step = care.save(
                session,
                "1.1",
                self.row().body | fields,
                version=version,
                reason="Theo thông tư mới",
                officer_id=officer,
                now=self.clock.advance(seconds=1),
                live_from=live_from,
            )
            session.flush()
            return step.id if step else None

    def undoes(self, step: int | None) -> None:
        with self.database.transaction() as session:
            care.undo(
                session,
                "1.1",
                step or 0,
                reason="Nhầm",
                officer_id=self.lan,
                now=self.clock.advance(seconds=1),
            )

    def history(self) -> list[records.Step]:
        with self.database.reading() as session:
            return records.history(session, "1.1")


def record(number: str, **fields: Any) -> dict[str, Any]:
    return {
        **blank(),
        "id": number,
        "family": number,
        "name": f"Thủ tục {number}",
        "field": "residence",
        "aliases": ["khai báo chỗ ở"],
        "fee": "10.000 đ",
        "sources": ["https://dichvucong.gov.vn"],
    } | fields


@pytest.fixture
def desk(database: Database, clock: Clock) -> Desk:
    return Desk(database, clock)


# ---- two at once, history, undo ------------------------------------------------------------------------------------


def test_of_two_who_save_at_once_one_wins_and_the_other_is_told_what_changed(desk: Desk) -> None:
    desk.saves(desk.lan, 1, fee="20.000 đ")
    with pytest.raises(EditedMeanwhile, match="Lan vừa sửa") as refused:
        desk.saves(desk.hoa, 1, where="Công an xã")

    assert refused.value.theirs == {"fee": "20.000 đ"}
    assert refused.value.version == 2
    assert (desk.row().body["fee"], desk.row().body["where"]) == ("20.000 đ", None)
    desk.saves(desk.hoa, 2, where="Công an xã")
    assert (desk.row().body["fee"], desk.row().body["where"]) == ("20.000 đ", "Công an xã")


def test_history_says_who_when_what_and_why(desk: Desk) -> None:
    desk.saves(desk.lan, 1, fee="20.000 đ")
    step = desk.history()[0]

    assert (step.officer, step.row.reason) == ("Lan", "Theo thông tư mới")
    assert step.row.at == desk.clock()
    assert (step.row.before, step.row.after) == ({"fee": "10.000 đ"}, {"fee": "20.000 đ"})
    with desk.database.reading() as session:
        row = session.scalars(select(AuditRow).order_by(AuditRow.id.desc())).first()
        assert audit.verify(session) == []
    assert row is not None
    assert (row.action, row.subject, row.officer_id) == ("catalogue.edit", "procedure:1.1", desk.lan)


def test_undo_brings_back_only_what_that_step_changed(desk: Desk) -> None:
    first = desk.saves(desk.lan, 1, fee="20.000 đ")
    desk.saves(desk.hoa, 2, where="Công an xã")
    desk.undoes(first)
    assert (desk.row().body["fee"], desk.row().body["where"]) == ("10.000 đ", "Công an xã")
    desk.undoes(desk.history()[0].row.id)
    assert desk.row().body["fee"] == "20.000 đ"


def test_undo_does_not_run_over_what_was_changed_again(desk: Desk) -> None:
    first = desk.saves(desk.lan, 1, fee="20.000 đ")
    desk.saves(desk.hoa, 2, fee="30.000 đ")
    with pytest.raises(MoveRefused, match="Phí, lệ phí"):
        desk.undoes(first)
    assert desk.row().body["fee"] == "30.000 đ"


def test_the_record_as_it_was_at_a_version(desk: Desk) -> None:
    for version, fee in enumerate(("20.000 đ", "30.000 đ"), 1):
        desk.saves(desk.lan, version, fee=fee)
    with desk.database.reading() as session:
        row = session.get_one(ProcedureRow, "1.1")
        assert [records.body_at(session, row, version)["fee"] for version in (1, 2, 3)] == [
            "10.000 đ",
            "20.000 đ",
            "30.000 đ",
        ]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("field", "cooking"),
        ("status", "maybe"),
        ("priority", 9),
        ("sources", []),
        ("replaced_by", ["9.9"]),
        ("checked", "hôm qua"),
        ("in_force", {"from": "mai", "to": None}),
        ("note", "a\x00b"),
    ],
)
def test_a_form_keeps_the_rules_of_the_files(desk: Desk, field: str, value: Any) -> None:
    with pytest.raises(BadRecord) as refused:
        desk.saves(desk.lan, 1, **{field: value})
    assert [fault.field for fault in refused.value.faults] == [field]
    assert desk.row().version == 1


def test_checked_today_counts_from_this_month_and_is_a_step(desk: Desk) -> None:
    with desk.database.transaction() as session:
        care.mark_checked(session, "1.1", officer_id=desk.lan, now=desk.clock())
    assert desk.row().body["checked"] == desk.row().checked == "2026-11"
    assert desk.history()[0].row.how == "checked"


# ---- days to come ----------------------------------------------------------------------------------------------------


def test_a_change_for_a_later_day_begins_by_itself_on_that_day_in_vietnam(desk: Desk) -> None:
    desk.saves(desk.lan, 1, live_from=NEW_YEAR, fee="50.000 đ")
    assert (desk.row().body["fee"], desk.row().version) == ("10.000 đ", 1)
    desk.saves(desk.hoa, 1, where="Công an xã")

    before, after = datetime(2026, 12, 31, 16, 59, tzinfo=UTC), datetime(2026, 12, 31, 17, 0, tzinfo=UTC)
    assert care.begin_due(desk.database, now=before) == 0
    assert care.begin_due(desk.database, now=after) == 1
    assert care.begin_due(desk.database, now=after) == 0
    assert (desk.row().body["fee"], desk.row().body["where"]) == ("50.000 đ", "Công an xã")
    desk.undoes(next(step.row.id for step in desk.history() if step.row.live_from))
    assert desk.row().body["fee"] == "10.000 đ"


def test_a_change_that_was_called_off_never_begins(desk: Desk) -> None:
    step = desk.saves(desk.lan, 1, live_from=NEW_YEAR, fee="50.000 đ")
    with desk.database.transaction() as session:
        care.call_off(session, "1.1", step or 0, officer_id=desk.hoa, now=desk.clock())
    assert care.begin_due(desk.database, now=datetime(2027, 6, 1, tzinfo=UTC)) == 0
    assert desk.history()[0].row.state == StepState.CALLED_OFF


def test_a_record_is_answered_from_its_first_to_its_last_day_without_an_edit(desk: Desk) -> None:
    with desk.database.transaction() as session:
        body = record(
            "1.3", aliases=["giấy phép thả diều"], in_force={"from": "2026-11-26", "to": "2026-11-27"}
        )
        care.create(session, body, reason="Mới", officer_id=desk.lan, now=desk.clock())
    shelf = CatalogueShelf(desk.database, clock=desk.clock)

    def answered() -> bool:
        known = shelf.current()
        found = known.matcher.search("giấy phép thả diều").candidates
        return bool(found) and found[0].id == "1.3" and known.procedures["1.3"].is_current

    assert not answered()
    desk.clock.set(datetime(2026, 11, 25, 17, 0, tzinfo=UTC))
    assert answered(), "the 26th has begun in Vietnam"
    desk.clock.set(datetime(2026, 11, 27, 17, 0, tzinfo=UTC))
    assert not answered()


# ---- the files -------------------------------------------------------------------------------------------------------


def files(folder: Path, *records: dict[str, Any]) -> Path:
    (folder / "x.jsonl").write_text(
        "\n".join(json.dumps(one, ensure_ascii=False) for one in records), "utf-8"
    )
    return folder


def test_an_import_of_the_files_leaves_edits_alone_and_says_so(desk: Desk, tmp_path: Path) -> None:
    desk.saves(desk.lan, 1, fee="20.000 đ")
    folder = files(tmp_path, record("1.1", fee="99.000 đ"), record("1.2", fee="99.000 đ"))

    said = seed.import_catalogue(desk.database, folder, now=desk.clock())
    assert (desk.row("1.1").body["fee"], desk.row("1.2").body["fee"]) == ("20.000 đ", "99.000 đ")
    assert any("--overwrite-edits" in line for line in said)
    assert any("1.1" in line for line in said)

    seed.import_catalogue(desk.database, folder, now=desk.clock(), overwrite=True)
    assert (desk.row("1.1").body["fee"], desk.row("1.1").edited) == ("99.000 đ", False)
    step = desk.history()[0]
    assert (step.row.how, step.officer, step.row.before["fee"]) == ("files", None, "20.000 đ")


# ---- sheets ----------------------------------------------------------------------------------------------------------


def sheet(*rows: dict[str, Any], heading: list[str] | None = None) -> bytes:
    book = Workbook()
    page = book.active
    assert page is not None
    labels = {column.label: column.name for column in COLUMNS}
    names = heading or list(labels)
    page.append(names)
    for row in rows:
        page.append([row.get(labels.get(name, ""), "") for name in names])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def comes_in(desk: Desk, name: str, content: bytes) -> CatalogueImport:
    _, rows, problems = sheets.read(name, content)
    with desk.database.transaction() as session:
        lines, wrong = sheet_imports.compare(session, rows)
        return sheet_imports.keep(
            session,
            file_name=name,
            rows=len(rows),
            lines=lines,
            problems=[*problems, *wrong],
            officer_id=desk.lan,
            now=desk.clock(),
        )


def applies(desk: Desk, kept: CatalogueImport) -> int:
    with desk.database.transaction() as session:
        return sheet_imports.apply(session, kept.id, officer_id=desk.lan, now=desk.clock())


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_what_goes_out_comes_back_without_a_difference(desk: Desk, kind: str) -> None:
    bodies = [row for file in sorted((CONTENT / "procedures").glob("*.jsonl")) for row in raw_records(file)]
    out = sheets.to_xlsx(bodies) if kind == "xlsx" else sheets.to_csv(bodies)
    _, rows, problems = sheets.read(f"a.{kind}", out)

    assert problems == []
    assert len(rows) == len(bodies)
    for (_, texts), body in zip(rows, bodies, strict=True):
        back, faults = from_texts(texts, body)
        assert faults == []
        assert back == body, body["id"]


def test_a_sheet_changes_nothing_before_it_is_applied_and_then_exactly_what_was_shown(desk: Desk) -> None:
    changed = as_texts(record("1.1", fee="Miễn phí", dossier=["Tờ khai", "Ảnh"]))
    kept = comes_in(desk, "a.xlsx", sheet(changed, as_texts(record("1.2")), as_texts(record("1.3"))))

    assert [(line["row"], line["id"], line["version"]) for line in kept.lines] == [
        (2, "1.1", 1),
        (4, "1.3", 0),
    ]
    assert kept.lines[0]["changes"] == {
        "dossier": [None, ["Tờ khai", "Ảnh"]],
        "fee": ["10.000 đ", "Miễn phí"],
    }
    assert desk.row().body["fee"] == "10.000 đ"

    assert applies(desk, kept) == 2
    assert (desk.row().body["fee"], desk.row("1.3").body["name"]) == ("Miễn phí", "Thủ tục 1.3")
    assert desk.row("1.2").version == 1
    with pytest.raises(MoveRefused, match="đã được xử lý"):
        applies(desk, kept)


def test_columns_that_are_not_there_stay_and_headings_need_no_accents(desk: Desk) -> None:
    kept = comes_in(desk, "a.csv", "ma trong danh muc;Phí, lệ phí\n1.1;5.000 đ\n".encode())
    assert kept.problems == []
    assert kept.lines[0]["changes"] == {"fee": ["10.000 đ", "5.000 đ"]}


def test_problems_are_named_by_row_and_column_and_stop_everything(desk: Desk) -> None:
    good = as_texts(record("1.2", fee="1 đ"))
    bad = as_texts(record("1.1")) | {"field": "Nấu ăn", "valid_from": "hôm qua"}
    twice = as_texts(record("1.2"))
    formula = as_texts(record("1.1")) | {"id": "1.4", "fee": "=1+1"}
    kept = comes_in(desk, "a.xlsx", sheet(good, bad, twice, formula, {"name": "x"}))

    found = {(one["row"], one["column"]) for one in kept.problems}
    assert {
        (3, "Lĩnh vực"),
        (3, "Hiệu lực từ"),
        (4, "Mã trong danh mục"),
        (5, "Phí, lệ phí"),
        (6, "Mã trong danh mục"),
    } <= found
    with pytest.raises(MoveRefused, match="chưa đúng"):
        applies(desk, kept)
    assert desk.row("1.2").version == 1


def test_a_record_that_changed_since_the_comparison_stops_everything(desk: Desk) -> None:
    kept = comes_in(
        desk, "a.xlsx", sheet(as_texts(record("1.1", fee="1 đ")), as_texts(record("1.2", fee="2 đ")))
    )
    desk.saves(desk.hoa, 1, where="Công an xã")
    with pytest.raises(MoveRefused, match=r"Thủ tục 1\.1"):
        applies(desk, kept)
    assert desk.row("1.2").body["fee"] == "10.000 đ"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t"])
def test_nothing_that_goes_out_is_run_as_a_formula(start: str) -> None:
    body = record("1.1", note=f"{start}HYPERLINK(1)")
    cells = next(csv.reader(io.StringIO(sheets.to_csv([body]).decode("utf-8-sig").split("\r\n", 1)[1])))
    assert not any(cell.startswith(start) for cell in cells)
    page = load_workbook(io.BytesIO(sheets.to_xlsx([body]))).active
    assert page is not None
    assert {cell.data_type for row in page.iter_rows() for cell in row if cell.value} == {"s"}
    _, rows, _ = sheets.read("a.csv", sheets.to_csv([body]))
    assert rows[0][1]["note"] == body["note"].strip()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.xlsx", b"PK\x03\x04 broken"),
        ("a.xlsx", b""),
        ("a.csv", b"\xff\xfe\x00"),
        ("a.csv", b""),
        ("a.csv", "Tên thủ tục\nx".encode()),
        ("a.csv", b"a\x00b"),
    ],
)
def test_what_is_no_sheet_is_said_in_words(name: str, content: bytes) -> None:
    with pytest.raises(sheets.UnreadableSheet, match=r"[a-zà-ỹ]"):
        sheets.read(name, content)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    with contextlib.suppress(sheets.UnreadableSheet):
        sheets.read("a.csv", content)
