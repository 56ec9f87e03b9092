"""The table of hostile files: what each is, and what becomes of it. Nothing of them is ever shown."""

from __future__ import annotations

import os
import resource
import signal
import socket
from collections.abc import Callable
from typing import Any

import pytest

from bot.cleaning import cage
from bot.cleaning.cleaner import Cleaner
from bot.cleaning.orders import CAGES, VIEW_MIMES, CannotClean, Cleaned, Order, TooMuch, checked_place
from data.media import file_type
from domain.media import LIMITS
from domain.tips import AttachmentKind
from tests import hostile
from tests.bot.cleaning.conftest import Clean, cleaned

NOT_TAKEN = "not a type that is taken"
TOO_MUCH = "refused"
SEALED = "left sealed"
HARMLESS = "a harmless copy"

HOSTILE: dict[str, tuple[Callable[[], bytes], set[str]]] = {
    "nothing at all": (lambda: b"", {NOT_TAKEN}),
    "SVG that says it is an image": (
        lambda: b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        {NOT_TAKEN},
    ),
    "HTML that says it is an image": (lambda: b"<!DOCTYPE html>" + hostile.MARK, {NOT_TAKEN}),
    "a program": (lambda: b"MZ\x90\0" + b"\0" * 500, {NOT_TAKEN}),
    "a zip bomb": (lambda: hostile.zipped("zeros.bin", 200 << 20), {NOT_TAKEN}),
    "a zip bomb in a docx": (lambda: hostile.zipped("word/document.xml", 200 << 20), {NOT_TAKEN}),
    "a playlist that says it is a clip": (
        lambda: b"#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1/x\n",
        {NOT_TAKEN},
    ),
    "a PNG bomb": (lambda: hostile.png_header(60_000, 60_000), {TOO_MUCH}),
    "a PNG as thin as a hair": (lambda: hostile.png_header(2_000_000, 1), {TOO_MUCH}),
    "a PNG with too few bytes": (lambda: hostile.png_header(7_000, 7_000), {SEALED}),
    "a GIF bomb": (lambda: hostile.gif_header(65_535, 65_535), {TOO_MUCH}),
    "a JPEG bomb": (lambda: hostile.jpeg_header(65_500, 65_500), {TOO_MUCH}),
    "a WebP bomb": (lambda: hostile.webp_header(16_000, 16_000), {TOO_MUCH, SEALED}),
    "a HEIC bomb": (lambda: hostile.heic_header(60_000, 60_000), {TOO_MUCH, SEALED}),
    "a HEIC that lies a little": (lambda: hostile.heic_header(7_000, 7_000), {SEALED}),
    "a JPEG cut in two": (lambda: hostile.picture("JPEG", 900, 900)[:4_000], {SEALED}),
    "a PNG cut in two": (lambda: hostile.picture("PNG", 900, 900)[:1_500], {SEALED}),
    "a HEIC cut in two": (lambda: hostile.picture("HEIF")[:600], {SEALED}),
    "an MP4 cut before its index": (lambda: hostile.clip()[:1_500], {SEALED}),
    "an MP4 that is all head": (lambda: hostile.clip()[:36], {SEALED}),
    "an AMR of the head alone": (lambda: b"#!AMR\n", {SEALED}),
    "an OGG of noise": (lambda: b"OggS" + bytes(range(256)) * 20, {SEALED}),
    "a WebM of noise": (lambda: b"\x1a\x45\xdf\xa3\x01webm" + bytes(range(256)) * 20, {SEALED}),
    "a PDF of noise": (lambda: b"%PDF-1.7\n" + bytes(range(256)) * 20, {SEALED}),
    "a JPEG with an archive behind it": (
        lambda: hostile.picture("JPEG") + hostile.zipped("x", 100) + hostile.MARK,
        {HARMLESS},
    ),
    "a JPEG with a script in its comment": (
        lambda: hostile.picture("JPEG", comment=hostile.MARK),
        {HARMLESS},
    ),
    "a PNG with a script behind it": (lambda: hostile.picture("PNG") + hostile.MARK, {HARMLESS}),
    "a GIF with a script behind it": (lambda: hostile.picture("GIF") + hostile.MARK, {HARMLESS}),
    "an MP4 with a script in its title": (
        lambda: hostile.clip(form="mov", metadata={"title": hostile.MARK.decode()}),
        {HARMLESS},
    ),
    "a PDF that acts": (
        lambda: hostile.pdf(extra=b"/OpenAction << /S /URI /URI (http://x/" + hostile.MARK + b") >>"),
        {HARMLESS},
    ),
    "an MP4 with absurdly large pictures": (
        lambda: hostile.lying_about_its_size(hostile.clip(), 65_535, 65_535),
        {TOO_MUCH, SEALED, HARMLESS},
    ),
    "an MP4 whose pictures are larger than is taken": (
        lambda: hostile.clip(codec="mpeg4", width=8_000, height=16, times=(0.0,)),
        {TOO_MUCH},
    ),
    "an MP4 longer than is taken": (lambda: hostile.clip(times=(0.0, 400.0), sound=None), {TOO_MUCH}),
    "an MP4 that lies about its length": (
        lambda: hostile.lying_about_its_length(hostile.clip(times=(0.0, 400.0), sound=None)),
        {TOO_MUCH, SEALED, HARMLESS},
    ),
    "a WebM longer than is taken": (
        lambda: hostile.clip(form="webm", codec="libvpx", sound=None, times=(0.0, 400.0)),
        {TOO_MUCH},
    ),
    "a voice message longer than is taken": (lambda: hostile.long_amr(31 * 60), {TOO_MUCH}),
    "a PDF with more pages than are read": (lambda: hostile.pdf(31), {TOO_MUCH}),
}


