"""From the poster to the page: codes that forgive no slip, pages of today, counts without anybody in them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from data import board_codes, board_files, boards
from data.session import Database
from data.tables import Officer, OfficialAccount, SuccessionRow, UnitRow
from domain.board_codes import is_code, near, new_code
from domain.boards import Language
from domain.procedures import Decision
from domain.tips import CODE_LETTERS
from public.desk import Known
from tests.conftest import Clock

WARD = "07210@2025-07-01"
PHONE = {
    "User-Agent": "Mozilla/5.0 (Linux; Android 13; SM-A135F) AppleWebKit/537.36 Chrome/120 Mobile Safari/537.36"
}


@pytest.fixture
def codes(database: Database, clock: Clock) -> dict[str, str]:
    with database.transaction() as session:
        return board_codes.codes(session, WARD, "xa", ["citizen_id", "residence"], now=clock())


def scans(database: Database) -> dict[tuple[str, date], int]:
    with database.reading() as session:
        return {
            (one.field, one.day): one.count
            for one in board_codes.scans(session, None, since=date(2026, 1, 1))
        }


def test_a_code_leads_to_its_field_at_its_unit(visitor: FlaskClient, codes: dict[str, str]) -> None:
    answer = visitor.get(f"/q/{codes['citizen_id'].lower()}", headers=PHONE)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/bang/xa/citizen-id?don-vi=07210")
    page = visitor.get(answer.headers["Location"]).text
    assert "Công an phường Bắc Giang" in page
    assert page.count('href="/thu-tuc/') > 5
    assert '<q id="loi-nhan">làm căn cước</q>' in page
    whole = visitor.get(f"/Q/{codes['']}", headers=PHONE)
    assert whole.headers["Location"] == "/bang/xa?don-vi=07210"


def test_scans_are_counted_by_unit_field_and_day_and_robots_are_not(
    visitor: FlaskClient, codes: dict[str, str], database: Database, clock: Clock
) -> None:
    for _ in range(3):
        visitor.get(f"/q/{codes['residence']}", headers=PHONE)
    visitor.get("/bang/xa/residence?don-vi=07210", headers=PHONE)  # a reload of the page is no scan
    visitor.head(f"/q/{codes['residence']}", headers=PHONE)
    visitor.get(f"/q/{codes['residence']}", headers={"User-Agent": "Googlebot/2.1"})
    visitor.get(f"/q/{codes['residence']}", headers={"User-Agent": ""})
    visitor.get(f"/q/{codes['residence']}", headers={**PHONE, "Sec-Purpose": "prefetch;prerender"})
    clock.advance(hours=15)  # 01:00 of the next day in Vietnam
    visitor.post("/q", data={"ma": codes["residence"]}, headers=PHONE)
    assert scans(database) == {("residence", date(2026, 11, 24)): 3, ("residence", date(2026, 11, 25)): 1}


def test_a_wrong_letter_leads_to_a_hint_and_never_to_a_page(
    visitor: FlaskClient, codes: dict[str, str]
) -> None:
    code = codes["residence"]
    other = next(letter for letter in CODE_LETTERS if letter != code[2])
    wrong = code[:2] + other + code[3:]
    page = visitor.get(f"/q/{wrong}", headers=PHONE)
    assert page.status_code == 404
    assert "Mã này chưa đúng" in page.text
    assert f'href="/q/{code}"' in page.text
    assert f'href="/q/{code}"' in visitor.post("/q", data={"ma": code[:-1]}).text


@pytest.mark.parametrize("typed", ["", "x", "<script>", "A" * 500, "tôi muốn hỏi", "\x00"])
def test_anything_typed_is_answered(visitor: FlaskClient, typed: str) -> None:
    page = visitor.post("/q", data={"ma": typed})
    assert page.status_code == 404
    assert "<script>" not in page.text


def test_no_single_slip_and_no_swap_makes_another_code() -> None:
    code = new_code()
    for place in range(len(code)):
        for letter in CODE_LETTERS:
            slip = code[:place] + letter + code[place + 1 :]
            assert is_code(slip) is (slip == code)
            if slip != code:
                assert code in near(slip)
    for place in range(len(code) - 1):
        swap = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
        assert is_code(swap) is (swap == code)


def test_a_poster_of_a_unit_that_was_merged_leads_to_its_successor(
    visitor: FlaskClient, codes: dict[str, str], database: Database, clock: Clock, known: Known, app: Flask
) -> None:
    with database.transaction() as session:
        row = session.get_one(UnitRow, WARD)
        row.valid_to = date(2026, 10, 1)
        session.add(
            SuccessionRow(old_id=WARD, new_id="07228@2025-07-01", since=date(2026, 10, 1), evidence="A")
        )
    assert visitor.get(f"/q/{codes['']}", headers=PHONE).headers["Location"] == "/bang/xa?don-vi=07228"


def test_a_field_taken_off_the_board_leads_posters_to_the_board(
    visitor: FlaskClient, codes: dict[str, str], database: Database, clock: Clock
) -> None:
    board = board_files.shipped()["xa"]
    with database.transaction() as session:
        officer = Officer(
            email="a@cau-noi.example", name="Cán bộ", active=True, fs_uniquifier="x", created_at=clock()
        )
        session.add(officer)
        session.flush()
        less = replace(
            board.composition,
            fields=tuple(replace(one, label=one.label + " *") for one in board.fields[:2]),
            languages=(Language.VIETNAMESE, Language.ENGLISH),
            hotline="0204.385.5555",
            note="Nghỉ trưa từ 11 giờ 30",
        )
        boards.save(session, WARD, board, less, version=0, officer_id=officer.id, now=clock())
    assert " *" not in visitor.get("/bang/xa?don-vi=07210").text  # a draft is nobody's business yet
    with database.transaction() as session:
        boards.publish(session, WARD, board, version=1, officer_id=officer.id, now=clock())
    page = visitor.get("/bang/xa?don-vi=07210").text
    assert page.count(" *") == 2
    assert "Citizen identity card" in page
    assert 'href="tel:02043855555"' in page
    assert "Nghỉ trưa" in page
    assert visitor.get("/bang/xa/residence?don-vi=07210").status_code == 200
    assert visitor.get("/bang/xa/khong-co").status_code == 404
    assert (
        visitor.get("/bang/xa/aviation-security?don-vi=07210").headers["Location"] == "/bang/xa?don-vi=07210"
    )
    assert "Citizen identity card" not in visitor.get("/bang/xa?don-vi=07228").text


def test_the_boards_of_2022_say_what_became_of_them(visitor: FlaskClient) -> None:
    for key in ("tinh-2022", "huyen-2022", "thanh-pho-2022", "xa-2022"):
        page = visitor.get(f"/bang/{key}").text
        assert "dùng đến hết ngày 28/02/2025" in page
        assert 'href="/bang/' in page
    page = visitor.get("/bang/huyen-2022/vehicle").text
    assert "Nay là:" in page


def test_every_field_of_every_board_has_a_page_with_something_on_it(visitor: FlaskClient) -> None:
    for board in board_files.shipped().values():
        for one in board.fields:
            page = visitor.get(f"/bang/{board.key}/{one.field.replace('_', '-')}")
            assert page.text.count('href="/thu-tuc/') >= 1, (board.key, one.field)


def test_the_words_to_send_mean_something_to_the_bot(known: Known) -> None:
    """Zalo has no preset text: what the page tells people to send has to bring an answer."""
    sent = {one.words for board in board_files.shipped().values() for one in board.fields}
    for words in sent:
        found = known.catalogue.matcher.search(words)
        assert found.decision in {Decision.ANSWER, Decision.CHOOSE}, words


def test_one_tap_on_to_the_chat_of_the_unit_with_its_own_keyword(
    visitor: FlaskClient, database: Database, clock: Clock
) -> None:
    board = board_files.shipped()["xa"]
    with database.transaction() as session:
        for oa_id, unit_id in (("111", "24@2025-07-01"), ("222", WARD)):
            session.add(OfficialAccount(oa_id=oa_id, name=f"OA {oa_id}", unit_id=unit_id, created_at=clock()))
        officer = Officer(
            email="b@cau-noi.example", name="Cán bộ", active=True, fs_uniquifier="y", created_at=clock()
        )
        session.add(officer)
        session.flush()
        made = replace(
            board.composition,
            fields=tuple(
                replace(one, keyword="#can_cuoc") for one in board.fields if one.field == "citizen_id"
            ),
            hotline="0204 385 5555",
        )
        boards.save(session, WARD, board, made, version=0, officer_id=officer.id, now=clock())
        boards.publish(session, WARD, board, version=1, officer_id=officer.id, now=clock())
    page = visitor.get("/bang/xa/citizen-id?don-vi=07210").text
    assert 'href="https://zalo.me/222"' in page
    assert '<q id="loi-nhan">#can_cuoc</q>' in page
    elsewhere = visitor.get("/bang/xa/citizen-id?don-vi=07228").text
    assert 'href="https://zalo.me/111"' in elsewhere
    assert '<q id="loi-nhan">làm căn cước</q>' in elsewhere
    office = visitor.post("/noi-nop", data={"place": "phường bắc giang"}).text
    assert 'href="/bang/xa?don-vi=07210"' in office
    assert 'href="tel:02043855555"' in office


def test_robots_are_told_to_leave_the_codes_alone(visitor: FlaskClient) -> None:
    told = visitor.get("/robots.txt")
    assert told.mimetype == "text/plain"
    assert "Disallow: /q/" in told.text


def test_the_survey_of_the_unit_stands_on_its_board(app: Flask) -> None:
    given = app.extensions["desk"]
    app.extensions["desk"] = replace(given, survey_code=lambda unit_id: "KS123" if unit_id == WARD else None)
    visitor = app.test_client()
    assert 'href="/khao-sat/KS123"' in visitor.get("/bang/xa?don-vi=07210").text
    assert "/khao-sat/" not in visitor.get("/bang/xa?don-vi=07228").text
