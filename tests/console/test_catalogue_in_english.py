"""The catalogue and what the bot learns, read in English: our words are English, those of people stay as they are."""

from __future__ import annotations

import html
import re
from pathlib import Path

from console.language import COOKIE
from data.record_text import STATUSES
from domain.roles import Role
from tests.console.test_catalogue_pages import PAGE, changed_sheet, form, upload
from tests.console.test_learning_pages import WORDS, proposal, questions
from tests.console.world import Browser, World

__all__ = ["questions"]  # a fixture


def reader(world: World) -> Browser:
    """An editor who has chosen English."""
    browser = world.browser(world.officer(Role.EDITOR, unit_id=None, name="Trần Thị Lan"))
    browser.client.set_cookie(COOKIE, "en", path="/console")
    return browser


def texts(page: str) -> str:
    """The page without its tags, on one line."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", page)).split())


def test_a_record_shows_choices_in_english_and_its_own_words_as_written(world: World) -> None:
    world.record()
    browser = reader(world)

    page = browser.get(PAGE).text

    assert '<dd class="words">Immigration and passports</dd>' in page
    assert '<dd class="words" lang="vi">5 ngày làm việc</dd>' in page
    assert '<h1 lang="vi">Cấp hộ chiếu phổ thông ở trong nước</h1>' in page


def test_a_choice_is_read_in_english_and_kept_as_before(world: World) -> None:
    world.record()
    browser = reader(world)

    choices = browser.get(f"{PAGE}/sua").text.split('name="status"')[1].split("</select>")[0]
    assert re.findall(r'value="([^"]*)"', choices) == list(STATUSES.values())
    assert "Abolished" in choices

    browser.post(f"{PAGE}/sua", **form(world, status="Đã bãi bỏ"))

    assert world.body()["status"] == "abolished"
    assert "In force" in browser.get(PAGE).text.split("<ol")[1], "the history says what it was"


def test_an_undo_that_is_refused_names_the_fields_in_english(world: World) -> None:
    world.record()
    browser = reader(world)
    browser.post(f"{PAGE}/sua", **form(world, fee="Miễn phí", where="Công an xã"))
    address = re.search(rf'action="({PAGE}/hoan-tac/\d+)"', browser.get(PAGE).text)
    assert address
    browser.post(f"{PAGE}/sua", **form(world, fee="1 đ", where="Công an tỉnh"))

    refused = browser.post(address[1], reason="Nhầm")

    assert refused.status_code == 409
    assert "edited since: Fees, Where to go." in texts(refused.text)


def test_problems_of_a_sheet_are_english_also_after_they_were_kept(world: World) -> None:
    world.record()
    browser = reader(world)
    cells = {"Đối_tượng": "Ai cũng được", "Thay_bằng": "9.9"}
    page = browser.get(upload(browser, changed_sheet(browser, **cells)).location).text
    assert "Only these are accepted, in Vietnamese: Người dân; Doanh nghiệp" in page
    assert '<td lang="vi">Đối tượng</td>' in page, "as it stands in the file"

    cells = {"Thay_bằng": "9.9"}
    page = browser.get(upload(browser, changed_sheet(browser, **cells)).location).text
    assert "No procedure has the code 9.9." in page


def test_the_explanation_is_english_to_the_last_reason(world: World) -> None:
    world.record()
    page = reader(world).post("/console/vi-sao", question="làm hộ chiếu mất bao nhiêu tiền").text

    verdict = page.split('id="quyet-dinh"')[1]
    ours = texts(re.sub(r'<(\w+)[^>]* lang="vi".*?</\1>', "", verdict.split("<dialog")[0]))
    assert re.search(r"\d+% sure that the first record is the one asked for", ours)
    assert "all of the above, weighed and added" in ours
    assert not re.search("[ăđơưạảấầẩậắằẵặẻẽẹềếểễệỉịọỏốồổộớờởợụủứừửữự]", ours)


def test_a_dry_run_says_what_the_bot_does_in_english_and_names_in_vietnamese(
    world: World, questions: Path
) -> None:
    world.record()
    browser = reader(world)
    address = browser.post("/console/hoc-hoi/de-xuat", **proposal()).location
    world.replays(questions).drain()

    page = browser.get(address).text

    assert "Said it is not sure" in page
    assert 'Answered: <span lang="vi">Cấp hộ chiếu phổ thông ở trong nước</span>' in page
    assert f'<p lang="vi"><strong>{WORDS}</strong></p>' in page
