"""Official accounts whose tokens the make-believe Zalo of the tests takes."""

from __future__ import annotations

from datetime import datetime, timedelta

from data import accounts
from data.sealing import Sealer
from data.session import Database
from tests.bot.fake_zalo import FakeZalo

LIFE = timedelta(hours=25)
"""Of an access token, as Zalo gives it out."""


def connect(database: Database, sealer: Sealer, zalo: FakeZalo, *oa_ids: str, now: datetime) -> None:
    """They share one pair of tokens, since that Zalo has one."""
    pair = zalo.new_pair()
    with database.transaction() as session:
        for oa_id in oa_ids:
            accounts.add_account(session, oa_id=oa_id, name="Công an phường", now=now)
            accounts.store_pair(
                session,
                sealer,
                oa_id=oa_id,
                access_token=pair["access_token"],
                refresh_token=pair["refresh_token"],
                expires_in=LIFE,
                now=now,
            )
