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
