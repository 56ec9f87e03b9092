"""Answers to the survey: who may give one, how it is kept, what is set aside, when the hash of the voter is forgotten."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import CursorResult, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from data import audit
from data.tables import SurveyAnswer, SurveyOptOut
from domain import surveys
from domain.errors import MoveRefused
from domain.said import said
from domain.surveys import ANSWER_LABELS, ANSWER_MOVES, AnswerState, Survey

COPIES_WITHIN = timedelta(days=30)
"""So long back the same words for one unit are taken for a copy."""


class Refusal(StrEnum):
    """Why an answer is not taken."""

    RATED = "rated"  # this service was rated already
    AGAIN = "again"  # the same person rated this unit not long ago


@dataclass(frozen=True)
class Ballot:
    """One answer as it comes in.

    person      who gives it, known to nobody but the keyed hash: a chat's opaque key or a browser's token
    service     what was rated (`tip:<code>`), or its keyed hash from a one-time link; None: a visit, by the unit's code
    submission  of the form that was sent: a second click is no second answer
    """

    unit_id: str
    channel: str
    person: str
    given: Mapping[str, str]
    words: str = ""
    service: str | None = None
    submission: str | None = None


def key_of(pepper: bytes) -> bytes:
    """The key of the hashes of surveys, made of the secret behind citizen keys."""
    return hmac.new(pepper, b"surveys", hashlib.sha256).digest()


def why_not(
    session: Session,
    key: bytes,
    survey: Survey,
    *,
    unit_id: str,
    person: str,
    service: str | None,
    now: datetime,
) -> Refusal | None:
    """Why this person cannot rate this now; None when they can. `service` as its keyed hash."""
    if service and session.scalar(select(SurveyAnswer.id).where(SurveyAnswer.service == service)) is not None:
        return Refusal.RATED
    voter = surveys.voter_mark(key, unit_id=unit_id, person=person)
    again = session.scalar(
        select(SurveyAnswer.id).where(
            SurveyAnswer.voter == voter, SurveyAnswer.at > now - survey.again_after - timedelta(hours=1)
        )
    )
    return Refusal.AGAIN if again is not None else None


def file(
    session: Session, key: bytes, survey: Survey, ballot: Ballot, *, now: datetime
) -> SurveyAnswer | None:
    """Keep an answer; None when it is refused (`why_not`) or this form was sent before.

    The moment is kept to the hour, so that it cannot be laid beside the visits of that day.
    """
    who, what = ballot.person, ballot.service
    if why_not(session, key, survey, unit_id=ballot.unit_id, person=who, service=what, now=now):
        return None
    given = surveys.valid(survey, ballot.given)
    words = surveys.kept_words(ballot.words)
    same = surveys.same_words(words)
    state, reason = surveys.first_state(
        survey,
        words=words,
        same_before=same is not None and _said_before(session, ballot.unit_id, same, now),
        in_the_hour=_by_web(session, ballot.unit_id, now) if ballot.channel == "web" else 0,
    )
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    made = session.execute(
        insert(SurveyAnswer)
        .values(
            unit_id=ballot.unit_id,
            at=now.replace(minute=0, second=0, microsecond=0),
            edition=survey.edition,
            channel=ballot.channel,
            given=given,
            mark=surveys.mark(survey, given),
            words=words,
            same_words=same,
            voter=surveys.voter_mark(key, unit_id=ballot.unit_id, person=ballot.person),
            service=ballot.service,
            submission=ballot.submission,
            state=state,
            reason=reason,
        )
        .on_conflict_do_nothing()
        .returning(SurveyAnswer.id)
    ).scalar()
    return None if made is None else session.get(SurveyAnswer, made)


def forget_voters(session: Session, survey: Survey, *, now: datetime) -> int:
    """Hashes of voters go when they are no longer needed to tell a second answer from a first. Returns how many."""
    gone = session.execute(
        update(SurveyAnswer)
        .where(
            SurveyAnswer.voter.is_not(None), SurveyAnswer.at < now - survey.again_after - timedelta(hours=2)
        )
        .values(voter=None)
        .execution_options(synchronize_session=False)
    )
    return cast("CursorResult[Any]", gone).rowcount


# ---- not to be asked ----------------------------------------------------------------------------------------------


def wants_to_be_asked(session: Session, citizen: str) -> bool:
    return session.get(SurveyOptOut, citizen) is None


def ask_no_more(session: Session, citizen: str, *, now: datetime) -> None:
    """This citizen is not offered the survey any more. Safe to repeat."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    session.execute(insert(SurveyOptOut).values(citizen=citizen, at=now).on_conflict_do_nothing())


def ask_again(session: Session, citizen: str) -> None:
    session.execute(delete(SurveyOptOut).where(SurveyOptOut.citizen == citizen))


# ---- setting aside, and taking back -------------------------------------------------------------------------------


def sift(
    session: Session,
    answer_id: int,
    *,
    to: AnswerState,
    version: int,
    words: str,
    officer_id: int,
    now: datetime,
) -> SurveyAnswer:
    """An inspector sets an answer aside or takes it back; the reason is kept and the act written down.

    Raises MoveRefused: gone, changed meanwhile, not allowed, or no reason given.
    """
    row = session.get(SurveyAnswer, answer_id, with_for_update=True)
    if row is None or row.version != version:
        raise MoveRefused("Câu trả lời này vừa có thay đổi. Mời xem lại trước khi thao tác tiếp.")
    before = AnswerState(row.state)
    if to not in ANSWER_MOVES[before]:
        raise MoveRefused(
            said(
                "Không thể chuyển từ “%(old)s” sang “%(new)s”.",
                old=said(ANSWER_LABELS[before]),
                new=said(ANSWER_LABELS[to]),
            )
        )
    if not words:
        raise MoveRefused("Mời ghi lý do.")
    row.state, row.reason = to, words
    row.version += 1
    session.flush()
    audit.record(
        session,
        officer_id=officer_id,
        action="survey.sift",
        subject=f"survey_answer:{row.id}",
        before={"state": str(before)},
        after={"state": str(to), "reason": words},
        now=now,
    )
    return row


def to_sift(session: Session, *, limit: int = 50) -> list[SurveyAnswer]:
    """What waits for a look first, then what was set aside lately."""
    held = session.scalars(
        select(SurveyAnswer)
        .where(SurveyAnswer.state == AnswerState.HELD)
        .order_by(SurveyAnswer.at)
        .limit(limit)
    ).all()
    aside = session.scalars(
        select(SurveyAnswer)
        .where(SurveyAnswer.state.in_([AnswerState.SPAM, AnswerState.DUPLICATE]))
        .order_by(SurveyAnswer.id.desc())
        .limit(limit)
    ).all()
    return [*held, *aside]


def _said_before(session: Session, unit_id: str, same: str, now: datetime) -> bool:
    found = session.scalar(
        select(SurveyAnswer.id).where(
            SurveyAnswer.unit_id == unit_id,
            SurveyAnswer.at > now - COPIES_WITHIN,
            SurveyAnswer.same_words == same,
            SurveyAnswer.state != AnswerState.SPAM,
        )
    )
    return found is not None


def _by_web(session: Session, unit_id: str, now: datetime) -> int:
    return (
        session.scalar(
            select(func.count()).where(
                SurveyAnswer.unit_id == unit_id,
                SurveyAnswer.channel == "web",
                SurveyAnswer.at > now - timedelta(hours=1),
            )
        )
        or 0
    )
