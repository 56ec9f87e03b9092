"""Sentences that can be said again in another language."""

from __future__ import annotations

from domain.errors import MoveRefused
from domain.said import Said, listed, said


def test_a_sentence_reads_as_it_is_and_keeps_what_it_was_made_of() -> None:
    sentence = said("Còn %(count)s tệp, đã xong %(done)s%%", count=3, done=40)
    assert sentence == "Còn 3 tệp, đã xong 40%"
    assert (sentence.words, sentence.values["count"]) == ("Còn %(count)s tệp, đã xong %(done)s%%", 3)
    assert said("Giảm 5%") == "Giảm 5%", "without blanks a percent sign is only that"


def test_an_exception_still_holds_the_sentence() -> None:
    told = str(MoveRefused(said("Còn %(count)s tệp", count=3)))
    assert isinstance(told, Said)
    assert told.values == {"count": 3}


def test_labels_in_a_row_are_kept_one_by_one() -> None:
    row = listed([said("Phí"), "Nguyễn Thị Hoa"], "; ")
    assert row == "Phí; Nguyễn Thị Hoa"
    assert [isinstance(part, Said) for part in row.values.values()] == [True, False]
    assert listed([]) == ""
