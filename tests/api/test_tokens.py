"""Who may come in: tokens with scopes, an end and a pace; every refusal in one form."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from data import api_tokens, audit
from data.tables import ApiToken, Base
from domain.api_scopes import Scope
from domain.roles import Role
from tests.api.conftest import Province, System, a_dossier
from tests.console.world import WARD_3, WARD_5

READS = {
    "/procedures": Scope.PROCEDURES_READ,
    "/units": Scope.UNITS_READ,
    "/tips": Scope.TIPS_READ,
    "/dossiers": Scope.DOSSIERS_READ,
    "/broadcasts": Scope.BROADCASTS_READ,
    "/georeport/requests.json": Scope.GEOREPORT_READ,
}


@pytest.mark.parametrize("address", READS)
def test_a_token_opens_what_its_scopes_say_and_nothing_else(province: Province, address: str) -> None:
    assert province.system(READS[address]).get(address).status_code == 200
    other = province.system(*(set(Scope) - {READS[address]})).get(address)
    assert other.status_code == 403
    assert other.content_type == "application/problem+json"


def test_without_a_good_token_nobody_is_let_in(province: Province) -> None:
    client = province.api.test_client()
    for header in (None, "", "Bearer", "Bearer x", "Basic dTpw", "Bearer " + "x" * 5000, "Bearer ké"):
        headers = {} if header is None else {"Authorization": header.encode().decode("latin-1")}
        answer = client.get("/api/v1/units", headers=headers)
        assert answer.status_code == 401, header
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        assert answer.json is not None
        assert answer.json["title"] == "Unauthorized"


def test_a_token_ends_by_itself_and_when_it_is_revoked(province: Province) -> None:
    system, other = province.system(lasts=timedelta(days=1)), province.system(lasts=timedelta(days=9))
    assert system.get("/units").status_code == 200
    province.world.clock.goes(days=1)
    assert system.get("/units").status_code == 401
    assert other.get("/units").status_code == 200
    officer = province.world.officer(Role.ADMIN)
    with province.world.database.transaction() as session:
        newest = session.scalars(select(ApiToken).order_by(ApiToken.id.desc())).first()
        assert newest
        assert api_tokens.revoke(session, newest.id, officer_id=officer, now=province.world.clock())
        assert not api_tokens.revoke(session, newest.id, officer_id=officer, now=province.world.clock())
    assert other.get("/units").status_code == 401


def test_the_token_itself_stands_nowhere(province: Province) -> None:
    token = province.token()
    assert System(province.api.test_client(), token).get("/units").status_code == 200
    with province.world.database.reading() as session:
        for table in Base.metadata.sorted_tables:
            assert all(token[10:] not in str(row) for row in session.execute(select(table)))
        row = session.scalars(select(ApiToken)).one()
        assert token.startswith(row.shown)
        assert row.last_used_at == province.world.clock()
        assert [one.action for one in audit.listed(session, limit=5)] == ["token.add"]


def test_a_token_that_calls_too_fast_is_told_how_long_to_wait(province: Province) -> None:
    system, other = province.system(per_minute=3), province.system()
    answers = [system.get("/units") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[-1].headers["Retry-After"] == "60"
    assert other.get("/units").status_code == 200
    province.world.clock.goes(minutes=1)
    assert system.get("/units").status_code == 200


def test_a_token_of_one_unit_reaches_only_its_own(province: Province) -> None:
    mine, theirs = province.world.tip(unit_id=WARD_3), province.world.tip(unit_id=WARD_5)
    province.world.dossier()
    ours, others, whole = (province.system(unit_id=unit) for unit in (WARD_3, WARD_5, None))
    assert [one["id"] for one in ours.get("/tips").json["items"]] == [mine]
    assert ours.get(f"/tips/{theirs}").status_code == 404
    assert {one["id"] for one in whole.get("/tips").json["items"]} == {mine, theirs}
    assert others.get("/dossiers").json["items"] == []
    assert others.get("/dossiers/G01.899.909-261120-000017").status_code == 404
    answer = others.sends(a_dossier())
    assert answer.status_code == 409
    assert "đơn vị" in answer.json["errors"][0]["detail"]


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        ("GET", "/api/v1/nothing", 404),
        ("GET", "/api", 404),
        ("DELETE", "/api/v1/units", 405),
        ("GET", "/api/v1/tips/0", 422),
        ("GET", "/api/v1/tips/99999999999999999999", 422),
        ("GET", "/api/v1/tips?limit=0", 422),
        ("GET", "/api/v1/tips?limit=1e3", 422),
        ("GET", "/api/v1/tips?status=lost", 422),
        ("GET", "/api/v1/tips?unknown=1", 422),
        ("GET", "/api/v1/tips?updated_since=24/11/2026", 422),
        ("GET", "/api/v1/dossiers/khong-phai-ma", 404),
        ("GET", "/api/v1/procedures/%00", 422),
        ("GET", "/api/v1/georeport/requests.json?start_date=2020-01-01&end_date=2026-01-01", 409),
    ],
)
def test_every_refusal_has_one_form(province: Province, method: str, address: str, status: int) -> None:
    headers = {"Authorization": f"Bearer {province.token()}"}
    answer: Any = province.api.test_client().open(address, method=method, headers=headers)
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
    assert answer.json["status"] == status
    assert answer.json["detail"]
    assert set(answer.json) == {"type", "title", "status", "detail", "errors"}


def test_a_fault_of_ours_says_nothing_of_itself(province: Province) -> None:
    token = province.token()
    with province.world.database.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE succession")
        connection.exec_driver_sql("ALTER TABLE units RENAME TO units_gone")
    said = System(province.api.test_client(), token).get("/units")
    assert said.status_code in {500, 503}
    assert said.content_type == "application/problem+json"
    assert "units_gone" not in said.text


def test_no_answer_is_kept_on_the_way(province: Province) -> None:
    answer = province.system().get("/units")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers
