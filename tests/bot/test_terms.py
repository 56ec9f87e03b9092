"""Every term of keeping that the console sets is what the jobs delete by: a shorter one deletes, a longer one keeps."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from bot import jobs
from data import dated_settings, officer_sessions
from data.session import Database
from data.tables import (
    ApiDelivery,
    ApiHook,
    AskedQuestion,
    Complaint,
    Dossier,
    DossierImport,
    DossierTry,
    EventRow,
    OfficerSession,
    ShiftSheet,
)
from domain import adjustable
from domain.broadcasts import VIETNAM
from domain.complaints import ComplaintStatus
from domain.roles import Role
from tests.console.world import World


class Office(World):
    """A world with one thing of each kind that is kept for a time, aged as the test says."""

    def age(self, key: str, days: int) -> None:
        """Let what the setting is about be so many days old."""
        self.old = self.clock() - timedelta(days=days)
        self.day = self.old.astimezone(VIETNAM).date()
        MADE[key][0](self)

    def count(self, key: str) -> int:
        with self.database.reading() as session:
            return session.scalar(select(func.count()).select_from(MADE[key][1]).where(*MADE[key][2])) or 0

    def add(self, row: object) -> None:
        with self.database.transaction() as session:
            session.add(row)

    def put(self, table: Any, **values: Any) -> None:
        with self.database.transaction() as session:
            session.execute(update(table).values(**values))

    def done_case(self) -> None:
        self.complaint()
        self.put(Complaint, status=ComplaintStatus.CLOSED, updated_at=self.old)

    def kept_dossier(self, step: str) -> None:
        self.dossier()
        self.put(Dossier, step=step, step_on=self.day)

    def compared_sheet(self) -> None:
        self.dossier_sheet(self.officer(Role.EDITOR))
        self.put(DossierImport, at=self.old)

    def handed_over(self) -> None:
        self.shift_sheet(self.officer(Role.DUTY))
        self.put(ShiftSheet, ended_at=self.old)

    def logged_in(self) -> None:
        officer = self.officer(Role.DUTY)
        with self.database.transaction() as session:
            officer_sessions.begin(
                session, officer, device="Chrome", how="code", proved_at=None, now=self.old
            )

    def told(self) -> None:
        with self.database.transaction() as session:
            hook = ApiHook(
                name="Sở", url="https://x.example", events=[], secret_sealed=b"-", active=True, moves_seen=0,
                created_at=self.old,
            )  # fmt: skip
            session.add(hook)
            session.flush()
            session.add(
                ApiDelivery(
                    hook_id=hook.id, event="tip.moved", body={}, state="told", due_at=self.old,
                    created_at=self.old, settled_at=self.old,
                )
            )  # fmt: skip

    def handled(self) -> None:
        self.add(
            EventRow(
                key="e", name="user_send_text", oa_id="1", occurred_at=self.old, received_at=self.old,
                body_sealed=b"-", run_at=self.old, done_at=self.old,
            )
        )  # fmt: skip

    def asked(self) -> None:
        self.add(
            AskedQuestion(
                id=1, day=self.day, mark="m", words="w", decision="decline", offered=[], times=1, chosen={},
                state="open",
            )
        )  # fmt: skip


Made = tuple[Callable[[Office], None], Any, tuple[Any, ...]]
MADE: dict[str, Made] = {
    adjustable.COMPLAINTS_KEPT: (Office.done_case, Complaint, ()),
    adjustable.DOSSIERS_ENDED: (lambda office: office.kept_dossier("given"), Dossier, ()),
    adjustable.DOSSIERS_SILENT: (lambda office: office.kept_dossier("received"), Dossier, ()),
    adjustable.DOSSIER_TRIES: (
        lambda office: office.add(DossierTry(citizen="c", mark="m", at=office.old)), DossierTry, (),
    ),
    adjustable.DOSSIER_SHEETS: (Office.compared_sheet, DossierImport, ()),
    adjustable.SHIFT_SHEETS: (Office.handed_over, ShiftSheet, ()),
    adjustable.ENDED_SESSIONS: (Office.logged_in, OfficerSession, ()),
    adjustable.API_LOG: (Office.told, ApiDelivery, ()),
    adjustable.EVENT_BODIES: (Office.handled, EventRow, (EventRow.body_sealed.is_not(None),)),
    adjustable.KEPT_QUESTIONS: (Office.asked, AskedQuestion, ()),
}  # fmt: skip
"""Setting → how its thing comes to be, its table, what tells that it is still kept."""
SWEEPERS = (
    "old-complaints", "dossiers-out-of-term", "old-sheets-and-log-ins", "old-api-answers", "old-event-bodies",
    "old-questions",
)  # fmt: skip


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


@pytest.fixture
def sweep(office: Office, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """What the jobs do in their hour."""
    monkeypatch.setattr(jobs, "_now", office.clock)
    unused: Any = None
    table = {job.name: job.run for job in jobs.recurring(office.database, unused, unused, unused)}

    def run() -> None:
        for name in SWEEPERS:
            table[name]()

    return run


def set_to(office: Office, key: str, value: int) -> None:
    """As an administrator did it a month ago, from a day in between on."""
    admin = office.officer(Role.ADMIN, unit_id=None)
    then = office.clock() - timedelta(days=30)
    with office.database.transaction() as session:
        dated_settings.change(
            session, key, str(value), holds_from=(then + timedelta(days=10)).date(), reason="Kế hoạch",
            officer_id=admin, now=then,
        )  # fmt: skip


def test_every_term_outside_tips_has_its_thing_here() -> None:
    """Those of tips: data/test_dated_settings.py."""
    assert {one.key for one in dated_settings.known().values() if one.keeps and one.group in adjustable.SECTIONS} == (
        set(MADE)
    )  # fmt: skip


@pytest.mark.parametrize("key", MADE)
def test_a_shorter_term_deletes_what_the_shipped_one_keeps(
    office: Office, sweep: Callable[[], None], key: str
) -> None:
    term = dated_settings.known()[key]
    office.age(key, (term.least + term.default + 1) // 2)
    sweep()
    assert office.count(key) == 1, "kept by the shipped term"
    set_to(office, key, term.least)
    sweep()
    assert office.count(key) == 0, "deleted by the shorter one"


@pytest.mark.parametrize("key", MADE)
def test_a_longer_term_keeps_what_the_shipped_one_deletes(
    office: Office, sweep: Callable[[], None], key: str
) -> None:
    term = dated_settings.known()[key]
    set_to(office, key, term.most)
    office.age(key, (term.default + term.most) // 2)
    sweep()
    assert office.count(key) == 1, "kept by the longer term"
    with office.database.transaction() as session:
        change = dated_settings.history(session, key)[0][0]
        change.withdrawn_at = office.clock()
    sweep()
    assert office.count(key) == 0, "deleted by the shipped one"
