"""The public page `/tin-bao`: how far a tip is, for whoever has its code. Progress only, never content or media.

The code travels in the body of a POST: it stands in no address, log or history.
"""

from __future__ import annotations

import hashlib
import threading
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta

from flask import Blueprint, Response, make_response, render_template, request

from data import intake, retention
from data.session import Database
from domain.tips import DELETED_FOR_CITIZEN, FOR_CITIZEN, read_code

WRONG_MAX = 10
"""Codes that do not exist, per address and WINDOW; after that the page asks to wait."""
WINDOW = timedelta(minutes=10)
ADDRESSES_MAX = 10_000
TYPED_MAX = 60


class Guesses:
    """Slows down whoever tries codes. Addresses are kept as hashes, in memory only, for WINDOW."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._wrong: dict[str, deque[datetime]] = {}

    def too_many(self, address: str) -> bool:
        with self._lock:
            return len(self._recent(_hash(address))) >= WRONG_MAX

    def wrong(self, address: str) -> None:
        with self._lock:
            if len(self._wrong) >= ADDRESSES_MAX:
                self._wrong.pop(next(iter(self._wrong)))
            self._recent(_hash(address), keep=True).append(self._clock())

    def _recent(self, key: str, *, keep: bool = False) -> deque[datetime]:
        found = self._wrong.get(key, deque())
        while found and found[0] <= self._clock() - WINDOW:
            found.popleft()
        if keep:
            self._wrong[key] = found
        return found


def status_blueprint(database: Database, clock: Callable[[], datetime]) -> Blueprint:
    blueprint = Blueprint("status", __name__, template_folder="templates")
    guesses = Guesses(clock)

    @blueprint.get("/tin-bao")
    def ask() -> Response:
        return _page()

    @blueprint.post("/tin-bao")
    def tell() -> Response:
        address = request.remote_addr or ""
        if guesses.too_many(address):
            return _page(fault="Bạn thử sai nhiều lần. Xin đợi ít phút rồi thử lại.", code=429)
        typed = read_code(request.form.get("code", "")[:TYPED_MAX])
        told = None if typed is None else _progress(database, typed)
        if told is None:
            guesses.wrong(address)
            return _page(fault="Không có tin báo nào mang mã này. Xin kiểm tra lại từng ký tự.", code=404)
        return _page(tip_code=typed, told=told)

    return blueprint


def _progress(database: Database, code: str) -> str | None:
    with database.reading() as session:
        status = intake.tip_status(session, code)
        if status is not None:
            return FOR_CITIZEN[status]
        return DELETED_FOR_CITIZEN if retention.was_deleted(session, code) else None


def _page(
    *, tip_code: str | None = None, told: str | None = None, fault: str | None = None, code: int = 200
) -> Response:
    page = make_response(render_template("status.html", tip_code=tip_code, told=told, fault=fault), code)
    page.headers["Cache-Control"] = "no-store"
    page.headers["Referrer-Policy"] = "no-referrer"
    page.headers["X-Content-Type-Options"] = "nosniff"
    page.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'"
    )
    return page


def _hash(address: str) -> str:
    return hashlib.sha256(address.encode()).hexdigest()
