"""Where dying senders are born: a process that has read the whole program forks them, in milliseconds each."""

from __future__ import annotations

import multiprocessing
import os
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

from bot.settings import Settings, read_settings

_births = multiprocessing.get_context("forkserver")
_births.set_forkserver_preload(["tests.crash.dying_sender"])


def give_birth(settings: dict[str, str], log: Path, **fate: Any) -> ForkServerProcess:
    """A sender of its own process; `fate` as dying_sender.live takes it. Its exit code is minus the signal."""
    child = _births.Process(target=_live, args=(settings, log, fate), daemon=True)
    child.start()
    return child


def _live(given: dict[str, str], log: Path, fate: dict[str, Any]) -> None:
    with log.open("ab") as said:
        os.dup2(said.fileno(), 1)
        os.dup2(said.fileno(), 2)
    from tests.crash.dying_sender import live

    settings: Settings = read_settings(_env_file=None, **given)
    live(settings, **fate)
