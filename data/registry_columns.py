"""Units, groups and topics as sheets: their columns, how each row reads, and what may be written back.

A column that is not `writable` is there to be read; a changed cell in it is a fault, so that nobody believes it held.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data.record_rules import TOPIC_SHAPE, shape_faults, topic_faults
from data.tables import Delivery, GroupRow, OfficialAccount, TopicRow, UnitRow
from domain.broadcasts import ChannelKind
from domain.errors import MoveRefused
from domain.group_days import GroupDays, fault_of
from domain.said import said
from domain.units import UnitLevel
from domain.vietnamese import fold

Record = dict[str, Any]


@dataclass(frozen=True)
class Column:
    """kind: text, lines (a list, one a line), number (a decimal), flag (Có/Không), day (a record holds it as ISO text,
    a cell as 31/12/2026).
    """

    name: str
    label: str
    kind: str = "text"
    writable: bool = True

    def write(self, value: Any) -> str:
        """As it stands in a cell."""
        if value is None:
            return ""
        if self.kind == "lines":
            return "\n".join(value)
        if self.kind == "flag":
            return "Có" if value else "Không"
        if self.kind == "day":
            return f"{date.fromisoformat(value):%d/%m/%Y}"
        return str(value)

    def read(self, text: str) -> Any:
        """From a cell. Raises ValueError with words."""
        text = text.strip()
        if self.kind == "lines":
            return [line.strip() for line in text.split("\n") if line.strip()]
        if self.kind == "flag":
            if fold(text) not in {"co", "khong"}:
                raise ValueError("Mời ghi Có hoặc Không.")
            return fold(text) == "co"
        if self.kind == "number":
            try:
                return float(text.replace(",", ".")) if text else None
            except ValueError:
                raise ValueError("Mời ghi một số, ví dụ 21,2731.") from None
        if self.kind == "day":
            return _day(text).isoformat() if text else None
        return text or None


def _day(text: str) -> date:
    for form in ("%d/%m/%Y", "%Y-%m-%d"):
        with suppress(ValueError):
            return datetime.strptime(text, form).date()  # noqa: DTZ007  # a day has no zone
    raise ValueError("Mời ghi ngày dạng 31/12/2026.")


@dataclass(frozen=True)
class Subject:
    """One kind of sheet. `may_add`: rows with a new key are taken; the key is the first column."""

    key: str
    label: str
    columns: Sequence[Column]
    may_add: bool
    read: Callable[[Session], dict[str, Record]]
    faults: Callable[[Session, Mapping[str, Record]], list[tuple[str, str, str]]]
    write: Callable[[Session, str, Record, bool, datetime], None]
    take_out: Callable[[Session, str], None]

    @property
    def id_column(self) -> Column:
        return self.columns[0]

    @property
    def name_column(self) -> Column:
        return self.columns[1]


# ---- units ---------------------------------------------------------------------------------------------------------

UNIT_COLUMNS = (
    Column("id", "Mã và ngày bắt đầu", writable=False),
    Column("name", "Tên", writable=False),
    Column("level", "Cấp", writable=False),
    Column("valid_from", "Từ ngày", writable=False),
    Column("valid_to", "Đến trước ngày", writable=False),
    Column("district", "Huyện cũ"),
    Column("phone", "Điện thoại công khai"),
    Column("latitude", "Vĩ độ trụ sở", "number"),
    Column("longitude", "Kinh độ trụ sở", "number"),
)


def _units(session: Session) -> dict[str, Record]:
    rows = session.scalars(select(UnitRow).order_by(UnitRow.valid_from, UnitRow.code))
    return {
        row.id: {
            "id": row.id,
            "name": row.name,
            "level": str(row.level),
            "valid_from": row.valid_from.isoformat(),
            "valid_to": row.valid_to.isoformat() if row.valid_to else None,
            "district": row.district,
            "phone": row.phone,
            "latitude": row.latitude,
            "longitude": row.longitude,
        }
        for row in rows
    }


def _unit_faults(session: Session, wanted: Mapping[str, Record]) -> list[tuple[str, str, str]]:
    found = []
    for key, record in wanted.items():
        for name, least, most in (("latitude", 8.0, 24.0), ("longitude", 102.0, 118.0)):
            value = record[name]
            if value is not None and not least <= value <= most:
                found.append((key, name, "Tọa độ nằm ngoài Việt Nam."))
    return found


def _write_unit(session: Session, key: str, changes: Record, new: bool, now: datetime) -> None:
    row = session.get_one(UnitRow, key)
    for name, value in changes.items():
        setattr(row, name, value)


def _never(session: Session, key: str) -> None:
    raise MoveRefused("Không xóa được bằng cách này.")


# ---- groups --------------------------------------------------------------------------------------------------------

GROUP_COLUMNS = (
    Column("code", "Mã nhóm"),
    Column("name", "Tên nhóm"),
    Column("unit_id", "Đơn vị phụ trách"),
    Column("channel", "Kênh"),
    Column("oa_id", "OA"),
    Column("zalo_group_id", "Mã nhóm Zalo"),
    Column("active", "Đang dùng", "flag"),
    Column("first_day", "Ngày đầu", "day"),
    Column("last_day", "Ngày cuối", "day"),
)
_DAYS = ("first_day", "last_day")


def _groups(session: Session) -> dict[str, Record]:
    rows = session.scalars(select(GroupRow).order_by(GroupRow.level, GroupRow.code))
    return {row.code: {column.name: _of_group(row, column) for column in GROUP_COLUMNS} for row in rows}


def _of_group(row: GroupRow, column: Column) -> Any:
    value = getattr(row, column.name)
    return value.isoformat() if isinstance(value, date) else value


def _as_day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def _group_faults(session: Session, wanted: Mapping[str, Record]) -> list[tuple[str, str, str]]:
    units = set(session.scalars(select(UnitRow.id).where(UnitRow.valid_to.is_(None))))
    oas = set(session.scalars(select(OfficialAccount.oa_id)))
    taken = dict(session.execute(select(GroupRow.zalo_group_id, GroupRow.code)).all())
    seen: dict[str, str] = {}
    found = []
    for key, record in wanted.items():
        if not record["name"] or len(str(record["name"])) > 200:
            found.append((key, "name", "Mời ghi tên nhóm, không quá 200 ký tự."))
        if record["unit_id"] not in units:
            found.append((key, "unit_id", "Không phải đơn vị đang hoạt động (dạng 07210@2025-07-01)."))
        if record["channel"] not in set(ChannelKind) - {ChannelKind.TRAINING}:
            found.append((key, "channel", "Kênh là gmf, oa_page hoặc assisted."))
        if record["oa_id"] is not None and record["oa_id"] not in oas:
            found.append((key, "oa_id", "Chưa có OA này trong hệ thống."))
        days = GroupDays(_as_day(record["first_day"]), _as_day(record["last_day"]))
        if fault := fault_of(days):
            found.append((key, "last_day", fault))
        address = record["zalo_group_id"]
        if record["channel"] == ChannelKind.GMF and not (record["oa_id"] and address):
            found.append((key, "zalo_group_id", "Nhóm gửi qua OA cần có OA và mã nhóm Zalo."))
        if address is not None:
            other = seen.setdefault(address, key)
            if other != key or taken.get(address, key) not in {key, *wanted}:
                found.append((key, "zalo_group_id", "Mã nhóm Zalo này đã dùng cho nhóm khác."))
    return found


def _write_group(session: Session, key: str, changes: Record, new: bool, now: datetime) -> None:
    row = session.get(GroupRow, key)
    if row is None:
        row = GroupRow(
            code=key,
            level=UnitLevel.COMMUNE,
            police_2022="",
            basis="console: sheet",
            inferred=False,
            active=True,
        )
        session.add(row)
    for name, value in changes.items():
        setattr(row, name, _as_day(value) if name in _DAYS else value)
    row.name_folded = fold(row.name)
    unit = session.get_one(UnitRow, row.unit_id)
    if new:
        row.level = unit.level
    if "zalo_group_id" in changes:
        row.zalo_name = row.zalo_state = row.zalo_checked_at = row.members = None


def _take_group_out(session: Session, key: str) -> None:
    sent = session.scalar(select(func.count()).select_from(Delivery).where(Delivery.group_code == key))
    if sent:
        raise MoveRefused(
            said("Nhóm %(key)s đã có lượt gửi nên không bỏ được. Mời đặt “Đang dùng” là Không.", key=key)
        )
    row = session.get(GroupRow, key)
    if row is not None:
        session.delete(row)


# ---- topics --------------------------------------------------------------------------------------------------------

TOPIC_COLUMNS = (
    Column("id", "Mã"),
    Column("topic", "Chủ đề"),
    Column("category", "Nhóm chủ đề"),
    Column("aliases", "Cách người dân hỏi", "lines"),
    Column("audience", "Đối tượng"),
    Column("answer", "Trả lời", "lines"),
    Column("where", "Nơi"),
    Column("url", "Đường dẫn"),
    Column("sources", "Nguồn", "lines"),
    Column("confidence", "Độ chắc"),
    Column("note", "Ghi chú"),
)


def _topics(session: Session) -> dict[str, Record]:
    rows = session.scalars(select(TopicRow).order_by(TopicRow.category, TopicRow.id))
    return {row.id: {column.name: row.body.get(column.name) for column in TOPIC_COLUMNS} for row in rows}


def _topic_faults(session: Session, wanted: Mapping[str, Record]) -> list[tuple[str, str, str]]:
    return [
        (key, fault.field, fault.words)
        for key, record in wanted.items()
        for fault in shape_faults(record, TOPIC_SHAPE) or topic_faults(record)
    ]


def _write_topic(session: Session, key: str, changes: Record, new: bool, now: datetime) -> None:
    row = session.get(TopicRow, key) or TopicRow(id=key, body={})
    row.body = {**row.body, "id": key, **changes}
    row.category, row.updated_at = row.body["category"], now
    session.add(row)


def _take_topic_out(session: Session, key: str) -> None:
    row = session.get(TopicRow, key)
    if row is not None:
        session.delete(row)


SUBJECTS: Mapping[str, Subject] = {
    one.key: one
    for one in (
        Subject("don-vi", "Đơn vị", UNIT_COLUMNS, False, _units, _unit_faults, _write_unit, _never),
        Subject(
            "nhom", "Nhóm Zalo", GROUP_COLUMNS, True, _groups, _group_faults, _write_group, _take_group_out
        ),
        Subject(
            "chu-de", "Chủ đề", TOPIC_COLUMNS, True, _topics, _topic_faults, _write_topic, _take_topic_out
        ),
    )
}
