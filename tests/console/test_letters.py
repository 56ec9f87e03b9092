"""The typeface has every letter people here write, in the file that pages and pictures take it from."""

from __future__ import annotations

import unicodedata

import pytest
from PIL import ImageFont

from console.watermark import FONTS

VOWELS = "aăâeêioôơuưy"
TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
LETTERS = sorted(
    {
        unicodedata.normalize("NFC", form(vowel) + tone)
        for vowel in VOWELS
        for tone in TONES
        for form in (str.lower, str.upper)
    }
    | set("đĐ₫0123456789.,:;-–…·“”‘’()/%@?!&+")
)


@pytest.mark.parametrize("weight", [400, 600])
def test_every_letter_is_drawn_and_none_is_an_empty_box(weight: int) -> None:
    fonts = {
        part: ImageFont.truetype(str(FONTS / f"be-vietnam-pro-{part}-{weight}-normal.woff2"), 40)
        for part in ("latin", "vietnamese")
    }
    boxes = {part: bytes(font.getmask("\ue000")) for part, font in fonts.items()}

    missing = [
        letter
        for letter in LETTERS
        if all(bytes(font.getmask(letter)) == boxes[part] for part, font in fonts.items())
    ]

    assert missing == []
    marked = [letter for letter in LETTERS if ord(letter) >= 0x100 and letter.isalpha()]
    assert [one for one in marked if bytes(fonts["vietnamese"].getmask(one)) == boxes["vietnamese"]] == []
