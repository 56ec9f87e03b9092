"""How tips end and belong together: reasons, all reporters told, settled or opened again, links, merging."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from data import tip_acts, tip_endings, tip_relations, tips
from data.session import Database
from data.tables import AttachmentRow, Citizen, Outgoing, Tip, TipLink
from domain.errors import MoveRefused
from domain.messages import Reply
from domain.roles import Role
from domain.tips import TipStatus
from tests.console.world import CITIZEN, OA, WARD_3, WARD_5, World

OTHER = "opaquecitizenkeyyyyy234567"


@pytest.fixture
def world(database: Database) -> World:
    world = World(database)
    with database.transaction() as session:
        session.add(Citizen(key=OTHER, oa_id=OA, first_seen_at=world.clock()))
    return world


def close(world: World, tip_id: int, officer_id: int, words: str = "Đã nhắc nhở chủ quán.") -> None:
    with world.database.transaction() as session:
        tip = session.get_one(Tip, tip_id)
        tip_acts.move(
            session,
            tip,
            to=TipStatus.DONE,
            officer_id=officer_id,
            version=tip.version,
            now=world.clock(),
            words=words,
            compose=lambda code: [Reply(f"{code}: {words}")],
        )


def merge(world: World, tip_id: int, into: int, officer_id: int) -> None:
    with world.database.transaction() as session:
        tip = session.get_one(Tip, tip_id)
        tip_relations.merge(
            session,
            tip,
            session.get_one(Tip, into),
            officer_id=officer_id,
            version=tip.version,
            compose=lambda code: [Reply(f"gộp {code}")],
            now=world.clock(),
        )


def settle(world: World, tip_id: int, *, yes: bool, citizen: str = CITIZEN) -> None:
    code = world.full(tip_id).line.code
    with world.database.transaction() as session:
        tip_endings.settle(session, citizen, code, yes=yes, now=world.clock())


def told(world: World) -> list[tuple[str, str]]:
    with world.database.reading() as session:
        rows = session.scalars(select(Outgoing).order_by(Outgoing.id))
        return [(row.citizen, row.body["text"]) for row in rows]


def taken(world: World, officer_id: int, **more: object) -> int:
    return world.tip(status=TipStatus.IN_PROGRESS, taken_by=officer_id, **more)  # type: ignore[arg-type]  # by name


@pytest.mark.parametrize("to", [TipStatus.DONE, TipStatus.REFUSED, TipStatus.PASSED_ON, TipStatus.SPAM])
def test_no_end_without_its_words(world: World, to: TipStatus) -> None:
    hoa = world.officer(Role.DUTY)
    tip = taken(world, hoa)
    with pytest.raises(MoveRefused, match="Mời ghi"), world.database.transaction() as session:
        row = session.get_one(Tip, tip)
        tip_acts.move(session, row, to=to, officer_id=hoa, version=row.version, now=world.clock(), words=" ")
    assert world.full(tip).line.status is TipStatus.IN_PROGRESS


def test_the_reporter_of_a_tip_and_those_merged_into_it_read_what_was_done(world: World) -> None:
    hoa = world.officer(Role.DUTY)
    first, second = taken(world, hoa), taken(world, hoa, citizen=OTHER)
    unrelated = taken(world, hoa)
    merge(world, second, first, hoa)
    assert told(world) == [(OTHER, f"gộp {world.full(second).line.code}")]
    assert world.full(second).line.status is TipStatus.DUPLICATE

    close(world, first, hoa)

    assert told(world)[1:] == [
        (CITIZEN, f"{world.full(first).line.code}: Đã nhắc nhở chủ quán."),
        (OTHER, f"{world.full(second).line.code}: Đã nhắc nhở chủ quán."),
    ]
    assert [said.text for said in world.full(first).said] == ["Đã nhắc nhở chủ quán."]
    assert world.full(unrelated).said == ()


def test_merging_goes_one_way_and_never_into_what_is_over(world: World) -> None:
    hoa = world.officer(Role.DUTY)
    first, second, third = (taken(world, hoa) for _ in range(3))
    merge(world, second, first, hoa)
    with pytest.raises(MoveRefused, match="đã gộp"):
        merge(world, third, second, hoa)
    with pytest.raises(MoveRefused, match="cùng một tin"):
        merge(world, first, first, hoa)
    merge(world, first, third, hoa)
    with world.database.reading() as session:
        assert session.get_one(Tip, second).duplicate_of == third, "who was merged before comes along"


def test_not_settled_opens_it_again_for_somebody_else_or_the_head(world: World) -> None:
    hoa, tuan = world.officer(Role.DUTY), world.officer(Role.DUTY, name="Tuấn")
    head = world.officer(Role.UNIT_HEAD)
    tip = taken(world, hoa)
    close(world, tip, hoa)
    world.clock.goes(hours=3)
    settle(world, tip, yes=False)

    line = world.full(tip).line
    assert (line.status, line.taken_by, line.settled) == (TipStatus.NEW, None, "no")
    assert line.take_due_at is not None
    assert line.take_due_at > world.clock()
    assert "reopened" in [move.move for move in world.full(tip).moves]
    with (
        pytest.raises(MoveRefused, match="cán bộ khác hoặc chỉ huy"),
        world.database.transaction() as session,
    ):
        tip_acts.take(session, session.get_one(Tip, tip), officer_id=hoa, now=world.clock())
    with world.database.transaction() as session:
        tip_acts.take(session, session.get_one(Tip, tip), officer_id=tuan, now=world.clock())
    close(world, tip, tuan)
    settle(world, tip, yes=False)
    with world.database.transaction() as session:
        tip_acts.take(session, session.get_one(Tip, tip), officer_id=head, now=world.clock(), as_head=True)
    assert world.full(tip).line.taken_by == head


def test_settled_stays_closed_and_is_asked_once(world: World) -> None:
    hoa = world.officer(Role.DUTY)
    tip = taken(world, hoa)
    close(world, tip, hoa)
    settle(world, tip, yes=True)
    settle(world, tip, yes=False)
    assert (world.full(tip).line.status, world.full(tip).line.settled) == (TipStatus.DONE, "yes")


def test_nobody_but_the_reporter_can_say_it_is_not_settled(world: World) -> None:
    hoa = world.officer(Role.DUTY)
    tip = taken(world, hoa)
    close(world, tip, hoa)
    settle(world, tip, yes=False, citizen=OTHER)
    assert world.full(tip).line.status is TipStatus.DONE


def test_the_answer_of_a_merged_reporter_opens_the_tip_that_was_worked(world: World) -> None:
    hoa = world.officer(Role.DUTY)
    first, second = taken(world, hoa), taken(world, hoa, citizen=OTHER)
    merge(world, second, first, hoa)
    close(world, first, hoa)
    settle(world, second, yes=False, citizen=OTHER)
    assert world.full(first).line.status is TipStatus.NEW
    assert world.full(second).line.status is TipStatus.DUPLICATE


def test_handed_over_history_conversation_and_files_go_along(world: World) -> None:
    head, tip = world.officer(Role.UNIT_HEAD), world.tip()
    file = world.file(tip)
    world.reporter_says(tip, "Ở ngõ sau chợ")
    with world.database.transaction() as session:
        row = session.get_one(Tip, tip)
        tip_acts.hand_over(
            session,
            row,
            to_unit=WARD_5,
            officer_id=head,
            version=row.version,
            words="Nhầm",
            now=world.clock(),
        )
    with world.database.reading() as session:
        there = tips.open_tip(session, tip, unit_ids=(WARD_5,), now=world.clock())
        assert there is not None
        assert [move.move for move in there.moves] == ["filed", "handed_over"]
        assert [said.text for said in there.said] == ["Ở ngõ sau chợ"]
        assert tips.open_file(session, file, unit_ids=(WARD_5,)) is not None
        assert tips.open_tip(session, tip, unit_ids=(WARD_3,), now=world.clock()) is None
        assert tips.open_file(session, file, unit_ids=(WARD_3,)) is None


def similar(
    world: World, tip_id: int, unit_ids: tuple[str, ...] | None = (WARD_3,)
) -> dict[int, tuple[str, ...]]:
    with world.database.reading() as session:
        found = tip_relations.similar(session, session.get_one(Tip, tip_id), unit_ids=unit_ids)
        return {one.line.id: one.reasons for one in found}


def test_tips_look_alike_by_words_place_time_and_pictures(world: World) -> None:
    tip = world.tip(what="Quán nhậu hát karaoke ồn ào suốt đêm")
    same_words = world.tip(what="quan nhau hat karaoke on ao ca dem")
    far_and_other = world.tip(what="Mất xe đạp ở trường học")
    long_ago = world.tip(what="Quán nhậu hát karaoke ồn ào suốt đêm", age=timedelta(days=30))
    elsewhere = world.tip(what="Quán nhậu hát karaoke ồn ào suốt đêm", unit_id=WARD_5)
    with world.database.transaction() as session:
        session.get_one(Tip, far_and_other).latitude = 21.5
    found = similar(world, tip)
    assert set(found) == {same_words}
    assert {"lời kể giống", "cùng chỗ"} <= set(found[same_words])
    assert long_ago not in found
    assert elsewhere not in similar(world, tip, None)


def test_the_very_same_picture_is_noticed(world: World) -> None:
    tip, other = world.tip(what="Xe tải"), world.tip(what="Chuyện gì đó khác hẳn", place="")
    for one in (tip, other):
        file = world.file(one)
        with world.database.transaction() as session:
            session.get_one(AttachmentRow, file).sha256 = "f" * 64
    assert "cùng ảnh" in similar(world, tip)[other]


def looks_like(world: World, tip_id: int, likeness: str) -> None:
    file = world.file(tip_id, original=likeness.encode() + bytes([tip_id % 256]))
    with world.database.transaction() as session:
        session.get_one(AttachmentRow, file).likeness = likeness


def test_a_picture_that_looks_the_same_is_noticed_within_the_unit_and_the_days_around(world: World) -> None:
    tip = world.tip(what="Xe tải")
    words = {"what": "Chuyện gì đó khác hẳn", "place": ""}
    near, far, night = (world.tip(**words) for _ in range(3))  # type: ignore[arg-type]  # by name
    long_ago = world.tip(**words, age=timedelta(days=30))  # type: ignore[arg-type]  # by name
    elsewhere = world.tip(**words, unit_id=WARD_5)  # type: ignore[arg-type]  # by name
    looks_like(world, tip, "0f0f0f0f0f0f0f0f")
    looks_like(world, tip, "0000000000000000")
    for one in (near, long_ago, elsewhere):
        looks_like(world, one, "0f0f0f0f0f0f0ff0")
    looks_like(world, far, "f0f0f0f00f0f0f0f")
    looks_like(world, night, "0000000000000000")
    found = similar(world, tip, None)
    assert {one for one, why in found.items() if "ảnh giống nhau" in why} == {near}
    assert elsewhere not in similar(world, tip)


def test_links_are_seen_from_both_sides_and_only_in_reach(world: World) -> None:
    hoa, tip, other = world.officer(Role.DUTY), world.tip(), world.tip()
    with world.database.transaction() as session:
        tip_relations.link(
            session, session.get_one(Tip, tip), session.get_one(Tip, other), officer_id=hoa, now=world.clock()
        )
    with world.database.reading() as session:
        for one, expected in ((tip, other), (other, tip)):
            links = tip_relations.links_of(session, one, unit_ids=(WARD_3,))
            assert [link.line.id for link in links] == [expected]
        assert tip_relations.links_of(session, tip, unit_ids=(WARD_5,)) == []


def test_only_an_inspector_sees_which_tips_came_from_one_account_and_the_reason_is_kept(world: World) -> None:
    inspector = world.officer(Role.INSPECTOR, unit_id=None)
    tip, other = world.tip(), world.tip()
    world.tip(citizen=OTHER)
    with world.database.transaction() as session:
        row = session.get_one(Tip, tip)
        with pytest.raises(MoveRefused):
            tip_relations.link_same_reporter(
                session, row, officer_id=inspector, reason=" ", now=world.clock()
            )
        assert (
            tip_relations.link_same_reporter(
                session, row, officer_id=inspector, reason="Gửi tin giả 20 lần", now=world.clock()
            )
            == 1
        )
    with world.database.reading() as session:
        assert [link.line.id for link in tip_relations.links_of(session, tip, unit_ids=None)] == [other]
        assert tip_relations.links_of(session, tip, unit_ids=(WARD_3,)) == []
        assert session.scalars(select(TipLink.words)).all() == ["Gửi tin giả 20 lần"]
    assert world.full(tip).line.designation == "Người báo tin Sen-42"
