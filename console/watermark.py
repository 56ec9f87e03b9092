"""The officer's name and the time, drawn into pictures as they leave: a screenshot or a saved copy says whose it is.

Clean copies only come here (they were made by bot.cleaning); what cannot be read is not given out at all.
"""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path
from typing import BinaryIO

from PIL import Image, ImageDraw, ImageFont, UnidentifiedImageError

FONTS = Path(__file__).parent / "static" / "vendor" / "be-vietnam-pro"
SMALL = 480
"""The longest side, in pixels, of a picture in the gallery of a tip: some 20 kB on a slow line."""
LINES = (0.08, 0.36, 0.64)
"""Where the lines begin, as a share of the height: the middle, where one looks first, stays clear."""
ACROSS, SIZE_MIN = 0.9, 9
"""The words fit this share of the width, so that the time is never cut off; pixels below which nobody could read them."""
INK, SHADE = (255, 255, 255, 92), (0, 0, 0, 92)
QUALITY, QUALITY_SMALL = 88, 78


class CannotMark(Exception):
    """These bytes are no picture that could be marked."""


def marked(picture: BinaryIO, words: str, *, small: bool = False) -> bytes:
    """A JPEG with `words` across it; `small`: for the gallery. Raises CannotMark."""
    try:
        opened = Image.open(picture, formats=("JPEG",))
        if small:
            opened.draft("RGB", (SMALL, SMALL))
        shown = opened.convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError) as error:
        raise CannotMark from error
    if small:
        shown.thumbnail((SMALL, SMALL))
    _draw(shown, words)
    written = io.BytesIO()
    shown.save(written, "JPEG", quality=QUALITY_SMALL if small else QUALITY)
    return written.getvalue()


def _draw(picture: Image.Image, words: str) -> None:
    """Three lines across, half seen, so that cutting one off leaves two."""
    width, height = picture.size
    size = max(14, min(width, height) // 22)
    size = max(SIZE_MIN, min(size, int(size * ACROSS * width / _length(words, size))))
    for share in LINES:
        _line(picture, words, (round(width * 0.05), round(height * share)), size)


def _length(words: str, size: int) -> float:
    return sum(_font_of(letter, size).getlength(letter) for letter in words) or 1.0


def _font_of(letter: str, size: int) -> ImageFont.FreeTypeFont:
    return _font("latin" if ord(letter) < 0x100 else "vietnamese", size)


def _line(picture: Image.Image, words: str, at: tuple[int, int], size: int) -> None:
    """Letters of the two files of the typeface, each from the one that has it."""
    strip = Image.new("RGBA", (picture.width, size * 2), (0, 0, 0, 0))
    pen, x = ImageDraw.Draw(strip), 0.0
    for letter in words:
        font = _font_of(letter, size)
        pen.text((x + 1, 1), letter, font=font, fill=SHADE)
        pen.text((x, 0), letter, font=font, fill=INK)
        x += font.getlength(letter)
    picture.paste(strip, at, strip)


@cache
def _font(part: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONTS / f"be-vietnam-pro-{part}-600-normal.woff2"), size)
