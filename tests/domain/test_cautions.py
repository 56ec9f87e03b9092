"""What an officer should look at twice: each warning comes when it should, and only then."""

from __future__ import annotations

import pytest

from domain.cautions import cautions

HOTLINES = ["113", "0204 3856 113"]
UNITS = ["Bắc Giang", "Đa Mai", "Tân Yên", "Thọ Xương"]


def said(text: str) -> str:
    return " ".join(cautions(text, hotlines=HOTLINES, unit_names=UNITS))


@pytest.mark.parametrize(
    "text",
    [
        "Gọi ngay 0912345678",
        "Gọi 0912 345 678.",
        "Gọi 0912.345.678",
        "Gọi +84 912 345 678",
        "Gọi 84912345678",
    ],
)
def test_a_phone_number_that_is_no_hotline_is_named(text: str):
    assert "số điện thoại" in said(text)


@pytest.mark.parametrize(
    "text", ["Gọi 113", "Gọi 0204 3856 113", "Gọi 02043856113", "Năm 2026, 12.000 người"]
)
def test_hotlines_and_other_numbers_are_no_matter(text: str):
    assert said(text) == ""


@pytest.mark.parametrize("text", ["Số căn cước 024123456789", "CMND 121234567", "024 123 456 789"])
def test_what_looks_like_an_identity_number_is_named(text: str):
    assert "căn cước" in said(text)


@pytest.mark.parametrize(
    "text",
    [
        "Cháu bé đi lạc, nhà ở ngõ 12",
        "Nam, 7 tuổi, số nhà 15 đường Hùng Vương",
        "Em học sinh lớp 5A trường Lê Lợi",
        "Tìm trẻ lạc ở thôn Hạ",
    ],
)
def test_a_minor_with_an_address_is_named(text: str):
    assert "trẻ em" in said(text)


@pytest.mark.parametrize("text", ["Cháu bé mặc áo đỏ", "Ông A, 60 tuổi, ngõ 12", "Họp ở số nhà 15"])
def test_a_minor_without_an_address_or_an_address_without_a_minor_is_no_matter(text: str):
    assert "trẻ em" not in said(text)


@pytest.mark.parametrize(
    ("text", "better"),
    [
        ("Công an phường Bắc Giangg thông báo", "Bắc Giang"),
        ("xã Tân Yen", "Tân Yên"),
        ("phường Thọ Sương", "Thọ Xương"),
    ],
)
def test_a_misspelt_unit_is_named_with_the_right_one(text: str, better: str):
    assert f"“{better}”" in said(text)


@pytest.mark.parametrize(
    "text", ["Công an phường Bắc Giang thông báo", "Phường Đa Mai, xã Tân Yên", "các phường, xã"]
)
def test_right_names_are_no_matter(text: str):
    assert said(text) == ""


def test_a_unit_nobody_knows_is_named_without_a_guess():
    assert "Xin kiểm tra tên đơn vị" in said("xã Hoàn Kiếm")
