"""A child is lost and found: written, approved on duty, heard by the groups, followed by the good news, posted by hand."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
import requests
from sqlalchemy import select, update

from bot.demo import group_id
from data import accounts, group_registry, reminders, walls
from data.tables import Delivery, GroupRow, OaUpload, Officer
from domain.broadcasts import ChannelKind, DeliveryStatus
from tests.citizen import Citizen
from tests.samples import photo
from tests.town import OA, Town

NEW = "/console/tuyen-truyen/moi"
LOST = "KHẨN: tìm cháu An, 6 tuổi."
FOUND = "Đã tìm thấy cháu An. Cảm ơn bà con."
PATIENCE_S = 120.0


@pytest.fixture(params=["sqlite", "postgresql"])
def somewhere(request: pytest.FixtureRequest) -> Town:
    town: Town = request.getfixturevalue("town" if request.param == "sqlite" else "town_on_postgres")
    return town


def until(look: Callable[[], Any]) -> Any:
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        if found := look():
            return found
        time.sleep(0.1)
    raise AssertionError("it did not come")


def until_counts(town: Town, broadcast: int, **wanted: int) -> None:
    end = time.monotonic() + PATIENCE_S
    while (found := {str(state): count for state, count in counts(town, broadcast).items()}) != wanted:
        assert time.monotonic() < end, found
        time.sleep(0.1)


def counts(town: Town, broadcast: int) -> dict[DeliveryStatus, int]:
    with town.database.reading() as session:
        return {state: count for state, count in walls.progress(session, broadcast).items() if count}


def messages(town: Town, code: str) -> list[dict[str, Any]]:
    answer = requests.get(f"{town.zalo}/control/groups/{group_id(code)}/messages", timeout=10)
    found: list[dict[str, Any]] = answer.json()
    return found


def form(**changed: Any) -> dict[str, Any]:
    return {
        "title": "Tìm trẻ lạc",
        "text": LOST,
        "kind": "lost_child",
        "audience": "all",
        "rhythm": "now",
        "urgent": "1",
        "version": "0",
        "then": "propose",
    } | changed


def test_a_lost_child_is_found(somewhere: Town):
    town = somewhere
    with town.database.transaction() as session:
        codes = list(session.scalars(select(GroupRow.code).order_by(GroupRow.code)))
    closed, kept = codes[0], codes[1:]
    requests.post(f"{town.zalo}/control/groups/{group_id(closed)}", json={"status": "disabled"}, timeout=10)
    lan = town.officer("broadcaster")
    head = town.officer("unit_head")
    approver = town.officer("approver")

    lan.goes_to(NEW).posts(NEW, files=[("files", ("cháu An.jpg", photo()))], **form())
    assert "Chờ duyệt" in lan.page
    address = re.search(r"/console/tuyen-truyen/(\d+)/rut-ve", lan.page)
    assert address
    first = int(address[1])
    page = f"/console/tuyen-truyen/{first}"
    head.goes_to(page).posts(f"{page}/duyet-khan")
    until_counts(town, first, sent=224, failed=1)

    for code in (kept[0], kept[-1]):
        (message,) = messages(town, code)
        assert message["text"] == LOST
        assert message["attachments"][0]["type"] == "image"
    with town.database.reading() as session:
        assert len(session.scalars(select(OaUpload)).all()) == 1, "one OA, one upload for 224 groups"
    assert "gia hạn gói nhóm" in lan.goes_to(f"{page}?view=trouble").page

    lan.goes_to(page).posts(f"{page}/tin-noi", kind="update")
    second = max(int(one) for one in re.findall(r"/console/tuyen-truyen/(\d+)", lan.page))
    edit = f"/console/tuyen-truyen/{second}/sua"
    lan.goes_to(edit).posts(
        edit, **form(text=FOUND, follows=str(first), follows_kind="update", version=_version(lan.page))
    )
    approver.goes_to(f"/console/tuyen-truyen/{second}").posts(f"/console/tuyen-truyen/{second}/duyet")
    until_counts(town, second, sent=224)
    for code in kept:
        assert [message["text"] for message in messages(town, code)] == [LOST, FOUND]
    assert messages(town, closed) == []

    approver.goes_to(page).posts(f"{page}/xem-lai", verdict="ok", words="")
    assert "Đã xem lại: đúng quy định" in approver.page


def test_the_duty_officer_posts_by_hand_and_says_so_in_zalo(town: Town):
    duty = town.officer("duty", unit="07210")
    duty.goes_to("/console/tai-khoan/zalo").posts("/console/tai-khoan/zalo")
    code = re.search(r"liên kết (\d{8})", duty.page)
    assert code
    chat = Citizen(town.zalo).says("liên kết 00000000")
    assert "không đúng hoặc đã hết hạn" in chat.last_words()
    chat.says(f"Liên kết {code[1]}")
    assert "Đã liên kết" in chat.last_words()
    with town.database.transaction() as session:
        unit = session.scalars(select(Officer.unit_id).where(Officer.unit_id.is_not(None))).one()
        by_hand = session.scalars(select(GroupRow).where(GroupRow.unit_id == unit)).first()
        assert by_hand is not None
        by_hand.channel, by_hand.oa_id, by_hand.zalo_group_id = ChannelKind.ASSISTED, None, None
        group, name = by_hand.code, by_hand.name

    lan, approver = town.officer("broadcaster"), town.officer("approver")
    lan.goes_to(NEW).posts(NEW, **form(audience="some", groups=group))
    address = re.search(r"/console/tuyen-truyen/(\d+)/rut-ve", lan.page)
    assert address
    page = f"/console/tuyen-truyen/{address[1]}"
    approver.goes_to(page).posts(f"{page}/duyet")
    until(lambda: counts(town, int(address[1])))
    with town.database.transaction() as session:
        session.execute(update(Delivery).values(reminded_at=None))
        reminders.remind(session, now=datetime.now(UTC))
    assert chat.was_told(f"vào nhóm “{name}”")
    assert chat.was_told(LOST)

    chat.says_without_waiting("cảm ơn")  # anything: the newest button is pressed below all the same
    until(lambda: "Đã đăng" in [button["title"] for message in chat.told() for button in message["buttons"]])
    chat.presses("Đã đăng")
    assert chat.was_told(f"Đã ghi nhận tin được đăng vào nhóm “{name}”")
    until_counts(town, int(address[1]), sent=1)
    stranger = Citizen(town.zalo).says("#group.posted:1")
    assert "không thuộc đơn vị" in stranger.last_words() or "đã xong" in stranger.last_words()


def test_the_registry_is_compared_with_zalos_own_list(town: Town):
    admin = town.officer("admin")
    with town.database.reading() as session:
        codes = list(session.scalars(select(GroupRow.code).order_by(GroupRow.code).limit(2)))
    requests.post(
        f"{town.zalo}/control/groups/{group_id(codes[0])}", json={"oa_is_member": False}, timeout=10
    )
    requests.post(f"{town.zalo}/control/groups/{group_id(codes[1])}", json={"status": "disabled"}, timeout=10)
    admin.goes_to("/console/nhom").posts("/console/nhom/kiem-tra")

    def done() -> bool:
        with town.database.reading() as session:
            check = group_registry.newest_check(session)
            return bool(check and check.done_at)

    until(done)
    page = admin.goes_to("/console/nhom?loi=1").page
    assert page.count("OA không còn trong nhóm") == 1
    assert page.count("gia hạn gói nhóm GMF") == 1
    assert "120 thành viên" in admin.goes_to("/console/nhom").page


def test_a_group_that_was_dissolved_shows_in_the_registry_by_itself(town: Town):
    admin = town.officer("admin")
    with town.database.reading() as session:
        group = session.scalars(select(GroupRow).order_by(GroupRow.code)).first()
    assert group is not None
    token = _access_token(town)
    answer = requests.post(
        f"{town.zalo}/v3.0/oa/group/delete",
        json={"group_id": group.zalo_group_id},
        headers={"access_token": token},
        timeout=10,
    )
    assert answer.json()["error"] == 0
    until(lambda: "nhóm đã giải tán" in admin.goes_to("/console/nhom?loi=1").page)


def test_pause_takes_hold_within_two_seconds_and_the_stop_button_too(town: Town):
    lan, approver = town.officer("broadcaster"), town.officer("approver")
    town.chaos(delay_ms=150)
    lan.goes_to(NEW).posts(NEW, **form())
    address = re.search(r"/console/tuyen-truyen/(\d+)/rut-ve", lan.page)
    assert address
    number, page = int(address[1]), f"/console/tuyen-truyen/{address[1]}"
    approver.goes_to(page).posts(f"{page}/duyet")
    for hold, go_on in ((f"{page}/tam-dung", f"{page}/tiep-tuc"),) * 2:
        before = counts(town, number).get(DeliveryStatus.SENT, 0)
        until(partial(_more_than, town, number, before + 5))
        lan.goes_to(page).posts(hold)
        began = time.monotonic()
        assert "Tạm dừng" in lan.page
        until(lambda: not counts(town, number).get(DeliveryStatus.SENDING))
        took = time.monotonic() - began
        held = counts(town, number)[DeliveryStatus.SENT]
        assert took < 2.0, f"{took:.1f} s"
        time.sleep(0.5)  # long enough for several sends, were it not paused
        assert counts(town, number)[DeliveryStatus.SENT] == held < 225
        lan.goes_to(page).posts(go_on)
    town.chaos(delay_ms=0)
    until_counts(town, number, sent=225)
    groups = requests.get(f"{town.zalo}/control/groups", timeout=10).json()["groups"]
    assert [group["count"] for group in groups] == [1] * 225


def _access_token(town: Town) -> str:
    with town.database.reading() as session:
        found = accounts.tokens_of(session, OA, town.house.sealer)
    assert found is not None
    return found.access_token


def _more_than(town: Town, broadcast: int, count: int) -> bool:
    return counts(town, broadcast).get(DeliveryStatus.SENT, 0) > count


def _version(page: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found
    return found[1]
