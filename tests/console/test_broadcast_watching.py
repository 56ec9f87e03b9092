"""What officers do around a broadcast that goes out: follow-ups, retries, wall, tries, hand, registry, reports."""

from __future__ import annotations

import io
from typing import Any

import pytest
from sqlalchemy import event

from broadcasts.plan import plan_due
from console.sheets import as_plain
from data import audit, group_registry, officer_chats
from data.group_registry import Found
from data.replies import reply_from_json
from data.session import Database
from data.tables import Delivery, GroupRow, OfficialAccount, Outgoing
from domain.broadcasts import BroadcastStatus, DeliveryStatus
from domain.messages import Reply
from domain.roles import Role
from domain.work import Kind
from tests.console.broadcast_desk import act, cells, picture, sent
from tests.console.pages import check_page
from tests.console.test_broadcast_pages import LIST, form, save, version
from tests.console.world import CITIZEN, NOON, OA, WARD_5, Browser, World


@pytest.fixture
def world(database: Database) -> World:
    world = World(database)
    world.group("BG-1", "Nhóm phường Bắc Giang")
    world.group("BG-2", "Nhóm phường Đa Mai", unit_id=WARD_5)
    return world


@pytest.fixture
def lan(world: World) -> Browser:
    return world.browser(world.officer(Role.BROADCASTER, unit_id=None, name="Lê Thị Lan"))


@pytest.fixture
def minh(world: World) -> Browser:
    return world.browser(world.officer(Role.APPROVER, unit_id=None, name="Phạm Văn Minh"))


# ---- following up, trying again ---------------------------------------------------------------------------------------


def test_a_correction_stops_the_rest_and_goes_to_those_who_got_it(world: World, lan: Browser, minh: Browser):
    duty = world.browser(world.officer(Role.DUTY, name="Trực ban"))
    one = sent(world, lan, minh)
    delivery = next(row for row in _deliveries(world, one) if row.group_code == "BG-1")
    assert "Không chuyển tiền" not in duty.get("/console/").text
    duty.post(f"/console/dang-nhom/{one}/{delivery.id}")

    answer = lan.post(f"{LIST}/{one}/tin-noi", kind="withdrawal")

    assert answer.status_code == 302
    new = int(answer.location.split("/")[-2])
    assert {row.group_code: row.state for row in _deliveries(world, one)} == {
        "BG-1": "sent",
        "BG-2": "expired",
    }
    assert world.row_of(one).status == BroadcastStatus.WITHDRAWN
    draft = lan.get(f"{LIST}/{new}/sua")
    assert "Chỉ gửi tới các nhóm đã nhận tin gốc" in draft.text
    lan.post(
        f"{LIST}/{new}/sua",
        **form(text="Tin trước có sai sót.", follows=str(one), follows_kind="withdrawal", rhythm="now",
               version=version(world, new), then="propose"),
    )  # fmt: skip
    assert world.row_of(new).audience == {"follows": one}
    act(world, minh, new, "duyet")
    plan_due(world.database, now=world.clock())
    assert [row.group_code for row in _deliveries(world, new)] == ["BG-1"]
    assert "Tin trước có sai sót." in duty.get("/console/dang-nhom").text


def test_chosen_failures_are_sent_again(world: World, lan: Browser, minh: Browser):
    one = sent(world, lan, minh)
    with world.database.transaction() as session:
        for row in session.query(Delivery):
            row.state, row.reason = DeliveryStatus.FAILED, "Nhóm đã hết hạn."
    chosen = _deliveries(world, one)[0]
    page = lan.get(f"{LIST}/{one}").text
    assert f'name="deliveries" value="{chosen.id}"' in page
    assert lan.post(f"{LIST}/{one}/gui-lai").status_code == 422
    assert lan.post(f"{LIST}/{one}/gui-lai", deliveries=[str(chosen.id)]).status_code == 302
    assert [row.state for row in _deliveries(world, one)] == ["waiting", "failed"]
    assert Kind.DELIVERIES in world.woken


# ---- watching ----------------------------------------------------------------------------------------------------------


def test_the_wall_shows_every_group_on_the_map_and_as_tiles_and_looks_again(
    world: World, lan: Browser, minh: Browser
):
    one = sent(world, lan, minh)
    page = lan.get(f"{LIST}/{one}/ban-do")
    check_page(page, title="Bản đồ: Cảnh báo giả danh cán bộ điện lực", h1="Bản đồ nhóm nhận tin")
    assert '<use href="#w07210" class="ward tone-gray">' in page.text
    assert "Nhóm phường Bắc Giang" in page.text
    mark = page.text.split("mark=")[1].split('"')[0]
    assert lan.get(f"{LIST}/{one}/ban-do/tien-do?mark={mark}").status_code == 204
    with world.database.transaction() as session:
        session.query(Delivery).filter(Delivery.group_code == "BG-1").update({"state": "failed"})
    part = lan.get(f"{LIST}/{one}/ban-do/tien-do?mark={mark}")
    assert '<use href="#w07210" class="ward tone-red">' in part.text
    trouble = lan.get(f"{LIST}/{one}/ban-do/tien-do?view=trouble").text
    assert "Nhóm phường Đa Mai" not in trouble.split('class="tiles"')[1]


