"""Words and practice questions as files: what is wrong is named by file and line; nothing wrong is read."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from data.content_files import read_procedures, read_topics
from data.knowledge_files import check_knowledge, fingerprint, read_knowledge, read_practice, read_weights
from domain.errors import BadContent
from domain.practice import Scope

CONTENT = Path(__file__).parents[2] / "data" / "content"


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A small content folder of its own."""
    shutil.copytree(CONTENT / "words", tmp_path / "words")
    shutil.copy(CONTENT / "weights.json", tmp_path / "weights.json")
    (tmp_path / "questions").mkdir()
    ask(
        tmp_path,
        {"q": "làm hộ chiếu", "labels": ["1.001456"]},
        {"q": "chào ad", "labels": [], "kind": "greeting"},
    )
    return tmp_path


def ask(content: Path, *rows: object) -> None:
    text = "\n".join(row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows)
    (content / "questions" / "some.jsonl").write_text(text + "\n", "utf-8")


def problems(content: Path) -> list[str]:
    return [str(problem) for problem in check_knowledge(content, ["1.001456"])]


def test_the_shipped_words_and_questions_have_no_faults() -> None:
    known = [one.id for one in read_procedures(CONTENT / "procedures")]
    known += [one.id for one in read_topics(CONTENT / "topics.jsonl")]
    assert check_knowledge(CONTENT, known) == []


def test_a_question_without_a_scope_is_ours_when_it_has_labels(content: Path) -> None:
    assert [one.scope for one in read_practice(content)] == [Scope.IN, Scope.OUT]
    assert problems(content) == []


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ({"q": "x", "labels": ["9.9"]}, "there is no record 9.9"),
        ({"q": "x", "labels": [], "scope": "in"}, "labels stand where scope is in"),
        ({"q": "x", "labels": ["1.001456"], "scope": "near"}, "labels stand where scope is in"),
        ({"q": "", "labels": []}, "1 to 400 characters"),
        ({"q": "e\u0302\u0301", "labels": []}, "not in NFC"),
        ({"q": "x", "labels": [], "scope": "inside"}, "not a practice question"),
        ({"labels": []}, "not a practice question"),
        ("{", "not a practice question"),
        ({"q": "LAM HO CHIEU", "labels": ["1.001456"]}, "asked before, at some.jsonl:1"),
    ],
)
def test_a_fault_is_named_by_file_and_line(content: Path, row: object, fault: str) -> None:
    ask(content, {"q": "làm hộ chiếu", "labels": ["1.001456"]}, row)
    found = problems(content)
    assert len(found) == 1
    assert found[0].startswith(f"{content / 'questions' / 'some.jsonl'}:2: ")
    assert fault in found[0]


def test_a_name_of_two_things_is_a_fault(content: Path) -> None:
    with (content / "words" / "things.toml").open("a", encoding="utf-8") as file:
        file.write('giaykhac = ["hộ chiếu phổ thông"]\n')
    assert any("“ho chieu pho thong” is a name of hochieu too" in problem for problem in problems(content))


def test_what_cannot_be_read_stops_the_start(content: Path) -> None:
    ask(content, "{")
    with pytest.raises(BadContent, match=r"some\.jsonl:1"):
        read_knowledge(content)
    ask(content)
    (content / "words" / "guards.toml").write_text("turns = [", "utf-8")
    with pytest.raises(BadContent, match=r"guards\.toml"):
        read_knowledge(content)
    (content / "weights.json").write_text("{}", "utf-8")
    with pytest.raises(BadContent, match="make train"):
        read_weights(content)


def test_the_fingerprint_changes_with_every_word(content: Path) -> None:
    before = fingerprint(content)
    assert fingerprint(content) == before
    ask(content, {"q": "làm hộ chiếu nhanh", "labels": ["1.001456"]})
    assert fingerprint(content) != before
