"""The parts of administration, for the tabs on their pages: one line each."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask_babel import lazy_gettext, lazy_pgettext

from console.access import may
from domain.roles import Act

PAGES: tuple[tuple[str, Any, frozenset[Act]], ...] = (
    ("units.listing", lazy_pgettext("several", "Đơn vị"), frozenset({Act.MANAGE_UNITS, Act.CHECK_UNITS})),
    ("group_registry.listing", lazy_gettext("Nhóm Zalo"), frozenset({Act.MANAGE_GROUPS})),
    ("oa_accounts.listing", lazy_gettext("OA và mã truy cập"), frozenset({Act.SEE_HEALTH})),
    ("dated_settings.listing", lazy_gettext("Thiết đặt"), frozenset({Act.MANAGE_SETTINGS})),
    (
        "registry.start",
        lazy_gettext("Nhập, xuất"),
        frozenset({Act.MANAGE_UNITS, Act.MANAGE_GROUPS, Act.EDIT_CATALOGUE}),
    ),
    ("staff.listing", lazy_gettext("Cán bộ"), frozenset({Act.MANAGE_OFFICERS})),
    ("identities.listing", lazy_gettext("Đề nghị mở danh tính"), frozenset({Act.DECIDE_IDENTITY})),
    ("trail.listing", lazy_gettext("Nhật ký"), frozenset({Act.SEE_AUDIT})),
)


def install(app: Flask) -> None:
    @app.template_global()
    def administration_pages() -> list[tuple[str, Any]]:
        """Those this officer may open."""
        return [
            (endpoint, label)
            for endpoint, label, acts in PAGES
            if endpoint in app.view_functions and any(may(act) for act in acts)
        ]
