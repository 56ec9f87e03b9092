"""Sealing: what only a holder of DATA_KEY can read, and the opaque key by which a citizen is known.

AES-256-GCM with a fresh nonce; the first four bytes name the key, so that old keys open what they sealed.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from data.tables import SealedKey

KEY_BYTES = 32
_NONCE_BYTES = 12
_NAME_BYTES = 4
_PEPPER = "citizens"


class CannotOpen(Exception):
    """Sealed with a key we do not have, or changed since."""


class Sealer:
    """Seals and opens bytes. The first key seals; all of them open."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        if not keys or any(len(key) != KEY_BYTES for key in keys):
            raise ValueError(f"a sealing key has {KEY_BYTES} bytes")
        self._keys = {hashlib.sha256(key).digest()[:_NAME_BYTES]: AESGCM(key) for key in keys}
        self._first = next(iter(self._keys))

    def seal(self, plain: bytes, *, purpose: str) -> bytes:
        """`purpose` is bound in: what was sealed as a token does not open as an identity."""
        nonce = os.urandom(_NONCE_BYTES)
        return self._first + nonce + self._keys[self._first].encrypt(nonce, plain, purpose.encode())

    def open(self, sealed: bytes, *, purpose: str) -> bytes:
        """Raise CannotOpen when the key is missing or the bytes were changed."""
        key = self._keys.get(sealed[:_NAME_BYTES])
        if key is None:
            raise CannotOpen("sealed with a key that is not among DATA_KEY")
        nonce = sealed[_NAME_BYTES : _NAME_BYTES + _NONCE_BYTES]
        try:
            return key.decrypt(nonce, sealed[_NAME_BYTES + _NONCE_BYTES :], purpose.encode())
        except (InvalidTag, ValueError) as error:
            raise CannotOpen("the sealed bytes were changed") from error

    def is_newest(self, sealed: bytes) -> bool:
        """Was this sealed with the key that seals now?"""
        return sealed[:_NAME_BYTES] == self._first


def load_pepper(session: Session, sealer: Sealer) -> bytes:
    """The secret behind citizen keys; made on first use. It stays the same when DATA_KEY is rotated."""
    return lasting_secret(session, sealer, _PEPPER)


def lasting_secret(session: Session, sealer: Sealer, name: str) -> bytes:
    """A secret of this name, sealed in the database; whoever comes first makes it, also of two at the same moment."""
    row = session.get(SealedKey, name)
    if row is None:
        sealed = sealer.seal(os.urandom(KEY_BYTES), purpose=name)
        insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
        session.execute(insert(SealedKey).values(name=name, sealed=sealed).on_conflict_do_nothing())
        row = session.get_one(SealedKey, name)
    return sealer.open(row.sealed, purpose=name)


def citizen_key(pepper: bytes, oa_id: str, user_id: str) -> str:
    """The opaque key of a citizen of one OA: 26 letters and digits, useless without the pepper."""
    digest = hmac.new(pepper, f"{oa_id}:{user_id}".encode(), hashlib.sha256).digest()
    return base64.b32encode(digest[:16]).decode().rstrip("=").lower()
