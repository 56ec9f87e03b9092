"""Administrators let other systems in: a token shown once, revoked at once; addresses that are told of changes."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from data import api_tokens
from data.api_tokens import Caller
from data.tables import ApiHook, ApiToken, AuditRow
from domain.api_scopes import Scope
from domain.roles import Role
from tests.console.pages import check_page
from tests.console.world import WARD_3, Browser, World

TITLE = "Hệ thống kết nối"
TOKEN = {
    "name": "Một cửa điện tử",
    "unit_id": WARD_3,
    "scopes": ["dossiers:write", "dossiers:read"],
    "days": "90",
}
HOOK = {"name": "Một cửa", "url": "https://motcua.example.vn/nhan", "events": ["dossier.step"]}


@pytest.fixture
def admin(world: World) -> Browser:
    return world.browser(world.officer(Role.ADMIN, unit_id=None))


def shown(page: str) -> str:
    found = re.search(r'<code id="khoa-moi">([^<]+)</code>', page)
    assert found
    return found[1]


def test_a_token_is_shown_once_works_and_is_revoked_at_once(world: World, admin: Browser) -> None:
    made = admin.post("/console/he-thong/khoa", **TOKEN)
    check_page(made, title=TITLE, h1=TITLE)
    token = shown(made.text)
    again = admin.get("/console/he-thong")
    check_page(again, title=TITLE, h1=TITLE)
    assert token not in again.text
    assert "chưa dùng lần nào" in again.text
    with world.database.transaction() as session:
        caller = api_tokens.admit(session, token, now=world.clock())
        assert isinstance(caller, Caller)
        assert caller.unit_id == WARD_3
        assert set(caller.scopes) == {Scope.DOSSIERS_READ, Scope.DOSSIERS_WRITE}
    assert "dùng lần cuối" in admin.get("/console/he-thong").text
    admin.post(f"/console/he-thong/khoa/{caller.token_id}/thu-hoi")
    assert "Đã thu hồi" in admin.get("/console/he-thong").text
    admin.post(f"/console/he-thong/khoa/{caller.token_id}/thu-hoi")  # the second click
    assert "không còn hiệu lực" in admin.get("/console/he-thong").text
    assert admin.post("/console/he-thong/khoa/987654/thu-hoi").status_code == 404
    with world.database.transaction() as session:
        assert api_tokens.admit(session, token, now=world.clock()) is None
        actions = [row.action for row in session.scalars(select(AuditRow)) if row.action.startswith("token")]
        assert actions == ["token.add", "token.revoke"]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"name": ""}, "Mời nhập tên hệ thống"),
        ({"name": "x" * 101}, "dài hơn mức"),
        ({"scopes": []}, "ít nhất một quyền"),
        ({"scopes": ["everything"]}, "ít nhất một quyền"),
        ({"days": "9999"}, "Mời chọn thời hạn"),
        ({"unit_id": "nowhere"}, "Mời chọn đơn vị"),
    ],
)
def test_a_form_that_is_not_right_gets_a_sentence_and_keeps_what_was_typed(
    world: World, admin: Browser, more: dict[str, object], words: str
) -> None:
    answer = admin.post("/console/he-thong/khoa", **(TOKEN | more))
    assert answer.status_code == 422
    assert words in answer.text
    assert str((TOKEN | more)["name"]) in answer.text
    with world.database.reading() as session:
        assert session.scalars(select(ApiToken)).all() == []


def test_an_address_gets_a_secret_that_is_shown_once_and_lies_sealed(world: World, admin: Browser) -> None:
    secret = shown(admin.post("/console/he-thong/dia-chi", **HOOK).text)
    assert secret not in admin.get("/console/he-thong").text
    with world.database.reading() as session:
        hook = session.scalars(select(ApiHook)).one()
        assert bytes.fromhex(secret) not in hook.secret_sealed
    log = admin.get(f"/console/he-thong/dia-chi/{hook.id}")
    check_page(log, title="Tin đã gửi", h1="Tin đã gửi")
    assert "Chưa gửi tin nào" in log.text
    admin.post(f"/console/he-thong/dia-chi/{hook.id}/bat-tat", on="0")
    assert "Đã ngừng" in admin.get("/console/he-thong").text
    assert admin.post("/console/he-thong/dia-chi/987654/bat-tat", on="1").status_code == 404


@pytest.mark.parametrize(
    "url",
    ["", "http://motcua.example.vn/x", "https://127.0.0.1/x", "https://10.0.0.1/", "https://localhost/x",
     "https://a:b@example.vn/", "https://example.vn:22/", "ftp://example.vn", "https://[::1]/", "https://kho.local/"],
)  # fmt: skip
def test_an_address_that_leads_inside_is_refused(world: World, admin: Browser, url: str) -> None:
    answer = admin.post("/console/he-thong/dia-chi", **(HOOK | {"url": url}))
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    with world.database.reading() as session:
        assert session.scalars(select(ApiHook)).all() == []
