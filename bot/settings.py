"""Settings: read once from the environment or `.env`, frozen, typed; secrets never print."""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from data.sealing import KEY_BYTES, Sealer
from domain.broadcasts import VIETNAM
from domain.errors import BadSettings

ZALO_OWN_MEDIA_HOSTS = (
    "zdn.vn",
    "zadn.vn",
    "zalo.me",
    "zaloapp.com",
    "zalo-article-photo.zadn.vn",
    "zmdcdn.me",
)
"""Host suffixes of Zalo's media servers as seen in samples; not documented (docs/zalo.md, "Media")."""


def _split(value: Any) -> Any:
    return (
        tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value
    )


Words = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)]


def _database(value: str) -> str:
    if not value.startswith(("sqlite:///", "postgresql:", "postgresql+psycopg:")):
        raise ValueError("must start with sqlite:/// or postgresql://")
    try:
        name = make_url(value).database
    except (ArgumentError, ValueError):
        raise ValueError(
            "is not the address of a database"
        ) from None  # what they say quotes the whole address
    if value.startswith("sqlite:") and name in {None, "", ":memory:"}:
        raise ValueError("must name a file: what is kept in memory is lost")
    return value


DATABASE_DEFAULT = "sqlite:///var/caunoi.db"
DatabaseUrl = Annotated[str, AfterValidator(_database)]


class Settings(BaseSettings):
    """Every setting of the program (README, "Settings"). Build it with `read_settings()`."""

    model_config = SettingsConfigDict(frozen=True, env_file=".env", env_file_encoding="utf-8", extra="ignore")

    database_url: DatabaseUrl = DATABASE_DEFAULT
    media_url: str = "file:var/media"
    queue_url: str = ""
    secret_key: SecretStr
    data_key: SecretStr
    public_url: str
    zalo_app_id: str
    zalo_app_secret: SecretStr
    zalo_oa_secret_key: SecretStr
    zalo_api_url: str = "https://openapi.zalo.me"
    zalo_oauth_url: str = "https://oauth.zaloapp.com"
    zalo_media_hosts: Words = ZALO_OWN_MEDIA_HOSTS
    webhook_private_hosts: Words = ()
    link_checks_a_night: int = Field(default=600, ge=0)
    timezone: str = "Asia/Ho_Chi_Minh"
    log_level: str = "INFO"
    host: str = "127.0.0.1"
    port: int = 8000

    @field_validator("secret_key")
    @classmethod
    def _long_enough(cls, value: SecretStr) -> SecretStr:
        if len(value.get_secret_value()) < 32:
            raise ValueError("must have at least 32 characters")
        return value

    @field_validator("data_key")
    @classmethod
    def _keys(cls, value: SecretStr) -> SecretStr:
        _data_keys(value.get_secret_value())
        return value

    @field_validator("public_url", "zalo_api_url", "zalo_oauth_url")
    @classmethod
    def _web_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.netloc:
            raise ValueError("must be a web address like https://example.vn")
        return value.rstrip("/")

    @field_validator("zalo_app_id")
    @classmethod
    def _said(cls, value: str) -> str:
        if not value.strip():
            raise ValueError("is empty")
        return value.strip()

    @field_validator("zalo_app_secret", "zalo_oa_secret_key")
    @classmethod
    def _said_in_secret(cls, value: SecretStr) -> SecretStr:
        """With an empty key anybody could sign events."""
        return SecretStr(cls._said(value.get_secret_value()))

    @field_validator("queue_url")
    @classmethod
    def _queue(cls, value: str) -> str:
        if value and not value.startswith(("postgresql:", "postgresql+psycopg:")):
            raise ValueError("must be empty (one process) or postgresql://… (several machines)")
        return value

    @field_validator("media_url")
    @classmethod
    def _media(cls, value: str) -> str:
        if not value.startswith("file:"):
            raise ValueError("must start with file: (s3:// is not ready yet)")
        return value

    @field_validator("timezone")
    @classmethod
    def _zone(cls, value: str) -> str:
        try:
            zone = ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError("is not a time zone") from error
        if not _keeps_vietnams_time(zone):
            raise ValueError("must keep Vietnam's time: quiet hours, schedules and clocks of tips go by it")
        return value

    @field_validator("log_level")
    @classmethod
    def _level(cls, value: str) -> str:
        if value.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
            raise ValueError("must be DEBUG, INFO, WARNING or ERROR")
        return value.upper()

    @field_validator("port")
    @classmethod
    def _port(cls, value: int) -> int:
        if not 0 < value < 65536:
            raise ValueError("must be 1 to 65535")
        return value

    def sealer(self) -> Sealer:
        return Sealer(_data_keys(self.data_key.get_secret_value()))


def _keeps_vietnams_time(zone: ZoneInfo) -> bool:
    """Does it say the same as Vietnam's zone on every day of the year to come?"""
    now = datetime.now(UTC)
    days = [now + timedelta(days=day) for day in range(366)]
    return all(day.astimezone(zone).utcoffset() == day.astimezone(VIETNAM).utcoffset() for day in days)


def _data_keys(value: str) -> list[bytes]:
    keys = []
    for part in value.split(","):
        try:
            key = base64.urlsafe_b64decode(part.strip() + "=" * (-len(part.strip()) % 4))
        except (binascii.Error, ValueError) as error:
            raise ValueError("must be url-safe base64") from error
        if len(key) != KEY_BYTES:
            raise ValueError(f"each key must be {KEY_BYTES} bytes in url-safe base64")
        keys.append(key)
    return keys


def read_settings(**given: Any) -> Settings:
    """Read the settings; `given` goes before the environment (for the demo and for tests).

    Raises BadSettings that names every missing or wrong one.
    """
    return _read(Settings, given)


Kind = TypeVar("Kind", bound=BaseSettings)


def _read(kind: type[Kind], given: dict[str, Any]) -> Kind:
    try:
        return kind(**given)
    except ValidationError as error:
        raise BadSettings([_in_words(fault) for fault in error.errors()]) from None


def _in_words(fault: Any) -> str:
    name = str(fault["loc"][0]).upper() if fault["loc"] else "?"
    if fault["type"] == "missing":
        return f"{name} is missing"
    return f"{name} {fault['msg'].removeprefix('Value error, ')}"


class _DatabaseOnly(BaseSettings):
    """For commands that touch nothing but the database."""

    model_config = Settings.model_config
    database_url: DatabaseUrl = DATABASE_DEFAULT


def database_url() -> str:
    """DATABASE_URL alone, from the environment or `.env`. Raises BadSettings when it is wrong."""
    return _read(_DatabaseOnly, {}).database_url
