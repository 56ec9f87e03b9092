"""It pauses itself over equal faults; an officer pauses it fifty times."""

from __future__ import annotations

import threading

from broadcasts.send import SHARE_OF
from data import (
    broadcast_moves,
)
from domain.broadcasts import BroadcastStatus, DeliveryStatus
from domain.errors import WillNeverWork
from tests.broadcasts.province import (
    Province,
    by,
    group,
)

S = DeliveryStatus


# ---- it pauses itself -----------------------------------------------------------------------------------------------------


def test_a_share_of_equal_faults_pauses_it_too_even_when_others_get_through(province: Province):
    with province.database.transaction() as session:
        session.add_all(group(f"K{n:02}", zalo=f"k{n:02}") for n in range(3 * SHARE_OF))
    count = [0]

    def before(zalo: str) -> None:
        count[0] += 1
        if count[0] % 2:
            raise WillNeverWork("OA chưa được cấp quyền.", -223)

    province.groups.before = before
    broadcast = province.broadcast()
    province.plan()
    province.send_all()
    paused = province.get(broadcast)
    assert paused.status == BroadcastStatus.PAUSED
    assert "OA chưa được cấp quyền." in (paused.pause_reason or "")
    assert "Tiếp tục" in (paused.pause_reason or ""), "and says what to do"


# ---- pause and resume -----------------------------------------------------------------------------------------------------

PAUSES, THREADS, GROUPS = 50, 3, 225


class Desk:
    """Pauses while messages leave: each send ends only after the pause is committed."""

    def __init__(self) -> None:
        self.arrived, self.paused = threading.Event(), threading.Event()

    def after(self, zalo_group_id: str) -> None:
        self.arrived.set()
        assert self.paused.wait(30)


def test_paused_fifty_times_while_three_threads_send_loses_and_repeats_nothing(province: Province):
    with province.database.transaction() as session:
        session.add_all(group(f"K{n:03}", zalo=f"k{n:03}") for n in range(GROUPS - 6))
    broadcast = province.broadcast(lifetime_minutes=99_999)
    province.plan()
    for _ in range(PAUSES):
        desk, before = Desk(), len(province.groups.got)
        province.groups.after = desk.after
        threads = [threading.Thread(target=drained, args=(province,)) for _ in range(THREADS)]
        for thread in threads:
            thread.start()
        assert desk.arrived.wait(30)
        by(province, 2, broadcast_moves.pause, broadcast)
        desk.paused.set()
        for thread in threads:
            thread.join(30)
        assert 1 <= len(province.groups.got) - before <= THREADS, "only what was on its way still arrived"
        assert province.get(broadcast).status == BroadcastStatus.PAUSED
        by(province, 2, broadcast_moves.resume, broadcast)
    province.groups.after = lambda zalo: None
    province.send_all()
    got = [zalo for zalo, _ in province.groups.got]
    assert len(got) == len(set(got)) == GROUPS
    assert province.counts(broadcast) == {S.SENT: GROUPS}


def drained(province: Province) -> None:
    while province.sender.drain():
        pass
