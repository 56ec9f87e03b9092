"""Broadcasts that still hold are on the public pages; drafts, drills, withdrawn, replaced and old ones are not."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from data import notices
from data.session import Database
from data.tables import Broadcast, Delivery
from domain.broadcasts import BroadcastStatus, DeliveryStatus
from domain.roles import Role
from public import create_public
from public.desk import Known
from tests.console.world import NOON, World


@pytest.fixture
def world(sqlite_database: Database) -> World:
    return World(sqlite_database)


def sent(
    world: World, title: str, *, at: datetime = NOON, state: DeliveryStatus = DeliveryStatus.SENT, **more: Any
) -> int:
    """A broadcast that went out to one group at that moment."""
    broadcast_id = world.broadcast(world.officer(Role.BROADCASTER, name=title), status=BroadcastStatus.DONE)
    delivery_id = world.delivery(broadcast_id, state=state)
    with world.database.transaction() as session:
        row = session.get(Broadcast, broadcast_id)
        assert row is not None
        for name, value in {"title": title, **more}.items():
            setattr(row, name, value)
        delivery = session.get(Delivery, delivery_id)
        assert delivery is not None
        delivery.sent_at = at if state is DeliveryStatus.SENT else None
    return broadcast_id


def titles(world: World) -> list[str]:
    with world.database.reading() as session:
        return [one.title for one in notices.valid(session, now=world.clock())]


def test_urgent_first_then_the_newest_while_they_hold(world: World) -> None:
    sent(world, "cũ hơn", at=NOON - timedelta(hours=2))
    sent(world, "mới", at=NOON - timedelta(hours=1))
    sent(world, "khẩn", at=NOON - timedelta(hours=3), urgent=True)
    sent(world, "hết hạn", at=NOON - timedelta(hours=5), lifetime_minutes=60)
    sent(world, "chưa gửi", state=DeliveryStatus.WAITING)
    sent(world, "diễn tập", training=True)
    sent(world, "đã rút", status=BroadcastStatus.WITHDRAWN)
    assert titles(world) == ["khẩn", "mới", "cũ hơn"]


def test_an_update_that_went_out_takes_the_place_of_what_it_follows(world: World) -> None:
    first = sent(world, "tin đầu")
    sent(world, "chưa gửi xong", state=DeliveryStatus.FAILED, follows_id=first, follows_kind="update")
    assert titles(world) == ["tin đầu"]
    sent(world, "tin sửa", follows_id=first, follows_kind="update")
    assert titles(world) == ["tin sửa"]


def test_they_stand_on_the_page_as_they_were_sent(world: World, known: Known) -> None:
    sent(world, "Cảnh báo", text="Dòng một\n<b>dòng hai</b>", kind="scam")
    app = create_public(
        database=world.database, clock=world.clock, knowledge=lambda: known, secret_key="s" * 40
    )
    visitor: FlaskClient = app.test_client()
    for address in ("/", "/thong-bao", "/lua-dao"):
        assert "Dòng một\n&lt;b&gt;dòng hai&lt;/b&gt;" in visitor.get(address).text
    world.clock.goes(days=60)
    assert "Hiện không có thông báo nào" in visitor.get("/thong-bao").text
