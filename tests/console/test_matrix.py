"""Who may do and see what, cell by cell: every route × every role × own or another unit × real and guessed numbers."""

from __future__ import annotations

import pytest

from console.freshness import FRESH_FOR
from data.tables import Tip
from domain.rights import FIELD_LABELS, SEES, Field, Reach, sees
from domain.roles import ACT_LABELS, DANGEROUS, MAY, Act, Role
from tests.console.cells import OURS, THEIRS, Client, Numbers, clients, filled, guessed, routes
from tests.console.pages import check_page
from tests.console.routes import ANY, DOOR, OPEN, ROUTES, Row
from tests.console.world import WARD_3, WARD_5, World

OWNED = {
    "own_sessions.end POST",
    "factor_setup.drop_passkey POST",
    "roster.remove POST",
    "shifts.show GET",
    "shifts.take_over POST",
}
"""About things of an officer, or of the very unit of theirs: other ones are out of reach for the province as well."""
NOTHING_CHANGES = {
    "staff_sheets.upload POST",
    "staff_sheets.drop POST",
    "dossiers.upload POST",
    "dossiers.drop POST",
    "units.propose POST",
    "units.drop POST",
    "as_role.begin POST",
}
"""POST of a dangerous act that only prepares it (the dry run of a sheet, a change of units for the second look), or
leaves it; and looking through another role, which can do nothing and sees less."""


def test_every_route_has_a_row_and_every_row_a_route(world: World) -> None:
    """A new route without a row fails here: say in tests/console/routes.py who may use it and what it answers."""
    known = {name for name, _ in routes(world.console)}

    assert sorted(known - set(ROUTES)) == []
    assert sorted(set(ROUTES) - known) == []


def test_the_table_and_the_console_say_the_same(world: World) -> None:
    for name, row in ROUTES.items():
        view = world.console.view_functions[name.split()[0]]
        assert getattr(view, "allowed_acts", frozenset()) == row.acts, name
        assert getattr(view, "asks_again", False) is row.fresh, name
        assert hasattr(view, "allowed_acts") is (row.gate not in {OPEN, DOOR}), name


def test_every_dangerous_act_asks_for_the_second_factor_again() -> None:
    for name, row in ROUTES.items():
        dangerous = bool(row.acts) and row.acts <= DANGEROUS and name.endswith("POST")
        if dangerous and name not in NOTHING_CHANGES and name != "broadcasts.refuse POST":
            assert row.fresh or name == "broadcast_acts.review POST", (
                f"{name} is dangerous: allowed(…, fresh=True)"
            )


def test_without_log_in_every_route_is_shut_but_those_said_to_be_open(world: World) -> None:
    numbers = next(clients(world)).ours
    browser = world.browser()
    token = browser.token()
    for name, rule in routes(world.console):
        if ROUTES[name].gate == OPEN:
            continue
        address = filled(rule, numbers)
        if name.endswith("GET"):
            assert browser.client.get(address).location.startswith("/console/dang-nhap"), address
        else:
            answer = browser.client.post(address, data={"csrf_token": token})
            shut = answer.status_code == 401 if ROUTES[name].gate != DOOR else "/dang-nhap" in answer.location
            assert shut, (address, answer.status_code)


def test_the_matrix(world: World) -> None:
    """What each role gets from each route, and that no word of another unit is in any answer."""
    wrong: list[str] = []
    for client in clients(world):
        for name, rule in routes(world.console):
            for whose, numbers in _whose(client, name, rule):
                row, method = ROUTES[name], name.split()[1]
                answer = client.asks(method, filled(rule, numbers), dict(row.form))
                expected = _expected(client, name, row, whose)
                if answer.status_code not in expected:
                    wrong.append(f"{client} {name} {whose}: {answer.status_code}, not {sorted(expected)}")
                if _tells_too_much(client, answer.data):
                    wrong.append(f"{client} {name} {whose}: tells what is not for them")
    assert not wrong, "\n".join(wrong)


