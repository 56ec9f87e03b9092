"""A file is kept whole under a name of our own, or not at all; its type is what its bytes say."""

from __future__ import annotations

import errno
import hashlib
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from data.media import KINDS, MediaStore, TooBig, file_type, media_store


@pytest.fixture
def store(tmp_path: Path) -> MediaStore:
    return MediaStore(tmp_path / "media")


def _files(store: MediaStore) -> list[Path]:
    return [path for path in store.folder.rglob("*") if path.is_file()]


# ---- keeping ------------------------------------------------------------------------------------------------


def test_what_was_saved_can_be_opened_again(store: MediaStore) -> None:
    kept = store.save([b"mot ", b"", b"hai"], limit=100)
    with store.open(kept.media_key) as file:
        assert file.read() == b"mot hai"
    assert kept.size == 7
    assert kept.sha256 == hashlib.sha256(b"mot hai").hexdigest()
    assert store.path(kept.media_key) in _files(store)


def test_two_files_with_the_same_bytes_are_two_files(store: MediaStore) -> None:
    first, second = store.save([b"x"], limit=1), store.save([b"x"], limit=1)
    assert first.media_key != second.media_key
    store.delete(first.media_key)
    with store.open(second.media_key) as file:
        assert file.read() == b"x"


def test_a_file_as_large_as_the_limit_is_kept(store: MediaStore) -> None:
    assert store.save([b"12345", b"67890"], limit=10).size == 10


def test_a_file_past_the_limit_leaves_nothing_and_is_not_read_on(store: MediaStore) -> None:
    read = []

    def endless() -> Iterator[bytes]:
        while True:
            read.append(1)
            yield b"x" * 1000

    with pytest.raises(TooBig):
        store.save(endless(), limit=10_000)
    assert len(read) == 11
    assert _files(store) == []


def test_a_stream_that_breaks_leaves_nothing(store: MediaStore) -> None:
    def breaks() -> Iterator[bytes]:
        yield b"half"
        raise ConnectionError("the link died")

    with pytest.raises(ConnectionError):
        store.save(breaks(), limit=100)
    assert _files(store) == []


@pytest.mark.parametrize("step", ["fsync", "rename"])
def test_a_disk_that_fails_leaves_nothing(
    store: MediaStore, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def fails(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(*((os, "fsync", fails) if step == "fsync" else (Path, "rename", fails)))
    with pytest.raises(OSError, match="No space"):
        store.save([b"x"], limit=1)
    assert _files(store) == []


def test_a_key_has_a_whole_file_or_none_even_when_killed(store: MediaStore) -> None:
    """Killed in the middle of the stream: no key leads to half a file."""
    program = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from data.media import MediaStore\n"
        "def chunks():\n"
        "    yield b'x' * 100_000\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
        "MediaStore(Path(sys.argv[1])).save(chunks(), limit=1_000_000)\n"
    )
    root = Path(__file__).parents[2]
    killed = subprocess.run([sys.executable, "-c", program, store.folder], cwd=root, check=False)
    assert killed.returncode == -9
    assert list(store.stored_keys()) == []
    assert [path.suffix for path in _files(store)] == [".part"]


def test_what_a_killed_process_left_is_dropped_later(store: MediaStore) -> None:
    kept = store.save([b"x"], limit=1)
    left, arriving = (store.path(kept.media_key).with_name(f"{letter * 32}.part") for letter in "ab")
    for part in (left, arriving):
        part.write_bytes(b"half")
    os.utime(left, (0, 0))
    assert store.drop_unfinished(before=datetime.now(UTC) - timedelta(hours=1)) == 1
    assert sorted(_files(store)) == sorted([store.path(kept.media_key), arriving])


def test_deleting_twice_does_no_harm(store: MediaStore) -> None:
    kept = store.save([b"x"], limit=1)
    store.delete(kept.media_key)
    store.delete(kept.media_key)
    with pytest.raises(FileNotFoundError):
        store.open(kept.media_key)


def test_all_keys_in_order_and_nothing_else(store: MediaStore) -> None:
    keys = sorted(store.save([b"x"], limit=1).media_key for _ in range(5))
    (store.path(keys[0]).parent / "notes.txt").write_text("mine")
    (store.folder / "lost+found").mkdir()
    assert list(store.stored_keys()) == keys


def test_a_known_key_is_never_written_over_by_a_second_stream(store: MediaStore) -> None:
    key = f"2026/11/24/{'a' * 32}"
    store.save_as(key, [b"first"])
    store.path(key).with_suffix(".part").write_bytes(b"another is at it")
    with pytest.raises(FileExistsError):
        store.save_as(key, [b"second"])
    with store.open(key) as file:
        assert file.read() == b"first"


def test_other_users_of_the_machine_cannot_look_in(store: MediaStore) -> None:
    assert store.folder.stat().st_mode & 0o077 == 0


def test_free_bytes_are_those_of_its_disk(store: MediaStore) -> None:
    assert 0 < store.free_bytes() <= os.statvfs(store.folder).f_blocks * os.statvfs(store.folder).f_frsize


def test_writing_is_tried_out_without_a_trace(store: MediaStore) -> None:
    store.check_writable()
    assert _files(store) == []
    store.folder.rmdir()
    with pytest.raises(OSError, match="No such file"):
        store.check_writable()


# ---- the one check of paths ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "key",
    [
        "",
        ".",
        "..",
        "/etc/passwd",
        "../../etc/passwd",
        f"2026/11/24/../../../{'a' * 32}",
        f"2026/11/24/{'a' * 32}/..",
        f"2026/11/24/{'a' * 32}\n",
        f"2026/11/24/{'a' * 32}.part",
        f"2026/11/24/{'A' * 32}",
        f"2026/11/24/{'a' * 31}",
        f"2026\\11\\24\\{'a' * 32}",
        f"٢٠٢٦/١١/٢٤/{'a' * 32}",
        f"2026/11/24/{'a' * 31}\0",
        f" 2026/11/24/{'a' * 32}",
    ],
)
def test_what_is_not_one_of_our_keys_opens_nothing(store: MediaStore, key: str) -> None:
    for act in (store.path, store.open, store.delete):
        with pytest.raises(ValueError, match="not a media key"):
            act(key)
    with pytest.raises(ValueError, match="not a media key"):
        store.save_as(key, [b"x"])
    assert _files(store) == []


