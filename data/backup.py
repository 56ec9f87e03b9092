"""Backup and restore: one folder with the database, the media and a manifest that says what must be in it.

The database is copied as it stood at one moment, the media after it: every file the copy speaks of is there,
and a few newer ones may be. DATA_KEY is not in the backup; without it nobody opens what is sealed.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, NullPool, create_engine, func, inspect, select, text

from data import postgres_copy, schema
from data.manifest import MANIFEST, MANIFEST_MARK, BackupRefused, FileMark, Manifest
from data.media import MIB, MediaStore
from data.session import Database
from data.tables import Base

SQLITE_FILE, POSTGRES_FILE = "database.sqlite", "database.dump"
CHUNK = MIB


# ---- backup -------------------------------------------------------------------------------------------------


def backup(database: Database, store: MediaStore, folder: Path, now: datetime) -> Manifest:
    """Copy database and media into `folder`, while everything runs. Readable by its owner only.

    It grows under another name beside `folder`, so that half a backup is never taken for a whole one.
    Raises BackupRefused when `folder` holds something, OSError when the disk will not.
    """
    folder = folder.absolute()
    if folder.exists() and any(folder.iterdir()):
        raise BackupRefused(f"{folder} is not empty")
    folder.parent.mkdir(parents=True, exist_ok=True)
    growing = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        if database.is_sqlite:
            name, (revision, tables) = SQLITE_FILE, _copy_sqlite(database, growing / SQLITE_FILE)
        else:
            name, (revision, tables) = POSTGRES_FILE, _dump_postgres(database, growing / POSTGRES_FILE)
        _flush(growing / name)
        files = {name: _mark(growing / name)} | _copy_media(store, growing / "media")
        manifest = Manifest(now.isoformat(timespec="seconds"), revision, name, tables, files)
        manifest.write(growing)
        for mark in (MANIFEST, MANIFEST_MARK):
            _flush(growing / mark)
        growing.rename(folder)
        _flush(folder.parent)
    except BaseException:
        shutil.rmtree(growing, ignore_errors=True)
        raise
    return manifest


def _copy_sqlite(database: Database, target: Path) -> tuple[str, dict[str, int]]:
    """SQLite writes a clean copy of one moment; others go on reading and writing meanwhile."""
    with closing(database.engine.raw_connection()) as connection:
        connection.cursor().execute("VACUUM INTO ?", (str(target),))
    with _opened(target) as copy:
        return _contents(copy)


def _dump_postgres(database: Database, target: Path) -> tuple[str, dict[str, int]]:
    """pg_dump and the counts look at the same moment: they share a snapshot."""
    with database.engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        snapshot = connection.execute(text("SELECT pg_export_snapshot()")).scalar_one()
        postgres_copy.dump(database.url, target, snapshot=snapshot)
        return _contents(connection)


def _copy_media(store: MediaStore, target: Path) -> dict[str, FileMark]:
    marks = {}
    copies = MediaStore(target)
    for key in store.stored_keys():
        try:
            kept = copies.save_as(key, _chunks(store.path(key)))
        except FileNotFoundError:
            continue  # deleted since: its tip was stopped, or its citizen asked for it
        marks[f"media/{key}"] = FileMark(kept.size, kept.sha256)
    return marks


# ---- restore ------------------------------------------------------------------------------------------------


def restore(folder: Path, database_url: str, store: MediaStore) -> Manifest:
    """Bring a backup into an empty database and an empty media store; counts and hashes are checked.

    Raises BackupRefused, and leaves the target empty, when the backup is not whole, is of the other kind of
    database or newer than this program, or when there is something in the target.
    """
    manifest = Manifest.read(folder)
    with closing(Database(database_url)) as database:
        problems = [*_not_whole(folder, manifest), *_does_not_fit(manifest, database, store)]
        if problems:
            raise BackupRefused("\n".join(problems))
        brought: list[str] = []
        try:
            for name, mark in manifest.files.items():
                if name.startswith("media/"):
                    brought.append(name.removeprefix("media/"))
                    _bring_file(folder / name, brought[-1], mark, store)
            _bring_database(folder / manifest.database, database, manifest)
        except BaseException:
            for key in brought:
                store.delete(key)
            raise
    return manifest


def _not_whole(folder: Path, manifest: Manifest) -> Iterator[str]:
    """What is wrong with the backup itself."""
    if manifest.database not in manifest.files or manifest.database not in {SQLITE_FILE, POSTGRES_FILE}:
        yield f"{MANIFEST}: names no database"
    for name, mark in manifest.files.items():
        path = folder / name
        if not path.resolve().is_relative_to(folder.resolve()) or not path.is_file():
            yield f"{name}: is missing"
        elif _mark(path) != mark:
            yield f"{name}: was changed or damaged since the backup"


def _does_not_fit(manifest: Manifest, database: Database, store: MediaStore) -> Iterator[str]:
    """What is wrong with bringing it here."""
    if (manifest.database == SQLITE_FILE) != database.is_sqlite:
        kind = "SQLite" if manifest.database == SQLITE_FILE else "PostgreSQL"
        yield f"the backup is of {kind}, DATABASE_URL is not"
        return
    if not _is_known(manifest.schema):
        yield f"the backup has schema {manifest.schema}: newer than this program; restore it with a newer one"
    if inspect(database.engine).get_table_names():
        yield "the database of DATABASE_URL is not empty"
    if next(store.stored_keys(), None):
        yield "the media store of MEDIA_URL is not empty"


def _is_known(revision: str) -> bool:
    try:
        return ScriptDirectory(str(schema.MIGRATIONS)).get_revision(revision) is not None
    except CommandError:
        return False


def _bring_file(path: Path, key: str, mark: FileMark, store: MediaStore) -> None:
    kept = store.save_as(key, _chunks(path))
    if FileMark(kept.size, kept.sha256) != mark:
        raise BackupRefused(f"{key}: arrived changed")


def _bring_database(path: Path, database: Database, manifest: Manifest) -> None:
    """The file in one step, or the dump in one transaction; then count."""
    target = database.sqlite_path()
    if target is None:
        postgres_copy.load(path, database.url)
        with database.engine.connect() as connection:
            _compare(connection, manifest)
        return
    database.close()
    if any(target.with_name(target.name + end).exists() for end in ("-wal", "-shm")):
        raise BackupRefused(f"{target} is open in another program: stop it first")
    arriving = target.with_name(f".{target.name}.part")
    try:
        shutil.copyfile(path, arriving)
        arriving.chmod(0o600)
        _flush(arriving)
        with _opened(arriving) as connection:
            _compare(connection, manifest)
            if connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() != "ok":
                raise BackupRefused("SQLite finds the database damaged")
        arriving.replace(target)
        _flush(target.parent)
    finally:
        arriving.unlink(missing_ok=True)


def _compare(connection: Connection, manifest: Manifest) -> None:
    revision, tables = _contents(connection)
    wrong = [
        name
        for name in tables.keys() | manifest.tables.keys()
        if tables.get(name) != manifest.tables.get(name)
    ]
    if revision != manifest.schema or wrong:
        faults = ", ".join(sorted(wrong)) or "schema"
        raise BackupRefused(f"the restored database does not add up ({faults}): drop it")


# ---- both ---------------------------------------------------------------------------------------------------


def _contents(connection: Connection) -> tuple[str, dict[str, int]]:
    """The schema's revision, and the rows of each of our tables that is there."""
    there = set(inspect(connection).get_table_names())
    revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
    return revision, {
        table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
        for table in Base.metadata.sorted_tables
        if table.name in there
    }


@contextmanager
def _opened(path: Path) -> Iterator[Connection]:
    """An SQLite file that nobody else has, only to read: no journal appears beside it."""
    import pysqlite3.dbapi2 as newer_sqlite

    address = f"file:{quote(str(path.absolute()))}?mode=ro&immutable=1"
    engine = create_engine(
        "sqlite://",
        module=newer_sqlite,
        creator=lambda: newer_sqlite.connect(address, uri=True),
        poolclass=NullPool,
    )
    with engine.connect() as connection:
        yield connection


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


def _mark(path: Path) -> FileMark:
    with path.open("rb") as file:
        return FileMark(path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())


def _flush(path: Path) -> None:
    """See that a file, or the names in a folder, are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
