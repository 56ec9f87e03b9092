"""One table says what may come with a tip; residents read the same numbers the program keeps."""

from __future__ import annotations

import pytest

from data.media import KINDS
from domain.media import LIMITS, MIB, PEAKS_MAX, Refusal, in_words, read_peaks, write_peaks
from domain.tips import AttachmentKind


def test_each_kind_has_its_limits_and_each_taken_type_has_a_kind() -> None:
    assert set(LIMITS) == set(AttachmentKind)
    assert set(KINDS.values()) == set(LIMITS)
    assert {kind: limit.size // MIB for kind, limit in LIMITS.items()} == {
        "photo": 20,
        "clip": 100,
        "voice": 20,
        "file": 20,
    }


def test_what_plays_is_limited_in_time_what_is_drawn_in_pixels_what_is_read_in_pages() -> None:
    assert {kind for kind, limit in LIMITS.items() if limit.duration} == {"clip", "voice"}
    assert {kind for kind, limit in LIMITS.items() if limit.pixels and limit.side} == {"photo", "clip"}
    assert {kind for kind, limit in LIMITS.items() if limit.pages} == {"file"}


def test_the_published_table_says_the_numbers_that_are_kept() -> None:
    assert in_words() == [
        "Ảnh (JPEG, PNG, GIF, WebP, HEIC): tối đa 20 MB, không quá 60 triệu điểm ảnh",
        "Video (MP4, MOV, 3GP, WebM): tối đa 100 MB, dài không quá 5 phút",
        "Tin nhắn thoại (AMR, M4A, OGG, MP3): tối đa 20 MB, dài không quá 30 phút",
        "Tài liệu (PDF): tối đa 20 MB, không quá 30 trang",
        "Mỗi tin báo: tối đa 30 tệp",
    ]


@pytest.mark.parametrize(
    ("peaks", "read"),
    [("0f3", (0, 15, 3)), ("", ()), (None, ()), ("0F", ()), ("<svg>", ()), ("0" * (PEAKS_MAX + 1), ())],
)
def test_the_outline_of_a_voice_message_is_digits_or_nothing(
    peaks: str | None, read: tuple[int, ...]
) -> None:
    assert read_peaks(peaks) == read
    assert write_peaks(read) == (peaks if read else "")


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (Refusal.size(AttachmentKind.CLIP), "tệp lớn hơn 100 MB."),
        (Refusal.duration(AttachmentKind.CLIP), "thời lượng dài hơn 5 phút."),
        (Refusal.pages(AttachmentKind.FILE), "tài liệu có hơn 30 trang."),
    ],
)
def test_a_refusal_names_the_limit(said: str, words: str) -> None:
    assert said == words
