"""Questions the bot was unsure of (masked), what officers made of them, and the care of the catalogue."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from data.columns import BigId
from data.tables.base import Base


class AskedQuestion(Base):
    """A masked question (domain/masking.py) of one day: no citizen, no time finer than the day.

    id      drawn by lot, so that it does not tell the order within the day
    mark    hash of the folded words; one row per day and mark, `times` counts
    chosen  what residents picked when asked back: record id → how often; "" = none of these
    state   domain.learning.QuestionState
    """

    __tablename__ = "asked_questions"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    day: Mapped[date] = mapped_column(Date, index=True)
    mark: Mapped[str] = mapped_column(index=True)
    words: Mapped[str]
    decision: Mapped[str]
    offered: Mapped[list[str]]
    times: Mapped[int]
    chosen: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(index=True)
    change_id: Mapped[int | None] = mapped_column(ForeignKey("learned_changes.id"), index=True)

    __table_args__ = (UniqueConstraint("day", "mark"),)


class LearnedChange(Base):
    """What an officer wants the bot to learn. `kind`, `state`, `replay`: domain.learning.

    target   the record that gets aliases, or the id of the new topic; None when questions are set aside
    topic    the record of a new topic, as in data/content/topics.jsonl
    result   what the replay found: {"labelled", "kept", "counts": {flip: n}, "samples": [...],
             "own": what becomes of the group's own words, "edition"}
    """

    __tablename__ = "learned_changes"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str]
    state: Mapped[str] = mapped_column(index=True)
    target: Mapped[str | None]
    aliases: Mapped[list[str]]
    topic: Mapped[dict[str, Any] | None]
    reason: Mapped[str]
    author_id: Mapped[int] = mapped_column(ForeignKey("officers.id"))
    created_at: Mapped[datetime]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("officers.id"))
    decided_at: Mapped[datetime | None]
    undone_by: Mapped[int | None] = mapped_column(ForeignKey("officers.id"))
    undone_at: Mapped[datetime | None]
    undo_reason: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    replay: Mapped[str] = mapped_column(index=True)
    replay_done: Mapped[int]
    replay_total: Mapped[int]
    lease_until: Mapped[datetime | None]
    result: Mapped[dict[str, Any] | None]


class ProcedureChange(Base):
    """One step in the life of a record: `before` and `after` hold only the fields that changed.

    how        domain.upkeep.How
    version    the version the record has since; None while a scheduled change waits
    live_from  the day a scheduled change begins; `done` False until then
    """

    __tablename__ = "procedure_changes"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    procedure_id: Mapped[str] = mapped_column(ForeignKey("procedures.id"))
    at: Mapped[datetime]
    officer_id: Mapped[int | None] = mapped_column(ForeignKey("officers.id"))
    how: Mapped[str]
    reason: Mapped[str]
    version: Mapped[int | None]
    before: Mapped[dict[str, Any]]
    after: Mapped[dict[str, Any]]
    live_from: Mapped[date | None] = mapped_column(Date)
    state: Mapped[str]

    __table_args__ = (
        Index("ix_procedure_changes_procedure_id", "procedure_id", "id"),
        Index("ix_procedure_changes_state", "state", "live_from"),
    )


class CatalogueImport(Base):
    """A sheet an officer sent, read and compared; nothing changes before it is applied.

    lines     [{"row", "id", "name", "version", "changes": {field: [before, after]}}]
    problems  [{"row", "column", "text"}]
    state     draft, applied, dropped
    """

    __tablename__ = "catalogue_imports"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[datetime]
    officer_id: Mapped[int] = mapped_column(ForeignKey("officers.id"))
    file_name: Mapped[str]
    rows: Mapped[int]
    lines: Mapped[list[dict[str, Any]]]
    problems: Mapped[list[dict[str, Any]]]
    state: Mapped[str]
    decided_at: Mapped[datetime | None]
