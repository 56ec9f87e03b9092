"""The keyed hashes of dossiers: a code's mark, and the second factor. Without the key neither can be guessed.

Four digits are only ten thousand guesses: what protects them is the key, which lies sealed, and the limit on tries.
"""

from __future__ import annotations

import hashlib
import hmac
import os

from sqlalchemy.orm import Session

from data.sealing import KEY_BYTES, Sealer
from data.tables import SealedKey

NAME = "dossiers"
SALT_BYTES = 16


class DossierKey:
    """Makes marks and proofs."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def mark(self, bare_code: str) -> str:
        """The name of a code in drafts, buttons and counts: 32 hex digits that lead back to nothing."""
        return self._mac("mark", bare_code.encode())[:32]

    def proof(self, salt: bytes, digits: str) -> str:
        return self._mac("proof", salt + digits.encode())

    def _mac(self, purpose: str, said: bytes) -> str:
        return hmac.new(self._key, purpose.encode() + b"\0" + said, hashlib.sha256).hexdigest()


def load(session: Session, sealer: Sealer) -> DossierKey:
    """The key, sealed in the database; made on first use. It stays the same when DATA_KEY is rotated."""
    row = session.get(SealedKey, NAME)
    if row is None:
        row = SealedKey(name=NAME, sealed=sealer.seal(os.urandom(KEY_BYTES), purpose=NAME))
        session.add(row)
        session.flush()
    return DossierKey(sealer.open(row.sealed, purpose=NAME))
