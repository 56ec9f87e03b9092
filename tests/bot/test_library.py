"""What the bot knows by heart is learned anew aside: nobody but who noticed the change waits for it."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy.event import listens_for, remove

from bot.library import LibraryShelf
from data.session import Database
from data.shelf import LOOK_AGAIN
from data.tables import ProcedureRow
from tests.conftest import Clock

CONTENT = Path("data/content")
PATIENCE_S = 20


def test_while_a_changed_catalogue_is_learned_everybody_else_is_answered_from_the_old_one(
    seeded_sqlite_url: str, clock: Clock
) -> None:
    with closing(Database(seeded_sqlite_url)) as database, ThreadPoolExecutor(1) as aside:
        shelf = LibraryShelf(database, CONTENT, clock=clock)
        old = shelf.current()
        with database.transaction() as session:
            session.get_one(ProcedureRow, "1.001456").version += 1
        clock.advance(seconds=LOOK_AGAIN.total_seconds() + 1)
        learning, may_go_on = threading.Event(), threading.Event()

        def slow(*_: Any) -> None:
            """The database takes its time for whoever learns; the first statement is the look for a change."""
            if threading.current_thread() is not threading.main_thread():
                learning.set()
                assert may_go_on.wait(PATIENCE_S)

        listens_for(database.engine, "before_cursor_execute")(slow)
        try:
            learned = aside.submit(shelf.current)
            assert learning.wait(PATIENCE_S)
            clock.advance(seconds=LOOK_AGAIN.total_seconds() + 1)
            assert shelf.current() is old, "also when it is time to look again"
            assert old.matcher.search("lam ho chieu can giay to gi").candidates[0].id == "1.001456"
        finally:
            may_go_on.set()
        new = learned.result(PATIENCE_S)
        remove(database.engine, "before_cursor_execute", slow)
        assert new is not old
        assert shelf.current() is new, "and from the new one as soon as it is there"
