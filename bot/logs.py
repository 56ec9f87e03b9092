"""Logs as data, one JSON object a line: ids, counts, durations, codes. Never words, people, places or links.

What a library has to say is cut down to who says it, how loud, and the type of the fault: SQLAlchemy's errors
carry the values of a statement, urllib3's messages carry links.
"""

from __future__ import annotations

import logging
import re
import sys
import threading
import traceback
from collections.abc import Mapping, MutableMapping
from types import TracebackType
from typing import Any

import structlog

ALLOWED = frozenset(
    {
        "event", "level", "timestamp", "logger", "error", "where", "part", "kind", "state", "status", "code", "attempt",
        "attempts", "count", "counts", "seconds", "took_ms", "wait_s", "event_id", "attachment_id", "delivery_id",
        "outgoing_id", "broadcast_id", "run_id", "tip_id", "oa_id", "job", "holder", "channel", "port", "days_left",
        "given_back", "unknown", "expired", "reason_code", "name", "version", "rows", "until",
    }
)  # fmt: skip
"""Keys that may stand in a log line. Another key is dropped and named in `dropped`."""

CODE = re.compile(r"(?!.*[0-9]{8})[A-Za-z0-9_.:+<>@-]{0,80}")
"""What text in a log line may look like: a name or a code, no phone number. Anything else becomes HIDDEN."""
ID = re.compile(r"[A-Za-z0-9_.:@-]{0,80}")
"""The same for our own numbers and Zalo's, which are long ones: under keys that end in `_id`, and `holder`."""
HIDDEN = "(hidden)"
_FROM_RECORDS = ("error", "where", "code", "kind")
"""What our own rooms that use the standard library's logging may add with `extra=`."""


def configure(level: str = "INFO") -> None:
    """Set the logging of the whole process up; safe to repeat."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            reduce_exception,
            keep_allowed,
            structlog.processors.JSONRenderer(ensure_ascii=False, default=lambda value: type(value).__name__),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )
    for known in list(logging.root.manager.loggerDict.values()):
        if isinstance(known, logging.Logger):  # the web server's own, say: it would write messages in full
            known.handlers.clear()
            known.propagate = True
    root = logging.getLogger()
    root.handlers[:] = [Reduced()]
    root.setLevel(max(logging.getLevelNamesMapping()[level], logging.WARNING))
    for name in ("apscheduler", "procrastinate", "urllib3", "werkzeug", "sqlalchemy", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.captureWarnings(True)


def log_uncaught() -> None:
    """What nobody caught, in the program or in one of its threads, is logged as any other fault.

    Python itself would print the message, which may quote somebody. For processes of ours only.
    """

    def in_program(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if not issubclass(kind, Exception):
            sys.__excepthook__(kind, error, trace)
            return
        structlog.get_logger().error("uncaught", **_described(error))

    def in_thread(given: threading.ExceptHookArgs) -> None:
        if given.exc_value is not None and not isinstance(given.exc_value, SystemExit):
            structlog.get_logger().error("uncaught_in_thread", **_described(given.exc_value))

    sys.excepthook = in_program
    threading.excepthook = in_thread


class Reduced(logging.Handler):
    """What libraries log: the logger, the level, the fault's type and where, nothing of the message."""

    def emit(self, record: logging.LogRecord) -> None:
        fields = {key: record.__dict__[key] for key in _FROM_RECORDS if key in record.__dict__}
        if record.exc_info and record.exc_info[1] is not None:
            fields |= _described(record.exc_info[1])
        log = structlog.get_logger()
        say = log.error if record.levelno >= logging.ERROR else log.warning
        say("library_said", logger=record.name, **fields)


def reduce_exception(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """An exception becomes its type and the places of the code; its message may quote somebody."""
    found = event.pop("exc_info", None)
    if found is True:
        found = sys.exc_info()[1]
    elif isinstance(found, tuple):
        found = found[1]
    if isinstance(found, BaseException):
        event.update(_described(found))
    event.pop("exception", None)
    event.pop("stack_info", None)
    return event


def keep_allowed(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Drop every key that is not on the list, and hide text that is more than a name or a code."""
    kept = {
        key: value if key in _OURS else _plain(value, ID if key.endswith("_id") or key == "holder" else CODE)
        for key, value in event.items()
        if key in ALLOWED
    }
    dropped = sorted(set(event) - ALLOWED)
    if dropped:
        kept["dropped"] = dropped
    return kept


_OURS = frozenset({"timestamp", "level", "where"})
"""Made here, or by structlog, from nothing anybody said."""


def _plain(value: Any, form: re.Pattern[str] = CODE) -> Any:
    match value:
        case None | bool() | int() | float():
            return value
        case str():
            return str(value) if form.fullmatch(value) else HIDDEN
        case Mapping():
            return {_plain(str(key)): _plain(one, form) for key, one in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_plain(one, form) for one in value]
    return type(value).__name__


def _described(error: BaseException) -> dict[str, Any]:
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    where = [f"{frame.filename.rpartition('/')[2]}:{frame.lineno}:{frame.name}" for frame in frames]
    return {"error": type(error).__name__, "where": " ".join(where)}
