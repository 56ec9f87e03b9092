"""The queue of tips and what officers do to them, on the tables."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from data import audit, tip_acts, tip_queue, tips
from data.session import Database
from data.tables import AuditRow, Outgoing, Tip, TipMove
from domain.errors import MoveRefused
from domain.messages import Reply
from domain.roles import Role
from domain.tips import AttachmentState, TipStatus
from tests.console.world import CITIZEN, NOON, PROVINCE, WARD_3, WARD_5, World


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


def found(world: World, **sought: object) -> list[int]:
    given = {"unit_ids": None} | sought
    with world.database.reading() as session:
        return [line.id for line in tip_queue.queue(session, **given).lines]  # type: ignore[arg-type]  # by name


def walk(world: World, *, limit: int, **sought: object) -> list[int]:
    """Every page, one after the other."""
    seen: list[int] = []
    after = None
    for _ in range(100):
        with world.database.reading() as session:
            page = tip_queue.queue(session, limit=limit, after=after, **sought)  # type: ignore[arg-type]  # by name
        seen += [line.id for line in page.lines]
        after = page.next
        if after is None:
            return seen
    raise AssertionError("the pages do not end")


# ---- looking --------------------------------------------------------------------------------------------------


def test_newest_first_and_oldest_first(world: World) -> None:
    old = world.tip(age=timedelta(hours=3))
    new = world.tip(age=timedelta(hours=1), unit_id=WARD_5)
    middle = world.tip(age=timedelta(hours=2), status=TipStatus.DONE)

    assert found(world) == [new, middle, old]
    assert found(world, oldest_first=True) == [old, middle, new]


def test_a_unit_sees_its_own_tips_only(world: World) -> None:
    ours, theirs = world.tip(), world.tip(unit_id=WARD_5)

    assert found(world, unit_ids=[WARD_3]) == [ours]
    assert found(world, unit_ids=[WARD_5]) == [theirs]
    assert found(world, unit_ids=[]) == []


def test_by_status_and_by_who_has_taken_it(world: World) -> None:
    hoa, tuan = world.officer(Role.DUTY), world.officer(Role.DUTY, name="Tuấn")
    new = world.tip()
    hers = world.tip(status=TipStatus.TAKEN, taken_by=hoa)
    his = world.tip(status=TipStatus.TAKEN, taken_by=tuan)

    assert found(world, statuses=[TipStatus.NEW]) == [new]
    assert set(found(world, statuses=[TipStatus.NEW, TipStatus.TAKEN])) == {new, hers, his}
    assert found(world, taken_by=hoa) == [hers]
    assert found(world, statuses=[]) == []


@pytest.mark.parametrize("oldest_first", [False, True])
@pytest.mark.parametrize("unit_ids", [None, [WARD_3], [WARD_3, WARD_5]])
def test_pages_show_every_tip_once_even_when_they_came_at_the_same_moment(
    world: World, unit_ids: list[str] | None, oldest_first: bool
) -> None:
    statuses = list(TipStatus)
    ids = [
        world.tip(age=timedelta(minutes=number // 4), status=statuses[number % len(statuses)])
        for number in range(23)
    ]
    world.tip(unit_id=PROVINCE) if unit_ids else None

    seen = walk(world, limit=5, unit_ids=unit_ids, oldest_first=oldest_first)

    assert sorted(seen) == sorted(ids)
    assert seen == found(world, unit_ids=unit_ids, oldest_first=oldest_first, limit=99)


@pytest.mark.parametrize("words", ["danh bac", "đánh bạc", "ĐÁNH  BẠC", "bac hem", "hẻm 12"])
def test_words_are_found_without_accents_in_what_and_where(world: World, words: str) -> None:
    wanted = world.tip(what="Nhóm người đánh bạc", place="Hẻm 12, phường 3")
    world.tip(what="Mất xe máy", place="Chợ Thương")

    assert found(world, words=words) == [wanted]


@pytest.mark.parametrize("words", ["%", "_", "100%", "'; DROP TABLE tips; --"])
def test_signs_of_the_query_language_are_plain_signs(world: World, words: str) -> None:
    world.tip(what="Một tin bình thường")

    assert found(world, words=words) in ([], [1])
    assert found(world, words="tin binh thuong") == [1]


def test_a_code_finds_its_tip_whatever_the_status_but_not_another_units(world: World) -> None:
    done, other = world.tip(status=TipStatus.DONE), world.tip(unit_id=WARD_5)
    world.tip()
    code, foreign = world.full(done).line.code, world.full(other).line.code

    assert found(world, words=code.lower(), statuses=[TipStatus.NEW]) == [done]
    assert found(world, words=foreign, unit_ids=[WARD_3]) == []


def test_a_look_for_words_goes_on_where_it_stopped(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tip_queue, "SEARCH_DEPTH", 16)
    first = world.tip(what="Đánh bạc", age=timedelta(days=9))
    for number in range(40):
        world.tip(what="Việc khác", age=timedelta(minutes=number))
    last = world.tip(what="Đánh bạc", age=timedelta(0))

    with world.database.reading() as session:
        page = tip_queue.queue(session, unit_ids=None, words="danh bac")
        assert [line.id for line in page.lines] == [last]
        assert page.looked_back_to is not None
    assert walk(world, limit=25, unit_ids=None, words="danh bac") == [last, first]
    assert walk(world, limit=25, unit_ids=None, words="danh bac", oldest_first=True) == [first, last]
    assert walk(world, limit=25, unit_ids=[WARD_3], words="danh bac") == [last, first]


def test_counts_are_per_status_and_stop_at_the_limit(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tip_queue, "COUNT_MAX", 3)
    for _ in range(5):
        world.tip()
    world.tip(status=TipStatus.DONE)
    world.tip(unit_id=WARD_5, status=TipStatus.DONE)

    with world.database.reading() as session:
        ours = tip_queue.count_by_status(session, unit_ids=[WARD_3])
        all_of_them = tip_queue.count_by_status(session, unit_ids=None)
    assert (ours[TipStatus.NEW], ours[TipStatus.DONE], ours[TipStatus.SPAM]) == (3, 1, 0)
    assert all_of_them[TipStatus.DONE] == 2


def test_a_line_says_when_the_reporter_spoke_last(world: World) -> None:
    hoa, tip, other = world.officer(Role.DUTY), world.tip(), world.tip()
    assert not world.full(tip).line.reporter_spoke_last
    world.reporter_says(tip, "Họ vừa bỏ đi")
    assert world.full(tip).line.reporter_spoke_last
    assert not world.full(other).line.reporter_spoke_last
    answer(world, tip, hoa)
    assert not world.full(tip).line.reporter_spoke_last


def test_files_only_through_a_tip_within_reach_and_only_when_kept(world: World) -> None:
    tip, other = world.tip(), world.tip(unit_id=WARD_5)
    kept, foreign = world.file(tip), world.file(other)
    waiting = world.file(tip, state=AttachmentState.WAITING)

    with world.database.reading() as session:
        opened = tips.open_file(session, kept, unit_ids=[WARD_3])
        assert opened is not None
        assert opened.id == kept
        assert tips.open_file(session, foreign, unit_ids=[WARD_3]) is None
        assert tips.open_file(session, foreign, unit_ids=None) is not None
        assert tips.open_file(session, waiting, unit_ids=None) is None
        assert tips.open_file(session, 999_999, unit_ids=None) is None


# ---- acting ---------------------------------------------------------------------------------------------------


def take(world: World, tip_id: int, officer_id: int) -> None:
    with world.database.transaction() as session:
        tip = session.get_one(Tip, tip_id)
        tip_acts.take(session, tip, officer_id=officer_id, now=world.clock())


def answer(world: World, tip_id: int, officer_id: int, text: str = "Cảm ơn anh/chị") -> int:
    with world.database.transaction() as session:
        tip = session.get_one(Tip, tip_id)
        return tip_acts.answer(
            session,
            tip,
            officer_id=officer_id,
            text=text,
            replies=[Reply(f"[đơn vị] {text}")],
            now=world.clock(),
        )


def move(
    world: World,
    tip_id: int,
    officer_id: int,
    to: TipStatus,
    version: int | None = None,
    words: str = "Đã nhắc nhở, lập biên bản.",
) -> None:
    with world.database.transaction() as session:
        tip = session.get_one(Tip, tip_id)
        known = tip.version if version is None else version
        tip_acts.move(
            session, tip, to=to, officer_id=officer_id, version=known, now=world.clock(), words=words
        )


def test_every_act_leaves_history_and_audit_and_the_chain_stays_whole(world: World) -> None:
    hoa, tip = world.officer(Role.DUTY), world.tip(what="Lời kể bí mật")
    take(world, tip, hoa)
    move(world, tip, hoa, TipStatus.IN_PROGRESS)
    answer(world, tip, hoa, "Câu trả lời bí mật")
    with world.database.transaction() as session:
        row = session.get_one(Tip, tip)
        tip_acts.note(session, row, officer_id=hoa, text="Ghi chú bí mật", now=world.clock())
        tip_acts.hand_over(
            session,
            row,
            to_unit=WARD_5,
            officer_id=hoa,
            version=row.version,
            words="Nhầm địa bàn",
            now=world.clock(),
        )

    assert [one.move for one in world.full(tip).moves] == [
        "filed",
        "taken",
        "status",
        "answered",
        "noted",
        "handed_over",
    ]
    with world.database.reading() as session:
        rows = session.scalars(
            select(AuditRow).where(AuditRow.subject == f"tip:{tip}").order_by(AuditRow.id)
        ).all()
        assert [row.action for row in rows] == [
            "tip.taken",
            "tip.status",
            "tip.answered",
            "tip.noted",
            "tip.handed_over",
        ]
        assert {row.officer_id for row in rows} == {hoa}
        assert audit.verify(session) == []
        kept = repr([(row.before, row.after, row.action, row.subject) for row in rows])
        assert "bí mật" not in kept
        assert CITIZEN not in kept


def test_of_two_who_take_a_tip_one_wins_and_the_other_is_told_who(world: World) -> None:
    tip = world.tip()
    hoa, tuan = (
        world.officer(Role.DUTY, name="Nguyễn Thị Hoa"),
        world.officer(Role.DUTY, name="Trần Quốc Tuấn"),
    )
    told: list[str] = []
    start = threading.Barrier(2)

    def try_to(officer_id: int) -> None:
        start.wait(10)
        try:
            take(world, tip, officer_id)
        except MoveRefused as refused:
            told.append(str(refused))

    threads = [threading.Thread(target=try_to, args=(one,)) for one in (hoa, tuan)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    line = world.full(tip).line
    assert line.taken_by in (hoa, tuan)
    assert told == [
        f"Đồng chí {line.taken_by_name} vừa tiếp nhận tin này lúc 12:00. Mời xem lại trước khi thao tác tiếp."
    ]
    assert [one.move for one in world.full(tip).moves] == ["filed", "taken"]


def test_a_page_that_is_out_of_date_changes_nothing_and_says_what_happened(world: World) -> None:
    hoa, tuan = world.officer(Role.DUTY), world.officer(Role.DUTY, name="Trần Quốc Tuấn")
    tip = world.tip()
    take(world, tip, hoa)
    seen = world.full(tip).line.version
    move(world, tip, tuan, TipStatus.IN_PROGRESS)

    with pytest.raises(
        MoveRefused, match="Đồng chí Trần Quốc Tuấn vừa chuyển tin này sang “Đang xử lý” lúc 12:00"
    ):
        move(world, tip, hoa, TipStatus.SPAM, version=seen)
    assert world.full(tip).line.status is TipStatus.IN_PROGRESS


def test_words_of_the_reporter_in_between_stop_a_move_made_without_reading_them(world: World) -> None:
    hoa, tip = world.officer(Role.DUTY), world.tip()
    take(world, tip, hoa)
    seen = world.full(tip).line.version
    world.clock.goes(minutes=1)
    world.reporter_says(tip, "Họ có dao")

    with pytest.raises(MoveRefused, match="Người báo tin vừa bổ sung"):
        move(world, tip, hoa, TipStatus.SPAM, version=seen)


def test_moves_the_table_does_not_know_are_refused(world: World) -> None:
    hoa, tip = world.officer(Role.DUTY), world.tip()

    with pytest.raises(MoveRefused, match="Không thể chuyển từ “Mới đến” sang “Đã xử lý xong”"):
        move(world, tip, hoa, TipStatus.DONE)
    assert world.full(tip).line.status is TipStatus.NEW


def test_closing_and_opening_again_are_dated(world: World) -> None:
    hoa, tip = world.officer(Role.DUTY), world.tip()
    take(world, tip, hoa)
    move(world, tip, hoa, TipStatus.DONE)
    assert world.full(tip).closed_at == NOON
    move(world, tip, hoa, TipStatus.IN_PROGRESS)
    assert world.full(tip).closed_at is None


def test_given_back_it_waits_for_anybody(world: World) -> None:
    hoa, tuan, tip = world.officer(Role.DUTY), world.officer(Role.DUTY, name="Tuấn"), world.tip()
    take(world, tip, hoa)
    with world.database.transaction() as session:
        row = session.get_one(Tip, tip)
        tip_acts.give_back(session, row, officer_id=hoa, version=row.version, now=world.clock())
    assert world.full(tip).line.status is TipStatus.NEW
    assert world.full(tip).line.taken_by is None
    take(world, tip, tuan)
    assert world.full(tip).line.taken_by == tuan


def test_an_answer_is_a_row_of_the_outbox_and_takes_a_new_tip(world: World) -> None:
    hoa, tip, other = world.officer(Role.DUTY), world.tip(), world.tip()
    answer(world, tip, hoa, "Công an đang tới")

    with world.database.reading() as session:
        sent = session.scalars(select(Outgoing)).one()
        assert (sent.citizen, sent.tip_id, sent.event_id, sent.state) == (CITIZEN, tip, None, "waiting")
        assert sent.body["text"] == "[đơn vị] Công an đang tới"
        assert sent.expires_at is None
    full = world.full(tip)
    assert full.line.status is TipStatus.TAKEN
    assert full.line.taken_by == hoa
    assert [(said.text, said.delivery) for said in full.said] == [("Công an đang tới", "waiting")]
    assert world.full(other).said == ()


def test_nobody_answers_a_reporter_whose_data_was_erased(world: World) -> None:
    hoa, tip = world.officer(Role.DUTY), world.tip(citizen=None)

    with pytest.raises(MoveRefused, match="xóa dữ liệu"):
        answer(world, tip, hoa)
    with world.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Outgoing)) == 0
        assert (
            session.scalar(select(func.count()).select_from(TipMove).where(TipMove.move == "answered")) == 0
        )
    assert world.full(tip).line.status is TipStatus.NEW


def hand_over(world: World, tip_id: int, officer_id: int, to_unit: str) -> None:
    with world.database.transaction() as session:
        row = session.get_one(Tip, tip_id)
        tip_acts.hand_over(
            session,
            row,
            to_unit=to_unit,
            officer_id=officer_id,
            version=row.version,
            words="Nhầm",
            now=world.clock(),
        )


def test_handed_over_it_is_new_at_the_other_unit(world: World) -> None:
    head, tip = world.officer(Role.UNIT_HEAD), world.tip()
    take(world, tip, head)
    hand_over(world, tip, head, WARD_5)

    line = world.full(tip).line
    assert (line.unit_id, line.status, line.taken_by) == (WARD_5, TipStatus.NEW, None)


@pytest.mark.parametrize("to_unit", [WARD_3, "00000@2022-03-01", ""])
def test_it_goes_only_to_another_unit_that_answers_today(world: World, to_unit: str) -> None:
    head, tip = world.officer(Role.UNIT_HEAD), world.tip()

    with pytest.raises(MoveRefused):
        hand_over(world, tip, head, to_unit)
    assert world.full(tip).line.unit_id == WARD_3


def test_a_closed_tip_is_not_handed_over(world: World) -> None:
    head, tip = world.officer(Role.UNIT_HEAD), world.tip(status=TipStatus.DONE)

    with pytest.raises(MoveRefused, match="mở lại"):
        hand_over(world, tip, head, WARD_5)


def test_units_of_today_begin_with_the_province(world: World) -> None:
    with world.database.reading() as session:
        assert tips.units_of_today(session) == [
            (PROVINCE, "Công an tỉnh Bắc Ninh"),
            (WARD_3, "Công an phường Bắc Giang"),
            (WARD_5, "Công an phường Đa Mai"),
        ]
