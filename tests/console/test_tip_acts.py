"""What officers do to a tip, through the pages."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from data.session import Database
from data.tables import Outgoing
from domain.broadcasts import DeliveryStatus
from domain.roles import Role
from domain.tips import TipStatus
from domain.work import Kind
from tests.console.pages import check_page
from tests.console.world import WARD_5, World


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


def version(world: World, tip_id: int) -> str:
    return str(world.full(tip_id).line.version)


def test_take_answer_note_and_close(world: World) -> None:
    hoa, tip = world.officer(Role.DUTY), world.tip()
    browser, here = world.browser(hoa), f"/console/tin-bao/{tip}"

    assert browser.post(f"{here}/tiep-nhan").location == here
    assert "Tin này do đồng chí phụ trách." in browser.get(here).text
    browser.post(f"{here}/ghi-chu", text="Đã điện tổ tuần tra")
    browser.post(f"{here}/tra-loi", text="Công an đang tới.\r\nXin cảm ơn anh/chị.")
    browser.post(f"{here}/trang-thai", to="in_progress", version=version(world, tip))

    full = world.full(tip)
    assert full.line.status is TipStatus.IN_PROGRESS
    assert [note.text for note in full.notes] == ["Đã điện tổ tuần tra"]
    assert [said.text for said in full.said] == ["Công an đang tới.\nXin cảm ơn anh/chị."]
    with world.database.reading() as session:
        body = session.scalars(select(Outgoing)).one().body
    assert body["text"] == (
        f"Công an phường Bắc Giang trả lời tin báo {full.line.code}:\n\nCông an đang tới.\nXin cảm ơn anh/chị."
    )
    assert world.woken == [Kind.OUTBOX]
    page = browser.get(here).text
    assert "Chờ gửi" in page
    assert page.count("Đã điện tổ tuần tra") == 1


def test_answering_can_close_in_the_same_breath(world: World) -> None:
    hoa, tip = world.officer(Role.DUTY), world.tip()

    world.browser(hoa).post(f"/console/tin-bao/{tip}/tra-loi", text="Đã xong, xin cảm ơn.", then="done")

    full = world.full(tip)
    assert (full.line.status, full.line.taken_by) == (TipStatus.DONE, hoa)
    assert [move.move for move in full.moves] == ["filed", "taken", "status"]
    assert [said.text for said in full.said] == ["Đã xong, xin cảm ơn."]


def test_the_second_one_to_take_is_told_by_name(world: World) -> None:
    hoa, tuan = world.officer(Role.DUTY), world.officer(Role.DUTY, name="Trần Quốc Tuấn")
    tip = world.tip()
    world.browser(tuan).post(f"/console/tin-bao/{tip}/tiep-nhan")

    late = world.browser(hoa).post(f"/console/tin-bao/{tip}/tiep-nhan")

    assert late.status_code == 409
    check_page(late, title="Người báo tin Sen-42", h1="Người báo tin Sen-42")
    assert "Đồng chí Trần Quốc Tuấn vừa tiếp nhận tin này" in late.text
    assert world.full(tip).line.taken_by == tuan


def test_a_page_out_of_date_loses_nothing_that_was_typed(world: World) -> None:
    head, tip = world.officer(Role.UNIT_HEAD), world.tip()
    browser, seen = world.browser(head), version(world, tip)
    world.reporter_says(tip, "Thêm một chi tiết")

    late = browser.post(
        f"/console/tin-bao/{tip}/chuyen-don-vi", to_unit=WARD_5, words="Xảy ra ở Đa Mai", version=seen
    )

    assert late.status_code == 409
    assert "Người báo tin vừa bổ sung" in late.text
    assert "Xảy ra ở Đa Mai</textarea>" in late.text
    assert f'value="{WARD_5}" selected' in late.text
    assert world.full(tip).line.unit_id != WARD_5


@pytest.mark.parametrize(
    ("text", "words"),
    [("", "Mời nhập nội dung"), (" \n\t ", "Mời nhập nội dung"), ("ư" * 1501, "dài hơn mức")],
)
def test_an_answer_has_to_be_there_and_fit(world: World, text: str, words: str) -> None:
    hoa, tip = world.officer(Role.DUTY), world.tip()

    refused = world.browser(hoa).post(f"/console/tin-bao/{tip}/tra-loi", text=text)

    assert refused.status_code == 422
    assert words in refused.text
    assert text.strip() in refused.text
    assert world.full(tip).said == ()


@pytest.mark.parametrize("text", ["a\x00b\x07c", "e\u0302\u0301", "\u202eabc", "🙂" * 1500, "<b>&amp;</b>"])
def test_odd_letters_are_taken_or_cleaned_never_a_fault(world: World, text: str) -> None:
    hoa, tip = world.officer(Role.DUTY), world.tip()

    done = world.browser(hoa).post(f"/console/tin-bao/{tip}/tra-loi", text=text)

    assert done.status_code == 302
    kept = world.full(tip).said[0].text
    assert "\x00" not in kept
    assert "\u202e" not in kept
    assert kept in (text, "abc", "ế")
    assert world.browser(hoa).get(f"/console/tin-bao/{tip}").status_code == 200


def test_only_the_holder_or_a_commander_gives_a_tip_back(world: World) -> None:
    hoa, tuan = world.officer(Role.DUTY), world.officer(Role.DUTY, name="Tuấn")
    head, tip = world.officer(Role.UNIT_HEAD), world.tip()
    world.browser(hoa).post(f"/console/tin-bao/{tip}/tiep-nhan")
    here = f"/console/tin-bao/{tip}"

    refused = world.browser(tuan).post(f"{here}/tra-lai", version=version(world, tip))
    assert refused.status_code == 403
    by_the_side_door = world.browser(tuan).post(f"{here}/trang-thai", to="new", version=version(world, tip))
    assert by_the_side_door.status_code == 400
    assert world.full(tip).line.taken_by == hoa

    world.browser(head).post(f"{here}/tra-lai", version=version(world, tip))
    assert world.full(tip).line.taken_by is None


def test_a_tip_handed_over_is_out_of_reach(world: World) -> None:
    head, tip = world.officer(Role.UNIT_HEAD), world.tip()
    browser, here = world.browser(head), f"/console/tin-bao/{tip}"

    done = browser.post(f"{here}/chuyen-don-vi", to_unit=WARD_5, words="Xảy ra ở Đa Mai", version="1")

    assert done.location == "/console/tin-bao"
    assert browser.get(here).status_code == 404
    there = world.browser(world.officer(Role.DUTY, unit_id=WARD_5, name="Bình")).get(here).text
    assert "Chuyển sang Công an phường Đa Mai" in there
    assert "Xảy ra ở Đa Mai" in there


@pytest.mark.parametrize("to", ["", "taken back", "NEW", "no such status"])
def test_a_status_nobody_knows_is_refused(world: World, to: str) -> None:
    tip = world.tip()

    assert (
        world.browser(world.officer(Role.DUTY))
        .post(f"/console/tin-bao/{tip}/trang-thai", to=to, version="1")
        .status_code
        == 400
    )
    assert world.full(tip).line.status is TipStatus.NEW


def test_an_answer_nobody_knows_about_is_settled_once_by_an_officer(world: World) -> None:
    hoa, tip = world.officer(Role.DUTY), world.tip()
    browser, here = world.browser(hoa), f"/console/tin-bao/{tip}"
    browser.post(f"{here}/tra-loi", text="Công an đang tới.")
    assert "Gửi lại" not in browser.get(here).text
    _loses_every_answer(world)
    (said,) = world.full(tip).said
    settle = f"{here}/tra-loi/{said.id}/ket-qua"
    assert "Không rõ người báo tin đã nhận chưa" in browser.get(here).text

    assert browser.post(settle, sent="").status_code == 400
    world.woken.clear()
    assert browser.post(settle, sent="no").location == here
    assert world.woken == [Kind.OUTBOX]
    assert world.full(tip).said[0].delivery == DeliveryStatus.WAITING
    late = browser.post(settle, sent="yes")
    assert late.status_code == 409
    assert "đã rõ kết quả" in late.text

    _loses_every_answer(world)
    browser.post(settle, sent="yes")
    full = world.full(tip)
    assert full.said[0].delivery == DeliveryStatus.SENT
    assert [move.move for move in full.moves][-2:] == ["answer_again", "answer_arrived"]
    page = browser.get(here).text
    assert "Gửi lại câu trả lời chưa rõ" in page
    assert "Xác nhận câu trả lời đã đến" in page


def test_an_answer_of_another_tip_or_unit_is_not_settled_here(world: World) -> None:
    hoa, tip, other = world.officer(Role.DUTY), world.tip(), world.tip()
    beyond = world.tip(unit_id=WARD_5)
    browser = world.browser(hoa)
    browser.post(f"/console/tin-bao/{tip}/tra-loi", text="Công an đang tới.")
    _loses_every_answer(world)
    (said,) = world.full(tip).said
    for elsewhere in (other, beyond):
        assert (
            browser.post(f"/console/tin-bao/{elsewhere}/tra-loi/{said.id}/ket-qua", sent="no").status_code
            == 404
        )
    assert world.full(tip).said[0].delivery == DeliveryStatus.UNKNOWN


def _loses_every_answer(world: World) -> None:
    """The line breaks after each message left."""
    with world.database.transaction() as session:
        session.execute(update(Outgoing).values(state=DeliveryStatus.UNKNOWN, reason="Mất kết nối."))
