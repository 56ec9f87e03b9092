"""What officers do before a broadcast goes out: writing, audience, the urgent way, the stop."""

from __future__ import annotations

import io

import pytest

from data import stops
from data.session import Database
from domain.broadcasts import BroadcastStatus
from domain.roles import Role
from tests.console.broadcast_desk import act, picture
from tests.console.pages import check_page
from tests.console.test_broadcast_pages import LIST, form, save, version
from tests.console.world import WARD_5, Browser, World


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
