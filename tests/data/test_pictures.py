"""What officers attach is made fit for Zalo: small enough, without metadata, and nothing that is no picture."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from data.pictures import GIF_MAX, IMAGE_MAX, SIDE_MAX, make_fit
from domain.posts import Attached, AttachedKind, Post, posts_of


def picture(width: int, height: int, kind: str = "JPEG", mode: str = "RGB", **more: object) -> bytes:
    out = io.BytesIO()
    Image.effect_noise((width, height), 80).convert(mode).save(out, kind, **more)
    return out.getvalue()


@pytest.mark.parametrize(
    ("kind", "mode"),
    [("JPEG", "RGB"), ("JPEG", "CMYK"), ("PNG", "RGBA"), ("PNG", "P"), ("WEBP", "RGB"), ("PNG", "L")],
)
def test_a_picture_becomes_a_jpeg_that_zalo_takes(kind: str, mode: str):
    fit = make_fit("anh.x", picture(3200, 2000, kind, mode))
    assert (fit.kind, fit.mime) == (AttachedKind.IMAGE, "image/jpeg")
    assert len(fit.content) <= IMAGE_MAX
    made = Image.open(io.BytesIO(fit.content))
    assert made.format == "JPEG"
    assert max(made.size) <= SIDE_MAX


def test_metadata_is_gone_and_the_picture_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    exif[0x010F] = "a phone"
    made = Image.open(io.BytesIO(make_fit("a.jpg", picture(300, 200, exif=exif)).content))
    assert made.size == (200, 300)
    assert not made.getexif()


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.gif", picture(20, 20, "GIF", "P"), AttachedKind.GIF),
        ("a.PDF", b"%PDF-1.7 ...", AttachedKind.FILE),
        ("a.docx", b"PK\x03\x04...", AttachedKind.FILE),
        ("a.doc", b"\xd0\xcf\x11\xe0...", AttachedKind.FILE),
    ],
)
def test_what_zalo_takes_as_it_is_stays_as_it_is(name: str, content: bytes, kind: AttachedKind):
    fit = make_fit(name, content)
    assert (fit.kind, fit.content) == (kind, content)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jpg", b""),
        ("a.jpg", b"no picture"),
        ("a.jpg", picture(50, 50)[:200]),
        ("a.exe", b"%PDF-1.7"),
        ("a.docx", b"%PDF-1.7"),
        ("a.gif", b"GIF89a" + b"\0" * GIF_MAX),
        ("a.gif", b"GIF89a and nothing"),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
    ],
)
def test_anything_else_is_refused_with_a_sentence(name: str, content: bytes):
    with pytest.raises(ValueError, match=r"\w+ \w+"):
        make_fit(name, content)


def test_words_go_with_the_first_picture_and_files_go_last():
    one, two, paper = (
        Attached(name, kind, name, 1, "s")
        for name, kind in (("1", AttachedKind.IMAGE), ("2", AttachedKind.GIF), ("3", AttachedKind.FILE))
    )
    assert posts_of("Chào", "", ()) == (Post("Chào"),)
    assert posts_of("Chào", "https://a.vn", (paper, one, two)) == (
        Post("Chào\nhttps://a.vn", one),
        Post("", two),
        Post("", paper),
    )
    assert posts_of("Chào", "", (paper,)) == (Post("Chào"), Post("", paper))
