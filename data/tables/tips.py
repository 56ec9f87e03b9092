"""Tips, their moves, messages, notes and attachments."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Float, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from data.columns import BigId
from data.tables.base import Base


def _where(condition: str) -> dict[str, Any]:
    """An index over the rows of this condition alone, on both databases."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


class Tip(Base):
    """One tip. `status` is a domain.tips.TipStatus; `version` counts changes, so that two officers who act
    at once do not overwrite each other.

    designation     how officers call the reporter; citizen stays an opaque key and is never shown
    what_folded     the words without accents and without what is screened, for searching
    said_folded     what was said and noted since, the same way
    category        a key of content/tips/kinds.toml; None = nobody has said yet
    bypass          it accuses police: only the province inspectors see it (`went_past`: the unit of the place)
    unfinished      never sent: kept because its words are serious
    held_until      it came in a flood: it joins the queue then
    duplicate_of    the tip it is worked together with
    closed_by       who closed it; when the reporter says it is not settled, somebody else takes it
    settled         what the reporter answered to "is it settled?": yes, no; None = not (yet)
    take_due_at, close_due_at   the clocks of its kind; escalation: 0 duty, 1 unit head, 2 province
    """

    __tablename__ = "tips"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    draft_key: Mapped[str] = mapped_column(unique=True)
    designation: Mapped[str]
    citizen: Mapped[str | None] = mapped_column(index=True)
    oa_id: Mapped[str]
    kind: Mapped[str] = mapped_column(default="tip", server_default="tip")
    unit_id: Mapped[str] = mapped_column(ForeignKey("units.id"))
    status: Mapped[str]
    urgent: Mapped[bool]
    what: Mapped[str]
    what_folded: Mapped[str]
    said_folded: Mapped[str] = mapped_column(default="", server_default="")
    place: Mapped[str]
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    taken_by: Mapped[int | None] = mapped_column(ForeignKey("officers.id"))
    taken_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    category: Mapped[str | None]
    bypass: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    went_past: Mapped[str | None]
    unfinished: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    held_until: Mapped[datetime | None]
    duplicate_of: Mapped[int | None]
    closed_by: Mapped[int | None]
    settled: Mapped[str | None]
    legal_hold: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    take_due_at: Mapped[datetime | None]
    close_due_at: Mapped[datetime | None]
    escalation: Mapped[int] = mapped_column(default=0, server_default="0")

    __table_args__ = (
        Index("ix_tips_queue", "unit_id", "status", "created_at"),
        Index("ix_tips_status_created_at", "status", "created_at"),
        Index("ix_tips_taken_by_created_at", "taken_by", "created_at"),
        Index("ix_tips_created_at", "created_at"),
        Index("ix_tips_figures", "created_at", "unit_id", "category", "bypass", "kind"),
        Index("ix_tips_category", "category", "status", "created_at"),
        Index("ix_tips_bypass", "status", "created_at", **_where("bypass")),
        Index("ix_tips_escalated", "status", "created_at", **_where("escalation > 0")),
        Index("ix_tips_unit_escalated", "unit_id", "status", "created_at", **_where("escalation > 0")),
        Index("ix_tips_unit_category", "unit_id", "category", "status", "created_at"),
        Index("ix_tips_take_due", "take_due_at", **_where("status = 'new'")),
        Index("ix_tips_close_due", "close_due_at", **_where("status IN ('taken', 'in_progress', 'waiting')")),
        Index("ix_tips_held", "held_until", **_where("status = 'held'")),
        Index("ix_tips_closed_at", "closed_at", **_where("closed_at IS NOT NULL")),
        Index("ix_tips_duplicate_of", "duplicate_of", **_where("duplicate_of IS NOT NULL")),
    )


class TipMove(Base):
    """What happened to a tip: status changes, taking, handing over. Never the citizen's words."""

    __tablename__ = "tip_moves"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    tip_id: Mapped[int] = mapped_column(ForeignKey("tips.id"), index=True)
    at: Mapped[datetime]
    officer_id: Mapped[int | None] = mapped_column(ForeignKey("officers.id"))
    move: Mapped[str]
    before: Mapped[str | None]
    after: Mapped[str | None]
    words: Mapped[str] = mapped_column(default="", server_default="")


class TipMessage(Base):
    """The conversation between reporter and officers. `from_officer` False: the reporter wrote it.

    outgoing_id  the row of the outbox that carries an officer's words
    """

    __tablename__ = "tip_messages"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    tip_id: Mapped[int] = mapped_column(ForeignKey("tips.id"), index=True)
    at: Mapped[datetime]
    from_officer: Mapped[bool]
    officer_id: Mapped[int | None] = mapped_column(ForeignKey("officers.id"))
    text: Mapped[str]
    outgoing_id: Mapped[int | None] = mapped_column(ForeignKey("outgoing.id"))


class TipNote(Base):
    """An internal note; never reaches the citizen."""

    __tablename__ = "tip_notes"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    tip_id: Mapped[int] = mapped_column(ForeignKey("tips.id"), index=True)
    at: Mapped[datetime]
    officer_id: Mapped[int] = mapped_column(ForeignKey("officers.id"))
    text: Mapped[str]


class AttachmentRow(Base):
    """A photo, clip, voice or file of a tip. `state` is a domain.tips.AttachmentState.

    link_sealed   where to fetch it; taken out once kept, refused or lost
    original_key  the sealed original in the media store; mime, size and sha256 are of its bytes as they came
    media_key     the clean copy to look at, sealed too: view_mime, view_size, view_sha256, width, height and
                  seconds are of this copy; poster_key a still of a clip
    likeness      16 hex digits, near those of pictures that look alike (difference hash)
    peaks         of a voice message: how loud it is from beginning to end (domain.media.read_peaks)
    place_sealed  where the picture itself says it was taken
    """

    __tablename__ = "attachments"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    draft_key: Mapped[str]
    position: Mapped[int]
    tip_id: Mapped[int | None] = mapped_column(ForeignKey("tips.id"), index=True)
    citizen: Mapped[str | None]
    kind: Mapped[str]
    name: Mapped[str] = mapped_column(default="", server_default="")
    caption: Mapped[str] = mapped_column(default="", server_default="")
    link_sealed: Mapped[bytes | None]
    state: Mapped[str]
    reason: Mapped[str | None]
    media_key: Mapped[str | None]
    mime: Mapped[str | None]
    size: Mapped[int | None]
    sha256: Mapped[str | None]
    width: Mapped[int | None]
    height: Mapped[int | None]
    original_key: Mapped[str | None]
    view_mime: Mapped[str | None]
    view_size: Mapped[int | None]
    view_sha256: Mapped[str | None]
    poster_key: Mapped[str | None]
    seconds: Mapped[float | None] = mapped_column(Float)
    likeness: Mapped[str | None]
    peaks: Mapped[str | None]
    place_sealed: Mapped[bytes | None]
    due_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    created_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("draft_key", "position"),
        Index("ix_attachments_due", "state", "due_at"),
    )
