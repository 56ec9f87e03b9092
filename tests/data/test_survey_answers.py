"""Answers to the survey on both databases: one each, set aside and taken back, shown only when many answered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data import audit, complaints, intake, survey_answers, survey_codes, survey_results
from data.session import Database
from data.survey_answers import Ballot, Refusal
from data.survey_rules import check, survey
from data.tables import Complaint, SurveyAnswer, SurveyCode, SurveyOptOut
from domain import surveys
from domain.errors import MoveRefused
from domain.roles import Role
from domain.surveys import AnswerState
from tests.console.world import CITIZEN, NOON, OA, WARD_3, WARD_5, World

KEY = survey_answers.key_of(b"pepper")
GOOD = {"overall": "5", "manner": "all", "result": "done"}


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


def file(
    session: Session,
    person: str,
    *,
    unit_id: str = WARD_3,
    words: str = "",
    given: Mapping[str, str] = GOOD,
    now: object = NOON,
    **more: str | None,
) -> SurveyAnswer | None:
    ballot = Ballot(unit_id, more.pop("channel", None) or "web", person, given, words, **more)
    return survey_answers.file(session, KEY, survey(), ballot, now=now)  # type: ignore[arg-type]


def test_the_shipped_survey_has_no_fault() -> None:
    assert check() == []


def test_a_unit_has_one_code_for_good_and_the_code_leads_to_it(world: World) -> None:
    with world.database.transaction() as session:
        code = survey_codes.of_unit(session, WARD_3, now=NOON)
        assert survey_codes.of_unit(session, WARD_3, now=NOON + timedelta(days=400)) == code
        assert survey_codes.of_units_today(session, now=NOON)[WARD_3] == code
        assert len(survey_codes.of_units_today(session, now=NOON)) == 3
        found = survey_codes.find(session, code.lower().replace("-", ""))
        assert found is not None
        assert (found.unit_id, found.service) == (WARD_3, None)
        assert survey_codes.find(session, "AAAA-AA-A") is None


def test_a_service_has_one_link_and_the_link_is_good_once(world: World) -> None:
    with world.database.transaction() as session:

        def invite() -> str | None:
            return survey_codes.invite(
                session, KEY, survey=survey(), unit_id=WARD_3, service="dossier:H-1", now=NOON
            )

        code = invite()
        assert code is not None
        assert invite() == code
        row = survey_codes.find(session, code)
        assert row is not None
        assert row.expires_at == NOON + survey().link_lasts
        assert "H-1" not in (row.service or "")
        assert file(session, "one", service=row.service) is not None
        assert file(session, "two", service=row.service) is None
        assert invite() is None
        assert session.scalar(select(func.count()).select_from(SurveyCode)) == 1


def test_the_same_person_rates_a_unit_once_in_the_stated_time(world: World) -> None:
    with world.database.transaction() as session:
        assert file(session, "one") is not None
        assert file(session, "one") is None
        why = survey_answers.why_not(
            session, KEY, survey(), unit_id=WARD_3, person="one", service=None, now=NOON
        )
        assert why is Refusal.AGAIN
        assert file(session, "one", unit_id=WARD_5) is not None
        assert file(session, "two") is not None
        later = NOON + survey().again_after + timedelta(hours=3)
        assert survey_answers.forget_voters(session, survey(), now=later) == 3
        assert session.scalars(select(SurveyAnswer.voter)).all() == [None] * 3
        assert file(session, "one", now=later) is not None


def test_a_second_click_on_the_same_form_counts_once(world: World) -> None:
    with world.database.transaction() as session:
        assert file(session, "one", submission="s") is not None
        assert file(session, "two", submission="s") is None


def test_what_is_kept_says_neither_who_nor_exactly_when(world: World) -> None:
    with world.database.transaction() as session:
        row = file(session, CITIZEN, words="Tôi là Trần Văn Bình, 0912345678, phải chờ lâu", service="x")
        assert row is not None
        written = " ".join(str(value) for value in vars(row).values())
        assert CITIZEN not in written
        assert "0912345678" not in written
        assert "Trần Văn Bình" not in written
        assert (row.at.minute, row.mark) == (0, 100.0)


def test_copies_and_floods_wait_and_an_inspector_may_take_everything_back(world: World) -> None:
    inspector = world.officer(Role.INSPECTOR, unit_id=None)
    with world.database.transaction() as session:
        words = "Cán bộ rất nhiệt tình và chu đáo"
        assert file(session, "a", words=words) is not None
        copy = file(session, "b", words=words)
        assert copy is not None
        assert copy.state == AnswerState.DUPLICATE
        for number in range(survey().hold_per_hour - 2):
            file(session, f"n{number}")
        held = file(session, "z")
        assert held is not None
        assert held.state == AnswerState.HELD
        in_chat = file(session, "y", channel="chat")
        assert in_chat is not None
        assert in_chat.state == AnswerState.COUNTED
        assert [row.id for row in survey_answers.to_sift(session)] == [held.id, copy.id]
    with world.database.transaction() as session:
        for to, version in ((AnswerState.SPAM, 1), (AnswerState.COUNTED, 2)):
            survey_answers.sift(
                session, held.id, to=to, version=version, words="Đã xem", officer_id=inspector, now=NOON
            )
        with pytest.raises(MoveRefused):
            survey_answers.sift(
                session, held.id, to=AnswerState.SPAM, version=2, words="x", officer_id=inspector, now=NOON
            )
        with pytest.raises(MoveRefused):
            survey_answers.sift(
                session, held.id, to=AnswerState.SPAM, version=3, words="", officer_id=inspector, now=NOON
            )
        trail = audit.listed(session, limit=9, subject=f"survey_answer:{held.id}")
        assert [one.action for one in trail] == ["survey.sift"] * 2


def test_units_see_numbers_and_words_of_many_only(world: World) -> None:
    month = (NOON - timedelta(days=5), NOON + timedelta(days=5))

    def see(session: Session) -> survey_results.Results:
        return survey_results.results(session, survey(), unit_id=WARD_3, since=month[0], until=month[1])

    with world.database.transaction() as session:
        assert see(session).count == 0
        for number in range(4):
            file(session, f"p{number}", words=f"Lời số {number}")
        file(session, "elsewhere", unit_id=WARD_5)
        assert (see(session).count, see(session).mark, see(session).words) == (None, None, None)
        file(session, "p4", given={**GOOD, "overall": "1"})
        seen = see(session)
        assert seen.count == 5
        overall = dict(dict(seen.questions)["Mức hài lòng chung"])
        assert overall["Rất không hài lòng"] is None, "one person's answer"
        assert overall["Rất hài lòng"] is None, "else the total gives it away"
        assert seen.words is None
        file(session, "p5", words="Lời số 5")
        shown = see(session).words
        assert shown is not None
        assert set(shown) == {f"Lời số {n}" for n in (0, 1, 2, 3, 5)}


def test_who_does_not_want_to_be_asked_is_not_and_may_come_back(world: World) -> None:
    with world.database.transaction() as session:
        assert survey_answers.wants_to_be_asked(session, CITIZEN)
        survey_answers.ask_no_more(session, CITIZEN, now=NOON)
        survey_answers.ask_no_more(session, CITIZEN, now=NOON)
        assert not survey_answers.wants_to_be_asked(session, CITIZEN)
        survey_answers.ask_again(session, CITIZEN)
        assert survey_answers.wants_to_be_asked(session, CITIZEN)


def test_who_asks_to_be_forgotten_is_cut_from_complaints_and_choices(world: World) -> None:
    with world.database.transaction() as session:
        survey_answers.ask_no_more(session, CITIZEN, now=NOON)
        new = complaints.NewComplaint("PA-1", WARD_3, "survey", {}, "Chờ lâu", citizen=CITIZEN, oa_id=OA)
        complaints.open_case(session, new, now=NOON)
        intake.erase(session, CITIZEN, now=NOON)
        assert session.scalars(select(SurveyOptOut)).all() == []
        assert session.scalars(select(Complaint.citizen)).all() == [None]


@pytest.mark.parametrize("given", [{}, {"mood": "x"}])
def test_an_answer_without_answers_has_no_mark(world: World, given: dict[str, str]) -> None:
    with world.database.transaction() as session:
        row = file(session, "one", given=given)
        assert row is not None
        assert row.mark is None
        assert surveys.bad_answers(survey(), row.given) == []
