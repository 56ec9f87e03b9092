"""Recurring jobs: what runs by itself and how often. Each may run twice without harm."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from bot.drafts import tend
from bot.library import Library
from bot.media import sweep_dropped, sweep_orphans
from broadcasts.plan import plan_due
from broadcasts.schedule import Job
from data import (
    api_answers,
    care,
    complaints,
    dated_settings,
    deliveries,
    dossiers,
    events,
    filing,
    group_registry,
    handovers,
    hooks,
    kept_questions,
    officer_sessions,
    outgoing,
    pace,
    reminders,
    retention,
    score_months,
    survey_answers,
    survey_rules,
    survey_terms,
    tip_clocks,
    unit_changes,
)
from data.media import MediaStore
from data.session import Database
from domain.adjustable import API_LOG, ENDED_SESSIONS, EVENT_BODIES, KEPT_QUESTIONS, SHIFT_SHEETS
from domain.work import Kind, Wake


def recurring(
    database: Database,
    store: MediaStore,
    wake: Wake,
    library: Callable[[], Library],
    *,
    check_groups: Callable[[], None] = lambda: None,
    check_links: Callable[[], None] = lambda: None,
) -> list[Job]:
    """The table of recurring jobs.

    check_groups  compares the registry of groups with Zalo, when somebody asked
    check_links   asks a few links of the catalogue, at night
    """
    return [
        Job(
            "drafts", timedelta(minutes=5), lambda: _ignore(tend(database, library(), wake=wake, now=_now()))
        ),
        Job("tip-clocks", timedelta(minutes=1), _tip_clocks(database)),
        Job("tips-out-of-term", timedelta(hours=1), _delete_expired(database, store)),
        Job("broadcasts-due", timedelta(seconds=2), _plan(database, wake)),
        Job("overdue-sends", timedelta(seconds=10), _release(database, wake)),
        Job("asked-group-checks", timedelta(seconds=5), check_groups),
        Job("daily-group-check", timedelta(days=1), _ask_for_group_check(database)),
        Job("reminders-to-post", timedelta(minutes=1), _remind(database, wake)),
        Job(
            "dropped-files",
            timedelta(minutes=10),
            lambda: _ignore(sweep_dropped(database, store, now=datetime.now(UTC))),
        ),
        Job(
            "orphan-files",
            timedelta(hours=12),
            lambda: _ignore(sweep_orphans(database, store, now=datetime.now(UTC))),
        ),
        Job("old-event-bodies", timedelta(hours=6), _forget(database)),
        Job("old-rate-windows", timedelta(hours=1), _tidy_pace(database)),
        Job("unit-changes", timedelta(minutes=1), _change_units(database)),
        Job("catalogue-days", timedelta(minutes=1), _begin_catalogue_days(database)),
        Job("links-of-the-catalogue", timedelta(minutes=1), check_links),
        Job("complaint-clocks", timedelta(minutes=5), _complaint_clocks(database, wake)),
        Job("survey-voters", timedelta(hours=6), _forget_voters(database)),
        Job("old-complaints", timedelta(hours=1), _delete_complaints(database, store)),
        Job("scores-of-the-month", timedelta(hours=1), _freeze_scores(database)),
        Job("dossiers-out-of-term", timedelta(hours=6), _delete_dossiers(database)),
        Job("tip-moves-told", timedelta(seconds=10), _tell_of_tips(database, wake)),
        Job("old-api-answers", timedelta(hours=1), _forget_api(database)),
        Job("old-questions", timedelta(hours=6), _forget_questions(database)),
        Job("old-sheets-and-log-ins", timedelta(hours=6), _forget_desks(database)),
    ]


def _now() -> datetime:
    return datetime.now(UTC)


def _tip_clocks(database: Database) -> Callable[[], None]:
    """Held tips whose time has come, late ones, and those whose officer went home."""

    def run() -> None:
        with database.transaction() as session:
            filing.release_held(session, now=_now())
            tip_clocks.give_back_abandoned(session, now=_now())
            tip_clocks.escalate(session, now=_now())

    return run


def _delete_expired(database: Database, store: MediaStore) -> Callable[[], None]:
    """Rows first, then files: a file without a row is swept later, a row without a file would be a fault."""

    def run() -> None:
        with database.transaction() as session:
            gone = retention.delete_expired(session, dated_settings.rules(session, now=_now()), now=_now())
        for key in gone.media_keys:
            store.delete(key)

    return run


def _delete_dossiers(database: Database) -> Callable[[], None]:
    def run() -> None:
        with database.transaction() as session:
            dossiers.delete_expired(session, dated_settings.dossier_terms(session, now=_now()), now=_now())

    return run


def _tell_of_tips(database: Database, wake: Wake) -> Callable[[], None]:
    """Moves of tips become messages to the systems that want to hear of them."""

    def run() -> None:
        with database.transaction() as session:
            told = hooks.look_at_tip_moves(session, now=_now())
        if told:
            wake(Kind.HOOKS, "")

    return run


def _forget_api(database: Database) -> Callable[[], None]:
    def run() -> None:
        with database.transaction() as session:
            api_answers.forget(session, now=_now())
            kept = dated_settings.term(session, API_LOG, now=_now())
            hooks.forget_log(session, kept=kept, now=_now())

    return run


def _plan(database: Database, wake: Wake) -> Callable[[], None]:
    def run() -> None:
        if plan_due(database, now=datetime.now(UTC)):
            wake(Kind.DELIVERIES, "")

    return run


def _release(database: Database, wake: Wake) -> Callable[[], None]:
    """Sends left behind by a dead worker: given back, or marked unknown."""

    def run() -> None:
        now = datetime.now(UTC)
        with database.transaction() as session:
            replies = outgoing.release_overdue(session, now=now)
            groups = deliveries.release_overdue(session, now=now)
        if replies:
            wake(Kind.OUTBOX, "")
        if groups:
            wake(Kind.DELIVERIES, "")

    return run


def _ask_for_group_check(database: Database) -> Callable[[], None]:
    def run() -> None:
        with database.transaction() as session:
            group_registry.ask_for_check(session, officer_id=None, now=datetime.now(UTC))

    return run


def _remind(database: Database, wake: Wake) -> Callable[[], None]:
    """Duty officers hear in Zalo of what waits to be posted by hand, and again when it goes on waiting."""

    def run() -> None:
        with database.transaction() as session:
            told = reminders.remind(session, now=datetime.now(UTC))
        if told:
            wake(Kind.OUTBOX, "")

    return run


def _forget(database: Database) -> Callable[[], None]:
    def run() -> None:
        with database.transaction() as session:
            kept = dated_settings.term(session, EVENT_BODIES, now=_now())
            events.forget_bodies(session, older_than=_now() - kept)

    return run


def _tidy_pace(database: Database) -> Callable[[], None]:
    def run() -> None:
        with database.transaction() as session:
            pace.forget_windows(session, older_than=datetime.now(UTC) - timedelta(hours=1))

    return run


def _change_units(database: Database) -> Callable[[], None]:
    """Units that become others today."""
    return lambda: _ignore(unit_changes.apply_due(database, now=datetime.now(UTC)))


def _begin_catalogue_days(database: Database) -> Callable[[], None]:
    """Changes of the catalogue whose day has come."""
    return lambda: _ignore(care.begin_due(database, now=datetime.now(UTC)))


def _forget_questions(database: Database) -> Callable[[], None]:
    def run() -> None:
        with database.transaction() as session:
            kept = dated_settings.term(session, KEPT_QUESTIONS, now=_now())
            kept_questions.forget_questions(session, kept=kept, now=_now())

    return run


def _forget_desks(database: Database) -> Callable[[], None]:
    """Sheets of shifts, and log-ins of officers, whose term is over."""

    def run() -> None:
        with database.transaction() as session:
            sheets = dated_settings.term(session, SHIFT_SHEETS, now=_now())
            handovers.forget_old(session, kept=sheets, now=_now())
            log_ins = dated_settings.term(session, ENDED_SESSIONS, now=_now())
            officer_sessions.forget_old(session, kept=log_ins, now=_now())

    return run


def _complaint_clocks(database: Database, wake: Wake) -> Callable[[], None]:
    """Complaints that nobody took up or answered in time: the inspectors hear of them."""

    def run() -> None:
        with database.transaction() as session:
            late = complaints.mark_late(session, now=_now())
        if late:
            wake(Kind.OUTBOX, "")

    return run


def _forget_voters(database: Database) -> Callable[[], None]:
    """Hashes of who answered a survey, once a second answer need no longer be told from a first."""

    def run() -> None:
        with database.transaction() as session:
            survey_answers.forget_voters(session, survey_rules.survey(), now=_now())

    return run


def _delete_complaints(database: Database, store: MediaStore) -> Callable[[], None]:
    """Rows first, then files, as for tips."""

    def run() -> None:
        with database.transaction() as session:
            rules = dated_settings.complaint_rules(session, now=_now())
            survey_terms.forget_words(session, rules, now=_now())
            files = survey_terms.delete_complaints(session, rules, now=_now())
        for key in files:
            store.delete(key)

    return run


def _freeze_scores(database: Database) -> Callable[[], None]:
    """The month before this one, when its day has come."""

    def run() -> None:
        with database.transaction() as session:
            score_months.freeze_due(session, now=_now())

    return run


def _ignore(_: object) -> None:
    """A job returns nothing."""
