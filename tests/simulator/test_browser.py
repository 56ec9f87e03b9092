"""The pages in a real browser: the chat of a resident, the wall, the switches."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from simulator.world import Group
from tests.simulator.conftest import OA, Receiver, Zalo, until
from tests.simulator.test_media import PHOTO, SAMPLES

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def no_errors(request: pytest.FixtureRequest) -> Iterator[None]:
    """No test leaves an error in the browser's console, unless it is about an answer it asked for."""
    name = next(one for one in ("page", "phone", "desk") if one in request.fixturenames)
    page: Page = request.getfixturevalue(name)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield
    assert errors == []


def open_chat(page: Page, zalo: Zalo) -> None:
    page.goto(f"{zalo.base}/chat/nguoi-dan-1")
    expect(page.locator("#talk")).to_be_visible()


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def test_a_question_and_its_answer(page: Page, zalo: Zalo, told: Receiver) -> None:
    open_chat(page, zalo)
    page.get_by_label("Tin nhắn", exact=True).last.fill("làm hộ chiếu cần gì")
    page.get_by_role("button", name="Gửi", exact=True).click()
    expect(page.locator(".said.mine .words")).to_have_text("làm hộ chiếu cần gì")
    expect(page.locator("#words")).to_have_value("")
    expect(page.locator(".said.mine .when")).to_contain_text("✓✓ Đã nhận")
    assert told.wait_for("user_send_text")[0].json["message"]["text"] == "làm hộ chiếu cần gì"

    zalo.send({"text": "Mời bạn xem\nhttps://example.vn/ho-chieu."})
    expect(page.locator(".said.theirs .words")).to_contain_text("Mời bạn xem")
    expect(page.locator(".said.theirs a")).to_have_attribute("href", "https://example.vn/ho-chieu")
    told.wait_for("user_seen_message")
    assert fits(page)


def test_words_typed_are_not_lost(phone: Page, zalo: Zalo) -> None:
    """Neither when news comes, nor when sending fails, nor when the page is loaded again."""
    open_chat(phone, zalo)
    phone.locator("#words").fill("đang viết dở")
    zalo.says()
    zalo.send({"text": "Tin chen ngang"})
    expect(phone.locator(".said.theirs")).to_have_count(1)
    expect(phone.locator("#words")).to_have_value("đang viết dở")

    phone.route("**/say", lambda route: route.abort())
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("alert")).to_contain_text("Chưa gửi được")
    expect(phone.locator("#words")).to_have_value("đang viết dở")

    phone.reload()
    expect(phone.locator("#words")).to_have_value("đang viết dở")
    phone.unroute("**/say")
    phone.locator("#words").focus()
    phone.keyboard.press("Enter")
    expect(phone.locator(".said.mine .words").last).to_have_text("đang viết dở")
    assert [one["text"] for one in zalo.chat() if one["from"] == "resident"] == ["Xin chào", "đang viết dở"]


def test_several_photos_with_words(phone: Page, zalo: Zalo, told: Receiver) -> None:
    open_chat(phone, zalo)
    files = [SAMPLES / name for name in ("dem-pho.jpg", "via-he.jpg", "cay-do.jpg")]
    phone.locator("#open-tray").click()
    phone.locator("#photos").set_input_files(files)
    expect(phone.locator("#waiting img")).to_have_count(3)
    phone.locator("#waiting").get_by_label("Bỏ cay-do.jpg").click()
    phone.locator("#words").fill("ngay ngã tư")
    phone.keyboard.press("Enter")
    expect(phone.locator(".photos img")).to_have_count(2)
    expect(phone.locator("#waiting")).to_be_hidden()
    first, _ = told.wait_for("user_send_image", 2)
    assert first.json["message"]["text"] == "ngay ngã tư"
    assert phone.evaluate(
        "[...document.querySelectorAll('.photos img')].every(i => i.complete && i.naturalWidth)"
    )


def test_the_samples_are_real_media(phone: Page, zalo: Zalo, told: Receiver) -> None:
    open_chat(phone, zalo)
    for name, event, count in (
        ("Ảnh mẫu", "user_send_image", 3),
        ("Clip mẫu", "user_send_video", 1),
        ("Âm mẫu", "user_send_audio", 1),
    ):
        phone.locator("#open-tray").click()
        phone.get_by_role("button", name=name).click()
        told.wait_for(event, count)
    expect(phone.locator(".photos img")).to_have_count(3)
    for tag, least in (("video", 2), ("audio", 2)):
        phone.wait_for_function(f"document.querySelector('{tag}')?.duration > {least}")
    phone.evaluate("document.querySelector('video').play()")
    phone.wait_for_function("document.querySelector('video').currentTime > 0.2")

    zalo.says("tin mới không làm dừng clip")
    expect(phone.locator(".words").last).to_contain_text("không làm dừng")
    assert phone.evaluate("document.querySelector('video').currentTime") > 0.2


