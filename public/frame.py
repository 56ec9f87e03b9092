"""What stands around every page: whose it is, its address for previews, days as people read them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask import Flask, request
from flask_babel import get_locale

from domain.broadcasts import VIETNAM
from public.desk import desk, known


def install(app: Flask) -> None:
    @app.context_processor
    def given() -> dict[str, Any]:
        return {
            "get_locale": get_locale,
            "police": known().province.police_name,
            "address": _address,
            "here": request.path,
        }

    app.add_template_filter(_checked, "checked")
    app.add_template_filter(lambda name: name[:1].lower() + name[1:], "small")

    @app.template_filter()
    def day(value: str | date | datetime | None) -> str:
        """dd/MM/yyyy in Vietnam; a month stays MM/yyyy; "" for nothing."""
        if not value:
            return ""
        if isinstance(value, datetime):
            value = value.astimezone(VIETNAM).date()
        if isinstance(value, date):
            return f"{value:%d/%m/%Y}"
        return "/".join(reversed(value.split("-")))


def _checked(month: str | None) -> str:
    """When a record was checked, as exactly as it is known: “ngày 05/07/2026”, “tháng 07/2026”."""
    if not month:
        return ""
    return f"{'ngày' if month.count('-') == 2 else 'tháng'} {'/'.join(reversed(month.split('-')))}"


def _address(path: str = "") -> str:
    """The whole address of a path; of this page without one. Never with a query: it could hold words."""
    base = desk().public_url or request.url_root.rstrip("/")
    return f"{base}{path or request.path}"
