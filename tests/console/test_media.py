"""Photos and clips: whole or in part, to those who may see the tip, and never as anything a browser runs."""

from __future__ import annotations

import pytest

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
