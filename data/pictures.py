"""Pictures and files that officers attach to a broadcast, made fit for Zalo (docs/zalo.md, "Upload")."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from domain.posts import AttachedKind

TAKEN_MAX = 20 << 20
"""Bytes of a file as it comes from an officer."""
IMAGE_MAX = 1 << 20
GIF_MAX = FILE_MAX = 5 << 20
SIDE_MAX = 2560
"""Pixels of the longer side of a picture that is sent on."""
PIXELS_MAX = 80_000_000
_FILES = {
    ".pdf": (b"%PDF", "application/pdf"),
    ".docx": (b"PK\x03\x04", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ".doc": (b"\xd0\xcf\x11\xe0", "application/msword"),
}


@dataclass(frozen=True)
class Fit:
    """Bytes as they are sent to Zalo."""

    kind: AttachedKind
    mime: str
    content: bytes


def make_fit(name: str, content: bytes) -> Fit:
    """A picture becomes a JPEG without metadata, at most IMAGE_MAX; a GIF and a document stay as they are.

    Raises ValueError, in Vietnamese, for anything else.
    """
    if not content:
        raise ValueError("Tệp không có nội dung.")
    if content.startswith(b"GIF8"):
        if len(content) > GIF_MAX:
            raise ValueError("Ảnh động lớn hơn 5 MB nên Zalo không nhận.")
        _opened(content).close()
        return Fit(AttachedKind.GIF, "image/gif", content)
    for ending, (head, mime) in _FILES.items():
        if name.lower().endswith(ending) and content.startswith(head):
            if len(content) > FILE_MAX:
                raise ValueError("Tệp lớn hơn 5 MB nên Zalo không nhận.")
            return Fit(AttachedKind.FILE, mime, content)
    return Fit(AttachedKind.IMAGE, "image/jpeg", _jpeg(content))


def _opened(content: bytes) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP", "GIF"))
            if picture.width * picture.height > PIXELS_MAX:
                raise ValueError("Ảnh có quá nhiều điểm ảnh.")
            picture.load()
    except (UnidentifiedImageError, OSError, SyntaxError, Warning, Image.DecompressionBombError):
        raise ValueError("Chỉ nhận ảnh JPG, PNG, WEBP, GIF, hoặc tệp PDF, DOC, DOCX.") from None
    return picture


def _jpeg(content: bytes) -> bytes:
    with _opened(content) as opened:
        picture = ImageOps.exif_transpose(opened)
        if picture.mode in {"RGBA", "LA", "P", "PA"}:
            picture = picture.convert("RGBA")
            ground = Image.new("RGBA", picture.size, "white")
            picture = Image.alpha_composite(ground, picture)
        picture = picture.convert("RGB")
    picture.thumbnail((SIDE_MAX, SIDE_MAX))
    while True:
        for quality in (88, 78, 65):
            out = io.BytesIO()
            picture.save(out, "JPEG", quality=quality, optimize=True)
            if out.tell() <= IMAGE_MAX:
                return out.getvalue()
        picture = picture.resize((max(1, picture.width * 3 // 4), max(1, picture.height * 3 // 4)))
