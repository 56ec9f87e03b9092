"""Compares the registry of groups with what Zalo lists for each OA, when an officer asked and once a day; learns
beside it how many follow the page and how fast its package lets us send.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import structlog

from bot.zalo.answers import OaProfile
from bot.zalo.client import ZaloClient
from bot.zalo.tokens import Tokens
from data import accounts, group_registry
from data.group_registry import Found
from data.pace import Granted, take
from data.session import Database
from domain.errors import OfficialAccountDown, SendError, TokenRefused

log = structlog.get_logger()

PAGE = 50
"""Groups asked for at a time (docs/zalo.md, "Group text")."""
GROUPS_MAX = 5_000


class GroupChecker:
    """Carries out one open check; any process may, a second time does no harm."""

    def __init__(
        self, database: Database, client: ZaloClient, tokens: Tokens, *, clock: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._client = client
        self._tokens = tokens
        self._clock = clock

    def run(self) -> None:
        with self._database.reading() as session:
            check = group_registry.open_check(session)
            oa_ids = sorted(accounts.oa_ids(session))
        if check is None:
            return
        found: dict[str, Any] = {}
        for oa_id in oa_ids:
            try:
                listed = self._list(oa_id)
            except (SendError, TokenRefused, OfficialAccountDown) as error:
                found[oa_id] = {"fault": getattr(error, "reason", "OA chưa sẵn sàng.")}
                continue
            profile = self._profile(oa_id)
            with self._database.transaction() as session:
                found[oa_id] = group_registry.compare(session, oa_id, listed, now=self._clock())
                if profile is not None:
                    accounts.note_package(session, oa_id, profile.package)
                    group_registry.note_followers(session, oa_id, profile.followers, now=self._clock())
        with self._database.transaction() as session:
            group_registry.finish_check(session, check.id, found, now=self._clock())
        log.info("groups_checked", count=len(oa_ids))

    def _profile(self, oa_id: str) -> OaProfile | None:
        """How many follow the page, and its package; None when Zalo does not say just now."""
        now = self._clock()
        with self._database.transaction() as session:
            pace = take(session, oa_id, 1, now)
        if not isinstance(pace, Granted):
            return None
        try:
            return self._client.oa_profile(self._tokens.access_token(oa_id, now))
        except (SendError, TokenRefused, OfficialAccountDown):
            return None

    def _list(self, oa_id: str) -> list[Found]:
        """The whole list, or an error: half a list would call the other half gone."""
        groups: dict[str, Found] = {}
        total = 1
        while len(groups) < min(total, GROUPS_MAX):
            token = self._tokens.access_token(oa_id, self._clock())
            with self._database.transaction() as session:
                pace = take(session, oa_id, 1, self._clock())
            if not isinstance(pace, Granted):
                raise SendError("Đã dùng hết tốc độ của trang trong phút này; xin kiểm tra lại sau ít phút.")
            page = self._client.groups_of_oa(token, offset=len(groups), count=PAGE)
            new = {
                one.group_id: Found(one.group_id, one.name, one.members, one.enabled) for one in page.groups
            }
            total = page.total
            if not new.keys() - groups.keys():
                break
            groups |= new
        if len(groups) < min(total, GROUPS_MAX):
            raise SendError("Zalo trả về danh sách nhóm không đầy đủ; xin kiểm tra lại.")
        return list(groups.values())
