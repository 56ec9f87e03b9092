"""A private PostgreSQL for the tests, from the binaries the machine has.

It lives in a temporary folder on a free loopback port, runs as an ordinary user (PostgreSQL refuses root) and
ends with the tests. TEST_DATABASE_URL names a server to use instead: it needs the right to create databases.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from data import schema
from data.session import Database

WHAT_TO_INSTALL = (
    "The tests need PostgreSQL: `apt-get install postgresql` (its binaries are looked for under "
    "/usr/lib/postgresql/*/bin and on the PATH), or set TEST_DATABASE_URL."
)


def binaries() -> Path:
    """The folder of initdb and postgres, the newest version first."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]), reverse=True
    )
    if found:
        return found[0].parent
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    pytest.exit(WHAT_TO_INSTALL, returncode=1)


def _ordinary_user() -> dict[str, Any]:
    """How to start a process that is not root."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            user = pwd.getpwnam(name)
            return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    pytest.exit("No ordinary user to run PostgreSQL as (postgres or nobody).", returncode=1)


class Cluster:
    """One server with a template database that has the newest schema."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._template = f"template_{uuid.uuid4().hex[:12]}"
        self._admin(f'CREATE DATABASE "{self._template}"')
        database = Database(self._of(self._template), pool_size=1)
        schema.upgrade(database)
        database.close()

    @contextlib.contextmanager
    def fresh(self, *, migrated: bool = True) -> Iterator[str]:
        """The URL of a new database, dropped afterwards."""
        name = f"test_{uuid.uuid4().hex[:12]}"
        self._admin(f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{self._template}"' if migrated else ""))
        try:
            yield self._of(name)
        finally:
            self._admin(f'DROP DATABASE "{name}" WITH (FORCE)')

    def close(self) -> None:
        self._admin(f'DROP DATABASE "{self._template}" WITH (FORCE)')

    def _of(self, name: str) -> str:
        return f"{self.url.rsplit('/', 1)[0]}/{name}"

    def _admin(self, statement: str) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[call-overload]  # names of our own making


@contextlib.contextmanager
def running_cluster() -> Iterator[Cluster]:
    """A cluster for the whole test run."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        cluster = Cluster(given)
        yield cluster
        cluster.close()
        return
    tools, user = binaries(), _ordinary_user()
    folder = Path(tempfile.mkdtemp(prefix="cau-noi-pg-"))
    if user:
        os.chown(folder, user["user"], user["group"])
    data, log = folder / "data", folder / "log"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder, **user}
    subprocess.run(
        [
            tools / "initdb",
            "-D",
            data,
            "-U",
            "test",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
        ],
        check=True,
        **quiet,
    )
    port = _free_port()
    settings = {
        "listen_addresses": "127.0.0.1",
        "port": port,
        "unix_socket_directories": folder,
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
        "max_connections": 200,
        "logging_collector": "on",
        "log_directory": folder,
        "log_filename": "log",
    }
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    server = subprocess.Popen([tools / "postgres", "-D", data, *options], **quiet)
    try:
        url = f"postgresql://test@127.0.0.1:{port}/postgres"
        _wait_for(url, server, log)
        yield Cluster(url)
    finally:
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(200):
        if server.poll() is not None:
            pytest.exit(
                f"PostgreSQL did not start: {log.read_text() if log.exists() else 'no log'}", returncode=1
            )
        try:
            psycopg.connect(url, connect_timeout=1).close()
        except psycopg.OperationalError:
            with contextlib.suppress(subprocess.TimeoutExpired):
                server.wait(0.1)
        else:
            return
    pytest.exit("PostgreSQL did not answer within 20 s", returncode=1)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
