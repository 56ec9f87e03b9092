"""Folding: for matching only; the same twice as once; never far longer; never a crash."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.vietnamese import ABBREVIATIONS, GROWTH_MAX, fold, nfc, strip_marks

ANY_TEXT = st.text(st.characters(), max_size=200)
"""Every code point there is, lone surrogates and NUL included."""
TYPED = st.lists(st.sampled_from([*ABBREVIATIONS, "làm", "ca", "xã", "tỉnh", "ĐĂNG", "?"])).map(" ".join)


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("Đăng ký tạm trú", "dang ky tam tru"),
        ("ĐĂNG KÝ TẠM TRÚ!!!", "dang ky tam tru"),
        ("  đki   tạm-trú ", "dang ky tam tru"),
        ("làm CCCD", "lam can cuoc cong dan"),
        ("cmnd hết hạn", "chung minh nhan dan het han"),
        ("hktt", "ho khau thuong tru"),
        ("mất GPLX", "mat giay phep lai xe"),
        ("ko đc hok", "khong duoc khong"),
        ("CA xã làm việc", "cong an xa lam viec"),
        ("hoà/hòa", "hoa hoa"),
        ("\u202eĐơn\u200f", "don"),
        ("", ""),
    ],
)
def test_what_people_type_becomes_one_form(typed: str, folded: str) -> None:
    assert fold(typed) == folded


@pytest.mark.parametrize("word", ["cả nhà", "cá cược", "sổ hồng"])
def test_words_that_only_look_like_an_abbreviation_without_accents_stay(word: str) -> None:
    assert fold(word) == strip_marks(word)


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_the_form_of_unicode_makes_no_difference(form: str) -> None:
    text = "Đường Nguyễn Thị Lưu, phường Xương Giang"
    assert fold(unicodedata.normalize(form, text)) == fold(text)  # type: ignore[arg-type]  # one of four


def test_nfc_composes() -> None:
    assert nfc("e\u0302\u0301") == "ế"


@given(ANY_TEXT | TYPED)
@example("kt3")
@example("\ud800")
@example("a\x00b")
@example("㏄㏄㏄")
@example("ß\u0130\u1e9e")
@example("ca ca xa")
def test_folding_twice_changes_nothing_and_growth_is_bounded(text: str) -> None:
    once = fold(text)
    assert fold(once) == once
    assert len(once) <= GROWTH_MAX * len(text)
    assert set(once) <= set("abcdefghijklmnopqrstuvwxyz0123456789 ")


@given(st.text(st.characters(codec="utf-8"), max_size=100))
def test_case_makes_no_difference_to_letters_of_vietnamese(text: str) -> None:
    vietnamese = "".join(c for c in text if c in "aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạ ")
    assert fold(vietnamese.upper()) == fold(vietnamese)


def test_no_full_form_holds_a_short_one() -> None:
    assert [short for short, full in ABBREVIATIONS.items() if fold(full) != full] == []
