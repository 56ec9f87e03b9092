"""Scores at the console: the table, why a unit stands there, the report to keep, corrections, the survey behind it."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import openpyxl
import pypdfium2
import pytest

from data import score_months
from data.tables import SurveyAnswer
from domain.roles import Role
from domain.surveys import AnswerState
from tests.console.pages import check_page
from tests.console.world import WARD_3, WARD_5, Browser, World

IN_OCTOBER = datetime(2026, 10, 15, 3, 0, tzinfo=UTC)


@pytest.fixture
def scored(world: World) -> World:
    """October is frozen: one ward with many answers, one with four."""
    world.rated(*[100.0] * 9, *[50.0] * 3, at=IN_OCTOBER)
    world.rated(*[25.0] * 4, unit_id=WARD_5, at=IN_OCTOBER)
    with world.database.transaction() as session:
        assert score_months.freeze_due(session, now=datetime(2026, 11, 6, tzinfo=UTC))
    return world


def head(world: World, unit_id: str = WARD_3) -> Browser:
    return world.browser(world.officer(Role.UNIT_HEAD, unit_id=unit_id))


def inspector(world: World) -> Browser:
    return world.browser(world.officer(Role.INSPECTOR, unit_id=None))


def test_the_table_ranks_with_intervals_and_says_who_has_too_few_answers(scored: World) -> None:
    page = head(scored).get("/console/diem?thang=2026-10")
    check_page(page, title="Điểm tháng", h1="Điểm phục vụ tháng 10/2026")
    assert "Đã chốt" in page.text
    assert "không đủ dữ liệu" in page.text
    assert "ít hơn 5" in page.text
    assert f"/console/diem/{WARD_3}" in page.text
    assert f"/console/diem/{WARD_5}" not in page.text, "why is shown to the unit itself"


def test_a_month_that_is_not_frozen_is_said_to_be_provisional_and_none_to_come_is_shown(
    scored: World,
) -> None:
    browser = head(scored)
    assert "Tạm tính" in browser.get("/console/diem?thang=2026-11").text
    assert "tháng 11/2026" in browser.get("/console/diem?thang=2031-01").text
    assert browser.get("/console/diem?thang=rubbish").status_code == 200


def test_the_head_sees_why_and_nobody_elses(scored: World) -> None:
    browser = head(scored)
    page = browser.get(f"/console/diem/{WARD_3}?thang=2026-10")
    check_page(page, title="Công an phường Bắc Giang", h1="Công an phường Bắc Giang")
    assert "Mức hài lòng của người dân" in page.text
    assert "Chỉ huy: " not in page.text, "nobody headed it when the month was frozen"
    assert "<polyline" not in page.text, "one month is a dot"
    assert 'class="trend-dot"' in page.text
    assert browser.get(f"/console/diem/{WARD_5}?thang=2026-10").status_code == 404
    assert inspector(scored).get(f"/console/diem/{WARD_5}?thang=2026-10").status_code == 200
    assert browser.get("/console/diem/nowhere").status_code == 404


def test_four_answers_cannot_be_read_off_the_page_of_their_unit(scored: World) -> None:
    page = inspector(scored).get(f"/console/diem/{WARD_5}?thang=2026-10").text
    row = page.split("Mức hài lòng của người dân")[1].split("</tr>")[0]
    assert "ít hơn 5" in row
    assert "25,0" not in row
    assert "100,0%" in row


def test_the_formula_is_explained_with_an_example_computed_like_the_real_months(world: World) -> None:
    page = head(world).get("/console/diem/cach-tinh")
    check_page(page, title="Cách tính điểm", h1="Cách tính điểm")
    assert "Đơn vị A: k = " in page.text
    assert "không đủ dữ liệu" in page.text


def test_the_excel_report_runs_nothing_and_has_the_figures(scored: World) -> None:
    answer = head(scored).get("/console/diem.xlsx?thang=2026-10")
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    assert book.sheetnames == ["Xếp hạng", "Thành phần", "Về báo cáo"]
    rows = list(book["Xếp hạng"].iter_rows(values_only=True))
    assert rows[1][0] == 1
    assert rows[1][3] == "Công an phường Bắc Giang"
    units = {row[0] for row in book["Thành phần"].iter_rows(min_row=2, values_only=True)}
    assert units == {"Công an phường Bắc Giang"}, "components of other units stay theirs"
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)


def test_the_pdf_report_has_real_vietnamese_letters(scored: World) -> None:
    answer = head(scored).get("/console/diem.pdf?thang=2026-10")
    assert answer.headers["Content-Type"] == "application/pdf"
    document = pypdfium2.PdfDocument(answer.data)
    text = "".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    assert "Điểm phục vụ tháng 10/2026" in text
    assert "Công an phường Bắc Giang" in text
    assert "không đủ dữ liệu" in text


def test_only_an_inspector_of_the_province_corrects_and_the_first_edition_stays(scored: World) -> None:
    spam = scored.rated(0.0, 0.0, at=IN_OCTOBER)
    local = scored.browser(scored.officer(Role.INSPECTOR, unit_id=WARD_3))
    for browser in (head(scored), local):
        refused = browser.post("/console/diem/dinh-chinh", thang="2026-10", reason="x")
        assert refused.status_code == 403
    browser = inspector(scored)
    assert browser.post("/console/diem/dinh-chinh", thang="2026-10", reason="").status_code == 422
    assert browser.post("/console/diem/dinh-chinh", thang="2026-09", reason="x").status_code == 409
    assert (
        browser.post("/console/diem/dinh-chinh", thang="2026-10", reason="Bổ sung phiếu").status_code == 302
    )
    again = browser.post("/console/diem/dinh-chinh", thang="2026-10", reason="Bổ sung phiếu")
    assert (again.status_code, "không có gì để đính chính" in again.text) == (409, True)
    shown = browser.get("/console/diem?thang=2026-10").text
    assert "Bản đính chính: Bổ sung phiếu" in shown
    assert "bản 2" in shown
    assert spam


# ---- the survey ---------------------------------------------------------------------------------------------------


def test_results_are_hidden_until_five_people_answered(world: World) -> None:
    browser = head(world)
    page = browser.get("/console/khao-sat")
    check_page(page, title="Kết quả khảo sát", h1="Kết quả khảo sát")
    assert "Chưa có ai chấm" in page.text
    world.rated(*[75.0] * 4, words="Rất tốt")
    assert "Ít hơn 5 người chấm" in browser.get("/console/khao-sat").text
    world.rated(75.0, words="Chu đáo")
    shown = browser.get("/console/khao-sat").text
    assert "75,0" in shown
    assert "Chu đáo" in shown
    assert browser.get(f"/console/khao-sat?don-vi={WARD_5}").text.count("75,0"), (
        "a head sees the own unit only"
    )


def test_a_unit_makes_its_code_once_and_the_address_stands_there(world: World) -> None:
    browser = head(world)
    browser.post("/console/khao-sat/ma", unit_id=WARD_5)
    page = browser.get("/console/khao-sat").text
    code = page.split("/khao-sat/")[-1].split('"')[0].split("<")[0]
    browser.post("/console/khao-sat/ma")
    assert code in browser.get("/console/khao-sat").text
    assert "Tạo mã" in inspector(world).get(f"/console/khao-sat?don-vi={WARD_5}").text


def test_an_inspector_sets_an_answer_aside_and_takes_it_back(world: World) -> None:
    answer = world.rated(50.0, words="Xem www.a.vn", state=AnswerState.HELD)
    browser = inspector(world)
    page = browser.get("/console/khao-sat/sang-loc")
    check_page(page, title="Sàng lọc khảo sát", h1="Sàng lọc khảo sát")
    address = f"/console/khao-sat/sang-loc/{answer}"
    assert browser.post(address, to="spam", version=1, words="").status_code == 422
    assert browser.post(address, to="spam", version=1, words="Quảng cáo").status_code == 302
    assert browser.post(address, to="counted", version=1, words="Nhầm").status_code == 409
    assert browser.post(address, to="counted", version=2, words="Nhầm").status_code == 302
    with world.database.reading() as session:
        assert session.get_one(SurveyAnswer, answer).state == AnswerState.COUNTED
    local = world.browser(world.officer(Role.INSPECTOR, unit_id=WARD_3))
    assert local.post(address, to="spam", version=3, words="x").status_code == 404
    assert "www.a.vn" not in local.get("/console/khao-sat/sang-loc").text
