"""Passwords: argon2 hashes that Flask-Security reads, made outside a request as well."""

from __future__ import annotations

import secrets
import unicodedata

from argon2 import PasswordHasher
from argon2.profiles import RFC_9106_LOW_MEMORY

LENGTH_MIN = 10
LENGTH_MAX = 128
COST = RFC_9106_LOW_MEMORY
"""What a guess costs: 64 MiB and three passes, the second recommendation of RFC 9106 (section 4)."""
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def hash_password(plain: str) -> str:
    """The argon2id hash of a password; composed and decomposed letters give the same password."""
    return PasswordHasher.from_parameters(COST).hash(unicodedata.normalize("NFKD", plain))


def cost_as_options() -> dict[str, int]:
    """The same cost in the words of passlib, through which Flask-Security hashes and checks."""
    return {
        "argon2__rounds": COST.time_cost,
        "argon2__memory_cost": COST.memory_cost,
        "argon2__parallelism": COST.parallelism,
    }


def new_password() -> str:
    """A random password that can be read aloud: four groups of four, about 79 bits."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(4))
