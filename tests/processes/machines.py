"""Real processes of the program, each as on a machine of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import requests

READY_S = 40.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Machine:
    """One `python -m bot …` process; its output goes to a file in `folder`."""

    def __init__(self, arguments: list[str], environment: dict[str, str], folder: Path, name: str) -> None:
        self.log = folder / f"{name}.log"
        self._arguments = arguments
        self._environment = environment
        self.process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "bot", *self._arguments],
                env={**os.environ, **self._environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def is_killed(self) -> None:
        """SIGKILL to the process and its children: a power cut."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(20)

    def is_started_again(self) -> None:
        self.process = self._start()

    def ends(self, patience: float = 30.0) -> int:
        """SIGTERM, and the exit code."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(patience)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait(20)
        return int(self.process.returncode)

    def said(self) -> str:
        return self.log.read_text("utf-8", errors="replace")


def wait_until_ready(url: str, machine: Machine) -> None:
    until = time.monotonic() + READY_S
    while time.monotonic() < until:
        if machine.process.poll() is not None:
            raise AssertionError(f"it ended: {machine.said()[-2000:]}")
        try:
            if requests.get(f"{url}/readyz", timeout=2).status_code == 200:
                return
        except requests.RequestException:
            time.sleep(0.05)
    raise AssertionError(f"not ready within {READY_S:.0f} s: {machine.said()[-2000:]}")


def wait_until_started(machines: Iterable[Machine]) -> None:
    """Until each has said that its house stands."""
    until = time.monotonic() + READY_S
    for machine in machines:
        while "house_started" not in machine.said():
            assert machine.process.poll() is None, machine.said()[-2000:]
            assert time.monotonic() < until, f"not started within {READY_S:.0f} s: {machine.said()[-2000:]}"
            time.sleep(0.05)


def environment_of(settings: dict[str, Any]) -> dict[str, str]:
    return {name.upper(): str(value) for name, value in settings.items()}
