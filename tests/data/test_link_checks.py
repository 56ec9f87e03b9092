"""What is kept of asking the links of the catalogue, on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from data import care, link_checks, records
from data.session import Database
from data.tables import ProcedureRow
from domain.broken_links import BrokenLink
from domain.upkeep import Warn
from tests.data.test_care import record

FIRST = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
"""One in the morning of the 24th in Vietnam."""
A, B = "https://dichvucong.gov.vn/a", "https://dichvucong.gov.vn/b"


def put(database: Database, number: str, **fields: object) -> None:
    with database.transaction() as session:
        row = ProcedureRow(id=number, version=0)
        care.write_from_files(session, row, record(number, **fields), now=FIRST)


def due(database: Database, now: datetime, *, a_night: int = 100, limit: int = 100) -> list[str]:
    with database.reading() as session:
        return link_checks.due(session, today=day(now), now=now, a_night=a_night, limit=limit)


def day(now: datetime) -> date:
    return (now + timedelta(hours=7)).date()


def keep(database: Database, url: str, what: str, now: datetime) -> None:
    with database.transaction() as session:
        link_checks.keep(session, url, what, ok=what == "200", today=day(now), now=now)


def broken(database: Database) -> dict[str, BrokenLink]:
    with database.reading() as session:
        return link_checks.broken(session)


def test_links_of_records_in_force_are_asked_once_a_night_each(database: Database) -> None:
    put(database, "1.1", url=B)
    put(database, "1.2", url=A)
    put(database, "1.3", url=A)
    put(database, "1.4", url="dichvucong.gov.vn/no-form")
    put(database, "1.5", url="https://dichvucong.gov.vn/gone", status="abolished")
    put(
        database,
        "1.6",
        url="https://dichvucong.gov.vn/over",
        in_force={"from": None, "to": "2026-11-23"},
    )
    assert due(database, FIRST) == [A, B]
    assert due(database, FIRST, limit=1) == [A]

    keep(database, A, "200", FIRST)
    assert due(database, FIRST + timedelta(hours=3)) == [B]
    assert due(database, FIRST + timedelta(hours=3), a_night=1) == [], "enough for this night"
    assert due(database, FIRST + timedelta(days=1)) == [B, A], "never asked first"


def test_three_nights_running_make_a_link_broken_since_the_first(database: Database) -> None:
    for night, what in enumerate(("404", "timeout", "503")):
        assert broken(database) == {}
        for again in (0, 1):
            keep(database, A, what, FIRST + timedelta(days=night, hours=again))
    assert broken(database) == {A: BrokenLink(date(2026, 11, 24), "503")}

    keep(database, A, "200", FIRST + timedelta(days=3))
    assert broken(database) == {}


@pytest.mark.parametrize("between", ["200", "403", "429", "certificate"])
def test_a_night_without_failure_begins_the_count_anew(database: Database, between: str) -> None:
    for night, what in enumerate(("404", "404", between, "404", "404")):
        keep(database, A, what, FIRST + timedelta(days=night))
    assert broken(database) == {}
    keep(database, A, "404", FIRST + timedelta(days=5))
    assert broken(database)[A].since == date(2026, 11, 27)


def test_the_list_of_records_warns_of_broken_links(database: Database) -> None:
    put(database, "1.1", url=A, checked="2026-11")
    put(database, "1.2", url=B, checked="2026-11")
    for night in range(3):
        keep(database, A, "410", FIRST + timedelta(days=night))
    with database.reading() as session:
        lines = {line.record.id: line.notes for line in records.lines(session, date(2026, 11, 26))}
    assert [note.kind for note in lines["1.1"]] == [Warn.LINK]
    assert "từ 24/11/2026: trang không còn ở đó (mã 410)" in lines["1.1"][0].words
    assert lines["1.2"] == ()


def test_links_that_no_record_has_any_more_are_forgotten(database: Database) -> None:
    put(database, "1.1", url=A)
    for night in range(3):
        for url in (A, B):
            keep(database, url, "404", FIRST + timedelta(days=night))
    with database.transaction() as session:
        link_checks.forget_unused(session, today=date(2026, 11, 26))
    assert set(broken(database)) == {A}
