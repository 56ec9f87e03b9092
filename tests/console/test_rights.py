"""Rights in the words of a story: guessing with forms that are filled in well, reach of the province, administrators.

The whole matrix, cell by cell, is test_matrix.py with its table routes.py.
"""

from __future__ import annotations

import pytest

from domain.roles import MAY, Act, Role
from tests.console.cells import filled, routes
from tests.console.world import WARD_5, World

FORMS: dict[str, dict[str, str]] = {
    "tip_acts.settle_answer": {"sent": "yes"},
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


def test_every_address_lies_under_console(world: World) -> None:
    assert [rule for _, rule in routes(world.console) if not rule.startswith("/console/")] == []


@pytest.mark.parametrize("role", [role for role in Role if Act.SEE_TIPS in MAY[role]])
def test_guessing_the_number_of_another_units_tip_finds_nothing(world: World, role: Role) -> None:
    tip = world.tip(unit_id=WARD_5, what="Chuyện của phường khác")
    numbers: dict[str, int | str] = {"tip_id": tip, "file_id": world.file(tip), "message_id": 987_654}
    browser = world.browser(world.officer(role))
    for name, rule in routes(world.console):
        if "<int:tip_id>" not in rule and "<int:file_id>" not in rule:
            continue
        endpoint, method = name.split()
        address = filled(rule, numbers)
        answer = browser.get(address) if method == "GET" else browser.post(address, **FORMS.get(endpoint, {}))
        acts: frozenset[Act] = getattr(world.console.view_functions[endpoint], "allowed_acts", frozenset())
        assert answer.status_code == (404 if acts & MAY[role] else 403), (role, address)
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
