"""Drafts left lying: reminded once, kept for the officer when serious, let go otherwise; and tips begun in a group."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.drafts import LET_GO_AFTER, REMIND_AFTER, tend
from data import events, filing
from data.events import NewEvent
from data.sealing import Sealer
from data.session import Database
from data.tables import AttachmentRow, Conversation, EventRow, GroupRow, OfficialAccount, Outgoing, Tip
from domain.media import FILES_MAX
from domain.tips import AttachmentState, TipStatus
from domain.work import wake_nobody
from handlers import texts
from tests.bot.test_inbox import CONTENT, Desk
from tests.conftest import Clock


@pytest.fixture
def desk(seeded_copy: Database, sealer: Sealer, clock: Clock) -> Desk:
    return Desk(seeded_copy, sealer, clock)


@pytest.fixture
def seeded_copy(seeded_sqlite_url: str) -> Iterator[Database]:
    with closing(Database(seeded_sqlite_url)) as database:
        yield database


def says(desk: Desk, *said: str, citizen: str = "an") -> None:
    for words in said:
        desk.hears(words, citizen=citizen)
        desk.works()


def tends(desk: Desk) -> int:
    library = desk.inbox._shelf.current()
    return tend(desk.database, library, wake=wake_nobody, now=desk.clock())


def test_a_pause_brings_one_reminder_and_loses_nothing(desk: Desk) -> None:
    says(desk, "tin báo", "đồng ý", "Có nhóm đánh bạc")
    assert tends(desk) == 0
    desk.clock.advance(seconds=REMIND_AFTER.total_seconds())
    assert tends(desk) == 1
    assert tends(desk) == 0, "once, however often the job runs"
    assert desk.told().count(texts.TIP_REMINDER) == 1
    says(desk, "phường Bắc Giang", "xong")
    (tip,) = desk.rows(Tip)
    assert tip.what == "Có nhóm đánh bạc"


def test_no_reminder_at_night_or_without_anything_written(desk: Desk) -> None:
    says(desk, "tin báo", citizen="an")
    says(desk, "tin báo", "Có nhóm đánh bạc", citizen="binh")
    desk.clock.advance(hours=13)  # 23:00 in Vietnam
    assert tends(desk) == 0
    desk.clock.advance(hours=9)
    assert tends(desk) == 1, "only the one who wrote something"


def test_a_draft_that_says_something_serious_is_kept_as_unfinished_for_the_officer(desk: Desk) -> None:
    says(desk, "tin báo", "Có người bán ma túy ở ngõ 5")
    desk.clock.advance(seconds=LET_GO_AFTER.total_seconds())
    assert tends(desk) == 1
    (tip,) = desk.rows(Tip)
    assert (tip.unfinished, tip.category, tip.status) == (True, "drugs", TipStatus.NEW)
    assert any(tip.code in words and "chưa hoàn chỉnh" in words for words in desk.told())
    assert desk.rows(Conversation)[0].flow is None
    says(desk, f"{tip.code} họ bán cả ban ngày, ngay đầu ngõ")
    assert "Đã chuyển" in desk.told()[-1] or "bổ sung" in desk.told()[-1]


def test_an_unfinished_draft_that_accuses_police_goes_past_the_unit_too(desk: Desk) -> None:
    says(desk, "tin báo", "Công an phường bảo kê cho sòng bạc", "phường Bắc Giang")
    desk.clock.advance(seconds=LET_GO_AFTER.total_seconds())
    tends(desk)
    (tip,) = desk.rows(Tip)
    assert tip.bypass
    assert tip.went_past == "07210@2025-07-01"
    assert tip.unit_id.startswith("24@")


def test_what_is_not_serious_is_let_go_with_its_files(desk: Desk) -> None:
    picture = [{"type": "image", "payload": {"url": "http://x.zdn.vn/1.jpg", "thumbnail": "t"}}]
    says(desk, "tin báo", "Nhà bên hát karaoke")
    desk.hears("", name="user_send_image", attachments=picture)
    desk.works()
    desk.clock.advance(seconds=LET_GO_AFTER.total_seconds())
    assert tends(desk) == 1
    assert desk.rows(Tip) == []
    (file,) = desk.rows(AttachmentRow)
    assert (file.state, file.link_sealed) == (AttachmentState.REFUSED, None)


def test_nothing_is_done_while_the_citizen_is_writing(desk: Desk) -> None:
    says(desk, "tin báo", "Có người bán ma túy ở ngõ 5")
    desk.clock.advance(hours=30)
    desk.hears("xong")  # has come, is not handled yet
    assert tends(desk) == 0
    desk.works()
    assert desk.rows(Conversation)[0].step is not None


# ---- floods ----------------------------------------------------------------------------------------------------------


def test_a_thousand_messages_of_one_do_not_delay_another(desk: Desk) -> None:
    for number in range(1000):
        desk.hears(f"tin {number}", citizen="flood")
    desk.hears("xin chào", citizen="binh")
    for _ in range(2):
        desk.inbox.drain()
    done = [row.citizen for row in desk.rows(EventRow) if row.done_at]
    assert "binh" in done
    assert done.count("flood") <= 2, "one of theirs at a time"


def test_many_tips_of_one_account_are_slowed_and_all_arrive(desk: Desk) -> None:
    says(desk, "tin báo", "đồng ý", "hủy")
    for number in range(7):
        says(desk, "tin báo", f"Sự việc số {number}", "phường Bắc Giang", "xong")
    tips = desk.rows(Tip)
    assert len(tips) == 7
    assert [tip.status for tip in tips] == [TipStatus.NEW] * 4 + [TipStatus.HELD] * 3
    assert sum("không bị mất" in words for words in desk.told()) == 3
    says(desk, "tin báo", "Có trộm", "phường Bắc Giang", "xong", citizen="binh")
    says(desk, "đồng ý", citizen="binh")
    assert desk.rows(Tip)[-1].status == TipStatus.NEW, "somebody else is not slowed"
    desk.clock.advance(hours=1)
    with desk.database.transaction() as session:
        assert filing.release_held(session, now=desk.clock()) == 3
    assert {tip.status for tip in desk.rows(Tip)} == {TipStatus.NEW}


# ---- one limit of files -------------------------------------------------------------------------------------------------


def sends_photos(desk: Desk, count: int) -> None:
    pictures = [{"type": "image", "payload": {"url": f"http://x.zdn.vn/{n}.jpg"}} for n in range(count)]
    desk.hears("", name="user_send_image", attachments=pictures)
    desk.works()


def test_a_tip_takes_so_many_files_and_no_more_however_they_come(desk: Desk) -> None:
    says(desk, "tin báo", "đồng ý", "Có nhóm đánh bạc", "phường Bắc Giang")
    sends_photos(desk, FILES_MAX - 2)
    says(desk, "xong")
    code = desk.rows(Tip)[0].code
    sends_photos(desk, 3)
    assert f"Tin báo {code} đã đủ {FILES_MAX} tệp" in desk.told()[-1]
    says(desk, "xong", code, "bổ sung")
    sends_photos(desk, 1)
    assert "chưa được nhận" in desk.told()[-1]
    files = desk.rows(AttachmentRow)
    assert len(files) == FILES_MAX
    assert {file.tip_id for file in files} == {desk.rows(Tip)[0].id}
    says(desk, "Họ có 5 người", "xong", "tin báo", "Việc khác", "phường Bắc Giang")
    sends_photos(desk, FILES_MAX + 1)
    assert f"tối đa {FILES_MAX} tệp" in desk.told()[-1]
    assert len(desk.rows(AttachmentRow)) == 2 * FILES_MAX


# ---- pages and groups of a ward ----------------------------------------------------------------------------------------


def group(desk: Desk) -> GroupRow:
    with desk.database.transaction() as session:
        row = session.scalars(select(GroupRow).where(GroupRow.unit_id == "07210@2025-07-01")).first()
        assert row is not None
        row.zalo_group_id, row.oa_id, row.channel = "d0aa", None, "assisted"
        return row


def in_group(desk: Desk, text: str) -> None:
    """The desk hears what a member wrote in the group."""
    desk._count += 1
    name, oa = "user_send_group_text", "3000000000000000001"
    body = {
        "app_id": "1",
        "oa_id": oa,
        "event_name": name,
        "sender": {"id": "40000an"},
        "recipient": {"id": "d0aa"},
        "message": {"msg_id": f"{desk._count:020x}", "text": text},
        "timestamp": str(int(desk.clock().timestamp() * 1000) + desk._count),
    }
    sealed = desk._sealer.seal(json.dumps(body).encode(), purpose="event")
    at = desk.clock() + timedelta(milliseconds=desk._count)
    with desk.database.transaction() as session:
        events.remember(session, [NewEvent(f"k{desk._count}", name, oa, "an", at, desk.clock(), sealed)])


def test_a_tip_written_in_a_wards_group_goes_on_privately_with_that_ward(desk: Desk) -> None:
    group(desk)
    in_group(desk, "#tinbao Có nhóm đánh bạc sau chợ")
    desk.works()
    assert desk.rows(Tip) == [], "nothing is filed from a group"
    assert any("tiếp tục riêng tại đây" in words for words in desk.told())
    says(desk, "đồng ý")
    assert "Công an phường Bắc Giang" in desk.told()[-1]
    assert "Có nhóm đánh bạc sau chợ" in desk.told()[-1]
    says(desk, "xong")
    assert desk.rows(Tip)[0].unit_id == "07210@2025-07-01"


def test_other_words_in_a_group_are_none_of_ours(desk: Desk) -> None:
    group(desk)
    in_group(desk, "Hôm nay trời đẹp, tin báo bão số 5 đã xa")
    desk.works()
    assert desk.told() == []


def test_on_a_wards_own_page_the_tip_starts_with_that_ward(desk: Desk) -> None:
    with desk.database.transaction() as session:
        session.add(
            OfficialAccount(
                oa_id="3000000000000000001",
                name="Công an phường Bắc Giang",
                unit_id="07210@2025-07-01",
                created_at=desk.clock(),
            )
        )
    says(desk, "tin báo", "đồng ý", "Có nhóm đánh bạc")
    assert "Tin báo sẽ gửi tới: Công an phường Bắc Giang" in desk.told()[-1]


def test_every_message_of_the_tip_flow_fits_into_what_zalo_carries(desk: Desk) -> None:
    long = "Tôi tố cáo công an xã nhận tiền, tôi là hàng xóm, gọi 0912345678. " * 60
    says(desk, "tin báo", long, "phường Bắc Giang " + "x" * 900, "loại", "1", "xong", "đồng ý")
    for row in desk.rows(Outgoing):
        assert 0 < len(row.body["text"]) <= 2000
        assert len(row.body.get("buttons", ())) <= 5
    assert CONTENT.exists()
