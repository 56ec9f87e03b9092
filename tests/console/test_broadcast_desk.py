"""What officers do around a broadcast: urgent way, stop, follow-up, retry, wall, lists, files, registry, reports."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from openpyxl import load_workbook
from PIL import Image
from werkzeug.test import TestResponse

from broadcasts.plan import plan_due
from console.sheets import as_plain
from data import group_registry, officer_chats, outgoing, stops
from data.group_registry import Found
from data.session import Database
from data.tables import Delivery, GroupRow, OfficialAccount
from domain.broadcasts import BroadcastStatus, DeliveryStatus
from domain.roles import Role
from domain.work import Kind
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


def act(world: World, browser: Browser, broadcast: int, what: str, **more: str) -> TestResponse:
    return browser.post(f"{LIST}/{broadcast}/{what}", version=version(world, broadcast), **more)


def sent(world: World, lan: Browser, minh: Browser, **changed: Any) -> int:
    """A broadcast that was approved and planned; the groups here are posted to by hand."""
    one = save(lan, **({"rhythm": "now", "then": "propose"} | changed))
    assert act(world, minh, one, "duyet").status_code == 302
    plan_due(world.database, now=world.clock())
    return one


def picture(width: int = 400, name: str = "JPEG") -> bytes:
    out = io.BytesIO()
    Image.effect_noise((width, width), 60).convert("RGB").save(out, name)
    return out.getvalue()


def cells(answer: TestResponse) -> list[list[Any]]:
    book = load_workbook(io.BytesIO(answer.data))
    return [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]


# ---- writing ---------------------------------------------------------------------------------------------------


def test_a_template_is_filled_in_from_its_blanks_and_nothing_is_saved_yet(world: World, lan: Browser):
    blanks = {"name": "An", "age": "6", "where": "chợ Thương", "when": "9 giờ", "phone": "113"}
    page = lan.post(
        f"{LIST}/moi",
        **form(
            kind="lost_child",
            then="fill",
            **{f"blank-lost_child-{key}": text for key, text in blanks.items()},
        ),
    )
    check_page(page, title="Soạn tin tuyên truyền", h1="Soạn tin tuyên truyền")
    assert "Cháu An, 6 tuổi." in page.text
    assert "Được nhìn thấy lần cuối tại chợ Thương lúc 9 giờ." in page.text
    assert "Trang phục: " not in page.text.split("<textarea")[1].split("</textarea>")[0]
    assert "Chưa có tin nào" in lan.get(LIST).text
    missing = lan.post(f"{LIST}/moi", **form(kind="lost_child", then="fill"))
    assert missing.status_code == 422
    assert "Mời điền: Tên cháu" in missing.text


def test_the_lifetime_is_the_kinds_unless_the_officer_says_another(world: World, lan: Browser):
    assert world.row_of(save(lan, kind="traffic")).lifetime_minutes == 12 * 60
    assert world.row_of(save(lan, kind="traffic", hours="3")).lifetime_minutes == 180
    assert lan.post(f"{LIST}/moi", **form(hours="100000")).status_code == 422


def test_pictures_and_a_file_are_kept_made_fit_and_shown(world: World, lan: Browser, minh: Browser):
    answer = lan.post(
        f"{LIST}/moi",
        **form(
            files=[
                (io.BytesIO(picture(500)), "ảnh chụp.jpg"),
                (io.BytesIO(b"%PDF-1.4 something"), "thong bao.pdf"),
            ]
        ),
    )
    one = int(answer.location.rsplit("/", 1)[1])
    media = world.row_of(one).media or []
    assert [(file["name"], file["kind"]) for file in media] == [
        ("ảnh chụp.jpg", "image"),
        ("thong bao.pdf", "file"),
    ]
    assert media[0]["size"] <= 1 << 20
    shown = minh.get(f"/console/tuyen-truyen/tep/{media[0]['key']}")
    assert (shown.status_code, shown.mimetype) == (200, "image/jpeg")
    assert (
        minh.get(f"/console/tuyen-truyen/tep/{media[1]['key']}")
        .headers["Content-Disposition"]
        .startswith("attachment")
    )
    seen = version(world, one)
    lan.post(f"{LIST}/{one}/sua", **form(version=seen, media=[media[1]["key"]]))
    assert [file["name"] for file in world.row_of(one).media or []] == ["thong bao.pdf"], (
        "unticked: taken out"
    )


@pytest.mark.parametrize("content", [b"", b"MZ something that runs", b"%PDF in a picture's clothes"])
def test_what_is_no_picture_and_no_document_is_refused_by_name(world: World, lan: Browser, content: bytes):
    answer = lan.post(f"{LIST}/moi", **form(files=[(io.BytesIO(content), "anh.jpg")]))
    assert answer.status_code == 422
    assert "anh.jpg" in answer.text
    assert world.media == {}


def test_private_data_and_misspelt_units_are_said_before_the_approval(
    world: World, lan: Browser, minh: Browser
):
    one = save(
        lan,
        text="Cháu An 6 tuổi ở ngõ 12, phường Bắc Giangg. Gọi 0912 345 678, căn cước 024123456789.",
        then="propose",
    )
    page = minh.get(f"{LIST}/{one}").text
    assert "0912 345 678" in page
    assert "đường dây nóng" in page
    assert "căn cước" in page
    assert "trẻ em và có địa chỉ" in page
    assert "có phải “Bắc Giang”?" in page


def test_a_rhythm_is_written_in_words_and_read_back(world: World, lan: Browser):
    one = save(lan, rhythm="words", words="mỗi thứ Hai, thứ Năm 7 giờ rưỡi", ends="2026-12-31")
    assert world.row_of(one).repeat == "weekly 1,4 07:30"
    assert "07:30 thứ Hai, thứ Năm hằng tuần" in lan.get(f"{LIST}/{one}").text
    unclear = lan.post(f"{LIST}/moi", **form(rhythm="words", words="lúc nào tiện"))
    assert unclear.status_code == 422
    assert "Chưa rõ giờ gửi" in unclear.text


# ---- audience ---------------------------------------------------------------------------------------------------


def test_a_list_is_kept_and_chosen_and_groups_are_left_out(world: World, lan: Browser, minh: Browser):
    world.group("BG-3", "Nhóm thứ ba")
    answer = lan.post("/console/tuyen-truyen/danh-sach", name="Ven sông", groups=["BG-1", "BG-3"])
    assert answer.status_code == 302
    page = lan.get("/console/tuyen-truyen/danh-sach")
    check_page(page, title="Danh sách nhóm", h1="Danh sách nhóm")
    one = save(lan, audience="some", lists=["1"], exclude=["BG-3"], then="propose")
    assert "Duyệt, cho gửi 1 nhóm" in minh.get(f"{LIST}/{one}").text
    assert lan.post("/console/tuyen-truyen/danh-sach", name="Ven sông", groups=["BG-2"]).status_code == 422
    lan.post("/console/tuyen-truyen/danh-sach/1/xoa")
    assert "Ven sông" not in lan.get("/console/tuyen-truyen/danh-sach").text


def test_the_wards_stand_on_a_map_that_presses_the_boxes_of_the_units(world: World, lan: Browser):
    page = lan.get(f"{LIST}/moi").text
    assert page.count('data-ward="07210"') == 2, "the ward's shape and its box"
    assert 'data-ward-picker="units"' in page


def test_the_approval_is_for_the_groups_that_were_shown(world: World, lan: Browser, minh: Browser):
    one = save(lan, then="propose")
    page = minh.get(f"{LIST}/{one}").text
    mark = page.split('name="groups" value="')[1].split('"')[0]
    world.group("BG-9", "Nhóm vừa thêm")
    late = act(world, minh, one, "duyet", groups=mark)
    assert late.status_code == 409
    assert "vừa thay đổi" in late.text
    approved = act(
        world,
        minh,
        one,
        "duyet",
        groups=minh.get(f"{LIST}/{one}").text.split('name="groups" value="')[1].split('"')[0],
    )
    assert approved.status_code == 302
    world.group("BG-10", "Nhóm thêm sau khi duyệt")
    assert "Mới thêm, không nhận tin này: Nhóm thêm sau khi duyệt" in minh.get(f"{LIST}/{one}").text


# ---- urgent, stop -------------------------------------------------------------------------------------------------


def test_the_head_on_duty_lets_a_lost_child_go_and_the_approver_reviews(
    world: World, lan: Browser, minh: Browser
):
    head = world.browser(world.officer(Role.UNIT_HEAD, name="Chỉ huy trực"))
    one = save(lan, kind="lost_child", urgent="1", rhythm="now", then="propose")
    assert "Duyệt khẩn, cho gửi 2 nhóm" in head.get(f"{LIST}/{one}").text
    assert act(world, head, one, "duyet").status_code == 403, "the ordinary way is not theirs"
    assert act(world, head, one, "duyet-khan").status_code == 302
    assert world.row_of(one).status == BroadcastStatus.SCHEDULED
    assert "chờ xem lại" in minh.get(LIST).text
    assert act(world, minh, one, "xem-lai", verdict="fault", words="").status_code == 422
    assert act(world, minh, one, "xem-lai", verdict="fault", words="Thiếu ảnh").status_code == 302
    assert world.row_of(one).review_due_at is None
    page = lan.get(f"{LIST}/{one}").text
    assert "Trực ban duyệt khẩn" in page
    assert "Đơn vị chưa có lịch trực; duyệt với vai trò chỉ huy." in page
    assert "có sai sót" in page


def test_where_there_is_a_roster_only_a_head_on_duty_approves_urgently(world: World, lan: Browser):
    on, off = (world.officer(Role.UNIT_HEAD, name=name) for name in ("Chỉ huy trực", "Chỉ huy nghỉ"))
    one = save(lan, kind="lost_child", urgent="1", rhythm="now", then="propose")
    world.shift(on)
    resting = world.browser(off)
    page = resting.get(f"{LIST}/{one}").text
    assert "Duyệt khẩn, cho gửi" not in page
    assert "không trong ca trực" in page
    refused = act(world, resting, one, "duyet-khan")
    assert refused.status_code == 409
    assert "không trong ca trực" in refused.text
    assert act(world, world.browser(on), one, "duyet-khan").status_code == 302
    assert "Đang trong ca trực theo lịch" in lan.get(f"{LIST}/{one}").text


def test_an_ordinary_kind_has_no_urgent_way(world: World, lan: Browser):
    head = world.browser(world.officer(Role.UNIT_HEAD, name="Chỉ huy trực"))
    one = save(lan, kind="crime", then="propose")
    assert "Duyệt khẩn" not in head.get(f"{LIST}/{one}").text
    assert act(world, head, one, "duyet-khan").status_code == 403


def test_the_stop_button_holds_everything_until_another_person_lifts_it(
    world: World, lan: Browser, minh: Browser
):
    stop = "/console/tuyen-truyen/dung"
    check_page(lan.get(stop), title="Dừng toàn bộ", h1="Dừng toàn bộ việc gửi tin")
    assert lan.post(stop, reason=" ").status_code == 422
    assert lan.post(stop, reason="Sai số điện thoại").status_code == 302
    assert "Sai số điện thoại" in minh.get(LIST).text
    assert lan.post(f"{stop}/tiep-tuc").status_code == 403
    assert minh.post(f"{stop}/tiep-tuc").status_code == 302
    with world.database.reading() as session:
        assert stops.standing(session) is None


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
    one = save(lan)
    assert act(world, lan, one, "gui-thu").status_code == 409
    page = lan.post("/console/tai-khoan/zalo")
    code = page.text.split("liên kết ")[1][:8]
    with world.database.transaction() as session:
        assert not officer_chats.link(session, "00000000", citizen=CITIZEN, oa_id=OA, now=NOON)
        assert officer_chats.link(session, code, citizen=CITIZEN, oa_id=OA, now=NOON)
        assert not officer_chats.link(session, code, citizen=CITIZEN, oa_id=OA, now=NOON), "a code works once"
    assert act(world, lan, one, "gui-thu").status_code == 302
    with world.database.transaction() as session:
        said = [
            row.reply.text
            for row in outgoing.claim_due(session, now=NOON, limit=9, lease=timedelta(minutes=1))
        ]
    assert said == [officer_chats.TEST_HEAD]
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
