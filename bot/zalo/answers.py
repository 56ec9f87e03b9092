"""What Zalo answers, as values. Numbers come now as numbers, now as text; ids are always text."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

ACCESS_TOKEN_LIFE = timedelta(seconds=90_000)
"""Taken when an OAuth answer does not say (docs/zalo.md, "OAuth")."""


@dataclass(frozen=True)
class TokenPair:
    """A fresh pair; never printed. refresh_token "" means: keep the old one."""

    access_token: str
    refresh_token: str
    expires_in: timedelta

    def __repr__(self) -> str:
        return f"TokenPair(expires_in={self.expires_in})"


@dataclass(frozen=True)
class Quota:
    """What Zalo says is left of an allowance; None where it does not say."""

    kind: str
    remain: int | None
    total: int | None


@dataclass(frozen=True)
class Sent:
    """Zalo took the message. message_id None: it did not say which number it gave it."""

    message_id: str | None
    quota: Quota | None = None


@dataclass(frozen=True)
class ZaloGroup:
    group_id: str
    name: str
    link: str
    members: int | None
    enabled: bool


@dataclass(frozen=True)
class GroupPage:
    """Some of the groups an OA belongs to; `total` of all of them."""

    groups: tuple[ZaloGroup, ...]
    total: int


@dataclass(frozen=True)
class OaProfile:
    oa_id: str
    name: str
    verified: bool
    package: str
    followers: int | None = None


def groups_from(data: Mapping[str, Any]) -> GroupPage:
    listed = data.get("groups")
    groups = tuple(
        ZaloGroup(
            group_id=as_text(one.get("group_id")),
            name=unicodedata.normalize("NFC", as_text(one.get("name"))),
            link=as_text(one.get("group_link")),
            members=as_number(one.get("total_member")),
            enabled=one.get("status") != "disabled",
        )
        for one in (listed if isinstance(listed, list) else ())
        if isinstance(one, Mapping)
    )
    return GroupPage(groups, as_number(data.get("total")) or len(groups))


def profile_from(data: Mapping[str, Any]) -> OaProfile:
    """The id is `oaid` in Zalo's sample and `oa_id` in its table."""
    return OaProfile(
        oa_id=as_text(data.get("oa_id")) or as_text(data.get("oaid")),
        name=unicodedata.normalize("NFC", as_text(data.get("name"))),
        verified=data.get("is_verified") is True,
        package=as_text(data.get("package_name")),
        followers=as_number(data.get("num_follower")),
    )


def article_from(
    data: Mapping[str, Any], title: str, *, since: datetime, not_of: Collection[str]
) -> str | None:
    """The id of the newest article of a list with this title made since then; when it was made is milliseconds."""
    wanted, after = unicodedata.normalize("NFC", title), since.timestamp() * 1000
    listed = data.get("medias")
    found = [
        (as_number(one.get("create_date")) or 0, as_text(one.get("id")))
        for one in (listed if isinstance(listed, list) else ())
        if isinstance(one, Mapping) and unicodedata.normalize("NFC", as_text(one.get("title"))) == wanted
    ]
    ours = [(at, name) for at, name in found if at >= after and name and name not in not_of]
    return max(ours)[1] if ours else None


def sent_from(data: Mapping[str, Any]) -> Sent:
    quota = data.get("quota")
    return Sent(
        message_id=as_text(data.get("message_id")) or None,
        quota=Quota(
            as_text(quota.get("quota_type")), as_number(quota.get("remain")), as_number(quota.get("total"))
        )
        if isinstance(quota, Mapping)
        else None,
    )


def error_code(body: Mapping[str, Any] | None) -> int | None:
    """Zalo's error number, 0 for success, None when the body has none."""
    return as_number((body or {}).get("error"))


def as_number(value: object) -> int | None:
    """Numbers come as numbers or as text."""
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        return None
    try:
        return int(value)
    except ValueError:
        return None


def as_text(value: object) -> str:
    return str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else ""


def life_from(value: object) -> timedelta:
    seconds = as_number(value)
    return timedelta(seconds=seconds) if seconds and 0 < seconds < 10**8 else ACCESS_TOKEN_LIFE
