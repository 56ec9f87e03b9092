"""A broadcast under way: paused, resumed, withdrawn, and what a person decides about single deliveries."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from data import audit, broadcast_moves, broadcasts, deliveries, delivery_lines, settling
from data.broadcast_moves import WITHDRAWN
from data.broadcasts import Content
from data.session import Database
from data.tables import Broadcast
from domain.broadcasts import BroadcastStatus, DeliveryStatus
from domain.errors import MoveRefused, Unclear, WillNeverWork
from tests.broadcasts.province import Province, fill, group
from tests.conftest import Clock

S = DeliveryStatus


@pytest.fixture
def province(database: Database, clock: Clock) -> Province:
    fill(database, clock() - timedelta(days=1))
    province = Province(database, clock)
    province.broadcast(title="Tin khác", approve=False)  # one that nothing here is about
    return province


def text(province: Province, **more: Any) -> Content:
    given = {"title": "Tin", "text": "Nội dung", "audience": {"all": True}, "starts_at": province.clock()}
    return Content(**{**given, **more})


def edit(province: Province, broadcast_id: int, content: Content, *, officer: int = 1) -> None:
    with province.database.transaction() as session:
        row = session.get(Broadcast, broadcast_id)
        assert row is not None
        broadcasts.edit(session, row, content, version=row.version, officer_id=officer, now=province.clock())


def unclear(zalo_group_id: str) -> None:
    raise Unclear("Mất kết nối.")


def only_delivery(province: Province, broadcast_id: int, state: DeliveryStatus) -> int:
    with province.database.reading() as session:
        (line,) = delivery_lines.page(session, broadcast_id, states=[state])
    return line.id


def settle(province: Province, delivery_id: int, broadcast_id: int, *, sent: bool) -> None:
    with province.database.transaction() as session:
        settling.settle_unknown(
            session, delivery_id, broadcast_id=broadcast_id, sent=sent, officer_id=2, now=province.clock()
        )


# ---- pausing, resuming, withdrawing ---------------------------------------------------------------------------


def test_resuming_never_sends_again_to_those_who_got_it(province: Province):
    """Paused when the last one was already on its way: there is nothing left to go on with."""
    broadcast = paused_at_the_last_one(province)
    province.act(broadcast_moves.resume, broadcast)
    province.plan()
    province.send_all()
    assert len(province.groups.got) == 6
    assert province.get(broadcast).status == BroadcastStatus.DONE


def test_one_that_is_done_meanwhile_is_not_resumed(province: Province):
    broadcast = paused_at_the_last_one(province)
    province.plan()
    assert province.get(broadcast).status == BroadcastStatus.DONE
    with pytest.raises(MoveRefused, match="tạm dừng"):
        province.act(broadcast_moves.resume, broadcast)


def paused_at_the_last_one(province: Province) -> int:
    broadcast = province.broadcast()
    province.plan()
    province.groups.after = lambda zalo: (
        province.act(broadcast_moves.pause, broadcast) if len(province.groups.got) == 6 else None
    )
    province.send_all()
    assert province.get(broadcast).status == BroadcastStatus.PAUSED
    province.groups.after = lambda zalo: None
    return broadcast


def test_one_whose_deliveries_all_ended_while_it_was_paused_is_done(province: Province):
    broadcast = province.broadcast(lifetime_minutes=20)
    province.plan()
    province.act(broadcast_moves.pause, broadcast)
    province.clock.advance(minutes=21)
    with province.database.transaction() as session:
        deliveries.release_overdue(session, now=province.clock())
    province.plan()
    assert province.counts(broadcast) == {S.EXPIRED: 6}
    assert province.get(broadcast).status == BroadcastStatus.DONE


def test_a_repeating_one_that_was_paused_keeps_its_next_time(province: Province):
    broadcast = province.broadcast(repeat="daily 10:00")
    province.plan()
    province.send_all()
    province.act(broadcast_moves.pause, broadcast)
    following = province.get(broadcast).next_due_at
    province.plan()
    province.act(broadcast_moves.resume, broadcast)
    assert province.get(broadcast).next_due_at == following
    province.plan()
    assert province.get(broadcast).status == BroadcastStatus.SCHEDULED
    assert len(province.groups.got) == 6


def test_one_that_came_late_is_asked_about_once_also_while_a_run_is_open(province: Province):
    with province.database.transaction() as session:
        session.add(group("H1", zalo=None, channel="assisted"))
    broadcast = province.broadcast(
        audience={"groups": ["H1", "G1"]}, repeat="daily 10:00", lifetime_minutes=10_000
    )
    province.plan()
    province.clock.advance(days=1, hours=5)
    province.plan()
    assert province.get(broadcast).status == BroadcastStatus.PAUSED
    province.act(broadcast_moves.resume, broadcast)
    assert province.plan() == 2
    assert province.get(broadcast).status == BroadcastStatus.SENDING


def test_after_a_fault_of_the_account_is_mended_the_same_groups_are_tried_again(province: Province):
    with province.database.transaction() as session:
        session.add_all(group(f"K{n}", zalo=f"k{n}") for n in range(5))
        session.add(group("K9", zalo=None))  # never connected: trying again cannot help

    def refuse(zalo_group_id: str) -> None:
        raise WillNeverWork("OA chưa được cấp quyền.", -223)

    province.groups.before = refuse
    broadcast = province.broadcast()
    province.plan()
    province.send_all()
    assert province.get(broadcast).status == BroadcastStatus.PAUSED
    assert province.counts(broadcast) == {S.FAILED: 11, S.WAITING: 1}
    province.plan()

    province.groups.before = lambda zalo: None
    province.act(broadcast_moves.resume, broadcast)
    province.send_all()
    province.plan()
    assert province.counts(broadcast) == {S.SENT: 11, S.FAILED: 1}
    assert len(province.groups.got) == len(set(province.groups.got)) == 11
    assert province.get(broadcast).status == BroadcastStatus.DONE


def test_withdrawing_ends_what_waits_and_leaves_what_was_sent(province: Province):
    broadcast = province.broadcast(repeat="daily 10:00")
    province.plan()
    province.sender.drain()
    province.act(broadcast_moves.withdraw, broadcast)
    with province.database.reading() as session:
        (line,) = delivery_lines.page(session, broadcast, states=[S.EXPIRED])
    assert line.reason == WITHDRAWN
    assert province.counts(broadcast) == {S.SENT: 5, S.EXPIRED: 1}
    province.clock.advance(days=3)
    assert province.plan() == 0
    with pytest.raises(MoveRefused):
        province.act(broadcast_moves.resume, broadcast)


def test_what_is_already_going_out_is_not_taken_back_to_a_draft(province: Province):
    waiting, broadcast = province.broadcast(starts_at=datetime(2027, 1, 1, tzinfo=UTC)), province.broadcast()
    province.act(broadcast_moves.take_back, waiting)
    assert province.get(waiting).status == BroadcastStatus.DRAFT
    assert province.get(waiting).next_due_at is None
    province.plan()
    with pytest.raises(MoveRefused):
        province.act(broadcast_moves.take_back, broadcast)


# ---- what a person decides ------------------------------------------------------------------------------------


@pytest.mark.parametrize("repeat", [None, "daily 10:00"])
def test_an_unclear_one_that_did_not_arrive_is_sent_again_after_the_broadcast_was_done(
    province: Province, repeat: str | None
):
    province.groups.after = unclear
    broadcast = province.broadcast(audience={"groups": ["G1"]}, repeat=repeat)
    province.plan()
    province.send_all()
    province.plan()
    ended = province.get(broadcast).status
    assert ended == (BroadcastStatus.SCHEDULED if repeat else BroadcastStatus.DONE)

    province.groups.after = lambda zalo: None
    settle(province, only_delivery(province, broadcast, S.UNKNOWN), broadcast, sent=False)
    province.plan()
    assert province.get(broadcast).status == BroadcastStatus.SENDING
    province.send_all()
    province.plan()
    assert province.counts(broadcast) == {S.SENT: 1}
    assert province.get(broadcast).status == ended


def test_an_unclear_one_of_a_withdrawn_broadcast_is_never_sent_again(province: Province):
    province.groups.after = unclear
    broadcast = province.broadcast(audience={"groups": ["G1", "G2"]})
    province.plan()
    province.send_all()
    province.act(broadcast_moves.withdraw, broadcast)
    with province.database.reading() as session:
        one, two = delivery_lines.page(session, broadcast, states=[S.UNKNOWN])
    settle(province, one.id, broadcast, sent=True)
    settle(province, two.id, broadcast, sent=False)
    province.send_all()
    assert province.counts(broadcast) == {S.SENT: 1, S.EXPIRED: 1}
    assert len(province.groups.got) == 2


def test_only_unclear_deliveries_of_this_broadcast_are_settled(province: Province):
    province.groups.after = unclear
    broadcast = province.broadcast(audience={"groups": ["G1"]})
    other = province.broadcast(audience={"groups": ["G2"]})
    province.plan()
    province.send_all()
    delivery = only_delivery(province, broadcast, S.UNKNOWN)
    with pytest.raises(MoveRefused):
        settle(province, delivery, other, sent=True)
    with pytest.raises(MoveRefused):
        settle(province, 10**9, broadcast, sent=True)
    settle(province, delivery, broadcast, sent=True)
    with pytest.raises(MoveRefused, match="đã rõ"):
        settle(province, delivery, broadcast, sent=False)


def test_what_waits_for_a_units_hand_is_listed_for_that_unit_and_counts_once_posted(province: Province):
    with province.database.transaction() as session:
        session.add(group("H1", zalo=None, channel="assisted"))
    broadcast = province.broadcast(audience={"groups": ["H1", "G1"]})
    province.plan()
    province.send_all()
    unit = "07210@2025-07-01"
    with province.database.reading() as session:
        ((waiting, name),) = settling.assisted_waiting(session, [unit], now=province.clock())
        assert settling.assisted_waiting(session, ["24@2025-07-01"], now=province.clock()) == []
        assert settling.assisted_waiting(session, [], now=province.clock()) == []
        (other,) = delivery_lines.page(session, broadcast, states=[S.SENT])
    assert (waiting.text, name) == ("Cảnh giác cuộc gọi giả danh", "Nhóm H1")
    assert province.counts(broadcast) == {S.SENT: 1, S.WAITING: 1}

    def post(delivery_id: int) -> None:
        with province.database.transaction() as session:
            settling.assisted_done(
                session, delivery_id, broadcast_id=broadcast, officer_id=2, now=province.clock()
            )

    with pytest.raises(MoveRefused):
        post(other.id)
    post(waiting.id)
    with pytest.raises(MoveRefused, match="đã xong"):
        post(waiting.id)
    assert province.counts(broadcast) == {S.SENT: 2}
    with province.database.reading() as session:
        assert audit.verify(session) == []
        (posted,) = audit.listed(session, limit=5, subject=f"delivery:{waiting.id}")
    assert (posted.action, posted.officer_name) == ("delivery.posted", "Người duyệt")
