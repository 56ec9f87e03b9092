"""The machine and the versions a figure belongs to."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version

PACKAGES = ("granian", "flask", "sqlalchemy", "rapidfuzz", "cryptography", "pillow", "av")


def describe() -> str:
    """One paragraph: processor, cores, memory, Python, SQLite and package versions."""
    import pysqlite3.dbapi2 as sqlite

    model = next(
        (line.split(":", 1)[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")),
        "?",
    )
    memory = next(
        (int(line.split()[1]) for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), 0
    )
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return (
        f"Machine: {model}, {os.cpu_count()} cores, {memory / 1024 / 1024:.0f} GiB, {platform.system()} "
        f"{platform.release()}\nPython {platform.python_version()}, SQLite {sqlite.sqlite_version}, {packages}"
    )


def _lines(path: str) -> list[str]:
    try:
        with open(path, encoding="utf-8") as file:
            return file.readlines()
    except OSError:
        return []
