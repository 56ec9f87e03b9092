"""The ground of the little province: a console over a database with a few units, a clock, officers of every role."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import BinaryIO

from flask import Flask
from PIL import Image
from sqlalchemy import select

from console.accounts import SESSION
from console.app import create_console
from console.desk import FileShelf, SecretBox
from console.passwords import hash_password
from data import officer_sessions, officers, second_factors
from data.dossier_proof import DossierKey
from data.media import Kept
from data.sealing import Sealer
from data.session import Database
from data.shelf import CatalogueShelf
from data.tables import Citizen, Officer, UnitRow
from domain.messages import Reply
from domain.roles import Role
from domain.work import Kind
from tests.console.doors import SEALER, give_factor
from tests.console.world.browsing import PASSWORD, Browser
from tests.domain.catalogue import knowledge

NOON = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
"""12:00 in Vietnam, on a Tuesday."""
WARD_3, WARD_5, PROVINCE = "07210@2025-07-01", "07228@2025-07-01", "24@2025-07-01"
UNIT_NAMES = {WARD_3: "Phường Bắc Giang", WARD_5: "Phường Đa Mai", PROVINCE: "Tỉnh Bắc Ninh"}
_hashed = lru_cache(hash_password)
CITIZEN = "opaquecitizenkeyzzzz234567"
OA = "1111222233334444555"
DOSSIER_KEY = DossierKey(b"d" * 32)
DOSSIER_CODE = "G01.899.909-261120-000017"


def picture(width: int = 64, height: int = 48) -> bytes:
    """A plain JPEG, as a clean copy is one."""
    written = io.BytesIO()
    Image.new("RGB", (width, height), (90, 120, 90)).save(written, "JPEG")
    return written.getvalue()


PICTURE = picture()


@dataclass
class Clock:
    """A clock one can set."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def goes(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass
class Ground:
    """The console over a real database, and the officers who use it."""

    database: Database
    clock: Clock = field(default_factory=Clock)
    media: dict[str, bytes] = field(default_factory=dict)
    bounds: dict[str, str] = field(default_factory=dict)
    """What each key was said to be bound to when it was opened."""
    woken: list[Kind] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.console: Flask = create_console(
            database=self.database,
            secret_key="a secret of the tests, 32 characters",
            secure=False,
            open_media=self.open_media,
            files=FileShelf(keep=self.keep_file, open=self.open_file),
            compose_answer=compose,
            wake=lambda kind, key: self.woken.append(kind),
            clock=self.clock,
            shelf=CatalogueShelf(self.database, clock=self.clock, knowledge=knowledge()),
            compose_end=lambda unit, code, text, status: (Reply(f"{unit} {status} {code}: {text}"),),
            compose_merged=lambda code: (Reply(f"gộp {code}"),),
            compose_case=lambda unit, code, text: (Reply(f"{unit} trả lời phản ánh {code}: {text}"),),
            unseal_identity=lambda sealed: b"zalo-id-of-" + sealed,
            compose_dossier=lambda told: Reply(f"{told.ending} {told.step}"),
            dossier_key=DOSSIER_KEY,
            seal_secret=Sealer([b"k" * 32]),
            secrets=SecretBox(
                seal=lambda plain: SEALER.seal(plain, purpose=second_factors.PURPOSE),
                open=lambda sealed: SEALER.open(sealed, purpose=second_factors.PURPOSE),
            ),
        )
        with self.database.transaction() as session:
            for unit_id, name in UNIT_NAMES.items():
                session.add(_unit(unit_id, name))
            session.add(Citizen(key=CITIZEN, oa_id=OA, first_seen_at=NOON))

    def open_media(self, key: str, bound: str) -> BinaryIO:
        if key not in self.media:
            raise FileNotFoundError(key)
        self.bounds[key] = bound
        return io.BytesIO(self.media[key])

    def open_file(self, key: str) -> BinaryIO:
        return io.BytesIO(self.media[key])

    def keep_file(self, content: bytes) -> Kept:
        key = f"2026/11/24/{len(self.media):032x}"
        self.media[key] = content
        return Kept(key, len(content), hashlib.sha256(content).hexdigest())

    def officer(
        self,
        *roles: Role,
        unit_id: str | None = WARD_3,
        name: str = "Nguyễn Thị Hoa",
        email: str = "",
        factor: bool = True,
    ) -> int:
        """An officer with password and, unless told otherwise, a second factor (tests.console.doors)."""
        with self.database.transaction() as session:
            row = officers.add_officer(
                session,
                email=email
                or f"{'-'.join(roles)}.{abs(hash((roles, unit_id, name))) % 10**9}@bacninh.example",
                name=name,
                roles=roles,
                unit_id=unit_id,
                now=self.clock(),
                password_hash=_hashed(PASSWORD),
            )
            if factor:
                give_factor(session, row.id, now=self.clock())
            return row.id

    def row(self, officer_id: int) -> Officer:
        with self.database.reading() as session:
            return session.scalars(select(Officer).where(Officer.id == officer_id)).one()

    def browser(self, officer_id: int | None = None) -> Browser:
        """A browser; with an officer named, one that has just come through the door, second factor and all.

        The door itself has tests of its own (test_log_in, test_second_factor); here its outcome is written down.
        """
        browser = Browser(self.console.test_client())
        if officer_id is not None:
            with self.database.transaction() as session:
                token = officer_sessions.begin(
                    session,
                    officer_id,
                    device="Máy thử",
                    how="test",
                    proved_at=self.clock(),
                    now=self.clock(),
                )
                mark = session.get_one(Officer, officer_id).fs_uniquifier
            with browser.client.session_transaction() as cookie:
                cookie.update({"_user_id": mark, "_fresh": True, "fs_paa": 0, SESSION: token})
                cookie.permanent = True
        return browser


def compose(unit: str, code: str, text: str) -> Sequence[Reply]:
    return (Reply(f"{unit} trả lời tin báo {code}:\n\n{text}"),)


def _unit(unit_id: str, name: str) -> UnitRow:
    code, since = unit_id.split("@")
    return UnitRow(
        id=unit_id,
        code=code,
        name=name,
        short_name=name.split(" ", 1)[1],
        kind=name.split(" ", 1)[0].lower(),
        level="province" if code == "24" else "commune",
        province="Bắc Ninh",
        valid_from=date.fromisoformat(since),
    )
