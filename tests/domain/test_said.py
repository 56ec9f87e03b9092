"""A sentence with blanks is a string that still knows how it was put together."""

from __future__ import annotations

import json
from copy import deepcopy

import pytest

from domain.complaints import LABELS, ComplaintStatus, check_move
from domain.errors import MoveRefused
from domain.said import Said, from_kept, listed, said, with_blanks


def test_everybody_reads_the_filled_sentence_and_a_page_finds_the_one_with_blanks() -> None:
    sentence = said("Còn %(count)d tệp của %(name)s.", count=3, name="Sen-42")
    assert sentence == "Còn 3 tệp của Sen-42."
    assert (sentence.words, sentence.values) == (
        "Còn %(count)d tệp của %(name)s.",
        {"count": 3, "name": "Sen-42"},
    )
    assert said("Đạt 90%") == "Đạt 90%"


def test_the_text_of_a_refusal_is_still_to_be_looked_up_and_so_is_each_label_in_it() -> None:
    with pytest.raises(MoveRefused) as refused:
        check_move(ComplaintStatus.CLOSED, ComplaintStatus.NEW, inspector=True)
    told = str(refused.value)
    assert told == "Không thể chuyển từ “Đã kết thúc” sang “Mới”."
    assert isinstance(told, Said)
    old = told.values["old"]
    assert isinstance(old, Said)
    assert old.words == LABELS[ComplaintStatus.CLOSED]


def test_a_copy_is_the_same() -> None:
    sentence = said("Còn %(count)d tệp.", count=3)
    assert deepcopy([sentence])[0].words == sentence.words


def test_sentences_in_a_row_keep_each() -> None:
    both = listed(["Chưa có mã.", said("Dài hơn %(most)d ký tự.", most=9)], " ")
    assert both == "Chưa có mã. Dài hơn 9 ký tự."
    assert [getattr(one, "words", None) for one in both.values.values()] == [None, "Dài hơn %(most)d ký tự."]


def test_what_is_kept_as_json_can_be_said_again() -> None:
    sentence = said("Mã này đã có ở dòng %(row)d.", row=7)
    kept = json.loads(json.dumps(with_blanks(sentence)))
    assert kept["text"] == "Mã này đã có ở dòng 7."
    again = from_kept(kept)
    assert (again, getattr(again, "words", None)) == (sentence, sentence.words)
    assert from_kept(with_blanks("100% là văn bản thường")) == "100% là văn bản thường"
