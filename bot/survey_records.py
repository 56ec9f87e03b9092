"""What a turn may look up or file about surveys (domain.survey_talk.SurveyRecords)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cached_property

from sqlalchemy.orm import Session

from data import complaints, filing, intake, survey_answers, survey_codes, survey_filing, survey_rules, tips
from data.sealing import Sealer, load_pepper
from data.survey_answers import Ballot
from data.survey_filing import Addressee
from data.tables import UnitRow
from domain.complaints import FOR_RESIDENT, ComplaintStatus, new_receipt, read_receipt
from domain.survey_talk import CaseTold, FiledAnswer, Subject
from domain.surveys import Survey, service_mark
from domain.tips import OPEN, TipStatus, read_code

Write = Callable[[Session], None]
OVER = "over"


class TurnSurveys:
    """Looks at once; `write` takes what is to be done later, in the transaction of the turn."""

    def __init__(
        self,
        session: Session,
        sealer: Sealer,
        write: Callable[[Write], None],
        *,
        citizen: str,
        oa_id: str,
        now: datetime,
    ) -> None:
        self._session = session
        self._sealer = sealer
        self._write = write
        self._citizen = citizen
        self._to = Addressee(citizen, oa_id)
        self._now = now
        self._filed: set[str] = set()

    @cached_property
    def _key(self) -> bytes:
        return survey_answers.key_of(load_pepper(self._session, self._sealer))

    def survey(self) -> Survey:
        return survey_rules.survey()

    def subject(self, about: str) -> Subject | None:
        found = self._named(about)
        if found is None:
            return None
        unit_id, service, over = found
        why = survey_answers.why_not(
            self._session,
            self._key,
            self.survey(),
            unit_id=unit_id,
            person=self._person,
            service=service,
            now=self._now,
        )
        refusal = OVER if over else str(why or "")
        return Subject(about, tips.unit_name(self._session, unit_id), refusal)

    def wants_to_be_asked(self) -> bool:
        return survey_answers.wants_to_be_asked(self._session, self._citizen)

    def ask_no_more(self) -> None:
        self._write(lambda session: survey_answers.ask_no_more(session, self._citizen, now=self._now))

    def ask_again(self) -> None:
        self._write(lambda session: survey_answers.ask_again(session, self._citizen))

    def file(self, about: str, given: Mapping[str, str]) -> FiledAnswer | None:
        found, subject = self._named(about), self.subject(about)
        if found is None or subject is None or subject.refusal or about in self._filed:
            return None
        self._filed.add(about)
        unit_id, service, _ = found
        ballot = Ballot(
            unit_id, "chat", self._person, given, service=service, submission=survey_filing.new_token()
        )
        receipt = new_receipt()
        self._write(
            lambda session: _ignore(
                survey_filing.file(
                    session, self._key, self.survey(), ballot, receipt=receipt, to=self._to, now=self._now
                )
            )
        )
        opened = survey_filing.opens_case(self.survey(), given, complains=False)
        return FiledAnswer(ballot.submission or "", receipt if opened else None)

    def add_words(self, about: str, filed: FiledAnswer, words: str, *, complain: bool) -> str | None:
        found = self._named(about)
        if found is None:
            return filed.receipt
        receipt = filed.receipt or (new_receipt() if complain else "")
        officers = list(filing.officer_names(self._session))
        self._write(
            lambda session: survey_filing.add_words(
                session,
                self.survey(),
                token=filed.token,
                unit_id=found[0],
                receipt=receipt,
                words=words,
                complains=complain,
                officers=officers,
                to=self._to,
                now=self._now,
            )
        )
        return receipt or None

    def case(self, code: str) -> CaseTold | None:
        receipt = read_receipt(code)
        row = complaints.of_receipt(self._session, receipt) if receipt else None
        if row is None:
            return None
        return CaseTold(
            row.code, FOR_RESIDENT[ComplaintStatus(row.status)], row.answer, complaints.may_reopen(row)
        )

    def reopen(self, code: str) -> bool:
        told = self.case(code)
        if told is None or not told.may_reopen:
            return False
        self._write(lambda session: _ignore(complaints.reopen(session, told.code, now=self._now)))
        return True

    # -- inside -------------------------------------------------------------------------------------------------

    @property
    def _person(self) -> str:
        return f"chat|{self._citizen}"

    def _named(self, about: str) -> tuple[str, str | None, bool] | None:
        """(unit id, keyed hash of the service, is it over?)"""
        code = read_code(about)
        if code is not None and (tip := intake.own_tip(self._session, self._citizen, code)) is not None:
            ended = TipStatus(tip.status) not in OPEN | {TipStatus.SPAM, TipStatus.HELD}
            if not ended and tip.closed_by is None:
                return None
            return tip.unit_id, service_mark(self._key, f"tip:{code}"), False
        if (row := survey_codes.find(self._session, about)) is not None:
            return row.unit_id, row.service, row.expires_at is not None and row.expires_at <= self._now
        unit = self._session.get(UnitRow, about)
        return (unit.id, None, False) if unit is not None and unit.valid_to is None else None


def _ignore(_: object) -> None:
    """A write returns nothing."""
