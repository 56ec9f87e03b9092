"""Notes of the catalogue: what a resident should read of them.

Notes were written by whoever checked the sources; many sentences weigh sources against each other ("the portal still
shows …", "inferred"). Those are for officers. What tells the resident what to do stays.
"""

from __future__ import annotations

import re

_FOR_OFFICERS = re.compile(
    r"nguồn|suy ra|bản chụp|danh sách Excel|kho mã|chưa đọc|chưa chép|cần bổ sung|cần Công an|xác nhận trước khi dùng|"
    r"(?:trang )?cổng (?:còn |vẫn |cũng )?(?:ghi|theo|gõ|dẫn|có ghi|không ghi)|trang (?:cổng|thủ tục)|gõ nhầm|"
    r"không thống nhất|bài báo|bài cuối|bối cảnh|mang tên|mã nội bộ|mã thủ tục|năm 20\d\d(?:-20\d\d)?(?::| mang| cổng)|"
    r"công bố (?:ngày|sau|theo)|lấy theo|chưa thấy|tách khỏi|QĐ/|Hai bài",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-ZĐÀ-Ỹ])")


def for_residents(note: str | None) -> str:
    """The sentences of a note that are for residents; "" when there are none."""
    sentences = [one.strip() for one in _SENTENCE.split(note or "") if one.strip()]
    return " ".join(one for one in sentences if not _FOR_OFFICERS.search(one))
