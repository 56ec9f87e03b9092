"""The child process: keeps the libraries ready and forks a caged process for each file.

    python -m bot.cleaning DESCRIPTOR

It is started without our settings, talks over the socket it is given, and ends when the other side does.
An order is one message with three descriptors: the original, where the copy goes, where a clip's still goes.
"""

from __future__ import annotations

import gc
import json
import os
import select
import signal
import socket
import sys
from typing import Any, NoReturn

from bot.cleaning import cage, clips, papers, pictures
from bot.cleaning.orders import CAGES, Cleaned, Order, TooMuch
from bot.cleaning.rehearsal import rehearse
from domain.tips import AttachmentKind

MESSAGE_MAX = 64 * 1024
READY = b'{"ready": true}'


def main() -> None:
    door = socket.socket(fileno=int(sys.argv[1]))
    rehearse()
    gc.freeze()  # what is loaded by now is shared with every fork
    door.send(READY)
    while True:
        message, descriptors, _, _ = socket.recv_fds(door, MESSAGE_MAX, 3)
        if not message:
            return
        answer = _answer(door, json.loads(message), descriptors)
        for descriptor in descriptors:
            os.close(descriptor)
        if answer is None:
            return
        door.send(json.dumps(answer).encode())


def _answer(door: socket.socket, said: dict[str, Any], descriptors: list[int]) -> dict[str, Any] | None:
    """What came of one file; None when nobody is there any more to be told."""
    order = Order(str(said["mime"]), AttachmentKind(said["kind"]))
    wall = min(float(said["wall"]), CAGES[order.kind].wall_s)
    out, back = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(out)
        door.close()
        _in_the_cage(order, descriptors, back)
    os.close(back)
    try:
        ended = _wait(child, door, wall)
        if ended is None:
            return None
        with os.fdopen(os.dup(out), "rb") as file:
            written = file.read(MESSAGE_MAX) if ended == "ok" else b""
    finally:
        os.close(out)
    try:
        return {"ended": ended, "result": json.loads(written) if written else None}
    except ValueError:
        return {"ended": "answer", "result": None}


def _wait(child: int, door: socket.socket, wall: float) -> str | None:
    """How the child ended: ok, time, memory (or another signal), broken. None: the other side is gone."""
    handle = os.pidfd_open(child)
    watched = [handle, door.fileno()]
    alone = False
    late = False
    try:
        ready, _, _ = select.select(watched, [], [], wall)
        if handle not in ready:
            alone, late = bool(ready), not ready
            os.kill(child, signal.SIGKILL)
    finally:
        _, status = os.waitpid(child, 0)
        os.close(handle)
    if alone:
        return None
    if late:
        return "time"
    if os.WIFSIGNALED(status):
        return "time" if os.WTERMSIG(status) == signal.SIGXCPU else f"signal {os.WTERMSIG(status)}"
    return {0: "ok", 3: "memory"}.get(os.waitstatus_to_exitcode(status), "broken")


def _in_the_cage(order: Order, descriptors: list[int], back: int) -> NoReturn:
    """Runs in the fork and never returns. Its only words are what it writes to `back`."""
    code = 1
    try:
        for words in (1, 2):  # libraries complain in words of the file
            os.dup2(os.open(os.devnull, os.O_WRONLY), words)
        gave_up = cage.enter(CAGES[order.kind])
        try:
            result: dict[str, Any] = {"cleaned": _clean(order, descriptors).as_json(), "gave_up": gave_up}
        except TooMuch as refused:
            result = {"refused": refused.why}
        os.write(back, json.dumps(result).encode())
        code = 0
    except MemoryError:
        code = 3
    except BaseException:
        code = 1
    finally:
        os._exit(code)


def _clean(order: Order, descriptors: list[int]) -> Cleaned:
    source, view, poster = (
        os.fdopen(descriptor, mode, closefd=False)
        for descriptor, mode in zip(descriptors, ("rb", "w+b", "w+b"), strict=True)
    )
    with source, view, poster:
        match order.kind:
            case AttachmentKind.PHOTO:
                return pictures.clean(source, view, order)
            case AttachmentKind.FILE:
                return papers.clean(source, view, order)
        return clips.clean(source, view, poster, order)


if __name__ == "__main__":
    main()
