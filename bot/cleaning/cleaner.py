"""The door to the child processes that make clean copies: hand in an open file, get a clean one back."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import socket
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import structlog

from bot.cleaning.orders import CAGES, CannotClean, Cleaned, CleanerDown, Order, TooMuch
from data.media import file_type

log = structlog.get_logger()

ROOT = Path(__file__).parents[2]
START_S = 30.0
GRACE_S = 5.0
"""How much longer than a file's own time the child itself may be silent."""
_MESSAGE_MAX = 128 * 1024


@dataclass(eq=False)
class _Child:
    process: subprocess.Popen[bytes]
    door: socket.socket

    def end(self) -> None:
        self.door.close()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, 9)
        self.process.wait()


class Cleaner:
    """Makes clean copies, `width` files at a time; any number of threads may call it.

    Child processes are started when first needed and again when one fell over.
    """

    def __init__(self, *, width: int = 2) -> None:
        self._idle: queue.LifoQueue[_Child | None] = queue.LifoQueue()
        for _ in range(width):
            self._idle.put(None)
        self._lock = threading.Lock()
        self._children: set[_Child] = set()
        self.gave_up: dict[str, bool] = {}

    def clean(
        self,
        order: Order,
        source: IO[bytes],
        view: IO[bytes],
        poster: IO[bytes],
        *,
        wall_s: float | None = None,
    ) -> Cleaned:
        """Write the clean copy of `source` to `view`, and a clip's still to `poster`; all are real, open files.

        Raises TooMuch (past the table of limits), CannotClean (nothing clean came of it: nothing may be shown),
        CleanerDown (worth another try).
        """
        wall = wall_s or CAGES[order.kind].wall_s
        child = self._idle.get()
        try:
            child = child if child is not None and child.process.poll() is None else self._start(child)
            answer = _ask(child, order, (source, view, poster), wall)
        except BaseException:
            self._end(child)
            self._idle.put(None)
            raise
        self._idle.put(child)
        return self._judge(answer, view, poster)

    def children(self) -> list[int]:
        """The process numbers of the children that are there."""
        with self._lock:
            return [child.process.pid for child in self._children]

    def close(self) -> None:
        """End the child processes; what they had in hand is cleaned another time."""
        with self._lock:
            children, self._children = self._children, set()
        for child in children:
            child.end()

    def _start(self, old: _Child | None) -> _Child:
        self._end(old)
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            try:
                process = subprocess.Popen(  # noqa: S603  # our own module
                    [sys.executable, "-m", "bot.cleaning", str(theirs.fileno())],
                    cwd=ROOT,
                    env={
                        "PATH": os.defpath,
                        "LANG": "C.UTF-8",
                    },  # nothing of ours: the keys stand in our settings
                    pass_fds=[theirs.fileno()],
                    stdin=subprocess.DEVNULL,
                    start_new_session=True,
                )
            except OSError as error:
                ours.close()
                raise CleanerDown("cannot be started") from error
        child = _Child(process, ours)
        with self._lock:
            self._children.add(child)
        ours.settimeout(START_S)
        try:
            ready = ours.recv(_MESSAGE_MAX)
        except OSError:
            ready = b""
        if not ready:
            self._end(child)
            raise CleanerDown("does not get ready")
        return child

    def _end(self, child: _Child | None) -> None:
        if child is None:
            return
        with self._lock:
            self._children.discard(child)
        child.end()

    def _judge(self, answer: dict[str, Any], view: IO[bytes], poster: IO[bytes]) -> Cleaned:
        result = answer.get("result")
        if answer.get("ended") != "ok" or not isinstance(result, dict):
            raise CannotClean(str(answer.get("ended"))[:20])
        if "refused" in result:
            raise TooMuch(str(result["refused"])[:20])
        cleaned = Cleaned.from_json(result.get("cleaned") or {})
        self.gave_up = {name: result.get("gave_up", {}).get(name) is True for name in ("network", "files")}
        _check_copy(view, cleaned.mime)
        if cleaned.poster:
            _check_copy(poster, "image/jpeg")
        return cleaned


def _ask(child: _Child, order: Order, files: tuple[IO[bytes], ...], wall: float) -> dict[str, Any]:
    body = json.dumps({"mime": order.mime, "kind": order.kind, "wall": wall}).encode()
    for file in files:
        file.flush()
        os.lseek(file.fileno(), 0, os.SEEK_SET)
    child.door.settimeout(wall + GRACE_S)
    try:
        socket.send_fds(child.door, [body], [file.fileno() for file in files])
        said = child.door.recv(_MESSAGE_MAX)
        answer = json.loads(said)
    except (OSError, ValueError) as error:
        raise CleanerDown("fell silent") from error
    return dict(answer)


def _check_copy(file: IO[bytes], mime: str) -> None:
    """The copy must be what it is said to be: its bytes were written by a process that read a stranger's file."""
    file.seek(0)
    found = file_type(file.read(4096))
    file.seek(0)
    if found is None or found[0] not in {mime, mime.replace("audio/", "video/")}:
        raise CannotClean("copy")
