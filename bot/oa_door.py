"""The way to Zalo for one official account: it rests when it must, a refused token is renewed once, the circuit is
told what came of it.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

import structlog

from bot.endings import NOT_LET_IN, TOKEN_TROUBLE, note_on_circuit
from bot.zalo.tokens import Tokens
from data import accounts
from data.session import Database
from domain.errors import NotStored, SendError, SlowDown, TokenRefused

log = structlog.get_logger()

RESTING = "Zalo đang lỗi hoặc giới hạn tốc độ của trang; hệ thống tạm nghỉ rồi gửi tiếp."


class OfThisMessage:
    """Marks an error that is a matter of one message and says nothing about the official account."""


class OaDoor:
    """Any number of threads and processes may use one."""

    def __init__(self, database: Database, tokens: Tokens, *, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._tokens = tokens
        self._clock = clock

    def through(self, oa_id: str, act: Callable[[str], str]) -> str:
        """Do `act` with the OA's access token, once more with a new one when it is refused.

        Raises  SlowDown while the OA rests (nothing was tried) and whatever `act` raises but TokenRefused;
                OfficialAccountDown, which is no SendError: the OA waits for an administrator, ask again later
        """
        now = self._clock()
        with self._database.reading() as session:
            resting = accounts.paused_until(session, oa_id, now=now)
        if resting is not None:
            raise SlowDown(RESTING, wait=resting - now)
        token = self._tokens.access_token(oa_id, now)
        try:
            said = self._once_more(oa_id, token, act)
        except SendError as error:
            if not isinstance(error, OfThisMessage):
                self._note(oa_id, error)
            raise
        self._note(oa_id, None)
        return said

    def _once_more(self, oa_id: str, token: str, act: Callable[[str], str]) -> str:
        try:
            return act(token)
        except TokenRefused:
            better = self._tokens.refused(oa_id, token)
        try:
            return act(better)
        except TokenRefused as error:
            log.error("new_token_refused", oa_id=oa_id)
            raise SlowDown(NOT_LET_IN, wait=TOKEN_TROUBLE) from error

    def _note(self, oa_id: str, error: SendError | None) -> None:
        """The circuit is a help, no truth: what came of the send must reach the caller all the same."""
        with suppress(NotStored), self._database.transaction() as session:
            note_on_circuit(session, oa_id, error, now=self._clock())
