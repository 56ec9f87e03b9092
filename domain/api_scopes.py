"""What a token of the API may be let do."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Scope(StrEnum):
    PROCEDURES_READ = "procedures:read"
    UNITS_READ = "units:read"
    TIPS_READ = "tips:read"
    TIPS_WORDS = "tips:words"
    DOSSIERS_READ = "dossiers:read"
    DOSSIERS_WRITE = "dossiers:write"
    BROADCASTS_READ = "broadcasts:read"
    SCORES_READ = "scores:read"
    GEOREPORT_READ = "georeport:read"


SCOPE_LABELS: Mapping[Scope, str] = {
    Scope.PROCEDURES_READ: "Đọc danh mục thủ tục",
    Scope.UNITS_READ: "Đọc danh sách đơn vị",
    Scope.TIPS_READ: "Đọc trạng thái tin báo (không lời kể, không danh tính)",
    Scope.TIPS_WORDS: "Đọc cả lời kể của tin báo, đã che dữ liệu riêng",
    Scope.DOSSIERS_READ: "Đọc trạng thái hồ sơ",
    Scope.DOSSIERS_WRITE: "Gửi trạng thái hồ sơ",
    Scope.BROADCASTS_READ: "Đọc kết quả gửi tin tuyên truyền",
    Scope.SCORES_READ: "Đọc điểm tháng của đơn vị",
    Scope.GEOREPORT_READ: "Xuất số liệu mở kiểu GeoReport (đã gộp, làm thô vị trí)",
}
