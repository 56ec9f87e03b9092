"""Files on disk: save a stream, open it again, and the one check of paths."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import secrets
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import puremagic

from domain.errors import HouseError
from domain.media import MIB as MIB  # the sizes of this room's neighbours are told in it too

_KEY = re.compile(r"[0-9]{4}/[0-9]{2}/[0-9]{2}/[0-9a-f]{32}")

KINDS: dict[str, str] = {
    "image/jpeg": "photo",
    "image/png": "photo",
    "image/gif": "photo",
    "image/webp": "photo",
    "image/heic": "photo",
    "video/mp4": "clip",
    "video/quicktime": "clip",
    "video/3gpp": "clip",
    "video/webm": "clip",
    "audio/amr": "voice",
    "audio/mp4": "voice",
    "audio/ogg": "voice",
    "audio/mpeg": "voice",
    "application/pdf": "file",
}
"""The types that are taken, and what kind of attachment each is."""

_BRANDS: tuple[tuple[tuple[bytes, ...], str], ...] = (
    ((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"), "image/heic"),
    ((b"qt  ",), "video/quicktime"),
    ((b"3gp", b"3g2"), "video/3gpp"),
    ((b"M4A ", b"M4B "), "audio/mp4"),
    ((b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V", b"MSNV"), "video/mp4"),
)
"""Brands that the `ftyp` box of ISO base media files (ISO/IEC 14496-12) names, and what we call the file."""
_BRANDS_READ = 16
_BY_PUREMAGIC = frozenset({"image/jpeg", "image/png", "image/gif", "application/pdf"})
"""What puremagic tells for sure; it takes any Matroska file for WebM, say."""


class TooBig(HouseError):
    """More bytes than the limit; nothing was kept."""


@dataclass(frozen=True)
class Kept:
    """A file on disk: its key, its size in bytes, the SHA-256 of its bytes in hex."""

    media_key: str
    size: int
    sha256: str


class MediaStore:
    """A folder of files under names of our own. Keys look like `2026/11/24/<32 hex>`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def save(self, chunks: Iterable[bytes], *, limit: int) -> Kept:
        """Keep a stream under a new key.

        Raises TooBig past `limit` bytes, OSError when the disk will not; nothing is left behind then.
        """
        return self.save_as(f"{datetime.now(UTC):%Y/%m/%d}/{secrets.token_hex(16)}", chunks, limit=limit)

    def save_as(self, key: str, chunks: Iterable[bytes], *, limit: int | None = None) -> Kept:
        """Keep a stream under a key that is known already (from a backup); otherwise as `save`.

        First under a temporary name, flushed to the disk, then renamed: a key has a whole file or none.
        """
        target = self.path(key)
        new_day = not target.parent.exists()
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_suffix(".part")
        digest, size = hashlib.sha256(), 0
        try:
            with part.open("xb") as file:
                for chunk in chunks:
                    size += len(chunk)
                    if limit is not None and size > limit:
                        raise TooBig(f"more than {limit} bytes")
                    digest.update(chunk)
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            part.rename(target)
            for folder in target.parents[: 4 if new_day else 1]:
                _flush_folder(folder)
        except BaseException:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
            raise
        return Kept(key, size, digest.hexdigest())

    def stored_keys(self) -> Iterator[str]:
        """Every key that has a file, in order; what lies there under another name is passed over."""
        for path in sorted(self.folder.glob("*/*/*/*")):
            key = path.relative_to(self.folder).as_posix()
            if _KEY.fullmatch(key):
                yield key

    def kept_at(self, key: str) -> datetime:
        """When the file was kept; aware UTC. Raises FileNotFoundError when it is gone."""
        return datetime.fromtimestamp(self.path(key).stat().st_mtime, UTC)

    def drop_unfinished(self, *, before: datetime) -> int:
        """Delete what a killed process left half written and nobody touched since; returns how many files."""
        left = [
            part for part in self.folder.glob("*/*/*/*.part") if part.stat().st_mtime < before.timestamp()
        ]
        for part in left:
            part.unlink(missing_ok=True)
        return len(left)

    def path(self, key: str) -> Path:
        """Where a key's file is. Raises ValueError for anything that is not one of our keys."""
        if not _KEY.fullmatch(key):
            raise ValueError("not a media key")
        return self.folder / key

    def open(self, key: str) -> BinaryIO:
        """Open for reading; raises FileNotFoundError when it is gone."""
        return self.path(key).open("rb")

    def delete(self, key: str) -> None:
        """Delete; nothing happens when it is gone already."""
        self.path(key).unlink(missing_ok=True)

    def free_bytes(self) -> int:
        return shutil.disk_usage(self.folder).free

    def check_writable(self) -> None:
        """Raise OSError when files cannot be written here."""
        probe = self.folder / f".probe-{secrets.token_hex(4)}"
        try:
            probe.write_bytes(b"x")
        finally:
            with contextlib.suppress(OSError):
                probe.unlink(missing_ok=True)


def media_store(url: str) -> MediaStore:
    """The store of a MEDIA_URL: `file:folder`."""
    if not url.startswith("file:"):
        raise ValueError("MEDIA_URL must start with file:")
    return MediaStore(Path(url.removeprefix("file:").removeprefix("//")))


def file_type(head: bytes) -> tuple[str, str] | None:
    """What the first bytes say a file is: (mime, kind), or None for a type that is not taken.

    The name and what the sender says count for nothing. 4 KiB are enough.
    """
    mime = _by_brand(head) if head[4:8] == b"ftyp" else _by_head(head) or _by_puremagic(head)
    return (mime, KINDS[mime]) if mime in KINDS else None


def _by_brand(head: bytes) -> str | None:
    """MP4 and its relatives say who they are in the `ftyp` box: the major brand, then those it agrees with."""
    box = head[8 : min(int.from_bytes(head[:4], "big"), 16 + 4 * _BRANDS_READ)]
    brands = [box[:4], *(box[at : at + 4] for at in range(8, len(box), 4))]
    if any(brand.startswith((b"avif", b"avis")) for brand in brands):
        return None
    found = (mime for brand in brands for starts, mime in _BRANDS if brand.startswith(starts))
    return next(found, None)


def _by_head(head: bytes) -> str | None:
    if head.startswith(b"#!AMR"):
        return "audio/amr"
    if head.startswith(b"OggS"):
        return "audio/ogg"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return "video/webm" if b"webm" in head[:64] else None
    if head.startswith(b"ID3") or (len(head) > 1 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2):
        return "audio/mpeg"
    return None


def _by_puremagic(head: bytes) -> str | None:
    try:
        found = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        return None
    mime = str(found[0].mime_type) if found else None
    return mime if mime in _BY_PUREMAGIC else None


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
