"""Deleting what has been kept long enough, everywhere it lies, and proving that it was done.

The terms stand in content/tips/kinds.toml, unless set otherwise in the console. A tip on hold for a case stays. What depends on a tip or its files is
found by the foreign keys of the tables, so that a new table cannot be forgotten.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, delete, or_, select, update
from sqlalchemy.orm import Session

from data import audit
from data.tables import AttachmentRow, Base, DeletionProof, Outgoing, Tip
from data.tip_rules import TipRules
from domain.tip_kinds import OTHER, TipKind

BACKUPS_KEPT = timedelta(days=35)
"""No backup is kept longer than this (docs/operating.md): then the last copy of what was deleted is gone."""
BATCH = 100
_TIPS: Table = Tip.__table__  # type: ignore[assignment]  # a mapped class has a Table
_FILES: Table = AttachmentRow.__table__  # type: ignore[assignment]


@dataclass
class Deleted:
    """What one round deleted; the files of the media store are for the caller to delete after the commit."""

    tips: int = 0
    media_keys: list[str] = field(default_factory=list)


def delete_expired(session: Session, rules: TipRules, *, now: datetime, limit: int = BATCH) -> Deleted:
    """Delete up to `limit` closed tips whose term is over, each with a proof row and a line in the audit."""
    done = Deleted()
    for kind in rules.kinds.kinds.values():
        over = session.scalars(
            select(Tip)
            .where(
                is_over(kind, kind.keep_days, now),
            )
            .order_by(Tip.closed_at)
            .limit(limit - done.tips)
        ).all()
        for tip in over:
            done.media_keys.extend(_delete(session, tip, kind, now))
            done.tips += 1
    return done


def was_deleted(session: Session, code: str) -> bool:
    """Was there a tip with this code, and is it deleted?"""
    return session.scalar(select(DeletionProof.id).where(DeletionProof.subject == _subject(code))) is not None


def is_over(kind: TipKind, days: int, at: datetime) -> ColumnElement[bool]:
    """The tips of a kind that were closed more than `days` before that moment, and that nobody holds for a case."""
    return and_(_is_of(kind), Tip.closed_at < at - timedelta(days=days), Tip.legal_hold.is_(False))


def _is_of(kind: TipKind) -> ColumnElement[bool]:
    own = Tip.category == kind.key
    return or_(own, Tip.category.is_(None)) if kind.key == OTHER else own


def _delete(session: Session, tip: Tip, kind: TipKind, now: datetime) -> list[str]:
    files = session.scalars(select(AttachmentRow).where(AttachmentRow.tip_id == tip.id)).all()
    keys = [key for row in files for key in _keys(row)]
    counts: Counter[str] = Counter()
    for row in files:
        _delete_dependents(session, _FILES, row.id, counts)
    session.execute(
        update(Outgoing).where(Outgoing.tip_id == tip.id).values(tip_id=None, body={}, content="")
    )
    _delete_dependents(session, _TIPS, tip.id, counts)
    session.execute(delete(Tip).where(Tip.id == tip.id).execution_options(synchronize_session=False))
    session.expunge(tip)
    proof = DeletionProof(
        at=now,
        subject=_subject(tip.code),
        rule=f"{kind.key}: {kind.keep_days} d",
        counts={"tips": 1, "media": len(keys), **counts},
        backups_until=now + BACKUPS_KEPT,
    )
    session.add(proof)
    session.flush()
    audit.record(
        session,
        officer_id=None,
        action="tip.deleted",
        subject=f"tip:{tip.id}",
        before=None,
        after={"proof": proof.id, "rule": proof.rule},
        now=now,
    )
    return keys


def _delete_dependents(session: Session, parent: Table, row_id: int, counts: Counter[str]) -> None:
    """Rows of every table that points at this row; what they in turn own goes with them."""
    for table in reversed(Base.metadata.sorted_tables):
        for column in table.columns:
            if table is parent or not any(key.column.table is parent for key in column.foreign_keys):
                continue
            if table is Outgoing.__table__:
                continue  # what was sent stays counted, without words and without the tip
            gone: Any = session.execute(delete(table).where(column == row_id))
            if gone.rowcount:
                counts[table.name] += gone.rowcount


def _keys(row: AttachmentRow) -> list[str]:
    """Names in the media store that this row holds, whatever they are called."""
    held = [one.name for one in _FILES.columns if one.name.endswith("_key") and one.name != "draft_key"]
    return [str(getattr(row, name)) for name in held if getattr(row, name)]


def _subject(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
