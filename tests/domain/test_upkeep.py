"""When a record holds, and what about it somebody should look at."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from domain.broken_links import BrokenLink, is_failure
from domain.procedures import Procedure, ProcedureStatus
from domain.upkeep import Warn, end_of_fee, first_day, is_link, is_unchecked, last_day, standing, warnings

TODAY = date(2026, 11, 26)
DEAD = "https://dichvucong.gov.vn/khong-con"
BROKEN = {DEAD: BrokenLink(date(2026, 11, 24), "404")}


def record(**fields: Any) -> Procedure:
    body: dict[str, Any] = {
        "id": "1",
        "family": "1",
        "name": "Cấp hộ chiếu",
        "field": "immigration",
        "audience": "citizen",
        "status": "current",
        "priority": 1,
        "confidence": "high",
        "checked": "2026-10",
        "sources": ["x"],
    }
    return Procedure.from_json(body | fields)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2025-07-01", date(2025, 7, 1), date(2025, 7, 1)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2025", date(2025, 1, 1), date(2025, 12, 31)),
        ("sớm", None, None),
        (None, None, None),
        ("2025-13", None, None),
    ],
)
def test_days_months_and_years_are_read(text: str | None, first: date | None, last: date | None) -> None:
    assert (first_day(text), last_day(text)) == (first, last)


def test_a_record_holds_from_its_first_to_its_last_day() -> None:
    one = record(in_force={"from": "2026-12-01", "to": "2026-12-31"})
    assert standing(one, date(2026, 11, 30)) is None
    assert standing(one, date(2026, 12, 1)) == one
    assert standing(one, date(2026, 12, 31)) == one
    over = standing(one, date(2027, 1, 1))
    assert over is not None
    assert over.status is ProcedureStatus.ABOLISHED
    followed = standing(record(in_force={"from": None, "to": "2026-01-01"}, replaced_by=["2"]), TODAY)
    assert followed is not None
    assert followed.status is ProcedureStatus.REPLACED


@pytest.mark.parametrize(
    ("fee", "ends"),
    [
        ("50.000 đ/giấy; đến hết 31/12/2026 thu 25.000 đ (Thông tư 64/2025/TT-BTC)", date(2026, 12, 31)),
        ("từ 01/7/2025 đến hết 31/12/2026 thu 50%", date(2026, 12, 31)),
        ("giảm 50% đến ngày 30 tháng 6 năm 2027", date(2027, 6, 30)),
        ("giảm (01/7-31/12/2026)", date(2026, 12, 31)),
        ("Theo Thông tư 155/2025/TT-BTC (từ 01/01/2026): 140.000 đ", None),
        ("đến hết 31/02/2026", None),
        ("Miễn phí", None),
        (None, None),
    ],
)
def test_the_end_of_a_fee_is_read_from_its_words(fee: str | None, ends: date | None) -> None:
    assert end_of_fee(fee) == ends


def test_what_is_to_be_looked_at_is_named() -> None:
    def kinds(**fields: Any) -> list[Warn]:
        return [note.kind for note in warnings(record(**fields), TODAY, BROKEN)]

    assert kinds() == []
    assert kinds(checked="2026-05") == [Warn.UNCHECKED]
    assert kinds(checked="2026-06") == []
    assert kinds(checked=None) == [Warn.UNCHECKED]
    assert kinds(fee="đến hết 31/12/2026 thu 50%") == [Warn.FEE_ENDS]
    assert kinds(fee="đến hết 31/10/2026 thu 50%") == [Warn.FEE_ENDED]
    assert kinds(fee="đến hết 31/12/2027 thu 50%") == []
    assert kinds(in_force={"from": None, "to": "2026-12-31"}) == [Warn.ENDS]
    assert kinds(url="dichvucong.gov.vn/x") == [Warn.LINK]
    assert kinds(url="https://dichvucong.gov.vn/x") == []
    assert kinds(url=DEAD) == [Warn.LINK]
    assert kinds(status="abolished", checked=None, url="x") == []
    assert kinds(status="abolished", checked=None, url=DEAD) == []


def test_a_broken_link_is_named_with_the_day_and_what_came() -> None:
    def said_of(what: str) -> str:
        return BrokenLink(date(2026, 11, 24), what).words()

    assert (
        said_of("404")
        == "Đường dẫn trang chính thức không mở được từ 24/11/2026: trang không còn ở đó (mã 404)."
    )
    assert (
        said_of("503") == "Đường dẫn trang chính thức không mở được từ 24/11/2026: máy chủ đang lỗi (mã 503)."
    )
    assert said_of("timeout").endswith("từ 24/11/2026: quá lâu không trả lời.")
    assert said_of("connection").endswith("từ 24/11/2026: không kết nối được.")


def test_what_refuses_only_robots_is_no_failure() -> None:
    failures = {"404", "410", "500", "503", "timeout", "connection"}
    others = {"200", "301", "401", "403", "405", "429", "certificate", "refused", "redirects"}
    assert {what for what in failures | others if is_failure(what)} == failures


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("https://dichvucong.gov.vn/thu-tuc?x=1", True),
        ("http://bocongan.gov.vn", True),
        ("javascript:alert(1)", False),
        ("https://", False),
        ("https://khong co.vn", False),
        ("https://localhost/x", False),
        ("https://[x", False),
    ],
)
def test_a_malformed_link_is_seen_without_the_network(text: str, good: bool) -> None:
    assert is_link(text) is good


def test_half_a_year_counts_in_months_over_the_turn_of_the_year() -> None:
    assert is_unchecked("2026-08", date(2027, 2, 1))
    assert not is_unchecked("2026-09", date(2027, 2, 28))
