"""The tip code, the moves, the draft."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.codes import CODE_LETTERS
from domain.errors import MoveRefused
from domain.tips import (
    FOR_CITIZEN,
    LABELS,
    MOVES,
    Draft,
    TipStatus,
    check_move,
    find_code,
    new_code,
    new_designation,
    read_code,
    words_needed,
)


def test_a_code_reads_back_however_it_was_typed():
    code = new_code()
    for typed in (code, code.lower(), code.replace("-", " "), code.replace("-", ""), f"mã {code}"[3:]):
        assert read_code(typed) == code


@given(position=st.integers(0, 7), other=st.sampled_from(CODE_LETTERS))
def test_one_wrong_letter_is_noticed(position: int, other: str):
    code = new_code()
    letters = [c for c in code.removeprefix("TB-") if c != "-"]
    if letters[position] == other:
        return
    letters[position] = other
    assert read_code("TB-" + "".join(letters)) is None


@given(position=st.integers(0, 6))
def test_two_neighbours_swapped_are_noticed(position: int):
    letters = [c for c in new_code().removeprefix("TB-") if c != "-"]
    if letters[position] == letters[position + 1]:
        return
    letters[position], letters[position + 1] = letters[position + 1], letters[position]
    assert read_code("TB-" + "".join(letters)) is None


@given(st.text())
def test_reading_a_code_never_breaks(text: str):
    code = read_code(text)
    assert code is None or read_code(code) == code


def test_a_code_is_found_alone_or_in_a_sentence():
    code = new_code()
    for message in (
        code,
        code.lower(),
        code.replace("-", ""),
        code[3:],
        f"mã {code} đến đâu rồi ạ",
        f"cho hỏi {code}",
    ):
        assert find_code(message) == code


def test_ordinary_words_are_no_code_even_when_their_letters_would_be():
    assert read_code("lam online duoc ko") is not None, "the letters happen to fit"
    assert find_code("lam online duoc ko") is None


def test_codes_have_no_letters_that_are_mixed_up():
    assert not set("ILOZ012") & set(CODE_LETTERS)
    assert len(CODE_LETTERS) == 29


def test_every_status_has_words_and_moves():
    assert set(MOVES) == set(LABELS) == set(FOR_CITIZEN) == set(TipStatus)


def test_only_moves_of_the_table_are_allowed():
    check_move(TipStatus.NEW, TipStatus.TAKEN)
    with pytest.raises(MoveRefused, match="Mới đến"):
        check_move(TipStatus.NEW, TipStatus.DONE)
    for old, allowed in MOVES.items():
        for new in set(TipStatus) - allowed:
            with pytest.raises(MoveRefused):
                check_move(old, new)


def test_no_tip_is_stuck_forever():
    for status in TipStatus:
        assert MOVES[status], f"{status} leads nowhere"


def test_a_draft_survives_being_kept_as_json():
    draft = Draft(
        key="k", what="Có người đánh bạc", place="xã Tân Tiến", latitude=21.2, longitude=106.1, unit_id="u"
    )
    assert Draft.from_json(draft.as_json()) == draft
    assert Draft.from_json({"key": "k", "of_an_older_version": 1}) == Draft(key="k")


def test_a_designation_says_nothing_of_the_person():
    assert new_designation().startswith("Người báo tin ")


def test_every_end_needs_its_words_and_so_does_opening_again():
    assert words_needed(TipStatus.TAKEN, TipStatus.DONE)
    assert words_needed(TipStatus.TAKEN, TipStatus.REFUSED)
    assert words_needed(TipStatus.NEW, TipStatus.SPAM)
    assert words_needed(TipStatus.DONE, TipStatus.IN_PROGRESS)
    assert words_needed(TipStatus.TAKEN, TipStatus.IN_PROGRESS) is None
    assert words_needed(TipStatus.SPAM, TipStatus.NEW) is None, "marking spam is easily undone"
