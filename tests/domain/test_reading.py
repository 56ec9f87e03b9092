"""Reading Vietnamese as it is typed: one form for many spellings, accents kept where they were typed, never a crash."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.reading import WORDS_MAX, Reader, without_keys
from domain.vietnamese import strip_marks
from domain.words import WordList
from tests.domain.catalogue import knowledge

LIST = WordList(
    short_forms={"cccd": "can cuoc cong dan", "hc": "ho chieu"},
    things={"cancuoc": ("can cuoc cong dan", "the can cuoc", "can cuoc"), "hochieu": ("ho chieu",)},
)
KNOWN = dict.fromkeys(
    [
        "dang",
        "ky",
        "tam",
        "tru",
        "lam",
        "ho",
        "chieu",
        "mat",
        "xin",
        "giay",
        "duoc",
        "khong",
        "lai",
        "can",
        "cuoc",
        "duoi",
        "tu",
        "du",
        "be",
        "con",
        "nha",
        "ca",
    ],
    9,
)
PAIRS = {"dang ky", "ho chieu", "tam tru", "ky tam"}
READER = Reader(LIST, KNOWN, PAIRS)
EXPANSION_MAX = 8
"""The longest short form stands for so many words."""


def read(text: str) -> str:
    return READER.read(text).text


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("Làm CCCD", "lam cancuoc"),
        ("làm thẻ căn cước", "lam cancuoc"),
        ("mat hc", "mat hochieu"),
        ("ddawng ky", "dang ky"),
        ("dda9ng ky1", "dang ky"),
        ("tam tru1", "tam tru"),
        ("dduwowcj khoong", "duoc khong"),
        ("đăng kí", "dang ky"),
        ("dangky tamtru", "dang ky tam tru"),
        ("hochieu", "hochieu"),
        ("xinn giayy", "xin giay"),
        ("k dc", "khong duoc"),
        ("CA xã", "cong an xa"),
        ("ca nhà", "ca nha"),
        ("con 6t", "con duoi14"),
        ("bé 6 tuổi", "be duoi14"),
        ("dưới 14 tuổi", "duoi duoi14"),
        ("từ đủ 14 tuổi", "tu du tren14"),
        ("14 tuổi", "tren14"),
        ("30 ngày", "30 ngay"),
        ("", ""),
        ("👍 !!!", ""),
    ],
)
def test_what_people_type_is_read(typed: str, words: str) -> None:
    assert read(typed) == words


@pytest.mark.parametrize(
    "typed", ["Samsung", "kara", "Xuân", "tuổi", "thuyền", "huýt", "khuya", "nguệch", "quyển"]
)
def test_a_word_nobody_knows_stays_as_it_is(typed: str) -> None:
    assert read(typed) == strip_marks(typed)


@pytest.mark.parametrize(
    ("keyed", "plain"),
    [("dduwowcj", "duoc"), ("tru1", "tru"), ("hoocj", "hoc"), ("cowm", "com"), ("lai", "lai")],
)
def test_keys_that_stayed_letters_are_taken_out(keyed: str, plain: str) -> None:
    assert without_keys(keyed) == plain


def test_accents_are_kept_beside_the_words_where_they_were_typed() -> None:
    assert READER.read("tạm tru").marked == ("tam^\u0323",)
    assert READER.read("hoà").marked == READER.read("hòa").marked


def test_what_was_done_to_each_word_can_be_told() -> None:
    told = [(word.typed, word.read_as, word.note) for word in READER.how("xinn CCCD tamtru")]
    assert told == [
        ("xinn", "xin", "gõ nhầm"),
        ("cccd", "can cuoc cong dan", "viết tắt"),
        ("tamtru", "tam tru", "viết liền"),
    ]


def test_without_known_words_nothing_is_repaired() -> None:
    assert Reader(LIST).read("dangky ddawng").text == "dangky ddawng"


@given(st.text(st.characters(), max_size=300))
@example("\ud800")
@example("a\x00b")
@example("ß\u0130\u1e9e ㏄")
@example("x" * 5000)
@example("9 tuổi" * 200)
def test_any_text_is_read_and_stays_within_bounds(text: str) -> None:
    found = READER.read(text)
    assert len(found.words) <= WORDS_MAX * EXPANSION_MAX
    assert all(set(word) <= set("abcdefghijklmnopqrstuvwxyz0123456789") for word in found.words)


@given(st.sampled_from([one.question for one in knowledge().practice[::37]]))
def test_the_form_of_unicode_makes_no_difference(text: str) -> None:
    forms = {READER.read(unicodedata.normalize(form, text)) for form in ("NFC", "NFD")}
    assert len(forms) == 1
