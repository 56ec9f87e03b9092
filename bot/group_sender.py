"""Puts one post into one Zalo group: what the broadcasts room is handed. Uploads are looked after here; pace and
rows are the caller's.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.oa_door import OaDoor
from bot.uploads import Uploads
from bot.zalo.client import ZaloClient
from bot.zalo.tokens import Tokens
from data.session import Database
from domain.errors import TryAgainLater, UploadAgain, WillNeverWork
from domain.posts import AttachedKind, Post


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
        self._client = client
        self._door = OaDoor(database, tokens, clock=clock)
        self._uploads = uploads

    def send(self, oa_id: str, zalo_group_id: str, post: Post) -> str:
        """Put `post` into one group; return Zalo's message id ("" when it gave none).

        Raises  SlowDown (also while the OA rests or a file is being uploaded: nothing was tried), TryAgainLater,
                Unclear, QuotaUsedUp, WillNeverWork; OfficialAccountDown, which is no SendError: the OA waits for
                an administrator, nothing was sent, ask again later
        """
        return self._door.through(oa_id, lambda token: self._post(oa_id, token, zalo_group_id, post))

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
