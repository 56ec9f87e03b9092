"""At any pace and from anywhere: the place inside a photo, words and files after “xong”, tips that begin in a group."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime

import pytest
import requests
from sqlalchemy import func, select

from bot.demo import group_id
from data import broadcasts
from data.tables import AttachmentRow, Delivery, GroupRow, Officer, OfficialAccount, Run
from domain.broadcasts import DeliveryStatus
from domain.tips import AttachmentState
from public.views.limits import ADDRESS
from tests import hostile
from tests.citizen import PATIENCE_S
from tests.samples import photo
from tests.stories.test_tips import BAC_GIANG
from tests.town import OA, Town

WARD = "07210@2025-07-01"
TAKEN_AT = "21.28483, 106.21300"
"""Where tests.hostile.photo_that_tells says it was taken, as the officer's page writes it."""


def wait_for_copies(town: Town, count: int) -> None:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        with town.database.reading() as session:
            kept = select(func.count()).where(AttachmentRow.state == AttachmentState.KEPT)
            if (session.scalar(kept) or 0) >= count:
                return
        time.sleep(0.02)
    raise AssertionError("the clean copies did not come")


# ---- the place inside a photo ----------------------------------------------------------------------------------------


def test_the_place_inside_a_photo_is_offered_and_one_tap_uses_it(town: Town):
    citizen = town.citizen().begins_a_tip().sends_photo("IMG_1.jpg", hostile.photo_that_tells())
    wait_for_copies(town, 1)
    citizen.says("Có nhóm đánh bạc sau chợ")
    assert "ghi vị trí chụp, thuộc địa bàn Công an phường Bắc Giang" in citizen.last_words()
    assert "xin cân nhắc nếu bạn chụp tại nhà mình" in citizen.last_words()
    assert citizen.buttons()[:2] == ["Dùng vị trí trong ảnh", "Không, nơi khác"]

    citizen.presses("Dùng vị trí trong ảnh")
    assert "Tin báo sẽ gửi tới: Công an phường Bắc Giang" in citizen.last_words()
    citizen.sends_it()
    assert TAKEN_AT in town.officer("duty", unit="07210").opens_newest_tip().page


def test_a_photo_sent_while_the_place_is_asked_for_is_offered_when_it_is_read_and_no_means_sealed(town: Town):
    citizen = town.citizen().begins_a_tip().says("Có nhóm đánh bạc sau chợ")
    citizen.sends_photo("IMG_1.jpg", hostile.photo_that_tells(), answers=2)
    assert citizen.was_told("ghi vị trí chụp")
    citizen.presses("Không, nơi khác")
    assert "vẫn giữ niêm phong" in citizen.last_words()
    citizen.sends_photo("IMG_2.jpg", hostile.photo_that_tells())
    wait_for_copies(town, 2)
    citizen.says("phường Đa Mai").sends_it()
    assert sum("ghi vị trí chụp" in said["text"] for said in citizen.told()) == 1, "asked once"

    tip = town.officer("duty", unit="07228").opens_newest_tip()
    assert "21.2848" not in tip.page
    assert town.officer("duty", unit="07210").tips() == []


def test_where_a_place_was_given_the_photo_is_not_asked_about(town: Town):
    citizen = town.citizen().begins_a_tip().says("Có nhóm đánh bạc sau chợ").says("phường Đa Mai")
    citizen.sends_photo("IMG_1.jpg", hostile.photo_that_tells())
    wait_for_copies(town, 1)
    citizen.sends_it()
    assert not any("ghi vị trí chụp" in said["text"] for said in citizen.told())
    assert "21.2848" not in town.officer("duty", unit="07228").opens_newest_tip().page


# ---- after “xong” ----------------------------------------------------------------------------------------------------


def test_what_comes_after_sending_joins_the_tip_that_was_sent(town: Town):
    citizen = town.citizen().begins_a_tip().says("sửa")
    assert "kể" in citizen.last_words(), "there is nothing to change yet"
    citizen.says("thêm").says("Có trộm").sends_sticker().sends_location(*BAC_GIANG).sends_it()
    code = citizen.code()
    assert citizen.buttons() == ["Bổ sung thêm"]

    citizen.sends_photo("2.jpg", photo(seed=2))
    assert f"Đã thêm tệp vào tin báo {code}" in citizen.last_words()
    assert citizen.buttons() == ["Tin báo mới"]
    citizen.says("xong").says("thêm").says("Họ chạy về phía cầu").sends_location(21.29, 106.22).says("xong")
    citizen.says("sửa")
    assert "không sửa được nữa" in citizen.last_words()
    citizen.says("Không phải xe đỏ mà là xe xanh")
    citizen.says("làm hộ chiếu cần giấy tờ gì")
    assert "hộ chiếu" in citizen.last_words()

    officer = town.officer("duty", unit="07210")
    tip = officer.opens_newest_tip()
    assert len(officer.tips()) == 1, "no second tip came of it"
    tip.media(1)
    for words in ("Họ chạy về phía cầu", "xe xanh", "21.29000, 106.22000"):
        assert words in tip.page
    assert "hộ chiếu" not in tip.page


