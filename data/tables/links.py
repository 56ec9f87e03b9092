"""Links of the catalogue, asked at night."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date
from sqlalchemy.orm import Mapped, mapped_column

from data.tables.base import Base


class LinkCheck(Base):
    """What came of the last time a link was asked.

    ok        the page came
    failures  nights running that it failed (domain.broken_links.is_failure)
    since     the day of the first of them
    what      number of the answer, or a domain.broken_links.Fault
    """

    __tablename__ = "link_checks"

    url: Mapped[str] = mapped_column(primary_key=True)
    checked_at: Mapped[datetime]
    ok: Mapped[bool]
    failures: Mapped[int]
    since: Mapped[date | None] = mapped_column(Date)
    what: Mapped[str]
