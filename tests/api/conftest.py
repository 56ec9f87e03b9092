"""The API over a small province, and systems with tokens."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from api import create_api
from api.desk import Scores
from data import api_tokens
from data.session import Database
from domain.api_scopes import Scope
from domain.messages import Reply
from domain.work import Kind
from tests.console.world import DOSSIER_KEY, WARD_3, World
from tests.domain.catalogue import procedures

LONG = timedelta(days=30)


class System:
    """A system of the province: shows its token, reads answers."""

    def __init__(self, client: FlaskClient, token: str) -> None:
        self.client = client
        self.token = token
        self._keys = 0

    def get(self, address: str, **query: Any) -> Any:
        return self.client.get(f"/api/v1{address}", query_string=query, headers=self._headers())

    def sends(self, *dossiers: dict[str, Any], key: str = "", **more: str) -> Any:
        self._keys += 1
        headers = self._headers() | {"Idempotency-Key": key or f"key-{self._keys:08}"} | more
        return self.client.post("/api/v1/dossiers", json={"dossiers": list(dossiers)}, headers=headers)

    def posts(self, data: bytes, **headers: str) -> Any:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        given = self._headers() | {"Idempotency-Key": "12345678", "Content-Type": "application/json"} | named
        return self.client.post("/api/v1/dossiers", data=data, headers=given)

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


class Province:
    """The world of the console, with the API beside it."""

    def __init__(self, database: Database, scores: Scores | None = None) -> None:
        self.world = World(database)
        self.woken: list[Kind] = []
        self.api: Flask = create_api(
            database=database,
            clock=self.world.clock,
            key=DOSSIER_KEY,
            compose=lambda told: Reply(f"{told.ending} {told.step}"),
            wake=lambda kind, key: self.woken.append(kind),
            procedures=lambda: {one.id: one for one in procedures()},
            scores_of=scores,
        )

    def token(
        self, *scopes: Scope, unit_id: str | None = WARD_3, lasts: timedelta = LONG, per_minute: int = 100_000
    ) -> str:
        with self.world.database.transaction() as session:
            _, token = api_tokens.issue(
                session,
                name="Một cửa",
                scopes=scopes or tuple(Scope),
                unit_id=unit_id,
                lasts=lasts,
                officer_id=None,
                now=self.world.clock(),
                per_minute=per_minute,
            )
            return token

    def system(self, *scopes: Scope, **more: Any) -> System:
        return System(self.api.test_client(), self.token(*scopes, **more))


@pytest.fixture
def province(sqlite_database: Database) -> Province:
    return Province(sqlite_database)


def a_dossier(**more: Any) -> dict[str, Any]:
    return {
        "code": "G01.899.909-261120-000017",
        "step": "processing",
        "on": "2026-11-20",
        "unit_id": WARD_3,
        "procedure": "Đăng ký tạm trú",
        "phone": "7391",
    } | more
