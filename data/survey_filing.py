"""An answer comes in: it is kept, and where it is bad or complains, a case is opened in the same transaction."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from data import complaints, survey_answers
from data.complaints import NewComplaint
from data.survey_answers import Ballot
from data.tables import Complaint, SurveyAnswer
from domain import surveys
from domain.conflicts import accuses_police, names_one_of, wants_past_unit
from domain.surveys import AnswerState, Survey


@dataclass(frozen=True)
class Addressee:
    """Who gets the answer to a complaint in the chat; without one it is read by receipt on the web."""

    citizen: str
    oa_id: str


def new_token() -> str:
    """Names a form or a conversation's answer: a second click is no second answer, and words can be added."""
    return secrets.token_urlsafe(12)


def opens_case(survey: Survey, given: Mapping[str, str], *, complains: bool) -> bool:
    return complains or bool(surveys.bad_answers(survey, given))


def file(
    session: Session,
    key: bytes,
    survey: Survey,
    ballot: Ballot,
    *,
    receipt: str,
    complains: bool = False,
    officers: Sequence[str] = (),
    to: Addressee | None = None,
    now: datetime,
) -> tuple[SurveyAnswer | None, Complaint | None]:
    """Keep an answer, and open a case under `receipt` when it is bad or complains. (None, None) when it is refused.

    officers  names of officers of the console: words that name one go past the unit
    A copy of what was said before opens no case.
    """
    answer = survey_answers.file(session, key, survey, ballot, now=now)
    if answer is None:
        return None, None
    if answer.state == AnswerState.DUPLICATE or not opens_case(survey, answer.given, complains=complains):
        return answer, None
    case = _open(
        session,
        survey,
        unit_id=ballot.unit_id,
        given=answer.given,
        words=ballot.words,
        receipt=receipt,
        officers=officers,
        to=to,
        now=now,
    )
    return answer, case


def add_words(
    session: Session,
    survey: Survey,
    *,
    token: str,
    unit_id: str,
    receipt: str,
    words: str,
    complains: bool,
    officers: Sequence[str] = (),
    to: Addressee | None = None,
    now: datetime,
) -> None:
    """Words that come after the taps: they join the answer of this token, and the case of this receipt.

    complains  open a case when there is none
    """
    answer = session.scalar(select(SurveyAnswer).where(SurveyAnswer.submission == token).with_for_update())
    kept = surveys.kept_words(words)
    if answer is not None and not answer.words:
        answer.words, answer.same_words = kept, surveys.same_words(kept)
        if answer.state == AnswerState.COUNTED:
            state, reason = surveys.first_state(survey, words=kept, same_before=False, in_the_hour=0)
            answer.state, answer.reason = state, reason
    case = complaints.of_receipt(session, receipt) if receipt else None
    if case is not None and not case.words:
        case.words = kept
        case.past_unit = case.past_unit or _past_unit(words, officers)
        case.updated_at = now
        case.version += 1
    elif case is None and complains:
        given = answer.given if answer is not None else {}
        _open(
            session, survey, unit_id=unit_id, given=given, words=words, receipt=receipt, officers=officers, to=to,
            now=now,
        )  # fmt: skip


def _open(
    session: Session,
    survey: Survey,
    *,
    unit_id: str,
    given: Mapping[str, str],
    words: str,
    receipt: str,
    officers: Sequence[str],
    to: Addressee | None,
    now: datetime,
) -> Complaint:
    bad = {question.short: choice.label for question, choice in surveys.bad_answers(survey, given)}
    return complaints.open_case(
        session,
        NewComplaint(
            code=receipt,
            unit_id=unit_id,
            source="chat" if to else "web",
            bad=bad,
            words=surveys.kept_words(words),
            past_unit=surveys.goes_past_unit(survey, given) or _past_unit(words, officers),
            citizen=to.citizen if to else None,
            oa_id=to.oa_id if to else None,
        ),
        now=now,
    )


def _past_unit(words: str, officers: Sequence[str]) -> bool:
    return accuses_police(words) or wants_past_unit(words) or names_one_of(words, list(officers))
