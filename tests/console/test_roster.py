"""The page of the roster: the head keeps it, officers read it, others never see it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from data.session import Database
from domain.roles import Role
from tests.console.pages import check_page
from tests.console.world import WARD_5, World

HERE = "/console/lich-truc"


@pytest.fixture
def world(sqlite_database: Database) -> World:
    return World(sqlite_database)


def form(officer: int, *days: str) -> dict[str, object]:
    return {"tuan": "2026-11-23", "officer": str(officer), "days": list(days), "shift": "night"}


def test_without_a_roster_the_page_says_which_rule_holds(world: World) -> None:
    browser = world.browser(world.officer(Role.UNIT_HEAD))
    page = browser.get(HERE)
    check_page(page, title="Lịch trực", h1="Lịch trực")
    assert "chưa có lịch trực" in page.text
    assert "đăng nhập trong 12 giờ" in page.text
    assert "Trống" not in page.text


def test_the_head_adds_copies_and_removes(world: World) -> None:
    head, hoa = world.officer(Role.UNIT_HEAD, name="Trưởng"), world.officer(Role.DUTY)
    world.officer(Role.DUTY, unit_id=WARD_5, name="Người phường khác")
    browser = world.browser(head)
    browser.get(HERE)
    browser.post(HERE, **form(hoa, "2026-11-24", "2026-11-26"))
    page = browser.get(HERE)
    check_page(page, title="Lịch trực", h1="Lịch trực")
    assert "Đã xếp 2 ca trực" in page.text
    assert page.text.count("<strong>19:00–07:00 hôm sau") == 2
    assert "Người phường khác" not in page.text
    assert "Trống: 12:00–19:00" in page.text, "from now on: the morning is over"
    assert "Lúc này không có ai trực theo lịch" in page.text

    browser.post(f"{HERE}/chep-tuan-truoc", tuan="2026-11-30")
    assert "Đã chép 2 ca từ tuần trước" in browser.get(f"{HERE}?tuan=2026-12-02").text
    browser.post(f"{HERE}/chep-tuan-truoc", tuan="2026-11-30")
    following = browser.get(f"{HERE}?tuan=2026-12-02")
    assert "Không có ca nào của tuần trước để chép thêm" in following.text
    gone = re.search(r"/console/lich-truc/\d+/xoa", following.text)
    assert gone
    browser.post(gone[0], tuan="2026-11-30")
    assert "Đã bỏ ca 19:00 01/12 – 07:00 02/12 của Nguyễn Thị Hoa" in browser.get(HERE).text
    assert browser.post(gone[0], tuan="2026-11-30").status_code == 404


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"days": []}, "chọn ít nhất một ngày"),
        ({"shift": "other"}, "nhập giờ bắt đầu"),
        ({"shift": "other", "starts": "25:00", "ends": "x"}, "nhập giờ bắt đầu"),
        ({"officer": "999999"}, "không trực ở đơn vị"),
        ({"days": ["2026-11-23"], "shift": "day"}, "đã qua"),
    ],
)
def test_what_does_not_fit_is_said_and_stays_in_the_form(
    world: World, more: dict[str, object], words: str
) -> None:
    head = world.officer(Role.UNIT_HEAD)
    browser = world.browser(head)
    browser.get(HERE)
    answer = browser.post(HERE, **(form(head, "2026-11-26") | more))
    assert answer.status_code == 422
    assert words in answer.text
    if more.get("shift") == "other":
        assert re.search(r'value="2026-11-26" checked', answer.text)


@pytest.mark.parametrize("query", ["", "?tuan=x", "?tuan=0001-01-01", "?tuan=9999-12-31", "?tuan=2026-02-30"])
def test_an_odd_week_is_this_week(world: World, query: str) -> None:
    page = world.browser(world.officer(Role.DUTY)).get(HERE + query)
    assert page.status_code == 200
    assert "tuần từ 23/11/2026" in page.text


def test_a_duty_officer_reads_who_is_there_and_changes_nothing(world: World) -> None:
    hoa = world.officer(Role.DUTY)
    shift = world.shift(hoa)
    browser = world.browser(hoa)
    page = browser.get(HERE)
    assert "Đang trực: Nguyễn Thị Hoa." in page.text
    assert "Xếp ca" not in page.text
    assert browser.post(f"{HERE}/{shift}/xoa").status_code == 403


def test_another_units_shift_is_not_found(world: World) -> None:
    shift = world.shift(world.officer(Role.DUTY, unit_id=WARD_5), begins_in=timedelta(hours=5))
    browser = world.browser(world.officer(Role.UNIT_HEAD))
    browser.get(HERE)
    assert browser.post(f"{HERE}/{shift}/xoa").status_code == 404


def test_off_duty_the_take_button_is_answered_with_who_is_there(world: World) -> None:
    hoa, tuan = world.officer(Role.DUTY), world.officer(Role.DUTY, name="Tuấn")
    world.shift(hoa)
    tip = world.tip()
    browser = world.browser(tuan)
    browser.get(f"/console/tin-bao/{tip}")
    answer = browser.post(f"/console/tin-bao/{tip}/tiep-nhan")
    assert answer.status_code == 409
    assert "đang trực: Nguyễn Thị Hoa" in answer.text
