"""The cage: what a process that reads a stranger's file gives up before it looks at the first byte.

Limits of the kernel for every cage; no network and no files where the kernel lets an ordinary process give them up
(user namespaces, Landlock). What could be given up is said, so that `doctor` can tell.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import struct

from bot.cleaning.orders import Cage

_LIBC = ctypes.CDLL(None, use_errno=True)
_NEW_USER, _NEW_NET, _NEW_IPC = 0x1000_0000, 0x4000_0000, 0x0800_0000
_NO_NEW_PRIVILEGES, _DIE_WITH_PARENT = 38, 1
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
"""System calls of Landlock, the same on every architecture (docs.kernel.org/userspace-api/landlock.html)."""
_FILES_BY_VERSION = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1}
_READ = (1 << 2) | (1 << 3)
_PATH_BENEATH = 1
FONTS = "/usr/share/fonts"
"""The one folder that may be read: documents do not always bring their fonts."""
OPEN_FILES_MAX = 32


def enter(cage: Cage) -> dict[str, bool]:
    """Give up everything one file does not need; say what the kernel took. Cannot be undone."""
    _LIBC.prctl(_DIE_WITH_PARENT, 9, 0, 0, 0)
    _LIBC.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    os.umask(0o077)
    with contextlib.suppress(OSError):
        os.nice(10)
    for what, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_AS, cage.memory),
        (resource.RLIMIT_CPU, cage.cpu_s),
        (resource.RLIMIT_FSIZE, cage.output),
        (resource.RLIMIT_NOFILE, OPEN_FILES_MAX),
    ):
        resource.setrlimit(what, (most, most))
    return {"network": _without_network(), "files": _without_files()}


def _without_network() -> bool:
    """A network of its own, with nothing in it."""
    for spaces in (_NEW_NET | _NEW_IPC, _NEW_USER | _NEW_NET | _NEW_IPC):
        if _LIBC.unshare(spaces) == 0:
            return True
    return False


def _without_files() -> bool:
    """No file can be opened, made, run or removed any more; those that are open stay open."""
    version = _LIBC.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), 1)
    if version < 1:
        return False
    files = _FILES_BY_VERSION.get(version, (1 << 16) - 1)
    handled = struct.pack("Q", files) if version < 4 else struct.pack("QQ", files, 0b11)
    if version >= 6:
        handled += struct.pack("Q", 0b11)
    rules = _LIBC.syscall(_CREATE_RULESET, handled, ctypes.c_size_t(len(handled)), 0)
    if rules < 0:
        return False
    try:
        _let_read(rules, FONTS)
        return bool(_LIBC.syscall(_RESTRICT_SELF, rules, 0) == 0)
    finally:
        os.close(rules)


def _let_read(rules: int, folder: str) -> None:
    try:
        handle = os.open(folder, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        _LIBC.syscall(_ADD_RULE, rules, _PATH_BENEATH, struct.pack("=Qi", _READ, handle), 0)
    finally:
        os.close(handle)
