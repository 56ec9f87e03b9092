"""The keyed hashes of dossiers: a code's mark, and the second factor. Without the key neither can be guessed.

Four digits are only ten thousand guesses: what protects them is the key, which lies sealed, and the limit on tries.
"""

from __future__ import annotations

import hashlib
import hmac

from sqlalchemy.orm import Session

from data.sealing import Sealer, lasting_secret

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
    return DossierKey(lasting_secret(session, sealer, NAME))
