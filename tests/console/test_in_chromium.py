"""What only a browser can show: nothing refused by our own policy, nothing cut off, nothing typed is lost."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from domain.broadcasts import BroadcastStatus, DeliveryStatus
from domain.roles import Role
from domain.tips import AttachmentKind, AttachmentState, TipStatus
from tests.axe import found_by_axe
from tests.console.cells import of_the_office
from tests.console.walks import comes_in
from tests.console.world import NOON, WARD_5, World, picture

pytestmark = pytest.mark.browser
EVERYBODY = "tat.ca@bacninh.example"
"""Who sees every page of `full_world`."""


def full_world(world: World) -> list[str]:
    """Something on every page; returns the addresses of the pages."""
    everything = world.officer(*Role, email=EVERYBODY)
    tip = world.tip(what="Một lời kể dài " * 30, urgent=True, status=TipStatus.TAKEN, taken_by=everything)
    for number in range(12):
        world.tip(age=timedelta(minutes=number))
    world.tip(
        what="Gọi tôi 0912345678. Công an nhận tiền", bypass=True, went_past="07228@2025-07-01", escalation=2
    )
    world.file(tip, state=AttachmentState.WAITING)
    world.file(tip, kind=AttachmentKind.CLIP, state=AttachmentState.REFUSED, reason="Tệp lớn hơn 100 MB.")
    photo = world.file(tip, body=picture(1200, 900))
    sheet = world.shift_sheet(everything, note="Theo dõi tiếp. " * 20)
    world.reporter_says(tip, "Khôngcókhoảngtrắng" * 20)
    one = world.broadcast(everything, status=BroadcastStatus.SENDING)
    for number, state in enumerate(DeliveryStatus):
        world.delivery(
            one, group=f"BG-{number}", name=f"Nhóm số {number}", channel="gmf", state=state, reason="Lý do"
        )
    world.group("BG-98", "Nhóm có tên dài chưa bắt đầu " * 3, first_day=NOON.date() + timedelta(days=30))
    world.group("BG-99", "Nhóm đăng tay", last_day=NOON.date() - timedelta(days=1))
    world.delivery(one, group="BG-99", name="Nhóm đăng tay")
    record = world.record(checked="2020-01", name="Một thủ tục có tên rất dài " * 5, note="Ghi chú " * 20)
    world.record("vehicle-mot-ma-rat-dai-khong-co-khoang-trang-nao-ca-de-xem-co-tran-khong")
    numbers = world.more_numbers() | of_the_office(world, everything)
    draft = world.broadcast(everything, title="Một bản nháp")
    world.shift(everything)
    world.asks_to_unseal(everything, photo)
    return [
        "/console/thu-tuc",
        f"/console/thu-tuc/{record}",
        f"/console/thu-tuc/{record}/sua",
        "/console/thu-tuc-moi",
        "/console/thu-tuc-bang-tinh",
        f"/console/thu-tuc-bang-tinh/{numbers['import_id']}",
        "/console/vi-sao",
        "/console/hoc-hoi",
        "/console/hoc-hoi?xem=de-xuat",
        f"/console/hoc-hoi/cau-hoi/{numbers['question_id']}",
        f"/console/hoc-hoi/de-xuat/{numbers['change_id']}",
        "/console/",
        "/console/tin-bao",
        f"/console/tin-bao/{tip}",
        "/console/tin-bao?late=1&kind=drugs",
        f"/console/xem-tep/{photo}",
        "/console/ban-giao",
        f"/console/ban-giao/{sheet}",
        "/console/lich-truc",
        "/console/niem-phong",
        f"/console/niem-phong/tep/{photo}",
        "/console/huong-dan",
        "/console/?huong-dan=1",
        "/console/xem-nhu-vai-tro",
        "/console/ngoai-tuyen",
        "/console/danh-tinh",
        "/console/thong-ke-tin-bao",
        "/console/thong-ke-tin-bao/tin?gio=11",
        "/console/ban-do-tin-bao",
        "/console/ban-do-tin-bao?kieu=luoi",
        "/console/ban-do-tin-bao?kieu=cum",
        f"/console/ban-do-tin-bao?don-vi={WARD_5}",
        "/console/thong-ke-thoi-gian",
        "/console/thong-ke-cau-hoi",
        "/console/thong-ke-gui-tin",
        "/console/don-vi",
        "/console/don-vi/sap-xep",
        f"/console/don-vi/sap-xep/{numbers['unit_change_id']}",
        "/console/thiet-dat",
        "/console/thiet-dat/drugs.keep_days",
        "/console/oa",
        "/console/danh-ba",
        f"/console/danh-ba/lan-nhap/{numbers['registry_id']}",
        "/console/tuyen-truyen",
        f"/console/tuyen-truyen/{one}",
        "/console/tuyen-truyen/moi",
        f"/console/tuyen-truyen/{draft}",
        f"/console/tuyen-truyen/{draft}/sua",
        f"/console/tuyen-truyen/{one}/ban-do",
        f"/console/tuyen-truyen/{one}/chay-thu",
        "/console/tuyen-truyen/danh-sach",
        "/console/tuyen-truyen/lich",
        "/console/tuyen-truyen/bao-cao",
        "/console/tuyen-truyen/dung",
        "/console/bang",
        "/console/bang/xa/07210",
        "/console/bang/luot-quet",
        "/console/nhom",
        "/console/nhom/BG-99",
        "/console/tai-khoan/zalo",
        "/console/dang-nhom",
        "/console/tai-khoan",
        "/console/can-bo",
        f"/console/can-bo/{everything}",
        "/console/can-bo/bang-tinh",
        f"/console/can-bo/bang-tinh/{numbers['officer_import']}",
        "/console/phan-quyen",
        "/console/xac-thuc-hai-buoc",
        "/console/nhat-ky?check=1",
        "/console/phan-anh",
        f"/console/phan-anh/{numbers['complaint_id']}",
        "/console/diem?thang=2026-11",
        f"/console/diem/{numbers['unit_id']}?thang=2026-11",
        "/console/diem/cach-tinh",
        f"/console/khao-sat?don-vi={numbers['unit_id']}",
        "/console/khao-sat/sang-loc",
        "/console/ho-so",
        f"/console/ho-so/{numbers['dossier_id']}",
        f"/console/ho-so/nhap/{numbers['dossier_import_id']}",
        "/console/he-thong",
        f"/console/he-thong/dia-chi/{numbers['hook_id']}",
        "/console/khong-co",
    ]


WIDTHS = (390, 768, 1440)
TIGHT = """[...document.querySelectorAll("main *, nav *")].filter((one) => {
  const style = getComputedStyle(one);
  const own = [...one.childNodes].some((part) => part.nodeType === 3 && part.textContent.trim());
  return own && one.getClientRects().length && parseFloat(style.lineHeight) < 1.26 * parseFloat(style.fontSize);
}).map((one) => one.outerHTML.slice(0, 120))"""
"""Text whose lines stand too close for two accents over a capital letter (Be Vietnam Pro is 1,26 high)."""


def test_every_page_fits_is_accessible_and_breaks_no_rule_of_ours(
    world: World, address: str, desk: Page
) -> None:
    """At every width; by axe on a phone in light and on a desk in dark."""
    pages = full_world(world)
    faults: list[str] = []
    desk.on("pageerror", lambda error: faults.append(str(error)))
    desk.on("console", lambda said: faults.append(said.text) if said.type in {"error", "warning"} else None)
    comes_in(desk, world, address, EVERYBODY)

    for one in pages:
        desk.goto(f"{address}{one}")
        faults += looked_at(desk, one)
    not_found = "Failed to load resource: the server responded with a status of 404 (NOT FOUND)"
    real = [fault for fault in faults if fault != not_found]
    assert not real, "\n".join(real)


def looked_at(page: Page, name: str) -> list[str]:
    """What is wrong with the page as it stands: too wide, accents cut off, against WCAG in light or dark."""
    faults: list[str] = []
    page.emulate_media(color_scheme="light", reduced_motion="reduce")  # a colour on its way is no colour
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "light")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if over > 0:
            faults.append(f"{name} is {over} px too wide at {width}")
        if width == WIDTHS[0]:
            faults += [f"{name} clips accents: {part}" for part in page.evaluate(TIGHT)[:3]]
            faults += [f"{name} light: {fault}" for fault in found_by_axe(page)]
    page.emulate_media(color_scheme="dark")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    return faults + [f"{name} dark: {fault}" for fault in found_by_axe(page)]


def test_keys_search_and_walk_the_queue(world: World, address: str, desk: Page) -> None:
    world.officer(Role.DUTY, email="hoa@bacninh.example")
    first, second = world.tip(age=timedelta(minutes=1)), world.tip(age=timedelta(minutes=2))
    comes_in(desk, world, address, "hoa@bacninh.example")
    desk.goto(f"{address}/console/tin-bao")

    desk.keyboard.press("j")
    expect(desk.locator(f"#tin-{first}")).to_be_focused()
    desk.keyboard.press("j")
    expect(desk.locator(f"#tin-{second}")).to_be_focused()
    desk.keyboard.press("k")
    expect(desk.locator(f"#tin-{first}")).to_be_focused()
    desk.keyboard.press("/")
    expect(desk.get_by_role("searchbox")).to_be_focused()


def test_the_audience_is_counted_while_it_is_picked(world: World, address: str, page: Page) -> None:
    world.officer(Role.BROADCASTER, unit_id=None, email="lan@bacninh.example")
    for number in range(7):
        world.group(f"BG-{number}", f"Nhóm Tân Yên {number}" if number < 3 else f"Nhóm khác {number}")
    comes_in(page, world, address, "lan@bacninh.example")
    page.goto(f"{address}/console/tuyen-truyen/moi")
    count = page.locator("#so-nhom")
    expect(count).to_have_text("7 nhóm")

    page.get_by_label("Chọn theo huyện cũ").check()
    expect(count).to_have_text("0 nhóm")
    page.get_by_text("Từng nhóm", exact=True).click()
    page.get_by_label("Lọc tên nhóm").fill("tan yen")
    expect(page.locator("#ds-nhom label:visible")).to_have_count(3)
    page.locator("#ds-nhom label:visible").first.click()
    expect(count).to_have_text("1 nhóm")
    page.get_by_label("Nội dung gửi vào nhóm").fill("Bà con chú ý")
    expect(page.locator("#xem-truoc")).to_have_text("Bà con chú ý")


def test_an_officer_teaches_the_bot_from_question_to_undo(
    world: World, address: str, page: Page, tmp_path: Path
) -> None:
    """The learning loop, as it is walked: why → alias → replay → apply → why again → undo."""
    world.officer(Role.EDITOR, unit_id=None, email="lan@bacninh.example")
    world.record()
    comes_in(page, world, address, "lan@bacninh.example")

    def asks(words: str) -> None:
        page.goto(f"{address}/console/vi-sao")
        page.get_by_label("Câu hỏi").fill(words)
        page.get_by_role("button", name="Giải thích").click()
        assert words not in page.url

    asks("tấm giấy bay xa")
    decided = page.get_by_role("heading", name="Bot quyết định")
    expect(decided).not_to_contain_text("Trả lời ngay")
    page.get_by_role("button", name="Đặt làm cách gọi của thủ tục khác…").click()
    expect(page.get_by_label("Tên chủ đề")).to_be_hidden()
    page.get_by_label("Tên hoặc mã thủ tục khác").fill("1.000001")
    page.get_by_label("Lý do").fill("Bà con hay gọi vậy")
    page.get_by_role("button", name="Tiếp tục").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    world.replays(tmp_path).drain()
    page.get_by_role("button", name="Áp dụng").click(timeout=20_000)
    expect(page.get_by_text("Đã áp dụng. Bot dùng ngay")).to_be_visible()
    change = page.url

    asks("tam giay bay xa")
    expect(decided).to_contain_text("Trả lời ngay")

    page.goto(change)
    page.locator("summary", has_text="Hoàn tác").click()
    page.get_by_label("Lý do hoàn tác").fill("Gọi nhầm")
    page.get_by_role("button", name="Hoàn tác").click()
    expect(page.get_by_text("Đã hoàn tác. Bot trả lời như trước")).to_be_visible()


def test_two_officers_edit_a_record_at_once_and_nothing_is_lost(
    world: World, address: str, desk: Page, browser: Browser
) -> None:
    """The care of the catalogue, as it is walked: find → edit → preview → too late → both kept → history."""
    for email, name in (("lan@bacninh.example", "Trần Thị Lan"), ("hoa@bacninh.example", "Nguyễn Thị Hoa")):
        world.officer(Role.EDITOR, unit_id=None, email=email, name=name)
    world.record()
    phone = browser.new_context(viewport={"width": 390, "height": 844}).new_page()
    for page, email in ((desk, "lan@bacninh.example"), (phone, "hoa@bacninh.example")):
        comes_in(page, world, address, email)
        page.goto(f"{address}/console/thu-tuc")
        page.get_by_role("searchbox").fill("lam ho chieu")
        page.get_by_role("button", name="Tìm").click()
        page.get_by_role("link", name=re.compile("Cấp hộ chiếu")).click()
        page.get_by_role("link", name="Sửa").click()

    desk.get_by_label("Phí, lệ phí").fill("Miễn phí")
    desk.get_by_role("button", name="Xem trước").click()
    expect(desk.get_by_role("group", name="Xem trước trên Zalo")).to_contain_text("Phí, lệ phí: Miễn phí")
    desk.get_by_label("Lý do, căn cứ").fill("Thông tư mới")
    desk.get_by_role("button", name="Lưu").click()
    expect(desk.get_by_text("Đã lưu. Bot trả lời theo nội dung mới.")).to_be_visible()

    phone.get_by_label("Nơi làm").fill("Công an xã")
    phone.get_by_label("Lý do, căn cứ").fill("Phân cấp")
    phone.get_by_role("button", name="Lưu").click()
    expect(phone.get_by_text("Trần Thị Lan vừa sửa")).to_be_visible()
    expect(phone.get_by_label("Nơi làm")).to_have_value("Công an xã")
    expect(phone.get_by_label("Phí, lệ phí")).to_have_value("Miễn phí")
    phone.get_by_role("button", name="Lưu").click()
    expect(phone.get_by_text("Đã lưu. Bot trả lời theo nội dung mới.")).to_be_visible()
    expect(phone.get_by_text("Thông tư mới")).to_be_visible()
    assert (world.body()["fee"], world.body()["where"]) == ("Miễn phí", "Công an xã")
    phone.context.close()
