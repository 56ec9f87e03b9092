"""`python -m bot doctor`: looks at everything the program stands on, and says what to do about what is wrong.

Every look is one function; a look that cannot be taken is itself a problem, never an exception.
"""

from __future__ import annotations

import base64
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import urlsplit

import click
import requests
from sqlalchemy import func, make_url, select, text
from sqlalchemy.exc import SQLAlchemyError

from bot.cleaning.cleaner import Cleaner
from bot.cleaning.orders import CannotClean, CleanerDown, Order
from bot.health import FREE_MIN
from bot.settings import Settings, database_url, read_settings
from data import accounts, schema, tip_rules
from data.media import MIB
from data.sealing import CannotOpen
from data.session import Database
from data.tables import GroupRow, ProcedureRow, SealedKey, UnitRow
from domain.errors import BadSettings, HouseError
from domain.tips import AttachmentKind

SQLITE_MIN = (3, 51, 3)
"""Older ones can, in rare cases, damage a WAL file that several connections write (sqlite.org/wal.html)."""
CLOCK_OFF_MAX_S = 30
"""Seconds our clock may differ: signatures, tokens and schedules go by it."""
TOKEN_DAYS_MIN = 14
TIMEOUT = (3.05, 10)
MIGRATE = "run: python -m bot migrate"


@dataclass(frozen=True)
class Finding:
    """One line. `do` is empty when all is well."""

    what: str
    found: str
    do: str = ""

    def in_words(self) -> str:
        return f"{'problem' if self.do else 'ok':<8}{self.what:<11}{self.found}" + (
            f"  → {self.do}" if self.do else ""
        )


def run(say: Callable[[str], None] = click.echo) -> int:
    """Say one line for each thing looked at; returns 1 when there is a problem, else 0."""
    problems = 0
    for finding in examine():
        say(finding.in_words())
        problems += bool(finding.do)
    return 1 if problems else 0


def examine() -> Iterator[Finding]:
    """Everything that is looked at, in the order in which it should be put right."""
    settings: Settings | None = None
    try:
        settings = read_settings()
    except BadSettings as error:
        for problem in error.problems:
            yield Finding("settings", problem, "see README, Settings")
    else:
        yield Finding("settings", "complete")
    url = settings.database_url if settings else _address_alone()
    if url:
        yield from _look_at_database(url, settings)
    if settings:
        yield _look_at_disk(settings)
        yield _look_at_cleaning()
        yield from _look_at_zalo(settings)
        yield _look_at_webhook(settings)


# ---- the database -------------------------------------------------------------------------------------------


def _address_alone() -> str | None:
    """Where the database is, though other settings are wrong; None when that is wrong too, as was said already."""
    try:
        return database_url()
    except BadSettings:
        return None


def _look_at_database(url: str, settings: Settings | None) -> Iterator[Finding]:
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite" and not Path(parsed.database or "").is_file():
            yield Finding("database", "is not there yet", MIGRATE)
            return
        with closing(Database(url)) as database:
            yield _look_at_engine(database)
            if database.is_sqlite:
                yield _sqlite_version(database)
            revision = schema.current(database)
            if revision != schema.newest():
                yield Finding("schema", f"{revision or 'none'}, the program needs {schema.newest()}", MIGRATE)
                return
            yield Finding("schema", f"{revision}, the newest")
            yield from _look_at_content(database)
            yield from _look_at_accounts(database)
            if settings:
                yield _look_at_keys(database, settings)
                yield _look_at_calendar()
    except (SQLAlchemyError, HouseError, OSError) as error:  # what they say may quote the address
        yield Finding(
            "database",
            f"does not answer ({type(error).__name__})",
            "see that it runs and DATABASE_URL is right",
        )


def _look_at_engine(database: Database) -> Finding:
    database.ping()
    return Finding("database", "SQLite answers" if database.is_sqlite else "PostgreSQL answers")


def _sqlite_version(database: Database) -> Finding:
    with database.reading() as session:
        version = str(session.scalar(text("SELECT sqlite_version()")))
    if tuple(int(part) for part in version.split(".")) < SQLITE_MIN:
        need = ".".join(map(str, SQLITE_MIN))
        return Finding("SQLite", version, f"{need} or newer is needed: pip install -r requirements.txt")
    return Finding("SQLite", version)


def _look_at_content(database: Database) -> Iterator[Finding]:
    with database.reading() as session:
        for name, table, do in (
            ("procedures", ProcedureRow, "run: python -m bot catalog import data/content"),
            ("units", UnitRow, "run: python -m bot units import data/content"),
            ("groups", GroupRow, "run: python -m bot groups import data/content/groups_225.csv"),
        ):
            count = session.scalar(select(func.count()).select_from(table)) or 0
            yield Finding(name, f"{count:,}", "" if count else do)


