"""Tips in English: what the program says is translated, what people wrote stays as it is."""

from __future__ import annotations

from datetime import timedelta

import pytest

from console import filters
from console.language import COOKIE
from data.session import Database
from domain.media import Refusal
from domain.roles import Role
from domain.tips import AttachmentKind, AttachmentState, new_designation, read_designation
from tests.console.world import Browser, World


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


def in_english(world: World, officer_id: int) -> Browser:
    browser = world.browser(officer_id)
    browser.client.set_cookie(COOKIE, "en", path="/console")
    return browser


def test_a_reporter_is_called_the_same_in_both_languages(world: World) -> None:
    tip = world.tip()

    assert (
        "<h1>Reporter Sen-42</h1>"
        in in_english(world, world.officer(Role.DUTY)).get(f"/console/tin-bao/{tip}").text
    )

    name = new_designation()
    assert read_designation(name) == name
    with world.console.test_request_context(headers={"Cookie": f"{COOKIE}=en"}):
        assert filters.called("Người báo tin Quỳnh-17") == "Reporter Quynh-17"
        assert filters.called("Người báo tin không rõ") == "Người báo tin không rõ"


def test_the_words_of_a_reporter_stay_but_the_marks_of_what_is_hidden_are_said_anew(world: World) -> None:
    tip = world.tip(what="Chờ duyệt. Nhà có kẻ lạ rình, gọi tôi số 0912 345 678")

    page = in_english(world, world.officer(Role.DUTY)).get(f"/console/tin-bao/{tip}").text

    assert "Chờ duyệt. Nhà có kẻ lạ rình, gọi tôi số [▒▒▒ phone number]" in page
    assert "Hidden: phone number." in page


def test_a_file_that_was_not_taken_says_why(world: World) -> None:
    tip = world.tip()
    world.file(tip, state=AttachmentState.REFUSED, reason=str(Refusal.size(AttachmentKind.CLIP)))

    page = in_english(world, world.officer(Role.DUTY)).get(f"/console/tin-bao/{tip}").text

    assert "the file is larger than 100 MB." in page


def test_the_second_one_to_take_is_told_by_name(world: World) -> None:
    hoa, tuan = world.officer(Role.DUTY), world.officer(Role.DUTY, name="Trần Quốc Tuấn")
    tip = world.tip()
    world.browser(tuan).post(f"/console/tin-bao/{tip}/tiep-nhan")

    late = in_english(world, hoa).post(f"/console/tin-bao/{tip}/tiep-nhan")

    assert "Officer Trần Quốc Tuấn took this tip at" in late.text


@pytest.mark.parametrize(
    ("language", "thousands", "decimals", "span", "wait"),
    [
        ("vi", "1.234", "12,5 KB", "1 giờ 20 phút", "2 ngày 4 giờ"),
        ("en", "1,234", "12.5 KB", "1 hour 20 minutes", "2 days 4 hours"),
    ],
)
def test_numbers_and_spans_follow_the_language(
    world: World, language: str, thousands: str, decimals: str, span: str, wait: str
) -> None:
    with world.console.test_request_context(headers={"Cookie": f"{COOKIE}={language}"}):
        assert filters.number(1234) == thousands
        assert filters.size(12_500) == decimals
        assert filters.lasting(timedelta(minutes=80)) == span
        assert filters.minutes_words(52 * 60) == wait
