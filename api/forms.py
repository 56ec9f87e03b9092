"""Shapes that several addresses share: days, numbers, pages."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

ID_MAX = 2**53
PAGE_MAX = 200
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER = re.compile(r"[0-9]{1,16}")


def _day(value: object) -> date:
    """2026-11-24 and no other way of writing a day."""
    if isinstance(value, date):
        return value
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise ValueError("a day is written YYYY-MM-DD")
    return date.fromisoformat(value)


def _number(value: object) -> int:
    """Digits and nothing else: no sign, no spaces, no point."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if not isinstance(value, str) or not _NUMBER.fullmatch(value):
        raise ValueError("a whole number, in digits")
    return int(value)


Day = Annotated[date, BeforeValidator(_day)]
Number = Annotated[int, BeforeValidator(_number)]
UnitId = Annotated[
    str, Field(pattern=r"^[0-9]{2,5}@[0-9]{4}-[0-9]{2}-[0-9]{2}$", examples=["07210@2025-07-01"])
]
Words = Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f]*$")]
"""A line of text without control characters."""


class Strict(BaseModel):
    """What comes in: a field nobody knows is a mistake, not an extra."""

    model_config = ConfigDict(extra="forbid")


class PageQuery(Strict):
    limit: Number = Field(50, ge=1, le=PAGE_MAX, description="How many at most")


class NumberedPage(PageQuery):
    cursor: Number = Field(0, ge=0, le=ID_MAX, description="`next` of the page before")


class NamedPage(PageQuery):
    cursor: str = Field(
        "", max_length=120, pattern=r"^[A-Za-z0-9@._-]*$", description="`next` of the page before"
    )


class NumberPath(Strict):
    number: Number = Field(ge=1, le=ID_MAX)
