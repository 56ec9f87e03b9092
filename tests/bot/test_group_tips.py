"""What is meant for the police among all that is said in a group."""

from __future__ import annotations

import pytest

from bot.group_tips import read
from data.session import Database
from data.tables import Delivery, GroupRow
from domain.messages import InGroup, Sticker, Text
from tests.console.world import WARD_3, World

GROUP = "d0aa"


@pytest.fixture
def world(sqlite_database: Database) -> World:
    world = World(sqlite_database)
    delivery = world.delivery(int(world.more_numbers()["broadcast_id"]), group="BG-9", unit_id=WARD_3)
    with world.database.transaction() as session:
        session.get_one(GroupRow, "BG-9").zalo_group_id = GROUP
        session.get_one(Delivery, delivery).zalo_message_id = "m-1"
    return world


def words(world: World, text: Text | Sticker, group: str = GROUP) -> str | None:
    with world.database.reading() as session:
        found = read(session, InGroup(group, (text,)))
        assert found is None or found.unit_id == WARD_3
        return found.words if found else None


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("#tinbao có trộm", "có trộm"),
        ("Tin báo: có trộm ở chợ", "có trộm ở chợ"),
        ("tin bao co trom", "co trom"),
        ("báo tin có trộm", "có trộm"),
        ("Hôm nay có tin báo bão", None),
        ("trời đẹp quá", None),
    ],
)
def test_a_keyword_at_the_beginning_means_us(world: World, said: str, kept: str | None) -> None:
    assert words(world, Text(said)) == kept


def test_a_reply_to_the_bots_post_means_us(world: World) -> None:
    assert words(world, Text("ở xóm tôi cũng có", quoted_message="m-1")) == "ở xóm tôi cũng có"
    assert words(world, Text("ở xóm tôi cũng có", quoted_message="m-2")) is None


def test_another_group_or_no_words_mean_nothing(world: World) -> None:
    assert words(world, Text("tin báo có trộm"), group="d0bb") is None
    assert words(world, Sticker()) is None
