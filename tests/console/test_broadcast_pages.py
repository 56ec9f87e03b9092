"""Broadcasts through the pages: written by one, approved by another, watched, settled."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from data.session import Database
from domain.broadcasts import BroadcastStatus, DeliveryStatus
from domain.roles import Role
from tests.console.pages import check_page
from tests.console.world import WARD_3, WARD_5, Browser, World

LIST = "/console/tuyen-truyen"


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


@pytest.fixture
def lan(world: World) -> int:
    world.group("BG-1", "Nhóm phường Bắc Giang")
    world.group("BG-2", "Nhóm phường Đa Mai", unit_id=WARD_5)
    return world.officer(Role.BROADCASTER, unit_id=None, name="Lê Thị Lan")


def form(**changed: Any) -> dict[str, Any]:
    return {
        "title": "Cảnh báo giả danh cán bộ điện lực",
        "text": "Bà con không chuyển tiền cho người lạ.",
        "kind": "scam",
        "audience": "all",
        "rhythm": "once",
        "starts": "2026-11-25T07:30",
        "then": "draft",
        "version": "0",
    } | changed


def save(browser: Browser, **changed: Any) -> int:
    answer = browser.post(f"{LIST}/moi", **form(**changed))
    assert answer.status_code == 302, re.findall(r'role="alert".*?<div>(.*?)</div>', answer.text, re.S)
    return int(answer.location.rsplit("/", 1)[1])


def version(world: World, broadcast_id: int) -> str:
    return str(world.row_of(broadcast_id).version)


def test_one_writes_and_another_approves(world: World, lan: int) -> None:
    writer = world.browser(lan)
    one = save(writer, then="propose")
    minh = world.browser(world.officer(Role.APPROVER, unit_id=None, name="Phạm Văn Minh"))

    home = minh.get("/console/").text
    assert "Tin tuyên truyền chờ duyệt" in home
    page = minh.get(f"{LIST}/{one}")
    check_page(page, title="Cảnh báo giả danh cán bộ điện lực", h1="Cảnh báo giả danh cán bộ điện lực")
    assert "Duyệt, cho gửi 2 nhóm" in page.text
    assert "25/11/2026 07:30" in page.text
    minh.post(f"{LIST}/{one}/duyet", version=version(world, one))

    row = world.row_of(one)
    assert row.status == BroadcastStatus.SCHEDULED
    assert row.next_due_at == datetime(2026, 11, 25, 0, 30, tzinfo=UTC)
    assert "Phạm Văn Minh" in writer.get(f"{LIST}/{one}").text


def test_nobody_approves_their_own_even_with_both_roles(world: World, lan: int) -> None:
    both = world.officer(Role.BROADCASTER, Role.APPROVER, unit_id=None, name="Hai vai")
    browser = world.browser(both)
    one = save(browser, then="propose")
    assert "Duyệt, cho gửi" not in browser.get(f"{LIST}/{one}").text

    refused = browser.post(f"{LIST}/{one}/duyet", version=version(world, one))

    assert refused.status_code == 403
    assert "không được tự duyệt" in refused.text
    assert world.row_of(one).status == BroadcastStatus.PROPOSED


def test_a_refusal_needs_a_reason_and_goes_back_to_the_author(world: World, lan: int) -> None:
    writer = world.browser(lan)
    one = save(writer, then="propose")
    minh = world.browser(world.officer(Role.APPROVER, unit_id=None))

    assert minh.post(f"{LIST}/{one}/tu-choi", version=version(world, one), words=" ").status_code == 422
    minh.post(f"{LIST}/{one}/tu-choi", version=version(world, one), words="Thêm số điện thoại")

    assert world.row_of(one).status == BroadcastStatus.DRAFT
    assert "Thêm số điện thoại" in writer.get(f"{LIST}/{one}").text


def test_an_approval_of_a_page_out_of_date_is_not_taken(world: World, lan: int) -> None:
    writer = world.browser(lan)
    one = save(writer, then="propose")
    seen = version(world, one)
    writer.post(f"{LIST}/{one}/sua", **form(text="Một nội dung khác", then="propose", version=seen))
    minh = world.browser(world.officer(Role.APPROVER, unit_id=None))

    late = minh.post(f"{LIST}/{one}/duyet", version=seen)

    assert late.status_code == 409
    assert "vừa được người khác thay đổi" in late.text
    assert world.row_of(one).status == BroadcastStatus.PROPOSED


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"title": " "}, "Tiêu đề"),
        ({"text": ""}, "Nội dung"),
        ({"text": "ư" * 2001}, "Nội dung"),
        ({"kind": "nope"}, "loại tin"),
        ({"rhythm": "nope"}, "lịch gửi"),
        ({"starts": ""}, "ngày và giờ"),
        ({"starts": "2026-11-24T11:00"}, "đã qua"),
        ({"starts": "2026-13-45T99:99"}, "ngày và giờ"),
        ({"rhythm": "daily", "ends": "2026-11-24"}, "Ngày kết thúc"),
        ({"audience": "some", "then": "propose"}, "ít nhất một nhóm"),
    ],
)
def test_what_cannot_be_sent_is_said_and_nothing_typed_is_lost(
    world: World, lan: int, changed: dict[str, str], words: str
) -> None:
    answer = world.browser(lan).post(f"{LIST}/moi", **form(**changed))

    assert answer.status_code == 422
    check_page(answer, title="Soạn tin tuyên truyền", h1="Soạn tin tuyên truyền")
    fault = re.search(r'role="alert" id="loi">.*?<div>(.*?)</div>', answer.text, re.S)
    assert fault
    assert words in fault[1]
    if "text" not in changed:
        assert "Bà con không chuyển tiền cho người lạ.</textarea>" in answer.text
    with world.database.reading() as session:
        from data import broadcasts

        assert broadcasts.listed(session) == []


def test_quiet_hours_are_asked_about_and_urgent_ones_are_not(world: World, lan: int) -> None:
    browser = world.browser(lan)

    asked = browser.post(f"{LIST}/moi", **form(starts="2026-11-24T23:00"))
    assert asked.status_code == 422
    assert "giờ không gửi" in asked.text
    assert 'name="quiet_ok"' in asked.text

    assert world.row_of(save(browser, starts="2026-11-24T23:00", quiet_ok="1")).starts_at is not None
    assert world.row_of(save(browser, starts="2026-11-24T23:00", urgent="1")).urgent


@pytest.mark.parametrize(
    ("changed", "repeat", "first"),
    [
        ({"rhythm": "daily"}, "daily 07:30", datetime(2026, 11, 25, 0, 30, tzinfo=UTC)),
        (
            {"rhythm": "weekly", "weekdays": ["1", "5"]},
            "weekly 1,5 07:30",
            datetime(2026, 11, 27, 0, 30, tzinfo=UTC),
        ),
        ({"rhythm": "weekly"}, "weekly 3 07:30", datetime(2026, 11, 25, 0, 30, tzinfo=UTC)),
        ({"rhythm": "monthly"}, "monthly 25 07:30", datetime(2026, 11, 25, 0, 30, tzinfo=UTC)),
        (
            {"rhythm": "daily", "starts": "2026-11-20T07:30"},
            "daily 07:30",
            datetime(2026, 11, 25, 0, 30, tzinfo=UTC),
        ),
        ({"rhythm": "now"}, None, datetime(2026, 11, 24, 5, 0, tzinfo=UTC)),
    ],
)
def test_the_rhythm_is_kept_in_vietnam_time(
    world: World, lan: int, changed: dict[str, str | list[str]], repeat: str | None, first: datetime
) -> None:
    browser = world.browser(lan)

    row = world.row_of(save(browser, **changed))

    assert (row.repeat, row.starts_at) == (repeat, first)
    again = browser.get(f"{LIST}/{row.id}/sua")
    check_page(again, title="Sửa tin tuyên truyền", h1="Sửa tin tuyên truyền")


def test_the_audience_is_kept_as_it_was_picked(world: World, lan: int) -> None:
    browser = world.browser(lan)

    one = save(browser, audience="some", units=[WARD_5], groups=["BG-1"])

    assert world.row_of(one).audience == {"districts": [], "units": [WARD_5], "groups": ["BG-1"]}
    page = browser.get(f"{LIST}/{one}/sua").text
    assert re.search(rf'name="units" value="{re.escape(WARD_5)}" checked', page)
    assert "Chọn: 2 nhóm" in browser.get(f"{LIST}/{one}").text


def test_the_deliveries_are_listed_filtered_and_live(world: World, lan: int) -> None:
    one = world.broadcast(lan, status=BroadcastStatus.SENDING)
    other = world.broadcast(lan, title="Tin khác", status=BroadcastStatus.SENDING)
    world.delivery(one, group="BG-1", state=DeliveryStatus.SENT)
    world.delivery(
        one, group="BG-2", name="Nhóm phường Đa Mai", state=DeliveryStatus.FAILED, reason="OA rời nhóm."
    )
    waiting = world.delivery(one, group="BG-3", name="Nhóm xã Tân Yên", channel="gmf")
    world.delivery(other, group="BG-4", name="Nhóm của tin khác")
    browser = world.browser(lan)

    page = browser.get(f"{LIST}/{one}").text
    for words in ("1 / 3", "OA rời nhóm.", "Nhóm xã Tân Yên", "Chờ gửi: 1"):
        assert words in page
    assert "Nhóm của tin khác" not in page
    assert page.index("Nhóm phường Đa Mai") < page.index("Nhóm phường Bắc Giang")
    sent = browser.get(f"{LIST}/{one}?view=sent").text
    assert "Nhóm phường Bắc Giang" in sent
    assert "Nhóm xã Tân Yên" not in sent
    assert "Nhóm xã Tân Yên" in browser.get(f"{LIST}/{one}?q=tan yen").text

    look = re.search(r'hx-get="([^"]*tien-do[^"]*)"', page)
    assert look
    address = html.unescape(look[1])
    assert browser.get(address).status_code == 204
    with world.database.transaction() as session:
        from data.tables import Delivery

        session.get_one(Delivery, waiting).state = DeliveryStatus.SENT
    changed = browser.get(address)
    assert changed.status_code == 200
    assert "2 / 3" in changed.text


def test_pause_go_on_and_withdraw(world: World, lan: int) -> None:
    one = world.broadcast(lan, status=BroadcastStatus.SENDING)
    world.delivery(one, channel="gmf")
    browser = world.browser(lan)

    for act, status in [
        ("tam-dung", BroadcastStatus.PAUSED),
        ("tiep-tuc", BroadcastStatus.SENDING),
        ("rut", BroadcastStatus.WITHDRAWN),
    ]:
        assert browser.post(f"{LIST}/{one}/{act}", version=version(world, one)).status_code == 302
        assert world.row_of(one).status == status
    assert browser.post(f"{LIST}/{one}/tiep-tuc", version=version(world, one)).status_code == 409


@pytest.mark.parametrize(("sent", "state"), [("yes", DeliveryStatus.SENT), ("no", DeliveryStatus.WAITING)])
def test_a_person_decides_what_nobody_knows(world: World, lan: int, sent: str, state: DeliveryStatus) -> None:
    one = world.broadcast(lan, status=BroadcastStatus.SENDING)
    unknown = world.delivery(one, channel="gmf", state=DeliveryStatus.UNKNOWN)
    browser = world.browser(lan)
    address = f"{LIST}/{one}/luot/{unknown}/ket-qua"

    assert browser.post(address, sent="maybe").status_code == 400
    assert browser.post(address, sent=sent).status_code == 302
    assert world.state_of(unknown) == state
    assert browser.post(address, sent=sent).status_code == 409


def test_a_duty_officer_posts_for_the_own_unit_only(world: World, lan: int) -> None:
    one = world.broadcast(lan, status=BroadcastStatus.SENDING)
    ours = world.delivery(one, group="BG-1")
    theirs = world.delivery(one, group="BG-2", name="Nhóm phường Đa Mai", unit_id=WARD_5)
    browser = world.browser(world.officer(Role.DUTY, unit_id=WARD_3))

    page = browser.get("/console/dang-nhom")
    check_page(page, title="Đăng nhóm Zalo", h1="Đăng nhóm Zalo")
    assert "Nhóm phường Bắc Giang" in page.text
    assert "Nhóm phường Đa Mai" not in page.text

    assert browser.post(f"/console/dang-nhom/{one}/{theirs}").status_code == 409
    assert browser.post(f"/console/dang-nhom/{one}/{ours}").status_code == 302
    assert browser.post(f"/console/dang-nhom/{one}/{ours}").status_code == 409
    assert [world.state_of(ours), world.state_of(theirs)] == [DeliveryStatus.SENT, DeliveryStatus.WAITING]
    assert "Không có tin nào cần đăng" in browser.get("/console/dang-nhom").text


def test_lists_lead_on_and_odd_addresses_are_still_pages(world: World, lan: int) -> None:
    for number in range(27):
        world.broadcast(lan, title=f"Tin số {number:02}.")
    browser = world.browser(lan)

    first = browser.get(LIST)
    check_page(first, title="Tin tuyên truyền", h1="Tin tuyên truyền")
    link = re.search(r'href="([^"]*before=[^"]*)"', first.text)
    assert link
    second = browser.get(html.unescape(link[1])).text
    shown = [set(re.findall(r"Tin số (\d\d)\.", page)) for page in (first.text, second)]
    assert (len(shown[0]), len(shown[1]), shown[0] & shown[1]) == (25, 2, set())
    for query in ("?status=nope", "?before=xx", "?status=draft"):
        assert browser.get(f"{LIST}{query}").status_code == 200
    assert browser.get(f"{LIST}/99999").status_code == 404
    assert browser.get(f"{LIST}/1?run=zz&view=nope").status_code == 200


def test_the_form_has_a_label_for_every_field(world: World, lan: int) -> None:
    page = world.browser(lan).get(f"{LIST}/moi")

    check_page(page, title="Soạn tin tuyên truyền", h1="Soạn tin tuyên truyền")
    assert "Tất cả 2 nhóm" in page.text


def test_a_time_two_minutes_ahead_is_taken(world: World, lan: int) -> None:
    one = save(world.browser(lan), starts="2026-11-24T12:02", then="propose")

    assert world.row_of(one).starts_at == world.clock() + timedelta(minutes=2)
    assert world.row_of(one).status == BroadcastStatus.PROPOSED
