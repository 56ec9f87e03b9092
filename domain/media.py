"""What may come with a tip: one table of limits, read by the program and published to residents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from domain.said import said
from domain.tips import AttachmentKind

MIB = 1 << 20
FILES_MAX = 30
"""Files of one tip."""
FETCH_MAX = timedelta(minutes=2)
"""For one file, from the first byte to the last; slower than this is tried again later."""


@dataclass(frozen=True)
class Limit:
    """What one file of a kind may be.

    size      bytes, as it comes
    pixels    width × height of a picture, or of each picture of a clip
    side      the longest side in pixels
    duration  of a clip or a voice message
    pages     of a document
    types     as residents know them
    """

    label: str
    types: str
    size: int
    pixels: int | None = None
    side: int | None = None
    duration: timedelta | None = None
    pages: int | None = None


LIMITS: Mapping[AttachmentKind, Limit] = {
    AttachmentKind.PHOTO: Limit(
        "Ảnh", "JPEG, PNG, GIF, WebP, HEIC", size=20 * MIB, pixels=60_000_000, side=20_000
    ),
    AttachmentKind.CLIP: Limit(
        "Video",
        "MP4, MOV, 3GP, WebM",
        size=100 * MIB,
        pixels=4096 * 2304,
        side=4096,
        duration=timedelta(minutes=5),
    ),
    AttachmentKind.VOICE: Limit(
        "Tin nhắn thoại", "AMR, M4A, OGG, MP3", size=20 * MIB, duration=timedelta(minutes=30)
    ),
    AttachmentKind.FILE: Limit("Tài liệu", "PDF", size=20 * MIB, pages=30),
}


PEAKS_MAX = 96
"""Bars of the picture of a voice message."""
LOUDEST = 15


def read_peaks(text: str | None) -> tuple[int, ...]:
    """How loud a voice message is from beginning to end, 0 to LOUDEST; one hex digit each. Anything odd: nothing."""
    digits = text or ""
    if len(digits) > PEAKS_MAX or any(digit not in "0123456789abcdef" for digit in digits):
        return ()
    return tuple(int(digit, 16) for digit in digits)


def write_peaks(peaks: Sequence[int]) -> str:
    return "".join(f"{peak:x}" for peak in peaks)


def in_words() -> list[str]:
    """The table as residents read it, one line a kind, the count of files last."""
    return [f"{limit.label} ({limit.types}): {_most(limit)}" for limit in LIMITS.values()] + [
        said("Mỗi tin báo: tối đa %(count)s tệp", count=FILES_MAX)
    ]


def _most(limit: Limit) -> str:
    parts = [str(said("tối đa %(size)s MB", size=limit.size // MIB))]
    if limit.duration is not None:
        parts.append(
            said("dài không quá %(minutes)s phút", minutes=int(limit.duration.total_seconds()) // 60)
        )
    if limit.duration is None and limit.pixels is not None:
        parts.append(said("không quá %(count)s triệu điểm ảnh", count=limit.pixels // 1_000_000))
    if limit.pages is not None:
        parts.append(said("không quá %(count)s trang", count=limit.pages))
    return ", ".join(parts)


class Refusal:
    """Why a file was not taken, in words for the resident and the officer (they end a sentence)."""

    TYPE = "loại tệp này chưa được hỗ trợ."
    SOURCE = "nguồn tệp không được phép."
    PIXELS = "hình có kích thước quá lớn."
    EMPTY = "tệp không có nội dung."

    @staticmethod
    def size(kind: AttachmentKind) -> str:
        return said("tệp lớn hơn %(size)s MB.", size=LIMITS[kind].size // MIB)

    @staticmethod
    def duration(kind: AttachmentKind) -> str:
        most = LIMITS[kind].duration
        assert most is not None
        return said("thời lượng dài hơn %(minutes)s phút.", minutes=int(most.total_seconds()) // 60)

    @staticmethod
    def pages(kind: AttachmentKind) -> str:
        return said("tài liệu có hơn %(count)s trang.", count=LIMITS[kind].pages)


REFUSALS: Mapping[str, str] = {
    one: one
    for one in (
        *(said(words) for words in (Refusal.TYPE, Refusal.SOURCE, Refusal.PIXELS, Refusal.EMPTY)),
        *(Refusal.size(kind) for kind in AttachmentKind),
        *(Refusal.duration(kind) for kind, limit in LIMITS.items() if limit.duration),
        Refusal.pages(AttachmentKind.FILE),
    )
}
"""Every refusal as it is written down → the same, so that it can be said again."""
