"""What a turn may look up about the citizen's own draft and tips (a part of bot.records.TurnRecords)."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from data import intake
from data.photo_places import photo_place
from data.sealing import Sealer
from domain.media import FILES_MAX
from domain.tips import Draft, PhotoPlace


class TipLookups:
    """Looks only; `_added` counts the files this event adds to a draft, which are not in the database yet."""

    _session: Session
    _sealer: Sealer
    _citizen: str
    _now: datetime
    _added: dict[str, int]

    def attachments(self, draft: Draft) -> int:
        return self._files_of(draft.key)

    def photo_place(self, draft: Draft, file: int | None = None) -> PhotoPlace | None:
        return photo_place(self._session, draft.key, sealer=self._sealer, file=file)

    def newest_tip(self, within: timedelta | None = None) -> str | None:
        since = None if within is None else self._now - within
        tip = intake.newest_tip(self._session, self._citizen, since=since)
        return tip.code if tip else None

    def has_room(self, code: str) -> bool:
        tip = intake.own_tip(self._session, self._citizen, code)
        return tip is not None and self._files_of(tip.draft_key) < FILES_MAX

    def is_own_tip(self, code: str) -> bool:
        return intake.own_tip(self._session, self._citizen, code) is not None

    def tip_of_message(self, message_id: str) -> str | None:
        return intake.tip_of_message(self._session, self._citizen, message_id)

    def _files_of(self, draft_key: str) -> int:
        return intake.attachments_of(self._session, draft_key) + self._added.get(draft_key, 0)
