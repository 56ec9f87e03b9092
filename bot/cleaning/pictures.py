"""Photos: pixels only. A fresh JPEG is drawn from what the picture shows; nothing else comes along."""

from __future__ import annotations

import contextlib
import io
from typing import IO, Any

import pillow_heif
from PIL import ExifTags, Image, ImageCms, ImageOps

from bot.cleaning.orders import Cleaned, Order, TooMuch, checked_place

FORMATS = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/gif": "GIF",
    "image/webp": "WEBP",
    "image/heic": "HEIF",
}
"""Each type is read as itself only: a picture that says it is another kind of picture is not looked at."""
SIDE = 4096
"""The longest side of a copy in pixels: enough to read a number plate across a street."""
QUALITY = 88

Image.MAX_IMAGE_PIXELS = None  # our own check stands in `clean`, with our own limit
Image.init()
pillow_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)
_SRGB = ImageCms.createProfile("sRGB")


def clean(source: IO[bytes], view: IO[bytes], order: Order) -> Cleaned:
    """Write the clean copy of `source` to `view`. Raises TooMuch; anything else means it cannot be read."""
    with Image.open(source, formats=[FORMATS[order.mime]]) as picture:
        check_size(picture.width, picture.height, order)
        picture.draft("RGB", (SIDE, SIDE))  # a JPEG can be read at half its size and less
        place = _place(picture)
        shown = picture if picture.mode in {"RGB", "RGBA", "L", "CMYK"} else picture.convert("RGBA")
        shown.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)  # first of all: what follows needs copies
        ImageOps.exif_transpose(shown, in_place=True)
        bare = _bare(shown)
    save(bare, view)
    return Cleaned(order.kind, bare.width, bare.height, likeness=likeness(bare), place=place)


def check_size(width: int, height: int, order: Order) -> None:
    """Raise TooMuch before anything is unfolded."""
    limit = order.limit
    if limit.pixels is not None and width * height > limit.pixels:
        raise TooMuch("pixels")
    if limit.side is not None and max(width, height) > limit.side:
        raise TooMuch("pixels")


def save(bare: Image.Image, view: IO[bytes]) -> None:
    bare.save(view, "JPEG", quality=QUALITY, optimize=False)


def likeness(picture: Image.Image) -> str:
    """64 bits: is each spot of the picture, made 9 × 8 and gray, brighter than its right neighbour?"""
    gray = picture.convert("L").resize((9, 8), Image.Resampling.BOX).tobytes()
    bits = 0
    for row in range(8):
        for column in range(8):
            at = row * 9 + column
            bits = bits << 1 | (gray[at] > gray[at + 1])
    return f"{bits:016x}"


def _bare(picture: Image.Image) -> Image.Image:
    """The pixels in sRGB on white, in a picture that knows nothing of where they came from."""
    profile = picture.info.get("icc_profile")
    if "A" in picture.getbands() or "transparency" in picture.info:
        picture = picture.convert("RGBA")
        bare = Image.new("RGB", picture.size, "white")
        bare.paste(picture, mask=picture.getchannel("A"))
        return bare
    if profile and picture.mode in {"RGB", "CMYK", "L"}:
        # phones photograph in wider colours; a profile that cannot be read changes the tint only
        with contextlib.suppress(ImageCms.PyCMSError, OSError, ValueError, TypeError):
            given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            turned = ImageCms.profileToProfile(picture, given, _SRGB, outputMode="RGB")
            picture = turned if turned is not None else picture
    bare = Image.new("RGB", picture.size)
    bare.paste(picture.convert("RGB"))
    return bare


def _place(picture: Image.Image) -> tuple[float, float] | None:
    """Where the camera says it was; None when it does not say, or not in a way that makes sense."""
    try:
        gps = picture.getexif().get_ifd(ExifTags.IFD.GPSInfo)
        latitude = _degrees(gps[ExifTags.GPS.GPSLatitude], gps.get(ExifTags.GPS.GPSLatitudeRef), "S")
        longitude = _degrees(gps[ExifTags.GPS.GPSLongitude], gps.get(ExifTags.GPS.GPSLongitudeRef), "W")
        return checked_place((latitude, longitude))
    except (KeyError, TypeError, ValueError, ZeroDivisionError, OSError, SyntaxError, IndexError):
        return None


def _degrees(parts: Any, side: Any, negative: str) -> float:
    degrees, minutes, seconds = (float(part) for part in parts)
    value = degrees + minutes / 60 + seconds / 3600
    return -value if side == negative else value
