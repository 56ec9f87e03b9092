"""A private PostgreSQL for the tests, from the binaries the machine has.

It lives in a temporary folder on a free loopback port, runs as an ordinary user (PostgreSQL refuses root) and
ends with the tests, also when they are killed. TEST_DATABASE_URL names a server to use instead: it needs the
right to create databases.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import make_url

from data import schema
from data.session import Database

WHAT_TO_INSTALL = (
    "The tests need PostgreSQL 15 or newer: `apt-get install postgresql` (its binaries are looked for under "
    "/usr/lib/postgresql/*/bin and on the PATH; `make test` installs it where it may), or name a server in "
    "TEST_DATABASE_URL."
)
START_S, STOP_S = 60.0, 20.0
PREFIX, LEFT_S = "cau-noi-pg-", 3600.0
MEMORY, ROOM = Path("/dev/shm"), 4 << 30
FAST = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=200",
    "jit=off",
    "autovacuum=off",
)


class Cluster:
    """One server: fresh databases with the newest schema, copied from a template that was migrated once."""

    def __init__(self, url: str) -> None:
        self._url = make_url(url).set(drivername="postgresql")
        self._template = f"cau_noi_template_{secrets.token_hex(6)}"
        self._create(self._template, "template0")
        with closing(Database(self._of(self._template), pool_size=1)) as database:
            schema.upgrade(database)

    @contextmanager
    def fresh(self, *, migrated: bool = True, like: str = "") -> Iterator[str]:
        """The URL of a database nobody else has; dropped afterwards. `like`: of one to copy, that nobody works with."""
        name = f"cau_noi_test_{secrets.token_hex(6)}"
        template = make_url(like).database if like else self._template
        self._create(name, str(template) if migrated else "template0")
        try:
            yield self._of(name)
        finally:
            self._drop(name)

    def close(self) -> None:
        self._drop(self._template)

    def _of(self, name: str) -> str:
        return self._url.set(database=name).render_as_string(hide_password=False)

    def _create(self, name: str, template: str) -> None:
        self._say(
            sql.SQL(
                "CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY"
            ).format(  # half the time of the usual way
                sql.Identifier(name), sql.Identifier(template)
            )
        )

    def _drop(self, name: str) -> None:
        self._say(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def _say(self, statement: sql.Composed) -> None:
        address = self._url.render_as_string(hide_password=False)
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(statement)


@contextmanager
def running_cluster() -> Iterator[Cluster]:
    """The server of TEST_DATABASE_URL, or one of our own for the whole test run."""
    given = os.environ.get("TEST_DATABASE_URL")
    with contextlib.nullcontext(given) if given else _server() as url, closing(Cluster(url)) as cluster:
        yield cluster


# ---- a server of our own ------------------------------------------------------------------------------------


def binaries() -> Path:
    """The folder of initdb and postgres, the newest version first."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=_version)
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    pytest.exit(WHAT_TO_INSTALL, returncode=1)


def _version(initdb: Path) -> int:
    number = initdb.parent.parent.name
    return int(number) if number.isdigit() else 0


def _ordinary_user() -> dict[str, Any]:
    """How to start a process that is not root."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            user = pwd.getpwnam(name)
            return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    pytest.exit("No ordinary user to run PostgreSQL as (postgres or nobody).", returncode=1)


@contextmanager
def _server() -> Iterator[str]:
    """Start it on a free port. Another program may take the port first: then on another one."""
    tools, user = binaries(), _ordinary_user()
    _sweep()
    home = Path(tempfile.mkdtemp(prefix=PREFIX, dir=_memory()))
    try:
        password = secrets.token_hex(16)
        _make(tools, home, user, password)
        for _ in range(5):
            port = _free_port()
            process = _start(tools, home, user, port)
            try:
                url = f"postgresql://test:{password}@127.0.0.1:{port}/postgres"
                if _answers(process, url):
                    yield url
                    return
            finally:
                _stop(process)
        pytest.exit(f"PostgreSQL did not start: {(home / 'log').read_text()[-2000:]}", returncode=1)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _sweep() -> None:
    """Memory that test runs left behind which were killed, and their servers with them."""
    for left in MEMORY.glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):
            if (
                time.time() - left.stat().st_mtime > LEFT_S
                and not (left / "data" / "postmaster.pid").exists()
            ):
                shutil.rmtree(left, ignore_errors=True)


def _memory() -> Path | None:
    """Where files lie in memory, if there is room: a new database is a thousand files, four times the work on a disk."""
    there = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM
    return MEMORY if there else None


def _make(tools: Path, home: Path, user: dict[str, Any], password: str) -> None:
    (home / "password").write_text(password)
    if user:
        for path in (home, home / "password"):
            os.chown(path, user["user"], user["group"])
    command: list[str | Path] = [tools / "initdb", "-D", home / "data", "-U", "test", "--no-sync"]
    command += ["--auth=password", f"--pwfile={home / 'password'}", "--encoding=UTF8", "--locale=C"]
    made = subprocess.run(command, cwd=home, capture_output=True, text=True, check=False, **user)
    if made.returncode:
        pytest.exit(f"PostgreSQL's initdb: {made.stderr.strip()}", returncode=1)


def _start(tools: Path, home: Path, user: dict[str, Any], port: int) -> subprocess.Popen[bytes]:
    command: list[str | Path] = [tools / "postgres", "-D", home / "data", "-p", str(port)]
    command += ["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="]
    for setting in FAST:
        command += ["-c", setting]
    if setpriv := shutil.which("setpriv"):  # when the tests are killed, it goes too
        command = [setpriv, "--pdeathsig", "INT", *command]
    with (home / "log").open("wb") as log:
        return subprocess.Popen(command, cwd=home, stdin=subprocess.DEVNULL, stdout=log, stderr=log, **user)


def _answers(process: subprocess.Popen[bytes], url: str) -> bool:
    deadline = time.monotonic() + START_S
    while process.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(psycopg.OperationalError), psycopg.connect(url, connect_timeout=5):
            return True
        time.sleep(0.05)
    return False


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Fast shutdown, which does not wait for clients; harder when that takes too long."""
    for how in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        if process.poll() is not None:
            return
        process.send_signal(how)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(STOP_S)


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