def test_place_sticker_file_and_card(phone: Page, zalo: Zalo, told: Receiver) -> None:
    open_chat(phone, zalo)
    phone.locator("#open-tray").click()
    phone.get_by_role("button", name="Vị trí", exact=True).click()
    phone.get_by_role("button", name="Phường Kinh Bắc").click()
    phone.get_by_role("button", name="Gửi vị trí").click()
    place = told.wait_for("user_send_location")[0].json["message"]["attachments"][0]["payload"]
    assert place["coordinates"]["latitude"].startswith("21.18")

    phone.locator("#open-stickers").click()
    phone.get_by_role("button", name="Nhãn dán 2").click()
    told.wait_for("user_send_sticker")
    phone.locator("#open-tray").click()
    phone.locator("#file").set_input_files(
        {"name": "đơn.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"}
    )
    assert (
        told.wait_for("user_send_file")[0].json["message"]["attachments"][0]["payload"]["name"] == "đơn.pdf"
    )
    phone.locator("#open-tray").click()
    phone.get_by_role("button", name="Danh thiếp").click()
    told.wait_for("user_send_business_card")
    expect(phone.locator(".said.mine")).to_have_count(4)


def test_buttons_are_pressed_aloud_and_in_silence(phone: Page, zalo: Zalo, told: Receiver) -> None:
    zalo.says()
    buttons = [
        {"type": "oa.query.hide", "title": "Nơi nộp", "payload": "#noi_nop"},
        {"type": "oa.query.show", "title": "Hỏi câu khác", "payload": "hỏi câu khác"},
        {"type": "oa.open.phone", "title": "Gọi 113", "payload": {"phone_code": "113"}},
    ]
    zalo.send({"text": "Chọn", "attachment": {"type": "template", "payload": {"buttons": buttons}}})
    open_chat(phone, zalo)
    phone.get_by_role("button", name="Nơi nộp").click()
    told.wait_for("user_send_text", 2)
    phone.get_by_role("button", name="Hỏi câu khác").click()
    expect(phone.locator(".said.mine .words").last).to_have_text("hỏi câu khác")
    assert "#noi_nop" not in phone.locator("#talk").inner_text()
    said = [one.json["message"]["text"] for one in told.wait_for("user_send_text", 3)]
    assert said == ["Xin chào", "#noi_nop", "hỏi câu khác"]
    phone.get_by_role("button", name="Gọi 113").click()
    expect(phone.get_by_role("alert")).to_contain_text("113")


def test_a_long_chat_opens_at_its_newest_message(page: Page, zalo: Zalo) -> None:
    for number in range(40):
        zalo.says(f"câu {number}")
    open_chat(page, zalo)
    expect(page.locator(".words").last).to_be_in_viewport()
    page.evaluate("document.getElementById('talk').scrollTop = 0")
    expect(page.locator(".words").first).to_be_in_viewport()
    zalo.send({"text": "tin mới nhất"})
    page.get_by_role("button", name="Tin mới").click()
    expect(page.locator(".words").last).to_be_in_viewport()


def test_a_cleared_stage_clears_the_open_chat(phone: Page, zalo: Zalo) -> None:
    zalo.says()
    open_chat(phone, zalo)
    expect(phone.locator(".said")).to_have_count(1)
    zalo.control("reset")
    expect(phone.locator(".said")).to_have_count(0)
    zalo.says("bắt đầu lại")
    expect(phone.locator(".said .words")).to_have_text("bắt đầu lại")


def test_following_from_the_chat(phone: Page, zalo: Zalo, told: Receiver) -> None:
    open_chat(phone, zalo)
    phone.get_by_role("button", name="Quan tâm").click()
    expect(phone.get_by_role("button", name="Đang quan tâm")).to_be_visible()
    told.wait_for("follow")
    assert OA in zalo.resident.follows


