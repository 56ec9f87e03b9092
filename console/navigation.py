"""The way around: one line per page that stands in the menu."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, request
from flask_security import current_user

from console import as_role
from console.desk import now
from console.tour import step_of_request
from domain.roles import Act
from domain.said import said

THEMES = ("auto", "light", "dark")
FIRST = 4
"""Entries that stand at the foot of a phone; the rest is under “Thêm”."""


@dataclass(frozen=True)
class Entry:
    """`acts`: any of them opens the page; empty = everybody who is logged in. `also`: subjects under this entry."""

    label: str
    short: str
    icon: str
    endpoint: str
    acts: frozenset[Act] = frozenset()
    also: frozenset[str] = frozenset()

    @property
    def subjects(self) -> frozenset[str]:
        return self.also | {self.endpoint.split(".")[0]}


ENTRIES = (
    Entry("Trang chính", "Trang chính", "home", "home.show"),
    Entry("Tin báo", "Tin báo", "inbox", "tips.queue", frozenset({Act.SEE_TIPS})),
    Entry(
        "Bàn giao ca",
        said("Giao ca"),
        "clipboard-list",
        "shifts.current",
        frozenset({Act.WORK_TIPS}),
    ),
    Entry(
        "Mở danh tính",
        "Danh tính",
        "key",
        "identities.listing",
        frozenset({Act.ASK_IDENTITY, Act.DECIDE_IDENTITY}),
    ),
    Entry("Lịch trực", "Lịch trực", "calendar-event", "roster.show", frozenset({Act.SEE_ROSTER})),
    Entry(
        "Thống kê",
        "Thống kê",
        "notes",
        "tip_statistics.show",
        frozenset({Act.SEE_STATISTICS}),
        frozenset({"time_statistics"}),
    ),
    Entry("Bản đồ tin báo", "Bản đồ", "map-pin", "tip_map.show", frozenset({Act.SEE_TIPS})),
    Entry(
        "Phản ánh phục vụ",
        "Phản ánh",
        "message-2",
        "complaints.listing",
        frozenset({Act.SEE_COMPLAINTS}),
        frozenset({"complaint_acts"}),
    ),
    Entry(
        "Điểm tháng, khảo sát",
        "Điểm",
        "checks",
        "scores.show",
        frozenset({Act.SEE_SCORES}),
        frozenset({"score_reports", "survey_results"}),
    ),
    Entry(
        "Tin tuyên truyền",
        "Tuyên truyền",
        "speakerphone",
        "broadcasts.listing",
        frozenset({Act.SEE_BROADCASTS}),
        frozenset(
            {
                "broadcast_acts",
                "broadcast_calendar",
                "broadcast_form",
                "broadcast_lists",
                "broadcast_reports",
                "broadcast_stop",
                "broadcast_wall",
            }
        ),
    ),
    Entry(
        "Đăng nhóm Zalo", "Đăng nhóm", "clipboard-check", "assisted.listing", frozenset({Act.POST_ASSISTED})
    ),
    Entry(
        "Mở niêm phong",
        "Niêm phong",
        "lock",
        "unsealing.listing",
        frozenset({Act.ASK_UNSEAL, Act.DECIDE_UNSEAL}),
    ),
    Entry(
        "Thủ tục",
        "Thủ tục",
        "notes",
        "catalogue.listing",
        frozenset({Act.SEE_CATALOGUE}),
        frozenset({"record_form", "sheets", "why", "learning", "changes"}),
    ),
    Entry(
        "Bảng mã QR",
        "Bảng QR",
        "qrcode",
        "boards.listing",
        frozenset({Act.SEE_BOARDS}),
        frozenset({"board_acts", "board_scans"}),
    ),
    Entry("Hồ sơ của người dân", "Hồ sơ", "file", "dossiers.listing", frozenset({Act.SEE_DOSSIERS})),
    Entry("Nhóm Zalo", "Nhóm", "building", "group_registry.listing", frozenset({Act.MANAGE_GROUPS})),
    Entry("Hệ thống kết nối", "Kết nối", "transfer", "systems.listing", frozenset({Act.MANAGE_API})),
    Entry(
        "Cán bộ",
        "Cán bộ",
        "users",
        "staff.listing",
        frozenset({Act.MANAGE_OFFICERS}),
        frozenset({"staff_one", "staff_sheets"}),
    ),
    Entry(
        "Đơn vị, thiết đặt",
        "Quản trị",
        "building",
        "units.listing",
        frozenset({Act.MANAGE_UNITS, Act.CHECK_UNITS}),
        frozenset({"oa_accounts", "dated_settings", "registry"}),
    ),
    Entry("Nhật ký thao tác", "Nhật ký", "history", "trail.listing", frozenset({Act.SEE_AUDIT})),
    Entry("Xem như vai trò", "Vai trò", "eye", "as_role.choose", frozenset({Act.MANAGE_OFFICERS})),
)


def entries() -> list[Entry]:
    """The menu of the officer behind this request."""
    known = current_app.view_functions
    return [
        one
        for one in ENTRIES
        if one.endpoint in known and (not one.acts or any(current_user.may(act) for act in one.acts))
    ]


def install(app: Flask) -> None:
    @app.context_processor
    def surroundings() -> dict[str, Any]:
        theme = request.cookies.get("giao-dien", "auto")
        known = bool(current_user and current_user.is_authenticated)
        menu = entries() if known else []
        return {
            "menu": menu,
            "menu_first": menu[:FIRST],
            "menu_rest": menu[FIRST:],
            "rest_subjects": {"account", "tour"}.union(*(one.subjects for one in menu[FIRST:])),
            "preview": as_role.label() if known else None,
            "tour": step_of_request() if known else None,
            "me": current_user if known else None,
            "here": (request.endpoint or "").split(".")[0],
            "theme": theme if theme in THEMES else "auto",
            "now": now(),
        }
