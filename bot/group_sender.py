"""Sends one text to one Zalo group: what the broadcasts room is handed. Tokens and circuit are looked after
here; pace and rows are the caller's.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

import structlog

from bot.endings import NOT_LET_IN, TOKEN_TROUBLE, note_on_circuit
from bot.zalo.client import ZaloClient
from bot.zalo.tokens import Tokens
from data import accounts
from data.session import Database
from domain.errors import NotStored, SendError, SlowDown, TokenRefused

log = structlog.get_logger()

RESTING = "Zalo đang lỗi hoặc giới hạn tốc độ của trang; hệ thống tạm nghỉ rồi gửi tiếp."


class GroupSender:
    """Any number of threads and processes may use one."""

    def __init__(
        self, database: Database, client: ZaloClient, tokens: Tokens, *, clock: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._client = client
        self._tokens = tokens
        self._clock = clock

    def send(self, oa_id: str, zalo_group_id: str, text: str) -> str:
        """Post `text` to one group; return Zalo's message id ("" when it gave none).

        text    NFC, 1 to GROUP_TEXT_MAX characters
        Raises  SlowDown (also while the OA rests: nothing was tried), TryAgainLater, Unclear, QuotaUsedUp,
                WillNeverWork; OfficialAccountDown, which is no SendError: the OA waits for an administrator,
                nothing was sent, ask again later
        """
        now = self._clock()
        with self._database.reading() as session:
            resting = accounts.paused_until(session, oa_id, now=now)
        if resting is not None:
            raise SlowDown(RESTING, wait=resting - now)
        token = self._tokens.access_token(oa_id, now)
        try:
            message_id = self._once_more_with_a_new_token(oa_id, token, zalo_group_id, text)
        except SendError as error:
            self._note(oa_id, error)
            raise
        self._note(oa_id, None)
        return message_id

    def _once_more_with_a_new_token(self, oa_id: str, token: str, group_id: str, text: str) -> str:
        try:
            return self._client.send_group_text(token, group_id, text).message_id or ""
        except TokenRefused:
            better = self._tokens.refused(oa_id, token)
        try:
            return self._client.send_group_text(better, group_id, text).message_id or ""
        except TokenRefused as error:
            log.error("new_token_refused", oa_id=oa_id)
            raise SlowDown(NOT_LET_IN, wait=TOKEN_TROUBLE) from error

    def _note(self, oa_id: str, error: SendError | None) -> None:
        """The circuit is a help, no truth: what came of the send must reach the caller all the same."""
        with suppress(NotStored), self._database.transaction() as session:
            note_on_circuit(session, oa_id, error, now=self._clock())
