"""Files nobody should have to open, and honest ones beside them; all made here."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from array import array
from typing import Any

import av
import pillow_heif
from PIL import Image

pillow_heif.register_heif_opener()

MARK = b"<script>alert('mark')</script>"
"""What a polyglot carries along; no copy may have it."""


def picture(form: str, width: int = 160, height: int = 120, **save: Any) -> bytes:
    """Left half red, right half blue."""
    file = io.BytesIO()
    _two_colours(width, height).save(file, form, **save)
    return file.getvalue()


def _two_colours(width: int, height: int) -> Image.Image:
    drawn = Image.new("RGB", (width, height), (200, 30, 30))
    drawn.paste((30, 30, 200), (width // 2, 0, width, height))
    return drawn


def photo_that_tells(form: str = "JPEG", orientation: int = 1) -> bytes:
    """With a place (21°17'5.4"N 106°12'46.8"E), a camera, a comment, a description, a thumbnail's worth of bytes."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F], exif[0x0110] = "Secretphone", "Model-mark"
    exif[0x8298] = "Nguyen-mark"
    exif.get_ifd(0x8769)[0x927C] = b"makernote-mark"
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2], gps[3], gps[4] = "N", (21.0, 17.0, 5.4), "E", (106.0, 12.0, 46.8)
    more: dict[str, Any] = {"exif": exif.tobytes()}
    if form == "JPEG":
        more |= {"comment": b"comment-mark", "xmp": b"<x:xmpmeta>xmp-mark</x:xmpmeta>"}
    return picture(form, **more)


