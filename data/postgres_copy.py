"""pg_dump and pg_restore: a PostgreSQL database into one file and back."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from sqlalchemy import make_url

from domain.errors import HouseError


class CopyFailed(HouseError):
    """PostgreSQL's own tools are missing, or did not do it."""


def dump(url: str, target: Path, *, snapshot: str) -> None:
    """Write the database as it stands in an exported snapshot; custom format, without owners and rights."""
    _run("pg_dump", url, "--format=custom", f"--snapshot={snapshot}", f"--file={target}", *_PLAIN)


def load(path: Path, url: str) -> None:
    """Bring a dump into an empty database: all of it, or nothing."""
    _run("pg_restore", url, "--single-transaction", *_PLAIN, str(path))


_PLAIN = ("--no-owner", "--no-privileges", "--no-password")


def _run(tool: str, url: str, *arguments: str) -> None:
    """The password goes by the environment: arguments can be read by everybody on the machine."""
    parsed = make_url(url).set(drivername="postgresql")
    environment = os.environ | ({"PGPASSWORD": str(parsed.password)} if parsed.password else {})
    address = parsed.set(password=None).render_as_string(hide_password=False)
    done = subprocess.run(  # noqa: S603  # PostgreSQL's own tool, arguments of our own
        [_tool(tool), f"--dbname={address}", *arguments],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        faults = [line for line in done.stderr.splitlines() if " error: " in line] or ["no reason given"]
        raise CopyFailed(f"{tool} did not succeed: {faults[0].partition(' error: ')[2][:300] or faults[0]}")


def _tool(name: str) -> str:
    """The newest one on this machine: a server is dumped by tools of its own version or a newer one."""
    found = sorted(
        Path("/usr/lib/postgresql").glob(f"*/bin/{name}"),
        key=lambda path: int(path.parent.parent.name) if path.parent.parent.name.isdigit() else 0,
    )
    tool = str(found[-1]) if found else shutil.which(name)
    if tool is None:
        raise CopyFailed(
            f"{name} is missing: install PostgreSQL's client (Debian: apt-get install postgresql-client)"
        )
    return tool
