"""What keeps reporters safe: the notice and who agreed to it, identity requests, links, proofs of deletion."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from data.columns import BigId
from data.tables.base import Base


class Notice(Base):
    """One edition of the notice about tips, word for word, so that what was agreed to can be read later."""

    __tablename__ = "notices"

    edition: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str]
    since: Mapped[datetime]


class Consent(Base):
    """A citizen agreed to one edition of the notice by an act of their own."""

    __tablename__ = "consents"

    citizen: Mapped[str] = mapped_column(ForeignKey("citizens.key"), primary_key=True)
    edition: Mapped[str] = mapped_column(ForeignKey("notices.edition"), primary_key=True)
    given_at: Mapped[datetime]


class TipLink(Base):
    """Two tips belong together. kind: related (an officer saw it) · same_reporter (an inspector, with a reason)."""

    __tablename__ = "tip_links"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    tip_id: Mapped[int] = mapped_column(ForeignKey("tips.id"))
    other_id: Mapped[int] = mapped_column(ForeignKey("tips.id"), index=True)
    kind: Mapped[str]
    officer_id: Mapped[int] = mapped_column(ForeignKey("officers.id"))
    at: Mapped[datetime]
    words: Mapped[str] = mapped_column(default="", server_default="")

    __table_args__ = (UniqueConstraint("tip_id", "other_id", "kind"),)


class IdentityRequest(Base):
    """Somebody asks to know who a reporter is. `state` is a domain.identity.RequestState.

    asked_body, decided_body  the body the officer belonged to then: a unit, the inspectorate, the province
    opens_until               after this moment nothing is shown any more
    """

    __tablename__ = "identity_requests"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    tip_id: Mapped[int] = mapped_column(ForeignKey("tips.id"), index=True)
    asked_by: Mapped[int] = mapped_column(ForeignKey("officers.id"))
    asked_body: Mapped[str]
    asked_at: Mapped[datetime]
    reason: Mapped[str]
    legal_basis: Mapped[str]
    state: Mapped[str]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("officers.id"))
    decided_at: Mapped[datetime | None]
    decision_words: Mapped[str] = mapped_column(default="", server_default="")
    opens_until: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    times_opened: Mapped[int] = mapped_column(default=0, server_default="0")

    __table_args__ = (Index("ix_identity_requests_state_asked_at", "state", "asked_at"),)


class DeletionProof(Base):
    """That something was deleted, by which rule and how much; nothing of what it was.

    subject         SHA-256 of the tip's code: who has the code can prove that it is gone, nobody can read it back
    counts          rows and files by kind
    backups_until   when the last backup that may still hold it expires
    """

    __tablename__ = "deletion_proofs"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    subject: Mapped[str] = mapped_column(index=True)
    rule: Mapped[str]
    counts: Mapped[dict[str, Any]]
    backups_until: Mapped[datetime]
