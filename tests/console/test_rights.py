"""Who may open what, cell by cell: every address × every role × own or another unit."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from domain.roles import MAY, Act, Role
from domain.tips import TipStatus
from tests.console.world import WARD_5, World

FREE = {"security.login", "security.logout"}
"""Flask-Security's own pages; log-in needs no right, log-out takes nothing but a session."""


def rules(console: Flask) -> Iterator[tuple[str, str, str]]:
    """(endpoint, method, address with <holes>) of every route."""
    for rule in console.url_map.iter_rules():
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            yield rule.endpoint, method, rule.rule


def filled(rule: str, **numbers: int | str) -> str:
    address = rule.replace("<token>", "x").replace("<path:name>", "console.css")
    address = address.replace("<path:key>", "x").replace("<code>", "BG-1")
    for hole, number in numbers.items():
        address = address.replace(f"<int:{hole}>", str(number)).replace(f"<{hole}>", str(number))
    assert "<" not in address, f"tell this test what to put into {rule}"
    return address


def test_every_page_says_who_may_open_it(world: World) -> None:
    for endpoint, _, rule in rules(world.console):
        view = world.console.view_functions[endpoint]
        said = endpoint in FREE or hasattr(view, "allowed_acts") or hasattr(view, "open_to_all")
        assert said, f"{endpoint} ({rule}) has no @allowed and no @open_to_all"


def test_every_address_lies_under_console(world: World) -> None:
    assert [rule for _, _, rule in rules(world.console) if not rule.startswith("/console/")] == []


def test_without_log_in_every_page_is_shut_but_those_said_to_be_open(world: World) -> None:
    tip = world.tip()
    numbers: dict[str, int | str] = {"tip_id": tip, "file_id": world.file(tip), **world.more_numbers()}
    browser = world.browser()
    for endpoint, method, rule in rules(world.console):
        view = world.console.view_functions[endpoint]
        if not hasattr(view, "allowed_acts"):
            continue
        address = filled(rule, **numbers)
        answer = browser.get(address) if method == "GET" else browser.post(address)
        assert answer.status_code in {302, 401}, (method, address)
        if answer.status_code == 302:
            assert answer.location.startswith("/console/dang-nhap"), address


@pytest.mark.parametrize("role", list(Role))
def test_each_role_opens_what_the_table_says_and_nothing_else(world: World, role: Role) -> None:
    me = world.officer(role)
    browser = world.browser(me)
    token = browser.token()
    for endpoint, method, rule in rules(world.console):
        view = world.console.view_functions[endpoint]
        if not hasattr(view, "allowed_acts") or endpoint == "account.password":
            continue
        acts: frozenset[Act] = view.allowed_acts
        tip = world.tip(status=TipStatus.TAKEN, taken_by=me)
        address = filled(rule, tip_id=tip, file_id=world.file(tip), **world.more_numbers())
        answer = (
            browser.get(address)
            if method == "GET"
            else browser.client.post(address, data={"csrf_token": token})
        )
        may_open = not acts or bool(acts & MAY[role])
        assert (answer.status_code == 403) is not may_open, (role, method, address, answer.status_code)
        assert answer.status_code not in {401, 500}, (role, method, address)


@pytest.mark.parametrize("role", [role for role in Role if Act.SEE_TIPS in MAY[role]])
def test_guessing_the_number_of_another_units_tip_finds_nothing(world: World, role: Role) -> None:
    tip = world.tip(unit_id=WARD_5, what="Chuyện của phường khác")
    numbers: dict[str, int | str] = {"tip_id": tip, "file_id": world.file(tip), **world.more_numbers()}
    browser = world.browser(world.officer(role))
    forms: dict[str, dict[str, str]] = {
        "tip_acts.answer": {"text": "Xin chào"},
        "tip_acts.note": {"text": "Ghi chú"},
        "tip_acts.move": {"to": "spam", "version": "1"},
        "tip_acts.give_back": {"version": "1"},
        "tip_care.sort": {"category": "drugs", "version": "1"},
        "tip_care.merge": {"other": "1", "version": "1"},
        "tip_care.link": {"other": "1"},
        "tip_care.same_reporter": {"reason": "Lý do"},
        "tip_care.hold": {"hold_words": "Lý do", "on": "1"},
        "identities.ask": {"identity_reason": "Lý do", "legal_basis": "Căn cứ"},
        "tip_acts.hand_over": {"to_unit": "07210@2025-07-01", "words": "Lý do", "version": "1"},
    }
    for endpoint, method, rule in rules(world.console):
        if "<int:tip_id>" not in rule and "<int:file_id>" not in rule:
            continue
        view = world.console.view_functions[endpoint]
        address = filled(rule, **numbers)
        answer = browser.get(address) if method == "GET" else browser.post(address, **forms.get(endpoint, {}))
        acts: frozenset[Act] = getattr(view, "allowed_acts", frozenset())
        expected = 404 if acts & MAY[role] else 403
        assert answer.status_code == expected, (role, address)
        assert "Chuyện của phường khác" not in answer.text
    line = world.full(tip).line
    assert (line.version, line.taken_by, line.status) == (1, None, "new")
    assert [move.move for move in world.full(tip).moves] == ["filed"]


def test_an_officer_of_the_province_reaches_every_unit(world: World) -> None:
    tip, other = world.tip(), world.tip(unit_id=WARD_5)
    browser = world.browser(world.officer(Role.DUTY, unit_id=None))

    assert [browser.get(f"/console/tin-bao/{one}").status_code for one in (tip, other)] == [200, 200]


def test_an_administrator_sees_no_tips_and_the_menu_shows_none(world: World) -> None:
    world.tip(what="Lời kể của người dân")
    browser = world.browser(world.officer(Role.ADMIN, unit_id=None))

    page = browser.get("/console/").text

    assert "Lời kể của người dân" not in page
    assert 'href="/console/tin-bao"' not in page
    assert browser.get("/console/tin-bao").status_code == 403
