"""What a proposed change would flip: labelled questions and last month's kept questions, asked before and after.

It runs as work of its own, a row with a lease: the page that shows it stays quick, and a worker that dies leaves it to
the next one.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import or_, select, update

from data import kept_questions, learning
from data.session import Database
from data.shelf import Catalogue, CatalogueShelf
from data.tables import LearnedChange
from domain.broadcasts import VIETNAM
from domain.errors import BadContent
from domain.learning import (
    ChangeState,
    Flip,
    Labelled,
    Own,
    ReplayState,
    flip_of_kept,
    flip_of_labelled,
)
from domain.procedures import Answer, Decision
from domain.vietnamese import fold

QUESTIONS = Path(__file__).parent / "content" / "questions"
"""Labelled questions: *.jsonl, in folders too; each line {"q", "labels", "scope"}."""
LOG_DAYS = timedelta(days=31)
LEASE = timedelta(seconds=60)
STEP = 100
"""Questions between two marks of progress."""
SAMPLES_MAX = 40
"""Questions of one kind of flip that are shown."""
OWN_MAX = 60
"""Questions of the group itself whose fate is shown."""
ANSWERED, ASKED = "Trả lời:", "Hỏi lại:"
"""What stands before the names of records in a sample; a page looks it up apart from the names."""
BREATH_S = 0.0005
"""Pause after each question, so that the threads that answer residents come first."""


@dataclass(frozen=True)
class _Claim:
    change_id: int
    version: int


class Replays:
    """Takes one waiting replay at a time. `drain` returns how many were done."""

    def __init__(
        self,
        database: Database,
        shelf: CatalogueShelf,
        *,
        clock: Callable[[], datetime],
        questions: Path = QUESTIONS,
    ) -> None:
        self._database = database
        self._shelf = shelf
        self._clock = clock
        self._questions = questions

    def drain(self) -> int:
        claim = self._claim()
        if claim is None:
            return 0
        try:
            self._run(claim)
        except BadContent as error:
            self._note(
                claim, replay=ReplayState.FAILED, result={"fault": error.problems[0]}, lease_until=None
            )
        return 1

    def _claim(self) -> _Claim | None:
        now = self._clock()
        if self._nothing_waits(now):
            return None
        with self._database.transaction() as session:
            row = session.scalar(_waiting(now).with_for_update(skip_locked=True))
            if row is None:
                return None
            row.replay, row.replay_done, row.lease_until = ReplayState.RUNNING, 0, now + LEASE
            return _Claim(row.id, row.version)

    def _nothing_waits(self, now: datetime) -> bool:
        """A look first: the write lock is for those who have something to write."""
        with self._database.reading() as session:
            return session.scalar(_waiting(now)) is None

    def _run(self, claim: _Claim) -> None:
        with self._database.reading() as session:
            change = session.get(LearnedChange, claim.change_id)
            since = (self._clock() - LOG_DAYS).astimezone(VIETNAM).date()
            kept = kept_questions.words_since(session, since)
            own = learning.questions_of(session, claim.change_id)
        if change is None:
            return
        before, after = self._shelf.newest(), self._shelf.trying(change)
        labelled = list(read_labelled(self._questions, after))
        total = len(labelled) + len(kept)
        if not self._note(claim, replay_total=total):
            return
        counts: Counter[str] = Counter()
        samples: list[dict[str, Any]] = []
        questions: list[tuple[str, Labelled | None]] = [(one.words, one) for one in labelled]
        for number, (words, label) in enumerate([*questions, *((words, None) for words in kept)], 1):
            was, becomes = before.matcher.search(words), after.matcher.search(words)
            flip = (
                flip_of_labelled(label, was, becomes, after.family_of)
                if label
                else flip_of_kept(was, becomes, after.family_of)
            )
            if flip:
                counts[flip] += 1
                if counts[flip] <= SAMPLES_MAX:
                    samples.append(_sample(flip, words, (before, was), (after, becomes)))
            if number % STEP == 0 and not self._note(
                claim, replay_done=number, lease_until=self._clock() + LEASE
            ):
                return
            time.sleep(BREATH_S)
        order = list(Flip)
        result = {
            "labelled": len(labelled),
            "kept": len(kept),
            "counts": {flip: counts[flip] for flip in order if counts[flip]},
            "samples": sorted(samples, key=lambda sample: order.index(sample["flip"])),
            "own": [_own(words, before, after, change.target or "") for words in _of_the_change(change, own)],
            "edition": edition_mark(before),
        }
        self._note(claim, replay=ReplayState.DONE, replay_done=total, result=result, lease_until=None)

    def _note(self, claim: _Claim, **values: Any) -> bool:
        """Write progress down; False when the change is not ours any more (dropped, asked for again)."""
        with self._database.transaction() as session:
            found = session.execute(
                update(LearnedChange)
                .where(
                    LearnedChange.id == claim.change_id,
                    LearnedChange.version == claim.version,
                    LearnedChange.replay == ReplayState.RUNNING,
                )
                .values(**values)
            )
            return bool(found.rowcount)  # type: ignore[attr-defined]  # an UPDATE gives a CursorResult


def _of_the_change(change: LearnedChange, own: Sequence[str]) -> list[str]:
    """The words of the group, then those the officer wrote that nobody asked in these words yet."""
    words = {fold(one): one for one in [*reversed(change.aliases), *reversed(own)]}
    return list(reversed(words.values()))[:OWN_MAX]


def _own(words: str, before: Catalogue, after: Catalogue, target: str) -> dict[str, Any]:
    """What becomes of one question of the group itself, also when it is only asked back about."""
    was, becomes = before.matcher.search(words), after.matcher.search(words)
    meant = [after.family_of(one.id) == after.family_of(target) for one in becomes.candidates]
    if becomes.decision is Decision.ANSWER and meant[:1] == [True]:
        outcome = Own.ANSWERED
    elif becomes.decision is Decision.CHOOSE and any(meant):
        outcome = Own.OFFERED
    else:
        outcome = Own.MISSED
    return {
        "words": words,
        "outcome": outcome,
        "before": _told(before, was),
        "after": _told(after, becomes),
    }


def edition_mark(known: Catalogue) -> str:
    """Which edition of the content a replay looked at, as text."""
    return "|".join(str(part) for part in known.edition[0])


def read_labelled(folder: Path, known: Catalogue) -> Iterator[Labelled]:
    """The labelled questions of a folder. Raises BadContent with file and line."""
    for file in sorted(folder.rglob("*.jsonl")):
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
                words, labels = str(row["q"]), [str(label) for label in row.get("labels") or ()]
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise BadContent([f"{file.name}:{number}: not a labelled question"]) from error
            in_scope = row.get("scope", "in") == "in"
            right = frozenset(known.family_of(label) for label in labels) if in_scope else frozenset[str]()
            yield Labelled(words, right, in_scope)


def _sample(
    flip: Flip, words: str, was: tuple[Catalogue, Answer], becomes: tuple[Catalogue, Answer]
) -> dict[str, Any]:
    return {"flip": flip, "words": words, "before": _told(*was), "after": _told(*becomes)}


def _told(known: Catalogue, answer: Answer) -> str:
    first = known.name_of(answer.candidates[0].id) if answer.candidates else None
    match answer.decision:
        case "answer":
            return f"{ANSWERED} {first}"
        case "choose":
            return f"{ASKED} {'; '.join(known.name_of(one.id) or one.id for one in answer.candidates)}"
        case "decline":
            return "Nói chưa chắc"
        case "tip":
            return "Mời gửi tin báo"
        case "urgent":
            return "Hướng dẫn gọi khẩn cấp"
    return "Không phải câu hỏi"


def _waiting(now: datetime) -> Any:
    return (
        select(LearnedChange)
        .where(
            LearnedChange.state == ChangeState.PROPOSED,
            or_(
                LearnedChange.replay == ReplayState.WAITING,
                (LearnedChange.replay == ReplayState.RUNNING) & (LearnedChange.lease_until <= now),
            ),
        )
        .order_by(LearnedChange.id)
        .limit(1)
    )
