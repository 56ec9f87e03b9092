"""The learning loop: what officers make of questions the bot was unsure of, and what a change would flip.

A change is proposed, replayed over labelled and kept questions, then applied or dropped; what was applied can be
undone. Setting questions aside changes no answer and holds at once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from rapidfuzz import fuzz, process

from domain.errors import MoveRefused
from domain.procedures import Answer, Decision
from domain.said import said
from domain.vietnamese import fold

T = TypeVar("T")

ALIAS_MAX = 120
"""Characters of an alias."""
ALIASES_MAX = 20
ALIKE = 80.0
"""rapidfuzz ratio of sorted words from which two questions are one group."""


class ChangeKind(StrEnum):
    ALIAS = "alias"
    TOPIC = "topic"
    ASIDE = "aside"


class ChangeState(StrEnum):
    PROPOSED = "proposed"
    APPLIED = "applied"
    DROPPED = "dropped"
    UNDONE = "undone"


class ReplayState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class QuestionState(StrEnum):
    OPEN = "open"
    ASIDE = "aside"
    LEARNED = "learned"


CHANGE_LABELS: Mapping[ChangeState, str] = {
    ChangeState.PROPOSED: "Đang xem xét",
    ChangeState.APPLIED: "Đã áp dụng",
    ChangeState.DROPPED: "Đã bỏ",
    ChangeState.UNDONE: "Đã hoàn tác",
}
KIND_LABELS: Mapping[ChangeKind, str] = {
    ChangeKind.ALIAS: "Thêm cách gọi",
    ChangeKind.TOPIC: "Thêm chủ đề mới",
    ChangeKind.ASIDE: "Để ngoài phạm vi",
}
MOVES: Mapping[ChangeState, frozenset[ChangeState]] = {
    ChangeState.PROPOSED: frozenset({ChangeState.APPLIED, ChangeState.DROPPED}),
    ChangeState.APPLIED: frozenset({ChangeState.UNDONE}),
    ChangeState.DROPPED: frozenset(),
    ChangeState.UNDONE: frozenset(),
}


def check_change_move(before: ChangeState, after: ChangeState) -> None:
    """Raise MoveRefused, in words for an officer, when the table has no such move."""
    if after not in MOVES[before]:
        raise MoveRefused(
            said(
                "Đề xuất này đang ở trạng thái “%(state)s” nên không làm việc đó được nữa.",
                state=said(CHANGE_LABELS[before]),
            )
        )


# ---- groups -----------------------------------------------------------------------------------------------------


def group(items: Sequence[T], words: Callable[[T], str]) -> list[list[T]]:
    """Items whose words are alike, the first of each group leading; order is kept.

    Each item joins the group of the leader most like it, so the outcome does not depend on chance.
    """
    leaders: list[str] = []
    groups: list[list[T]] = []
    for item in items:
        key = " ".join(sorted(fold(words(item)).split()))
        found = process.extractOne(key, leaders, scorer=fuzz.ratio, score_cutoff=ALIKE) if leaders else None
        if found is None:
            leaders.append(key)
            groups.append([item])
        else:
            groups[found[2]].append(item)
    return groups


# ---- what would flip --------------------------------------------------------------------------------------------


class Flip(StrEnum):
    """What becomes of one question; the first four are worse than before."""

    RIGHT_TO_WRONG = "right_to_wrong"
    NEWLY_WRONG = "newly_wrong"
    FALSE_ANSWER = "false_answer"
    RIGHT_TO_ASKED = "right_to_asked"
    NEWLY_RIGHT = "newly_right"
    NO_LONGER_FALSE = "no_longer_false"
    NO_LONGER_WRONG = "no_longer_wrong"
    LOG_CHANGED = "log_changed"
    LOG_ANSWERED = "log_answered"
    LOG_ASKED = "log_asked"


FLIP_LABELS: Mapping[Flip, str] = {
    Flip.RIGHT_TO_WRONG: "Đang đúng thành sai",
    Flip.NEWLY_WRONG: "Đang hỏi lại thành trả lời sai",
    Flip.FALSE_ANSWER: "Ngoài phạm vi mà lại trả lời",
    Flip.RIGHT_TO_ASKED: "Đang trả lời đúng thành hỏi lại",
    Flip.NEWLY_RIGHT: "Thành trả lời đúng",
    Flip.NO_LONGER_FALSE: "Ngoài phạm vi, không trả lời nhầm nữa",
    Flip.NO_LONGER_WRONG: "Không trả lời sai nữa",
    Flip.LOG_CHANGED: "Câu đã nhận: đổi câu trả lời",
    Flip.LOG_ANSWERED: "Câu đã nhận: nay trả lời được",
    Flip.LOG_ASKED: "Câu đã nhận: không trả lời nữa",
}
WORSE = frozenset({Flip.RIGHT_TO_WRONG, Flip.NEWLY_WRONG, Flip.FALSE_ANSWER, Flip.RIGHT_TO_ASKED})


class Own(StrEnum):
    """What becomes of a question for whose sake a change is made."""

    ANSWERED = "answered"
    OFFERED = "offered"
    MISSED = "missed"


OWN_LABELS: Mapping[Own, str] = {
    Own.ANSWERED: "Trả lời đúng mục này",
    Own.OFFERED: "Vẫn hỏi lại, có mục này trong lựa chọn",
    Own.MISSED: "Vẫn chưa tới mục này",
}


@dataclass(frozen=True)
class Labelled:
    """A question with what is right: `right` holds families; without any, whatever is answered is false."""

    words: str
    right: frozenset[str]
    in_scope: bool


def flip_of_labelled(
    one: Labelled, before: Answer, after: Answer, family: Callable[[str], str]
) -> Flip | None:
    """What the change does to a labelled question; None: nothing that matters."""
    was, becomes = (_verdict(one, answer, family) for answer in (before, after))
    if was == becomes:
        return None
    if not one.in_scope:
        return Flip.FALSE_ANSWER if becomes == "wrong" else Flip.NO_LONGER_FALSE
    if becomes == "right":
        return Flip.NEWLY_RIGHT
    if becomes == "wrong":
        return Flip.RIGHT_TO_WRONG if was == "right" else Flip.NEWLY_WRONG
    return Flip.RIGHT_TO_ASKED if was == "right" else Flip.NO_LONGER_WRONG


def flip_of_kept(before: Answer, after: Answer, family: Callable[[str], str]) -> Flip | None:
    """What the change does to a question of the log, whose right answer nobody has said."""
    was, becomes = _answered(before, family), _answered(after, family)
    if was == becomes:
        return None
    if becomes is None:
        return Flip.LOG_ASKED
    return Flip.LOG_ANSWERED if was is None else Flip.LOG_CHANGED


def _answered(answer: Answer, family: Callable[[str], str]) -> str | None:
    if answer.decision is Decision.ANSWER and answer.candidates:
        return family(answer.candidates[0].id)
    return None


def _verdict(one: Labelled, answer: Answer, family: Callable[[str], str]) -> str:
    told = _answered(answer, family)
    if told is None:
        return "asked"
    return "right" if told in one.right else "wrong"


def is_worse(counts: Mapping[str, int]) -> bool:
    """Does a replay show anything that would be worse than before?"""
    return any(counts.get(flip, 0) for flip in WORSE)


def clean_aliases(lines: Iterable[str], known: Collection[str] = ()) -> tuple[str, ...]:
    """Aliases worth keeping: no blanks, no repeats, none that is `known` already (compared without accents)."""
    seen = {fold(one) for one in known}
    found = []
    for line in lines:
        words = " ".join(line.split())
        if words and fold(words) and fold(words) not in seen:
            seen.add(fold(words))
            found.append(words)
    return tuple(found)
