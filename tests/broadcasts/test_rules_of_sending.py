"""What may go out, to whom and when: approval, frozen groups, the stop button, hours, caps, parts, follow-ups."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from broadcasts.plan import CAME_LATE, NOT_AS_APPROVED
from broadcasts.schedule import HEARTBEAT, TTL
from broadcasts.send import SHARE_OF
from data import (
    audiences,
    audit,
    broadcast_media,
    broadcast_moves,
    deliveries,
    delivery_lines,
    settling,
    stops,
    walls,
)
from data.planning import GONE, MOVED, OVER_CAP
from data.tables import Broadcast, Delivery, GroupRow, Officer
from data.turns import BEFORE_FAILED, NOT_GOT
from domain.broadcasts import VIETNAM, BroadcastStatus, ChannelKind, DeliveryStatus
from domain.errors import MoveRefused, NotAllowed, TryAgainLater, Unclear, WillNeverWork
from domain.posts import Attached, AttachedKind
from domain.sending_times import WEEKLY_CAP
from tests.broadcasts.conftest import Province, group

S = DeliveryStatus
SHA = "a" * 64


def reasons(province: Province, broadcast: int) -> dict[str, str | None]:
    with province.database.reading() as session:
        return {line.group_code: line.reason for line in delivery_lines.page(session, broadcast)}


def states(province: Province, broadcast: int) -> dict[str, DeliveryStatus]:
    with province.database.reading() as session:
        return {tile.code: tile.state for tile in walls.wall(session, broadcast)}


def sweep(province: Province) -> None:
    with province.database.transaction() as session:
        deliveries.release_overdue(session, now=province.clock())


def change(province: Province, code: str, **values: Any) -> None:
    with province.database.transaction() as session:
        row = session.get_one(GroupRow, code)
        for name, value in values.items():
            setattr(row, name, value)


def third_officer(province: Province) -> int:
    with province.database.transaction() as session:
        session.add(
            Officer(
                id=3,
                email="3@example.vn",
                name="Người thứ ba",
                active=True,
                fs_uniquifier="3",
                created_at=province.clock(),
            )
        )
    return 3


def by(province: Province, officer: int, what: Any, broadcast: int, **more: Any) -> None:
    with province.database.transaction() as session:
        row = session.get_one(Broadcast, broadcast)
        what(session, row, version=row.version, officer_id=officer, now=province.clock(), **more)


def picture(province: Province, name: str, *, kind: AttachedKind = AttachedKind.IMAGE) -> Attached:
    media = Attached(f"2026/11/24/{name:0>32}", kind, name, 10, SHA)
    with province.database.transaction() as session:
        broadcast_media.keep(session, media, mime="image/jpeg", officer_id=1, now=province.clock())
    return media


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
        seen = audiences.mark_of(audiences.snapshot(audiences.groups_of(session, {"all": True})))
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
        changes = audiences.changes_since_approval(session, session.get_one(Broadcast, broadcast))
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


# ---- hours, caps ------------------------------------------------------------------------------------------------


def test_what_is_left_when_quiet_hours_begin_waits_for_the_morning(province: Province):
    evening = datetime(2026, 11, 24, 20, 59, 30, tzinfo=VIETNAM)
    province.clock.set(evening)
    quiet, loud = province.broadcast(), province.broadcast(text="Khẩn", urgent=True)
    province.plan()
    province.clock.set(evening + timedelta(minutes=1))
    province.send_all()
    assert {text for _, text in province.groups.got} == {"Khẩn"}
    province.clock.set(datetime(2026, 11, 25, 6, 29, tzinfo=VIETNAM))
    province.sender.drain()
    assert province.counts(quiet) == {S.WAITING: 6}
    province.clock.set(datetime(2026, 11, 25, 6, 30, tzinfo=VIETNAM))
    province.send_all()
    assert province.counts(quiet) == province.counts(loud) == {S.SENT: 6}


def test_a_group_gets_so_many_a_week_and_no_more_unless_it_is_urgent(province: Province):
    for number in range(WEEKLY_CAP):
        province.broadcast(title=f"Tin {number}", audience={"groups": ["G1"]})
        province.plan()
        province.send_all()
        province.clock.advance(minutes=90)
    capped = province.broadcast(audience={"groups": ["G1", "G2"]})
    urgent = province.broadcast(audience={"groups": ["G1", "G2"]}, urgent=True)
    province.plan()
    province.send_all()
    assert reasons(province, capped) == {"G1": OVER_CAP, "G2": None}
    assert province.counts(urgent) == {S.SENT: 2}
    province.clock.advance(days=7)
    later = province.broadcast(audience={"groups": ["G1"]})
    province.plan()
    province.send_all()
    assert province.counts(later) == {S.SENT: 1}


@pytest.mark.parametrize(("urgent", "status"), [(True, "sending"), (False, "paused")])
def test_after_downtime_the_urgent_ones_go_and_the_others_ask(province: Province, urgent: bool, status: str):
    broadcast = province.broadcast(urgent=urgent)
    province.clock.advance(hours=2)
    province.plan()
    assert province.get(broadcast).status == status
    assert province.get(broadcast).pause_reason == (None if urgent else CAME_LATE)


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


# ---- parts -----------------------------------------------------------------------------------------------------------


def test_pictures_and_a_file_follow_the_words_in_order(province: Province):
    files = (
        picture(province, "1.jpg"),
        picture(province, "2.jpg"),
        picture(province, "3.pdf", kind=AttachedKind.FILE),
    )
    broadcast = province.broadcast(
        media=files, link="https://example.vn/tin", audience={"groups": ["G1", "G2"]}
    )
    province.plan()
    province.send_all()
    words = "Cảnh giác cuộc gọi giả danh\nhttps://example.vn/tin"
    for zalo in ("z1", "z2"):
        assert [text for got, text in province.groups.got if got == zalo] == [words, "", ""]
        assert [name for got, name in province.groups.media if got == zalo] == ["1.jpg", "2.jpg", "3.pdf"]
    assert province.counts(broadcast) == {S.SENT: 2}, "groups are counted, not messages"


def test_a_part_waits_for_the_one_before_and_falls_with_it(province: Province):
    files = (picture(province, "1.jpg"), picture(province, "2.jpg"))
    faults = {"z1": WillNeverWork("Không gửi được."), "z2": Unclear("Không rõ."), "z3": TryAgainLater("Bận.")}

    def before(zalo: str) -> None:
        if zalo in faults and not [got for got, _ in province.groups.got if got == zalo]:
            fault = faults.pop(zalo)
            raise fault

    province.groups.before = before
    broadcast = province.broadcast(
        media=files, audience={"groups": ["G1", "G2", "G3"]}, lifetime_minutes=9999
    )
    province.plan()
    province.send_all()
    sweep(province)
    assert states(province, broadcast) == {"G1": S.FAILED, "G2": S.UNKNOWN, "G3": S.SENT}
    assert [name for got, name in province.groups.media if got == "z2"] == []
    with province.database.reading() as session:
        by_part = {line.reason for line in delivery_lines.page(session, broadcast) if line.group_code == "G1"}
        ids = [line.id for line in delivery_lines.page(session, broadcast) if line.group_code == "G1"][:1]
    assert by_part == {"Không gửi được.", BEFORE_FAILED}
    with province.database.transaction() as session:
        settling.retry(session, broadcast, ids, officer_id=2, now=province.clock())
    province.send_all()
    assert [name for got, name in province.groups.media if got == "z1"] == ["1.jpg", "2.jpg"]


# ---- update and withdrawal ---------------------------------------------------------------------------------------------


def follow(province: Province, original: int, kind: str = "update", **more: Any) -> int:
    given = {"text": "Đã tìm thấy cháu.", "audience": {"follows": original}, "follows": (original, kind)}
    return province.broadcast(**{**given, **more})


def test_an_update_goes_to_exactly_the_groups_that_got_the_original(province: Province):
    province.groups.before = lambda zalo: _fail(zalo, {"z1"})
    original = province.broadcast()
    province.plan()
    province.send_all()
    update = follow(province, original)
    province.plan()
    province.send_all()
    got = [zalo for zalo, text in province.groups.got if text == "Đã tìm thấy cháu."]
    assert sorted(got) == ["z0", "z2", "z3", "z4", "z5"]
    assert "G1" not in states(province, update)


def test_an_update_waits_for_groups_that_are_still_to_get_the_original_and_for_unclear_ones(
    province: Province,
):
    def after(zalo: str) -> None:
        if zalo in {"z0", "z5"} and len([1 for got, _ in province.groups.got if got == zalo]) == 1:
            raise Unclear("Không rõ.")

    province.groups.after = after
    original = province.broadcast()
    province.plan()
    province.sender.drain()  # five of six
    update = follow(province, original)
    province.plan()
    province.send_all()
    for number in range(6):
        texts = [text for got, text in province.groups.got if got == f"z{number}"]
        wanted = ["Cảnh giác cuộc gọi giả danh"]
        assert texts == (wanted if number in {0, 5} else [*wanted, "Đã tìm thấy cháu."])
    assert states(province, update) == {
        "G0": S.WAITING, "G1": S.SENT, "G2": S.SENT, "G3": S.SENT, "G4": S.SENT, "G5": S.WAITING,
    }  # fmt: skip
    with province.database.reading() as session:
        unknown = {
            one.group_code: one.id for one in delivery_lines.page(session, original, states=[S.UNKNOWN])
        }
    for code, sent in (("G0", True), ("G5", False)):
        with province.database.transaction() as session:
            settling.settle_unknown(
                session, unknown[code], broadcast_id=original, sent=sent, officer_id=2, now=province.clock()
            )
    by(province, 2, broadcast_moves.withdraw, original)  # what waits is cancelled: G5 never gets it
    sweep(province)
    province.send_all()
    assert states(province, update)["G0"] == S.SENT
    assert (states(province, update)["G5"], reasons(province, update)["G5"]) == (S.EXPIRED, NOT_GOT)


def test_two_updates_arrive_in_their_order(province: Province):
    original = province.broadcast()
    province.plan()
    province.send_all()
    trouble = [TryAgainLater("Bận.")]

    def before(zalo: str) -> None:
        if zalo == "z2" and trouble:
            raise trouble.pop()

    province.groups.before = before
    follow(province, original, text="Đính chính 1")
    follow(province, original, "withdrawal", text="Đính chính 2")
    province.plan()
    province.send_all()
    for number in range(6):
        texts = [text for got, text in province.groups.got if got == f"z{number}"]
        assert texts == ["Cảnh giác cuộc gọi giả danh", "Đính chính 1", "Đính chính 2"]


def test_a_group_that_gets_the_original_at_a_later_try_gets_the_update_too(province: Province):
    original = province.broadcast()
    province.plan()
    trouble = {"z1"}
    province.groups.before = lambda zalo: _fail(zalo, trouble)
    update = follow(province, original)
    province.plan()
    province.send_all()
    sweep(province)
    assert reasons(province, update)["G1"] == NOT_GOT
    trouble.clear()
    with province.database.reading() as session:
        failed = [line.id for line in delivery_lines.page(session, original, states=[S.FAILED])]
    with province.database.transaction() as session:
        settling.retry(session, original, failed, officer_id=2, now=province.clock())
    province.send_all()
    assert [text for got, text in province.groups.got if got == "z1"] == [
        "Cảnh giác cuộc gọi giả danh",
        "Đã tìm thấy cháu.",
    ]


def _fail(zalo: str, which: set[str]) -> None:
    if zalo in which:
        raise WillNeverWork("OA không còn trong nhóm.", -403)


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


def test_fifty_pauses_lose_nothing_and_repeat_nothing(province: Province):
    with province.database.transaction() as session:
        session.add_all(group(f"K{n:02}", zalo=f"k{n:02}") for n in range(54))
    broadcast = province.broadcast(lifetime_minutes=99_999)
    province.plan()

    def after(zalo: str) -> None:
        by(province, 2, broadcast_moves.pause, broadcast)

    province.groups.after = after
    pauses = 0
    while pauses < 50:
        before = len(province.groups.got)
        province.send_all()
        assert len(province.groups.got) == before + 1, "the pause holds from the very next send on"
        assert province.get(broadcast).status == BroadcastStatus.PAUSED
        by(province, 2, broadcast_moves.resume, broadcast)
        pauses += 1
    province.groups.after = lambda zalo: None
    province.send_all()
    got = [zalo for zalo, _ in province.groups.got]
    assert len(got) == len(set(got)) == 60
    assert province.counts(broadcast) == {S.SENT: 60}


# ---- again, by a person's hand -----------------------------------------------------------------------------------------------


def test_what_cannot_be_reached_is_not_sent_again_and_a_page_is_a_task_for_its_officer(province: Province):
    change(province, "G1", channel="oa_page", zalo_group_id=None)
    change(province, "G2", zalo_group_id=None)
    broadcast = province.broadcast()
    province.plan()
    province.send_all()
    assert states(province, broadcast)["G1"] == S.WAITING, "the unit's officer posts it on the page"
    assert states(province, broadcast)["G2"] == S.FAILED
    with province.database.reading() as session:
        lines = delivery_lines.page(session, broadcast)
    with province.database.transaction() as session:
        ids = [line.id for line in lines if line.group_code == "G2"]
        assert settling.retry(session, broadcast, ids, officer_id=2, now=province.clock()) == 0
    change(province, "G2", channel="oa_page")
    with province.database.transaction() as session:
        assert settling.retry(session, broadcast, ids, officer_id=2, now=province.clock()) == 1
    with province.database.reading() as session:
        row = session.get_one(Delivery, ids[0])
        assert (row.channel, row.oa_id, row.state) == (ChannelKind.ASSISTED, None, S.WAITING)
    province.send_all()
    assert len(province.groups.got) == 4


def test_another_scheduler_takes_over_within_thirty_seconds():
    """A dead holder's lease ends after TTL; whoever waits asks once in HEARTBEAT."""
    assert timedelta(seconds=30) >= TTL + 2 * HEARTBEAT


