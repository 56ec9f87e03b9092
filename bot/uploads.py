"""Pictures and files of broadcasts at Zalo: uploaded once for an OA, used until they are no longer good."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import BinaryIO

import structlog

from bot.oa_door import OfThisMessage
from bot.zalo.client import ZaloClient
from data import broadcast_media, leases
from data.pace import Granted, take
from data.session import Database
from domain.errors import SlowDown, WillNeverWork
from domain.posts import Attached, AttachedKind

log = structlog.get_logger()

ONE_AT_A_TIME = timedelta(seconds=60)
"""How long one worker may take over an upload before another tries."""
SOMEBODY_UPLOADS = timedelta(seconds=2)
GONE = "Tệp đính kèm không còn trên máy chủ; cần soạn lại tin với tệp mới."


class SomebodyUploads(SlowDown, OfThisMessage):
    """Another worker uploads the file just now: a matter of this message, not of the official account."""


class Uploads:
    """Any number of threads and processes may use one; a file goes up once for each OA."""

    def __init__(
        self,
        database: Database,
        client: ZaloClient,
        open_media: Callable[[str], BinaryIO],
        *,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._client = client
        self._open = open_media
        self._clock = clock

    def attachment_id(self, oa_id: str, token: str, media: Attached) -> str:
        """Zalo's id of the file, uploaded now if need be.

        Raises SomebodyUploads while another worker does, SlowDown when the pace is used up, WillNeverWork when the file is
        gone, and whatever the upload raises. Nothing was sent then.
        """
        with self._database.reading() as session:
            known = broadcast_media.uploaded(session, oa_id, media.sha256, now=self._clock())
        if known is not None:
            return known
        name, holder = f"upload:{oa_id}:{media.sha256}", secrets.token_hex(8)
        with self._database.transaction() as session:
            now = self._clock()
            if not leases.hold(session, name, holder, now=now, ttl=ONE_AT_A_TIME):
                raise SomebodyUploads("Tệp đang được tải lên Zalo.", wait=SOMEBODY_UPLOADS)
            known = broadcast_media.uploaded(session, oa_id, media.sha256, now=now)
            if known is not None:  # whoever had the lease until now had just uploaded it
                leases.let_go(session, name, holder)
                return known
            pace = take(session, oa_id, 1, now)
            if not isinstance(pace, Granted):
                leases.let_go(session, name, holder)
        try:
            if not isinstance(pace, Granted):
                raise SlowDown("Đã dùng hết tốc độ của trang trong phút này.", wait=pace.at - now)
            found = self._upload(token, media)
            with self._database.transaction() as session:
                broadcast_media.note_upload(session, oa_id, media.sha256, found, now=self._clock())
            return found
        finally:
            with self._database.transaction() as session:
                leases.let_go(session, name, holder)

    def forget(self, oa_id: str, media: Attached) -> None:
        """Zalo no longer knows the id (-100): the next send uploads anew."""
        with self._database.transaction() as session:
            broadcast_media.forget_upload(session, oa_id, media.sha256)

    def _upload(self, token: str, media: Attached) -> str:
        try:
            with self._open(media.key) as stream:
                content = stream.read()
        except FileNotFoundError:
            raise WillNeverWork(GONE) from None
        take_up = {
            AttachedKind.IMAGE: self._client.upload_image,
            AttachedKind.GIF: self._client.upload_gif,
            AttachedKind.FILE: self._client.upload_file,
        }[media.kind]
        found = take_up(token, media.name, content)
        log.info("media_uploaded", kind=media.kind, size=media.size)
        return found
