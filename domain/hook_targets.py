"""Which addresses may be told of changes: https, no credentials in them, no host that is plainly inside."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from urllib.parse import urlsplit

from domain.errors import HouseError
from domain.said import said

URL_MAX = 500
_INSIDE = (".local", ".internal", ".localhost", ".lan", ".home.arpa")


class BadTarget(HouseError):
    """This address may not be told; the words are for an officer."""


def check_target(url: str, private_hosts: Sequence[str]) -> None:
    """Raise BadTarget unless changes may be sent there.

    private_hosts  hosts, as they stand in the address, that may be private and may do without https
    What a name leads to is looked at when it is connected to: it may change at any time.
    """
    if len(url) > URL_MAX or any(c.isspace() or ord(c) < 32 for c in url):
        raise BadTarget(
            said("Địa chỉ phải là một dòng, không khoảng trắng, nhiều nhất %(most)d ký tự.", most=URL_MAX)
        )
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        raise BadTarget("Địa chỉ chưa đúng, ví dụ đúng: https://motcua.example.vn/nhan-tin.") from None
    if not host or parts.username is not None or parts.password is not None or parts.fragment:
        raise BadTarget("Địa chỉ chưa đúng, ví dụ đúng: https://motcua.example.vn/nhan-tin.")
    if host in private_hosts and parts.scheme in {"http", "https"}:
        return
    if parts.scheme != "https":
        raise BadTarget("Địa chỉ phải bắt đầu bằng https://.")
    if port not in {None, 443, 8443}:
        raise BadTarget("Cổng phải là 443 hoặc 8443.")
    if is_inside(host):
        raise BadTarget("Địa chỉ dẫn vào mạng nội bộ; không được phép gửi.")


def is_inside(host: str) -> bool:
    """Is the host plainly inside: a private address, a bare number, a name of no public domain?"""
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return (
            "." not in host
            or host == "localhost"
            or host.endswith(_INSIDE)
            or host.replace(".", "").isdigit()
        )
