"""Logs carry ids, counts and codes. What a resident said, their phone, their link, a token: never."""

from __future__ import annotations

import json
import logging
import sys
import threading
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import requests
import structlog
from flask import Flask
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from bot import logs
from data.session import Database
from data.tables import Citizen

WORDS = "Có nhóm đánh bạc ở hẻm 12, gọi 0912345678"
LINK = "https://photo-stal-1.zdn.vn/abc?token=s3cr3t-t0ken"
SECRETS = ("đánh bạc", "hẻm", "0912345678", "zdn.vn", "s3cr3t", LINK)


@pytest.fixture(autouse=True)
def logging_of_this_process() -> Iterator[None]:
    """Logging is one for the whole process: as it was, afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    hooks = sys.excepthook, threading.excepthook
    others = {
        name: (one.handlers[:], one.propagate, one.level)
        for name, one in logging.root.manager.loggerDict.items()
        if isinstance(one, logging.Logger)
    }
    logs.configure("INFO")
    yield
    structlog.reset_defaults()
    logging.captureWarnings(False)
    root.handlers[:] = handlers
    root.setLevel(level)
    sys.excepthook, threading.excepthook = hooks
    for name, (its_handlers, propagate, its_level) in others.items():
        one = logging.getLogger(name)
        one.handlers[:], one.propagate = its_handlers, propagate
        one.setLevel(its_level)


class Log:
    """What was written, line by line; to look at it is to check that nothing slipped in."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def lines(self) -> list[dict[str, object]]:
        said = self._capsys.readouterr()
        for secret in SECRETS:
            assert secret not in said.err + said.out
        assert said.out == ""
        return [json.loads(line) for line in said.err.splitlines()]


@pytest.fixture
def log(capsys: pytest.CaptureFixture[str]) -> Log:
    return Log(capsys)


def test_one_line_of_json_with_time_and_level(log: Log) -> None:
    structlog.get_logger().info("media_kept", attachment_id=7, took_ms=12.5, state="kept", count=None)
    [line] = log.lines()
    moment = datetime.fromisoformat(str(line.pop("timestamp")))
    assert abs((datetime.now(UTC) - moment).total_seconds()) < 60
    assert line == {
        "event": "media_kept", "level": "info", "attachment_id": 7, "took_ms": 12.5, "state": "kept", "count": None
    }  # fmt: skip


def test_the_level_of_the_settings_holds(log: Log) -> None:
    logs.configure("ERROR")
    structlog.get_logger().warning("quiet")
    structlog.get_logger().error("loud")
    assert [line["event"] for line in log.lines()] == ["loud"]


def test_a_key_that_is_not_listed_is_dropped_and_named(log: Log) -> None:
    structlog.get_logger().info("tip_filed", tip_id=3, text=WORDS, phone="0912345678")
    [line] = log.lines()
    assert line["tip_id"] == 3
    assert line["dropped"] == ["phone", "text"]


@pytest.mark.parametrize(
    "value", [WORDS, LINK, "0912 345 678 là số của tôi", {"a": WORDS}, [LINK], "x" * 200]
)
def test_words_do_not_slip_in_under_a_listed_key(log: Log, value: object) -> None:
    structlog.get_logger().info("tip_filed", kind=value, name=value, counts=value)
    [line] = log.lines()
    assert "(hidden)" in json.dumps(line["kind"])
    assert "(hidden)" in json.dumps(line["counts"])


def test_words_do_not_slip_in_as_the_event_itself(log: Log) -> None:
    structlog.get_logger().info(f"cannot read {WORDS}")
    [line] = log.lines()
    assert line["event"] == "(hidden)"


def test_zalos_long_numbers_may_stand_where_an_id_belongs(log: Log) -> None:
    structlog.get_logger().info("token_renewed", oa_id="3000000000000000001")
    assert [line["oa_id"] for line in log.lines()] == ["3000000000000000001"]


def test_an_object_is_only_named_by_its_type(log: Log) -> None:
    structlog.get_logger().info("tip_filed", kind=Citizen(key=WORDS), error=ValueError(WORDS))
    [line] = log.lines()
    assert (line["kind"], line["error"]) == ("Citizen", "ValueError")


def _break() -> None:
    local = WORDS
    raise ValueError(f"cannot read {local} at {LINK}")


def test_an_exception_is_its_type_and_where_it_happened(log: Log) -> None:
    try:
        _break()
    except ValueError:
        structlog.get_logger().exception("event_failed", event_id=9)
    [line] = log.lines()
    assert line["event_id"] == 9
    assert line["error"] == "ValueError"
    places = str(line["where"]).split()
    assert places[-1].startswith("test_logs.py:")
    assert places[-1].endswith(":_break")


@pytest.mark.parametrize("how", ["tuple", "object"])
def test_an_exception_that_is_handed_over(log: Log, how: str) -> None:
    try:
        _break()
    except ValueError as error:
        given = (type(error), error, error.__traceback__) if how == "tuple" else error
        structlog.get_logger().error("event_failed", exc_info=given)
    [line] = log.lines()
    assert line["error"] == "ValueError"
    assert "_break" in str(line["where"])


