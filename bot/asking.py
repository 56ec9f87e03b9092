"""`ask` and `evaluate`: what the bot would answer, from the files alone, without server or network."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from data.content_files import read_procedures, read_topics
from domain import evaluation
from domain.cards import card, topic_card
from domain.procedures import Answer, Decision, Matcher
from handlers import texts


class Asker:
    """Answers questions from the catalogue in a folder."""

    def __init__(self, content: Path) -> None:
        procedures = read_procedures(content / "procedures")
        topics = read_topics(content / "topics.jsonl")
        self._procedures = {procedure.id: procedure for procedure in procedures}
        self._topics = {topic.id: topic for topic in topics}
        self._matcher = Matcher(procedures, topics)

    def line(self, question: str) -> dict[str, Any]:
        """One line of the contract: {"q", "decision", "procedures": [{"id", "name", "score"} … ≤ 3]}."""
        return evaluation.answer_line(question, self._matcher.search(question))

    def words(self, question: str) -> str:
        """The answer as a citizen would read it, with the scores behind it."""
        found = self._matcher.search(question)
        scores = "\n".join(f"  {c.score:5.1f}  {c.id}  {c.name}" for c in found.candidates)
        return f"[{found.decision}]\n{scores}\n\n{self._told(found)}".rstrip()

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
        return evaluation.evaluate(file.read_text("utf-8"), self._matcher, self._family)

    def _family(self, wanted: str) -> str:
        known = self._procedures.get(wanted)
        return known.family if known else wanted