def what_becomes_of(clean: Clean, content: bytes) -> tuple[str, bytes]:
    if file_type(content[:4096]) is None:
        return NOT_TAKEN, b""
    try:
        copy = clean(content)
    except TooMuch:
        return TOO_MUCH, b""
    except CannotClean:
        return SEALED, b""
    return HARMLESS, copy.view + copy.poster


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_ends_as_the_table_says(clean: Clean, name: str) -> None:
    make, expected = HOSTILE[name]
    verdict, shown = what_becomes_of(clean, make())
    assert verdict in expected
    assert hostile.MARK not in shown
    assert b"PK\x03\x04" not in shown


@pytest.mark.parametrize("name", ["an MP4 that lies about its length", "an MP4 with absurdly large pictures"])
def test_what_a_liar_shows_stays_within_the_limits(cleaner: Cleaner, name: str) -> None:
    make, _ = HOSTILE[name]
    try:
        copy = cleaned(cleaner, make(), Order("video/mp4", AttachmentKind.CLIP))
    except (TooMuch, CannotClean):
        return
    most = LIMITS[AttachmentKind.CLIP].duration
    assert most is not None
    assert copy.known.seconds is not None
    assert copy.known.seconds <= most.total_seconds() + 1
    assert (copy.known.width, copy.known.height) == (64, 32)


def test_a_file_is_read_as_what_its_bytes_say_only(cleaner: Cleaner) -> None:
    with pytest.raises(CannotClean):
        cleaned(cleaner, hostile.picture("PNG"), Order("image/jpeg", AttachmentKind.PHOTO))
    with pytest.raises(CannotClean):
        cleaned(
            cleaner,
            hostile.clip(form="webm", codec="libvpx", sound=None),
            Order("video/mp4", AttachmentKind.CLIP),
        )


def test_the_largest_picture_that_is_taken_fits_the_cage(clean: Clean) -> None:
    copy = clean(hostile.picture("PNG", 7_745, 7_745, compress_level=1))
    assert (copy.known.width, copy.known.height) == (4096, 4096)


# ---- the cage -----------------------------------------------------------------------------------------------


def test_what_takes_too_long_is_killed_and_the_next_file_is_cleaned(cleaner: Cleaner, clean: Clean) -> None:
    heavy = hostile.clip(width=320, height=240, noise=20, sound=None)
    with pytest.raises(CannotClean, match="time"):
        cleaned(cleaner, heavy, Order("video/mp4", AttachmentKind.CLIP), wall_s=0.01)
    assert clean(hostile.picture("JPEG")).known.width == 160


