"""What officers do with a broadcast: one wins, nothing unapproved goes out, nobody gets it twice."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from data import audiences, broadcast_moves, broadcasts, delivery_lines, settling
from data.broadcasts import Content
from data.session import Database
from data.tables import Approval, Broadcast, Delivery, Run
from domain.broadcasts import VIETNAM, BroadcastStatus, DeliveryStatus
from domain.errors import HouseError, MoveRefused, NotAllowed, Unclear
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


# ---- writing ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"title": "  "}, "Tiêu đề"),
        ({"title": "a" * 151}, "Tiêu đề"),
        ({"text": ""}, "Nội dung"),
        ({"text": "\0\ud800"}, "Nội dung"),
        ({"text": "a" * 100_000}, "Nội dung"),
        ({"repeat": "0 7 * * *"}, "Lịch lặp"),
        ({"lifetime_minutes": 0}, "Thời hạn"),
        ({"ends_at": datetime(2026, 11, 24, 3, 0, tzinfo=UTC)}, "Ngày kết thúc"),
    ],
)
def test_what_cannot_be_sent_is_refused_with_a_sentence(
    province: Province, fault: dict[str, Any], words: str
):
    with pytest.raises(ValueError, match=words), province.database.transaction() as session:
        broadcasts.create(session, text(province, **fault), author_id=1, now=province.clock())
    with province.database.reading() as session:
        assert len(broadcasts.listed(session)) == 1


def test_text_is_kept_composed_and_without_what_no_database_takes(province: Province):
    decomposed = "Ca\u0309nh gia\u0301c \0\ud83d 😀 \u202eabc"
    broadcast = province.broadcast(text=decomposed, approve=False)
    assert province.get(broadcast).text == "Cảnh giác  😀 \u202eabc"


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"starts_at": None}, "thời gian gửi"),
        ({"audience": {}}, "nhóm nhận"),
        ({"audience": {"all": True, "exclude": [f"G{n}" for n in range(6)]}}, "nhóm nhận"),
        (
            {
                "starts_at": datetime(2026, 11, 20, tzinfo=UTC),
                "ends_at": datetime(2026, 11, 21, tzinfo=UTC),
                "repeat": "daily 07:00",
            },
            "qua ngày kết thúc",
        ),
    ],
)
def test_what_lacks_a_time_or_a_group_is_not_proposed(province: Province, fault: dict[str, Any], words: str):
    broadcast = province.broadcast(approve=False, **fault)
    with pytest.raises(ValueError, match=words):
        province.act(broadcast_moves.propose, broadcast)
    assert province.get(broadcast).status == BroadcastStatus.DRAFT


# ---- approving ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        {"text": "Khác"},
        {"title": "Khác"},
        {"audience": {"groups": ["G1"]}},
        {"kind": "scam"},
        {"urgent": True},
        {"starts_at": datetime(2027, 1, 1, tzinfo=UTC)},
        {"repeat": "daily 07:00"},
        {"ends_at": datetime(2027, 1, 1, tzinfo=UTC)},
        {"lifetime_minutes": 5},
    ],
    ids=lambda change: next(iter(change)),
)
def test_an_approval_is_bound_to_every_part_of_the_content(province: Province, change: dict[str, Any]):
    broadcast = province.broadcast(approve=False)
    edit(province, broadcast, text(province))
    before = broadcasts.content_hash(province.get(broadcast))
    edit(province, broadcast, text(province))
    assert broadcasts.content_hash(province.get(broadcast)) == before
    edit(province, broadcast, text(province, **change))
    assert broadcasts.content_hash(province.get(broadcast)) != before


def test_an_approval_keeps_the_hash_of_what_was_approved(province: Province):
    broadcast = province.broadcast()
    with province.database.reading() as session:
        ((approval, name),) = broadcasts.approvals_of(session, broadcast)
    assert approval.content_hash == broadcasts.content_hash(province.get(broadcast))
    assert (approval.verdict, name) == ("yes", "Người duyệt")


def test_who_changed_a_word_of_it_may_not_approve_it_either(province: Province):
    broadcast = province.broadcast(approve=False)
    edit(province, broadcast, text(province), officer=2)
    province.act(broadcast_moves.propose, broadcast)
    with pytest.raises(NotAllowed):
        province.act(broadcast_moves.approve, broadcast)


@pytest.mark.parametrize("act", [broadcast_moves.approve, broadcast_moves.refuse])
def test_only_what_was_proposed_is_approved_or_refused(province: Province, act: Any):
    more = {"words": "Không"} if act is broadcast_moves.refuse else {}
    sent = province.broadcast()
    province.plan()
    province.act(broadcast_moves.pause, sent)
    for broadcast in (sent, province.broadcast(approve=False)):
        with pytest.raises(MoveRefused):
            province.act(act, broadcast, **more)
    assert province.get(sent).status == BroadcastStatus.PAUSED


def test_a_refusal_carries_words_and_makes_it_a_draft_again(province: Province):
    broadcast = province.broadcast(approve=False)
    province.act(broadcast_moves.propose, broadcast)
    province.act(broadcast_moves.refuse, broadcast, words="Xin sửa số điện thoại.")
    assert province.get(broadcast).status == BroadcastStatus.DRAFT
    with province.database.reading() as session:
        ((refusal, _),) = broadcasts.approvals_of(session, broadcast)
    assert (refusal.verdict, refusal.words) == ("no", "Xin sửa số điện thoại.")


def test_of_an_edit_and_an_approval_at_once_one_wins_and_the_other_is_told(province: Province):
    """Both officers see the same version; whoever is second must not approve, or change, what they did not see."""
    for _ in range(5):
        broadcast = province.broadcast(approve=False)
        province.act(broadcast_moves.propose, broadcast)
        ended = at_once(province, broadcast, {1: change, 2: broadcast_moves.approve})
        assert ended[0] == ""
        assert "người khác thay đổi" in ended[1]
        row = province.get(broadcast)
        with province.database.reading() as session:
            approved = session.query(Approval).filter_by(broadcast_id=broadcast, verdict="yes").count()
        assert (row.status == BroadcastStatus.SCHEDULED) == bool(approved)
        assert row.text == ("Cảnh giác cuộc gọi giả danh" if approved else "Nội dung")


def change(session: Session, row: Broadcast, *, now: datetime, **more: Any) -> None:
    new = Content("Tin", "Nội dung", {"all": True}, starts_at=now)
    broadcasts.edit(session, row, new, now=now, **more)


def at_once(province: Province, broadcast_id: int, acts: dict[int, Any]) -> list[str]:
    """Each officer does their act on the version they all see; what each was told, "" for done, sorted."""
    version, all_there = province.get(broadcast_id).version, threading.Barrier(len(acts))

    def one(officer: int) -> str:
        all_there.wait(10)
        return attempt(province, acts[officer], broadcast_id, version=version, officer_id=officer)

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(ended.result() for ended in [pool.submit(one, officer) for officer in acts])


def attempt(province: Province, act: Any, broadcast_id: int, **more: Any) -> str:
    """Do it; what was said when it was refused."""
    try:
        with province.database.transaction() as session:
            row = session.get(Broadcast, broadcast_id)
            act(session, row, now=province.clock(), **more)
    except HouseError as refused:
        return str(refused)
    return ""


# ---- when it goes out ---------------------------------------------------------------------------------------


def test_it_goes_out_at_its_time_or_when_it_is_approved_late(province: Province):
    later = province.clock() + timedelta(hours=3)
    assert province.get(province.broadcast(starts_at=later)).next_due_at == later
    earlier = province.clock() - timedelta(hours=3)
    assert province.get(province.broadcast(starts_at=earlier)).next_due_at == province.clock()


def test_a_repeating_one_goes_out_first_at_a_time_of_its_rhythm(province: Province):
    monday = datetime(2026, 11, 30, 7, 0, tzinfo=VIETNAM)
    broadcast = province.broadcast(starts_at=province.clock(), repeat="weekly 1 07:00")
    assert province.get(broadcast).next_due_at == monday
    exactly = province.broadcast(starts_at=monday, repeat="weekly 1 07:00")
    assert province.get(exactly).next_due_at == monday


# ---- looking ------------------------------------------------------------------------------------------------


def test_the_list_is_newest_first_in_pages_and_by_status(province: Province):
    made = [province.broadcast(title=f"Tin {n}", approve=n % 2 == 0) for n in range(5)]
    with province.database.reading() as session:
        first = broadcasts.listed(session, limit=2)
        second = broadcasts.listed(session, limit=2, before_id=first[-1].id)
        scheduled = broadcasts.listed(session, status=BroadcastStatus.SCHEDULED)
        counts = broadcasts.counts(session)
    assert [line.id for line in (*first, *second)] == made[:0:-1]
    assert [line.id for line in scheduled] == [made[4], made[2], made[0]]
    assert scheduled[0].author == "Người soạn"
    assert (counts[BroadcastStatus.DRAFT], counts[BroadcastStatus.SCHEDULED]) == (3, 3)


def test_a_group_that_is_no_longer_active_is_in_no_audience(province: Province):
    with province.database.transaction() as session:
        gone = group("X1", zalo="x1")
        gone.active = False
        session.add(gone)
    with province.database.reading() as session:
        for audience in ({"all": True}, {"groups": ["X1", "G1"]}, {"units": [gone.unit_id]}):
            assert "X1" not in [
                row.code for row in audiences.groups_of(session, audience, on=date(2026, 11, 24))
            ]


def test_the_groups_are_frozen_when_the_run_is_made(province: Province):
    broadcast = province.broadcast()
    province.plan()
    with province.database.transaction() as session:
        session.add(group("N1", zalo="n1"))
    province.send_all()
    province.plan()
    assert province.counts(broadcast) == {S.SENT: 6}
    with province.database.reading() as session:
        assert session.query(Run).count() == 1
        assert session.query(Delivery).filter_by(group_code="N1").count() == 0
