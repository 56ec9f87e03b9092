"""What becomes of a delivery that did not go through; quiet hours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from domain.broadcasts import (
    BROADCAST_LABELS,
    BROADCAST_MOVES,
    DELIVERY_LABELS,
    RETRY_WAITS,
    VIETNAM,
    BroadcastStatus,
    DeliveryStatus,
    GiveUp,
    NobodyKnows,
    Retry,
    after_failure,
    check_broadcast_move,
    in_quiet_hours,
    out_of_quiet_hours,
)
from domain.errors import (
    MoveRefused,
    SlowDown,
    TryAgainLater,
    Unclear,
    UploadAgain,
    WillNeverWork,
    WindowClosed,
)

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


def test_what_may_work_later_waits_longer_each_time():
    waits = [after_failure(n, TryAgainLater("mạng lỗi"), now=NOW) for n in range(1, len(RETRY_WAITS) + 1)]
    assert [w.at - NOW for w in waits if isinstance(w, Retry)] == list(RETRY_WAITS)


def test_after_the_last_wait_it_gives_up_with_the_reason():
    assert after_failure(len(RETRY_WAITS) + 1, TryAgainLater("mạng lỗi"), now=NOW) == GiveUp("mạng lỗi")


def test_slow_down_waits_at_least_as_long_as_it_says():
    ended = after_failure(1, SlowDown("chậm lại", -32, timedelta(minutes=5)), now=NOW)
    assert ended == Retry(NOW + timedelta(minutes=5))
    later = after_failure(5, SlowDown("chậm lại", -32, timedelta(seconds=1)), now=NOW)
    assert later == Retry(NOW + RETRY_WAITS[4])


def test_jitter_adds_at_most_a_quarter():
    ended = after_failure(3, TryAgainLater("x"), now=NOW, jitter=1.0)
    assert ended == Retry(NOW + RETRY_WAITS[2] * 1.25)


def test_what_may_have_been_sent_is_never_repeated():
    assert after_failure(1, Unclear("mất kết nối"), now=NOW) == NobodyKnows("mất kết nối")


@pytest.mark.parametrize(
    "error", [WillNeverWork("nhóm đã rời"), WindowClosed("đóng"), UploadAgain("hết hạn")]
)
def test_other_errors_end_it_at_once(error: Exception):
    assert after_failure(1, error, now=NOW) == GiveUp(error.reason)  # type: ignore[arg-type,attr-defined]


def test_every_status_has_words_and_moves():
    assert set(DELIVERY_LABELS) == set(DeliveryStatus)
    assert set(BROADCAST_LABELS) == set(BROADCAST_MOVES) == set(BroadcastStatus)


def test_a_broadcast_is_never_sent_without_being_scheduled():
    for status in (BroadcastStatus.DRAFT, BroadcastStatus.PROPOSED):
        with pytest.raises(MoveRefused):
            check_broadcast_move(status, BroadcastStatus.SENDING)


@pytest.mark.parametrize(
    ("clock", "quiet"),
    [("20:59", False), ("21:00", True), ("23:59", True), ("00:00", True), ("06:29", True), ("06:30", False)],
)
def test_quiet_hours_by_the_clock_in_vietnam(clock: str, quiet: bool):
    hour, minute = map(int, clock.split(":"))
    moment = datetime(2026, 11, 24, hour, minute, tzinfo=VIETNAM)
    assert in_quiet_hours(moment.astimezone(UTC)) is quiet


def test_the_end_of_quiet_hours_is_next_morning():
    evening = datetime(2026, 12, 31, 22, 0, tzinfo=VIETNAM).astimezone(UTC)
    assert out_of_quiet_hours(evening) == datetime(2027, 1, 1, 6, 30, tzinfo=VIETNAM)
    night = datetime(2027, 1, 1, 2, 0, tzinfo=VIETNAM)
    assert out_of_quiet_hours(night) == datetime(2027, 1, 1, 6, 30, tzinfo=VIETNAM)
    noon = datetime(2027, 1, 1, 12, 0, tzinfo=VIETNAM)
    assert out_of_quiet_hours(noon) == noon
