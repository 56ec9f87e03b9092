"""The audit trail: a chain that shows every change made behind its back."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

from sqlalchemy import delete, func, select, update

from data import audit
from data.session import Database
from data.tables import AuditRow

NOON = datetime(2026, 11, 24, 5, 0, 0, 123456, tzinfo=UTC)


def record(database: Database, action: str, *, after: dict[str, object] | None = None) -> None:
    with database.transaction() as session:
        audit.record(
            session, officer_id=7, action=action, subject="tip:1", before=None, after=after, now=NOON
        )


def problems(database: Database) -> list[str]:
    with database.reading() as session:
        return audit.verify(session)


def three(database: Database) -> None:
    record(database, "tip.taken")
    record(database, "tip.status", after={"value": "done", "ước": "Đã xử lý", "n": 1.5, "list": [1, None]})
    record(database, "tip.noted")


def test_what_was_recorded_is_whole_and_in_order(database: Database) -> None:
    three(database)

    assert problems(database) == []
    with database.reading() as session:
        rows = session.scalars(select(AuditRow).order_by(AuditRow.id)).all()
        assert [row.action for row in rows] == ["tip.taken", "tip.status", "tip.noted"]
        assert [row.previous_hash for row in rows] == [audit.FIRST, rows[0].hash, rows[1].hash]
        assert audit.newest(session) == (rows[2].id, rows[2].hash)


def test_an_empty_trail_is_whole(database: Database) -> None:
    assert problems(database) == []
    with database.reading() as session:
        assert audit.newest(session) is None


def test_every_changed_field_shows(database: Database) -> None:
    three(database)
    with database.reading() as session:
        second = session.scalars(select(AuditRow).order_by(AuditRow.id).offset(1)).first()
        assert second is not None
    for field, value in {
        "officer_id": 8,
        "action": "tip.taken",
        "subject": "tip:2",
        "after": {"value": "spam"},
        "before": {"value": "new"},
        "at": datetime(2026, 11, 24, 6, 0, tzinfo=UTC),
    }.items():
        old = getattr(second, field)
        with database.transaction() as session:
            session.execute(update(AuditRow).where(AuditRow.id == second.id).values({field: value}))
        assert problems(database) == [f"audit row {second.id}: was changed after it was written"], field
        with database.transaction() as session:
            session.execute(update(AuditRow).where(AuditRow.id == second.id).values({field: old}))
        assert problems(database) == []


def test_a_row_taken_out_of_the_middle_shows(database: Database) -> None:
    three(database)
    with database.transaction() as session:
        middle = session.scalars(select(AuditRow.id).order_by(AuditRow.id)).all()[1]
        session.execute(delete(AuditRow).where(AuditRow.id == middle))

    assert len(problems(database)) == 1
    assert "does not follow" in problems(database)[0]


def test_an_act_that_is_undone_leaves_no_row(database: Database) -> None:
    three(database)
    try:
        with database.transaction() as session:
            audit.record(
                session, officer_id=1, action="tip.taken", subject="tip:9", before=None, after=None, now=NOON
            )
            raise RuntimeError("the act failed")
    except RuntimeError:
        pass
    record(database, "tip.taken")

    assert problems(database) == []
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(AuditRow)) == 4


def test_many_writers_at_once_make_one_chain(database: Database) -> None:
    def write() -> None:
        for _ in range(5):
            record(database, "tip.taken")

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    assert problems(database) == []
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(AuditRow)) == 40
