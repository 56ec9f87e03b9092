"""Monthly scores, frozen: what was counted, by which formula, and what came of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from data.columns import BigId
from data.tables.base import Base


class ScoreMonth(Base):
    """One edition of one month. The newest edition is the one that holds; a correction adds one, with its reason.

    facts    what was counted, by unit: enough to compute the figures again without the rows they came from
    figures  marks, totals, ranks; mark: SHA-256 of month, formula, facts and figures
    """

    __tablename__ = "score_months"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    month: Mapped[str]
    edition: Mapped[int]
    formula: Mapped[str]
    frozen_at: Mapped[datetime]
    officer_id: Mapped[int | None] = mapped_column(ForeignKey("officers.id"))
    reason: Mapped[str] = mapped_column(default="", server_default="")
    facts: Mapped[dict[str, Any]]
    figures: Mapped[dict[str, Any]]
    mark: Mapped[str]

    __table_args__ = (UniqueConstraint("month", "edition"),)
