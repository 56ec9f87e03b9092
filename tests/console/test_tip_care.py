"""Kinds, hidden details, links, holding, identities and numbers, through the pages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from data.session import Database
from data.tables import AuditRow, Identity, Outgoing
from domain.roles import Role
from domain.tips import TipStatus
from tests.console.pages import check_page
from tests.console.world import CITIZEN, PROVINCE, WARD_3, WARD_5, World


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


def version(world: World, tip_id: int) -> str:
    return str(world.full(tip_id).line.version)


def actions(world: World, tip_id: int) -> list[str]:
    with world.database.reading() as session:
        rows = session.scalars(
            select(AuditRow.action).where(AuditRow.subject == f"tip:{tip_id}").order_by(AuditRow.id)
        )
        return list(rows)


def test_an_end_tells_the_reporter_and_keeps_what_was_typed_when_it_is_too_late(world: World) -> None:
    hoa, tip = world.officer(Role.DUTY), world.tip(status=TipStatus.TAKEN)
    browser, here = world.browser(hoa), f"/console/tin-bao/{tip}"
    missing = browser.post(f"{here}/trang-thai", to="refused", words="", version=version(world, tip))
    assert missing.status_code == 409
    assert "Mời ghi lý do không thuộc thẩm quyền" in missing.text
    late = browser.post(f"{here}/trang-thai", to="refused", words="Thuộc UBND phường", version="99")
    assert late.status_code == 409
    assert "Thuộc UBND phường</textarea>" in late.text
    check_page(late, title="Người báo tin Sen-42", h1="Người báo tin Sen-42")

    browser.post(f"{here}/trang-thai", to="refused", words="Thuộc UBND phường", version=version(world, tip))
    with world.database.reading() as session:
        body = session.scalars(select(Outgoing)).one().body["text"]
    assert body == f"Công an phường Bắc Giang refused {world.full(tip).line.code}: Thuộc UBND phường"
    assert "Mở lại" in browser.get(here).text


def test_the_kind_is_set_and_its_clock_runs_from_when_the_tip_came(world: World) -> None:
    hoa, tip = world.officer(Role.DUTY), world.tip()
    browser, here = world.browser(hoa), f"/console/tin-bao/{tip}"
    browser.post(f"{here}/loai-viec", category="drugs", version=version(world, tip))
    line = world.full(tip).line
    assert line.category == "drugs"
    assert line.take_due_at == line.created_at + timedelta(minutes=30)
    assert "Quá hạn" in browser.get(here).text
    assert browser.post(f"{here}/loai-viec", category="none", version="2").status_code == 409
    listed = browser.get("/console/tin-bao?kind=drugs").text
    assert f'id="tin-{tip}"' in listed
    assert f'id="tin-{tip}"' not in browser.get("/console/tin-bao?kind=noise").text


def test_hidden_details_are_shown_for_one_click_that_is_written_down(world: World) -> None:
    hoa, tip = world.officer(Role.DUTY), world.tip(what="Gọi tôi 0912345678, họ đánh bạc")
    browser, here = world.browser(hoa), f"/console/tin-bao/{tip}"
    assert "0912345678" not in browser.get(here).text + browser.get("/console/tin-bao").text
    assert "0912345678" in browser.post(f"{here}/hien-chi-tiet").text
    assert actions(world, tip) == ["tip.revealed"]
    assert "0912345678" not in browser.get(here).text
    assert browser.get("/console/tin-bao?q=0912345678").text.count("row-card") == 0


def test_similar_tips_are_offered_linked_and_merged(world: World) -> None:
    hoa = world.officer(Role.DUTY)
    tip, other = (world.tip(what="Quán nhậu hát karaoke ồn ào suốt đêm") for _ in range(2))
    foreign = world.tip(what="Quán nhậu hát karaoke ồn ào suốt đêm", unit_id=WARD_5)
    browser, here = world.browser(hoa), f"/console/tin-bao/{tip}"
    page = browser.get(here)
    assert "Giống: lời kể giống, cùng chỗ" in page.text
    assert f"/console/tin-bao/{foreign}" not in page.text
    check_page(page, title="Người báo tin Sen-42", h1="Người báo tin Sen-42")
    browser.post(f"{here}/noi", other=str(other))
    browser.post(f"{here}/gop", other=str(other), version=version(world, tip))
    assert world.full(tip).line.status is TipStatus.DUPLICATE
    assert "Xử lý chung" in browser.get(here).text
    assert browser.post(f"{here}/gop", other=str(foreign), version="9").status_code == 404
    with world.database.reading() as session:
        assert session.scalars(select(Outgoing)).one().body["text"].startswith("gộp TB-")


def test_only_inspectors_hold_and_link_reporters_and_both_need_a_reason(world: World) -> None:
    tip, head = world.tip(), world.officer(Role.UNIT_HEAD)
    world.tip(what="Tin khác của cùng người")
    inspector = world.officer(Role.INSPECTOR, unit_id=None)
    here = f"/console/tin-bao/{tip}"
    for act in ("giu-lai", "cung-nguoi-bao"):
        assert world.browser(head).post(f"{here}/{act}").status_code == 403
        assert world.browser(inspector).post(f"{here}/{act}").status_code == 422
    browser = world.browser(inspector)
    browser.post(f"{here}/giu-lai", hold_words="Vụ án số 12", on="1")
    assert "Giữ cho vụ việc" in browser.get(here).text
    browser.post(f"{here}/cung-nguoi-bao", reason="Báo tin giả nhiều lần")
    assert "Cùng người báo" in browser.get(here).text
    assert "Cùng người báo" not in world.browser(head).get(here).text
    assert actions(world, tip) == ["tip.hold_on", "tip.same_reporter"]


def test_identity_from_request_to_the_monthly_list(world: World) -> None:
    tip, head = world.tip(), world.officer(Role.UNIT_HEAD)
    inspector = world.officer(Role.INSPECTOR, unit_id=None, name="Lê Văn Thanh")
    with world.database.transaction() as session:
        session.add(Identity(citizen=CITIZEN, sealed=b"sealed", created_at=world.clock()))
    asking, deciding = world.browser(head), world.browser(inspector)
    empty = asking.post(
        f"/console/tin-bao/{tip}/de-nghi-danh-tinh", identity_reason="Cần lời khai", legal_basis=""
    )
    assert empty.status_code == 422
    assert "Cần lời khai</textarea>" in empty.text
    asking.post(
        f"/console/tin-bao/{tip}/de-nghi-danh-tinh",
        identity_reason="Cần lời khai",
        legal_basis="Điều 88 BLTTHS",
    )
    page = deciding.get("/console/danh-tinh")
    check_page(page, title="Mở danh tính", h1="Mở danh tính")
    assert "Công an phường Bắc Giang" in page.text
    assert deciding.post("/console/danh-tinh/1/quyet-dinh", words="", answer="yes").status_code == 422
    assert asking.post("/console/danh-tinh/1/quyet-dinh", words="Tôi duyệt", answer="yes").status_code == 403
    deciding.post("/console/danh-tinh/1/quyet-dinh", words="Đồng ý", answer="yes")
    assert deciding.post("/console/danh-tinh/1/xem").status_code == 403
    shown = asking.post("/console/danh-tinh/1/xem")
    assert "zalo-id-of-sealed" in shown.text
    check_page(shown, title="Danh tính", h1="Người báo tin Sen-42")
    world.clock.goes(minutes=31)
    over = asking.post("/console/danh-tinh/1/xem")
    assert over.status_code == 409
    assert "zalo-id-of" not in over.text
    assert "đã xem 1 lần" in deciding.get("/console/danh-tinh?thang=2026-11").text
    assert "Người báo tin" not in deciding.get("/console/danh-tinh?thang=2026-10").text
    other = world.browser(world.officer(Role.UNIT_HEAD, unit_id=WARD_5, name="Khác"))
    assert "Người báo tin" not in other.get("/console/danh-tinh").text


def test_numbers_below_five_are_not_shown_and_accusations_are_the_inspectors_alone(world: World) -> None:
    head = world.officer(Role.UNIT_HEAD)
    for _ in range(6):
        world.tip(category="noise")
    for _ in range(2):
        world.tip(category="drugs")
    world.tip(category="order", unit_id=PROVINCE, bypass=True, went_past=WARD_3)
    page = world.browser(head).get("/console/thong-ke-tin-bao")
    check_page(page, title="Thống kê tin báo", h1="Thống kê tin báo")
    assert "An ninh, trật tự" not in page.text
    assert page.text.count("ít, không nêu") == 2, "the small one, and the one the total would give away"
    assert ">8</a></strong>" in page.text, "the total, and the way to its tips"


def test_late_tips_and_tips_about_police_have_their_own_view(world: World) -> None:
    late = world.tip(escalation=2, take_due_at=world.clock() - timedelta(hours=2))
    accusing = world.tip(what="Công an nhận tiền", unit_id=PROVINCE, bypass=True, went_past=WARD_3)
    inspector = world.browser(world.officer(Role.INSPECTOR, unit_id=None))
    page = inspector.get("/console/tin-bao?late=1").text
    assert f'id="tin-{late}"' in page
    assert "Quá hạn, báo lên tỉnh" in page
    assert f'id="tin-{accusing}"' not in page
    assert f'id="tin-{accusing}"' in inspector.get("/console/tin-bao?police=1").text
    duty = world.browser(world.officer(Role.DUTY, unit_id=None, name="Trực"))
    assert f'id="tin-{accusing}"' not in duty.get("/console/tin-bao?police=1").text
    assert "Nói về công an" not in duty.get("/console/tin-bao").text


def test_the_first_page_begins_with_what_was_escalated(world: World) -> None:
    late, plain = world.tip(escalation=1), world.tip()
    page = world.browser(world.officer(Role.UNIT_HEAD)).get("/console/")
    check_page(page, title="Trang chính", h1="Chào đồng chí Nguyễn Thị Hoa")
    assert f'id="qua-han-{late}"' in page.text
    assert f'id="qua-han-{plain}"' not in page.text


def test_internal_notes_are_in_a_box_of_their_own_and_go_nowhere(world: World) -> None:
    hoa, tip = world.officer(Role.DUTY), world.tip()
    browser, here = world.browser(hoa), f"/console/tin-bao/{tip}"
    browser.post(f"{here}/ghi-chu", text="Nghi ngờ nguồn tin")
    page = browser.get(here).text
    assert 'class="card-box inner"' in page
    assert "không gửi cho người báo tin" in page
    browser.post(f"{here}/tra-loi", text="Cảm ơn anh/chị.", then="done")
    with world.database.reading() as session:
        assert all("Nghi ngờ" not in str(row.body) for row in session.scalars(select(Outgoing)))
