"""Boards of QR codes: what hangs on a wall, which fields stand on it, and what a unit makes of it.

A board's definition is data (data/content/boards). A unit composes its own from it: fields, order, languages. What is
published is on the page and on the next print; a poster that hangs keeps its codes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from domain.procedures import FIELDS
from domain.said import said
from domain.units import UnitLevel

FIELDS_MAX = 18
"""Codes that can be read from the smallest sheet (A5) besides those of the whole board and the survey."""
LABEL_MAX = 48
WORDS_MAX = 80
KEYWORD_MAX = 30
NOTE_MAX = 120
_HOTLINE = re.compile(r"[0-9+][0-9 .+-]{1,19}")
_KEYWORD = re.compile(r"#\w{2,}")


class Language(StrEnum):
    """English stands beside Vietnamese, never instead of it."""

    VIETNAMESE = "vi"
    ENGLISH = "en"


LANGUAGE_LABELS: Mapping[Language, str] = {Language.VIETNAMESE: "Tiếng Việt", Language.ENGLISH: "English"}


class How(StrEnum):
    """How a unit's board came to change."""

    DRAFT = "draft"
    PUBLISH = "publish"
    UNDO = "undo"


HOW_LABELS: Mapping[How, str] = {
    How.DRAFT: "Lưu bản nháp",
    How.PUBLISH: "Công bố",
    How.UNDO: "Lấy lại bản trước",
}


@dataclass(frozen=True)
class BoardField:
    """One code on a board.

    field     a key of FIELDS
    words     what a resident sends in the chat to go on there
    keyword   the `#` keyword of the unit's own account, where it has set one up; "" otherwise
    """

    field: str
    label: str
    label_en: str
    words: str
    keyword: str = ""


@dataclass(frozen=True)
class Composition:
    """What a unit puts on its board. `hotline` and `note` are printed; both may be empty."""

    fields: tuple[BoardField, ...]
    languages: tuple[Language, ...] = (Language.VIETNAMESE,)
    hotline: str = ""
    note: str = ""

    @property
    def in_english(self) -> bool:
        return Language.ENGLISH in self.languages

    def get(self, field: str) -> BoardField | None:
        return next((one for one in self.fields if one.field == field), None)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> Composition:
        return cls(
            tuple(BoardField(**one) for one in body["fields"]),
            tuple(Language(one) for one in body["languages"]),
            body["hotline"],
            body["note"],
        )


@dataclass(frozen=True)
class Board:
    """A board as defined: `level` says whose it is; after `valid_to` it only leads to `replaced_by`."""

    key: str
    level: UnitLevel
    title: str
    title_en: str
    valid_from: date
    valid_to: date | None
    replaced_by: str | None
    fields: tuple[BoardField, ...]

    def lasts(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    @property
    def composition(self) -> Composition:
        """What holds for a unit that composed nothing."""
        return Composition(self.fields)


def blank_field(field: str) -> BoardField:
    """A field that the definition does not have, with the words of the catalogue."""
    label = FIELDS[field]
    return BoardField(field, label[:LABEL_MAX], "", label[:WORDS_MAX].lower())


def faults(wanted: Composition) -> list[str]:
    """Why this cannot be published, in sentences for the officer; empty when it can."""
    found: list[str] = []
    if not wanted.fields:
        found.append("Bảng cần ít nhất một lĩnh vực.")
    if len(wanted.fields) > FIELDS_MAX:
        found.append(said("Bảng có nhiều nhất %(most)d lĩnh vực để mã in ra còn quét được.", most=FIELDS_MAX))
    if len({one.field for one in wanted.fields}) < len(wanted.fields):
        found.append("Mỗi lĩnh vực chỉ đứng một lần.")
    for one in wanted.fields:
        found += _field_faults(one, wanted)
    if wanted.hotline and not _HOTLINE.fullmatch(wanted.hotline):
        found.append("Đường dây nóng chỉ gồm chữ số, dấu cách, dấu chấm hoặc gạch nối, tối đa 20 ký tự.")
    if len(wanted.note) > NOTE_MAX:
        found.append(said("Lời nhắn trên bảng dài tối đa %(most)d ký tự.", most=NOTE_MAX))
    return found


def _field_faults(one: BoardField, wanted: Composition) -> list[str]:
    name = one.label or FIELDS.get(one.field, one.field)
    found: list[str] = []
    if one.field not in FIELDS:
        found.append(said("Không có lĩnh vực “%(name)s”.", name=name))
    if not one.label or len(one.label) > LABEL_MAX:
        found.append(
            said("“%(name)s”: tên trên bảng cần có, tối đa %(most)d ký tự.", name=name, most=LABEL_MAX)
        )
    if wanted.in_english and not one.label_en:
        found.append(said("“%(name)s”: bảng có tiếng Anh nên cần tên tiếng Anh.", name=name))
    if len(one.label_en) > LABEL_MAX:
        found.append(said("“%(name)s”: tên tiếng Anh dài tối đa %(most)d ký tự.", name=name, most=LABEL_MAX))
    if not one.words or len(one.words) > WORDS_MAX:
        found.append(
            said("“%(name)s”: lời nhắn gửi Zalo cần có, tối đa %(most)d ký tự.", name=name, most=WORDS_MAX)
        )
    if one.keyword and (not _KEYWORD.fullmatch(one.keyword) or len(one.keyword) > KEYWORD_MAX):
        found.append(
            said(
                "“%(name)s”: từ khóa của OA bắt đầu bằng #, viết liền, tối đa %(most)d ký tự.",
                name=name,
                most=KEYWORD_MAX,
            )
        )
    return found


def ordered(fields: Mapping[str, BoardField], places: Mapping[str, int]) -> tuple[BoardField, ...]:
    """The fields by the number an officer gave each; equal numbers keep their order."""
    return tuple(sorted(fields.values(), key=lambda one: places.get(one.field, 99)))
