"""The survey on the web: few taps, once, known to nobody; a complaint is answered by its receipt."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from data import survey_answers, survey_codes
from data.session import Database
from data.survey_rules import survey
from data.tables import Complaint, SurveyAnswer
from domain.complaints import ComplaintStatus
from public import create_public
from public.desk import Known
from public.guesses import WRONG_MAX
from tests.console.world import WARD_3, WARD_5, World

GOOD = {"overall": "5", "manner": "all", "result": "done"}


@pytest.fixture
def world(sqlite_database: Database) -> World:
    return World(sqlite_database)


@pytest.fixture
def browser(world: World, known: Known) -> FlaskClient:
    return new_browser(world, known)


def new_browser(world: World, known: Known) -> FlaskClient:
    app = create_public(
        database=world.database, clock=world.clock, knowledge=lambda: known, secret_key="s" * 40
    )
    return app.test_client()


def code_of(world: World, unit_id: str = WARD_3) -> str:
    with world.database.transaction() as session:
        return survey_codes.of_unit(session, unit_id, now=world.clock())


def sends(browser: FlaskClient, code: str, **fields: str) -> TestResponse:
    """Open the form and send it as a browser does."""
    page = browser.get(f"/khao-sat/{code}")
    form = re.search(r'name="form" value="([^"]+)"', page.text)
    return browser.post(f"/khao-sat/{code}", data={"form": form[1] if form else "", **fields})


def kept(world: World) -> list[SurveyAnswer]:
    with world.database.reading() as session:
        return list(session.scalars(select(SurveyAnswer).order_by(SurveyAnswer.id)))


def test_the_form_asks_what_the_data_say_and_works_without_script(world: World, browser: FlaskClient) -> None:
    page = browser.get(f"/khao-sat/{code_of(world).lower().replace('-', '')}")
    assert page.status_code == 200
    assert page.text.count("<fieldset") == len(survey().questions)
    assert page.text.count('type="radio"') == sum(len(one.choices) for one in survey().questions)
    assert "Công an phường Bắc Giang" in page.text
    assert "<script>" not in page.text
    assert "Set-Cookie" not in page.headers, "looking leaves no trace"
    assert "không dùng cookie" not in page.text, "what the page says of itself is true"


def test_a_code_on_paper_may_be_typed(world: World, browser: FlaskClient) -> None:
    assert browser.get("/khao-sat").status_code == 200
    code = code_of(world)
    assert "Công an phường Bắc Giang" in browser.get(f"/khao-sat?ma={code.lower()}").text


def test_one_answer_from_one_browser_and_the_next_unit_is_free(world: World, browser: FlaskClient) -> None:
    code, other = code_of(world), code_of(world, WARD_5)
    done = sends(browser, code, **GOOD)
    assert "Xin cảm ơn bạn" in done.text
    cookie = done.headers["Set-Cookie"]
    for part in ("Path=/khao-sat", "HttpOnly", "SameSite=Strict"):
        assert part in cookie
    again = browser.get(f"/khao-sat/{code}")
    assert (again.status_code, "gần đây" in again.text) == (409, True)
    assert sends(browser, code, **GOOD).status_code == 409
    assert sends(browser, other, **GOOD).status_code == 200
    world.clock.goes(days=survey().again_after.days, hours=2)
    assert sends(browser, code, **GOOD).status_code == 200
    assert [one.unit_id for one in kept(world)] == [WARD_3, WARD_5, WARD_3]
    assert len({one.voter for one in kept(world)}) == 2, "the same browser looks different to every unit"


def test_a_second_click_counts_once(world: World, browser: FlaskClient, known: Known) -> None:
    code = code_of(world)
    form = re.search(r'name="form" value="([^"]+)"', browser.get(f"/khao-sat/{code}").text)
    assert form
    first = browser.post(f"/khao-sat/{code}", data={"form": form[1], **GOOD})
    twin = new_browser(world, known).post(f"/khao-sat/{code}", data={"form": form[1], **GOOD})
    assert "đã được ghi nhận" in first.text
    assert "không tính lần nữa" in twin.text
    assert len(kept(world)) == 1


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"manner": "skip", "words": "Chờ lâu"}, "mức hài lòng chung"),
        ({**GOOD, "complain": "1"}, "kể ngắn gọn"),
        ({"overall": "99", "words": "Chờ lâu"}, "mức hài lòng chung"),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(
    world: World, browser: FlaskClient, fields: dict[str, str], words: str
) -> None:
    page = sends(browser, code_of(world), **fields)
    assert page.status_code == 422
    assert words in page.text
    assert fields.get("words", "") in page.text
    assert ('name="complain" value="1" checked' in page.text) is ("complain" in fields)
    assert kept(world) == []


def test_a_form_of_nobody_or_of_another_code_is_not_taken(world: World, browser: FlaskClient) -> None:
    code, other = code_of(world), code_of(world, WARD_5)
    form = re.search(r'name="form" value="([^"]+)"', browser.get(f"/khao-sat/{other}").text)
    assert form
    for given in ("", "rubbish", form[1]):
        assert browser.post(f"/khao-sat/{code}", data={"form": given, **GOOD}).status_code == 422
    assert kept(world) == []


def test_a_link_after_a_service_is_good_once_and_for_its_time(
    world: World, browser: FlaskClient, known: Known
) -> None:
    with world.database.transaction() as session:
        key = survey_answers.key_of(b"pepper")

        def invite(service: str) -> str:
            made = survey_codes.invite(
                session, key, survey=survey(), unit_id=WARD_3, service=service, now=world.clock()
            )
            assert made is not None
            return made

        first, second = invite("dossier:1"), invite("dossier:2")
    assert sends(browser, first, **GOOD).status_code == 200
    other = new_browser(world, known)
    closed = other.get(f"/khao-sat/{first}")
    assert (closed.status_code, "đã được chấm điểm rồi" in closed.text) == (409, True)
    world.clock.now += survey().link_lasts + timedelta(minutes=1)
    assert "đã hết hạn" in other.get(f"/khao-sat/{second}").text


def test_a_bad_mark_gives_a_receipt_with_which_the_answer_is_read(world: World, browser: FlaskClient) -> None:
    done = sends(browser, code_of(world), overall="1", words="Gọi tôi 0912345678, chờ hai tiếng")
    receipt = re.search(r"PA-\w{4}-\w{4}-\w", done.text)
    assert receipt
    with world.database.transaction() as session:
        case = session.scalars(select(Complaint)).one()
        assert (case.code, case.citizen, case.past_unit) == (receipt[0], None, False)
        assert "0912345678" not in case.words
        case.status, case.answer = ComplaintStatus.ANSWERED, "Đã bố trí thêm cán bộ."
    page = browser.post("/khao-sat/phan-anh", data={"code": receipt[0].lower()})
    assert "Đã bố trí thêm cán bộ." in page.text
    assert "chờ hai tiếng" not in page.text
    again = browser.post("/khao-sat/phan-anh", data={"code": receipt[0], "act": "reopen"})
    assert "Thanh tra Công an tỉnh xem" in again.text
    once = browser.post("/khao-sat/phan-anh", data={"code": receipt[0], "act": "reopen"})
    assert "đang được xác minh" in once.text


def test_words_against_police_or_the_five_nos_go_to_inspectors_alone(
    world: World, browser: FlaskClient, known: Known
) -> None:
    sends(browser, code_of(world), overall="5", manner="khong")
    sends(new_browser(world, known), code_of(world), overall="1", words="Công an phường đòi tiền của dân")
    with world.database.reading() as session:
        assert session.scalars(select(Complaint.past_unit)).all() == [True, True]


def test_whoever_tries_codes_has_to_wait(browser: FlaskClient) -> None:
    for _ in range(WRONG_MAX):
        assert browser.get("/khao-sat/AAAA-AA-A").status_code == 404
    assert browser.get("/khao-sat/AAAA-AA-A").status_code == 429
    assert browser.post("/khao-sat/phan-anh", data={"code": "PA-AAAA-AAAA-A"}).status_code == 429
