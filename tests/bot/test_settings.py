"""Settings: read once, all faults named at once, secrets never printed."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.settings import ZALO_OWN_MEDIA_HOSTS, Settings, database_url, read_settings
from domain.errors import BadSettings

KEY, OTHER_KEY = (base64.urlsafe_b64encode(letter * 32).decode() for letter in (b"k", b"o"))
GOOD = {
    "SECRET_KEY": "a secret that is long enough, surely",
    "DATA_KEY": KEY,
    "PUBLIC_URL": "https://congan.example.vn/",
    "ZALO_APP_ID": "1234567890",
    "ZALO_APP_SECRET": "hush-app",
    "ZALO_OA_SECRET_KEY": "hush-oa",
}
SECRETS = (GOOD["SECRET_KEY"], KEY, OTHER_KEY, "hush-app", "hush-oa")


@pytest.fixture(autouse=True)
def surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A folder without .env, and an environment with the settings that have no default."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
        monkeypatch.delenv(name, raising=False)
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)


def _problems() -> list[str]:
    with pytest.raises(BadSettings) as bad:
        read_settings()
    for secret in SECRETS:
        assert secret not in str(bad.value)
    return bad.value.problems


def test_what_is_not_said_has_a_sensible_default() -> None:
    settings = read_settings()
    assert settings.database_url == "sqlite:///var/caunoi.db"
    assert settings.media_url == "file:var/media"
    assert settings.queue_url == ""
    assert settings.zalo_api_url == "https://openapi.zalo.me"
    assert settings.zalo_oauth_url == "https://oauth.zaloapp.com"
    assert settings.zalo_media_hosts == ZALO_OWN_MEDIA_HOSTS
    assert (settings.timezone, settings.log_level) == ("Asia/Ho_Chi_Minh", "INFO")
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)


def test_addresses_lose_their_last_slash() -> None:
    assert read_settings().public_url == "https://congan.example.vn"


def test_lists_are_written_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZALO_MEDIA_HOSTS", " zdn.vn , 127.0.0.1 ,")
    assert read_settings().zalo_media_hosts == ("zdn.vn", "127.0.0.1")


def test_a_file_env_is_read_and_the_environment_goes_first(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("PORT=9001\nZALO_APP_ID=from-the-file\nSOMETHING_ELSE=1\n")
    monkeypatch.setenv("PORT", "9002")
    monkeypatch.delenv("ZALO_APP_ID")
    settings = read_settings()
    assert (settings.port, settings.zalo_app_id) == (9002, "from-the-file")


def test_what_is_given_goes_before_both(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "9002")
    assert read_settings(port=9003).port == 9003


def test_every_missing_one_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in GOOD:
        monkeypatch.delenv(name)
    assert sorted(_problems()) == sorted(f"{name} is missing" for name in GOOD)


def test_missing_and_wrong_ones_are_named_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ZALO_APP_ID")
    for name, value in {
        "SECRET_KEY": "short-but-secret",
        "DATA_KEY": f"{OTHER_KEY},bm90IGxvbmc=",
        "PUBLIC_URL": "congan.example.vn",
        "DATABASE_URL": "mysql://me:hush-app@db/x",
        "QUEUE_URL": "redis://",
        "MEDIA_URL": "s3://bucket",
        "TIMEZONE": "Asia/Nowhere",
        "LOG_LEVEL": "LOUD",
        "PORT": "70000",
    }.items():
        monkeypatch.setenv(name, value)
    problems = _problems()
    assert {problem.split()[0] for problem in problems} == {
        "ZALO_APP_ID", "SECRET_KEY", "DATA_KEY", "PUBLIC_URL", "DATABASE_URL", "QUEUE_URL", "MEDIA_URL", "TIMEZONE",
        "LOG_LEVEL", "PORT",
    }  # fmt: skip
    assert "short-but-secret" not in " ".join(problems)
    assert "ZALO_APP_ID is missing" in problems
    assert "SECRET_KEY must have at least 32 characters" in problems
    assert "LOG_LEVEL must be DEBUG, INFO, WARNING or ERROR" in problems


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATA_KEY", ""),
        ("DATA_KEY", "not base64 at all!"),
        ("DATA_KEY", base64.urlsafe_b64encode(b"k" * 31).decode()),
        ("DATA_KEY", f"{KEY},"),
        ("PUBLIC_URL", "ftp://congan.example.vn"),
        ("PUBLIC_URL", "https://"),
        ("ZALO_API_URL", "openapi.zalo.me"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "sqlite:///"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("DATABASE_URL", "postgresql://me:hush-oa@db:no-port/x"),
        ("ZALO_APP_ID", " "),
        ("ZALO_APP_SECRET", ""),
        ("ZALO_OA_SECRET_KEY", "  "),
        ("PORT", "0"),
        ("PORT", "eight thousand"),
        ("TIMEZONE", "../etc/passwd"),
        ("TIMEZONE", ""),
        ("TIMEZONE", "Europe/Paris"),
        ("TIMEZONE", "UTC"),
    ],
)
def test_a_wrong_value_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    [problem] = _problems()
    assert problem.startswith(f"{name} ")


def test_another_name_of_vietnams_time_is_as_good(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIMEZONE", "Asia/Saigon")
    assert read_settings().timezone == "Asia/Saigon"


def test_blanks_around_what_was_copied_from_zalo_are_no_part_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZALO_OA_SECRET_KEY", " hush-oa\n")
    assert read_settings().zalo_oa_secret_key.get_secret_value() == "hush-oa"


@pytest.mark.parametrize("padded", [True, False])
def test_the_first_data_key_seals_and_all_open(monkeypatch: pytest.MonkeyPatch, padded: bool) -> None:
    old = read_settings().sealer()
    pair = f"{OTHER_KEY}, {KEY}"
    monkeypatch.setenv("DATA_KEY", pair if padded else pair.replace("=", ""))
    both = read_settings().sealer()
    assert both.open(old.seal(b"x", purpose="event"), purpose="event") == b"x"
    monkeypatch.setenv("DATA_KEY", OTHER_KEY)
    assert read_settings().sealer().open(both.seal(b"x", purpose="event"), purpose="event") == b"x"


def test_secrets_do_not_print() -> None:
    settings = read_settings()
    printed = f"{settings} {settings!r} {settings.model_dump()} {settings.model_dump_json()}"
    for secret in SECRETS:
        assert secret not in printed


def test_settings_do_not_change() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        read_settings().port = 1


def test_the_database_alone_needs_no_other_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in GOOD:
        monkeypatch.delenv(name)
    monkeypatch.setenv("DATABASE_URL", "sqlite:///elsewhere.db")
    assert database_url() == "sqlite:///elsewhere.db"
    monkeypatch.setenv("DATABASE_URL", "mysql://me:hush-app@db/x")
    with pytest.raises(BadSettings) as bad:
        database_url()
    assert bad.value.problems == ["DATABASE_URL must start with sqlite:/// or postgresql://"]


@pytest.mark.parametrize(
    "name",
    [
        "DATABASE_URL",
        "MEDIA_URL",
        "QUEUE_URL",
        "SECRET_KEY",
        "DATA_KEY",
        "PUBLIC_URL",
        "ZALO_APP_ID",
        "ZALO_APP_SECRET",
        "ZALO_OA_SECRET_KEY",
        "ZALO_API_URL",
        "ZALO_OAUTH_URL",
        "ZALO_MEDIA_HOSTS",
        "TIMEZONE",
        "LOG_LEVEL",
        "HOST",
        "PORT",
    ],
)
def test_settings_that_machines_out_there_use_keep_their_names(name: str) -> None:
    assert name.lower() in Settings.model_fields
