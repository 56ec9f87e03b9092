"""Files that only a holder of DATA_KEY can read: sealed while they stream, opened at any place.

Chunked AES-256-GCM in the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár, "Online Authenticated-
Encryption and its Nonce-Reuse Misuse-Resistance", 2015, section 7): each chunk's nonce is a random prefix, the
chunk's number, and a mark on the last one, so that chunks cannot be changed, swapped, repeated or cut off the end.
Every file has a key of its own, sealed with DATA_KEY in its header and bound to what the file is; a new DATA_KEY
changes the header only (`reseal`).

    magic "CNF1" · sealed file key (64 bytes) · nonce prefix (7) · chunks of 64 KiB, each with its tag of 16 bytes
"""

from __future__ import annotations

import hashlib
import io
import os
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from data.media import MediaStore, TooBig
from data.sealing import KEY_BYTES, CannotOpen, Sealer

MAGIC = b"CNF1"
CHUNK = 64 * 1024
_TAG = 16
_PREFIX = 7
_WRAPPED = 4 + 12 + KEY_BYTES + _TAG
HEADER = len(MAGIC) + _WRAPPED + _PREFIX
_CHUNKS_MAX = 2**32


@dataclass(frozen=True)
class SealedFile:
    """A sealed file in the store; size in bytes and SHA-256 in hex of what was sealed, not of the sealed bytes."""

    media_key: str
    size: int
    sha256: str


def save_sealed(
    store: MediaStore, chunks: Iterable[bytes], *, sealer: Sealer, bound: str, limit: int
) -> SealedFile:
    """Seal a stream into the store, hashing it on the way; nothing unsealed touches the disk.

    bound   what the file is (`data.attachments.bound`): it opens under the same words only
    limit   bytes of the stream; raises TooBig past it, OSError when the disk will not; nothing stays behind then
    """
    measure = _Measure(chunks, limit)
    kept = store.save(_sealed(measure, sealer, bound), limit=limit + HEADER + _TAG * (limit // CHUNK + 2))
    return SealedFile(kept.media_key, measure.size, measure.digest.hexdigest())


def open_sealed(store: MediaStore, key: str, *, sealer: Sealer, bound: str) -> BinaryIO:
    """A seekable file of what was sealed; every chunk is checked before its bytes are given out.

    Raises FileNotFoundError when it is gone, CannotOpen when it was changed, cut, moved to another attachment, or
    sealed with a key we do not have.
    """
    file = store.open(key)
    try:
        return io.BufferedReader(_Opened(file, sealer, bound), CHUNK)
    except BaseException:
        file.close()
        raise


def is_sealed(store: MediaStore, key: str) -> bool:
    """Does the file say of itself that it is sealed?"""
    with store.open(key) as file:
        return file.read(len(MAGIC)) == MAGIC


def reseal(store: MediaStore, key: str, *, sealer: Sealer, bound: str) -> bool:
    """Seal the file's own key with the newest DATA_KEY; False when it is already.

    64 bytes at the beginning of one disk sector change, in one write: whole or not at all.
    """
    with store.path(key).open("r+b") as file:
        header = _read_header(file)
        if sealer.is_newest(header.wrapped):
            return False
        again = sealer.seal(sealer.open(header.wrapped, purpose=_purpose(bound)), purpose=_purpose(bound))
        os.pwrite(file.fileno(), again, len(MAGIC))
        os.fsync(file.fileno())
    return True


def read_in_chunks(file: IO[bytes]) -> Iterator[bytes]:
    """The whole file, a chunk at a time."""
    while chunk := file.read(CHUNK):
        yield chunk


class _Measure:
    def __init__(self, chunks: Iterable[bytes], limit: int) -> None:
        self._chunks = chunks
        self._limit = limit
        self.size = 0
        self.digest = hashlib.sha256()

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._chunks:
            self.size += len(chunk)
            if self.size > self._limit:
                raise TooBig(f"more than {self._limit} bytes")
            self.digest.update(chunk)
            yield chunk


@dataclass(frozen=True)
class _Header:
    wrapped: bytes
    prefix: bytes


def _read_header(file: BinaryIO) -> _Header:
    header = file.read(HEADER)
    if len(header) != HEADER or not header.startswith(MAGIC):
        raise CannotOpen("not a sealed file")
    return _Header(header[len(MAGIC) : len(MAGIC) + _WRAPPED], header[-_PREFIX:])


def _purpose(bound: str) -> str:
    return f"file:{bound}"


def _nonce(prefix: bytes, number: int, last: bool) -> bytes:
    return prefix + struct.pack(">IB", number, last)


def _sealed(chunks: Iterable[bytes], sealer: Sealer, bound: str) -> Iterator[bytes]:
    key, prefix = AESGCM.generate_key(8 * KEY_BYTES), os.urandom(_PREFIX)
    yield MAGIC + sealer.seal(key, purpose=_purpose(bound)) + prefix
    cipher = AESGCM(key)
    number, waiting = 0, bytearray()
    for chunk in chunks:
        waiting += chunk
        while len(waiting) > CHUNK:  # never all of it: the last chunk is known only when the stream ends
            yield cipher.encrypt(_nonce(prefix, number, False), bytes(waiting[:CHUNK]), None)
            del waiting[:CHUNK]
            number += 1
            if number == _CHUNKS_MAX:
                raise TooBig("more chunks than can be counted")
    yield cipher.encrypt(_nonce(prefix, number, True), bytes(waiting), None)


class _Opened(io.RawIOBase):
    """Reads one chunk at a time. The last chunk is checked at once: a file cut short does not open."""

    def __init__(self, file: BinaryIO, sealer: Sealer, bound: str) -> None:
        self._file = file
        header = _read_header(file)
        self._cipher = AESGCM(sealer.open(header.wrapped, purpose=_purpose(bound)))
        self._prefix = header.prefix
        body = os.fstat(file.fileno()).st_size - HEADER
        self._last, rest = divmod(body - 1, CHUNK + _TAG)
        self._size = self._last * CHUNK + rest + 1 - _TAG
        if body < _TAG or self._size < self._last * CHUNK:
            raise CannotOpen("the sealed file was cut")
        self._at = 0
        self._number = -1
        self._chunk = b""
        self._load(self._last)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        if start + offset < 0:
            raise ValueError("before the beginning")
        self._at = start + offset
        return self._at

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # what BufferedReader hands us
        if self._at >= self._size:
            return 0
        number, offset = divmod(self._at, CHUNK)
        self._load(number)
        part = self._chunk[offset : offset + len(buffer)]
        buffer[: len(part)] = part
        self._at += len(part)
        return len(part)

    def close(self) -> None:
        self._file.close()
        super().close()

    def _load(self, number: int) -> None:
        if number == self._number:
            return
        self._file.seek(HEADER + number * (CHUNK + _TAG))
        sealed = self._file.read(CHUNK + _TAG)
        try:
            chunk = self._cipher.decrypt(_nonce(self._prefix, number, number == self._last), sealed, None)
        except InvalidTag as error:
            raise CannotOpen("the sealed file was changed") from error
        self._number, self._chunk = number, chunk
