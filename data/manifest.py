"""What a backup holds: its tables and files, counted and hashed, in a file of its own."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from data.media import MIB
from domain.errors import HouseError

MANIFEST, MANIFEST_MARK = "manifest.json", "manifest.sha256"


class BackupRefused(HouseError):
    """Nothing was written: the target is not empty, or the backup is not whole."""


@dataclass(frozen=True)
class FileMark:
    """How a file is known again: bytes and SHA-256 in hex."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a backup holds.

    made_at   aware, ISO 8601
    schema    revision of the database
    database  name of the database file in the folder
    tables    rows, by table
    files     every file of the folder but the manifest, by its path in it
    """

    made_at: str
    schema: str
    database: str
    tables: dict[str, int]
    files: dict[str, FileMark]

    def in_words(self) -> str:
        media = [mark for name, mark in self.files.items() if name.startswith("media/")]
        rows = sum(self.tables.values())
        return (
            f"Backup of {self.made_at}: schema {self.schema}, {rows:,} rows in {len(self.tables)} tables "
            f"({self.tables.get('tips', 0):,} tips), {len(media):,} media files, "
            f"{sum(mark.size for mark in self.files.values()) / MIB:,.1f} MiB.\n"
            "DATA_KEY is not in it: keep that elsewhere; without it nobody opens what is sealed."
        )

    def write(self, folder: Path) -> None:
        """With its own hash beside it, in the form `sha256sum -c` reads."""
        written = json.dumps(asdict(self), indent=1, sort_keys=True).encode()
        (folder / MANIFEST).write_bytes(written)
        (folder / MANIFEST_MARK).write_text(_line(written), "ascii")

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """Raises BackupRefused when the folder has no manifest, or not the one that was written."""
        try:
            written = (folder / MANIFEST).read_bytes()
            if (folder / MANIFEST_MARK).read_text("ascii") != _line(written):
                raise BackupRefused(f"{MANIFEST} was changed or damaged since the backup")
            found: dict[str, Any] = json.loads(written)
            return cls(**found | {"files": {name: FileMark(**mark) for name, mark in found["files"].items()}})
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise BackupRefused(f"{folder} has no {MANIFEST} that can be read") from error


def _line(manifest: bytes) -> str:
    return f"{hashlib.sha256(manifest).hexdigest()}  {MANIFEST}\n"
