"""Two senders, deaths and long waits at every commit: no group gets it twice, none is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from broadcasts.send import SENDING_LEASE, Sender
from data import deliveries, delivery_lines
from data.session import Database
from domain.broadcasts import DeliveryStatus
from tests.broadcasts.province import Province, fill
from tests.conftest import Clock
from tests.postgres import Cluster

ACTS = ["go on", "die before it", "die after it", "the other sends", "time passes"]


class Killed(BaseException):
    """The process dies here: nothing after it happens."""


class Watched(Database):
    """A database that lets something happen before and after each commit of a sender."""

    before: Callable[[], None] = staticmethod(lambda: None)
    after: Callable[[], None] = staticmethod(lambda: None)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        with super().transaction() as session:
            yield session
            self.before()
        self.after()


@contextmanager
def fresh(kind: str, request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    if kind == "sqlite":
        path = folder / "test.db"
        for old in folder.iterdir():
            old.unlink()
        path.write_bytes(request.getfixturevalue("empty_sqlite").read_bytes())
        yield f"sqlite:///{path}"
        return
    cluster: Cluster = request.getfixturevalue("cluster")
    with cluster.fresh() as url:
        yield url


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(script=st.lists(st.sampled_from(ACTS), min_size=3, max_size=25))
def test_at_whatever_commit_a_sender_dies_or_another_comes_between(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path, script: list[str]
):
    with ExitStack() as stack:
        url = stack.enter_context(fresh(kind, request, tmp_path))
        plain, watched = Database(url, pool_size=2), Watched(url, pool_size=2)
        stack.callback(plain.close)
        stack.callback(watched.close)
        clock = Clock(datetime(2026, 11, 24, 3, 0, tzinfo=UTC))
        fill(plain, clock())
        province = Province(plain, clock)
        broadcast = province.broadcast(lifetime_minutes=1_000_000)
        province.plan()

        steps, act = iter(script), [""]

        def before_commit() -> None:
            act[0] = next(steps, "go on")
            if act[0] == "die before it":
                raise Killed

        def after_commit() -> None:
            now, act[0] = act[0], ""
            if now == "die after it":
                raise Killed
            if now == "the other sends":
                province.sender.drain()
            if now == "time passes":
                clock.advance(seconds=SENDING_LEASE.total_seconds() + 10)
                with plain.transaction() as session:
                    deliveries.release_overdue(session, now=clock())

        watched.before, watched.after = before_commit, after_commit
        for _ in range(len(script) + 1):
            try:
                Sender(watched, province.groups.send, clock=clock, jitter=lambda: 0.0).drain()
            except Killed:
                continue
        clock.advance(minutes=10)
        with plain.transaction() as session:
            deliveries.release_overdue(session, now=clock())
        province.send_all()

        with plain.reading() as session:
            lines = delivery_lines.page(session, broadcast)
        got = [group for group, _ in province.groups.got]
        sent = {f"z{line.group_code[1:]}" for line in lines if line.state == DeliveryStatus.SENT}
        unknown = {f"z{line.group_code[1:]}" for line in lines if line.state == DeliveryStatus.UNKNOWN}
        assert len(lines) == 6
        assert len(got) == len(set(got)), "nobody got it twice"
        assert sent <= set(got), "what counts as sent is in the group"
        assert set(got) <= sent | unknown, "what is in the group is not called unsent"
        assert len(sent) + len(unknown) == 6, "and none is left behind"
