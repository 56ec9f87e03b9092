"""Zalo's numbers and what is to be done next: class by class as in the reference §9."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from bot.zalo.codes import TABLE, error_for
from domain.errors import (
    QuotaUsedUp,
    SendError,
    SlowDown,
    TokenRefused,
    TryAgainLater,
    UploadAgain,
    WillNeverWork,
    WindowClosed,
)

NOON = datetime(2026, 11, 24, 5, 0, 12, tzinfo=UTC)

EXPECTED = {
    SlowDown: [-32, -234],
    TryAgainLater: [-200, -214],
    UploadAgain: [-100],
    TokenRefused: [-216, -220],
    WindowClosed: [-213, -217, -218, -222, -227, -230, -232, -244, -305, -311],
    QuotaUsedUp: [-211],
    WillNeverWork: [
        -201, -202, -204, -205, -207, -208, -209, -210, -212, -215, -219, -221, -223, -224, -233, -235, -237,
        -238, -240, -241, -242, -248, -249, -320, -321, -403, -1340, -1341, 112,
    ],
}  # fmt: skip
PAIRS = [(code, kind) for kind, codes in EXPECTED.items() for code in codes]


@pytest.mark.parametrize(("code", "kind"), PAIRS)
def test_each_number_has_its_class(code, kind):
    error = error_for(code, now=NOON)
    assert type(error) is kind
    if isinstance(error, SendError):
        assert error.code == code


def test_no_line_of_the_table_is_left_out_here():
    assert set(TABLE) == {code for code, _ in PAIRS}


@pytest.mark.parametrize("known", TABLE.values(), ids=TABLE)
def test_every_line_tells_an_officer_in_vietnamese_what_is_the_matter(known):
    assert len(known.words) > 15
    assert known.words.endswith(".")
    assert not known.words.isascii()
    assert known.source


def wait_of(code: int, now: datetime) -> timedelta:
    error = error_for(code, now=now)
    assert isinstance(error, SlowDown)
    return error.wait


@pytest.mark.parametrize(
    ("now", "wait"),
    [
        (datetime(2026, 11, 24, 5, 0, 0, tzinfo=UTC), 61),
        (datetime(2026, 11, 24, 5, 0, 12, tzinfo=UTC), 49),
        (datetime(2026, 11, 24, 5, 0, 59, 500000, tzinfo=UTC), 1.5),
    ],
)
def test_too_fast_waits_for_the_next_minute(now, wait):
    assert wait_of(-32, now) == timedelta(seconds=wait)


@pytest.mark.parametrize(
    ("now", "hours"),
    [
        (datetime(2026, 11, 24, 15, 0, tzinfo=UTC), 8),  # 22:00 in Vietnam
        (datetime(2026, 11, 24, 17, 0, tzinfo=UTC), 6),  # midnight
        (datetime(2026, 11, 24, 22, 0, tzinfo=UTC), 1),  # 05:00
        (datetime(2026, 12, 31, 16, 0, tzinfo=UTC), 7),  # over the year's end
    ],
)
def test_at_night_it_waits_for_six_oclock_in_vietnam(now, hours):
    assert wait_of(-234, now) == timedelta(hours=hours)


@pytest.mark.parametrize("hour", [23, 0, 5, 14])
def test_when_zalo_says_night_and_our_clock_does_not_it_is_asked_again_soon(hour):
    assert wait_of(-234, datetime(2026, 11, 24, hour, 0, tzinfo=UTC)) == timedelta(minutes=5)


@pytest.mark.parametrize("code", [-155, -9999, 1, 99999])
def test_a_number_nobody_listed_is_tried_again_and_logged_by_number_only(code):
    with capture_logs() as logs:
        error = error_for(code, now=NOON)
    assert type(error) is TryAgainLater
    assert error.code == code
    assert logs == [{"event": "zalo_code_not_listed", "log_level": "warning", "code": code}]
