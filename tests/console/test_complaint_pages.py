"""Complaints at the console: the head works them, the inspector orders, proof is shown and judged, the resident hears."""

from __future__ import annotations

import io

import pytest
from sqlalchemy import select

from console import duties
from data import audit
from data.tables import Complaint, ImprovementOrder, OrderProof, Outgoing
from domain.complaints import ComplaintStatus, OrderStatus
from domain.roles import Role
from domain.surveys import AnswerState
from tests.console.pages import check_page
from tests.console.world import CITIZEN, PROVINCE, WARD_3, WARD_5, Browser, World


def head(world: World, unit_id: str | None = None) -> Browser:
    return world.browser(world.officer(Role.UNIT_HEAD, unit_id=unit_id or WARD_3))


def inspector(world: World) -> Browser:
    return world.browser(world.officer(Role.INSPECTOR, unit_id=None, name="Trần Thanh Tra"))


def case(world: World, number: int) -> Complaint:
    with world.database.reading() as session:
        return session.get_one(Complaint, number)


def test_the_list_shows_ones_own_cases_and_says_when_there_are_none(world: World) -> None:
    browser = head(world)
    page = browser.get("/console/phan-anh")
    check_page(page, title="Phản ánh phục vụ", h1="Phản ánh phục vụ")
    assert "Không có phản ánh nào" in page.text
    world.complaint(words="Chuyện của phường này")
    world.complaint(words="Chuyện của phường khác", unit_id=WARD_5)
    world.complaint(words="Chuyện chỉ thanh tra xem", past_unit=True)
    page = browser.get("/console/phan-anh")
    assert "Chuyện của phường này" in page.text
    assert "Chuyện của phường khác" not in page.text
    assert "Chuyện chỉ thanh tra xem" not in page.text
    assert "Chuyện chỉ thanh tra xem" in inspector(world).get("/console/phan-anh").text


def test_the_first_page_counts_the_open_cases_when_they_are_more_than_its_list_shows(world: World) -> None:
    chief, shown = head(world), duties.EACH
    for _ in range(shown):
        world.complaint()
    world.complaint(unit_id=WARD_5)
    assert "Phản ánh phục vụ đang mở" not in chief.get("/console/").text
    world.complaint()
    assert f"Phản ánh phục vụ đang mở: {shown + 1}." in chief.get("/console/").text
    assert "Phản ánh phục vụ đang mở" not in world.browser(world.officer(Role.DUTY)).get("/console/").text


def test_what_waits_for_somebody_stands_on_their_first_page_with_its_clock(world: World) -> None:
    """A case for head and inspector; its order for the unit; the proof, and answers to sift, for the inspector."""
    number = world.complaint()
    world.complaint(unit_id=WARD_5)
    chief, judge = head(world), inspector(world)
    code = case(world, number).code
    for browser, cases in ((chief, 1), (judge, 2)):
        page = browser.get("/console/").text
        assert code in page
        assert page.count("Phản ánh về phục vụ") == cases
    order = world.order(number, world.officer(Role.INSPECTOR, unit_id=None))
    page = chief.get("/console/").text
    assert "Văn bản chấn chỉnh cần nộp minh chứng" in page
    assert "Phản ánh về phục vụ" not in page, "the case waits for its order now"
    assert "Minh chứng chờ xét" not in judge.get("/console/").text
    chief.post(f"/console/phan-anh/chan-chinh/{order}/minh-chung", proof_words="Đã thêm người trực.")
    assert "Văn bản chấn chỉnh cần nộp minh chứng" not in chief.get("/console/").text
    assert "Minh chứng chờ xét" in judge.get("/console/").text
    assert "Sàng lọc câu trả lời khảo sát" not in judge.get("/console/").text
    world.rated(1.0, state=AnswerState.HELD)
    assert "1 câu trả lời đang chờ xem lại" in judge.get("/console/").text
    assert "câu trả lời đang chờ xem lại" not in chief.get("/console/").text


@pytest.mark.parametrize("past_unit", [False, True])
def test_guessing_the_number_of_a_case_out_of_reach_finds_nothing(world: World, past_unit: bool) -> None:
    number = (
        world.complaint(unit_id=WARD_5, words="Bí mật") if not past_unit else world.complaint(past_unit=True)
    )
    browser = head(world)
    assert browser.get(f"/console/phan-anh/{number}").status_code == 404
    answer = browser.post(f"/console/phan-anh/{number}/trang-thai", to="looking", version=1)
    assert answer.status_code == 404
    assert case(world, number).status == ComplaintStatus.NEW


