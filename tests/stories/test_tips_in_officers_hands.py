"""What officers do with tips, and what reporters hear of it: one winner, another unit, alike tips, shifts, floods, ends."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import requests
from sqlalchemy import select

from data import filing, retention, tip_clocks, tip_rules
from data.tables import Citizen as CitizenRow
from data.tables import Officer as OfficerRow
from data.tables import Tip as TipRow
from domain.broadcasts import VIETNAM
from domain.tips import TipStatus
from tests.citizen import Citizen
from tests.hostile import picture
from tests.officer import Officer, Tip
from tests.stories.test_tips import BAC_GIANG
from tests.town import Town

OTHER_WARD = "07228@2025-07-01"
ROSTER = "/console/lich-truc"


def tells(town: Town, words: str) -> Citizen:
    """A resident whose tip is in the queue of phường Bắc Giang."""
    return town.citizen().begins_a_tip().says(words).sends_location(*BAC_GIANG).sends_it()


def number_of(town: Town, email: str) -> int:
    with town.database.reading() as session:
        return session.scalars(select(OfficerRow.id).where(OfficerRow.email == email)).one()


def gives_roster(head: Officer, officer_id: int) -> None:
    """Puts them on duty for the whole of today."""
    today = f"{datetime.now(VIETNAM):%Y-%m-%d}"
    whole = {"shift": "other", "starts": "00:00", "ends": "00:00"}
    head.goes_to(ROSTER).posts(ROSTER, tuan=today, officer=str(officer_id), days=today, **whole)
    assert "Đã xếp 1 ca trực" in head.page


def test_a_claim_has_one_winner_and_another_unit_gets_everything(town: Town):
    citizen = tells(town, "Có nhóm đánh bạc sau chợ")
    citizen.sends_photo("1.jpg", picture("JPEG"))
    first, head = town.officer("duty", unit="07210"), town.officer("unit_head", unit="07210")
    tip = first.opens_newest_tip()
    tip.media(1)
    head.goes_to(tip.path)
    first.posts(f"{tip.path}/tiep-nhan")
    head.posts(f"{tip.path}/tiep-nhan")
    assert "Đồng chí Cán bộ duty 07210 vừa tiếp nhận tin này" in head.page

    first.goes_to(tip.path).posts(f"{tip.path}/ghi-chu", text="Nghi là nhóm cũ, chưa nói với người báo")
    tip.is_answered("Công an đang xác minh.")
    assert citizen.was_told("Công an đang xác minh.")
    head.goes_to(tip.path).posts(f"{tip.path}/chuyen-don-vi", to_unit=OTHER_WARD, words="Xảy ra bên Đa Mai")
    assert first.goes_to(tip.path).status == 404
    there = town.officer("duty", unit="07228").opens_newest_tip()
    for kept in (
        "Có nhóm đánh bạc sau chợ",
        "Công an đang xác minh.",
        "Nghi là nhóm cũ",
        "Xảy ra bên Đa Mai",
    ):
        assert kept in there.page
    assert len(there.media(1)) == 1
    assert not any("Nghi là nhóm cũ" in said["text"] for said in citizen.told()), (
        "a note never reaches the reporter"
    )


def test_when_zalos_window_is_closed_the_answer_waits_for_the_next_contact(town: Town):
    citizen = tells(town, "Có trộm")
    week = timedelta(days=8)
    with town.database.transaction() as session:
        session.scalars(select(CitizenRow)).one().last_wrote_at = datetime.now(UTC) - week
    requests.post(f"{town.zalo}/control/clock", json={"advance_seconds": week.total_seconds()}, timeout=10)
    officer = town.officer("duty", unit="07210")
    tip = officer.opens_newest_tip()
    assert "sẽ được giữ lại và tự gửi khi họ nhắn lần sau" in tip.page
    tip.is_answered("Xe đã được tìm thấy.")
    assert not any("Xe đã được tìm thấy." in said["text"] for said in citizen.told())
    citizen.says("xin chào")
    assert citizen.was_told("Xe đã được tìm thấy.")


def test_tips_of_one_matter_are_found_by_their_pictures_and_merged_with_every_reporter_told(town: Town):
    shown = picture("JPEG", 640, 480)
    sent_on = picture("JPEG", 320, 240, quality=40)
    first = tells(town, "Xe tải chặn đường").sends_photo("1.jpg", shown)
    second = tells(town, "Ùn tắc mãi không thấy ai").sends_photo("2.jpg", sent_on)
    officer = town.officer("duty", unit="07210")
    tip = officer.opens_newest_tip()
    tip.media(1)
    older = min(officer.tips(), key=lambda path: int(path.rpartition("/")[2]))
    Tip(officer, older).media(1)
    assert "ảnh giống nhau" in officer.goes_to(tip.path).page
    officer.posts(f"{tip.path}/gop", other=older.rpartition("/")[2])
    assert second.was_told("xử lý chung")
    officer.goes_to(older).posts(f"{older}/tiep-nhan")
    officer.goes_to(older).posts(f"{older}/trang-thai", to="done", words="Đã giải tỏa xe.")
    assert first.was_told("Đã giải tỏa xe.")
    assert second.was_told("Đã giải tỏa xe.")


def test_closing_needs_words_and_spam_can_be_taken_back(town: Town):
    citizen = tells(town, "Nhà bên hát to")
    officer = town.officer("duty", unit="07210")
    tip = officer.opens_newest_tip().is_taken()
    officer.posts(f"{tip.path}/trang-thai", to="done", words="")
    assert "Mời ghi đã làm gì" in officer.page
    officer.goes_to(tip.path).posts(f"{tip.path}/trang-thai", to="spam", words="Nhắn trùng nhiều lần")
    assert "đã được đóng" in citizen.says(citizen.code()).last_words()
    officer.goes_to(tip.path).posts(f"{tip.path}/trang-thai", to="new", words="Đánh dấu nhầm")
    assert "đang chờ trực ban" in citizen.says(code_of(citizen)).last_words()


def code_of(citizen: Citizen) -> str:
    found = re.search(r"TB-[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]", citizen.last_words())
    assert found
    return found[0]


def test_the_roster_says_who_takes_tips_and_what_is_late_goes_up_with_the_clock(town: Town):
    on, off = town.officer("duty", unit="07210"), town.officer("duty", "broadcaster", unit="07210")
    head, desk = town.officer("unit_head", unit="07210"), town.officer("duty")
    gives_roster(head, number_of(town, "duty.07210@example.vn"))
    assert "Đang trực: Cán bộ duty 07210." in head.goes_to(ROSTER).page
    tells(town, "Có nhóm đánh bạc sau chợ")
    tip = off.opens_newest_tip()
    off.posts(f"{tip.path}/tiep-nhan")
    assert "đang trực: Cán bộ duty 07210" in off.page

    due = _moment_due(town)
    with town.database.transaction() as session:
        tip_clocks.escalate(session, now=due - timedelta(minutes=1))
    assert 'id="tin-' not in head.goes_to("/console/tin-bao?late=1").page
    for later in (timedelta(minutes=1), timedelta(hours=2)):
        with town.database.transaction() as session:
            tip_clocks.escalate(session, now=due + later)
    assert "báo lên tỉnh" in desk.goes_to("/console/").page
    on.goes_to(tip.path).posts(f"{tip.path}/tiep-nhan")
    assert "Đã tiếp nhận" in on.page


def _moment_due(town: Town) -> datetime:
    with town.database.reading() as session:
        due = session.scalars(select(TipRow.take_due_at)).one()
    assert due is not None
    return due


def test_a_flood_is_slowed_shown_to_officers_and_nothing_of_it_is_lost(town: Town):
    citizen = tells(town, "Sự việc số 0")
    for number in range(1, 6):
        citizen.says("tin báo").says(f"Sự việc số {number}").sends_location(*BAC_GIANG).sends_it()
    assert "không bị mất" in citizen.last_words()
    another = tells(town, "Có trộm")
    assert "không bị mất" not in another.last_words()
    officer = town.officer("duty", unit="07210")
    assert len(re.findall(r'id="tin-\d+"', officer.goes_to("/console/tin-bao?view=held").page)) == 2
    with town.database.transaction() as session:
        assert filing.release_held(session, now=datetime.now(UTC) + timedelta(hours=2)) == 2
    assert len(officer.tips()) == 7


def test_when_its_term_is_over_a_tip_is_gone_and_its_code_says_so(town: Town):
    citizen = tells(town, "Nhà bên hát to").sends_photo("1.jpg", picture("JPEG"))
    officer = town.officer("duty", unit="07210")
    tip = officer.opens_newest_tip()
    tip.media(1)
    with town.database.transaction() as session:
        row = session.scalars(select(TipRow)).one()
        code, row.status = row.code, TipStatus.DONE
        row.closed_at = datetime.now(UTC) - timedelta(days=365 * 30)
    with town.database.transaction() as session:
        gone = retention.delete_expired(session, tip_rules.shipped(), now=datetime.now(UTC))
    assert gone.tips == 1
    assert len(gone.media_keys) == 2, "the sealed original and its copy"
    assert officer.goes_to(tip.path).status == 404
    assert "đã được xóa khi hết thời hạn lưu" in citizen.says("xong").says(code).last_words()


def test_small_numbers_are_not_told(town: Town):
    tells(town, "Có nhóm đánh bạc sau chợ")
    head = town.officer("unit_head", unit="07210")
    assert "ít, không nêu" in head.goes_to("/console/thong-ke-tin-bao").page
