"""Puts one post into one Zalo group: what the broadcasts room is handed. Tokens, uploads and circuit are looked
after here; pace and rows are the caller's.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

import structlog

from bot.endings import NOT_LET_IN, TOKEN_TROUBLE, note_on_circuit
from bot.uploads import SomebodyUploads, Uploads
from bot.zalo.client import ZaloClient
from bot.zalo.tokens import Tokens
from data import accounts
from data.session import Database
from domain.errors import (
    NotStored,
    SendError,
    SlowDown,
    TokenRefused,
    TryAgainLater,
    UploadAgain,
    WillNeverWork,
)
from domain.posts import AttachedKind, Post

log = structlog.get_logger()

RESTING = "Zalo đang lỗi hoặc giới hạn tốc độ của trang; hệ thống tạm nghỉ rồi gửi tiếp."


class GroupSender:
    """Any number of threads and processes may use one."""

    def __init__(
        self,
        database: Database,
        client: ZaloClient,
        tokens: Tokens,
        uploads: Uploads,
        *,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._client = client
        self._tokens = tokens
        self._uploads = uploads
        self._clock = clock

    def send(self, oa_id: str, zalo_group_id: str, post: Post) -> str:
        """Put `post` into one group; return Zalo's message id ("" when it gave none).

        Raises  SlowDown (also while the OA rests or a file is being uploaded: nothing was tried), TryAgainLater,
                Unclear, QuotaUsedUp, WillNeverWork; OfficialAccountDown, which is no SendError: the OA waits for
                an administrator, nothing was sent, ask again later
        """
        now = self._clock()
        with self._database.reading() as session:
            resting = accounts.paused_until(session, oa_id, now=now)
        if resting is not None:
            raise SlowDown(RESTING, wait=resting - now)
        token = self._tokens.access_token(oa_id, now)
        try:
            message_id = self._once_more_with_a_new_token(oa_id, token, zalo_group_id, post)
        except SendError as error:
            if not isinstance(error, SomebodyUploads):
                self._note(oa_id, error)
            raise
        self._note(oa_id, None)
        return message_id

    def _once_more_with_a_new_token(self, oa_id: str, token: str, group_id: str, post: Post) -> str:
        try:
            return self._post(oa_id, token, group_id, post)
        except TokenRefused:
            better = self._tokens.refused(oa_id, token)
        try:
            return self._post(oa_id, better, group_id, post)
        except TokenRefused as error:
            log.error("new_token_refused", oa_id=oa_id)
            raise SlowDown(NOT_LET_IN, wait=TOKEN_TROUBLE) from error

    def _post(self, oa_id: str, token: str, group_id: str, post: Post) -> str:
        """One send; an upload that is no longer good is made anew, once: -100 says nothing was sent."""
        try:
            return self._post_once(oa_id, token, group_id, post)
        except UploadAgain as error:
            if post.media is None:
                raise WillNeverWork(error.reason, error.code) from error
            self._uploads.forget(oa_id, post.media)
        try:
            return self._post_once(oa_id, token, group_id, post)
        except UploadAgain as error:
            raise TryAgainLater(error.reason, error.code) from error

    def _post_once(self, oa_id: str, token: str, group_id: str, post: Post) -> str:
        media = post.media
        if media is None:
            return self._client.send_group_text(token, group_id, post.text).message_id or ""
        at_zalo = self._uploads.attachment_id(oa_id, token, media)
        if media.kind is AttachedKind.FILE:
            return self._client.send_group_file(token, group_id, at_zalo).message_id or ""
        return self._client.send_group_image(token, group_id, at_zalo, post.text).message_id or ""

    def _note(self, oa_id: str, error: SendError | None) -> None:
        """The circuit is a help, no truth: what came of the send must reach the caller all the same."""
        with suppress(NotStored), self._database.transaction() as session:
            note_on_circuit(session, oa_id, error, now=self._clock())
