"""Photos and clips: whole or in part, to those who may see the tip, and never as anything a browser runs."""

from __future__ import annotations

import pytest

from data import custody
from data.tables import AttachmentRow
from domain.roles import Role
from domain.tips import AttachmentKind, AttachmentState
from tests.console.world import WARD_5, World

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

    assert (still.status_code, still.data, still.headers["Content-Type"]) == (200, b"a still", "image/jpeg")
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
