"""The doctor names what is wrong and what to do, and changes nothing."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
import responses

from bot import doctor
from data import accounts, schema
from data.sealing import Sealer, load_pepper
from data.session import Database

KEY = b"d" * 32
OA = "3000000000000000001"


@pytest.fixture
def web() -> Iterator[responses.RequestsMock]:
    """Zalo and our own public address, both as they should be."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as web:
        web.add_callback("HEAD", "https://openapi.zalo.me", callback=_in_time)
        web.get("https://congan.example.vn/healthz", body="ok\n")
        yield web


def _in_time(request: Any) -> tuple[int, dict[str, str], str]:
    return 200, {"Date": format_datetime(datetime.now(UTC), usegmt=True)}, ""


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch, seeded: Database, tmp_path: Path) -> Database:
    """A machine on which all is well."""
    monkeypatch.chdir(tmp_path)
    for name, value in {
        "DATABASE_URL": seeded.url,
        "MEDIA_URL": f"file:{tmp_path / 'media'}",
        "SECRET_KEY": "s" * 40,
        "DATA_KEY": base64.urlsafe_b64encode(KEY).decode(),
        "PUBLIC_URL": "https://congan.example.vn",
        "ZALO_APP_ID": "123",
        "ZALO_APP_SECRET": "app-secret",
        "ZALO_OA_SECRET_KEY": "oa-secret",
    }.items():
        monkeypatch.setenv(name, value)
    now, sealer = datetime.now(UTC), Sealer([KEY])
    with seeded.transaction() as session:
        load_pepper(session, sealer)
        accounts.add_account(session, oa_id=OA, name="Công an phường", now=now)
        accounts.store_pair(
            session,
            sealer,
            oa_id=OA,
            access_token="an-access-token",
            refresh_token="a-refresh-token",
            expires_in=timedelta(hours=25),
            now=now,
        )
    return seeded


def _examined() -> tuple[int, list[str]]:
    said: list[str] = []
    return doctor.run(said.append), said


def _problems(said: list[str]) -> list[str]:
    return [line for line in said if line.startswith("problem")]


@pytest.mark.usefixtures("web")
def test_all_is_well(house: Database) -> None:
    outcome, said = _examined()
    assert _problems(said) == []
    assert outcome == 0
    looked_at = {line.split()[1] for line in said}
    wanted = {"settings", "database", "schema", "procedures", "units", "groups", "tokens", "keys", "disk"}
    assert looked_at >= wanted | {"Zalo", "clock", "webhook"}
    assert ("SQLite" in looked_at) == house.is_sqlite
    assert any(f"{OA} (Công an phường): 90 days left" in line or "89 days left" in line for line in said)


@pytest.mark.usefixtures("web", "house")
def test_no_secret_is_said() -> None:
    words = "\n".join(_examined()[1])
    for secret in ("s" * 40, "app-secret", "oa-secret", "an-access-token", "a-refresh-token"):
        assert secret not in words