def test_an_exception_behind_an_exception_does_not_speak_either(log: Log) -> None:
    try:
        try:
            _break()
        except ValueError as error:
            raise RuntimeError(WORDS) from error
    except RuntimeError:
        structlog.get_logger().exception("event_failed")
    [line] = log.lines()
    assert line["error"] == "RuntimeError"


# ---- what libraries say -------------------------------------------------------------------------------------


def test_a_library_is_cut_down_to_who_and_what_kind(log: Log) -> None:
    try:
        _break()
    except ValueError:
        logging.getLogger("some.library").exception("while fetching %s", LINK)
    [line] = log.lines()
    line.pop("timestamp")
    assert str(line.pop("where")).endswith(":_break")
    assert line == {
        "event": "library_said",
        "level": "error",
        "logger": "some.library",
        "error": "ValueError",
    }


def test_a_refused_row_does_not_show_its_values(log: Log, sqlite_database: Database) -> None:
    """SQLAlchemy's message has the statement and what was bound to it."""
    row = {"key": WORDS, "oa_id": "1", "first_seen_at": datetime.now(UTC)}
    with sqlite_database.transaction() as session:
        session.execute(insert(Citizen).values(row))
        with pytest.raises(IntegrityError) as refused:
            session.execute(insert(Citizen).values(row))
    assert WORDS in str(refused.value)
    try:
        raise refused.value
    except IntegrityError:
        logging.getLogger("sqlalchemy.pool").exception("it broke: %s", refused.value)
        structlog.get_logger().exception("event_failed")
    assert [line["error"] for line in log.lines()] == ["IntegrityError", "IntegrityError"]


def test_a_link_that_cannot_be_fetched_is_not_shown(log: Log) -> None:
    """Both urllib3 (retrying) and requests (failing) speak of the address."""
    with pytest.raises(requests.ConnectionError) as failed:
        requests.get("http://127.0.0.1:1/abc?token=s3cr3t-t0ken", timeout=2)
    logging.getLogger("urllib3.connectionpool").warning("Retrying (%r) after connection broken: /abc", LINK)
    try:
        raise failed.value
    except requests.ConnectionError:
        structlog.get_logger().exception("media_failed", attachment_id=4)
    said = log.lines()
    assert [line.get("logger") for line in said] == ["urllib3.connectionpool", None]
    assert said[1]["error"] == "ConnectionError"


def test_chatter_of_libraries_is_left_out(log: Log) -> None:
    logging.getLogger("urllib3.connectionpool").debug("GET %s", LINK)
    logging.getLogger("werkzeug").info("127.0.0.1 GET /tin-bao?code=%s", WORDS)
    logging.getLogger("sqlalchemy.engine").info("[parameters: (%r)]", WORDS)
    assert log.lines() == []


def test_a_library_that_brings_its_own_handler_is_silenced(log: Log) -> None:
    server = logging.getLogger("a.web.server")
    server.propagate = False
    server.addHandler(logging.StreamHandler(sys.stdout))
    logs.configure("INFO")
    server.error("cannot serve %s", LINK)
    [line] = log.lines()
    assert line["logger"] == "a.web.server"


def test_a_page_that_breaks_does_not_show_what_was_asked(log: Log) -> None:
    """Flask logs path and exception."""
    app = Flask("a-page")

    @app.get("/<words>")
    def page(words: str) -> str:
        raise KeyError(words)

    assert app.test_client().get(f"/{WORDS}").status_code == 500
    [line] = log.lines()
    assert (line["logger"], line["error"]) == ("a-page", "KeyError")


def test_a_warning_does_not_quote_anybody(log: Log) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logs.configure("INFO")
        warnings.warn(f"odd value {WORDS}", stacklevel=1)
    assert [line["logger"] for line in log.lines()] == ["py.warnings"]


def test_our_own_rooms_may_add_codes_to_a_standard_record(log: Log) -> None:
    logging.getLogger("console").error("page failed", extra={"error": "KeyError", "where": "views.py:1:show"})
    [line] = log.lines()
    assert (line["error"], line["where"]) == ("KeyError", "views.py:1:show")


# ---- what nobody caught -------------------------------------------------------------------------------------


def test_what_nobody_caught_in_a_thread(log: Log) -> None:
    logs.log_uncaught()
    thread = threading.Thread(target=_break)
    thread.start()
    thread.join()
    [line] = log.lines()
    assert (line["event"], line["error"]) == ("uncaught_in_thread", "ValueError")


def test_what_nobody_caught_in_the_program(log: Log) -> None:
    logs.log_uncaught()
    try:
        _break()
    except ValueError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    [line] = log.lines()
    assert (line["event"], line["error"]) == ("uncaught", "ValueError")
