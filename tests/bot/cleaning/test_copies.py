"""A clean copy shows what the original shows, and tells nothing else."""

from __future__ import annotations

import io

import av
import pytest
from PIL import Image

from domain.media import LOUDEST, PEAKS_MAX, read_peaks
from domain.tips import AttachmentKind
from tests import hostile
from tests.bot.cleaning.conftest import Clean

PHOTOS = ("JPEG", "PNG", "GIF", "WEBP", "HEIF")
CLIPS = {
    "MP4": lambda: hostile.clip(),
    "MOV": lambda: hostile.clip(form="mov"),
    "3GP": lambda: hostile.clip(form="3gp", codec="mpeg4"),
    "WebM": lambda: hostile.clip(form="webm", codec="libvpx", sound="libopus"),
    "MP4 without sound": lambda: hostile.clip(sound=None),
    "MP4 in HEVC": lambda: hostile.clip(codec="libx265", width=128, height=64),
}
VOICES = {
    "AMR": lambda: hostile.voice("amr", "libopencore_amrnb", rate=8000),
    "M4A": lambda: hostile.voice("ipod", "aac"),
    "OGG": lambda: hostile.voice("ogg", "libopus"),
    "MP3": lambda: hostile.voice("mp3", "libmp3lame"),
}


def colours(content: bytes) -> tuple[str, str]:
    """Which colour is left (or above), which is right (or below)."""
    with Image.open(io.BytesIO(content)) as picture:
        rgb = picture.convert("RGB")
        wide = rgb.width > rgb.height
        points = (0.2, 0.5), (0.8, 0.5)
        found = [
            rgb.getpixel((int(rgb.width * (x if wide else y)), int(rgb.height * (y if wide else x))))
            for x, y in points
        ]
    assert all(isinstance(point, tuple) for point in found)
    first, second = ("red" if point[0] > point[2] else "blue" for point in found)  # type: ignore[index]
    return first, second


