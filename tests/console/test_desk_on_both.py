"""The desk's own queries and acts, on both kinds of database."""

from __future__ import annotations

import re
from datetime import timedelta

from data.session import Database
from domain.roles import Role
from domain.tips import TipStatus
from tests.console.world import WARD_5, World


def test_a_shift_at_the_desk_from_home_to_hand_over(database: Database) -> None:
    world = World(database)
    now = world.clock()
    hoa = world.officer(Role.UNIT_HEAD)
    first, second = (
        world.tip(take_due_at=now + timedelta(hours=1)),
        world.tip(take_due_at=now - timedelta(hours=1)),
    )
    closing = world.tip(status=TipStatus.TAKEN, taken_by=hoa, close_due_at=now + timedelta(minutes=5))
    browser = world.browser(hoa)

    home = browser.get("/console/").text
    assert [int(one) for one in re.findall(r'id="tin-(\d+)"', home)] == [second, closing, first]
    assert f'id="tin-{second}"' in browser.get("/console/tin-bao?clock=over").text
    both = [f"{second}.1", f"{first}.1"]
    browser.post("/console/tin-bao/nhieu-tin", do="hand_over", to_unit=WARD_5, words="Địa bàn", tip=both)
    assert {world.full(tip).line.unit_id for tip in (first, second)} == {WARD_5}
    act = re.search(r'name="act" value="(\d+)"', browser.get("/console/tin-bao").text)
    assert act
    browser.post("/console/tin-bao/nhieu-tin/hoan-tac", act=act[1])
    line = world.full(second).line
    assert (line.unit_id, line.take_due_at) == (world.row(hoa).unit_id, now - timedelta(hours=1))

    browser.post(f"/console/tin-bao/{closing}/ghi-chu", text="Hẹn chiều quay lại")
    assert f'id="tin-{closing}"' in browser.get("/console/tin-bao?q=hen chieu").text
    sheet = browser.post("/console/ban-giao", note="Hết").location
    lan = world.officer(Role.DUTY, name="Trần Lan")
    world.browser(lan).post(f"{sheet}/nhan-ca")
    assert world.full(closing).line.taken_by == lan
    assert "Trần Lan" in browser.get(sheet).text
