"""What each role may read, field by field, and of whose tips: one readable table.

domain.roles says what a role may *do*; here is what it may *see*. OWN: of the officer's own unit; an officer without a
unit works for the whole province, and OWN then means every unit. EVERY: every unit, those that tips bypass included.
APPROVED: only after a second person said yes, for a limited time, each look written down.
The test of the rights matrix (tests/console/test_matrix.py) holds the console to both tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from domain.roles import Role


class Reach(StrEnum):
    NONE = "none"
    OWN = "own"
    EVERY = "every"
    APPROVED = "approved"


REACH_LABELS: Mapping[Reach, str] = {
    Reach.NONE: "Không",
    Reach.OWN: "Đơn vị mình",
    Reach.EVERY: "Mọi đơn vị",
    Reach.APPROVED: "Khi được duyệt",
}


class Field(StrEnum):
    TIP_TEXT = "tip_text"
    ACCUSING = "accusing"
    MASKED_PARTS = "masked_parts"
    MEDIA = "media"
    ORIGINALS = "originals"
    DESIGNATION = "designation"
    IDENTITY = "identity"
    NOTES = "notes"
    STATISTICS = "statistics"
    AUDIT = "audit"
    BROADCASTS = "broadcasts"
    ACCOUNTS = "accounts"
    COMPLAINTS = "complaints"
    SCORES = "scores"
    ANSWERS = "answers"
    DOSSIERS = "dossiers"
    BOARDS = "boards"
    ROSTER = "roster"
    SYSTEMS = "systems"
    HANDOVERS = "handovers"
    MAP = "map"
    UNITS = "units"
    SETTINGS = "settings"


FIELD_LABELS: Mapping[Field, str] = {
    Field.TIP_TEXT: "Nội dung, nơi xảy ra của tin báo",
    Field.ACCUSING: "Tin báo nói về công an (chỉ Thanh tra cấp tỉnh)",
    Field.MASKED_PARTS: "Chi tiết đã che trong tin (số điện thoại, tên…)",
    Field.MEDIA: "Ảnh, video, ghi âm (bản đã làm sạch)",
    Field.ORIGINALS: "Bản gốc đã niêm phong",
    Field.DESIGNATION: "Tên gọi quy ước của người báo tin",
    Field.IDENTITY: "Danh tính người báo tin",
    Field.NOTES: "Ghi chú nội bộ về tin báo",
    Field.STATISTICS: "Thống kê tin báo",
    Field.AUDIT: "Nhật ký thao tác",
    Field.BROADCASTS: "Tin tuyên truyền và kết quả gửi",
    Field.ACCOUNTS: "Tài khoản cán bộ",
    Field.COMPLAINTS: "Phản ánh về phục vụ, văn bản chấn chỉnh, minh chứng",
    Field.SCORES: "Vì sao đơn vị được điểm ấy; kết quả khảo sát (bảng xếp hạng thì xem chung)",
    Field.ANSWERS: "Từng câu trả lời khảo sát chờ sàng lọc (chỉ Thanh tra cấp tỉnh)",
    Field.DOSSIERS: "Mã hồ sơ, bước và ngày",
    Field.BOARDS: "Bảng mã QR và lượt quét",
    Field.ROSTER: "Lịch trực",
    Field.SYSTEMS: "Hệ thống kết nối, khóa và địa chỉ nhận tin",
    Field.HANDOVERS: "Sổ bàn giao ca",
    Field.MAP: "Bản đồ số tin theo tháng",
    Field.UNITS: "Đơn vị và việc sắp xếp đơn vị",
    Field.SETTINGS: "Thiết đặt có ngày hiệu lực",
}

_OF_THE_UNIT = {
    Field.TIP_TEXT: Reach.OWN,
    Field.MASKED_PARTS: Reach.OWN,
    Field.MEDIA: Reach.OWN,
    Field.ORIGINALS: Reach.APPROVED,
    Field.DESIGNATION: Reach.OWN,
    Field.NOTES: Reach.OWN,
    Field.BOARDS: Reach.OWN,
    Field.ROSTER: Reach.OWN,
    Field.HANDOVERS: Reach.OWN,
    Field.MAP: Reach.OWN,
}

SEES: Mapping[Role, Mapping[Field, Reach]] = {
    Role.DUTY: {**_OF_THE_UNIT, Field.DOSSIERS: Reach.OWN},
    Role.UNIT_HEAD: {
        **_OF_THE_UNIT,
        Field.IDENTITY: Reach.APPROVED,
        Field.STATISTICS: Reach.OWN,
        Field.BROADCASTS: Reach.EVERY,
        Field.COMPLAINTS: Reach.OWN,
        Field.SCORES: Reach.OWN,
        Field.DOSSIERS: Reach.OWN,
    },
    Role.BROADCASTER: {Field.BROADCASTS: Reach.EVERY},
    Role.APPROVER: {Field.BROADCASTS: Reach.EVERY},
    Role.INSPECTOR: {
        **_OF_THE_UNIT,
        Field.ACCUSING: Reach.EVERY,
        Field.IDENTITY: Reach.APPROVED,
        Field.STATISTICS: Reach.OWN,
        Field.AUDIT: Reach.EVERY,
        Field.BROADCASTS: Reach.EVERY,
        Field.COMPLAINTS: Reach.OWN,
        Field.SCORES: Reach.OWN,
        Field.ANSWERS: Reach.EVERY,
        Field.UNITS: Reach.EVERY,
    },
    Role.EDITOR: {Field.BOARDS: Reach.OWN},
    Role.ADMIN: {
        Field.AUDIT: Reach.EVERY,
        Field.BROADCASTS: Reach.EVERY,
        Field.ACCOUNTS: Reach.EVERY,
        Field.DOSSIERS: Reach.OWN,
        Field.BOARDS: Reach.OWN,
        Field.SYSTEMS: Reach.EVERY,
        Field.UNITS: Reach.EVERY,
        Field.SETTINGS: Reach.EVERY,
    },
}
"""A field that is not named is not seen. An inspector of the province has no unit: OWN reaches every tip then."""

_ORDER = (Reach.NONE, Reach.APPROVED, Reach.OWN, Reach.EVERY)


def sees(roles: Iterable[Role], field: Field) -> Reach:
    """How far somebody with these roles sees this field: the furthest of any of them."""
    return max((SEES[role].get(field, Reach.NONE) for role in roles), key=_ORDER.index, default=Reach.NONE)
