"""Officers as an administrator looks for them and changes them; nobody locks themself or the house out."""

from __future__ import annotations

import html
import io
import re

import pytest
from openpyxl import Workbook, load_workbook
from sqlalchemy import select

from data import audit, officers
from data.tables import AuditRow, Officer
from domain.roles import Role
from tests.console.doors import sets_up_the_app
from tests.console.pages import check_page
from tests.console.world import PASSWORD, WARD_3, WARD_5, Browser, World


def administrator(world: World) -> Browser:
    return world.browser(world.officer(Role.ADMIN, unit_id=None, name="Quản Trị"))


def link_in(page: str) -> str:
    found = re.search(r"http://localhost(/console/vao/[^<]+)<", page)
    assert found, page
    return html.unescape(found[1])


def rights(world: World, officer_id: int) -> tuple[tuple[Role, ...], str | None]:
    with world.database.reading() as session:
        row = session.get_one(Officer, officer_id)
        return officers.roles_of(row), row.unit_id


def trail_of(world: World, officer_id: int) -> list[str]:
    with world.database.reading() as session:
        return [one.action for one in audit.listed(session, limit=20, subject=f"officer:{officer_id}")]


# ---- looking for them -------------------------------------------------------------------------------------------


def test_officers_are_found_without_accents_and_by_role_unit_and_state(world: World) -> None:
    admin = administrator(world)
    hoa = world.officer(Role.DUTY, name="Nguyễn Thị Hòa", email="hoa@x.example")
    world.officer(Role.DUTY, unit_id=WARD_5, name="Trần Văn Đức", email="duc@x.example")
    world.officer(Role.EDITOR, unit_id=None, name="Lê Biên Tập", email="tap@x.example", factor=False)
    gone = world.officer(Role.DUTY, name="Đã Nghỉ", email="nghi@x.example")
    with world.database.transaction() as session:
        officers.disable_officer(session, session.get_one(Officer, gone), now=world.clock())
        session.get_one(Officer, hoa).locked_until = world.clock().replace(year=2027)

    def found(query: str) -> set[str]:
        page = admin.get(f"/console/can-bo?{query}").text
        return set(re.findall(r"<span>(\w+)@x\.example</span>", page))

    assert found("q=hoa") == {"hoa"}
    assert found("q=tran duc") == {"duc"}
    assert found("q=TAP@x") == {"tap"}
    assert found("vai-tro=editor") == {"tap"}
    assert found(f"don-vi={WARD_5}") == {"duc"}
    assert found("don-vi=tinh") == {"tap"}
    assert found("tinh-trang=closed") == {"nghi"}
    assert found("tinh-trang=locked") == {"hoa"}
    assert found("tinh-trang=no_factor") == {"tap"}
    assert found("vai-tro=king&tinh-trang=xx&trang=-1&don-vi=") == {"hoa", "duc", "tap", "nghi"}
    empty = admin.get("/console/can-bo?q=khong ai ca")
    check_page(empty, title="Cán bộ", h1="Cán bộ")
    assert "Không có cán bộ nào ở mục này" in empty.text


def test_a_long_list_comes_in_pages_that_keep_what_is_looked_for(world: World) -> None:
    admin = administrator(world)
    with world.database.transaction() as session:
        for number in range(35):
            officers.add_officer(
                session,
                email=f"so{number}@x.example",
                name=f"Cán bộ {number:02d}",
                roles=[Role.DUTY],
                unit_id=WARD_3,
                now=world.clock(),
            )

    first = admin.get("/console/can-bo?vai-tro=duty&q=can").text
    following = re.search(r'href="([^"]+)" rel="next"', first)
    assert following
    second = admin.get(html.unescape(following[1])).text

    shown = [re.findall(r"<span>so(\d+)@", page) for page in (first, second)]
    assert [len(page) for page in shown] == [30, 5]
    assert set(shown[0]).isdisjoint(shown[1])


# ---- one of them ------------------------------------------------------------------------------------------------


def test_new_rights_hold_at_once_end_the_session_and_are_written_down(world: World) -> None:
    admin, hoa = administrator(world), world.officer(Role.DUTY)
    hers = world.browser(hoa)
    page = admin.get(f"/console/can-bo/{hoa}")
    check_page(page, title="Nguyễn Thị Hoa", h1="Nguyễn Thị Hoa")
    assert "Máy thử" in page.text

    admin.post(f"/console/can-bo/{hoa}", name="Nguyễn Thị Hoa", unit_id=WARD_5, roles=["unit_head", "duty"])

    assert rights(world, hoa) == ((Role.DUTY, Role.UNIT_HEAD), WARD_5)
    assert hers.get("/console/").status_code == 302
    with world.database.reading() as session:
        row = session.scalars(select(AuditRow).where(AuditRow.action == "officer.change")).one()
    assert row.before == {"name": "Nguyễn Thị Hoa", "roles": ["duty"], "unit_id": WARD_3}
    assert row.after == {"name": "Nguyễn Thị Hoa", "roles": ["duty", "unit_head"], "unit_id": WARD_5}
    assert "Đổi họ tên, vai trò, đơn vị" in admin.get(f"/console/can-bo/{hoa}").text


