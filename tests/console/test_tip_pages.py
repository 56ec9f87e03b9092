"""The pages of tips: what officers read there, and what they never do."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest

from data.tables import AttachmentRow, Citizen
from domain.roles import Role
from domain.tips import AttachmentKind, AttachmentState, TipStatus
from tests.console.pages import check_page
from tests.console.world import CITIZEN, OA, WARD_5, World


def test_the_queue_shows_own_tips_newest_first_with_counts(world: World) -> None:
    hoa = world.officer(Role.DUTY)
    world.tip(what="Tin cũ của phường", age=timedelta(days=2))
    world.tip(what="Tin mới của phường", urgent=True)
    world.tip(what="Tin của phường khác", unit_id=WARD_5)
    world.tip(what="Tin đã xong", status=TipStatus.DONE)

    page = world.browser(hoa).get("/console/tin-bao")

    check_page(page, title="Tin báo", h1="Tin báo")
    assert page.text.index("Tin mới của phường") < page.text.index("Tin cũ của phường")
    assert "Tin của phường khác" not in page.text
    assert "Tin đã xong" not in page.text
    assert "Khẩn" in page.text
    assert re.search(r'Mới đến <span class="count">2<', page.text)


@pytest.mark.parametrize("words", ["danh bac", "Đánh bạc"])
def test_search_finds_words_without_accents_and_keeps_them_in_the_box(world: World, words: str) -> None:
    browser = world.browser(world.officer(Role.DUTY))
    world.tip(what="Nhóm đánh bạc ăn tiền")
    world.tip(what="Mất xe máy")

    page = browser.get(f"/console/tin-bao?view=all&q={words}").text

    assert "Nhóm đánh bạc ăn tiền" in page
    assert "Mất xe máy" not in page
    assert f'value="{words}"' in page
    assert "Không tìm thấy tin nào" in browser.get("/console/tin-bao?q=khong co gi").text


def test_pages_of_the_queue_lead_on(world: World) -> None:
    browser = world.browser(world.officer(Role.DUTY))
    for number in range(30):
        world.tip(what=f"Tin số {number:02}.", age=timedelta(minutes=number))

    first = browser.get("/console/tin-bao").text
    link = re.search(r'href="([^"]*after=[^"]*)"', first)
    assert link
    second = browser.get(html.unescape(link[1])).text

    shown = [set(re.findall(r"Tin số (\d\d)\.", page)) for page in (first, second)]
    assert (len(shown[0]), len(shown[1]), shown[0] & shown[1]) == (25, 5, set())
    assert "Về đầu danh sách" in second


@pytest.mark.parametrize(
    "query",
    ["after=xx", "after=AAAA", "after=%00", "view=nope", "q=%ff%00", "order=nope", "mine=x", "after=MS4x"],
)
def test_an_odd_address_is_still_a_page(world: World, query: str) -> None:
    browser = world.browser(world.officer(Role.DUTY))
    world.tip()

    assert browser.get(f"/console/tin-bao?{query}").status_code == 200


def test_the_list_that_looks_again_answers_only_when_something_changed(world: World) -> None:
    browser = world.browser(world.officer(Role.DUTY))
    world.tip(what="Tin đầu")
    page = browser.get("/console/tin-bao").text
    part = re.search(r'hx-get="([^"]*danh-sach[^"]*)"', page)
    assert part
    address = html.unescape(part[1])

    assert browser.get(address).status_code == 204
    world.tip(what="Tin vừa đến")
    changed = browser.get(address)
    assert changed.status_code == 200
    assert "Tin vừa đến" in changed.text
    typed = re.findall(r"<(?:textarea|select|input(?! class=\"form-check-input\"))", changed.text)
    assert typed == [], "what an officer types must not lie in the part that is replaced"


def test_the_page_of_a_tip_tells_everything_but_who_the_reporter_is(world: World) -> None:
    hoa, tip = world.officer(Role.DUTY), world.tip(what="Đánh nhau\nở chợ")
    photo = world.file(tip)
    clip = world.file(tip, kind=AttachmentKind.CLIP, mime="video/mp4")
    voice = world.file(tip, kind=AttachmentKind.VOICE, mime="audio/mp4")
    world.file(tip, state=AttachmentState.WAITING)
    world.file(tip, state=AttachmentState.REFUSED, reason="Tệp lớn hơn 100 MB.")
    world.file(tip, state=AttachmentState.LOST)
    world.reporter_says(tip, "Họ vừa bỏ chạy")

    page = world.browser(hoa).get(f"/console/tin-bao/{tip}")

    check_page(page, title="Người báo tin Sen-42", h1="Người báo tin Sen-42")
    for words in (
        world.full(tip).line.code,
        "Đánh nhau\nở chợ",
        "Hẻm 12, phường Bắc Giang",
        "21.28491, 106.21507",
        "Công an phường Bắc Giang",
        "Tệp lớn hơn 100 MB.",
        "Đường dẫn đã hết hạn.",
        "Đang tải về…",
        "Họ vừa bỏ chạy",
        f'<img src="/console/media/{photo}/nho"',
        f'href="/console/xem-tep/{clip}"',
        f'src="/console/media/{voice}"',
        "24/11/2026 11:00",
    ):
        assert words in page.text, words
    assert "<video" not in page.text, "a clip is fetched only when it is opened"


def test_the_officer_reads_before_typing_that_zalo_lets_nobody_write_now(world: World) -> None:
    hoa, tip = world.officer(Role.DUTY), world.tip()
    with world.database.transaction() as session:
        session.get_one(Citizen, CITIZEN).last_wrote_at = world.clock() - timedelta(days=8)
    closed = world.browser(hoa).get(f"/console/tin-bao/{tip}").text
    assert "Câu trả lời sẽ được giữ lại" in closed
    assert closed.index("Câu trả lời sẽ được giữ lại") < closed.index('id="answer"')
    with world.database.transaction() as session:
        session.get_one(Citizen, CITIZEN).last_wrote_at = world.clock() - timedelta(days=6)
    assert "Câu trả lời sẽ được giữ lại" not in world.browser(hoa).get(f"/console/tin-bao/{tip}").text


def test_no_page_carries_the_citizens_key_the_oa_or_a_media_key(world: World) -> None:
    hoa = world.officer(Role.UNIT_HEAD)
    tip = world.tip()
    world.file(tip)
    browser = world.browser(hoa)
    browser.post(f"/console/tin-bao/{tip}/tra-loi", text="Xin cảm ơn")

    for address in (
        "/console/",
        "/console/tin-bao",
        "/console/tin-bao/danh-sach",
        f"/console/tin-bao/{tip}",
        f"/console/tin-bao/{tip}/dien-bien",
    ):
        page = browser.get(address)
        assert page.status_code == 200
        for secret in (CITIZEN, OA, "kept/"):
            assert secret not in page.text, address
            assert secret not in str(page.headers), address


def test_words_of_a_resident_are_text_and_never_markup(world: World) -> None:
    tip = world.tip(what="<script>alert(1)</script>", place='"><img src=x onerror=alert(1)>')
    browser = world.browser(world.officer(Role.DUTY))

    for address in ("/console/", "/console/tin-bao", f"/console/tin-bao/{tip}"):
        page = browser.get(address).text
        assert "<script>alert" not in page
        assert "<img src=x" not in page


def test_parts_of_the_page_come_only_when_they_changed(world: World) -> None:
    hoa, tip = world.officer(Role.DUTY), world.tip()
    browser = world.browser(hoa)
    found = re.search(r'hx-get="([^"]*dien-bien[^"]*)"', browser.get(f"/console/tin-bao/{tip}").text)
    assert found
    address = html.unescape(found[1])
    assert browser.get(address).status_code == 204

    world.file(tip)
    files = browser.get(address).text
    assert 'id="tip-files"' in files
    assert 'id="tip-talk"' not in files

    world.reporter_says(tip, "Nói thêm")
    both = browser.get(address).text
    assert 'id="tip-talk"' in both
    assert "<textarea" not in both, "what an officer types must not lie in a part that is replaced"


def test_home_shows_what_waits_longest_and_what_is_mine(world: World) -> None:
    hoa = world.officer(Role.DUTY)
    browser = world.browser(hoa)
    empty = browser.get("/console/")
    check_page(empty, title="Trang chính", h1="Chào đồng chí Nguyễn Thị Hoa")
    assert "Không còn việc nào chờ" in empty.text
    assert "Mọi tin báo đã có người tiếp nhận" in empty.text

    soon, late = world.clock() + timedelta(minutes=5), world.clock() - timedelta(hours=2)
    world.tip(what="Tin mới", age=timedelta(minutes=5), take_due_at=soon + timedelta(hours=1))
    world.tip(what="Tin chờ lâu", age=timedelta(hours=5), take_due_at=late)
    world.tip(what="Tin của tôi", status=TipStatus.TAKEN, taken_by=hoa, close_due_at=soon)
    page = browser.get("/console/").text
    assert page.index("Tin chờ lâu") < page.index("Tin của tôi") < page.index("Tin mới")


def test_a_voice_message_is_drawn_above_its_player(world: World) -> None:
    tip = world.tip()
    file = world.file(tip, kind=AttachmentKind.VOICE, mime="audio/mp4")
    browser = world.browser(world.officer(Role.DUTY))
    assert "voice-shape" not in browser.get(f"/console/tin-bao/{tip}").text
    with world.database.transaction() as session:
        session.get_one(AttachmentRow, file).peaks = "0f3"
    page = browser.get(f"/console/tin-bao/{tip}").text
    assert 'viewBox="0 0 12 32"' in page
    assert 'd="M0 15h3v2h-3zM4 1h3v30h-3zM8 13h3v6h-3z"' in page
