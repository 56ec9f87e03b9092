"""Every code is read back from the printed sheet, as a phone would: on the largest board, in every size."""

from __future__ import annotations

import io
import math
from dataclasses import replace
from datetime import date

import numpy
import pypdfium2
import pytest
import segno
import zxingcpp
from PIL import Image

from console.prints.boards import (
    MILLIMETRES,
    MODULE_MIN_MM,
    QUIET,
    Sheet,
    Size,
    address,
    layout,
    pdf,
    smallest_module_mm,
    survey_address,
)
from data.board_files import shipped
from domain.board_codes import LENGTH, check_letter
from domain.boards import FIELDS_MAX, BoardField, Language
from domain.procedures import FIELDS
from domain.tips import CODE_LETTERS

URL = "https://cau-noi.congan.example"
DPI = 200
"""What a cheap office scanner or a phone at reading distance makes of a sheet."""


def code_number(number: int) -> str:
    """The same codes in every run."""
    body = "".join(CODE_LETTERS[(number * 7 + place * (number + 3)) % 29] for place in range(LENGTH))
    return body + check_letter(body)


def sheet(fields: int, *, long: bool = False, **more: object) -> Sheet:
    """A board with so many fields, in both languages, with hotline, note and survey; `long`: names as long as may be."""
    board = shipped()["xa"]
    names = [
        BoardField(
            key,
            "Ngành nghề kinh doanh có điều kiện, và thứ khác nữa"[:48],
            "Businesses under security conditions, others x",
            "x",
        )
        if long
        else BoardField(key, label[:40], "In English", "x")
        for key, label in list(FIELDS.items())[:fields]
    ]
    made = replace(
        board.composition,
        fields=tuple(names),
        languages=(Language.VIETNAMESE, Language.ENGLISH),
        hotline="0204 3855 555",
        note="Tiếp dân cả sáng thứ Bảy; nghỉ trưa từ 11 giờ 30",
    )
    codes = {key: code_number(number) for number, key in enumerate(["", *(one.field for one in made.fields)])}
    given = {"unit": "Công an phường Bắc Giang", "survey": "KSAB12", **more}
    return Sheet(board=board, composition=made, codes=codes, **given)  # type: ignore[arg-type]


def pictures(made: bytes) -> list[Image.Image]:
    document = pypdfium2.PdfDocument(made)
    found = [page.render(scale=DPI / 72).to_pil().convert("L") for page in document]
    document.close()
    return found


def test_every_code_of_the_largest_board_is_read_back_in_every_size() -> None:
    largest = sheet(FIELDS_MAX, long=True)
    wanted = {address(URL, code) for code in largest.codes.values()} | {survey_address(URL, "KSAB12")}
    for size in Size:
        (picture,) = pictures(pdf([largest], size=size, public_url=URL, today=date(2026, 11, 26)))
        width, height = MILLIMETRES[size]
        assert (round(picture.width * 25.4 / DPI), round(picture.height * 25.4 / DPI)) == (width, height)
        read = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)  # type: ignore[arg-type]
        assert {one.text for one in read} == wanted, size
        assert len(read) == FIELDS_MAX + 2
        smallest = math.inf
        for one in read:
            module = module_mm(one)
            smallest = min(smallest, module)
            assert is_quiet_around(picture, one, module), (size, one.text)
        assert smallest >= MODULE_MIN_MM
        promised = smallest_module_mm(largest, size=size, public_url=URL)
        assert smallest == pytest.approx(promised, rel=0.08)


def corners(one: zxingcpp.Barcode) -> list[tuple[int, int]]:
    place = one.position
    return [(at.x, at.y) for at in (place.top_left, place.top_right, place.bottom_right, place.bottom_left)]


def module_mm(one: zxingcpp.Barcode) -> float:
    (left, top), (right, also_top), *_ = corners(one)
    side = math.dist((left, top), (right, also_top)) * 25.4 / DPI
    return side / segno.make(one.text, error="m", boost_error=True, micro=False).symbol_size(border=0)[0]


def is_quiet_around(picture: Image.Image, one: zxingcpp.Barcode, module: float) -> bool:
    """Four modules of white on every side; a reader's corners are good to half a module."""
    one_module = module * DPI / 25.4
    xs, ys = zip(*corners(one), strict=True)
    left, right, top, bottom = min(xs), max(xs), min(ys), max(ys)
    grey = numpy.asarray(picture)
    edge = math.ceil(one_module * 0.6)
    reach = math.floor(one_module * (QUIET - 0.6))
    bands = (
        grey[top - reach : top - edge, left - reach : right + reach],
        grey[bottom + edge + 1 : bottom + reach, left - reach : right + reach],
        grey[top - reach : bottom + reach, left - reach : left - edge],
        grey[top - reach : bottom + reach, right + edge + 1 : right + reach],
    )
    return all(band.size and band.min() > 200 for band in bands)


def test_a_batch_has_a_page_for_every_unit_and_vietnamese_type() -> None:
    made = pdf(
        [sheet(3, unit=f"Công an xã Số {number}") for number in range(5)],
        size=Size.A5,
        public_url=URL,
        today=date(2026, 11, 26),
    )
    document = pypdfium2.PdfDocument(made)
    texts = [" ".join(page.get_textpage().get_text_bounded().split()) for page in document]
    document.close()
    assert [f"Số {number}" in text for number, text in enumerate(texts)] == [True] * 5
    for words in ("Đường dây nóng", "cau-noi.congan.example/q", "0204 3855 555", "26/11/2026", "KSAB12"):
        assert words in texts[0]
    assert b"BeVietnamPro" in made


def test_a_draft_says_that_it_is_one() -> None:
    made = pdf([sheet(1, is_draft=True, survey=None)], size=Size.A4, public_url=URL, today=date(2026, 11, 26))
    document = pypdfium2.PdfDocument(io.BytesIO(made))
    assert "BẢN NHÁP" in document[0].get_textpage().get_text_bounded()
    document.close()


@pytest.mark.parametrize("fields", range(1, FIELDS_MAX + 1))
def test_the_cards_of_any_board_leave_room_for_the_foot(fields: int) -> None:
    """Heads take 96 parts of 210, the foot 33, on a sheet of 297 by 210."""
    laid = layout(fields)
    rows = -(-fields // laid.columns)
    assert 96 + rows * laid.row + (rows - 1) * 3 <= 297 - 33 - 2
    assert laid.qr + 9.4 < laid.row
    assert laid.columns * (laid.qr + 3.2) + (laid.columns - 1) * 3 <= 186 + 0.1
