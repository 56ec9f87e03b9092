"""What may go out: what was approved, for the groups it was approved for; the stop button; training."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from broadcasts.plan import NOT_AS_APPROVED
from data import (
    audiences,
    audit,
    broadcast_moves,
    delivery_lines,
    settling,
    stops,
)
from data.planning import GONE, MOVED
from data.tables import Broadcast, Delivery, GroupRow
from domain.broadcasts import BroadcastStatus, ChannelKind, DeliveryStatus
from domain.errors import MoveRefused, NotAllowed
from tests.broadcasts.province import (
    Province,
    by,
    change,
    group,
    reasons,
    third_officer,
)

S = DeliveryStatus


# ---- approval is bound to everything ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "altered",
    [
        {"text": "Nội dung khác"},
        {"link": "https://example.vn/khac"},
        {"kind": "traffic"},
        {"lifetime_minutes": 99_999},
        {"quiet_ok": True},
        {"media": [{"key": "k", "kind": "image", "name": "x", "size": 1, "sha256": "b" * 64}]},
        {"recipients": []},
        {"audience": {"groups": ["G1"]}},
    ],
    ids=lambda altered: next(iter(altered)),
)
def test_what_was_changed_behind_the_approval_is_not_sent(province: Province, altered: dict[str, Any]):
    broadcast = province.broadcast()
    with province.database.transaction() as session:
        row = session.get_one(Broadcast, broadcast)
        for name, value in altered.items():
            setattr(row, name, value)
    province.plan()
    province.send_all()
    assert province.groups.got == []
    assert province.get(broadcast).status == BroadcastStatus.PAUSED
    assert province.get(broadcast).pause_reason == NOT_AS_APPROVED


def test_an_approval_counts_for_the_groups_the_approver_saw(province: Province):
    broadcast = province.broadcast(approve=False)
    by(province, 1, broadcast_moves.propose, broadcast)
    with province.database.reading() as session:
        seen = audiences.mark_of(
            audiences.snapshot(audiences.groups_of(session, {"all": True}, on=date(2026, 11, 24)))
        )
    with province.database.transaction() as session:
        session.add(group("Z9", zalo="z9"))
    with pytest.raises(MoveRefused, match="vừa thay đổi"):
        by(province, 2, broadcast_moves.approve, broadcast, seen=seen)
    assert province.get(broadcast).status == BroadcastStatus.PROPOSED


def test_groups_that_changed_after_the_approval_are_shown_and_left_to_a_person(province: Province):
    broadcast = province.broadcast()
    change(province, "G1", zalo_group_id="somewhere else")
    change(province, "G2", active=False)
    with province.database.transaction() as session:
        session.add(group("Z9", zalo="z9"))
    with province.database.reading() as session:
        row = session.get_one(Broadcast, broadcast)
        changes = audiences.changes_since_approval(session, row, now=province.clock())
    assert changes == audiences.Changes(new=("Nhóm Z9",), gone=("Nhóm G2",), moved=("Nhóm G1",))

    province.plan()
    province.send_all()
    assert sorted(group for group, _ in province.groups.got) == ["z0", "z3", "z4", "z5"]
    assert reasons(province, broadcast) == {
        "G0": None, "G1": MOVED, "G2": GONE, "G3": None, "G4": None, "G5": None,
    }  # fmt: skip
    with province.database.reading() as session:
        chosen = [line.id for line in delivery_lines.page(session, broadcast) if line.group_code == "G1"]
    with province.database.transaction() as session:
        assert settling.retry(session, broadcast, chosen, officer_id=2, now=province.clock()) == 1
    province.send_all()
    assert province.groups.got[-1][0] == "somewhere else"


def test_the_officer_on_duty_lets_an_urgent_one_go_and_an_approver_reviews_it(province: Province):
    third = third_officer(province)
    broadcast = province.broadcast(approve=False, urgent=True, kind="lost_child")
    by(province, 1, broadcast_moves.propose, broadcast)
    with pytest.raises(NotAllowed):
        by(province, 1, broadcast_moves.approve_urgent, broadcast)
    by(province, 2, broadcast_moves.approve_urgent, broadcast)
    province.plan()
    province.send_all()
    assert province.counts(broadcast) == {S.SENT: 6}
    assert province.get(broadcast).review_due_at == province.get(broadcast).created_at + timedelta(hours=24)
    with pytest.raises(NotAllowed):
        by(province, 2, broadcast_moves.review, broadcast, fault=False, words="")
    by(province, third, broadcast_moves.review, broadcast, fault=True, words="Thiếu số điện thoại")
    assert province.get(broadcast).review_due_at is None
    with province.database.reading() as session:
        assert audit.verify(session) == []
        actions = [entry.action for entry in audit.listed(session, limit=20)]
    assert {"broadcast.approve_urgent", "broadcast.review"} <= set(actions)


@pytest.mark.parametrize(
    "content", [{"urgent": False, "kind": "lost_child"}, {"urgent": True, "kind": "crime"}]
)
def test_the_urgent_way_is_for_urgent_kinds_only(province: Province, content: dict[str, Any]):
    broadcast = province.broadcast(approve=False, **content)
    by(province, 1, broadcast_moves.propose, broadcast)
    with pytest.raises(NotAllowed):
        by(province, 2, broadcast_moves.approve_urgent, broadcast)


# ---- the stop button -----------------------------------------------------------------------------------------


def test_the_stop_button_holds_everything_and_another_person_lets_it_go(province: Province):
    under_way, coming = province.broadcast(), province.broadcast(title="Tin thứ hai")
    province.plan()

    def after(zalo: str) -> None:
        if len(province.groups.got) == 2:
            with province.database.transaction() as session:
                stops.press(session, reason="Sai nội dung", officer_id=1, now=province.clock())

    province.groups.after = after
    province.send_all()
    third = province.broadcast(title="Tin thứ ba")
    assert province.plan() == 0, "nothing is planned either"
    assert len(province.groups.got) == 2
    with pytest.raises(NotAllowed), province.database.transaction() as session:
        stops.lift(session, officer_id=1, now=province.clock())
    with province.database.transaction() as session:
        stops.lift(session, officer_id=2, now=province.clock())
    province.groups.after = lambda zalo: None
    province.plan()
    province.send_all()
    assert [province.counts(one) for one in (under_way, coming, third)] == [{S.SENT: 6}] * 3
    assert len(province.groups.got) == 18
    with province.database.reading() as session:
        assert audit.verify(session) == []


# ---- training ------------------------------------------------------------------------------------------------------


def test_training_runs_through_everything_and_reaches_nobody(province: Province):
    broadcast = province.broadcast(training=True)
    province.plan()
    with province.database.reading() as session:
        rows = session.query(Delivery).all()
        assert {row.channel for row in rows} == {ChannelKind.TRAINING}
        assert [row for row in rows if row.oa_id or row.zalo_group_id] == []
    province.send_all()
    assert province.counts(broadcast) == {S.SENT: 6}
    assert province.groups.got == []
    with province.database.reading() as session:
        assert session.get_one(GroupRow, "G1").last_sent_at is None
