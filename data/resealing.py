"""After a new DATA_KEY: originals, clean copies and places are sealed with it, so that the old key can go."""

from __future__ import annotations

from data import attachments
from data.attachments import bound
from data.media import MediaStore
from data.photo_places import reseal_place
from data.sealed_files import reseal
from data.sealing import CannotOpen, Sealer
from data.session import Database

BATCH = 100


def reseal_media(database: Database, store: MediaStore, *, sealer: Sealer) -> tuple[int, int]:
    """Seal every file's own key anew where that is needed; returns (changed, could not be opened).

    Safe to break off and to run again, and while everything runs. Files of many megabytes cost as little as small
    ones: only 64 bytes of each change.
    """
    changed, failed, last = 0, 0, 0
    while True:
        with database.transaction() as session:
            rows = attachments.sealed_after(session, last_id=last, limit=BATCH)
            if not rows:
                return changed, failed
            for row in rows:
                places = reseal_place(row, sealer=sealer)
                for part, key in attachments.parts(row):
                    done = _reseal(store, key, sealer, bound(row.draft_key, row.position, part))
                    changed += done is True
                    failed += done is None
                changed += places is True
                failed += places is None
            last = rows[-1].id


def _reseal(store: MediaStore, key: str, sealer: Sealer, words: str) -> bool | None:
    try:
        return reseal(store, key, sealer=sealer, bound=words)
    except (CannotOpen, FileNotFoundError):
        return None
