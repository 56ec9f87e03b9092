"""`python -m bot demo`: one command, everything runs, Ctrl-C ends it; a second start finds the first one's data."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests

from tests.officer import Officer
from tests.processes.machines import free_port

pytestmark = pytest.mark.processes
PATIENCE_S = 60.0


def start(folder: Path, port: int, zalo_port: int, name: str) -> tuple[subprocess.Popen[bytes], Path]:
    out = folder / f"{name}.txt"
    with out.open("wb") as stream:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "demo", "--port", str(port), "--zalo-port", str(zalo_port)],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(Path.cwd())},
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=stream,
            start_new_session=True,
        )
    return process, out


def wait_for(out: Path, words: str, process: subprocess.Popen[bytes]) -> str:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        said = out.read_text("utf-8")
        if words in said:
            return said
        assert process.poll() is None, said
        time.sleep(0.05)
    raise AssertionError(out.read_text("utf-8"))


def test_one_command_starts_everything_and_ctrl_c_ends_it(tmp_path: Path):
    port, zalo_port = free_port(), free_port()
    bot, zalo = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{zalo_port}"
    process, out = start(tmp_path, port, zalo_port, "first")
    try:
        said = wait_for(out, "Ctrl-C ends the demo", process)
        assert f"{bot}/console/" in said
        assert f"{zalo}/" in said
        assert "groups: 225" in said
        link = re.search(r"trucban\.bacgiang@demo\.vn\s+(\S+)", said)
        assert link
        duty = Officer(bot, link=link[1])
        assert "Cây đổ" in duty.opens_newest_tip().page or "nẹt pô" in duty.page
        assert requests.get(f"{zalo}/wall", timeout=5).status_code == 200
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
    assert (tmp_path / "var/demo/caunoi.db").exists()

    again, out = start(tmp_path, port, zalo_port, "second")
    try:
        said = wait_for(out, "Ctrl-C ends the demo", again)
        assert "procedures: 401 new" not in said
        fresh = re.search(r"trucban\.bacgiang@demo\.vn\s+(\S+)", said)
        assert fresh
        assert fresh[1] != link[1], "log-ins are new at every start"
        assert requests.get(link[1], timeout=5).status_code == 410, "and those of before are void"
        assert Officer(bot, link=fresh[1]).tips()
    finally:
        again.send_signal(signal.SIGINT)
        assert again.wait(60) == 0