def test_the_head_answers_and_the_resident_hears_of_it(world: World) -> None:
    number = world.complaint(citizen=CITIZEN)
    browser = head(world)
    page = browser.get(f"/console/phan-anh/{number}")
    code = case(world, number).code
    check_page(page, title=f"Phản ánh {code}", h1=f"Phản ánh {code}")
    assert "Phải chờ hai tiếng" in page.text
    assert CITIZEN not in page.text
    refused = browser.post(f"/console/phan-anh/{number}/trang-thai", to="answered", version=1, words="")
    assert refused.status_code == 409
    assert "Mời ghi" in refused.text
    address = f"/console/phan-anh/{number}/trang-thai"
    assert (
        browser.post(address, to="answered", version=1, words="Đã nhắc nhở, xin lỗi bạn").status_code == 302
    )
    with world.database.reading() as session:
        sent = session.scalars(select(Outgoing).where(Outgoing.citizen == CITIZEN)).one()
    assert f"Công an phường Bắc Giang trả lời phản ánh {code}: Đã nhắc nhở" in str(sent.body)
    second = browser.post(address, to="answered", version=1, words="Lần nữa")
    assert second.status_code == 409
    assert "Lần nữa" in second.text, "nothing typed is lost"
    assert "Chuyển sang “Đã trả lời”" in browser.get(f"/console/phan-anh/{number}").text


def test_a_head_can_neither_set_a_case_aside_nor_end_it(world: World) -> None:
    number = world.complaint()
    browser = head(world)
    page = browser.get(f"/console/phan-anh/{number}").text
    assert 'value="spam"' not in page
    for to in ("spam", "closed"):
        answer = browser.post(f"/console/phan-anh/{number}/trang-thai", to=to, version=1, words="Không đúng")
        assert answer.status_code == 409
    ordering = browser.post(
        f"/console/phan-anh/{number}/chan-chinh", order_text="x", due_on="2026-12-01", version=1
    )
    assert ordering.status_code == 403
    assert case(world, number).status == ComplaintStatus.NEW


def test_an_order_of_improvement_from_the_inspector_to_the_proof_and_back(world: World) -> None:
    number = world.complaint()
    boss, unit = inspector(world), head(world)
    address = f"/console/phan-anh/{number}"
    fault = boss.post(f"{address}/chan-chinh", order_text="Niêm yết giờ tiếp dân", due_on="", version=1)
    assert (fault.status_code, "Niêm yết giờ tiếp dân" in fault.text) == (422, True)
    ordered = boss.post(
        f"{address}/chan-chinh",
        order_text="Niêm yết giờ tiếp dân",
        order_number="12/VB",
        due_on="2026-12-01",
        version=1,
    )
    assert ordered.status_code == 302
    page = unit.get(address).text
    assert "Văn bản chấn chỉnh 12/VB" in page
    assert "Hạn hoàn thành: 01/12/2026" in page
    with world.database.reading() as session:
        order = session.scalars(select(ImprovementOrder)).one()
    bad = unit.client.post(
        f"/console/phan-anh/chan-chinh/{order.id}/minh-chung",
        data={
            "csrf_token": unit.token(),
            "proof_words": "Đã dán bảng",
            "proof": (io.BytesIO(b"MZ\0"), "a.exe"),
        },
    )
    assert bad.status_code == 422
    assert "Đã dán bảng" in bad.text
    good = unit.client.post(
        f"/console/phan-anh/chan-chinh/{order.id}/minh-chung",
        data={
            "csrf_token": unit.token(),
            "proof_words": "Đã dán bảng",
            "proof": (io.BytesIO(b"%PDF-1.7 x"), "b.pdf"),
        },
    )
    assert good.status_code == 302
    with world.database.reading() as session:
        proof = session.scalars(select(OrderProof)).one()
    file = boss.get(f"/console/phan-anh/minh-chung/{proof.id}")
    assert (file.data, file.headers["Content-Type"]) == (b"%PDF-1.7 x", "application/octet-stream")
    assert "attachment" in file.headers["Content-Disposition"]
    assert head(world, WARD_5).get(f"/console/phan-anh/minh-chung/{proof.id}").status_code == 404
    judging = f"/console/phan-anh/chan-chinh/{order.id}/xet"
    assert boss.post(judging, to="sent_back", version=2, judge_words="").status_code == 409
    assert boss.post(judging, to="accepted", version=2).status_code == 302
    assert boss.post(judging, to="accepted", version=2).status_code == 409, "a second click"
    with world.database.reading() as session:
        assert session.get_one(ImprovementOrder, order.id).status == OrderStatus.ACCEPTED
        assert audit.verify(session) == []
        acts = {one.action for one in audit.listed(session, limit=20)}
    assert {"complaint.ordered", "order.proof", "order.accepted"} <= acts


def test_an_inspector_of_a_unit_judges_nothing(world: World) -> None:
    number = world.complaint(unit_id=PROVINCE)
    browser = world.browser(world.officer(Role.INSPECTOR, unit_id=PROVINCE))
    answer = browser.post(f"/console/phan-anh/{number}/trang-thai", to="spam", version=1, words="x")
    assert answer.status_code == 409
    ordering = browser.post(
        f"/console/phan-anh/{number}/chan-chinh", order_text="x", due_on="2026-12-01", version=1
    )
    assert ordering.status_code == 403
