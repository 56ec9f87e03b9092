"""Officers from a sheet (Excel or CSV): compared first, kept as it was shown, applied whole or not at all.

A known address is changed, an unknown one becomes a new account without a password. Nobody is closed by a sheet, and
nobody's second factor is touched.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from data import audit, officer_care, officers
from data.officer_list import known
from data.officers import BadOfficer, roles_of, tidy_email
from data.sheets import SheetProblem, UnreadableSheet, raw_rows
from data.tables import Officer, OfficerImport, UnitRow
from domain.errors import MoveRefused
from domain.roles import ROLE_LABELS, Role
from domain.said import Said, said, with_blanks
from domain.vietnamese import fold, nfc

COLUMNS: Mapping[str, str] = {
    "name": "Họ tên",
    "email": "Địa chỉ thư điện tử",
    "roles": "Vai trò",
    "unit": "Đơn vị",
}
ROWS_MAX = 2000
CELL_MAX = 200
PROVINCE = ("", "toan tinh")
EVERYWHERE = "Toàn tỉnh"


@dataclass(frozen=True)
class Line:
    """A row that would change something. `officer_id` 0: a new account. `changes`: (label, before, after)."""

    row: int
    officer_id: int
    email: str
    name: str
    roles: list[str]
    unit_id: str | None
    changes: list[list[str]]


def read(name: str, content: bytes) -> tuple[list[tuple[int, dict[str, str]]], list[SheetProblem]]:
    """([(row number, {column: text})], problems). Raises UnreadableSheet."""
    rows = [
        (at, cells) for at, cells in raw_rows(name, content, COLUMNS.values()) if any(c != "" for c in cells)
    ]
    if not rows:
        raise UnreadableSheet("Tệp không có dòng nào. Mời tải mẫu về và điền vào đó.")
    by_label = {fold(label): column for column, label in COLUMNS.items()}
    columns = [by_label.get(fold(cell or "")) for cell in rows[0][1]]
    missing = [label for column, label in COLUMNS.items() if column not in columns and column != "unit"]
    if missing:
        raise UnreadableSheet(
            said(
                "Dòng đầu phải có các cột: %(columns)s. Còn thiếu: %(missing)s.",
                columns=", ".join(COLUMNS.values()),
                missing=", ".join(missing),
            )
        )
    if len(rows) - 1 > ROWS_MAX:
        raise UnreadableSheet(said("Tệp có hơn %(most)s dòng. Mời chia thành nhiều tệp.", most=ROWS_MAX))
    found, problems = [], []
    for at, cells in rows[1:]:
        texts: dict[str, str] = {}
        for column, cell in zip(columns, cells, strict=False):
            if column is None:
                continue
            if cell is None:
                problems.append(
                    SheetProblem(at, COLUMNS[column], "Ô này là công thức. Mời thay bằng giá trị.")
                )
            elif len(cell) > CELL_MAX:
                problems.append(SheetProblem(at, COLUMNS[column], "Nội dung ô quá dài."))
            else:
                texts[column] = nfc(cell).strip()
        found.append((at, texts))
    return found, problems


def compare(
    session: Session, rows: Sequence[tuple[int, Mapping[str, str]]]
) -> tuple[list[Line], list[SheetProblem]]:
    """What the rows would change, and what is wrong with them. Changes nothing."""
    units = _units_of_today(session)
    names: dict[str | None, str] = {None: EVERYWHERE, **dict(units.values())}
    there = known(session, [tidy_email(texts.get("email", "")) for _, texts in rows])
    lines: list[Line] = []
    problems: list[SheetProblem] = []
    seen: dict[str, int] = {}
    for at, texts in rows:
        email, name = tidy_email(texts.get("email", "")), texts.get("name", "")
        faults: list[tuple[str, str]] = []
        if email.count("@") != 1 or email.startswith("@") or email.endswith("@") or " " in email:
            faults.append(("email", said("“%(email)s” không phải là địa chỉ thư điện tử.", email=email)))
        elif email in seen:
            faults.append(("email", said("Địa chỉ này đã có ở dòng %(row)s.", row=seen[email])))
        if not name:
            faults.append(("name", "Chưa có họ tên cán bộ."))
        roles, strange = _roles(texts.get("roles", ""))
        faults += [("roles", said("Không có vai trò “%(role)s”.", role=one)) for one in strange]
        if not roles and not strange:
            faults.append(("roles", "Chưa chọn vai trò nào."))
        unit_id: str | None = None
        if fold(texts.get("unit", "")) not in PROVINCE:
            unit = units.get(fold(texts["unit"]))
            unit_id = unit[0] if unit else None
            if unit is None:
                faults.append(
                    (
                        "unit",
                        said(
                            "Không có đơn vị “%(unit)s” (hoặc có nhiều đơn vị cùng tên; mời ghi mã).",
                            unit=texts["unit"],
                        ),
                    )
                )
        seen.setdefault(email, at)
        problems += [SheetProblem(at, COLUMNS[column], words) for column, words in faults]
        if faults:
            continue
        officer = there.get(email)
        changes = _changes(officer, name, roles, unit_id, names)
        if changes:
            lines.append(
                Line(at, officer.id if officer else 0, email, name, [str(r) for r in roles], unit_id, changes)
            )
    return lines, problems


def keep(
    session: Session,
    *,
    file_name: str,
    rows: int,
    lines: Sequence[Line],
    problems: Sequence[SheetProblem],
    officer_id: int,
    now: datetime,
) -> int:
    """Keep a comparison, so that exactly what was shown can be applied; the number of its row."""
    row = OfficerImport(
        at=now,
        officer_id=officer_id,
        file_name=file_name[:200],
        rows=rows,
        state="draft",
        lines=[asdict(line) for line in lines],
        problems=[{**asdict(problem), **with_blanks(problem.text)} for problem in problems],
    )
    session.add(row)
    session.flush()
    return row.id


def apply(session: Session, import_id: int, *, by: int, now: datetime) -> list[Officer]:
    """Do what was shown, all or nothing; returns the new accounts. Raises MoveRefused with the reason."""
    row = session.scalar(select(OfficerImport).where(OfficerImport.id == import_id).with_for_update())
    if row is None or row.state != "draft":
        raise MoveRefused("Lần nhập này không còn chờ áp dụng.")
    if row.problems or not row.lines:
        raise MoveRefused("Tệp còn chỗ chưa đúng, hoặc không có gì để áp dụng.")
    made = []
    for kept in row.lines:
        line = Line(**kept)
        try:
            made += _apply_one(session, line, by=by, now=now)
        except BadOfficer as refused:
            fault = str(refused)
            why = fault if isinstance(fault, Said) else said(fault)
            raise MoveRefused(said("Dòng %(row)s: %(fault)s", row=line.row, fault=why)) from None
    row.state = "applied"
    session.flush()
    audit.record(
        session,
        officer_id=by,
        action="officer.import",
        subject=f"officer_import:{row.id}",
        before=None,
        after={"rows": row.rows, "new": len(made), "changed": len(row.lines) - len(made)},
        now=now,
    )
    return made


def drop(session: Session, import_id: int) -> None:
    row = session.get(OfficerImport, import_id)
    if row is not None and row.state == "draft":
        row.state = "dropped"


def _apply_one(session: Session, line: Line, *, by: int, now: datetime) -> list[Officer]:
    roles = [Role(role) for role in line.roles]
    if not line.officer_id:
        return [
            officers.add_officer(
                session, email=line.email, name=line.name, roles=roles, unit_id=line.unit_id, now=now, by=by
            )
        ]
    officer = session.get(Officer, line.officer_id, with_for_update=True)
    if officer is None or officer.email != line.email:
        raise BadOfficer(said("Tài khoản %(email)s đã thay đổi từ lúc so sánh.", email=line.email))
    officer_care.change(session, officer, name=line.name, roles=roles, unit_id=line.unit_id, now=now, by=by)
    return []


def _changes(
    officer: Officer | None,
    name: str,
    roles: Sequence[Role],
    unit_id: str | None,
    names: Mapping[str | None, str],
) -> list[list[str]]:
    after = [name, _labels(roles), names.get(unit_id, unit_id or "")]
    if officer is None:
        before = ["", "", ""]
    else:
        before = [officer.name, _labels(roles_of(officer)), names.get(officer.unit_id, officer.unit_id or "")]
    labels = [COLUMNS["name"], COLUMNS["roles"], COLUMNS["unit"]]
    return [[label, old, new] for label, old, new in zip(labels, before, after, strict=True) if old != new]


def _labels(roles: Sequence[Role]) -> str:
    return ", ".join(ROLE_LABELS[role] for role in Role if role in roles)


def _roles(text: str) -> tuple[list[Role], list[str]]:
    """Roles by label or by name, in any order, between commas or semicolons; and what is none."""
    by_word = {fold(label): role for role, label in ROLE_LABELS.items()} | {str(role): role for role in Role}
    words = [word.strip() for word in text.replace(";", ",").split(",") if word.strip()]
    known_ones = {by_word[key] for word in words if (key := _key(word, by_word))}
    return [role for role in Role if role in known_ones], [word for word in words if not _key(word, by_word)]


def _key(word: str, by_word: Mapping[str, Any]) -> str:
    return next((key for key in (fold(word), word.casefold()) if key in by_word), "")


def _units_of_today(session: Session) -> dict[str, tuple[str, str]]:
    """Code or folded name → (id, name). A name that two units share stands for none."""
    rows = session.execute(
        select(UnitRow.id, UnitRow.code, UnitRow.name)
        .where(UnitRow.valid_to.is_(None))
        .order_by(UnitRow.level)
    ).all()
    counted: dict[str, int] = {}
    for row in rows:
        counted[fold(row.name)] = counted.get(fold(row.name), 0) + 1
    found: dict[str, tuple[str, str]] = {}
    for row in rows:
        found.setdefault(row.code, (row.id, row.name))
        if counted[fold(row.name)] == 1:
            found[fold(row.name)] = (row.id, row.name)
    return found