def test_a_new_name_alone_leaves_the_officer_at_work_and_no_change_is_no_row(world: World) -> None:
    admin, hoa = administrator(world), world.officer(Role.DUTY)
    hers = world.browser(hoa)

    for name in ("Nguyễn Thị Hoa", "Nguyễn Thị Hoà"):
        admin.post(f"/console/can-bo/{hoa}", name=name, unit_id=WARD_3, roles=["duty"])

    assert hers.get("/console/").status_code == 200
    assert trail_of(world, hoa).count("officer.change") == 1


def test_wrong_rights_are_refused_in_words_and_nothing_typed_is_lost(world: World) -> None:
    admin, hoa = administrator(world), world.officer(Role.DUTY)

    refused = admin.post(
        f"/console/can-bo/{hoa}", name="Tên mới", unit_id="99999@2025-07-01", roles=["editor"]
    )

    assert refused.status_code == 422
    assert "Không có đơn vị" in refused.text
    assert 'value="Tên mới"' in refused.text
    assert rights(world, hoa) == ((Role.DUTY,), WARD_3)


def test_a_lost_device_is_begun_anew_and_the_old_one_opens_nothing(world: World) -> None:
    admin, hoa = administrator(world), world.officer(Role.DUTY, email="hoa@x.example")
    hers = world.browser(hoa)

    page = admin.post(f"/console/can-bo/{hoa}/mat-thiet-bi")

    assert page.status_code == 200
    assert hers.get("/console/").status_code == 302
    refused = world.browser().post("/console/dang-nhap", email="hoa@x.example", password=PASSWORD)
    assert "chưa đúng" in refused.text
    again = world.browser()
    assert again.post(link_in(page.text)).location == "/console/xac-thuc-hai-buoc"
    assert len(sets_up_the_app(again, world)) == 10
    assert trail_of(world, hoa)[-1:] == ["officer.add"]
    assert "officer.begin_anew" in trail_of(world, hoa)


def test_a_link_for_a_forgotten_password_still_asks_for_the_second_factor(world: World) -> None:
    admin, hoa = administrator(world), world.officer(Role.DUTY)

    page = admin.post(f"/console/can-bo/{hoa}/duong-dan").text

    assert world.browser().post(link_in(page)).location == "/console/buoc-hai"


def test_a_closed_account_is_opened_again_as_on_the_first_day(world: World) -> None:
    admin, hoa = administrator(world), world.officer(Role.DUTY, email="hoa@x.example")
    admin.post(f"/console/can-bo/{hoa}/dong")

    page = admin.post(f"/console/can-bo/{hoa}/mo").text

    assert (
        "chưa đúng"
        in world.browser().post("/console/dang-nhap", email="hoa@x.example", password=PASSWORD).text
    )
    assert world.browser().post(link_in(page)).location == "/console/buoc-hai"
    assert trail_of(world, hoa)[:3] != trail_of(world, hoa)[1:4]
    assert {"officer.disable", "officer.enable"} <= set(trail_of(world, hoa))


def test_an_administrator_locks_neither_themself_nor_the_house_out(world: World) -> None:
    me = world.officer(Role.ADMIN, unit_id=None, name="Một")
    other = world.officer(Role.ADMIN, unit_id=None, name="Hai")
    mine, theirs = world.browser(me), world.browser(other)

    own = f"/console/can-bo/{me}"
    assert mine.post(f"{own}/dong").status_code == 422
    assert mine.post(f"{own}/mat-thiet-bi").status_code == 422
    assert mine.post(own, name="Một", unit_id="", roles=["editor"]).status_code == 422
    assert theirs.post(f"{own}/dong").status_code == 302
    assert mine.get("/console/").status_code == 302
    with world.database.transaction() as session:
        row = session.get_one(Officer, other)
        with pytest.raises(officers.BadOfficer, match="duy nhất"):
            officers.disable_officer(session, row, now=world.clock())
    assert theirs.get("/console/can-bo").status_code == 200


def test_ending_the_sessions_of_an_officer(world: World) -> None:
    admin, hoa = administrator(world), world.officer(Role.DUTY)
    hers = [world.browser(hoa) for _ in range(2)]

    admin.post(f"/console/can-bo/{hoa}/ket-thuc-phien")

    assert [one.get("/console/").status_code for one in hers] == [302, 302]
    assert "Không có phiên đăng nhập nào" in admin.get(f"/console/can-bo/{hoa}").text


# ---- from a sheet -----------------------------------------------------------------------------------------------

HEAD = ["Họ tên", "Địa chỉ thư điện tử", "Vai trò", "Đơn vị"]


