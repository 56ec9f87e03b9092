"""Boards as PDF: one sheet a unit, in A3, A4 or A5, with every code large enough to be read from where one stands.

`layout` decides how large the codes are; console/prints/board.typ only draws. The quiet zone (four modules on every
side, ISO/IEC 18004) is part of the picture of a code.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import segno
import typst

from domain.board_codes import spoken
from domain.boards import Board, Composition

HERE = Path(__file__).parent
MARK = HERE.parent / "static" / "mark.svg"
QUIET = 4
"""Modules of white around a code."""
MODULE_MIN_MM = 0.35
"""The smallest module a phone of today reads from a hand's breadth when the sheet was printed by an office printer."""


class Size(StrEnum):
    A3 = "A3"
    A4 = "A4"
    A5 = "A5"


MILLIMETRES: Mapping[Size, tuple[int, int]] = {Size.A3: (297, 420), Size.A4: (210, 297), Size.A5: (148, 210)}


@dataclass(frozen=True)
class Layout:
    """Of the cards of a sheet, in parts of 1/210 of its width: `qr` with its quiet zone, `row` a card's height."""

    columns: int
    qr: float
    row: float
    label: float


_LAYOUTS = (
    (4, Layout(2, 56, 81, 7.0)),
    (6, Layout(3, 54, 81, 5.6)),
    (9, Layout(3, 34, 53, 4.8)),
    (12, Layout(4, 32.5, 53, 4.3)),
    (16, Layout(4, 23.5, 39, 3.6)),
    (20, Layout(5, 22.5, 39, 3.3)),
)
"""Up to so many fields → how they are laid out. Rows and gaps fill what head and foot leave of the sheet."""


def layout(fields: int) -> Layout:
    return next(laid for most, laid in _LAYOUTS if fields <= most)


@dataclass(frozen=True)
class Sheet:
    """What is printed for one unit. `codes`: field → short code, "" = the whole board; `survey`: its code or None."""

    unit: str
    board: Board
    composition: Composition
    codes: Mapping[str, str]
    survey: str | None = None
    is_draft: bool = False


def address(public_url: str, code: str) -> str:
    """What the square of a code says."""
    return f"{public_url.rstrip('/')}/q/{code}"


def survey_address(public_url: str, code: str) -> str:
    return f"{public_url.rstrip('/')}/khao-sat/{code}"


def to_type(public_url: str) -> str:
    """The address as people type it: without https://."""
    parts = urlsplit(public_url)
    return f"{parts.netloc}{parts.path}".rstrip("/") or public_url


def pdf(sheets: Sequence[Sheet], *, size: Size, public_url: str, today: date) -> bytes:
    """One page a sheet. `public_url` as residents reach us, `today` the day in Vietnam that is printed in the corner."""
    width, height = MILLIMETRES[size]
    data = {
        "width": width,
        "height": height,
        "title": sheets[0].board.title if sheets else "",
        "author": sheets[0].unit if len(sheets) == 1 else "",
        "mark": MARK.read_text("utf-8"),
        "sheets": [_drawn(one, public_url, today) for one in sheets],
    }
    made: bytes = typst.compile(  # type: ignore[misc]  # its stubs leave a type open
        (HERE / "board.typ").read_bytes(),
        font_paths=[str(HERE / "fonts")],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data)},
    )
    return made


def smallest_module_mm(sheet: Sheet, *, size: Size, public_url: str) -> float:
    """The side of one module of the smallest code of a field, in millimetres on paper."""
    laid = layout(len(sheet.composition.fields))
    modules = max(
        _code(address(public_url, code)).symbol_size(border=QUIET)[0] for code in sheet.codes.values()
    )
    return laid.qr * MILLIMETRES[size][0] / 210 / modules


def _drawn(sheet: Sheet, public_url: str, today: date) -> dict[str, Any]:
    laid, made = layout(len(sheet.composition.fields)), sheet.composition
    survey = None
    if sheet.survey:
        where = survey_address(public_url, sheet.survey)
        survey = {"svg": _svg(where), "spoken": sheet.survey, "address": to_type(where)}
    return {
        "unit": sheet.unit,
        "title": sheet.board.title,
        "title_en": sheet.board.title_en,
        "english": made.in_english,
        "hotline": made.hotline,
        "note": made.note,
        "host": f"{to_type(public_url)}/q",
        "printed": f"{today:%d/%m/%Y}",
        "draft": sheet.is_draft,
        "columns": laid.columns,
        "qr": laid.qr,
        "row": laid.row,
        "label": laid.label,
        "whole": _square(public_url, sheet.codes[""]),
        "fields": [
            {**_square(public_url, sheet.codes[one.field]), "label": one.label, "label_en": one.label_en}
            for one in made.fields
        ],
        "survey": survey,
    }


def _square(public_url: str, code: str) -> dict[str, str]:
    return {"svg": _svg(address(public_url, code)), "spoken": spoken(code)}


@lru_cache(maxsize=4096)
def _code(text: str) -> segno.QRCode:
    """The smallest code for this text, with as much error correction as fits (at least M: 15 % may be soiled)."""
    return segno.make(text, error="m", boost_error=True, micro=False)


def _svg(text: str) -> str:
    """The code as one filled path, so that no printer draws seams between the rows."""
    code = _code(text)
    side = code.symbol_size(border=QUIET)[0]
    runs = []
    for y, row in enumerate(code.matrix, QUIET):
        x = 0
        while x < len(row):
            start = x
            while x < len(row) and row[x]:
                x += 1
            if x > start:
                runs.append(f"M{start + QUIET} {y}h{x - start}v1h-{x - start}z")
            x += 1
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" width="{side}" height="{side}">'
        f'<path fill="#fff" d="M0 0h{side}v{side}h-{side}z"/><path d="{"".join(runs)}"/></svg>'
    )
