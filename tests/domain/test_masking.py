"""Masking: what is personal does not come through; what cannot be made safe is dropped."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.masking import LENGTH_MAX, LINK, MAIL, NAME, NUMBER, PLACE, PLATE, mask

ASKS = st.sampled_from(
    [
        "lam lai cccd bi mat {} thi can gi",
        "đăng ký xe máy cũ {} có được không ạ",
        "hộ chiếu hết hạn {} thì gia hạn thế nào",
        "cho hỏi {} tạm trú làm ở đâu",
    ]
)
FAMILY = st.sampled_from(["Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Ngô"])
MIDDLE = st.sampled_from(["Văn", "Thị", "Hữu", "Đức", "Ngọc", "Minh", "Quốc"])
GIVEN = st.sampled_from(["Hùng", "Lan", "Tuấn", "Ánh", "Ơn", "Ý", "Ủ", "Đạt"])
DIGITS = st.text("0123456789", min_size=4, max_size=14)
BETWEEN = st.sampled_from(["", " ", ".", "-", "  "])


@st.composite
def grouped(draw: st.DrawFn) -> str:
    """A number as people write it: with points, blanks or dashes between its digits."""
    between = draw(BETWEEN)
    digits = draw(DIGITS)
    return between.join(digits[at : at + 3] for at in range(0, len(digits), 3))


@given(ASKS, grouped())
def test_no_number_of_four_digits_or_more_comes_through(asks: str, number: str) -> None:
    shown = mask(asks.format(number))
    if shown is not None:
        assert not re.search(r"\d(?:[\s.,\-/()]{0,3}\d){3}", shown), shown


@given(ASKS, FAMILY, MIDDLE, GIVEN, st.booleans())
def test_no_full_name_comes_through(
    asks: str, family: str, middle: str, given_name: str, lower: bool
) -> None:
    name = f"{family} {middle} {given_name}"
    shown = mask(asks.format(f"tên là {name.lower()}" if lower else name))
    assert shown is not None
    assert given_name.lower() not in [word.lower() for word in re.findall(r"\w+", shown)], shown
    assert NAME in shown


@given(
    ASKS,
    st.from_regex(r"[a-z0-9]{1,8}(?:[._][a-z0-9]{1,5})?@[a-z]{2,8}\.(?:com|vn)", fullmatch=True),
    st.from_regex(r"(?:https://|www\.)[a-z]{2,9}\.(?:vn|com)/[A-Za-z0-9/]{0,12}", fullmatch=True),
    st.from_regex(r"[1-9][0-9]-?[A-HK-Z][1-9]? ?-?[0-9]{3}\.?[0-9]{2}", fullmatch=True),
)
def test_no_address_link_or_plate_comes_through(asks: str, mail: str, link: str, plate: str) -> None:
    for secret, put in ((mail, MAIL), (link, LINK), (plate, None)):
        shown = mask(asks.format(secret))
        assert shown is None or (secret not in shown and (put is None or put in shown)), (secret, shown)


@given(st.text(max_size=400))
def test_any_text_is_masked_without_a_crash_and_only_once(text: str) -> None:
    shown = mask(text)
    if shown is not None:
        assert mask(shown) in {shown, None}
        assert len(shown) <= 8 * LENGTH_MAX


@given(
    st.lists(
        st.sampled_from(
            [
                "Tôi",
                "tên",
                "Hùng",
                "ở",
                "thôn",
                "Đông",
                "số",
                "0912",
                "xã",
                "Mỹ",
                "@",
                "là",
                "12",
                "a.vn",
                "ông",
                "Nguyễn",
                "«tên»",
                "29A",
            ]
        ),
        max_size=14,
    )
)
def test_masking_twice_changes_nothing(words: list[str]) -> None:
    shown = mask(" ".join(words))
    assert shown is None or mask(shown) in {shown, None}


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("lam lai cccd bi mat", "lam lai cccd bi mat"),
        ("con e 6t lam can cuoc dc chua", "con e 6t lam can cuoc dc chua"),
        ("Công An ở Việt Nam làm CCCD thế nào", "Công An ở Việt Nam làm CCCD thế nào"),
        ("xe 98B1-234.56 muốn sang tên cho anh Hùng", f"xe {PLATE} muốn sang tên cho anh {NAME}"),
        ("sđt em 0912 345 678 gọi giúp", f"sđt em {NUMBER} gọi giúp"),
        ("toi o xa tan my lam tam tru", f"toi o {PLACE} lam tam tru"),
        ("nguyen van an muon lam ho chieu", f"{NAME} muon lam ho chieu"),
        ("cho hỏi làm hộ chiếu ở đâu", "cho hỏi làm hộ chiếu ở đâu"),
        ("ĐĂNG KÝ XE MÁY CŨ THẾ NÀO", "ĐĂNG KÝ XE MÁY CŨ THẾ NÀO"),
        ("nhà số 12 ngõ 5 đường Lê Lợi làm tạm trú ở đâu", f"{PLACE} {PLACE} {PLACE} làm tạm trú ở đâu"),
        ("gọi không chín một hai ba bốn năm giúp em làm hộ chiếu", f"gọi {NUMBER} giúp em làm hộ chiếu"),
        ("số ０９１２３４５６７８ của tôi làm hộ chiếu", f"số {NUMBER} của tôi làm hộ chiếu"),
    ],
)
def test_what_is_hidden_and_what_stays(typed: str, shown: str) -> None:
    assert mask(typed, {"tan my"}) == shown


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "0912345678",
        "câu chuyện rất dài " * 20,
        "tên «tên» biển «số» xe «số» nhà «số» ở «số» đây nhé",
        "𐄇𐄈 làm hộ chiếu",
    ],
)
def test_what_cannot_be_made_safe_is_dropped(typed: str) -> None:
    assert mask(typed) is None
