"""One small file of each kind, cleaned before the first real one: the libraries load parts of themselves only when
they are used, and in the cage there is nothing to load from any more.
"""

from __future__ import annotations

import io
from typing import Any

import av
from PIL import Image

from bot.cleaning import clips, papers, pictures
from bot.cleaning.orders import Order
from domain.tips import AttachmentKind

FORMATS = {
    "JPEG": "image/jpeg",
    "PNG": "image/png",
    "GIF": "image/gif",
    "WEBP": "image/webp",
    "HEIF": "image/heic",
}


def rehearse() -> None:
    """Clean one of everything, of our own making. Raises when a library cannot do its part at all."""
    picture = Image.new("RGB", (64, 48), "navy")
    for form, mime in FORMATS.items():
        pictures.clean(_written(picture, form), io.BytesIO(), Order(mime, AttachmentKind.PHOTO))
    papers.clean(_written(picture, "PDF"), io.BytesIO(), Order("application/pdf", AttachmentKind.FILE))
    clips.clean(_film(picture), io.BytesIO(), io.BytesIO(), Order("video/mp4", AttachmentKind.CLIP))
    clips.clean(_film(None), io.BytesIO(), io.BytesIO(), Order("audio/mp4", AttachmentKind.VOICE))


def _written(picture: Image.Image, form: str) -> io.BytesIO:
    file = io.BytesIO()
    picture.save(file, form)
    file.seek(0)
    return file


def _film(picture: Image.Image | None) -> io.BytesIO:
    """With sound; None: sound alone."""
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as container:
        film: Any = container.add_stream("libx264", rate=5) if picture else None
        if picture:
            film.width, film.height, film.pix_fmt = picture.width, picture.height, "yuv420p"
        sound = container.add_stream("aac", rate=44_100)
        sound.layout = "mono"
        if picture:
            frame: Any = av.VideoFrame.from_image(picture)  # type: ignore[no-untyped-call]  # PyAV leaves it open
            for number in range(3):
                frame.pts = number
                container.mux(film.encode(frame))
            container.mux(film.encode(None))
        silence = av.AudioFrame(format="fltp", layout="mono", samples=1024)
        for plane in silence.planes:
            plane.update(bytes(plane.buffer_size))
        silence.sample_rate = 44_100
        for number in range(4):
            silence.pts = number * 1024
            container.mux(sound.encode(silence))
        container.mux(sound.encode(None))
    file.seek(0)
    return file
