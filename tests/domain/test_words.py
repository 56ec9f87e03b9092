"""Word lists: the longest name wins, ages are told apart at fourteen, every list is folded and says a thing once."""

from __future__ import annotations

import pytest

from domain.vietnamese import strip_marks
from domain.words import Names, Turns, WordList, ages_as_words
from tests.domain.catalogue import knowledge

NAMES = Names(
    {"xe": ["xe may"], "dangkyxe": ["dang ky xe"], "dangkyxe xe": ["dang ky xe may"], "visa": ["thi thuc"]}
)


@pytest.mark.parametrize(
    ("words", "replaced"),
    [
        ("dang ky xe may moi", "dangkyxe xe moi"),
        ("dang ky xe cu", "dangkyxe cu"),
        ("thi thuc", "visa"),
        ("thi", "thi"),
        ("dang ky", "dang ky"),
        ("", ""),
    ],
)
def test_the_longest_name_wins_and_the_rest_stays(words: str, replaced: str) -> None:
    assert " ".join(NAMES.replaced(words.split())) == replaced


@pytest.mark.parametrize(
    ("words", "read"),
    [
        ("con 13 tuoi", "con duoi14"),
        ("con 14 tuoi", "con tren14"),
        ("duoi 14 tuoi", "duoi duoi14"),
        ("duoi 16 tuoi", "duoi tren14"),
        ("12t", "duoi14"),
        ("muc 2", "muc 2"),
        ("2000 tuoi", "2000 tuoi"),
    ],
)
def test_ages_are_told_apart_at_fourteen(words: str, read: str) -> None:
    assert ages_as_words(words.split()) == read.split()


def test_turns_are_found_as_whole_words_in_any_place() -> None:
    turns = Turns([["xoa", "huy"], ["mo khoa"], ["khoa"]])
    assert turns.of(["xin", "mo", "khoa"]) == {1, 2}
    assert turns.of(["huy"]) == {0}
    assert turns.of(["khoan", "xoay", "mo"]) == frozenset()


def test_the_shipped_lists_are_folded_and_lead_to_words_without_spaces_inside() -> None:
    words: WordList = knowledge().words
    for one, names in words.things.items():
        assert all(part.isalnum() for part in one.split()), one
        assert all(strip_marks(name) == name and name for name in names), one
    assert all(strip_marks(full) == full for full in words.short_forms.values())
    assert all(strip_marks(word) == word for group in words.turns for word in group)
    assert words.named <= {part for one in words.things for part in one.split()}


def test_no_short_form_stands_for_text_with_another_short_form() -> None:
    words = knowledge().words
    left = [
        (short, part)
        for short, full in words.short_forms.items()
        for part in full.split()
        if part in words.short_forms
    ]
    assert left == []
