"""What accuses police is in nobody's reach but the inspectors'; what could tell who reported is screened."""

from __future__ import annotations

import pytest

from data import tip_acts, tip_queue, tips
from data.session import Database
from data.tables import Tip
from data.tip_queue import EVERY_UNIT
from domain.errors import MoveRefused
from domain.roles import Role
from domain.tips import TipStatus
from tests.console.world import PROVINCE, WARD_3, WARD_5, World

REACHES = ((WARD_3,), (PROVINCE,), (WARD_3, WARD_5, PROVINCE), EVERY_UNIT)


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


def accusing(world: World) -> int:
    return world.tip(what="Công an phường nhận tiền", unit_id=PROVINCE, bypass=True, went_past=WARD_3)


@pytest.mark.parametrize("unit_ids", REACHES)
def test_nobody_but_inspectors_finds_a_tip_that_accuses_police(
    world: World, unit_ids: tuple[str, ...]
) -> None:
    tip, plain = accusing(world), world.tip()
    code = world.full(tip).line.code
    with world.database.reading() as session:
        assert tips.find(session, tip, unit_ids=unit_ids) is None
        assert tips.open_file(session, world.file(tip), unit_ids=unit_ids) is None
        for words in ("", "nhan tien", code):
            found = tip_queue.queue(session, unit_ids=unit_ids, words=words)
            assert tip not in [line.id for line in found.lines]
        counts = tip_queue.count_by_status(session, unit_ids=unit_ids)
        assert counts[TipStatus.NEW] == (1 if WARD_3 in unit_ids or unit_ids == EVERY_UNIT else 0)
        assert (tips.find(session, plain, unit_ids=unit_ids) is not None) is (unit_ids != (PROVINCE,))


def test_inspectors_find_it_and_can_look_for_those_alone(world: World) -> None:
    tip, plain = accusing(world), world.tip()
    with world.database.reading() as session:
        everything = tip_queue.queue(session, unit_ids=None)
        assert {line.id for line in everything.lines} == {tip, plain}
        alone = tip_queue.queue(session, unit_ids=None, accusing=True)
        assert [line.id for line in alone.lines] == [tip]
        assert tip_queue.count_by_status(session, unit_ids=None)[TipStatus.NEW] == 2


def test_it_is_never_given_to_the_unit_it_speaks_of(world: World) -> None:
    inspector, tip = world.officer(Role.INSPECTOR, unit_id=None), accusing(world)
    for unit, fine in ((WARD_3, False), (WARD_5, True)):
        with world.database.transaction() as session:
            row = session.get_one(Tip, tip)
            given = {"to_unit": unit, "officer_id": inspector, "version": row.version, "words": "Xác minh"}
            if fine:
                tip_acts.hand_over(session, row, now=world.clock(), **given)  # type: ignore[arg-type]  # by name
            else:
                with pytest.raises(MoveRefused, match="chính đơn vị đó"):
                    tip_acts.hand_over(session, row, now=world.clock(), **given)  # type: ignore[arg-type]
    with world.database.reading() as session:
        assert tips.find(session, tip, unit_ids=(WARD_5,)) is not None
        assert tips.find(session, tip, unit_ids=(WARD_3,)) is None


@pytest.mark.parametrize("unit_ids", [None, EVERY_UNIT, (WARD_3,)])
def test_by_kind_and_by_lateness(world: World, unit_ids: tuple[str, ...] | None) -> None:
    drugs, late = world.tip(category="drugs"), world.tip(category="noise", escalation=1)
    world.tip(category="drugs", unit_id=WARD_5)
    world.tip()
    with world.database.reading() as session:

        def found(**sought: object) -> set[int]:
            page = tip_queue.queue(session, unit_ids=unit_ids, **sought)  # type: ignore[arg-type]  # by name
            return {line.id for line in page.lines}

        assert drugs in found(category="drugs")
        assert len(found(category="drugs")) == (1 if unit_ids == (WARD_3,) else 2)
        assert found(escalated=True) == {late}
        assert found(category="drugs", escalated=True) == set()
        assert found(category="noise", statuses=[TipStatus.NEW]) == {late}


def test_queue_and_page_are_screened_until_an_officer_asks(world: World) -> None:
    tip = world.tip(what="Tôi là hàng xóm của họ, gọi 0912345678. Họ đánh bạc", place="nhà tôi số 12")
    world.reporter_says(tip, "số khác 0987654321")
    with world.database.reading() as session:
        line = tip_queue.queue(session, unit_ids=(WARD_3,)).lines[0]
        full = tips.open_tip(session, tip, unit_ids=(WARD_3,), now=world.clock())
        assert full is not None
        seen = f"{line.what} {line.place} {full.line.what} {full.said}"
        for secret in ("0912345678", "0987654321", "hàng xóm của họ", "số 12"):
            assert secret not in seen
        assert "đánh bạc" in line.what
        assert {"số điện thoại", "quan hệ của người báo", "nhà của người báo"} <= set(full.hidden)
        shown = tips.open_tip(session, tip, unit_ids=(WARD_3,), now=world.clock(), reveal=True)
        assert shown is not None
        assert "0912345678" in shown.line.what
        assert "0987654321" in shown.said[0].text
