"""Small real files, made by us."""

from __future__ import annotations

import io
import random
from pathlib import Path

from PIL import Image

CLIP = next(Path("simulator/static/samples").glob("*.mp4")).read_bytes()


def photo(width: int = 320, height: int = 240, seed: int = 1) -> bytes:
    """A JPEG; another seed gives other bytes."""
    picture = Image.new("RGB", (width, height), (random.Random(seed).randrange(256), 120, 90))
    stream = io.BytesIO()
    picture.save(stream, "JPEG")
    return stream.getvalue()


def colour(content: bytes) -> int:
    """How red the middle of a picture is, in steps that a new JPEG of it does not change."""
    with Image.open(io.BytesIO(content)) as picture:
        point = picture.convert("RGB").getpixel((picture.width // 2, picture.height // 2))
    assert isinstance(point, tuple)
    return round(point[0] / 8)


def noisy_photo(seed: int, width: int = 160, height: int = 120) -> bytes:
    """A JPEG as large as its pixels allow, with bytes that no other seed gives."""
    picture = Image.frombytes("RGB", (width, height), random.Random(seed).randbytes(width * height * 3))
    stream = io.BytesIO()
    picture.save(stream, "JPEG")
    return stream.getvalue()
