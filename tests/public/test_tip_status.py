"""The public page: how far a tip is, by its code; nothing else, and not for whoever tries codes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from data import retention, tip_rules
from data.session import Database
from domain.tips import FOR_CITIZEN, TipStatus, new_code
from public import create_public
from public.desk import Known
from public.guesses import WRONG_MAX
from tests.console.world import World


@pytest.fixture
def world(sqlite_database: Database) -> World:
    return World(sqlite_database)


@pytest.fixture
def visitor(world: World, known: Known) -> FlaskClient:
    app = create_public(
        database=world.database, clock=world.clock, knowledge=lambda: known, secret_key="s" * 40
    )
    return app.test_client()


@pytest.mark.parametrize("status", list(TipStatus))
def test_progress_in_plain_words_and_neither_content_nor_media(
    world: World, visitor: FlaskClient, status: TipStatus
) -> None:
    tip = world.tip(what="Lời kể bí mật", status=status)
    world.file(tip)
    line = world.full(tip).line
    page = visitor.post("/tin-bao", data={"code": line.code.lower().replace("-", " ")})
    assert FOR_CITIZEN[status] in page.text
    for secret in ("bí mật", line.designation, "Hẻm 12", "phường", "kept/"):
        told = page.text.split("<main")[1].split("<section")[0]
        assert secret not in told.replace(FOR_CITIZEN[status], "")
    assert page.headers["Cache-Control"] == "no-store"


def test_the_code_stands_in_no_address(visitor: FlaskClient) -> None:
    page = visitor.get("/tin-bao?code=TB-AAAA-AAAA-A")
    assert page.status_code == 200
    assert 'method="post"' in page.text
    assert "TB-AAAA" not in page.text


def test_a_wrong_code_is_said_and_trying_many_is_slowed(world: World, visitor: FlaskClient) -> None:
    good = world.full(world.tip()).line.code
    for _ in range(WRONG_MAX):
        assert visitor.post("/tin-bao", data={"code": new_code()}).status_code == 404
    assert visitor.post("/tin-bao", data={"code": good}).status_code == 429
    world.clock.goes(minutes=11)
    assert visitor.post("/tin-bao", data={"code": good}).status_code == 200


@pytest.mark.parametrize("typed", ["", "x", "<script>", "TB" * 4000, "\x00"])
def test_anything_typed_is_answered(visitor: FlaskClient, typed: str) -> None:
    page = visitor.post("/tin-bao", data={"code": typed})
    assert page.status_code == 404
    assert "<script>" not in page.text


def test_a_deleted_tip_is_said_to_be_deleted(world: World, visitor: FlaskClient) -> None:
    tip = world.tip(status=TipStatus.DONE, closed_at=world.clock() - timedelta(days=9999))
    code = world.full(tip).line.code
    with world.database.transaction() as session:
        assert retention.delete_expired(session, tip_rules.shipped(), now=world.clock()).tips == 1
    assert "đã được xóa" in visitor.post("/tin-bao", data={"code": code}).text
