"""Links of the catalogue are asked at night, gently, and never inside a private network."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import requests
import responses

from bot import jobs
from bot.link_check import LinkCheck
from data import care, link_checks
from data.session import Database
from data.tables import LinkCheck as Row
from data.tables import ProcedureRow
from domain.broken_links import BrokenLink
from tests.conftest import Clock
from tests.data.test_care import record

NIGHT = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
"""One in the morning of the 24th in Vietnam."""
LINK = "https://dichvucong.gov.vn/thu-tuc?ma=1"
OTHER = "https://dichvucong.gov.vn/thu-tuc?ma=2"


class Desk:
    """A catalogue, a clock of the wall and one of seconds, and the job."""

    def __init__(self, database: Database, *, a_night: int = 100) -> None:
        self.database = database
        self.clock = Clock(NIGHT)
        self.seconds = 0.0
        self.pauses: list[float] = []
        self.check = LinkCheck(
            database,
            clock=self.clock,
            a_night=a_night,
            known_as="https://bot.example.vn",
            ticks=lambda: self.seconds,
            pause=self.rest,
        )

    def rest(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.seconds += seconds

    def has(self, *links: str) -> None:
        with self.database.transaction() as session:
            for number, url in enumerate(links):
                row = ProcedureRow(id=f"1.{number}", version=0)
                care.write_from_files(session, row, record(row.id, url=url), now=NIGHT)

    def found(self) -> dict[str, tuple[str, bool, int]]:
        with self.database.reading() as session:
            return {row.url: (row.what, row.ok, row.failures) for row in session.query(Row)}

    def nights(self, count: int) -> None:
        for _ in range(count):
            self.check.run()
            self.clock.set(self.clock.now + timedelta(days=1))


@pytest.fixture
def desk(sqlite_database: Database) -> Desk:
    return Desk(sqlite_database)


@pytest.fixture
def http() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock() as http:
        yield http


def test_a_page_that_opens_is_kept_as_such(desk: Desk, http: responses.RequestsMock) -> None:
    desk.has(LINK)
    http.get(LINK, body="x" * 10_000)
    desk.check.run()
    assert desk.found() == {LINK: ("200", True, 0)}
    assert http.calls[0].request.headers["User-Agent"] == "CauNoi (+https://bot.example.vn)"
    desk.check.run()
    assert len(http.calls) == 1, "once a night"


@pytest.mark.parametrize(
    ("answer", "what", "failures"),
    [
        ({"status": 404}, "404", 1),
        ({"status": 503}, "503", 1),
        ({"status": 403}, "403", 0),
        ({"status": 429}, "429", 0),
        ({"body": requests.ReadTimeout("slow")}, "timeout", 1),
        ({"body": requests.ConnectTimeout("slow")}, "timeout", 1),
        ({"body": requests.ConnectionError("away")}, "connection", 1),
        ({"body": requests.exceptions.SSLError("chain")}, "certificate", 0),
    ],
)
def test_what_came_is_told_apart(
    desk: Desk, http: responses.RequestsMock, answer: dict[str, object], what: str, failures: int
) -> None:
    desk.has(LINK)
    http.get(LINK, **answer)
    desk.check.run()
    assert desk.found() == {LINK: (what, False, failures)}


def test_three_nights_running_make_it_broken(desk: Desk, http: responses.RequestsMock) -> None:
    desk.has(LINK)
    http.get(LINK, status=404)
    desk.nights(2)
    with desk.database.reading() as session:
        assert link_checks.broken(session) == {}
    desk.nights(1)
    with desk.database.reading() as session:
        assert link_checks.broken(session) == {LINK: BrokenLink(datetime(2026, 11, 24).date(), "404")}  # noqa: DTZ001


def test_redirects_are_followed_within_limits(desk: Desk, http: responses.RequestsMock) -> None:
    desk.has(LINK, OTHER)
    http.get(LINK, status=302, headers={"Location": "/moi"})
    http.get("https://dichvucong.gov.vn/moi", body="ok")
    http.get(OTHER, status=302, headers={"Location": OTHER})
    desk.check.run()
    assert desk.found() == {LINK: ("200", True, 0), OTHER: ("redirects", False, 0)}
    assert len(http.calls) == 8


@pytest.mark.parametrize(
    "inside",
    [
        "http://127.0.0.1/",
        "http://[::1]/",
        "http://10.0.0.7/",
        "http://169.254.169.254/meta",
        "http://localhost/",
        "http://kho.internal/",
        "https://dichvucong.gov.vn:22/",
        "file:///etc/passwd",
        "https://a:b@dichvucong.gov.vn/",
    ],
)
def test_a_redirect_to_what_is_inside_is_refused(
    desk: Desk, http: responses.RequestsMock, inside: str
) -> None:
    desk.has(LINK)
    http.get(LINK, status=302, headers={"Location": inside})
    desk.check.run()
    assert len(http.calls) == 1
    assert desk.found() == {LINK: ("refused", False, 0)}


def test_a_name_that_leads_inside_is_not_connected_to(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.has(LINK)
    with socket.create_server(("127.0.0.1", 0)) as inside:
        inside.setblocking(False)
        here = (socket.AF_INET, socket.SOCK_STREAM, 6, "", inside.getsockname())
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [here])
        desk.check.run()
        with pytest.raises(BlockingIOError):
            inside.accept()
    assert desk.found() == {LINK: ("refused", False, 0)}


def test_one_host_is_asked_once_a_second_and_a_run_is_short(desk: Desk, http: responses.RequestsMock) -> None:
    links = [f"https://dichvucong.gov.vn/{n:02}" for n in range(12)]
    desk.has(*links, "https://bocongan.gov.vn/00")
    for link in [*links, "https://bocongan.gov.vn/00"]:
        http.get(link, body="ok")
    desk.check.run()
    assert desk.pauses == [1.0] * 8, "the other host need not wait; then the run is over"
    assert len(http.calls) == 10
    desk.seconds += 60
    desk.check.run()
    assert len(desk.found()) == 13


def test_no_more_than_so_many_a_night_and_none_by_day(
    sqlite_database: Database, http: responses.RequestsMock
) -> None:
    desk = Desk(sqlite_database, a_night=1)
    desk.has(LINK, OTHER)
    desk.clock.set(NIGHT + timedelta(hours=9))
    desk.check.run()
    assert desk.found() == {}
    http.get(LINK, body="ok")
    http.get(OTHER, body="ok")
    desk.clock.set(NIGHT)
    desk.check.run()
    desk.check.run()
    assert list(desk.found()) == [LINK]
    desk.nights(2)
    assert set(desk.found()) == {LINK, OTHER}, "the next night goes on with the others"


def test_none_are_asked_where_the_setting_forbids_it(sqlite_database: Database) -> None:
    desk = Desk(sqlite_database, a_night=0)
    desk.has(LINK)
    desk.check.run()
    assert desk.found() == {}


def test_the_job_is_in_the_table(sqlite_database: Database) -> None:
    asked: list[bool] = []
    table = jobs.recurring(
        sqlite_database,
        None,  # type: ignore[arg-type]  # this job touches no files
        lambda *_: None,
        lambda: None,  # type: ignore[arg-type,return-value]
        check_links=lambda: asked.append(True),
    )
    next(job for job in table if job.name == "links-of-the-catalogue").run()
    assert asked == [True]
