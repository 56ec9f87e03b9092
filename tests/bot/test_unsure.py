"""What a turn leaves for the learning loop, turn by turn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.unsure import Unsure
from data.session import Database
from data.tables import AskedQuestion
from domain.messages import Press, Said, Text
from domain.procedures import Answer, Candidate, Decision
from tests.conftest import Clock

ANSWER = Answer(Decision.ANSWER, (Candidate("a", "A", 90.0), Candidate("b", "B", 50.0)))
CHOOSE = Answer(Decision.CHOOSE, (Candidate("a", "A", 50.0), Candidate("b", "B", 50.0)))


class Talk:
    """One citizen, turn after turn; the draft goes from one to the next as the conversation keeps it."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock
        self.draft: dict[str, Any] = {}

    def turn(
        self, said: Said, does: Callable[[Unsure], None] = lambda _: None, draft: dict[str, Any] | None = None
    ) -> None:
        writes: list[Callable[[Session], None]] = []
        unsure = Unsure(writes.append, frozenset(), now=self._clock())
        unsure.turn_begins(self.draft)
        does(unsure)
        self.draft = unsure.turn_ends(said, draft)
        with self._database.transaction() as session:
            for write in writes:
                write(session)

    def asks(self, words: str, found: Answer, draft: dict[str, Any]) -> None:
        def does(unsure: Unsure) -> None:
            unsure.searched(words, found)
            unsure.decided(found.decision)
            for one in found.candidates:  # a handler may look the candidates up to show them
                unsure.opened(one.id)

        self.turn(Text(words), does, draft)

    def kept(self) -> list[tuple[str, str, dict[str, Any]]]:
        with self._database.reading() as session:
            return [(row.words, row.decision, row.chosen) for row in session.scalars(select(AskedQuestion))]


@pytest.mark.parametrize("refusal", [Press("proc.wrong", ""), Text("không phải"), Text("ko phai cai nay")])
def test_an_answer_is_kept_only_when_the_citizen_says_that_it_was_not_it(
    database: Database, clock: Clock, refusal: Said
) -> None:
    talk = Talk(database, clock)
    talk.asks("làm sổ đi xa", ANSWER, {"about": "a"})
    assert talk.kept() == []
    talk.turn(refusal, draft={"misses": 1})
    talk.turn(refusal, draft={"misses": 2})

    assert talk.kept() == [("làm sổ đi xa", "refused", {"": 1})]


def test_after_an_answer_other_buttons_and_questions_refuse_nothing(database: Database, clock: Clock) -> None:
    talk = Talk(database, clock)
    talk.asks("làm sổ đi xa", ANSWER, {"about": "a"})
    talk.turn(Press("proc.more", "a"), draft={"about": "a"})
    talk.asks("làm sổ đi xa", ANSWER, {"about": "a"})
    talk.asks("không phải thường trú mà tạm trú", ANSWER, {"about": "b"})

    assert talk.kept() == []


def test_of_what_was_offered_the_first_choice_counts(database: Database, clock: Clock) -> None:
    talk = Talk(database, clock)
    talk.asks("làm sổ đi xa", CHOOSE, {"show": ["a", "b"]})
    talk.turn(Text("99"), draft={"show": ["a", "b"]})
    talk.turn(Text("2"), lambda unsure: unsure.opened("b"), {"about": "b"})
    talk.turn(Press("proc.show", "a"), lambda unsure: unsure.opened("a"), {"about": "a"})

    assert talk.kept() == [("làm sổ đi xa", "choose", {"b": 1})]


def test_a_new_question_with_the_same_candidates_is_no_choice(database: Database, clock: Clock) -> None:
    talk = Talk(database, clock)
    talk.asks("làm sổ đi xa", CHOOSE, {"show": ["a", "b"]})
    talk.asks("làm giấy đi gần", CHOOSE, {"show": ["a", "b"]})

    assert sorted(talk.kept()) == [("làm giấy đi gần", "choose", {}), ("làm sổ đi xa", "choose", {})]