def test_a_child_that_was_killed_is_replaced(cleaner: Cleaner, clean: Clean) -> None:
    clean(hostile.picture("JPEG"))
    for child in cleaner._children:
        os.kill(child.process.pid, signal.SIGKILL)
        child.process.wait()
    assert clean(hostile.picture("JPEG")).known.width == 160


def _in_a_cage(act: Callable[[], object]) -> int:
    """Do this in a fork that is caged as for a photo; 0 when it could be done."""
    child = os.fork()
    if child == 0:
        try:
            cage.enter(CAGES[AttachmentKind.PHOTO])
            act()
            os._exit(0)
        except MemoryError:
            os._exit(3)
        except BaseException:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def _kernel_lets_give_up(what: str, cleaner: Cleaner, clean: Clean) -> None:
    clean(hostile.picture("JPEG"))
    if not cleaner.gave_up[what]:
        pytest.skip(f"this kernel does not let a process give up its {what}")


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_in_the_cage_no_file_can_be_opened(cleaner: Cleaner, clean: Clean) -> None:
    _kernel_lets_give_up("files", cleaner, clean)
    assert _in_a_cage(lambda: None) == 0
    assert _in_a_cage(lambda: os.open("/etc/hostname", os.O_RDONLY)) == 1
    assert _in_a_cage(lambda: os.open("/proc/self/environ", os.O_RDONLY)) == 1
    assert _in_a_cage(lambda: os.execv("/bin/true", ["true"])) == 1


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_in_the_cage_there_is_no_network(cleaner: Cleaner, clean: Clean) -> None:
    _kernel_lets_give_up("network", cleaner, clean)
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = server.getsockname()
        assert _in_a_cage(lambda: socket.create_connection(address, timeout=2)) == 1


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_in_the_cage_memory_and_output_end_somewhere() -> None:
    assert _in_a_cage(lambda: bytearray(CAGES[AttachmentKind.PHOTO].memory)) == 3
    assert _in_a_cage(lambda: resource.setrlimit(resource.RLIMIT_AS, (1 << 40, 1 << 40))) in {0, 1}
    limit = CAGES[AttachmentKind.PHOTO]
    assert all(one.wall_s < 15 * 60 for one in CAGES.values()), "a lease lasts longer than any cage"
    assert limit.output >= LIMITS[AttachmentKind.PHOTO].size


def test_the_child_knows_nothing_of_our_settings(cleaner: Cleaner, clean: Clean, monkeypatch: Any) -> None:
    monkeypatch.setenv("DATA_KEY", "secret-of-the-test")
    for child in list(cleaner._children):
        child.process.kill()
        child.process.wait()
    clean(hostile.picture("JPEG"))
    (child,) = cleaner._children
    with open(f"/proc/{child.process.pid}/environ", "rb") as file:
        assert b"secret-of-the-test" not in file.read()


# ---- what comes back ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"kind": "program"},
        {"kind": "photo", "width": -1},
        {"kind": "photo", "width": 10**9},
        {"kind": "photo", "seconds": float("nan")},
        {"kind": "photo", "likeness": "<script>"},
        {"kind": "photo", "place": ["a", "b"]},
        {"kind": "photo", "place": [1]},
        {"kind": "voice", "peaks": "<script>"},
        {"kind": "voice", "peaks": "0" * 97},
    ],
)
def test_an_answer_that_makes_no_sense_is_not_believed(said: dict[str, Any]) -> None:
    whole = dict.fromkeys(("width", "height", "seconds", "poster", "likeness", "place", "peaks"))
    with pytest.raises(CannotClean):
        Cleaned.from_json({**(whole if said else {}), **said})


@pytest.mark.parametrize("place", [(0, 0), (91, 0), (0, 181), (float("nan"), 1)])
def test_a_place_that_is_none_is_not_offered(place: tuple[float, float]) -> None:
    assert checked_place(place) is None


def test_a_copy_that_is_not_what_it_should_be_is_thrown_away(cleaner: Cleaner, monkeypatch: Any) -> None:
    """Whoever took the child over could write anything: a page, say."""
    expected: Any = VIEW_MIMES
    monkeypatch.setitem(expected, AttachmentKind.PHOTO, "application/pdf")
    with pytest.raises(CannotClean, match="copy"):
        cleaned(cleaner, hostile.picture("JPEG"), Order("image/jpeg", AttachmentKind.PHOTO))
