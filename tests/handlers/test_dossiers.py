"""Asking for a dossier in the middle of other things; the database is left out (tests/stories/test_dossiers.py has it)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import cast

import pytest

from domain.conversations import Records, Turn
from domain.messages import Text
from handlers import dossiers
from tests.handlers.chat import NOON, CatalogueRecords, Chat

CODE = "G01.899.909-260916-890028"


def test_a_code_is_understood_also_while_a_procedure_is_talked_of() -> None:
    chat = Chat().says("làm hộ chiếu cần giấy tờ gì").says(f"tra cứu hồ sơ {CODE}")
    assert "4 số cuối" in chat.told
    chat.says("0123")
    assert "không khớp" in chat.told
    assert len(chat.records.noted) == 1


@pytest.mark.parametrize(
    ("words", "part"),
    [
        ("menu", "Bạn cần giúp việc gì"),
        ("gặp cán bộ", "cán bộ"),
        ("cảm ơn", "Cảm ơn"),
        ("trợ giúp", "Cách dùng"),
        ("làm hộ chiếu cần giấy tờ gì", "ộ chiếu"),
        ("hủy", "Đã dừng"),
    ],
)
@pytest.mark.parametrize("before", ["tra cứu hồ sơ", CODE])
def test_other_wishes_are_heard_while_we_wait_for_code_or_digits(before: str, words: str, part: str) -> None:
    chat = Chat().says(before)
    assert "4 số cuối" in chat.told or "mã hồ sơ" in chat.told
    assert part in chat.says(words).told


@pytest.mark.parametrize("words", ["12345", "abc1", "G01.899", "0912345678", "số 0912345678 ạ"])
def test_a_number_that_is_none_is_asked_for_again(words: str) -> None:
    assert "chưa đúng dạng mã hồ sơ" in Chat().says("tra cứu hồ sơ").says(words).told
    assert "đúng 4 chữ số" in Chat().says(CODE).says(words).told


@pytest.mark.parametrize("words", ["đổi bằng lái xe hạng b2", "làm căn cước năm 2026 cần gì"])
def test_a_question_with_a_number_in_it_is_a_question(words: str) -> None:
    assert "chưa đúng dạng" not in Chat().says("tra cứu hồ sơ").says(words).told


def test_looking_up_is_not_offered_for_long_stories_or_tips() -> None:
    story = f"Tôi nộp hồ sơ {CODE} " + "rồi chờ mãi " * 30
    assert "4 số cuối" not in Chat().says(story).told
    assert "4 số cuối" not in Chat().says("TB-ABCD-EFGH-K").told


def test_after_a_pause_the_digits_are_not_waited_for_any_more() -> None:
    chat = Chat().says(CODE).waits(minutes=16).says("0123")
    assert "không khớp" not in chat.told


def test_no_labelled_question_is_taken_for_a_look_up() -> None:
    """Every practice question and every one that measures goes to the catalogue as before."""
    files = [*Path("data/content/questions").rglob("*.jsonl"), Path("tests/domain/golden.jsonl")]
    asked = [
        json.loads(line)["q"]
        for file in files
        for line in file.read_text("utf-8").splitlines()
        if line.strip()
    ]
    assert len(asked) > 5000
    records = cast(Records, CatalogueRecords())
    taken = [q for q in asked if dossiers.begins(Turn("citizen", Text(q), None, {}, NOON, records))]
    assert taken == []
