"""Pictures that look alike: copies of one scene are near, other scenes are not, and what shows nothing is like nothing."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from functools import cache

import pytest
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

from bot.cleaning.pictures import likeness
from domain.likeness import NEAR_BITS, is_near, is_near_any, read

SIZE = (1280, 960)


@cache
def scene(seed: int) -> Image.Image:
    """A street as phones see it, more or less: sky, ground, houses, things that stand about."""
    chance = random.Random(seed)  # made-up pictures
    picture = Image.new("RGB", SIZE, tuple(chance.randint(120, 230) for _ in range(3)))
    draw = ImageDraw.Draw(picture)
    horizon = chance.randint(300, 600)
    draw.rectangle((0, horizon, *SIZE), fill=tuple(chance.randint(40, 120) for _ in range(3)))
    for _ in range(14):
        left, top = chance.randint(-100, 1200), chance.randint(50, 850)
        box = (left, top, left + chance.randint(60, 400), top + chance.randint(60, 400))
        draw.rectangle(box, fill=tuple(chance.randint(0, 255) for _ in range(3)))
    return picture.filter(ImageFilter.GaussianBlur(3))


def jpeg(picture: Image.Image, quality: int) -> Image.Image:
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=quality)
    return Image.open(file)


SENT_ON: dict[str, Callable[[Image.Image], Image.Image]] = {
    "compressed by a messenger": lambda picture: jpeg(picture, 35),
    "made smaller": lambda picture: picture.resize((480, 360)),
    "smaller and compressed twice": lambda picture: jpeg(jpeg(picture, 50).resize((640, 480)), 40),
    "brightened": lambda picture: ImageEnhance.Brightness(picture).enhance(1.25),
    "with more contrast": lambda picture: ImageEnhance.Contrast(picture).enhance(1.3),
    "in gray": lambda picture: picture.convert("L"),
    "its edge cut off": lambda picture: picture.crop((10, 8, 1270, 952)),
}


def look(picture: Image.Image) -> int:
    found = read(likeness(picture.convert("RGB")))
    assert found is not None
    return found


@pytest.mark.parametrize("way", SENT_ON)
def test_a_picture_that_was_sent_on_looks_like_the_first(way: str) -> None:
    for seed in range(8):
        picture = scene(seed)
        assert is_near(look(picture), look(SENT_ON[way](picture))), (way, seed)


def test_other_scenes_do_not_look_alike() -> None:
    looks = [look(scene(seed)) for seed in range(40)]
    pairs = [(one, other) for place, one in enumerate(looks) for other in looks[:place]]
    assert [pair for pair in pairs if is_near(*pair)] == []


def test_what_shows_nothing_is_like_nothing() -> None:
    night, wall = Image.new("RGB", SIZE, "black"), Image.linear_gradient("L").resize(SIZE)
    assert read(likeness(night)) is None
    assert read(likeness(wall)) is None
    assert not is_near_any(None, [0])
    for odd in (None, "", "xyz"):
        assert read(odd) is None


def test_the_bound_is_where_it_is_said_to_be() -> None:
    one = 0x0F0F0F0F0F0F0F0F
    assert is_near(one, one ^ ((1 << NEAR_BITS) - 1))
    assert not is_near(one, one ^ ((1 << (NEAR_BITS + 1)) - 1))