# ---- the clock: midnight, month end, downtime ------------------------------------------------------------------------------------


def test_a_campaign_over_midnight_a_months_end_and_two_days_of_downtime(province: Province):
    """Every morning at 6:45 until the 2nd; off from the 29th at noon until the 1st at noon: the missed one asks."""
    start = datetime(2026, 11, 27, 6, 45, tzinfo=VIETNAM)
    province.clock.set(start - timedelta(hours=8))
    broadcast = province.broadcast(
        audience={"groups": ["G1"]},
        starts_at=start,
        repeat="daily 06:45",
        ends_at=datetime(2026, 12, 2, 23, 59, tzinfo=VIETNAM),
        lifetime_minutes=600,
    )
    days: list[str] = []

    def run_until(moment: datetime) -> None:
        while province.clock() < moment:
            before = len(province.groups.got)
            province.plan()
            province.sender.drain()
            days.extend(
                [f"{province.clock().astimezone(VIETNAM):%d/%m}"] * (len(province.groups.got) - before)
            )
            province.clock.advance(minutes=15)

    run_until(datetime(2026, 11, 29, 12, 0, tzinfo=VIETNAM))
    assert days == ["27/11", "28/11", "29/11"]
    province.clock.set(datetime(2026, 12, 1, 12, 0, tzinfo=VIETNAM))
    province.plan()
    assert province.get(broadcast).pause_reason == CAME_LATE
    run_until(datetime(2026, 12, 1, 18, 0, tzinfo=VIETNAM))
    assert len(days) == 3, "nothing goes out while an officer is asked"
    by(province, 2, broadcast_moves.resume, broadcast)
    run_until(datetime(2026, 12, 4, 12, 0, tzinfo=VIETNAM))
    assert days == ["27/11", "28/11", "29/11", "01/12", "02/12"], (
        "one for what was missed, then the campaign ends"
    )
    assert province.get(broadcast).status == BroadcastStatus.DONE
