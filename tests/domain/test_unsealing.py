"""Two people, a reason, a time: the rules of unsealing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from domain.errors import MoveRefused
from domain.unsealing import (
    ASKED_FOR,
    OPEN_FOR,
    UNSEALING_LABELS,
    UNSEALING_MOVES,
    UnsealingState,
    check_second_person,
    check_unsealing_move,
    reason_fault,
    standing,
)

NOW = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)


def test_nobody_decides_on_their_own_request() -> None:
    with pytest.raises(MoveRefused, match="không được tự duyệt"):
        check_second_person(asked_by=4, decides=4)
    check_second_person(asked_by=4, decides=5)


def test_only_what_waits_can_be_decided_and_what_is_closed_stays_closed() -> None:
    for old in UnsealingState:
        for new in UnsealingState:
            if new in UNSEALING_MOVES[old]:
                check_unsealing_move(old, new)
            else:
                with pytest.raises(MoveRefused):
                    check_unsealing_move(old, new)
    for closed in (UnsealingState.REFUSED, UnsealingState.WITHDRAWN, UnsealingState.EXPIRED):
        assert UNSEALING_MOVES[closed] == frozenset()
    assert set(UNSEALING_LABELS) == set(UNSEALING_MOVES) == set(UnsealingState)


@pytest.mark.parametrize(
    ("state", "age", "open_for", "now_is"),
    [
        (UnsealingState.ASKED, ASKED_FOR - timedelta(seconds=1), None, UnsealingState.ASKED),
        (UnsealingState.ASKED, ASKED_FOR, None, UnsealingState.EXPIRED),
        (UnsealingState.APPROVED, ASKED_FOR * 2, timedelta(seconds=1), UnsealingState.APPROVED),
        (UnsealingState.APPROVED, OPEN_FOR, timedelta(0), UnsealingState.EXPIRED),
        (UnsealingState.APPROVED, OPEN_FOR, None, UnsealingState.EXPIRED),
        (UnsealingState.REFUSED, ASKED_FOR * 2, None, UnsealingState.REFUSED),
    ],
)
def test_time_closes_a_request_by_itself(
    state: UnsealingState, age: timedelta, open_for: timedelta | None, now_is: UnsealingState
) -> None:
    until = None if open_for is None else NOW + open_for
    assert standing(state, asked_at=NOW - age, open_until=until, now=NOW) is now_is


def test_a_reason_is_more_than_a_word() -> None:
    assert reason_fault("vì") is not None
    assert reason_fault("x" * 1001) is not None
    assert reason_fault("Cần giám định khuôn mặt") is None
