"""Officers hear in Zalo what waits for their hand: once with the files, again after a while, never by night."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from data import reminders
from data.replies import reply_from_json
from data.tables import Citizen, Officer, OfficerChat, Outgoing
from domain.broadcasts import VIETNAM
from domain.messages import Reply
from tests.broadcasts.province import OA, UNIT, Province, change, picture

CHAT = "c" * 32


@pytest.fixture
def duty(province: Province) -> Province:
    """Officer 1 is of the unit, and linked; G1 is posted to by hand."""
    change(province, "G1", channel="assisted")
    with province.database.transaction() as session:
        session.get_one(Officer, 1).unit_id = UNIT
        session.add(Citizen(key=CHAT, oa_id=OA, first_seen_at=province.clock()))
        session.flush()
        session.add(OfficerChat(officer_id=1, citizen=CHAT, oa_id=OA, linked_at=province.clock()))
    return province


def told(province: Province) -> list[Reply]:
    """What the officer is told now that was not queued before."""
    with province.database.transaction() as session:
        seen = set(session.scalars(session.query(Outgoing.id).statement))
        reminders.remind(session, now=province.clock())
        rows = session.query(Outgoing).filter(Outgoing.id.not_in(seen)).order_by(Outgoing.id)
        return [reply_from_json(row.body) for row in rows]


def test_first_with_the_files_then_again_without_them_and_not_in_between(duty: Province):
    media = (picture(duty, "a.jpg"),)
    duty.broadcast(media=media)
    duty.plan()
    first = told(duty)
    assert "Nhóm G1" in first[0].text
    assert [one.image for one in first] == ["", media[0].key, ""]
    assert [button.title for button in first[2].buttons] == ["Đã đăng"]
    assert told(duty) == []
    duty.clock.advance(seconds=reminders.AGAIN.total_seconds() + 1)
    again = told(duty)
    assert again[0].text.startswith("NHẮC LẠI")
    assert [one.image for one in again] == ["", ""]


def test_by_night_nobody_is_reminded(duty: Province):
    duty.broadcast(lifetime_minutes=10_000)
    duty.plan()
    assert told(duty)
    duty.clock.set(datetime(2026, 11, 24, 23, 0, tzinfo=VIETNAM) + timedelta(days=1))
    assert told(duty) == []


def test_who_links_their_zalo_later_is_told_then(duty: Province):
    with duty.database.transaction() as session:
        chat = session.get_one(OfficerChat, 1)
        chat.citizen = None
    duty.broadcast()
    duty.plan()
    assert told(duty) == []
    with duty.database.transaction() as session:
        session.get_one(OfficerChat, 1).citizen = CHAT
    assert not told(duty)[0].text.startswith("NHẮC LẠI")
