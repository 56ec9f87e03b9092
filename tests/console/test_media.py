"""Photos and clips: whole or in part, to those who may see the tip, and never as anything a browser runs."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageChops

from data import custody
from data.tables import AttachmentRow
from domain.roles import Role
from domain.tips import AttachmentKind, AttachmentState
from tests.console.pages import check_page
from tests.console.world import WARD_5, Browser, World, picture

CLIP = bytes(range(256)) * 40


@pytest.fixture
def clip(world: World) -> tuple[World, str]:
    world.officer(Role.DUTY)
    file = world.file(world.tip(), kind=AttachmentKind.CLIP, mime="video/mp4", body=CLIP)
    return world, f"/console/media/{file}"


def test_a_clip_comes_whole_with_headers_that_keep_it_harmless(clip: tuple[World, str]) -> None:
    world, address = clip

    answer = world.browser(1).get(address)

    assert answer.status_code == 200
    assert answer.data == CLIP
    headers = answer.headers
    assert headers["Content-Type"] == "video/mp4"
    assert headers["Content-Length"] == str(len(CLIP))
    assert headers["Accept-Ranges"] == "bytes"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in headers["Content-Security-Policy"]
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "private, no-store"
    assert headers["Content-Disposition"] == "inline"


@pytest.mark.parametrize(
    ("asked", "part", "said"),
    [
        ("bytes=0-99", CLIP[:100], f"bytes 0-99/{len(CLIP)}"),
        ("bytes=10000-", CLIP[10000:], f"bytes 10000-10239/{len(CLIP)}"),
        ("bytes=-5", CLIP[-5:], f"bytes 10235-10239/{len(CLIP)}"),
    ],
)
def test_a_player_gets_the_part_it_asks_for(
    clip: tuple[World, str], asked: str, part: bytes, said: str
) -> None:
    world, address = clip

    answer = world.browser(1).get(address, Range=asked)

    assert answer.status_code == 206
    assert answer.data == part
    assert answer.headers["Content-Range"] == said


def test_a_part_beyond_the_end_is_refused(clip: tuple[World, str]) -> None:
    world, address = clip

    assert world.browser(1).get(address, Range="bytes=99999-").status_code == 416


@pytest.mark.parametrize(
    "mime", ["text/html", "image/svg+xml", "application/pdf", "application/x-msdownload", "text/javascript"]
)
def test_what_a_browser_could_run_is_only_handed_out_as_a_file(world: World, mime: str) -> None:
    file = world.file(world.tip(), kind=AttachmentKind.FILE, mime=mime, body=b"<script>alert(1)</script>")

    answer = world.browser(world.officer(Role.DUTY)).get(f"/console/media/{file}")

    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_media_of_another_unit_is_not_found(world: World) -> None:
    ours, theirs = world.file(world.tip()), world.file(world.tip(unit_id=WARD_5))
    browser = world.browser(world.officer(Role.DUTY))

    assert browser.get(f"/console/media/{ours}").status_code == 200
    assert browser.get(f"/console/media/{theirs}").status_code == 404
    assert browser.get("/console/media/99999").status_code == 404
    assert world.browser().get(f"/console/media/{ours}").status_code == 302


def test_a_file_that_is_not_kept_or_gone_from_disk_is_not_found(world: World) -> None:
    tip = world.tip()
    waiting, gone = world.file(tip, state=AttachmentState.WAITING), world.file(tip)
    world.media.clear()
    browser = world.browser(world.officer(Role.DUTY))

    assert browser.get(f"/console/media/{waiting}").status_code == 404
    assert browser.get(f"/console/media/{gone}").status_code == 404


@pytest.mark.parametrize("state", [state for state in AttachmentState if state is not AttachmentState.KEPT])
def test_only_a_clean_copy_is_ever_given_out(world: World, state: AttachmentState) -> None:
    file = world.file(world.tip(), state=state)
    browser = world.browser(world.officer(Role.DUTY))

    assert browser.get(f"/console/media/{file}").status_code == 404
    assert browser.get(f"/console/media/{file}/hinh").status_code == 404


def test_no_address_of_the_media_pages_gives_the_original(world: World) -> None:
    file = world.file(world.tip(), kind=AttachmentKind.CLIP, mime="video/mp4", original=b"as it came")
    browser = world.browser(world.officer(Role.DUTY))

    for address in (f"/console/media/{file}", f"/console/media/{file}/hinh"):
        assert b"as it came" not in browser.get(address).data
    assert {bound.rpartition(":")[2] for bound in world.bounds.values()} == {"view", "poster"}


def test_a_clip_has_a_still_that_is_shown_before_it_plays(clip: tuple[World, str]) -> None:
    world, address = clip

    still = world.browser(1).get(f"{address}/hinh")

    assert (still.status_code, still.headers["Content-Type"]) == (200, "image/jpeg")
    assert Image.open(io.BytesIO(still.data)).size == (64, 48)
    assert "sandbox" in still.headers["Content-Security-Policy"]


def test_who_looked_is_written_down_once_an_hour(clip: tuple[World, str]) -> None:
    world, address = clip
    browser = world.browser(1)

    for part in ("bytes=0-9", "bytes=10-19"):
        browser.get(address, Range=part)
    world.clock.goes(hours=2)
    browser.get(address)

    assert [(link.act, link.officer_name) for link in world.chain(address)] == [
        (custody.Act.VIEWED, "Nguyễn Thị Hoa")
    ] * 2


def test_a_name_the_sender_gave_is_shown_and_used_for_nothing(world: World) -> None:
    tip = world.tip()
    file = world.file(tip, kind=AttachmentKind.FILE, mime="application/pdf")
    with world.database.transaction() as session:
        session.get_one(AttachmentRow, file).name = "../../etc/<b>passwd</b>\r\nX-Evil: 1\u202efdp.exe"
    browser = world.browser(world.officer(Role.DUTY))

    answer = browser.get(f"/console/media/{file}")
    page = browser.get(f"/console/tin-bao/{tip}").text

    assert answer.headers["Content-Disposition"] == f"attachment; filename=tep-{file}.pdf"
    assert "X-Evil" not in answer.headers
    assert "&lt;b&gt;passwd" in page
    assert "<b>passwd" not in page


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (AttachmentState.SEALED, "đang tạo bản xem"),
        (AttachmentState.CLEAR, "đang tạo bản xem"),
        (AttachmentState.UNCLEAN, "Chưa xem được"),
    ],
)
def test_the_tip_says_how_far_a_file_is(world: World, state: AttachmentState, words: str) -> None:
    tip = world.tip()
    world.file(tip, state=state, reason="bản gốc được giữ niêm phong." if state == "unclean" else None)

    assert words in world.browser(world.officer(Role.DUTY)).get(f"/console/tin-bao/{tip}").text


def test_a_picture_leaves_with_the_name_of_who_looks_and_the_time_in_it(world: World) -> None:
    file = world.file(world.tip(), body=picture(1200, 900))
    hoa = world.browser(world.officer(Role.DUTY, name="Đặng Thị Hoà"))
    lan = world.browser(world.officer(Role.DUTY, name="Trần Lan"))

    def seen(by: Browser, address: str = "") -> Image.Image:
        answer = by.get(f"/console/media/{file}{address}")
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/jpeg")
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        return Image.open(io.BytesIO(answer.data))

    plain, hers, small = Image.open(io.BytesIO(world.media["kept/1-0"])), seen(hoa), seen(hoa, "/nho")
    assert hers.size == (1200, 900)
    assert max(small.size) == 480
    assert ImageChops.difference(plain, hers).getbbox() is not None, "nothing is drawn into it"
    assert ImageChops.difference(hers, seen(lan)).getbbox() is not None, "the mark is the same for everybody"
    world.clock.goes(minutes=1)
    assert ImageChops.difference(hers, seen(hoa)).getbbox() is not None, "the mark does not tell the time"


def test_what_cannot_be_marked_is_not_given_out_as_a_picture(world: World) -> None:
    file = world.file(world.tip(), body=b"not a picture at all")
    browser = world.browser(world.officer(Role.DUTY))

    assert [browser.get(f"/console/media/{file}{end}").status_code for end in ("", "/nho")] == [404, 404]


def test_the_viewer_shows_one_file_with_the_others_beside_it(world: World) -> None:
    tip = world.tip()
    photo = world.file(tip)
    clip = world.file(tip, kind=AttachmentKind.CLIP, mime="video/mp4")
    world.file(tip, kind=AttachmentKind.FILE, mime="application/pdf")
    world.file(tip, state=AttachmentState.WAITING)
    browser = world.browser(world.officer(Role.DUTY, name="Đặng Thị Hoà"))

    page = browser.get(f"/console/xem-tep/{photo}")
    check_page(page, title="Ảnh 1, Người báo tin Sen-42", h1="Ảnh 1")
    assert f'<img src="/console/media/{photo}/nho" data-full="/console/media/{photo}"' in page.text
    assert f'href="/console/xem-tep/{clip}" rel="next"' in page.text
    assert "tệp 1 trên 2" in page.text
    film = browser.get(f"/console/xem-tep/{clip}").text
    assert 'controlslist="nodownload nofullscreen noremoteplayback"' in film
    assert film.count("<span>Đặng Thị Hoà · 24/11/2026 12:00</span>") == 3
    other = world.browser(world.officer(Role.DUTY, unit_id=WARD_5))
    assert other.get(f"/console/xem-tep/{photo}").status_code == 404