@pytest.mark.parametrize("form", PHOTOS)
def test_a_photo_becomes_a_jpeg_that_shows_the_same(clean: Clean, form: str) -> None:
    copy = clean(hostile.picture(form))
    assert (copy.known.kind, copy.known.mime) == (AttachmentKind.PHOTO, "image/jpeg")
    assert (copy.known.width, copy.known.height) == (160, 120)
    assert colours(copy.view) == ("red", "blue")


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_nothing_that_a_photo_tells_of_its_making_comes_along(clean: Clean, form: str) -> None:
    original = hostile.photo_that_tells(form)
    assert b"mark" in original
    copy = clean(original)
    assert b"mark" not in copy.view
    assert b"Secretphone" not in copy.view
    assert b"Exif" not in copy.view
    with Image.open(io.BytesIO(copy.view)) as picture:
        assert dict(picture.getexif()) == {}
        assert set(picture.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_the_place_inside_a_photo_is_reported_as_a_value(clean: Clean, form: str) -> None:
    assert clean(hostile.photo_that_tells(form)).known.place == (21.284833, 106.213)
    assert clean(hostile.picture(form)).known.place is None


def test_a_photo_stands_upright_as_the_phone_meant_it(clean: Clean) -> None:
    copy = clean(hostile.photo_that_tells(orientation=6))
    assert (copy.known.width, copy.known.height) == (120, 160)
    assert colours(copy.view) == ("red", "blue")


def test_a_copy_is_not_larger_than_is_needed_to_see(clean: Clean) -> None:
    copy = clean(hostile.picture("JPEG", 6000, 3000))
    assert (copy.known.width, copy.known.height) == (4096, 2048)


def test_what_is_seen_through_stands_on_white(clean: Clean) -> None:
    file = io.BytesIO()
    Image.new("RGBA", (40, 40), (0, 0, 0, 0)).save(file, "PNG")
    with Image.open(io.BytesIO(clean(file.getvalue()).view)) as picture:
        assert picture.getpixel((20, 20)) == (255, 255, 255)


def test_pictures_that_look_alike_have_a_likeness_near_each_other(clean: Clean) -> None:
    one, same, other = (
        int(clean(content).known.likeness or "", 16)
        for content in (
            hostile.picture("JPEG"),
            hostile.picture("PNG", 200, 150),
            hostile.photo_that_tells(orientation=6),
        )
    )
    assert (one ^ same).bit_count() <= 6
    assert (one ^ other).bit_count() > 6


@pytest.mark.parametrize("form", CLIPS)
def test_a_clip_becomes_an_mp4_with_a_still(clean: Clean, form: str) -> None:
    copy = clean(CLIPS[form]())
    assert (copy.known.kind, copy.known.mime, copy.known.poster) == (AttachmentKind.CLIP, "video/mp4", True)
    assert copy.known.seconds == pytest.approx(1.5, abs=0.2)
    assert colours(copy.poster) == ("red", "blue")
    with av.open(io.BytesIO(copy.view), "r") as played:
        assert [stream.codec_context.name for stream in played.streams.video] == ["h264"]
        assert len(played.streams.audio) == (0 if "without" in form else 1)
        assert len(list(played.decode(video=0))) == 4


def test_nothing_that_a_clip_tells_of_its_making_comes_along_but_its_place_is_reported(clean: Clean) -> None:
    original = hostile.clip(
        form="mov",
        metadata={"title": "title-mark", "comment": "comment-mark", "location": "+21.2848+106.2130/"},
    )
    assert b"title-mark" in original
    copy = clean(original)
    assert b"mark" not in copy.view
    assert b"21.2848" not in copy.view
    assert copy.known.place == (21.2848, 106.213)
    with av.open(io.BytesIO(copy.view), "r") as played:
        assert set(played.metadata) <= {"major_brand", "minor_version", "compatible_brands"}


def test_a_clip_stands_upright_as_the_phone_meant_it(clean: Clean) -> None:
    copy = clean(hostile.turned(hostile.clip()))
    assert (copy.known.width, copy.known.height) == (32, 64)
    assert colours(copy.poster) == ("red", "blue")


@pytest.mark.parametrize("form", VOICES)
def test_a_voice_message_becomes_sound_any_browser_plays(clean: Clean, form: str) -> None:
    copy = clean(VOICES[form]())
    assert (copy.known.kind, copy.known.mime, copy.known.poster) == (
        AttachmentKind.VOICE,
        "audio/mp4",
        False,
    )
    assert copy.known.seconds == pytest.approx(1.0, abs=0.2)
    assert b"title-mark" not in copy.view
    with av.open(io.BytesIO(copy.view), "r") as played:
        assert [stream.codec_context.name for stream in played.streams] == ["aac"]


def test_a_voice_message_brings_the_outline_of_how_loud_it_is(clean: Clean) -> None:
    peaks = read_peaks(clean(hostile.voice("mp4", "aac", seconds=4.0, loud_from=2.0)).known.peaks)
    assert len(peaks) <= PEAKS_MAX
    middle = len(peaks) // 2
    assert max(peaks[: middle - 3]) == 0
    assert min(peaks[middle + 3 : -3]) > LOUDEST / 2
    assert max(peaks) == LOUDEST
    silent = read_peaks(clean(hostile.voice("mp4", "aac")).known.peaks)
    assert set(silent) == {0}, "silence is not blown up to noise"
    assert clean(hostile.clip()).known.peaks is None


def test_an_mp4_without_pictures_is_a_voice_message(clean: Clean) -> None:
    assert clean(hostile.voice("mp4", "aac")).known.kind is AttachmentKind.VOICE


def test_a_document_becomes_pictures_of_its_pages(clean: Clean) -> None:
    copy = clean(hostile.pdf(3, extra=b"/OpenAction << /S /JavaScript /JS (app.alert\\('mark'\\)) >>"))
    assert copy.known.mime == "application/pdf"
    assert b"JavaScript" not in copy.view
    assert b"Xin chao" not in copy.view
    start = copy.view.index(b"\xff\xd8\xff")
    with Image.open(io.BytesIO(copy.view[start:])) as page:
        grays = page.convert("L").tobytes()
    assert (min(grays) < 60, max(grays) > 200) == (True, True), "the words can be read, though not as words"
    assert copy.view.count(b"/Type /Page\n") + copy.view.count(b"/Type /Page ") == 3