def excel(*rows: list[str]) -> tuple[io.BytesIO, str]:
    book = Workbook()
    sheet = book.create_sheet("Cán bộ", 0)
    for row in (HEAD, *rows):
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    out.seek(0)
    return out, "can-bo.xlsx"


def test_a_sheet_is_shown_first_and_applied_whole(world: World) -> None:
    admin, hoa = administrator(world), world.officer(Role.DUTY, email="hoa@x.example")
    given = excel(
        ["Nguyễn Thị Hoa", "HOA@x.example", "Trực ban; Chỉ huy đơn vị", "Phường Đa Mai"],
        ["Lê Văn Mới", "moi@x.example", "duty", "07210"],
        ["Cấp Tỉnh", "tinh@x.example", "Thanh tra", ""],
    )
    shown = admin.post("/console/can-bo/bang-tinh", file=given)
    page = admin.get(shown.location)
    check_page(page, title="So sánh tệp cán bộ", h1="So sánh tệp cán bộ")
    assert "Trực ban, Chỉ huy đơn vị" in page.text
    assert rights(world, hoa) == ((Role.DUTY,), WARD_3), "nothing has changed yet"

    applied = admin.post(f"{shown.location}/ap-dung")

    assert rights(world, hoa) == ((Role.DUTY, Role.UNIT_HEAD), WARD_5)
    links = re.findall(r"http://localhost(/console/vao/[^<]+)<", applied.text)
    assert len(links) == 2
    assert world.browser().post(links[0]).location == "/console/xac-thuc-hai-buoc"
    assert "/console/vao/" not in admin.get(shown.location).text, "links are shown once"
    assert admin.post(f"{shown.location}/ap-dung").status_code == 409
    with world.database.reading() as session:
        row = session.scalars(select(AuditRow).where(AuditRow.action == "officer.import")).one()
    assert row.after == {"rows": 3, "new": 2, "changed": 1}


def test_every_fault_of_a_sheet_is_named_by_row_and_column_and_nothing_is_applied(world: World) -> None:
    admin = administrator(world)
    text = "\n".join(
        [
            ";".join(HEAD),
            "Không Thư;khong-phai;Trực ban;",
            "Lạ;la@x.example;Vua;",
            ";trong@x.example;Trực ban;",
            "Hai Lần;hai@x.example;Trực ban;",
            "Hai Lần;HAI@x.example;Trực ban;Phường Không Có",
            "Đúng;dung@x.example;Trực ban;Phường Bắc Giang",
        ]
    )
    shown = admin.post("/console/can-bo/bang-tinh", file=(io.BytesIO(text.encode()), "a.csv"))
    page = admin.get(shown.location).text

    for words in (
        "không phải là địa chỉ",
        "Không có vai trò “Vua”",
        "Chưa có họ tên",
        "đã có ở dòng 5",
        "Không có đơn vị “Phường Không Có”",
    ):
        assert words in page, words
    assert "ap-dung" not in page
    assert admin.post(f"{shown.location}/ap-dung").status_code == 409
    assert "dung@x.example" not in admin.get("/console/can-bo").text
    assert admin.post(f"{shown.location}/bo").status_code == 302


def test_files_that_are_no_sheet_are_refused_in_words(world: World) -> None:
    admin = administrator(world)
    for content, name in ((b"PK\x03\x04 broken", "a.xlsx"), (b"a;b\n1;2", "a.csv"), (b"", "a.csv")):
        refused = admin.post("/console/can-bo/bang-tinh", file=(io.BytesIO(content), name))
        assert refused.status_code == 422, name
        assert 'role="alert"' in refused.text
    assert admin.post("/console/can-bo/bang-tinh").status_code == 422
    formula = excel(["=1+1", "a@x.example", "Trực ban", ""])
    shown = admin.post("/console/can-bo/bang-tinh", file=formula)
    assert "công thức" in admin.get(shown.location).text


def test_a_sheet_cannot_take_the_last_administrator_away(world: World) -> None:
    me = world.officer(Role.ADMIN, unit_id=None, name="Một", email="mot@x.example")
    admin = world.browser(me)
    given = excel(["Mới", "moi@x.example", "Trực ban", ""], ["Một", "mot@x.example", "Trực ban", ""])
    shown = admin.post("/console/can-bo/bang-tinh", file=given)

    refused = admin.post(f"{shown.location}/ap-dung")

    assert refused.status_code == 409
    assert "Dòng 3" in refused.text
    assert rights(world, me) == ((Role.ADMIN,), None)
    assert "moi@x.example" not in admin.get("/console/can-bo").text, "all or nothing"


def test_the_template_can_be_filled_in_and_read_back(world: World) -> None:
    admin = administrator(world)
    book = load_workbook(io.BytesIO(admin.get("/console/can-bo/bang-tinh/mau.xlsx").data))

    assert [cell.value for cell in book.worksheets[0][1]] == HEAD
    assert "Thanh tra" in [row[0].value for row in book.worksheets[1].iter_rows()]
