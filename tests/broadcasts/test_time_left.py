"""How long still, said honestly: by the allowed pace, with others in line, and apart what no clock knows."""

from __future__ import annotations

from datetime import timedelta

from data import broadcast_moves, walls
from data.tables import OfficialAccount
from domain.errors import Unclear
from tests.broadcasts.province import OA, Province, by, change


def left(province: Province, broadcast: int) -> walls.TimeLeft:
    with province.database.reading() as session:
        return walls.time_left(session, province.get(broadcast), run_id=None, now=province.clock())


def slow(province: Province, per_minute: int) -> None:
    with province.database.transaction() as session:
        session.get_one(OfficialAccount, OA).requests_per_minute = per_minute


def test_it_is_what_waits_by_the_pace_of_the_oa_and_other_broadcasts_stand_in_line_too(province: Province):
    slow(province, 6)
    first = province.broadcast()
    province.plan()
    assert left(province, first).sending == timedelta(minutes=1)
    province.broadcast(title="Tin thứ hai")
    province.plan()
    assert left(province, first).sending == timedelta(minutes=2)


def test_those_for_an_officers_hand_and_the_unclear_ones_are_said_apart(province: Province):
    change(province, "G1", channel="assisted")

    def before(group: str) -> None:
        if group == "z2":
            raise Unclear("Mất kết nối.")

    province.groups.before = before
    broadcast = province.broadcast()
    province.plan()
    province.send_all()
    said = left(province, broadcast)
    assert (said.sending, said.by_hand, said.unclear) == (timedelta(0), 1, 1)


def test_while_it_is_paused_nobody_can_say(province: Province):
    broadcast = province.broadcast()
    province.plan()
    by(province, 2, broadcast_moves.pause, broadcast)
    assert left(province, broadcast).sending is None
