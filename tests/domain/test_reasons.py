"""What rows keep as a plain sentence is found again as the sentence it was made of."""

from __future__ import annotations

import pytest

from domain.reasons import HELD_UNTIL_THEY_WRITE, OVER_CAP, STOPPED_BY_SHARE, STOPPED_IN_A_ROW, said_again
from domain.said import Said, said

GONE = "Trang không còn ở trong nhóm này; cần mời lại trang vào nhóm."


@pytest.mark.parametrize(
    ("words", "values"),
    [
        (OVER_CAP, {"cap": "7"}),
        (STOPPED_IN_A_ROW, {"failed": "10", "reason": GONE}),
        (STOPPED_BY_SHARE, {"failed": "20", "ended": "50", "reason": GONE}),
        (HELD_UNTIL_THEY_WRITE, {"why": "Người dân đã hạn chế loại tin này."}),
    ],
)
def test_a_kept_reason_is_the_sentence_it_was_filled_into(words: str, values: dict[str, str]) -> None:
    kept = "".join(said(words, **values))  # a plain string, as it comes back from a row

    again = said_again(kept)

    assert isinstance(again, Said)
    assert again == kept
    assert (again.words, again.values) == (words, values)
    assert all(isinstance(value, Said) for value in again.values.values()), (
        "each of them can be looked up too"
    )


def test_a_reason_within_a_reason_is_found_too() -> None:
    held = said(HELD_UNTIL_THEY_WRITE, why="Người dân đã hạn chế loại tin này.")

    again = said_again("".join(said(STOPPED_IN_A_ROW, failed=10, reason=held)))

    assert isinstance(again, Said)
    inner = again.values["reason"]
    assert isinstance(inner, Said)
    assert inner.words == HELD_UNTIL_THEY_WRITE


def test_what_is_none_of_these_stays_as_it_stands() -> None:
    assert said_again(GONE) is GONE
    assert said_again("") == ""