def test_missing_settings_are_all_named_and_nothing_is_made(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("SECRET_KEY", "DATA_KEY", "PUBLIC_URL", "DATABASE_URL", "ZALO_APP_ID"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    outcome, said = _examined()
    assert outcome == 1
    for name in ("SECRET_KEY", "DATA_KEY", "PUBLIC_URL", "ZALO_APP_ID"):
        assert any(f"{name} is missing" in line for line in _problems(said))
    assert any("python -m bot migrate" in line for line in _problems(said))
    assert list(tmp_path.iterdir()) == []


def test_an_address_of_a_database_that_is_none_is_a_setting_that_is_wrong(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DATABASE_URL", "mysql://me:hush-hush@db/x")
    outcome, said = _examined()
    assert outcome == 1
    assert any("DATABASE_URL must start with" in line for line in _problems(said))
    assert "hush-hush" not in "\n".join(said)


@pytest.mark.usefixtures("web")
def test_an_old_schema(house: Database) -> None:
    schema.downgrade(house, "base")
    outcome, said = _examined()
    assert outcome == 1
    assert any("schema" in line and "python -m bot migrate" in line for line in _problems(said))


@pytest.mark.usefixtures("web", "house")
def test_a_database_that_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://me:hush-hush@127.0.0.1:1/none")
    outcome, said = _examined()
    assert outcome == 1
    assert any("database" in line and "does not answer" in line for line in _problems(said))
    assert "hush-hush" not in "\n".join(said)


@pytest.mark.usefixtures("web")
def test_a_database_without_content(house: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    schema.downgrade(house, "base")
    schema.upgrade(house)
    said = _problems(_examined()[1])
    for name in ("procedures", "units", "groups", "tokens"):
        assert any(line.split()[1] == name for line in said)


@pytest.mark.usefixtures("web")
@pytest.mark.parametrize(
    ("days_ago", "do"), [(70, None), (80, f"oa renew {OA}"), (91, f"oa add {OA}"), (200, f"oa add {OA}")]
)
def test_tokens_are_watched(house: Database, days_ago: int, do: str | None) -> None:
    with house.transaction() as session:
        accounts.store_pair(
            session,
            Sealer([KEY]),
            oa_id=OA,
            access_token="a",
            refresh_token="b",
            expires_in=timedelta(hours=25),
            now=datetime.now(UTC) - timedelta(days=days_ago),
        )
    said = [line for line in _problems(_examined()[1]) if "tokens" in line]
    assert [do is not None and do in line for line in said] == ([True] if do else [])


@pytest.mark.usefixtures("web")
def test_an_account_that_zalo_refuses(house: Database) -> None:
    with house.transaction() as session:
        assert accounts.set_down(session, OA, version=1, reason="refused")
    assert any(f"oa add {OA}" in line for line in _problems(_examined()[1]))


@pytest.mark.usefixtures("web", "house")
def test_a_key_that_does_not_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATA_KEY", base64.urlsafe_b64encode(b"e" * 32).decode())
    assert any("DATA_KEY does not open" in line for line in _problems(_examined()[1]))


@pytest.mark.usefixtures("house")
def test_a_clock_that_is_off(web: responses.RequestsMock) -> None:
    then = format_datetime(datetime.now(UTC) - timedelta(minutes=5), usegmt=True)
    web.replace(responses.HEAD, "https://openapi.zalo.me", headers={"Date": then})
    said = _problems(_examined()[1])
    assert len(said) == 1
    assert "clock" in said[0]
    assert "timedatectl" in said[0]


@pytest.mark.usefixtures("house")
def test_zalo_out_of_reach(web: responses.RequestsMock) -> None:
    web.remove(responses.HEAD, "https://openapi.zalo.me")
    said = _problems(_examined()[1])
    assert len(said) == 1
    assert "Zalo" in said[0]
    assert "firewall" in said[0]


@pytest.mark.usefixtures("house")
@pytest.mark.parametrize(
    "answer", [{"status": 502}, {"body": "<html>a parking page</html>"}, {"status": 301}]
)
def test_a_public_address_that_leads_elsewhere(
    web: responses.RequestsMock, answer: dict[str, object]
) -> None:
    web.replace(responses.GET, "https://congan.example.vn/healthz", **answer)  # type: ignore[arg-type]  # as given
    said = _problems(_examined()[1])
    assert len(said) == 1
    assert "webhook" in said[0]


@pytest.mark.usefixtures("house")
def test_a_public_address_without_tls(web: responses.RequestsMock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLIC_URL", "http://congan.example.vn")
    web.get("http://congan.example.vn/healthz", body="ok\n")
    assert any("https" in line for line in _problems(_examined()[1]))


@pytest.mark.usefixtures("web", "house")
def test_a_disk_that_is_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "FREE_MIN", 1 << 60)
    assert any("disk" in line and "make room" in line for line in _problems(_examined()[1]))


def test_a_machine_that_cannot_make_clean_copies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.cleaning.cleaner.ROOT", Path("/nowhere"))
    finding = doctor._look_at_cleaning()
    assert (finding.what, finding.do) == ("media", "run: make install")


def test_a_kernel_that_keeps_the_network_is_named() -> None:
    assert doctor._look_at_cleaning().found.startswith("clean copies are made")
