"""What a comparison with Zalo brings beside the groups: the followers of the page and the pace of the package."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.group_check import GroupChecker
from data import group_registry
from data.group_registry import ZaloState
from data.session import Database
from data.tables import GroupRow, OfficialAccount
from tests.bot.make_believe import by_day, connected
from tests.broadcasts.province import group, people
from tests.town import OA


@pytest.mark.parametrize(
    ("package", "a_minute"), [("Gói Toàn diện", 2000), ("TĂNG TRƯỞNG", 100), ("", 777), ("Gói mới", 777)]
)
def test_the_pace_follows_the_package_and_the_page_knows_its_followers(
    sqlite_database: Database, tmp_path: Path, package: str, a_minute: int
):
    clock = by_day()
    with connected(sqlite_database, tmp_path, clock) as (world, client, tokens):
        world.oas[OA].package_name = package
        world.residents["nguoi-dan-1"].follows.add(OA)
        with sqlite_database.transaction() as session:
            people(session, clock())
            session.get_one(OfficialAccount, OA).requests_per_minute = 777
            page = group("G1", zalo=None, channel="oa_page")
            page.oa_id = OA
            session.add(page)
            group_registry.ask_for_check(session, officer_id=1, now=clock())
        GroupChecker(sqlite_database, client, tokens, clock=clock).run()
    with sqlite_database.reading() as session:
        row = session.get_one(GroupRow, "G1")
        assert (row.members, row.zalo_state, row.zalo_checked_at) == (1, ZaloState.OK, clock())
        assert session.get_one(OfficialAccount, OA).requests_per_minute == a_minute
        check = group_registry.newest_check(session)
        assert check is not None
        assert check.done_at == clock()
