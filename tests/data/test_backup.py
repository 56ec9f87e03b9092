"""A backup is whole or not there; a restore brings back every row and file, or changes nothing."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, inspect, select

from data import postgres_copy, schema
from data.backup import backup, restore
from data.manifest import BackupRefused, Manifest
from data.media import MediaStore
from data.session import Database
from data.tables import Citizen, Officer, OfficialAccount

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> MediaStore:
    return MediaStore(tmp_path / "media")


@pytest.fixture
def elsewhere(tmp_path: Path) -> MediaStore:
    """The media store of the machine the backup is brought to."""
    return MediaStore(tmp_path / "elsewhere")


@pytest.fixture
def house(database: Database, store: MediaStore) -> Database:
    """Two citizens, one account, three files; and a file that is still arriving."""
    with database.transaction() as session:
        session.add(OfficialAccount(oa_id="1", name="Công an phường", created_at=NOW))
        session.add_all(Citizen(key=key, oa_id="1", first_seen_at=NOW) for key in ("lan", "mai"))
    for words in (b"mot", b"hai", b"ba"):
        store.save([words], limit=10)
    (store.folder / "2026").mkdir(exist_ok=True)
    (store.folder / "2026" / "arriving.part").write_bytes(b"half")
    return database


def _names(database: Database) -> list[str]:
    with database.reading() as session:
        return sorted(session.scalars(select(Citizen.key)))


def test_everything_comes_back(
    house: Database, store: MediaStore, elsewhere: MediaStore, blank_url_like: str, tmp_path: Path
) -> None:
    made = backup(house, store, tmp_path / "copy", NOW)
    brought = restore(tmp_path / "copy", blank_url_like, elsewhere)

    assert brought == made
    assert made.tables["citizens"] == 2
    assert made.schema == schema.newest()
    with closing(Database(blank_url_like)) as there:
        assert _names(there) == ["lan", "mai"]
        assert schema.current(there) == schema.newest()
        with there.transaction() as session:
            session.add(Citizen(key="nam", oa_id="1", first_seen_at=NOW))
        assert _names(there) == ["lan", "mai", "nam"]
    assert [elsewhere.path(key).read_bytes() for key in elsewhere.stored_keys()] == [
        store.path(key).read_bytes() for key in store.stored_keys()
    ]
    assert len(list(elsewhere.stored_keys())) == 3


def test_new_rows_after_a_restore_get_new_numbers(
    house: Database, store: MediaStore, elsewhere: MediaStore, blank_url_like: str, tmp_path: Path
) -> None:
    """A counter that starts anew would give an officer the number of another."""

    def account(name: str) -> Officer:
        return Officer(email=name, name=name, password="", fs_uniquifier=name, active=True, created_at=NOW)

    with house.transaction() as session:
        session.add_all([account("A"), account("B")])
    backup(house, store, tmp_path / "copy", NOW)
    restore(tmp_path / "copy", blank_url_like, elsewhere)

    with closing(Database(blank_url_like)) as there:
        with there.transaction() as session:
            session.add(account("C"))
        with there.reading() as session:
            assert session.scalar(select(func.count(Officer.id.distinct()))) == 3


def test_a_backup_is_made_while_others_write(
    house: Database, store: MediaStore, elsewhere: MediaStore, blank_url_like: str, tmp_path: Path
) -> None:
    """The counts of the manifest are those of the copy, whatever is written meanwhile."""
    stop = threading.Event()
    written: list[int] = []

    def write() -> None:
        while not stop.is_set():
            with house.transaction() as session:
                session.add(Citizen(key=f"new-{len(written)}", oa_id="1", first_seen_at=NOW))
            written.append(1)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        made = backup(house, store, tmp_path / "copy", NOW)
    finally:
        stop.set()
        writer.join()

    assert written
    assert 2 <= made.tables["citizens"] <= 2 + len(written)
    restore(tmp_path / "copy", blank_url_like, elsewhere)
    with closing(Database(blank_url_like)) as there:
        assert len(_names(there)) == made.tables["citizens"]


def test_nobody_else_on_the_machine_can_read_it(house: Database, store: MediaStore, tmp_path: Path) -> None:
    backup(house, store, tmp_path / "copy", NOW)
    assert (tmp_path / "copy").stat().st_mode & 0o077 == 0


def test_a_folder_that_holds_something_is_left_alone(
    house: Database, store: MediaStore, tmp_path: Path
) -> None:
    (tmp_path / "copy").mkdir()
    (tmp_path / "copy" / "letter.txt").write_text("mine")
    with pytest.raises(BackupRefused, match="not empty"):
        backup(house, store, tmp_path / "copy", NOW)
    assert [path.name for path in (tmp_path / "copy").iterdir()] == ["letter.txt"]


def test_half_a_backup_is_not_left_behind(
    house: Database, store: MediaStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: MediaStore, *__: object, **___: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(MediaStore, "save_as", full)
    with pytest.raises(OSError, match="No space"):
        backup(house, store, tmp_path / "out" / "copy", NOW)
    assert list((tmp_path / "out").iterdir()) == []


def test_the_manifest_says_in_words_what_it_holds(house: Database, store: MediaStore, tmp_path: Path) -> None:
    made = backup(house, store, tmp_path / "copy", NOW)
    assert Manifest.read(tmp_path / "copy") == made
    assert "3 media files" in made.in_words()
    assert "DATA_KEY" in made.in_words()
    assert "2026-11-24T03:00:00+00:00" in made.in_words()


# ---- refused ------------------------------------------------------------------------------------------------


def _spoil_media(copy: Path) -> None:
    next((copy / "media").glob("*/*/*/*")).write_bytes(b"other")


def _lose_media(copy: Path) -> None:
    next((copy / "media").glob("*/*/*/*")).unlink()


def _spoil_database(copy: Path) -> None:
    path = next(copy.glob("database.*"))
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        file.write(b"\xff\x00\xff")


def _lose_manifest(copy: Path) -> None:
    (copy / "manifest.json").unlink()


def _cut_manifest(copy: Path) -> None:
    path = copy / "manifest.json"
    path.write_text(path.read_text()[:-40])


def _change(copy: Path, change: Callable[[dict[str, Any]], None]) -> None:
    path = copy / "manifest.json"
    found = json.loads(path.read_text())
    change(found)
    path.write_text(json.dumps(found))
    mark = hashlib.sha256(path.read_bytes()).hexdigest()
    (copy / "manifest.sha256").write_text(f"{mark}  manifest.json\n")


def _miscount(copy: Path) -> None:
    path = copy / "manifest.json"
    path.write_text(path.read_text().replace('"citizens": 2', '"citizens": 3'))


def _from_the_future(copy: Path) -> None:
    _change(copy, lambda found: found.update(schema="9999"))


def _climb_out(copy: Path) -> None:
    (copy.parent / "secret").write_bytes(b"x")
    _change(
        copy, lambda found: found["files"].update({"media/../../secret": found["files"][found["database"]]})
    )


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (_spoil_media, "changed or damaged"),
        (_lose_media, "is missing"),
        (_spoil_database, "changed or damaged"),
        (_lose_manifest, "manifest"),
        (_cut_manifest, "manifest"),
        (_miscount, "manifest.json was changed"),
        (_from_the_future, "newer than this program"),
        (_climb_out, "is missing"),
    ],
)
def test_a_backup_that_is_not_whole_changes_nothing(
    house: Database,
    store: MediaStore,
    elsewhere: MediaStore,
    blank_url_like: str,
    tmp_path: Path,
    spoil: Callable[[Path], None],
    said: str,
) -> None:
    backup(house, store, tmp_path / "copy", NOW)
    spoil(tmp_path / "copy")
    with pytest.raises(BackupRefused, match=said):
        restore(tmp_path / "copy", blank_url_like, elsewhere)

    assert list(elsewhere.stored_keys()) == []
    with closing(Database(blank_url_like)) as there:
        assert inspect(there.engine).get_table_names() == []


def test_a_database_that_holds_something_is_left_alone(
    house: Database, store: MediaStore, elsewhere: MediaStore, tmp_path: Path
) -> None:
    backup(house, store, tmp_path / "copy", NOW)
    with house.transaction() as session:
        session.add(Citizen(key="newer", oa_id="1", first_seen_at=NOW))
    with pytest.raises(BackupRefused, match="database of DATABASE_URL is not empty"):
        restore(tmp_path / "copy", house.url, elsewhere)
    assert _names(house) == ["lan", "mai", "newer"]
    assert list(elsewhere.stored_keys()) == []


def test_a_media_store_that_holds_something_is_left_alone(
    house: Database, store: MediaStore, blank_url_like: str, tmp_path: Path
) -> None:
    backup(house, store, tmp_path / "copy", NOW)
    before = list(store.stored_keys())
    with pytest.raises(BackupRefused, match="media store of MEDIA_URL is not empty"):
        restore(tmp_path / "copy", blank_url_like, store)
    assert list(store.stored_keys()) == before


def test_a_backup_of_the_other_kind_is_refused(
    sqlite_database: Database, store: MediaStore, elsewhere: MediaStore, postgres_url: str, tmp_path: Path
) -> None:
    backup(sqlite_database, store, tmp_path / "copy", NOW)
    with pytest.raises(BackupRefused, match="of SQLite"):
        restore(tmp_path / "copy", postgres_url, elsewhere)


def test_the_password_of_the_database_is_not_in_what_is_said(tmp_path: Path) -> None:
    with pytest.raises(postgres_copy.CopyFailed) as failed:
        postgres_copy.dump("postgresql://me:hush-hush@127.0.0.1:1/none", tmp_path / "dump", snapshot="1")
    assert "hush-hush" not in str(failed.value)
    assert "pg_dump did not succeed" in str(failed.value)


def test_rows_that_got_lost_on_the_way_are_noticed(
    house: Database, store: MediaStore, elsewhere: MediaStore, blank_url_like: str, tmp_path: Path
) -> None:
    backup(house, store, tmp_path / "copy", NOW)
    _change(tmp_path / "copy", lambda found: found["tables"].update(citizens=7))
    with pytest.raises(BackupRefused, match=r"does not add up \(citizens\)"):
        restore(tmp_path / "copy", blank_url_like, elsewhere)
    assert list(elsewhere.stored_keys()) == []
