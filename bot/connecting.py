"""What an administrator does from the command line: connect official accounts, add officers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.settings import Settings
from bot.zalo.client import ZaloClient
from bot.zalo.tokens import Tokens
from console.passwords import LENGTH_MIN, hash_password
from data import accounts, officer_care, officers
from data.session import Database
from data.tables import UnitRow
from domain.errors import BadContent
from domain.roles import ROLE_LABELS, Role

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


def _tokens(settings: Settings, database: Database) -> Tokens:
    client = ZaloClient(
        api_url=settings.zalo_api_url,
        oauth_url=settings.zalo_oauth_url,
        app_id=settings.zalo_app_id,
        app_secret=settings.zalo_app_secret.get_secret_value(),
    )
    return Tokens(database, client, settings.sealer())


def connect_account(
    settings: Settings, database: Database, *, oa_id: str, name: str, refresh_token: str
) -> str:
    """Exchange the refresh token at once, keep the new pair sealed; returns what to tell the administrator."""
    pair = _tokens(settings, database).connect(oa_id, name=name, refresh_token=refresh_token)
    return f"{oa_id} ({name}) is connected; its access token lasts until {_local(pair)}."


def renew_account(settings: Settings, database: Database, *, oa_id: str) -> str:
    """Refresh the pair of one account now."""
    until = _tokens(settings, database).renew(oa_id)
    return f"{oa_id} has a new pair; its access token lasts until {_local(until)}."


def accounts_in_words(database: Database, now: datetime) -> list[str]:
    """One line an account: id, name, state, days the refresh token still has."""
    with database.reading() as session:
        lines = []
        for account in accounts.list_accounts(session):
            until = account.refresh_expires_at
            left = f"refresh token: {(until - now).days} days left" if until else "never connected"
            lines.append(f"{account.oa_id}  {account.name}  {account.state}  {left}")
    return lines or ["No official account yet: python -m bot oa add OA_ID --name NAME"]


def add_officer(
    database: Database,
    *,
    email: str,
    name: str,
    roles: Sequence[str],
    unit: str | None,
    password: str,
    password_hash: str = "",
    renew: bool = False,
) -> str:
    """Add an officer, or with `renew` give a known one a new password. Raises BadContent for what is wrong.

    password_hash  of this password, where it is there already: to make one takes a third of a second, on purpose
    """
    known = [role.value for role in Role]
    wrong = [f"role {role}: must be one of {', '.join(known)}" for role in roles if role not in known]
    if len(password) < LENGTH_MIN:
        wrong.append(f"password: at least {LENGTH_MIN} characters")
    hashed, now = password_hash or hash_password(password), datetime.now(UTC)
    with database.transaction() as session:
        unit_id = _unit_of_today(session, unit) if unit else None
        if unit and unit_id is None:
            wrong.append(f"unit {unit}: no unit of today has this code")
        if wrong:
            raise BadContent(wrong)
        there = officers.by_email(session, email)
        if there is not None and renew:
            officers.set_password(session, there, password_hash=hashed, now=now)
        else:
            try:
                officers.add_officer(
                    session,
                    email=email,
                    name=name,
                    roles=[Role(role) for role in roles],
                    unit_id=unit_id,
                    password_hash=hashed,
                    now=now,
                )
            except officers.BadOfficer as error:
                raise BadContent([str(error)]) from None
    return f"{email} may log in as {', '.join(ROLE_LABELS[Role(role)] for role in roles)}."


def invite_officer(
    database: Database,
    *,
    email: str,
    name: str,
    roles: Sequence[str],
    unit: str | None,
    secret_key: str,
    public_url: str,
) -> str:
    """Add an officer without a password; returns the one-time link, which leads through setting everything up."""
    known = [role.value for role in Role]
    wrong = [f"role {role}: must be one of {', '.join(known)}" for role in roles if role not in known]
    now = datetime.now(UTC)
    with database.transaction() as session:
        unit_id = _unit_of_today(session, unit) if unit else None
        if unit and unit_id is None:
            wrong.append(f"unit {unit}: no unit of today has this code")
        if wrong:
            raise BadContent(wrong)
        try:
            officer = officers.add_officer(
                session,
                email=email,
                name=name,
                roles=[Role(role) for role in roles],
                unit_id=unit_id,
                now=now,
            )
        except officers.BadOfficer as error:
            raise BadContent([str(error)]) from None
        return f"{public_url}/console/vao/{officers.link_token(officer, secret=secret_key, now=now)}"


def begin_anew(database: Database, *, email: str, secret_key: str, public_url: str) -> str:
    """After a lost device, when no administrator can log in either: everything is set up anew by a one-time link."""
    now = datetime.now(UTC)
    with database.transaction() as session:
        officer = officers.by_email(session, email)
        if officer is None:
            raise BadContent([f"{email}: no such officer"])
        try:
            officer_care.begin_anew(session, officer, now=now)
        except officers.BadOfficer as error:
            raise BadContent([str(error)]) from None
        return f"{public_url}/console/vao/{officers.link_token(officer, secret=secret_key, now=now)}"


def officers_in_words(database: Database) -> list[str]:
    """One line an officer."""
    with database.reading() as session:
        lines = [
            f"{one.email}  {one.name}  {', '.join(one.roles)}  {one.unit_name}  "
            f"{'active' if one.active else 'disabled'}"
            for one in officers.list_officers(session)
        ]
    return lines or ["No officer yet: python -m bot officer add EMAIL --name NAME --role admin"]


def disable_officer(database: Database, *, email: str) -> str:
    """Close an account and end its sessions."""
    with database.transaction() as session:
        officer = officers.by_email(session, email)
        if officer is None:
            raise BadContent([f"{email}: no such officer"])
        try:
            officers.disable_officer(session, officer, now=datetime.now(UTC))
        except officers.BadOfficer as error:
            raise BadContent([str(error)]) from None
    return f"{email} may no longer log in; open sessions have ended."


def _unit_of_today(session: Session, code: str) -> str | None:
    """The id of the unit that has this code today; a commune goes before the province of the same code."""
    rows = session.scalars(
        select(UnitRow.id).where(UnitRow.code == code, UnitRow.valid_to.is_(None)).order_by(UnitRow.level)
    )
    return rows.first()


def _local(moment: datetime) -> str:
    return f"{moment.astimezone(VIETNAM):%d/%m/%Y %H:%M}"