def test_a_new_resident_from_the_first_page(page: Page, zalo: Zalo) -> None:
    page.goto(zalo.base)
    page.get_by_label("Thêm một người dân").fill("Bác Tư đầu ngõ")
    page.get_by_role("button", name="Thêm và mở trò chuyện").click()
    page.wait_for_url("**/chat/*")
    expect(page.get_by_role("heading", level=1)).to_have_text("Công an tỉnh")
    assert "Bác Tư đầu ngõ" in page.title()


def test_the_wall_of_225_groups_fills_live(page: Page, zalo: Zalo) -> None:
    ids = [f"b{number:019x}" for number in range(225)]
    zalo.world.add_groups(Group(one, f"Nhóm số {number}", OA) for number, one in enumerate(ids))
    page.goto(f"{zalo.base}/wall")
    expect(page.locator("#groups > li")).to_have_count(227)
    sending = threading.Thread(target=lambda: [zalo.post({"text": "Cảnh giác lừa đảo"}, one) for one in ids])
    sending.start()
    expect(page.locator("#summary")).to_contain_text("225 nhóm có tin mới")
    sending.join()
    expect(page.locator("#groups .count")).to_have_count(225)

    page.get_by_label("Tìm tên nhóm").fill("nhom so 22")
    expect(page.locator("#groups > li:visible")).to_have_count(6)
    page.get_by_role("button", name="Nhóm số 224").click()
    expect(page.locator("#group-talk .words")).to_have_text("Cảnh giác lừa đảo")
    page.get_by_label("Viết như một thành viên của nhóm").fill("Cảm ơn")
    page.keyboard.press("Enter")
    expect(page.locator("#group-talk .said.mine .words")).to_have_text("Cảm ơn")
    page.get_by_role("button", name="Đóng").click()
    expect(page.locator("#summary")).to_contain_text("224 nhóm có tin mới")
    page.get_by_label("Tìm tên nhóm").fill("")
    page.locator("[data-filter=quiet]").click()
    expect(page.locator("#groups > li:visible")).to_have_count(2)
    assert fits(page)


def test_the_switches_work_and_say_so(page: Page, zalo: Zalo, receiver: Receiver) -> None:
    page.goto(f"{zalo.base}/control")
    page.get_by_label("API ngừng hẳn").check()
    expect(page.locator("#done")).to_have_text("Đã đổi.")
    assert zalo.look("chaos")["down"] is True
    page.get_by_label("API ngừng hẳn").uncheck()
    until(lambda: zalo.look("chaos")["down"] is False)

    page.get_by_label("Trả lời chậm").fill("250")
    page.keyboard.press("Tab")
    until(lambda: zalo.look("chaos")["delay_ms"] == 250)
    page.get_by_label("Địa chỉ nhận sự kiện").fill("http://127.0.0.1:1/")
    page.get_by_role("button", name="Thử và lưu").click()
    expect(page.get_by_role("alert").first).to_contain_text("Chưa được")
    page.get_by_label("Địa chỉ nhận sự kiện").fill(receiver.url)
    page.get_by_role("button", name="Thử và lưu").click()
    expect(page.locator("#done")).to_contain_text("Đã lưu")
    assert zalo.look("status")["webhook_url"] == receiver.url

    page.get_by_role("button", name="+1 ngày").click()
    expect(page.locator("#offset")).to_contain_text("nhanh hơn giờ thật 24 giờ")
    page.get_by_role("button", name="Về giờ thật").click()
    expect(page.locator("#offset")).to_have_text("")
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Xóa và làm lại").click()
    until(lambda: zalo.look("chaos")["delay_ms"] == 0)
    assert fits(page)


@pytest.mark.parametrize("path", ["/", "/chat/nguoi-dan-1", "/wall", "/control"])
def test_nothing_sticks_out_on_a_narrow_phone(phone: Page, zalo: Zalo, path: str) -> None:
    phone.set_viewport_size({"width": 360, "height": 640})
    zalo.says("mộttừrấtdài" * 40)
    phone.goto(zalo.base + path)
    phone.wait_for_load_state("load")
    assert fits(phone)


def test_an_expired_picture_of_the_oa_says_so(phone: Page, zalo: Zalo) -> None:
    zalo.says()
    attachment_id = zalo.upload("image", "a.jpg", PHOTO)["data"]["attachment_id"]
    element = {"media_type": "image", "attachment_id": attachment_id}
    payload = {"template_type": "media", "elements": [element]}
    zalo.send({"attachment": {"type": "template", "payload": payload}})
    zalo.control("clock", {"advance_seconds": 8 * 86400})
    open_chat(phone, zalo)
    expect(phone.locator(".photo.gone")).to_have_text("Ảnh không còn tồn tại")
