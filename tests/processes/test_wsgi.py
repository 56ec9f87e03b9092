"""`wsgi:app` in a process of its own, as any WSGI server loads it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.processes.machines import environment_of
from tests.town import KEY

pytestmark = pytest.mark.processes

ASKS = """
from wsgi import app
browser = app.test_client()
for address in ("/healthz", "/readyz", "/thu-tuc/1.001456", "/console/dang-nhap"):
    print(address, browser.get(address).status_code)
"""


def loaded(database_url: str, media: Path) -> subprocess.CompletedProcess[str]:
    settings = {
        "database_url": database_url,
        "media_url": f"file:{media}",
        "secret_key": "s" * 40,
        "data_key": KEY,
        "public_url": "https://cau-noi.example",
        "zalo_app_id": "1234567890123456789",
        "zalo_app_secret": "app-secret",
        "zalo_oa_secret_key": "oa-secret-key",
    }
    return subprocess.run(
        [sys.executable, "-c", ASKS],
        env={**os.environ, **environment_of(settings)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_it_answers_and_ends_in_peace(seeded_postgres_url: str, tmp_path: Path):
    done = loaded(seeded_postgres_url, tmp_path / "media")
    assert done.returncode == 0, done.stderr[-2000:]
    answers = dict(line.split() for line in done.stdout.splitlines())
    assert set(answers.values()) == {"200"}, answers
    assert "house_stopped" in done.stderr


def test_on_sqlite_it_is_refused_because_nobody_could_work_beside_it(sqlite_url: str, tmp_path: Path):
    done = loaded(sqlite_url, tmp_path / "media")
    assert done.returncode != 0
    assert "SQLite serves one process only" in done.stderr
