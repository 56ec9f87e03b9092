"""Sending to groups: everybody once, troubles said in words, what is unclear never repeated by itself."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from broadcasts.send import CLAIMED, SAME_FAULTS, SENDING_LEASE, Sender
from data import broadcast_moves, deliveries, delivery_lines, settling
from data.replies import content_of
from data.session import Database
from data.tables import OfficialAccount
from domain.broadcasts import BroadcastStatus, DeliveryStatus
from domain.errors import (
    MoveRefused,
    OfficialAccountDown,
    QuotaUsedUp,
    SlowDown,
    TryAgainLater,
    Unclear,
    WillNeverWork,
)
from tests.broadcasts.province import OA, Province, fill, group
from tests.conftest import Clock


class Killed(BaseException):
    """The process dies here: nothing after it happens."""


def test_every_group_gets_it_once_and_the_broadcast_is_done(province: Province):
    broadcast = province.broadcast()
    province.plan()
    province.send_all()
    province.plan()
    assert sorted(province.groups.got) == [(f"z{n}", "Cảnh giác cuộc gọi giả danh") for n in range(6)]
    assert province.counts(broadcast) == {DeliveryStatus.SENT: 6}
    assert province.get(broadcast).status == BroadcastStatus.DONE


def test_what_may_work_later_is_tried_again_and_arrives_once(province: Province):
    faults = [TryAgainLater("mạng lỗi"), SlowDown("chậm lại", -32, timedelta(seconds=30))]

    def before(zalo_group_id: str) -> None:
        if zalo_group_id == "z2" and faults:
            raise faults.pop()

    province.groups.before = before
    broadcast = province.broadcast()
    province.plan()
    province.send_all()
    assert province.counts(broadcast) == {DeliveryStatus.SENT: 6}
    assert len(province.groups.got) == 6


def test_a_group_that_never_works_fails_with_its_reason_and_the_others_get_it(province: Province):
    def before(zalo_group_id: str) -> None:
        if zalo_group_id == "z3":
            raise WillNeverWork("OA không còn trong nhóm.", -403)

    province.groups.before = before
    broadcast = province.broadcast()
    province.plan()
    province.send_all()
    assert province.counts(broadcast) == {DeliveryStatus.SENT: 5, DeliveryStatus.FAILED: 1}
    with province.database.reading() as session:
        (failed,) = delivery_lines.page(session, broadcast, states=[DeliveryStatus.FAILED])
    assert failed.reason == "OA không còn trong nhóm."


def test_what_is_unclear_waits_for_an_echo_or_a_person(province: Province):
    def after(zalo_group_id: str) -> None:
        if zalo_group_id in {"z1", "z2"}:
            raise Unclear("Mất kết nối khi chờ Zalo trả lời.")

    province.groups.after = after
    broadcast = province.broadcast()
    province.plan()
    province.send_all()
    province.send_all()
    assert province.counts(broadcast) == {DeliveryStatus.SENT: 4, DeliveryStatus.UNKNOWN: 2}
    assert len(province.groups.got) == 6, "nothing was repeated"

    with province.database.transaction() as session:
        matched = deliveries.match_echo(
            session,
            oa_id=OA,
            message_id="m-echo",
            to="z1",
            content=content_of("text", "Cảnh giác cuộc gọi giả danh"),
            at=province.clock(),
        )
    assert matched
    with province.database.reading() as session:
        (unknown,) = delivery_lines.page(session, broadcast, states=[DeliveryStatus.UNKNOWN])
    assert unknown.group_code == "G2"
    province.groups.after = lambda group: None
    with province.database.transaction() as session:
        settling.settle_unknown(
            session, unknown.id, broadcast_id=broadcast, sent=False, officer_id=2, now=province.clock()
        )
    province.send_all()
    assert province.counts(broadcast) == {DeliveryStatus.SENT: 6}
    with pytest.raises(MoveRefused), province.database.transaction() as session:
        settling.settle_unknown(
            session, unknown.id, broadcast_id=broadcast, sent=True, officer_id=2, now=province.clock()
        )


def test_an_echo_of_another_text_or_group_settles_nothing(province: Province):
    province.groups.after = lambda group: (_ for _ in ()).throw(Unclear("?"))
    broadcast = province.broadcast(audience={"groups": ["G1"]})
    province.plan()
    province.send_all()
    text = content_of("text", "Cảnh giác cuộc gọi giả danh")
    with province.database.transaction() as session:
        for to, content, oa in (
            ("z2", text, OA),
            ("z1", content_of("text", "khác"), OA),
            ("z1", text, "other"),
        ):
            assert not deliveries.match_echo(
                session, oa_id=oa, message_id="x", to=to, content=content, at=province.clock()
            )
    assert province.counts(broadcast) == {DeliveryStatus.UNKNOWN: 1}


def test_a_pause_stops_what_waits_and_resuming_goes_on_without_repeating(province: Province):
    broadcast = province.broadcast()
    province.plan()
    province.groups.after = lambda zalo: (
        province.act(broadcast_moves.pause, broadcast) if len(province.groups.got) == 2 else None
    )
    province.send_all()
    assert province.counts(broadcast) == {DeliveryStatus.SENT: 2, DeliveryStatus.WAITING: 4}
    province.groups.after = lambda zalo: None
    province.act(broadcast_moves.resume, broadcast)
    province.send_all()
    assert province.counts(broadcast) == {DeliveryStatus.SENT: 6}
    assert len(province.groups.got) == len(set(province.groups.got)) == 6


def test_a_withdrawn_one_sends_nothing_more(province: Province):
    broadcast = province.broadcast()
    province.plan()
    province.sender.drain()
    province.act(broadcast_moves.withdraw, broadcast)
    province.send_all()
    assert province.counts(broadcast) == {DeliveryStatus.SENT: 5, DeliveryStatus.EXPIRED: 1}


def test_one_that_came_too_late_expires_instead_of_being_sent(province: Province):
    broadcast = province.broadcast(lifetime_minutes=20)
    province.plan()
    province.clock.advance(minutes=21)
    province.send_all()
    with province.database.transaction() as session:
        deliveries.release_overdue(session, now=province.clock())
    assert province.counts(broadcast) == {DeliveryStatus.EXPIRED: 6}
    assert province.groups.got == []


@pytest.mark.parametrize("error", [OfficialAccountDown("OA"), QuotaUsedUp("Hết hạn mức.", -211)])
def test_an_account_that_cannot_send_now_loses_nothing(province: Province, error: Exception):
    def before(zalo_group_id: str) -> None:
        raise error

    province.groups.before = before
    broadcast = province.broadcast(lifetime_minutes=10_000)
    province.plan()
    for _ in range(3):
        province.sender.drain()
    province.groups.before = lambda group: None
    province.clock.advance(days=1)
    province.send_all()
    assert province.counts(broadcast) == {DeliveryStatus.SENT: 6}


def test_many_equal_faults_pause_the_broadcast_and_say_why(province: Province):
    with province.database.transaction() as session:
        session.add_all(group(f"K{n}", zalo=f"k{n}") for n in range(SAME_FAULTS + 5))

    def before(zalo_group_id: str) -> None:
        raise WillNeverWork("OA chưa được cấp quyền.", -223)

    province.groups.before = before
    broadcast = province.broadcast()
    province.plan()
    province.send_all()
    paused = province.get(broadcast)
    assert paused.status == BroadcastStatus.PAUSED
    assert "OA chưa được cấp quyền." in (paused.pause_reason or "")
    assert province.counts(broadcast)[DeliveryStatus.WAITING] > 0


def test_a_worker_that_died_before_the_request_loses_nothing_one_that_died_after_is_unknown(
    province: Province,
):
    def die(zalo_group_id: str) -> None:
        raise Killed

    province.groups.after = die
    broadcast = province.broadcast()
    province.plan()
    with pytest.raises(Killed):
        province.sender.drain()
    province.groups.after = lambda group: None
    province.clock.advance(seconds=SENDING_LEASE.total_seconds())
    with province.database.transaction() as session:
        overdue = deliveries.release_overdue(session, now=province.clock())
    assert (overdue.given_back, overdue.unknown) == (4, 1)
    province.send_all()
    assert province.counts(broadcast) == {DeliveryStatus.SENT: 5, DeliveryStatus.UNKNOWN: 1}
    assert len(set(province.groups.got)) == len(province.groups.got) == 6


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    script=st.lists(
        st.sampled_from(["ok", "die before", "die after", "unclear", "later"]), min_size=1, max_size=14
    )
)
def test_whatever_happens_no_group_gets_it_twice_and_none_is_lost(
    empty_sqlite: Path, tmp_path_factory: pytest.TempPathFactory, script: list[str]
):
    """Any mixture of deaths and faults at any send: each delivery ends sent once, or unknown."""
    path = tmp_path_factory.mktemp("p") / "p.db"
    path.write_bytes(empty_sqlite.read_bytes())
    clock = Clock(datetime(2026, 11, 24, 3, 0, tzinfo=UTC))
    database = Database(f"sqlite:///{path}")
    fill(database, clock())
    province = Province(database, clock)
    steps, here = iter(script), [""]

    def before(zalo_group_id: str) -> None:
        here[0] = next(steps, "ok")
        if here[0] == "die before":
            raise Killed
        if here[0] == "later":
            raise TryAgainLater("mạng lỗi")

    def after(zalo_group_id: str) -> None:
        if here[0] == "die after":
            raise Killed
        if here[0] == "unclear":
            raise Unclear("?")

    province.groups.before, province.groups.after = before, after
    broadcast = province.broadcast(lifetime_minutes=100_000)
    province.plan()
    for _ in range(len(script) + 1):
        try:
            province.send_all()
        except Killed:
            province.sender = Sender(database, province.groups.send, clock=clock, jitter=lambda: 0.0)
        clock.advance(minutes=10)
        with database.transaction() as session:
            deliveries.release_overdue(session, now=clock())
    province.send_all()
    counts = province.counts(broadcast)
    database.close()
    assert set(counts) <= {DeliveryStatus.SENT, DeliveryStatus.UNKNOWN}
    assert sum(counts.values()) == 6
    assert len(province.groups.got) == len(set(province.groups.got))


# ---- many at once, pace ---------------------------------------------------------------------------------------


def test_many_senders_at_once_send_each_group_its_message_once(province: Province):
    with province.database.transaction() as session:
        session.add_all(group(f"K{n}", zalo=f"k{n}") for n in range(24))
    broadcast = province.broadcast()
    province.plan()

    def work() -> None:
        sender = Sender(province.database, province.groups.send, clock=province.clock)
        while sender.drain():
            pass

    with ThreadPoolExecutor(4) as pool:
        for one in [pool.submit(work) for _ in range(4)]:
            one.result()
    province.send_all()
    assert province.counts(broadcast) == {DeliveryStatus.SENT: 30}
    assert len(province.groups.got) == len(set(province.groups.got)) == 30


def test_it_keeps_to_the_pace_of_the_account_and_uses_it_up(province: Province):
    """60 a minute: 15 at once, then one a second; never more in any minute than allowed."""
    with province.database.transaction() as session:
        session.add_all(group(f"K{n}", zalo=f"k{n}") for n in range(94))
        account = session.get(OfficialAccount, OA)
        assert account is not None
        account.requests_per_minute = 60
    broadcast = province.broadcast()
    province.plan()
    begun, at = province.clock(), []
    province.groups.after = lambda zalo: at.append((province.clock() - begun).total_seconds())
    empty = 0
    while len(at) < 100 and province.clock() < begun + timedelta(minutes=3):
        while province.sender.drain():
            pass
        empty += 1
        province.clock.advance(seconds=1)
    assert len(at) == 100
    assert sum(second < 60 for second in at) == 60
    assert at[-1] <= 60 + 25, "40 more: 15 at once and 25 a second each"
    assert province.counts(broadcast) == {DeliveryStatus.SENT: 100}


def test_an_account_that_has_to_wait_is_left_alone_and_the_others_go_on(province: Province):
    """Its rows are not taken and given back again and again; the sender has nothing to do until it may."""
    with province.database.transaction() as session:
        session.add(
            OfficialAccount(
                oa_id="2",
                name="OA bận",
                created_at=province.clock(),
                paused_until=province.clock() + timedelta(minutes=5),
            )
        )
        session.flush()
        busy = [group(f"A{n}", zalo=f"a{n}") for n in range(20)]
        for row in busy:
            row.oa_id = "2"
        session.add_all(busy)
    broadcast = province.broadcast()
    province.plan()
    drains = 0
    while province.sender.drain():
        drains += 1
    assert drains <= 5
    assert province.counts(broadcast) == {DeliveryStatus.SENT: 6, DeliveryStatus.WAITING: 20}
    with province.database.reading() as session:
        waiting = delivery_lines.page(session, broadcast, states=[DeliveryStatus.WAITING])
    assert {line.attempts for line in waiting} == {0}
    province.clock.advance(minutes=5)
    province.send_all()
    assert province.counts(broadcast) == {DeliveryStatus.SENT: 26}


def test_being_told_to_slow_down_for_hours_gives_nothing_up(province: Province):
    def before(zalo_group_id: str) -> None:
        raise SlowDown("chậm lại", -32, timedelta(minutes=10))

    province.groups.before = before
    broadcast = province.broadcast(lifetime_minutes=100_000)
    province.plan()
    for _ in range(20):
        province.sender.drain()
        province.clock.advance(minutes=11)
    province.groups.before = lambda zalo: None
    province.send_all()
    assert province.counts(broadcast) == {DeliveryStatus.SENT: 6}


def test_faults_in_a_row_pause_it_also_in_the_middle_and_single_ones_do_not(province: Province):
    with province.database.transaction() as session:
        session.add_all(group(f"K{n:02}", zalo=f"k{n:02}") for n in range(40))
    broken = {f"k{n:02}" for n in range(20, 20 + SAME_FAULTS)} | {"k05", "k10"}

    def before(zalo_group_id: str) -> None:
        if zalo_group_id in broken:
            raise WillNeverWork("Nhóm không nhận tin.", -1)

    province.groups.before = before
    broadcast = province.broadcast()
    province.plan()
    province.send_all()
    row = province.get(broadcast)
    assert row.status == BroadcastStatus.PAUSED
    assert f"{SAME_FAULTS} nhóm liên tiếp" in (row.pause_reason or "")
    counts = province.counts(broadcast)
    assert counts[DeliveryStatus.FAILED] == SAME_FAULTS + 2
    assert counts[DeliveryStatus.SENT] + counts[DeliveryStatus.WAITING] == 46 - SAME_FAULTS - 2
    assert counts[DeliveryStatus.WAITING] > 0


def test_urgent_words_do_not_stand_in_line_behind_others(province: Province):
    with province.database.transaction() as session:
        session.add_all(group(f"K{n:02}", zalo=f"k{n:02}") for n in range(20))
    usual = province.broadcast(text="Tin thường")
    province.plan()
    province.clock.advance(seconds=1)
    province.sender.drain()
    urgent = province.broadcast(text="KHẨN", urgent=True)
    province.plan()
    province.send_all()
    told = [text for _, text in province.groups.got]
    assert told == ["Tin thường"] * CLAIMED + ["KHẨN"] * 26 + ["Tin thường"] * (26 - CLAIMED)
    for broadcast in (usual, urgent):
        assert province.counts(broadcast) == {DeliveryStatus.SENT: 26}


def test_a_used_up_allowance_waits_for_the_next_day_and_urgent_words_are_the_first_to_get_it(
    province: Province,
):
    """Usual ones may go by night here: then nothing but their being urgent puts the others first."""
    allowance = [0]

    def before(zalo_group_id: str) -> None:
        if not allowance[0]:
            raise QuotaUsedUp("hết hạn mức", -211)
        allowance[0] -= 1

    province.groups.before = before
    usual = province.broadcast(text="Tin thường", quiet_ok=True, lifetime_minutes=10_000)
    urgent = province.broadcast(text="KHẨN", urgent=True, lifetime_minutes=10_000)
    province.plan()
    while province.sender.drain():
        pass
    assert province.counts(usual) == province.counts(urgent) == {DeliveryStatus.WAITING: 6}
    assert province.groups.got == []

    province.clock.advance(days=1)
    allowance[0] = 6
    while province.sender.drain():
        pass
    assert province.counts(urgent) == {DeliveryStatus.SENT: 6}
    assert province.counts(usual) == {DeliveryStatus.WAITING: 6}
