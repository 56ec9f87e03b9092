"""Shifts: when they begin and end, what makes no sense, when nobody is there."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from domain.broadcasts import VIETNAM
from domain.errors import MoveRefused
from domain.shifts import USUAL, Shift, check_span, gaps, in_words, monday_of, span, week_from

TUESDAY = date(2026, 11, 24)


def at(hour: int, day: int = 24) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=VIETNAM)


def shift(begin: datetime, end: datetime) -> Shift:
    return Shift(1, 1, "Hoa", begin, end)


def test_a_shift_that_ends_no_later_than_it_begins_ends_the_day_after() -> None:
    assert span(TUESDAY, time(7), time(19)) == (at(7), at(19))
    assert span(TUESDAY, time(19), time(7)) == (at(19), at(7, 25))
    _, starts, ends = USUAL["whole"]
    begin, end = span(TUESDAY, starts, ends)
    assert end - begin == timedelta(hours=24)


def test_a_week_begins_on_monday_at_midnight_in_vietnam() -> None:
    assert monday_of(date(2026, 11, 29)) == date(2026, 11, 23)
    begin, end = week_from(date(2026, 11, 23))
    assert begin.astimezone(UTC) == datetime(2026, 11, 22, 17, tzinfo=UTC)
    assert end - begin == timedelta(days=7)


@pytest.mark.parametrize(
    ("begin", "end", "words"),
    [
        (at(7), at(7), "24 giờ"),
        (at(7), at(8, 25), "24 giờ"),
        (at(7, 20), at(19, 20), "đã qua"),
    ],
)
def test_a_shift_that_makes_no_sense_is_refused_with_a_sentence(
    begin: datetime, end: datetime, words: str
) -> None:
    with pytest.raises(MoveRefused, match=words):
        check_span(begin, end, now=at(12))
    check_span(at(7), at(19), now=at(12))


def test_gaps_are_when_nobody_is_there() -> None:
    kept = [
        shift(at(19), at(7, 25)),
        shift(at(7), at(12)),
        shift(at(10), at(15)),
        shift(at(1, 20), at(2, 20)),
    ]
    assert gaps(kept, at(0), at(0, 25)) == [(at(0), at(7)), (at(15), at(19))]
    assert gaps([], at(0), at(0, 25)) == [(at(0), at(0, 25))]
    assert gaps([shift(at(0), at(0, 26))], at(0), at(0, 25)) == []


def test_a_shift_is_said_in_words() -> None:
    assert in_words(at(7), at(19)) == "07:00–19:00 24/11"
    assert in_words(at(19), at(7, 25)) == "19:00 24/11 – 07:00 25/11"