def _whose(client: Client, name: str, rule: str) -> list[tuple[str, Numbers]]:
    sheets = name.startswith("staff_sheets.")
    ours, theirs = (
        {**numbers, "import_id": numbers["officer_import" if sheets else "import_id"]}
        for numbers in (client.ours, client.theirs)
    )
    if "<" not in rule:
        return [("ours", ours)]
    return [("ours", ours), ("theirs", theirs), ("guessed", guessed(ours))]


def _expected(client: Client, name: str, row: Row, whose: str) -> set[int]:
    if row.acts and not row.acts & MAY[client.role]:
        return {403}
    if row.gate == OPEN and name.startswith("login."):
        return {410}
    if whose == "guessed":
        return set(row.missing)
    if whose == "theirs" and row.beyond is not None and (client.unit_id or name in OWNED):
        return set(row.beyond)
    return set(row.ok)


def _tells_too_much(client: Client, body: bytes) -> bool:
    if THEIRS.encode() in body and (client.unit_id or Act.SEE_TIPS not in MAY[client.role]):
        return True
    return OURS.encode() in body and Act.SEE_TIPS not in MAY[client.role]


# ---- fields -----------------------------------------------------------------------------------------------------

LOOK: dict[Field, tuple[str, str]] = {
    Field.TIP_TEXT: ("GET /console/tin-bao/<tip_id>", OURS),
    Field.MASKED_PARTS: ("POST /console/tin-bao/<tip_id>/hien-chi-tiet", OURS),
    Field.MEDIA: ("GET /console/media/<file_id>", ""),
    Field.ORIGINALS: ("GET /console/niem-phong/tep/<file_id>", ""),
    Field.DESIGNATION: ("GET /console/tin-bao/<tip_id>", "Sen-42"),
    Field.IDENTITY: ("GET /console/danh-tinh", ""),
    Field.NOTES: ("GET /console/tin-bao/<tip_id>", f"{OURS}"),
    Field.STATISTICS: ("GET /console/thong-ke-tin-bao", ""),
    Field.AUDIT: ("GET /console/nhat-ky", ""),
    Field.BROADCASTS: ("GET /console/tuyen-truyen", ""),
    Field.ACCOUNTS: ("GET /console/can-bo", ""),
    Field.COMPLAINTS: ("GET /console/phan-anh/<complaint_id>", OURS),
    Field.SCORES: ("GET /console/diem/<unit_id>", ""),
    Field.ANSWERS: ("GET /console/khao-sat/sang-loc", ""),
    Field.DOSSIERS: ("GET /console/ho-so/<dossier_id>", "G01.899.909-261120-"),
    Field.BOARDS: ("GET /console/bang/xa/<unit_code>", ""),
    Field.ROSTER: ("GET /console/lich-truc", ""),
    Field.SYSTEMS: ("GET /console/he-thong", "motcua.example.vn"),
    Field.HANDOVERS: ("GET /console/ban-giao", ""),
    Field.MAP: ("GET /console/ban-do-tin-bao", ""),
    Field.UNITS: ("GET /console/don-vi", "Phường Bắc Giang"),
    Field.SETTINGS: ("GET /console/thiet-dat", ""),
}
"""Where each field is read, and words that show it."""


def test_each_role_reads_the_fields_the_table_says(world: World) -> None:
    for client in clients(world):
        for field, (request, words) in LOOK.items():
            method, address = request.split()
            for numbers, ours in ((client.ours, True), (client.theirs, False)):
                answer = client.asks(method, filled(address, numbers), {})
                reach = sees([client.role], field)
                of_a_unit = "<" in address
                within = ours or not of_a_unit or client.unit_id is None
                assert (answer.status_code == 200) is (reach is not Reach.NONE and within), (
                    client,
                    field,
                    ours,
                )
                if ours and words and reach is not Reach.NONE:
                    assert words in answer.text, (client, field)


def test_an_identity_and_an_original_come_only_after_a_second_person_said_yes(world: World) -> None:
    for client in clients(world):
        if Act.ASK_IDENTITY in MAY[client.role]:
            shown = client.asks("POST", filled("/console/danh-tinh/<request_id>/xem", client.ours), {})
            assert shown.status_code in {403, 409}, str(client)
        if Act.ASK_UNSEAL in MAY[client.role]:
            taken = client.asks("POST", filled("/console/niem-phong/<unsealing_id>/tai", client.ours), {})
            assert taken.status_code == 409, str(client)
        assert b"zalo-id-of-" not in client.asks("GET", "/console/danh-tinh", {}).data


