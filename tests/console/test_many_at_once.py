"""Acts on the tips ticked in the queue, and taking them back."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory

from data import schema
from domain.roles import Role
from domain.tips import TipStatus
from tests.console.world import WARD_3, WARD_5, Browser, World

MANY = "/console/tin-bao/nhieu-tin"


def ticked(world: World, *tips: int) -> list[str]:
    return [f"{tip}.{world.full(tip).line.version}" for tip in tips]


def undo(browser: Browser) -> str:
    """Press “Hoàn tác” on the queue; what the next page says."""
    found = re.search(r'name="act" value="(\d+)"', browser.get("/console/tin-bao").text)
    assert found, "the queue offers no undo"
    browser.post(f"{MANY}/hoan-tac", act=found[1])
    return browser.get("/console/tin-bao").text


def test_many_tips_are_taken_and_given_back_by_one_press(world: World) -> None:
    hoa = world.officer(Role.DUTY)
    browser, tips = world.browser(hoa), [world.tip(), world.tip()]

    browser.post(MANY, do="take", tip=ticked(world, *tips))
    assert [world.full(tip).line.taken_by for tip in tips] == [hoa, hoa]
    assert "Đã tiếp nhận 2 tin." in browser.get("/console/tin-bao").text

    assert "Đã hoàn tác 2 tin." in undo(browser)
    assert [(world.full(tip).line.status, world.full(tip).line.taken_by) for tip in tips] == [
        ("new", None)
    ] * 2
    assert [move.move for move in world.full(tips[0]).moves] == ["filed", "taken", "undone"]
    assert 'name="act"' not in browser.get("/console/tin-bao").text


def test_spam_needs_a_reason_and_comes_back_as_it_was(world: World) -> None:
    hoa = world.officer(Role.DUTY)
    browser = world.browser(hoa)
    new, taken = world.tip(), world.tip(status=TipStatus.TAKEN, taken_by=hoa)

    browser.post(MANY, do="spam", tip=ticked(world, new, taken))
    assert "Mời nhập lý do" in browser.get("/console/tin-bao").text
    assert world.full(new).line.status == "new"
    browser.post(MANY, do="spam", words="Quảng cáo", tip=ticked(world, new, taken))
    assert [world.full(tip).line.status for tip in (new, taken)] == ["spam", "spam"]
    undo(browser)

    assert [world.full(tip).line.status for tip in (new, taken)] == ["new", "taken"]
    assert world.full(taken).line.taken_by == hoa


def test_a_head_hands_many_over_and_calls_them_back_from_the_other_unit(world: World) -> None:
    head = world.browser(world.officer(Role.UNIT_HEAD))
    tip = world.tip()

    head.post(MANY, do="hand_over", words="Địa bàn khác", to_unit=WARD_5, tip=ticked(world, tip))
    assert world.full(tip).line.unit_id == WARD_5
    undo(head)
    assert world.full(tip).line.unit_id == WARD_3

    duty = world.browser(world.officer(Role.DUTY))
    refused = duty.post(MANY, do="hand_over", words="Thử", to_unit=WARD_5, tip=ticked(world, tip))
    assert refused.status_code == 403


def test_what_somebody_touched_since_is_neither_acted_on_nor_taken_back(world: World) -> None:
    hoa, lan = world.officer(Role.DUTY), world.officer(Role.DUTY, name="Trần Lan")
    browser = world.browser(hoa)
    mine, hers = world.tip(), world.tip()
    seen = ticked(world, mine, hers)
    world.browser(lan).post(f"/console/tin-bao/{hers}/tiep-nhan")

    browser.post(MANY, do="take", tip=seen)
    page = browser.get("/console/tin-bao").text
    assert "Đã tiếp nhận 1 tin." in page
    assert f"{world.full(hers).line.code}: Đồng chí Trần Lan vừa tiếp nhận tin này" in page
    browser.post(
        f"/console/tin-bao/{mine}/trang-thai", to="in_progress", version=str(world.full(mine).line.version)
    )

    assert "Chính đồng chí vừa" in undo(browser)
    assert world.full(mine).line.status == "in_progress"


def test_tips_of_another_unit_and_odd_rows_are_left_alone(world: World) -> None:
    browser, theirs = world.browser(world.officer(Role.DUTY)), world.tip(unit_id=WARD_5)

    browser.post(MANY, do="take", tip=[*ticked(world, theirs), "x.y", "", "1", "-1.2"])

    assert world.full(theirs).line.status == "new"
    assert "Không có tin nào được thay đổi" in browser.get("/console/tin-bao").text
    assert browser.post(MANY, do="nothing").status_code == 400


def test_an_undo_is_the_officers_own_and_of_ten_minutes(world: World) -> None:
    browser, other = (
        world.browser(world.officer(Role.DUTY)),
        world.browser(world.officer(Role.DUTY, name="Lan")),
    )
    tip = world.tip()
    browser.post(MANY, do="take", tip=ticked(world, tip))

    other.post(f"{MANY}/hoan-tac", act="1")
    assert world.full(tip).line.status == "taken"
    world.clock.goes(minutes=11)
    browser.post(f"{MANY}/hoan-tac", act="1")
    assert "không còn hoàn tác được" in browser.get("/console/tin-bao").text
    assert world.full(tip).line.status == "taken"


@pytest.mark.parametrize("words", ["chay ve phia cau", "ĐÃ GỌI LẠI"])
def test_what_was_said_and_noted_later_is_found_too(world: World, words: str) -> None:
    tip = world.tip(what="Mất xe")
    browser = world.browser(world.officer(Role.DUTY))
    browser.post(f"/console/tin-bao/{tip}/tra-loi", text="Họ có chạy về phía cầu không ạ?")
    browser.post(f"/console/tin-bao/{tip}/ghi-chu", text="Đã gọi lại cho tổ dân phố")

    assert f'id="tin-{tip}"' in browser.get(f"/console/tin-bao?view=all&q={words}").text
    assert f'id="tin-{tip}"' not in browser.get("/console/tin-bao?view=all&q=chuyen khac").text


def test_what_was_said_before_the_new_release_is_found_after_it(world: World) -> None:
    tip = world.tip(what="Mất xe")
    world.reporter_says(tip, "Kẻ đó chạy về phía cầu")
    browser = world.browser(world.officer(Role.DUTY))
    assert f'id="tin-{tip}"' not in browser.get("/console/tin-bao?q=phia cau").text

    script = ScriptDirectory(str(Path(schema.__file__).parent / "migrations"))
    schema.downgrade(world.database, str(script.get_revision("0009").down_revision))
    schema.upgrade(world.database)

    assert f'id="tin-{tip}"' in browser.get("/console/tin-bao?q=phia cau").text
