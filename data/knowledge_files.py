"""Reads what the matcher knows beside the catalogue: word lists, practice questions, learned weights.

data/content/words/*.toml, questions/**/*.jsonl, weights.json. `check_knowledge` names every fault by file and line;
`read_knowledge` raises BadContent with them.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from data.content_files import Problem
from domain.errors import BadContent
from domain.matching import Knowledge
from domain.practice import PracticeQuestion, Scope
from domain.vietnamese import strip_marks
from domain.weights import Weights
from domain.words import WordList

WORD_FILES = ("short_forms", "things", "guards")
QUESTION_MAX = 400
"""Characters of a practice question."""


def read_knowledge(content: Path) -> Knowledge:
    """Everything of a content folder. Raises BadContent."""
    return Knowledge(read_words(content), tuple(read_practice(content)), read_weights(content))


def read_words(content: Path) -> WordList:
    """The word lists. Raises BadContent."""
    return WordList.from_tables(*(_table(content / "words" / f"{name}.toml") for name in WORD_FILES))


def read_practice(content: Path) -> list[PracticeQuestion]:
    """Practice questions in the order of files and lines. Raises BadContent."""
    problems: list[Problem] = []
    found = [PracticeQuestion.from_json(row) for _, _, row in _rows(content, problems)]
    _stop_at(problems)
    return found


def read_weights(content: Path) -> Weights:
    """The learned weights. Raises BadContent when they do not fit the evidence of today's program."""
    file = content / "weights.json"
    try:
        return Weights.from_json(json.loads(file.read_text("utf-8")))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadContent([f"{file}: {error}; `make train` writes it anew"]) from None


def check_knowledge(content: Path, known: Iterable[str]) -> list[Problem]:
    """Every fault of words and practice questions; `known`: ids that a label may name."""
    problems: list[Problem] = []
    labels = set(known)
    seen: dict[str, str] = {}
    for file, line, row in _rows(content, problems):
        question = PracticeQuestion.from_json(row)

        def say(text: str, file: Path = file, line: int = line) -> None:
            problems.append(Problem(str(file), line, text))

        if not 1 <= len(question.question) <= QUESTION_MAX:
            say(f"a question has 1 to {QUESTION_MAX} characters")
        if unicodedata.normalize("NFC", question.question) != question.question:
            say("the question is not in NFC")
        if bool(question.labels) != (question.scope is Scope.IN):
            say("labels stand where scope is in, and only there")
        for label in question.labels:
            if label not in labels:
                say(f"there is no record {label}")
        folded = strip_marks(question.question)
        if folded and folded in seen:
            say(f"asked before, at {seen[folded]}")
        seen[folded] = f"{file.name}:{line}"
    return problems + _check_words(content)


def _check_words(content: Path) -> list[Problem]:
    file = content / "words" / "things.toml"
    try:
        words = read_words(content)
    except BadContent as error:
        return [Problem(str(content / "words"), 1, str(error))]
    lines = file.read_text("utf-8").splitlines()
    found: dict[str, str] = {}
    problems = []
    for one, names in words.things.items():
        line = next((n for n, text in enumerate(lines, 1) if text.startswith((one, f'"{one}"'))), 1)
        for name in names:
            if found.get(name, one) != one:
                problems.append(Problem(str(file), line, f"“{name}” is a name of {found[name]} too"))
            found[name] = one
    return problems


def fingerprint(content: Path) -> str:
    """Changes when anything does that the weights were learned from."""
    digest = hashlib.sha256()
    for file in sorted([*(content / "words").glob("*.toml"), *(content / "questions").rglob("*.jsonl")]):
        digest.update(file.relative_to(content).as_posix().encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def _table(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise BadContent([f"{file}: {error}"]) from None


def _rows(content: Path, problems: list[Problem]) -> Iterator[tuple[Path, int, dict[str, Any]]]:
    for file in sorted((content / "questions").rglob("*.jsonl")):
        for line, text in enumerate(file.read_text("utf-8").splitlines(), 1):
            try:
                row = json.loads(text)
                PracticeQuestion.from_json(row)
            except (ValueError, KeyError, TypeError) as error:
                problems.append(Problem(str(file), line, f"not a practice question: {error}"))
            else:
                yield file, line, row


def _stop_at(problems: list[Problem]) -> None:
    if problems:
        raise BadContent([str(problem) for problem in problems])
