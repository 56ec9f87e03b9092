"""Passwords: argon2 hashes that Flask-Security reads, made outside a request as well."""

from __future__ import annotations

import secrets
import unicodedata

from argon2 import PasswordHasher

LENGTH_MIN = 10
LENGTH_MAX = 128
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def hash_password(plain: str) -> str:
    """The argon2id hash of a password; composed and decomposed letters give the same password."""
    return PasswordHasher().hash(unicodedata.normalize("NFKD", plain))


def new_password() -> str:
    """A random password that can be read aloud: four groups of four, about 79 bits."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(4))