@pytest.mark.parametrize("unit_id", [WARD_3, None])
def test_a_tip_about_police_is_read_by_inspectors_of_the_province_alone(
    world: World, unit_id: str | None
) -> None:
    tip = world.tip(unit_id=WARD_3, what="Công an nhận tiền", bypass=True)
    for role in Role:
        status = (
            world.browser(world.officer(role, unit_id=unit_id)).get(f"/console/tin-bao/{tip}").status_code
        )
        may_read = sees([role], Field.ACCUSING) is Reach.EVERY and unit_id is None
        assert (status == 200) is may_read, (role, unit_id, status)


# ---- the tables, and their page ---------------------------------------------------------------------------------


def test_every_act_and_field_has_words_and_every_role_a_line() -> None:
    assert set(ACT_LABELS) == set(Act)
    assert set(FIELD_LABELS) == set(Field) == set(LOOK) | {Field.ACCUSING}
    assert set(SEES) == set(Role)


OPENS = {
    Field.TIP_TEXT: Act.SEE_TIPS,
    Field.AUDIT: Act.SEE_AUDIT,
    Field.ACCOUNTS: Act.MANAGE_OFFICERS,
    Field.IDENTITY: Act.ASK_IDENTITY,
    Field.COMPLAINTS: Act.SEE_COMPLAINTS,
    Field.SCORES: Act.SEE_SCORES,
    Field.ANSWERS: Act.SIFT_ANSWERS,
    Field.DOSSIERS: Act.SEE_DOSSIERS,
    Field.BOARDS: Act.SEE_BOARDS,
    Field.ROSTER: Act.SEE_ROSTER,
    Field.SYSTEMS: Act.MANAGE_API,
    Field.HANDOVERS: Act.WORK_TIPS,
    Field.MAP: Act.SEE_TIPS,
    Field.UNITS: Act.CHECK_UNITS,
    Field.SETTINGS: Act.MANAGE_SETTINGS,
}


def test_what_a_role_may_do_and_what_it_may_see_fit_together() -> None:
    for role in Role:
        for field, act in OPENS.items():
            assert (sees([role], field) is not Reach.NONE) is (act in MAY[role]), (role, field)
    assert sees([Role.ADMIN, Role.DUTY], Field.TIP_TEXT) is Reach.OWN
    assert sees([], Field.TIP_TEXT) is Reach.NONE


def test_everybody_who_is_logged_in_may_read_the_table_of_rights(world: World) -> None:
    page = world.browser(world.officer(Role.EDITOR)).get("/console/phan-quyen")

    check_page(page, title="Phân quyền", h1="Phân quyền")
    for label in (*ACT_LABELS.values(), *FIELD_LABELS.values()):
        assert label in page.text, label
    assert ROUTES["rights.show GET"].gate == ANY


def test_a_dangerous_act_of_a_role_asks_whatever_the_role(world: World) -> None:
    """Eleven minutes after the log-in, every row that says `fresh` asks first, and nothing has happened."""
    for client in clients(world):
        world.clock.goes(seconds=FRESH_FOR.total_seconds() + 1)
        for name, rule in routes(world.console):
            row = ROUTES[name]
            if not row.fresh or (row.acts and not row.acts & MAY[client.role]):
                continue
            numbers = dict(_whose(client, name, rule))["ours"]
            answer = client.asks(name.split()[1], filled(rule, numbers), dict(row.form))
            assert answer.status_code == 401, (str(client), name, answer.status_code)
            assert 'id="xac-nhan"' in answer.text, (str(client), name)
        world.clock.goes(hours=-1)


def test_the_things_of_the_matrix_are_really_of_two_units(world: World) -> None:
    client = next(clients(world))
    with world.database.reading() as session:
        units = [session.get_one(Tip, numbers["tip_id"]).unit_id for numbers in (client.ours, client.theirs)]
    assert units == [WARD_3, WARD_5]
