"""Catalogue, topics, units, succession, groups: seeded from data/content, true in the database while running."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, false
from sqlalchemy.orm import Mapped, mapped_column

from data.columns import BigId
from data.tables.base import Base
from domain.group_days import GroupDays


class UnitRow(Base):
    """A police unit for as long as it answered. `id` is `<code>@<valid from>`: a code alone is ambiguous,
    32 codes of 2025 meant another commune in 2022.
    """

    __tablename__ = "units"

    id: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str]
    name: Mapped[str]
    short_name: Mapped[str]
    kind: Mapped[str]
    level: Mapped[str]
    district_code: Mapped[str | None]
    district: Mapped[str | None]
    province: Mapped[str]
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    phone: Mapped[str | None]

    __table_args__ = (Index("ix_units_code_valid_from", "code", "valid_from", unique=True),)


class SuccessionRow(Base):
    """`old_id` became (part of) `new_id` on `since`."""

    __tablename__ = "succession"

    old_id: Mapped[str] = mapped_column(ForeignKey("units.id"), primary_key=True)
    new_id: Mapped[str] = mapped_column(ForeignKey("units.id"), primary_key=True)
    since: Mapped[date] = mapped_column(Date)
    evidence: Mapped[str]


class GroupRow(Base):
    """One of the 225 Zalo groups and pages. `unit_id` is the police that answers for it today.

    channel        domain.broadcasts.ChannelKind
    zalo_group_id  given by Zalo; None until the group is connected
    inferred       True for the six rows that are our reading of the number 225
    first_day, last_day  domain.group_days: both included; None: always since, no end
    """

    __tablename__ = "groups"

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    name_folded: Mapped[str]
    level: Mapped[str]
    unit_2022_code: Mapped[str | None]
    district_2022_code: Mapped[str | None] = mapped_column(index=True)
    police_2022: Mapped[str]
    unit_id: Mapped[str] = mapped_column(ForeignKey("units.id"), index=True)
    basis: Mapped[str]
    inferred: Mapped[bool]
    channel: Mapped[str]
    oa_id: Mapped[str | None] = mapped_column(ForeignKey("official_accounts.oa_id"))
    zalo_group_id: Mapped[str | None] = mapped_column(unique=True)
    active: Mapped[bool]
    first_day: Mapped[date | None] = mapped_column(Date)
    last_day: Mapped[date | None] = mapped_column(Date)
    last_sent_at: Mapped[datetime | None]
    members: Mapped[int | None]
    zalo_name: Mapped[str | None]
    zalo_state: Mapped[str | None]
    zalo_checked_at: Mapped[datetime | None]

    @property
    def days(self) -> GroupDays:
        return GroupDays(self.first_day, self.last_day)


class ProcedureRow(Base):
    """One administrative procedure; `body` holds every field of the catalogue file.

    version  counts changes, so that two officers who edit at once do not overwrite each other
    edited   an officer changed it here: an import of the seed files leaves it alone unless told otherwise
    """

    __tablename__ = "procedures"

    id: Mapped[str] = mapped_column(primary_key=True)
    family: Mapped[str]
    field: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]
    status: Mapped[str]
    priority: Mapped[int]
    checked: Mapped[str | None]
    body: Mapped[dict[str, Any]]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    edited: Mapped[bool] = mapped_column(default=False, server_default=false())


class TopicRow(Base):
    """Other things residents ask the police about (hotlines, scams, support for businesses)."""

    __tablename__ = "topics"

    id: Mapped[str] = mapped_column(primary_key=True)
    category: Mapped[str]
    body: Mapped[dict[str, Any]]
    updated_at: Mapped[datetime]


class QuestionLog(Base):
    """How a question was answered; never the words of it."""

    __tablename__ = "questions_log"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    decision: Mapped[str]
    procedure_id: Mapped[str | None]
