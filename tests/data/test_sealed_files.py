"""A sealed file opens whole, under the words it was sealed with, or not at all."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.media import MediaStore, TooBig
from data.sealed_files import CHUNK, HEADER, is_sealed, open_sealed, read_in_chunks, reseal, save_sealed
from data.sealing import CannotOpen, Sealer

BOUND = "d:0:original"
STEP = CHUNK + 16


@pytest.fixture
def store(tmp_path: Path) -> MediaStore:
    return MediaStore(tmp_path / "media")


def _content(size: int) -> bytes:
    return bytes(n * 7 % 251 for n in range(min(size, 4096))) * (size // 4096 + 1)


def _sealed(store: MediaStore, sealer: Sealer, content: bytes, bound: str = BOUND) -> str:
    kept = save_sealed(store, [content], sealer=sealer, bound=bound, limit=10 * CHUNK)
    assert (kept.size, kept.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    return kept.media_key


def _open(store: MediaStore, key: str, sealer: Sealer, bound: str = BOUND) -> bytes:
    with open_sealed(store, key, sealer=sealer, bound=bound) as file:
        return b"".join(read_in_chunks(file))


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 5])
def test_what_was_sealed_opens_again_and_lies_nowhere_in_clear(
    store: MediaStore, sealer: Sealer, size: int
) -> None:
    content = _content(size)[:size]
    key = _sealed(store, sealer, content)
    assert is_sealed(store, key)
    assert _open(store, key, sealer) == content
    on_disk = store.path(key).read_bytes()
    assert size < 32 or content[:32] not in on_disk


def test_the_size_of_the_pieces_a_stream_comes_in_does_not_matter(store: MediaStore, sealer: Sealer) -> None:
    content = _content(2 * CHUNK + 99)[: 2 * CHUNK + 99]
    pieces = [content[n : n + 1013] for n in range(0, len(content), 1013)]
    kept = save_sealed(store, pieces, sealer=sealer, bound=BOUND, limit=len(content))
    assert _open(store, kept.media_key, sealer) == content


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(start=st.integers(0, 3 * CHUNK + 40), length=st.integers(0, 2 * CHUNK))
def test_any_part_can_be_read(store: MediaStore, sealer: Sealer, start: int, length: int) -> None:
    content = _content(3 * CHUNK + 17)[: 3 * CHUNK + 17]
    key = next(store.stored_keys(), None) or _sealed(store, sealer, content)
    with open_sealed(store, key, sealer=sealer, bound=BOUND) as file:
        assert file.seek(0, 2) == len(content)
        file.seek(start)
        assert file.read(length) == content[start : start + length]


def _flip(at: int) -> Callable[[bytes], bytes]:
    return lambda sealed: sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]


CHANGES: dict[str, Callable[[bytes], bytes]] = {
    "a bit of the magic": _flip(0),
    "a bit of the key's name": _flip(5),
    "a bit of the file's key": _flip(30),
    "a bit of the nonce": _flip(HEADER - 1),
    "a bit of the first chunk": _flip(HEADER),
    "a bit of the last tag": _flip(-1 + HEADER + 2 * STEP + 33),
    "cut inside a chunk": lambda sealed: sealed[:-5],
    "cut at a chunk's end": lambda sealed: sealed[: HEADER + 2 * STEP],
    "only the header": lambda sealed: sealed[:HEADER],
    "nothing": lambda sealed: b"",
    "something behind": lambda sealed: sealed + b"more",
    "two chunks swapped": lambda sealed: (
        sealed[:HEADER]
        + sealed[HEADER + STEP : HEADER + 2 * STEP]
        + sealed[HEADER : HEADER + STEP]
        + sealed[HEADER + 2 * STEP :]
    ),
    "a chunk repeated": lambda sealed: sealed[: HEADER + STEP] + sealed[HEADER:],
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_file_does_not_open(store: MediaStore, sealer: Sealer, change: str) -> None:
    key = _sealed(store, sealer, _content(2 * CHUNK + 17)[: 2 * CHUNK + 17])
    path = store.path(key)
    path.write_bytes(CHANGES[change](path.read_bytes()))
    with pytest.raises(CannotOpen):
        _open(store, key, sealer)


def test_a_file_of_another_tip_does_not_open_in_its_place(store: MediaStore, sealer: Sealer) -> None:
    ours, theirs = _sealed(store, sealer, b"ours"), _sealed(store, sealer, b"theirs", "e:0:original")
    store.path(ours).write_bytes(store.path(theirs).read_bytes())
    with pytest.raises(CannotOpen):
        _open(store, ours, sealer)


def test_the_chunks_of_one_file_do_not_fit_under_the_header_of_another(
    store: MediaStore, sealer: Sealer
) -> None:
    first, second = _sealed(store, sealer, b"first"), _sealed(store, sealer, b"other")
    mixed = store.path(first).read_bytes()[:HEADER] + store.path(second).read_bytes()[HEADER:]
    store.path(first).write_bytes(mixed)
    with pytest.raises(CannotOpen):
        _open(store, first, sealer)


def test_without_the_key_nothing_opens(store: MediaStore, sealer: Sealer) -> None:
    key = _sealed(store, sealer, b"x")
    with pytest.raises(CannotOpen, match="DATA_KEY"):
        _open(store, key, Sealer([b"z" * 32]))


def test_a_new_data_key_takes_over_and_the_old_one_can_go(store: MediaStore) -> None:
    old, new = b"o" * 32, b"n" * 32
    key = _sealed(store, Sealer([old]), _content(CHUNK + 9)[: CHUNK + 9])
    assert _open(store, key, Sealer([new, old])) == _content(CHUNK + 9)[: CHUNK + 9]
    assert reseal(store, key, sealer=Sealer([new, old]), bound=BOUND) is True
    assert reseal(store, key, sealer=Sealer([new, old]), bound=BOUND) is False
    assert _open(store, key, Sealer([new])) == _content(CHUNK + 9)[: CHUNK + 9]
    with pytest.raises(CannotOpen):
        _open(store, key, Sealer([old]))


def test_past_the_limit_nothing_stays(store: MediaStore, sealer: Sealer) -> None:
    with pytest.raises(TooBig):
        save_sealed(store, [b"x" * 1000] * 200, sealer=sealer, bound=BOUND, limit=100_000)
    assert list(store.stored_keys()) == []
    assert save_sealed(store, [b"x" * 1000] * 100, sealer=sealer, bound=BOUND, limit=100_000).size == 100_000