def _look_at_accounts(database: Database) -> Iterator[Finding]:
    """Tokens: the refresh token lives three months and cannot be renewed once it is over."""
    with database.reading() as session:
        found = accounts.with_days_left(session, now=datetime.now(UTC))
    if not found:
        yield Finding("tokens", "no official account", "run: python -m bot oa add OA_ID --name NAME")
    for account, days in found:
        known = f"{account.oa_id} ({account.name})"
        if account.refresh_expires_at is None or days == 0 or account.state != accounts.OK:
            again = f"connect it again: python -m bot oa add {account.oa_id} --name NAME"
            yield Finding("tokens", f"{known}: no token that is good", again)
        elif days < TOKEN_DAYS_MIN:
            renew = f"run: python -m bot oa renew {account.oa_id}"
            yield Finding("tokens", f"{known}: {days} days left", renew)
        else:
            yield Finding("tokens", f"{known}: {days} days left")


def _look_at_calendar() -> Finding:
    """The days off that move from year to year have to be entered before they come. Late is no fault: the clocks
    of tips then run on those days too.
    """
    rules = tip_rules.shipped()
    known = f"days off known until {rules.calendar.known_until}"
    soon = tip_rules.runs_out(rules, datetime.now(UTC).date())
    return Finding(
        "calendar", f"{known}; enter the next year in content/tips/calendar.toml" if soon else known
    )


def _look_at_keys(database: Database, settings: Settings) -> Finding:
    """The DATA_KEY of this machine must open what is sealed in the database."""

    sealer = settings.sealer()
    with database.reading() as session:
        row = session.scalars(select(SealedKey)).first()
    try:
        if row is not None:
            sealer.open(row.sealed, purpose=row.name)
    except CannotOpen:
        return Finding(
            "keys", "DATA_KEY does not open this database", "put the old key after the new one, by a comma"
        )
    return Finding("keys", "DATA_KEY opens this database" if row else "nothing is sealed yet")


# ---- around it ----------------------------------------------------------------------------------------------


def _look_at_disk(settings: Settings) -> Finding:
    """Nothing is made here: a folder made by the wrong user would be in the way later."""
    folder = Path(settings.media_url.removeprefix("file:").removeprefix("//")).absolute()
    there = next(path for path in (folder, *folder.parents) if path.exists())
    if not os.access(there, os.W_OK):
        return Finding("disk", "media cannot be written", f"give this user the right to write in {there}")
    free = shutil.disk_usage(there).free
    if free < FREE_MIN:
        return Finding("disk", f"{free // MIB:,} MiB free", f"make room: at least {FREE_MIN // MIB} MiB")
    return Finding("disk", f"{free // MIB:,} MiB free")


def _look_at_cleaning() -> Finding:
    """Can clean copies be made here, and what does a process give up for it?"""
    order = Order("image/png", AttachmentKind.PHOTO)
    cleaner = Cleaner(width=1)
    try:
        with (
            tempfile.TemporaryFile() as source,
            tempfile.TemporaryFile() as view,
            tempfile.TemporaryFile() as poster,
        ):
            source.write(_DOT)
            cleaner.clean(order, source, view, poster)
    except (CannotClean, CleanerDown) as error:
        return Finding("media", f"no clean copies can be made ({error})", "run: make install")
    finally:
        cleaner.close()
    kept = [name for name, given_up in cleaner.gave_up.items() if not given_up]
    if kept:
        return Finding("media", f"clean copies are made; this kernel leaves their maker: {', '.join(kept)}")
    return Finding("media", "clean copies are made, without files and network")


_DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="
)
"""A PNG of one pixel."""


def _look_at_zalo(settings: Settings) -> Iterator[Finding]:
    """Zalo answers, and its clock agrees with ours."""
    try:
        answer = requests.head(settings.zalo_api_url, timeout=TIMEOUT, allow_redirects=False)
    except requests.RequestException as error:
        way_out = "open the way out to ZALO_API_URL in the firewall"
        yield Finding("Zalo", f"cannot be reached ({type(error).__name__})", way_out)
        return
    yield Finding("Zalo", "answers")
    try:
        theirs = parsedate_to_datetime(answer.headers["Date"])
    except (KeyError, ValueError):
        yield Finding(
            "clock", "Zalo did not say the time", "see that the clock is kept right: timedatectl status"
        )
        return
    off = abs((datetime.now(UTC) - theirs).total_seconds())
    if off > CLOCK_OFF_MAX_S:
        yield Finding("clock", f"{off:.0f} s away from Zalo's", "set it right: timedatectl set-ntp true")
    else:
        yield Finding("clock", "agrees with Zalo's")


def _look_at_webhook(settings: Settings) -> Finding:
    """PUBLIC_URL leads to this program, on the way Zalo takes."""
    address = f"{settings.public_url}/healthz"
    start = "start the program, and see that the proxy and the domain lead to it"
    try:
        answer = requests.get(address, timeout=TIMEOUT, allow_redirects=False)
    except requests.RequestException as error:
        return Finding("webhook", f"{address} cannot be reached ({type(error).__name__})", start)
    if answer.status_code != 200 or answer.text.strip() != "ok":
        return Finding("webhook", f"{address} answers {answer.status_code}, not as this program does", start)
    parts = urlsplit(settings.public_url)
    if parts.scheme != "https" and parts.hostname not in {"127.0.0.1", "localhost", "::1"}:
        return Finding(
            "webhook", f"{address} answers without TLS", "words of residents travel open: make it https"
        )
    return Finding("webhook", f"{address} answers")
