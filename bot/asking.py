"""`ask` and `evaluate`: what the bot would answer, from the files alone, without server or network."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from data.content_files import read_procedures, read_topics
from data.knowledge_files import read_knowledge
from domain import evaluation
from domain.cards import card, topic_card
from domain.errors import BadContent
from domain.explaining import Explanation
from domain.matching import Matcher
from domain.procedures import Answer, Decision
from handlers import texts


class Asker:
    """Answers questions from the catalogue in a folder."""

    def __init__(self, content: Path) -> None:
        procedures = read_procedures(content / "procedures")
        topics = read_topics(content / "topics.jsonl")
        self._procedures = {procedure.id: procedure for procedure in procedures}
        self._topics = {topic.id: topic for topic in topics}
        self._matcher = Matcher(procedures, topics, read_knowledge(content))

    def line(self, question: str) -> dict[str, Any]:
        """One line of the contract: {"q", "decision", "procedures": [{"id", "name", "score"} … ≤ 3]}."""
        return evaluation.answer_line(question, self._matcher.search(question))

    def words(self, question: str) -> str:
        """The answer as a citizen would read it, with the scores behind it."""
        found = self._matcher.search(question)
        scores = "\n".join(f"  {c.score:5.1f}  {c.id}  {c.name}" for c in found.candidates)
        return f"[{found.decision}]\n{scores}\n\n{self._told(found)}".rstrip()

    def why(self, question: str) -> str:
        """How the question was read, what spoke for and against each candidate, and why it was decided so."""
        return _in_lines(self._matcher.explain(question))

    def _told(self, found: Answer) -> str:
        if found.decision is Decision.ANSWER:
            wanted = found.candidates[0].id
            if wanted in self._procedures:
                return "\n\n".join(card(self._procedures[wanted]))
            return "\n\n".join(topic_card(self._topics[wanted]))
        if found.decision is Decision.CHOOSE:
            return texts.PROCEDURE_CHOOSE.format(choices="\n".join(f"• {c.name}" for c in found.candidates))
        if found.decision is Decision.TIP:
            return texts.TIP_SUGGESTED
        if found.decision is Decision.URGENT:
            return texts.URGENT.format(numbers="\n".join(texts.URGENT_NUMBERS.values()))
        return texts.PROCEDURE_UNSURE

    def evaluate(self, file: Path) -> str:
        """A table of the accuracy on labelled questions."""
        return evaluation.table(evaluation.judge(questions_in(file), self._matcher, self._family))

    def _family(self, wanted: str) -> str:
        known = self._procedures.get(wanted)
        return known.family if known else wanted


def questions_in(file: Path) -> Iterator[dict[str, Any]]:
    """The JSON objects of a file, one a line, each with its text "q". Empty lines say nothing.

    A line ends where the file says so and nowhere else: JSON lets a text hold other characters that some take for
    the end of a line. Raises BadContent with file and line, when it comes to it.
    """
    for number, raw in enumerate(file.read_bytes().removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        if not raw.strip():
            continue
        try:
            row = json.loads(raw)
        except (ValueError, RecursionError):
            row = None
        if not isinstance(row, dict) or not isinstance(row.get("q"), str):
            raise BadContent([f'{file}:{number}: not a JSON object with "q"'])
        yield row


def in_json(line: dict[str, Any]) -> str:
    """One line of JSON, readable; with escapes where it holds half a character, which no output takes."""
    readable = json.dumps(line, ensure_ascii=False)
    try:
        readable.encode()
    except UnicodeEncodeError:
        return json.dumps(line)
    return readable


EVIDENCE_SHOWN = 0.05
"""Points from which a piece of evidence is worth a line."""


def _in_lines(found: Explanation) -> str:
    lines = [f"Quyết định: {found.decision}", *(f"  {reason}" for reason in found.reasons), "Đọc là:"]
    lines += [
        f"  {word.typed} → {word.read_as}" + (f" ({word.note})" if word.note else "")
        for word in found.reading
    ]
    for place, one in enumerate(found.candidates, 1):
        lines += [
            f"{place}. {one.name} [{one.id}] {one.score:.1f}",
            f"   câu mẫu gần nhất: {one.best_phrase}",
        ]
        lines += [
            f"   {piece.points:+6.2f}  {piece.label}: {piece.value:g} ({piece.detail})"
            for piece in sorted(one.evidence, key=lambda piece: -abs(piece.points))
            if abs(piece.points) >= EVIDENCE_SHOWN
        ]
    return "\n".join(lines)