@pytest.mark.parametrize("look", ["tien-do", "ban-do/tien-do"])
def test_looking_again_is_cheap_and_ends_with_the_broadcast(
    world: World, lan: Browser, minh: Browser, look: str
):
    one = sent(world, lan, minh)
    page = f"{LIST}/{one}/{look.removesuffix('tien-do')}".rstrip("/")
    shown = lan.get(page).text
    assert 'hx-trigger="every' in shown
    mark = shown.split("mark=")[1].split('"')[0]
    asked: list[str] = []

    def count(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        asked.append(statement)

    event.listen(world.database.engine, "before_cursor_execute", count)
    answer = lan.get(f"{LIST}/{one}/{look}?mark={mark}")
    event.remove(world.database.engine, "before_cursor_execute", count)
    assert (answer.status_code, answer.data) == (204, b"")
    about_it = [one for one in asked if "deliveries" in one or "broadcasts" in one or "runs" in one]
    assert len(about_it) <= 4, "the row, its runs, its deliveries"

    act(world, lan, one, "tam-dung")
    assert 'hx-trigger="every' in lan.get(page).text, "somebody may let it go on"
    act(world, lan, one, "rut")
    assert 'hx-trigger="every' not in lan.get(page).text


def test_the_export_has_every_delivery_and_runs_no_formula(world: World, lan: Browser, minh: Browser):
    with world.database.transaction() as session:
        session.get_one(GroupRow, "BG-1").name = "=HYPERLINK(1)"
    one = sent(world, lan, minh)
    rows = cells(lan.get(f"{LIST}/{one}/bang.xlsx"))
    assert len(rows) == 3
    assert "'=HYPERLINK(1)" in [row[2] for row in rows]


@pytest.mark.parametrize("text", ["=1+1", "+84", "-1", "@x", "\t=1", " =1"])
def test_what_a_spreadsheet_would_run_is_made_plain(text: str):
    assert as_plain(text) == f"'{text}"
    assert as_plain("Nhóm 5 - tổ 3") == "Nhóm 5 - tổ 3"
    assert as_plain(-5) == -5


def test_the_calendar_shows_what_comes_and_what_comes_together(world: World, lan: Browser):
    for number in range(3):
        save(lan, title=f"Tin số {number}", starts=f"2026-11-25T07:{30 + number}", then="propose")
    page = lan.get("/console/tuyen-truyen/lich")
    check_page(page, title="Lịch tuyên truyền", h1="Lịch tuyên truyền")
    assert "3 tin trong một giờ (từ 07:30 ngày 25/11) tới cùng 2 nhóm" in page.text
    assert "Trùng lịch" in lan.get(f"{LIST}/1").text


def test_a_dry_run_says_what_would_go_where_and_when_and_sends_nothing(world: World, lan: Browser):
    world.group("BG-3", "Nhóm chưa kết nối", channel="gmf")
    one = save(lan, rhythm="weekly", weekdays=["1"], starts="2026-11-25T07:30", link="https://example.vn/tin")
    page = lan.get(f"{LIST}/{one}/chay-thu")
    check_page(page, title="Chạy thử: Cảnh báo giả danh cán bộ điện lực", h1="Chạy thử")
    assert "<strong>2 nhóm</strong> nhận 1 tin nhắn mỗi nhóm; 1 nhóm không gửi được" in page.text
    assert "30/11/2026 07:30, 07/12/2026 07:30" in page.text
    assert "Nhóm chưa được kết nối với Zalo" in page.text
    assert _deliveries(world, one) == []


# ---- by hand, in Zalo ------------------------------------------------------------------------------------------------------


def test_the_officer_posts_by_hand_with_a_screenshot_or_without(world: World, lan: Browser, minh: Browser):
    duty = world.browser(world.officer(Role.DUTY, name="Trực ban"))
    one = sent(world, lan, minh)
    row = next(row for row in _deliveries(world, one) if row.group_code == "BG-1")
    answer = duty.client.post(
        f"/console/dang-nhom/{one}/{row.id}",
        data={"csrf_token": duty.token(), "screenshot": (io.BytesIO(picture()), "man hinh.png")},
    )
    assert answer.status_code == 302
    row = next(row for row in _deliveries(world, one) if row.group_code == "BG-1")
    assert (row.state, row.proof_key in world.media) == (DeliveryStatus.SENT, True)
    assert row.posted_by is not None


def test_a_code_said_in_the_chat_makes_it_the_officers_own(world: World, lan: Browser):
    files = [(io.BytesIO(picture()), "an.jpg"), (io.BytesIO(b"%PDF-1.4 cong van"), "công văn.pdf")]
    one = save(lan, files=files)
    assert act(world, lan, one, "gui-thu").status_code == 409
    page = lan.post("/console/tai-khoan/zalo")
    code = page.text.split("liên kết ")[1][:8]
    with world.database.transaction() as session:
        assert not officer_chats.link(session, "00000000", citizen=CITIZEN, oa_id=OA, now=NOON)
        assert officer_chats.link(session, code, citizen=CITIZEN, oa_id=OA, now=NOON)
        assert not officer_chats.link(session, code, citizen=CITIZEN, oa_id=OA, now=NOON), "a code works once"
    assert act(world, lan, one, "gui-thu").status_code == 302
    with world.database.transaction() as session:
        said = [reply_from_json(row.body) for row in session.query(Outgoing).order_by(Outgoing.id)]
    row = world.row_of(one)
    keys = [media["key"] for media in row.media or ()]
    assert said == [
        Reply(officer_chats.TEST_HEAD),
        Reply(row.text, image=keys[0]),
        Reply("", file=keys[1]),
    ]
    assert "Đã liên kết" in lan.get("/console/tai-khoan/zalo").text
    lan.post("/console/tai-khoan/zalo/bo")
    assert act(world, lan, one, "gui-thu").status_code == 409


# ---- the registry ------------------------------------------------------------------------------------------------------------


def test_the_registry_says_how_each_group_fares_and_what_to_do(world: World):
    admin = world.browser(world.officer(Role.ADMIN, unit_id=None))
    with world.database.transaction() as session:
        session.add(OfficialAccount(oa_id=OA, name="OA tỉnh", created_at=NOON, requests_per_minute=100))
    page = admin.get("/console/nhom")
    check_page(page, title="Nhóm Zalo", h1="Nhóm Zalo")
    assert admin.post("/console/nhom/BG-1", channel="gmf", active="1").status_code == 422
    fields = {"channel": "gmf", "oa_id": OA, "zalo_group_id": "z1", "active": "1"}
    assert admin.post("/console/nhom/BG-1", **fields).status_code == 302
    assert admin.post("/console/nhom/BG-2", **fields).status_code == 422, "one Zalo group, one row"
    admin.post("/console/nhom/BG-2", **(fields | {"zalo_group_id": "z2"}))
    admin.post("/console/nhom/kiem-tra")
    with world.database.transaction() as session:
        check = group_registry.open_check(session)
        assert check is not None
        found = [Found("z1", "Phường BG", 321, True), Found("z9", "Nhóm lạ", 5, True)]
        told = group_registry.compare(session, OA, found, now=NOON)
        group_registry.finish_check(session, check.id, {OA: told}, now=NOON)
    page_text = admin.get("/console/nhom").text
    assert "321 thành viên" in page_text
    assert "OA không còn trong nhóm" in page_text
    assert "Nhóm lạ" in page_text
    assert "Nhóm phường Bắc Giang" not in admin.get("/console/nhom?loi=1").text.split('class="deliveries')[1]
    check_page(admin.get("/console/nhom/BG-1"), title="Nhóm phường Bắc Giang", h1="Nhóm phường Bắc Giang")


def test_the_days_of_a_group_are_set_in_the_registry_and_seen_before_a_broadcast_is_approved(world: World):
    admin = world.browser(world.officer(Role.ADMIN, unit_id=None))
    there = {"channel": "assisted", "active": "1"}
    wrong = admin.post("/console/nhom/BG-1", **there, first_day="2026-12-01", last_day="2026-11-30")
    assert wrong.status_code == 422
    assert "Ngày cuối (30/11/2026) đang trước ngày đầu (01/12/2026)" in wrong.text
    assert 'name="last_day" type="date" value="2026-11-30"' in wrong.text, "what was typed comes back"
    assert admin.post("/console/nhom/BG-1", **there, first_day="mai").status_code == 422
    admin.post("/console/nhom/BG-1", **there, first_day="2026-12-01", last_day="2027-11-30")
    admin.post("/console/nhom/BG-2", **there, last_day="2026-11-23")
    with world.database.reading() as session:
        entry = audit.listed(session, limit=1, subject="group:BG-1")[0]
        assert entry.after is not None
        assert (entry.after["first_day"], entry.after["last_day"]) == ("2026-12-01", "2027-11-30")
    listed = admin.get("/console/nhom").text
    assert "từ 01/12/2026 · đến hết 30/11/2027" in listed
    assert (listed.count("Chưa bắt đầu"), listed.count("Đã kết thúc")) == (1, 1)
    page = admin.get("/console/nhom/BG-1").text
    assert "ngày đầu của nhóm là 01/12/2026" in page
    assert 'name="first_day" type="date" value="2026-12-01"' in page

    world.group("BG-4", "Nhóm xã Tân Yên")
    author = world.officer(Role.BROADCASTER, unit_id=None, name="Lê Thị Lan")
    lan = world.browser(author)
    written = lan.get(f"{LIST}/moi").text
    assert "Tất cả 1 nhóm" in written
    assert "Không tính 2 nhóm chưa bắt đầu hoặc đã kết thúc vào ngày gửi" in written
    one = world.broadcast(author)
    page = lan.get(f"{LIST}/{one}").text
    assert "Tất cả: 1 nhóm" in page
    assert "Không gồm 2 nhóm:" in page
    assert "Nhóm phường Bắc Giang – Nhóm chưa bắt đầu: ngày đầu của nhóm là 01/12/2026." in page
    assert "Nhóm phường Đa Mai – Nhóm đã kết thúc: ngày cuối của nhóm là 23/11/2026." in page
    dry = lan.get(f"{LIST}/{one}/chay-thu").text
    assert "1 nhóm</strong> nhận" in dry
    assert "2 nhóm không gửi được" in dry


def test_a_page_has_one_group_says_who_follows_it_and_without_an_oa_who_posts(world: World):
    admin = world.browser(world.officer(Role.ADMIN, unit_id=None))
    with world.database.transaction() as session:
        if session.get(OfficialAccount, OA) is None:
            session.add(OfficialAccount(oa_id=OA, name="Công an phường", created_at=NOON))
    page = {"channel": "oa_page", "oa_id": "", "zalo_group_id": "", "active": "1"}
    assert admin.post("/console/nhom/BG-1", **page).status_code == 302
    assert group_registry.NO_PAGE in admin.get("/console/nhom/BG-1").text
    assert admin.post("/console/nhom/BG-1", **page | {"oa_id": OA, "zalo_group_id": "abc"}).status_code == 302
    taken = admin.post("/console/nhom/BG-2", **page | {"oa_id": OA})
    assert taken.status_code == 422
    assert "đã khai báo ở nhóm khác" in taken.text
    with world.database.transaction() as session:
        assert session.get_one(GroupRow, "BG-1").zalo_group_id is None
        group_registry.note_followers(session, OA, 1234, now=NOON)
    assert "1.234 người quan tâm" in admin.get("/console/nhom").text
    shown = admin.get("/console/nhom/BG-1").text
    assert group_registry.NO_PAGE not in shown
    assert "mỗi ngày nhiều nhất một tin" in shown


# ---- reports ----------------------------------------------------------------------------------------------------------------


def test_the_month_is_reported_by_broadcast_kind_and_unit(world: World, lan: Browser, minh: Browser):
    one = sent(world, lan, minh)
    sent(world, lan, minh, title="Tập huấn", training="1")
    with world.database.transaction() as session:
        session.get_one(GroupRow, "BG-1").members = 1200
        session.query(Delivery).filter(Delivery.broadcast_id == one).update(
            {"state": "sent", "sent_at": world.clock()}
        )
    page = lan.get("/console/tuyen-truyen/bao-cao")
    check_page(page, title="Báo cáo tuyên truyền", h1="Báo cáo tuyên truyền")
    assert "1.200 lượt người (chưa tính 1 lượt nhóm chưa biết số thành viên)" in " ".join(page.text.split())
    assert "Tập huấn" not in page.text
    assert "Cảnh báo lừa đảo" in page.text
    assert "Phường Đa Mai" in page.text
    assert "chưa gửi tin nào" in lan.get("/console/tuyen-truyen/bao-cao?thang=2026-10").text
    rows = cells(lan.get("/console/tuyen-truyen/bao-cao.xlsx?thang=2026-11"))
    assert rows[1][:4] == ["Cảnh báo giả danh cán bộ điện lực", 1, 2, 2]


@pytest.mark.parametrize("broken", ["2026-13", "abc", "2026", "9999-01", "２０２６-11"])
def test_a_month_that_is_none_shows_this_one(world: World, lan: Browser, broken: str):
    assert "Tháng 11/2026" in lan.get(f"/console/tuyen-truyen/bao-cao?thang={broken}").text


def _deliveries(world: World, broadcast: int) -> list[Delivery]:
    with world.database.reading() as session:
        return list(session.query(Delivery).filter(Delivery.broadcast_id == broadcast).order_by(Delivery.id))
