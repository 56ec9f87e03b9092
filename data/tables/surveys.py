"""The satisfaction survey: codes, answers, who does not want to be asked."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from data.columns import BigId
from data.tables.base import Base


class SurveyCode(Base):
    """A code that leads to the survey of one unit: on its boards for good, or once after a service.

    service     keyed hash of the service a one-time link is for (domain.surveys.service_mark); None: the unit's own
    expires_at  a one-time link's last moment
    """

    __tablename__ = "survey_codes"

    code: Mapped[str] = mapped_column(primary_key=True)
    unit_id: Mapped[str] = mapped_column(ForeignKey("units.id"), index=True)
    service: Mapped[str | None] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]


class SurveyAnswer(Base):
    """One answer. Nothing in it says who gave it.

    given       question → answer, of this edition of the survey; mark 0–100 made of it, None when nothing scored
    words       free text, already without what could tell who wrote it; same_words: by what copies are known
    voter       keyed hash of person and unit, forgotten after the term in which a second answer is refused
    service     keyed hash of the service that was rated; submission: of the form that was sent (second click)
    state       domain.surveys.AnswerState; reason: why it does not simply count
    """

    __tablename__ = "survey_answers"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    unit_id: Mapped[str] = mapped_column(ForeignKey("units.id"))
    at: Mapped[datetime]
    edition: Mapped[str]
    channel: Mapped[str]
    given: Mapped[dict[str, Any]]
    mark: Mapped[float | None]
    words: Mapped[str] = mapped_column(default="", server_default="")
    same_words: Mapped[str | None]
    voter: Mapped[str | None]
    service: Mapped[str | None] = mapped_column(unique=True)
    submission: Mapped[str | None] = mapped_column(unique=True)
    state: Mapped[str]
    reason: Mapped[str] = mapped_column(default="", server_default="")
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    __table_args__ = (
        Index("ix_survey_answers_unit_id_at", "unit_id", "at"),
        Index("ix_survey_answers_at", "at"),
        Index("ix_survey_answers_voter", "voter"),
        Index(
            "ix_survey_answers_held",
            "at",
            sqlite_where=text("state = 'held'"),
            postgresql_where=text("state = 'held'"),
        ),
    )


class SurveyOptOut(Base):
    """A citizen who does not want to be asked; gone when they want to be asked again, or ask to be forgotten."""

    __tablename__ = "survey_opt_outs"

    citizen: Mapped[str] = mapped_column(ForeignKey("citizens.key"), primary_key=True)
    at: Mapped[datetime]