def test_a_caption_that_accuses_the_unit_does_not_reach_it(town: Town):
    citizen = town.citizen().begins_a_tip().says("Có sòng bạc").sends_location(*BAC_GIANG).sends_it()
    citizen.sends_photo("2.jpg", photo(seed=2), caption="Công an phường bảo kê sòng này")
    assert "tách thành tin riêng" in citizen.last_words()
    assert "bảo kê" not in town.officer("duty", unit="07210").opens_newest_tip().page
    inspectors = town.officer("inspector").opens_newest_tip()
    assert "bảo kê" in inspectors.page
    assert len(inspectors.media(1)) == 1


def test_a_caption_is_screened_like_the_words(town: Town):
    citizen = town.citizen().begins_a_tip().says("Có sòng bạc").sends_location(*BAC_GIANG).sends_it()
    citizen.sends_photo("2.jpg", photo(seed=2), caption="chụp từ nhà tôi số 12 ngõ 5, gọi 0912345678")
    officer = town.officer("duty", unit="07210")
    tip = officer.opens_newest_tip()
    tip.media(1)
    assert "0912345678" not in tip.page
    assert "số 12 ngõ 5" not in tip.page
    officer.posts(f"{tip.path}/hien-chi-tiet")
    assert "0912345678" in tip.page


# ---- a ward's own page, a ward's group -------------------------------------------------------------------------------


@pytest.fixture
def group(town: Town) -> str:
    """A group of phường Bắc Giang, in which the bot posted a broadcast."""
    with town.database.reading() as session:
        code = session.scalars(select(GroupRow.code).where(GroupRow.unit_id == WARD)).first()
    assert code is not None
    return group_id(code)


def test_a_tip_posted_in_a_wards_group_goes_on_privately_with_that_ward(town: Town, group: str):
    citizen = town.citizen().follows().writes_in_group(group, "#tinbao Có nhóm đánh bạc sau chợ", answers=2)
    assert "Bạn có đồng ý không" in citizen.last_words()
    citizen.presses("Tôi đồng ý")
    assert "Tin báo sẽ gửi tới: Công an phường Bắc Giang" in citizen.last_words()
    citizen.writes_in_group(group, "tin báo: họ có 5 người")
    assert "đã được thêm vào tin báo bạn đang viết" in citizen.last_words()
    citizen.sends_it()
    page = town.officer("duty", unit="07210").opens_newest_tip().page
    assert "Có nhóm đánh bạc sau chợ" in page
    assert "họ có 5 người" in page


def test_a_reply_to_the_bots_post_in_a_group_is_a_tip_and_small_talk_is_not(town: Town, group: str):
    posted = posts_in_group(town)
    citizen = town.citizen().follows()
    citizen.writes_in_group(group, "Hôm nay trời đẹp", answers=0)
    citizen.writes_in_group(group, "Ở xóm tôi cũng có người như vậy", quote=posted, answers=2)
    assert "Bạn có đồng ý không" in citizen.last_words()
    citizen.presses("Tôi đồng ý")
    assert "Công an phường Bắc Giang" in citizen.last_words()
    assert "trời đẹp" not in citizen.last_words()


def posts_in_group(town: Town) -> str:
    """A broadcast that the bot sent to the group; Zalo's number of the message."""
    now = datetime.now(UTC)
    content = broadcasts.Content(
        title="Cảnh giác", text="Cảnh giác.", audience={"all": True}, kind="scam", starts_at=now
    )
    town.officer("broadcaster")
    with town.database.transaction() as session:
        author = session.scalars(select(Officer.id)).first() or 0
        row = broadcasts.create(session, content, author_id=author, now=now)
        run = Run(broadcast_id=row.id, due_at=now, created_at=now)
        session.add(run)
        session.flush()
        code = session.scalars(select(GroupRow.code).where(GroupRow.unit_id == WARD)).first() or ""
        session.add(
            Delivery(
                run_id=run.id,
                broadcast_id=row.id,
                group_code=code,
                channel="gmf",
                text=row.text,
                content="x",
                state=DeliveryStatus.SENT,
                zalo_message_id="posted-1",
                due_at=now,
            )
        )
    return "posted-1"


def test_a_tip_sent_to_a_wards_own_page_starts_with_that_ward(town: Town):
    with town.database.transaction() as session:
        session.get_one(OfficialAccount, OA).unit_id = WARD
    citizen = town.citizen().begins_a_tip().says("Có nhóm đánh bạc sau chợ")
    assert "Tin báo sẽ gửi tới: Công an phường Bắc Giang" in citizen.last_words()


def test_what_is_taken_is_published_to_residents(town: Town):
    page = requests.get(f"{town.bot}{ADDRESS}", timeout=5).text
    assert re.search(r"tối đa 30 tệp", page)
