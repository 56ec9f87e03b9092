"""The satisfaction survey: its questions, what an answer is worth, and which answers open a case.

The questions are data (data/content/surveys/satisfaction.toml). A mark is 0 to 100: the mean of the scored answers,
each with the weight of its question. Who answered is known as a keyed hash only, and only as long as a second
answer has to be told from a first.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from domain.codes import code_body, with_check
from domain.screening import screen
from domain.vietnamese import fold, nfc

WORDS_MAX = 1000
"""Characters of free text that are kept."""
SHOWN_FROM = 5
"""A unit sees numbers, and words, of a month only when so many people answered (k-anonymity)."""
UNIT_CODE, SERVICE_CODE = 6, 12
"""Letters of a code before its check letter: a unit's stands on its boards, a one-time link cannot be guessed."""
SAME_WORDS_MIN = 20
"""The same words of at least so many characters, twice for one unit, are taken for a copy."""


@dataclass(frozen=True)
class Choice:
    """One answer. score 0–100 or None (it does not count); bad: it opens a case; past_unit: for inspectors alone."""

    key: str
    label: str
    score: float | None = None
    bad: bool = False
    past_unit: bool = False


@dataclass(frozen=True)
class Question:
    """One question with its answers in order; `weight` is its share in the mark."""

    key: str
    text: str
    short: str
    weight: float
    choices: tuple[Choice, ...]
    only_if: Mapping[str, frozenset[str]] | None = None

    def choice(self, key: str | None) -> Choice | None:
        return next((one for one in self.choices if one.key == key), None)

    def read(self, typed: str) -> Choice | None:
        """The answer somebody typed: its number in the list, or its words, accents and case aside."""
        text = typed.strip(" .)#")
        if text.isdecimal() and 1 <= int(text) <= len(self.choices):
            return self.choices[int(text) - 1]
        return next((one for one in self.choices if fold(one.label) == fold(typed)), None)


@dataclass(frozen=True)
class Survey:
    """One edition of the survey."""

    edition: str
    again_after: timedelta
    link_lasts: timedelta
    hold_per_hour: int
    questions: tuple[Question, ...]

    def question(self, key: str) -> Question | None:
        return next((one for one in self.questions if one.key == key), None)


Given = Mapping[str, str]
"""Question key → answer key."""


def next_question(survey: Survey, given: Given) -> Question | None:
    """The first question that is asked and has no answer yet; None when all have."""
    return next((one for one in survey.questions if _asked(one, given) and one.key not in given), None)


def valid(survey: Survey, given: Given) -> dict[str, str]:
    """What of `given` answers a question of this survey that is asked; the rest is left out."""
    kept: dict[str, str] = {}
    for question in survey.questions:
        answer = given.get(question.key)
        if answer is not None and question.choice(answer) and _asked(question, kept):
            kept[question.key] = answer
    return kept


def mark(survey: Survey, given: Given) -> float | None:
    """0 to 100; None when no scored answer was given. The order of the answers does not matter."""
    weighed = [
        (question.weight, choice.score)
        for question, choice in _chosen(survey, given)
        if choice.score is not None and question.weight > 0
    ]
    total = sum(weight for weight, _ in weighed)
    return sum(weight * score for weight, score in weighed) / total if total else None


def bad_answers(survey: Survey, given: Given) -> list[tuple[Question, Choice]]:
    """The answers that open a case, in the order of the questions."""
    return [(question, choice) for question, choice in _chosen(survey, given) if choice.bad]


def goes_past_unit(survey: Survey, given: Given) -> bool:
    """Did somebody choose an answer whose case is for the inspectors alone?"""
    return any(choice.past_unit for _, choice in _chosen(survey, given))


def _chosen(survey: Survey, given: Given) -> list[tuple[Question, Choice]]:
    found = [(question, question.choice(given.get(question.key))) for question in survey.questions]
    return [(question, choice) for question, choice in found if choice is not None]


def _asked(question: Question, given: Given) -> bool:
    return all(given.get(key) in answers for key, answers in (question.only_if or {}).items())


# ---- words --------------------------------------------------------------------------------------------------------


def kept_words(words: str) -> str:
    """Free text as it is kept: NFC, cut at WORDS_MAX, without what could tell who wrote it. The rest is never stored."""
    return screen(nfc(words).strip()[:WORDS_MAX]).text


def same_words(words: str) -> str | None:
    """By what copies are known: the folded words; None when they are too short to tell."""
    folded = fold(words)
    return hashlib.sha256(folded.encode()).hexdigest() if len(folded) >= SAME_WORDS_MIN else None


# ---- who may answer, and once -------------------------------------------------------------------------------------


def voter_mark(key: bytes, *, unit_id: str, person: str) -> str:
    """What is kept of who answered: useless without the key, different for every unit, so that nobody's answers
    can be put together across units.
    """
    return _hmac(key, f"voter|{unit_id}|{person}")


def service_mark(key: bytes, service: str) -> str:
    """What is kept of the service that was rated (a tip, an application): enough for "one answer each", no way back."""
    return _hmac(key, f"service|{service}")


def _hmac(key: bytes, text: str) -> str:
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:32]


# ---- codes --------------------------------------------------------------------------------------------------------


def new_unit_code() -> str:
    """The code of a unit on its boards: short enough to type, with a check letter."""
    return with_check(code_body(UNIT_CODE))


def new_service_code() -> str:
    """A one-time link's code: 29^12 ≈ 3.5·10^17, cannot be guessed."""
    return with_check(code_body(SERVICE_CODE))


def new_device() -> str:
    """What a browser is known by when it answers; made by chance, says nothing."""
    return secrets.token_urlsafe(16)


# ---- what becomes of an answer ------------------------------------------------------------------------------------


class AnswerState(StrEnum):
    COUNTED = "counted"
    HELD = "held"
    SPAM = "spam"
    DUPLICATE = "duplicate"


ANSWER_LABELS: Mapping[AnswerState, str] = {
    AnswerState.COUNTED: "Được tính",
    AnswerState.HELD: "Chờ xem lại",
    AnswerState.SPAM: "Rác",
    AnswerState.DUPLICATE: "Trùng",
}
ANSWER_MOVES: Mapping[AnswerState, frozenset[AnswerState]] = {
    AnswerState.COUNTED: frozenset({AnswerState.SPAM, AnswerState.DUPLICATE}),
    AnswerState.HELD: frozenset({AnswerState.COUNTED, AnswerState.SPAM, AnswerState.DUPLICATE}),
    AnswerState.SPAM: frozenset({AnswerState.COUNTED}),
    AnswerState.DUPLICATE: frozenset({AnswerState.COUNTED}),
}
"""From → to. Every move can be taken back; only an inspector makes one, and it is written down."""


COPY, LINK, FLOOD = (
    "Trùng lời với câu trả lời trước",
    "Có đường dẫn",
    "Nhiều câu trả lời dồn dập",
)
"""Why an answer does not simply count, before anybody looked at it; afterwards the inspector's words."""


def first_state(
    survey: Survey, *, words: str, same_before: bool, in_the_hour: int
) -> tuple[AnswerState, str]:
    """How a new answer begins, and why it does not simply count.

    same_before  an answer for this unit with the same words is there
    in_the_hour  answers for this unit by the web within the last hour
    """
    if same_before:
        return AnswerState.DUPLICATE, COPY
    if "http://" in words or "https://" in words or "www." in words:
        return AnswerState.HELD, LINK
    if in_the_hour >= survey.hold_per_hour:
        return AnswerState.HELD, FLOOD
    return AnswerState.COUNTED, ""
