"""What a duty officer and the head of a ward walk through each day, on a phone and at a desk: the same acts, by
finger and by mouse. What keys alone do is in test_keys_in_chromium."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from data.tables import Identity
from domain.roles import Role
from domain.tips import AttachmentKind, TipStatus
from tests.console.doors import step_two
from tests.console.walks import Walker
from tests.console.world import CITIZEN, PASSWORD, WARD_5, picture

pytestmark = pytest.mark.browser
SAMPLES = Path(__file__).parent.parent.parent / "simulator" / "static" / "samples"
LOOKED_AT = """((video, fits) => new Promise((done) => {
  const look = () => { if (fits(video.currentTime)) done(video.currentTime); };
  video.addEventListener("seeked", look);
  look();
}))"""
"""Where a film stands, once it stands where it should."""
ANSWER = "Nội dung gửi tới người báo tin qua Zalo"


def lines_of(walker: Walker, words: str) -> list[int]:
    """A tip of each age that begins with these words, the newest first."""
    place = "điện thoại" if walker.narrow else "máy bàn"
    return [
        walker.world.tip(
            what=f"{words} {place} {number}",
            category="drugs",
            age=timedelta(hours=number),
            take_due_at=walker.world.clock() - timedelta(minutes=5),
        )
        for number in (1, 2)
    ]


def test_from_the_home_page_to_a_tip_and_to_its_end(walker: Walker) -> None:
    """Home → the duty that is due first → take → answer → note → end; another one goes to its own ward."""
    world, page = walker.world, walker.page
    tip = world.tip(what="Đánh nhau ở chợ", urgent=True, age=timedelta(days=9))
    stray = world.tip(what="Việc của phường bên")
    walker.comes_in(walker.officer(Role.DUTY, Role.UNIT_HEAD))

    walker.opens("/console/")
    walker.presses(page.locator(f"main a[href*='/tin-bao/{tip}']"))
    walker.presses_button("Tiếp nhận")
    walker.sees("Đồng chí đang phụ trách")
    walker.unfolds("Mẫu câu")
    walker.presses(page.locator(".sample").first)
    expect(page.get_by_label(ANSWER)).to_be_focused()
    walker.presses_button("Gửi trả lời")
    walker.sees("Đã chuyển câu trả lời tới người báo tin.")
    walker.writes("Thêm ghi chú", "Đã cử tổ tuần tra")
    walker.presses_button("Lưu ghi chú")
    walker.sees("Đã lưu ghi chú nội bộ.")
    walker.unfolds("Đã xử lý xong")
    page.locator("details[open] textarea").fill("Đã giải quyết tại chỗ")
    walker.presses(page.locator("details[open] button"))
    walker.sees("Đã chuyển sang “Đã xử lý xong”.")

    walker.opens(f"/console/tin-bao/{stray}")
    walker.unfolds("Chuyển đơn vị khác")
    page.locator("#to_unit").select_option(WARD_5)
    walker.writes("Lý do chuyển", "Xảy ra ở phường bên")
    walker.presses_button("Chuyển tin")
    walker.sees("Công an phường Đa Mai")
    assert world.full(tip).line.status == "done"
    assert [note.text for note in world.full(tip).notes] == ["Đã cử tổ tuần tra"]
    assert world.full(stray).line.unit_id == WARD_5


def test_the_queue_is_narrowed_and_many_tips_are_taken_and_called_back(walker: Walker) -> None:
    """Words without accents → kind → tick → take → undo → the first of them → the next → back."""
    world, page = walker.world, walker.page
    newer, older = lines_of(walker, "Hút chích sau đình")
    walker.comes_in(walker.officer(Role.DUTY))
    walker.opens("/console/tin-bao")
    page.get_by_role("searchbox").fill(f"hut chich {'dien thoai' if walker.narrow else 'may ban'}")
    walker.presses_button("Tìm")
    walker.unfolds("Loại việc")
    walker.presses_link("Ma túy")
    rows = page.locator("a[data-row]:visible")
    expect(rows).to_have_count(2)
    walker.presses_link("Hết giờ")
    expect(rows).to_have_count(2)

    bar = page.locator("[data-many]")
    for tip in (newer, older):
        walker.presses(page.locator("label.pick").filter(has=page.locator(f"[value^='{tip}.']")))
    expect(bar).to_contain_text("Các tin đã đánh dấu 2")
    walker.presses(bar.get_by_role("button", name="Tiếp nhận"))
    walker.sees("Đã tiếp nhận 2 tin.")
    walker.presses_button("Hoàn tác thao tác vừa rồi")
    walker.sees("Đã hoàn tác 2 tin.")
    assert [world.full(tip).line.status for tip in (newer, older)] == ["new", "new"]

    walker.presses(page.locator(f"#tin-{newer}"))
    walker.presses_link("Tin sau")
    page.wait_for_url(f"**/tin-bao/{older}*")
    walker.presses_link("Tin trước")
    page.wait_for_url(f"**/tin-bao/{newer}*")
    walker.presses(page.locator(".steps-around").get_by_role("link", name="Tin báo", exact=True))
    expect(rows).to_have_count(2)


def test_photo_clip_and_voice_are_looked_at_one_after_the_other(walker: Walker) -> None:
    world, page = walker.world, walker.page
    tip = world.tip()
    photo = world.file(tip, body=picture(1200, 900))
    clip, voice = (SAMPLES / name for name in ("clip-duong-pho.mp4", "ghi-am.m4a"))
    world.file(tip, kind=AttachmentKind.CLIP, mime="video/mp4", body=clip.read_bytes())
    world.file(tip, kind=AttachmentKind.VOICE, mime="audio/mp4", body=voice.read_bytes())
    walker.comes_in(walker.officer(Role.DUTY))
    walker.opens(f"/console/tin-bao/{tip}")
    walker.presses(page.locator(f"a[href$='/xem-tep/{photo}']"))
    stage, shown = page.locator("#khung"), page.locator("#khung img")
    expect(shown).to_have_attribute("src", re.compile(rf"/console/media/{photo}$"))
    narrow = shown.evaluate("one => one.getBoundingClientRect().width")
    if walker.narrow:
        walker.presses_button("Phóng to")
    else:
        page.keyboard.press("+")
    expect(stage).to_have_attribute("data-zoom", "2")
    assert shown.evaluate("one => one.getBoundingClientRect().width") > 1.5 * narrow
    walker.presses_button("Thu nhỏ")
    expect(stage).to_have_attribute("data-zoom", "1")
    walker.presses_button("Xoay")
    expect(stage).to_have_attribute("data-turn", "1")

    walker.presses_link("Sau")
    film = page.locator("#khung video")
    film.evaluate("""video => new Promise((resolve, reject) => {
        video.muted = true;
        video.ontimeupdate = () => { if (video.currentTime > 0.3) { video.pause(); resolve(); } };
        video.play().catch(reject);
    })""")
    at = film.evaluate("video => video.currentTime")
    walker.presses_button("Lùi một khung")
    assert 0 < at - film.evaluate(f"video => {LOOKED_AT}(video, (at) => at !== {at})") <= 0.2
    walker.presses_button("Tiến một khung")
    assert film.evaluate(f"video => {LOOKED_AT}(video, (at) => at >= {at} - 0.001)") == pytest.approx(
        at, abs=0.05
    )
    walker.presses_button("Xoay")
    expect(stage).to_have_attribute("data-turn", "1")

    walker.presses_link("Sau")
    player = page.locator("#khung audio")
    player.evaluate(
        "player => new Promise((done) => { player.oncanplay = done; player.load(); player.preload = 'auto'; })"
    )
    walker.presses_button("Tới 5 giây")
    heard = player.evaluate(f"player => {LOOKED_AT}(player, (at) => at > 0)")
    walker.presses_button("Lùi 5 giây")
    player.evaluate(f"player => {LOOKED_AT}(player, (at) => at < {heard})")
    page.locator("#toc-do").select_option("0.75")
    assert player.evaluate("player => player.playbackRate") == 0.75


def test_without_a_network_typed_words_stay_and_the_kept_page_answers(walker: Walker) -> None:
    world, page = walker.world, walker.page
    tip = world.tip()
    walker.comes_in(walker.officer(Role.DUTY))
    walker.opens(f"/console/tin-bao/{tip}")
    page.evaluate("navigator.serviceWorker.ready.then(() => 1)")
    field = page.get_by_label("Thêm ghi chú")
    field.fill("Đang viết dở")
    page.context.set_offline(True)
    walker.presses_button("Lưu ghi chú")
    walker.sees("Mất kết nối mạng.")
    expect(field).to_have_value("Đang viết dở")
    walker.opens("/console/tin-bao")
    walker.is_at("Chưa có mạng")
    page.context.set_offline(False)
    walker.presses_link("Thử lại")
    expect(page.get_by_role("heading", name="Chào đồng chí")).to_be_visible()


def test_a_draft_outlives_the_end_of_the_session_and_goes_when_sent(walker: Walker) -> None:
    world, page = walker.world, walker.page
    email = f"hoa.{'phone' if walker.narrow else 'desk'}@bacninh.example"
    hoa, tip = world.officer(Role.DUTY, email=email), world.tip()
    walker.comes_in(hoa)
    walker.opens(f"/console/tin-bao/{tip}")
    field = page.get_by_label(ANSWER)
    field.press_sequentially("Đang viết dở")
    page.context.clear_cookies()
    walker.presses_button("Gửi trả lời")
    walker.is_at("Phiên làm việc đã hết")

    walker.presses_link("Đăng nhập")
    walker.writes("Địa chỉ thư điện tử", email)
    walker.writes("Mật khẩu", PASSWORD)
    walker.presses_button("Đăng nhập")
    step_two(page)
    walker.opens(f"/console/tin-bao/{tip}")
    expect(field).to_have_value("Đang viết dở")
    walker.presses_button("Gửi trả lời")
    walker.sees("Đã chuyển câu trả lời tới người báo tin.")
    expect(field).to_have_value("")
    assert [said.text for said in world.full(tip).said] == ["Đang viết dở"]


def test_a_shift_is_handed_over_and_taken_by_one_press(walker: Walker) -> None:
    world = walker.world
    hoa, lan = (walker.officer(Role.DUTY, name=name) for name in ("Hoa", "Lan"))
    world.tip(what="Tin dở dang", status=TipStatus.TAKEN, taken_by=hoa)
    walker.comes_in(hoa)
    walker.opens("/console/")
    walker.chooses_from_menu("Bàn giao ca")
    walker.sees("Tin dở dang")
    walker.writes("Lời nhắn cho đồng chí nhận ca", "Gọi lại cho trạm y tế")
    walker.presses_button("Bàn giao ca")
    walker.sees("Đã lưu sổ bàn giao.")

    walker.comes_in(lan)
    walker.opens("/console/")
    walker.presses_link("Xem sổ")
    walker.sees("Gọi lại cho trạm y tế")
    walker.presses_button("Nhận ca")
    walker.sees("Đã nhận ca, cùng 1 tin đang xử lý dở.")


def test_a_complaint_is_looked_into_and_answered(walker: Walker) -> None:
    world, page = walker.world, walker.page
    case = world.complaint(words="Phải chờ hai tiếng")
    walker.comes_in(walker.officer(Role.UNIT_HEAD))
    walker.opens("/console/")
    walker.presses(page.locator(f"a[href$='/phan-anh/{case}']"))
    walker.presses_button("Đang xác minh")
    walker.writes("Nội dung", "Xin lỗi vì đã để bác phải chờ; từ tuần sau có thêm một quầy.")
    walker.presses_button("Trả lời người dân")
    walker.sees("Người dân đọc trả lời trên trang khảo sát bằng mã phản ánh.")
    walker.sees("Xin lỗi vì đã để bác phải chờ")


def test_who_a_reporter_is_is_asked_by_one_allowed_by_another_and_opened(walker: Walker) -> None:
    world, page = walker.world, walker.page
    tip = world.tip(what="Đe dọa giết người")
    with world.database.transaction() as session:
        session.merge(Identity(citizen=CITIZEN, sealed=b"sealed", created_at=world.clock()))
    asker = walker.officer(Role.UNIT_HEAD)
    other = walker.officer(Role.INSPECTOR, name="Lan", unit_id=None)
    walker.comes_in(asker)
    walker.opens(f"/console/tin-bao/{tip}")
    walker.unfolds("Việc cần ghi sổ")
    page.locator("#identity_reason").fill("Cần cứu người ngay")
    page.locator("#legal_basis").fill("Điều 12")
    walker.presses_button("Gửi đề nghị")
    walker.sees("Đã gửi đề nghị mở danh tính.")

    walker.comes_in(other)
    walker.opens("/console/")
    walker.chooses_from_menu("Mở danh tính")
    request = page.locator("main li").filter(has_text=world.full(tip).line.code)
    request.get_by_label("Ý kiến").fill("Đủ căn cứ")
    walker.presses(request.get_by_role("button", name="Duyệt", exact=True))
    walker.sees("Đã ghi quyết định.")

    walker.comes_in(asker)
    walker.opens("/console/danh-tinh")
    walker.presses_button("Xem danh tính")
    walker.sees("Mã tài khoản Zalo với trang này")


def test_news_come_by_themselves_and_nothing_typed_is_lost(walker: Walker) -> None:
    """The clock of the browser is set forward to the next look: nobody waits for it. (Last: the clock stays set.)"""
    world, page = walker.world, walker.page
    page.clock.install()
    walker.comes_in(walker.officer(Role.DUTY))
    walker.opens("/console/tin-bao")
    tip = world.tip(what="Tin vừa tới")
    page.clock.fast_forward(11_000)
    walker.presses(page.locator(f"#tin-{tip}"))

    field = page.get_by_label(ANSWER)
    field.fill("Xin anh/chị cho biết thêm")
    world.reporter_says(tip, "Họ vừa chạy về phía cầu")
    page.clock.fast_forward(9_000)
    walker.sees("Họ vừa chạy về phía cầu")
    expect(field).to_have_value("Xin anh/chị cho biết thêm")
    expect(field).to_be_focused()
