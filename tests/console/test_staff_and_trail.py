"""Accounts as an administrator keeps them, and the trail as an inspector reads it."""

from __future__ import annotations

import html
import re

from sqlalchemy import update

from data.tables import AuditRow
from domain.roles import Role
from tests.console.doors import sets_up_the_app
from tests.console.pages import check_page
from tests.console.world import WARD_3, World


def test_a_new_officer_comes_in_by_the_link_that_is_shown_once(world: World) -> None:
    admin = world.browser(world.officer(Role.ADMIN, unit_id=None))
    check_page(admin.get("/console/can-bo"), title="Cán bộ", h1="Cán bộ")

    made = admin.post(
        "/console/can-bo",
        name="Lê Văn Mới",
        email="moi@bacninh.example",
        unit_id=WARD_3,
        roles=["duty", "unit_head"],
    )

    link = re.search(r'id="duong-dan">http://localhost(/console/vao/[^<]+)<', made.text)
    assert link
    assert "/console/vao/" not in admin.get("/console/can-bo").text
    newcomer = world.browser()
    assert newcomer.post(html.unescape(link[1])).location == "/console/xac-thuc-hai-buoc"
    sets_up_the_app(newcomer, world)
    account = newcomer.get("/console/tai-khoan").text
    assert "Đặt mật khẩu" in account
    assert "Công an phường Bắc Giang" in account
    assert "Trực ban, Chỉ huy đơn vị" in account


def form() -> dict[str, str | list[str]]:
    return {"name": "Lê Văn Mới", "email": "moi@bacninh.example", "unit_id": "", "roles": ["duty"]}


def test_what_cannot_be_an_account_is_said_and_nothing_typed_is_lost(world: World) -> None:
    admin = world.browser(world.officer(Role.ADMIN, unit_id=None))

    wrong: list[tuple[str, str | list[str], str]] = [
        ("email", "khong-phai", "không phải là địa chỉ"),
        ("name", "", "họ tên"),
        ("roles", ["king"], "vai trò"),
        ("unit_id", "no-such-unit", "Không có đơn vị"),
    ]
    for field, value, words in wrong:
        given = form()
        given[field] = value
        refused = admin.post("/console/can-bo", **given)
        assert refused.status_code == 422
        assert words in refused.text
        assert f'value="{given["email"]}"' in refused.text


def test_closing_an_account_ends_its_session_but_not_ones_own(world: World) -> None:
    me, hoa = world.officer(Role.ADMIN, unit_id=None), world.officer(Role.DUTY)
    admin, hers = world.browser(me), world.browser(hoa)

    assert admin.post(f"/console/can-bo/{hoa}/dong").status_code == 302
    assert hers.get("/console/").status_code == 302
    assert admin.post(f"/console/can-bo/{hoa}/duong-dan").status_code == 404
    assert admin.post(f"/console/can-bo/{me}/dong").status_code == 422
    assert admin.get("/console/").status_code == 200


def test_the_trail_is_read_and_its_chain_checked(world: World) -> None:
    hoa, tip = world.officer(Role.DUTY, name="Nguyễn Thị Hoa"), world.tip(what="Lời kể riêng")
    world.browser(hoa).post(f"/console/tin-bao/{tip}/tiep-nhan")
    inspector = world.browser(world.officer(Role.INSPECTOR, unit_id=None))

    page = inspector.get("/console/nhat-ky?check=1")

    check_page(page, title="Nhật ký thao tác", h1="Nhật ký thao tác")
    assert "Tiếp nhận tin báo" in page.text
    assert f"cán bộ {hoa} (Nguyễn Thị Hoa)" in page.text
    assert "Lời kể riêng" not in page.text
    assert "Nhật ký nguyên vẹn" in page.text
    with world.database.transaction() as session:
        session.execute(update(AuditRow).where(AuditRow.action == "tip.taken").values(officer_id=99))
    assert "không còn nguyên vẹn" in inspector.get("/console/nhat-ky?check=1").text
    assert inspector.get("/console/nhat-ky?before=xx").status_code == 200
