"""Logs as data, one JSON object a line: ids, counts, durations, codes. Never words, people, places or links.

What a library has to say is cut down to who says it, how loud, and the type of the fault: SQLAlchemy's errors
carry the values of a statement, urllib3's messages carry links.
"""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import MutableMapping
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
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    root.handlers[:] = [Reduced()]
    root.setLevel(max(logging.getLevelNamesMapping()[level], logging.WARNING))
    for name in ("apscheduler", "procrastinate", "urllib3", "werkzeug", "sqlalchemy", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)


class Reduced(logging.Handler):
    """What libraries log: the logger, the level, the fault's type and where, nothing of the message."""

    def emit(self, record: logging.LogRecord) -> None:
        fields: dict[str, Any] = {"logger": record.name}
        if record.exc_info and record.exc_info[1] is not None:
            fields |= _described(record.exc_info[1])
        log = structlog.get_logger()
        (log.error if record.levelno >= logging.ERROR else log.warning)("library_said", **fields)


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
    """Drop every key that is not on the list, and long values of those that are."""
    kept = {key: _short(value) for key, value in event.items() if key in ALLOWED}
    dropped = sorted(set(event) - ALLOWED)
    if dropped:
        kept["dropped"] = dropped
    return kept


def _short(value: Any) -> Any:
    return value[:400] if isinstance(value, str) else value


def _described(error: BaseException) -> dict[str, Any]:
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    where = [f"{frame.filename.rpartition('/')[2]}:{frame.lineno}:{frame.name}" for frame in frames]
    return {"error": type(error).__name__, "where": " ".join(where)}