@given(st.text(alphabet="0123456789abcdef/.\\\0-٣", max_size=60))
def test_no_key_leads_out_of_the_store(key: str) -> None:
    store = MediaStore.__new__(MediaStore)
    store.folder = Path("/store")
    try:
        path = store.path(key)
    except ValueError:
        return
    assert Path(os.path.normpath(path)).is_relative_to("/store")


def test_the_store_of_a_setting(tmp_path: Path) -> None:
    for url in (f"file:{tmp_path}/a", f"file://{tmp_path}/a"):
        assert media_store(url).folder == tmp_path / "a"
    with pytest.raises(ValueError, match="file:"):
        media_store("s3://bucket/prefix")


# ---- what a file is -----------------------------------------------------------------------------------------


def _picture(form: str) -> bytes:
    written = BytesIO()
    Image.new("RGB", (8, 6), "navy").save(written, form)
    return written.getvalue()


def _ftyp(major: bytes, *others: bytes) -> bytes:
    box = b"ftyp" + major + b"\0\0\2\0" + b"".join(others)
    return (len(box) + 4).to_bytes(4, "big") + box + b"\0\0\0\x08free"


SAMPLES = Path(__file__).parents[2] / "simulator" / "static" / "samples"
TAKEN = [
    (_picture("JPEG"), "image/jpeg"),
    (_picture("PNG"), "image/png"),
    (_picture("GIF"), "image/gif"),
    (_picture("WEBP"), "image/webp"),
    ((SAMPLES / "cay-do.jpg").read_bytes(), "image/jpeg"),
    ((SAMPLES / "clip-duong-pho.mp4").read_bytes(), "video/mp4"),
    ((SAMPLES / "ghi-am.m4a").read_bytes(), "audio/mp4"),
    (_ftyp(b"heic", b"mif1", b"heic"), "image/heic"),
    (_ftyp(b"mif1", b"mif1", b"heic"), "image/heic"),
    (_ftyp(b"isom", b"isom", b"iso2", b"avc1", b"mp41"), "video/mp4"),
    (_ftyp(b"mp42", b"isom", b"mp42"), "video/mp4"),
    (_ftyp(b"abcd", b"mp41"), "video/mp4"),
    (_ftyp(b"qt  ", b"qt  "), "video/quicktime"),
    (_ftyp(b"3gp4", b"isom", b"3gp4"), "video/3gpp"),
    (_ftyp(b"3gp5"), "video/3gpp"),
    (_ftyp(b"M4A ", b"mp42"), "audio/mp4"),
    (b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm\x42\x87\x81\x02", "video/webm"),
    (b"#!AMR\n\x3c\x91\x17\x16", "audio/amr"),
    (b"OggS\0\x02" + b"\0" * 20 + b"\x01\x1eOpusHead", "audio/ogg"),
    (b"ID3\x04\0\0\0\0\0\x23TSSE", "audio/mpeg"),
    (b"\xff\xfb\x90\x64" + b"\0" * 100, "audio/mpeg"),
    (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "application/pdf"),
]


@pytest.mark.parametrize(("content", "mime"), TAKEN)
def test_types_that_are_taken(content: bytes, mime: str) -> None:
    assert file_type(content[:4096]) == (mime, KINDS[mime])


def test_every_type_of_the_table_is_tried_above() -> None:
    assert {mime for _, mime in TAKEN} == set(KINDS)


def _zip(name: str) -> bytes:
    written = BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr(name, "x")
    return written.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0",
        b"\xff",
        b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0",
        b"\x7fELF\x02\x01\x01\0",
        b"<!DOCTYPE html><html><script>alert(1)</script>",
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        b"<?xml version='1.0'?><svg/>",
        _zip("word/document.xml"),
        _zip("image.jpg"),
        b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x88matroska",
        _ftyp(b"avif", b"mif1", b"miaf"),
        _ftyp(b"mif1", b"avif", b"heic"),
        _ftyp(b"crx ", b"crx "),
        b"BM" + b"\0" * 60,
        b"RIFF\x24\0\0\0WAVEfmt ",
        b"Co nhom danh bac image/jpeg",
        b"P",
        b"GIF",
    ],
)
def test_types_that_are_not_taken(content: bytes) -> None:
    assert file_type(content) is None


def test_the_type_does_not_depend_on_what_follows() -> None:
    """A picture with another file behind it is a picture; a page with a picture behind it is a page."""
    assert file_type((_picture("PNG") + b"<script>")[:4096]) == ("image/png", "photo")
    assert file_type(b"<html>" + _picture("PNG")) is None


@given(st.binary(max_size=200))
def test_any_bytes_are_one_of_the_table_or_nothing(content: bytes) -> None:
    found = file_type(content)
    assert found is None or KINDS[found[0]] == found[1]