def png_header(width: int, height: int) -> bytes:
    """A PNG that says it is this large, and brings a few bytes."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0" * 4096)) + chunk(b"IEND", b"")


def gif_header(width: int, height: int) -> bytes:
    small = picture("GIF")
    return small[:6] + struct.pack("<HH", width, height) + small[10:]


def jpeg_header(width: int, height: int) -> bytes:
    small = picture("JPEG")
    at = small.index(b"\xff\xc0") + 5
    return small[:at] + struct.pack(">HH", height, width) + small[at + 4 :]


def heic_header(width: int, height: int) -> bytes:
    small = picture("HEIF")
    at = small.index(b"ispe") + 8
    return small[:at] + struct.pack(">II", width, height) + small[at + 8 :]


def webp_header(width: int, height: int) -> bytes:
    small = picture("WEBP")
    body = b"VP8X" + struct.pack("<I", 10) + b"\0\0\0\0"
    body += (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little") + small[12:]
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def clip(
    *,
    form: str = "mp4",
    codec: str = "libx264",
    sound: str | None = "aac",
    width: int = 64,
    height: int = 32,
    times: tuple[float, ...] = (0.0, 0.5, 1.0, 1.5),
    metadata: dict[str, str] | None = None,
    noise: int = 0,
) -> bytes:
    """Left red, right blue, a picture at each of `times` (seconds); `noise` many pictures of noise instead."""
    file = io.BytesIO()
    with av.open(file, "w", format=form) as container:
        container.metadata.update(metadata or {})
        film: Any = container.add_stream(codec, rate=10)
        film.width, film.height, film.pix_fmt = width, height, "yuv420p"
        voice = _voice(container, sound) if sound else None
        moments = tuple(n / 10 for n in range(noise)) if noise else times
        for number, at in enumerate(moments):
            drawn = Image.effect_noise((width, height), 90).convert("RGB") if noise else None
            frame: Any = av.VideoFrame.from_image(drawn or _two_colours(width, height))  # type: ignore[no-untyped-call]
            frame.pts = number if noise else round(at * 10)
            container.mux(film.encode(frame))
        container.mux(film.encode(None))
        if voice is not None:
            _hum(container, voice, seconds=0.5)
    return file.getvalue()


def voice(
    form: str, codec: str, *, seconds: float = 1.0, rate: int = 44_100, loud_from: float | None = None
) -> bytes:
    """A voice message with nothing said; from `loud_from` seconds on a tone."""
    file = io.BytesIO()
    with av.open(file, "w", format=form) as container:
        container.metadata["title"] = "title-mark"
        _hum(container, _voice(container, codec, rate), seconds=seconds, loud_from=loud_from)
    return file.getvalue()


def _voice(container: Any, codec: str, rate: int = 44_100) -> Any:
    stream = container.add_stream(codec, rate=48_000 if codec == "libopus" else rate)
    stream.layout = "mono"
    return stream


def _hum(container: Any, stream: Any, *, seconds: float, loud_from: float | None = None) -> None:
    """Silence; from `loud_from` seconds on a tone (floating-point sound only)."""
    context = stream.codec_context
    if not context.is_open:
        context.open()
    samples = context.frame_size or 1024
    for number in range(max(1, int(seconds * context.sample_rate / samples))):
        frame = av.AudioFrame(format=context.format.name, layout="mono", samples=samples)
        for plane in frame.planes:
            plane.update(bytes(plane.buffer_size))
            if loud_from is not None and number * samples >= loud_from * context.sample_rate:
                tone = array("f", (0.5 if place // 50 % 2 else -0.5 for place in range(samples)))
                plane.update(tone.tobytes().ljust(plane.buffer_size, b"\0"))
        frame.sample_rate, frame.pts = context.sample_rate, number * samples
        container.mux(stream.encode(frame))
    container.mux(stream.encode(None))


def long_amr(seconds: int) -> bytes:
    """AMR-NB, 12.2 kbit/s: 32 bytes for 20 ms."""
    return b"#!AMR\n" + (b"\x3c" + b"\0" * 31) * (50 * seconds)


def turned(film: bytes) -> bytes:
    """The same clip, to be shown turned by 90° clockwise (as phones write it: ISO 14496-12, `tkhd`)."""
    at = film.index(b"tkhd") + 4 + 40
    matrix = struct.pack(">9i", 0, 0x10000, 0, -0x10000, 0, 0, 0, 0, 0x40000000)
    return film[:at] + matrix + film[at + 36 :]


def lying_about_its_size(film: bytes, width: int, height: int) -> bytes:
    """The sample description says another size than the pictures have."""
    at = film.index(b"avc1", film.index(b"stsd")) + 28
    return film[:at] + struct.pack(">HH", width, height) + film[at + 4 :]


def lying_about_its_length(film: bytes) -> bytes:
    """The headers say that it lasts a moment."""
    for box, offset in ((b"mvhd", 16), (b"mdhd", 16), (b"tkhd", 20)):
        start = 0
        while (found := film.find(box, start)) >= 0:
            at = found + 4 + offset
            film = film[:at] + struct.pack(">I", 10) + film[at + 4 :]
            start = found + 4
    return film


def zipped(name: str, size: int) -> bytes:
    """An archive of zeros: a few kilobytes that unfold to `size` bytes."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, b"\0" * size)
    return file.getvalue()


def pdf(pages: int = 1, *, extra: bytes = b"") -> bytes:
    """A PDF whose catalogue may say more (an action, say); each page says 'Xin chao'."""
    kids = b" ".join(b"%d 0 R" % (4 + number) for number in range(pages))
    text = b"BT /F1 24 Tf 40 100 Td (Xin chao) Tj ET"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R " + extra + b" >>",
        b"<< /Type /Pages /Kids [" + kids + b"] /Count %d >>" % pages,
        b"<< /Length %d >>\nstream\n" % len(text) + text + b"\nendstream",
    ]
    page = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] /Contents 3 0 R "
        b"/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>"
    )
    objects += [page] * pages
    written, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(written))
        written += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start = len(written)
    written += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    written += b"".join(b"%010d 00000 n \n" % place for place in places)
    return written + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        start,
    )
