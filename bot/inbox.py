"""Takes remembered events one by one: look, answer, then keep everything that follows in one transaction."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from time import perf_counter

import structlog
from sqlalchemy.orm import Session

import handlers
from bot import group_tips
from bot.dispatcher import Answered, Standing, answer
from bot.library import LibraryShelf
from bot.metrics import Metrics
from bot.records import TurnRecords, Write
from bot.zalo.translate import read_event
from data import deliveries, events, group_registry, intake, outgoing
from data.dossier_proof import DossierKey
from data.sealing import CannotOpen, Sealer
from data.session import Database
from data.tables import EventRow
from domain.conversations import Turn
from domain.errors import NotStored
from domain.messages import (
    TEXT_KEPT_MAX,
    Echo,
    Erase,
    Event,
    Follow,
    GroupChange,
    InGroup,
    Receipt,
    Reply,
    Said,
    Text,
    Unfollow,
)
from domain.work import Kind, Wake
from handlers import menu, texts, tips

log = structlog.get_logger()

LEASE = timedelta(seconds=30)
BATCH = 8
TRIES_MAX = 5
WAITS = (timedelta(seconds=1), timedelta(seconds=5), timedelta(seconds=20), timedelta(minutes=2))


class Lost(Exception):
    """Another worker finished the event meanwhile: ours is undone."""


DISSOLVED = {"delete_group"}


class Inbox:
    """`drain` handles what is due; any number of threads and processes may call it."""

    def __init__(
        self,
        database: Database,
        shelf: LibraryShelf,
        sealer: Sealer,
        *,
        clock: Callable[[], datetime],
        wake: Wake,
        metrics: Metrics,
        public_url: str = "",
        dossier_key: DossierKey | None = None,
    ) -> None:
        self._database = database
        self._shelf = shelf
        self._sealer = sealer
        self._clock = clock
        self._wake = wake
        self._metrics = metrics
        self._public_url = public_url
        self._dossier_key = dossier_key

    def drain(self) -> int:
        """Take a few events that are due and handle each; returns how many were taken."""
        with self._database.transaction() as session:
            claimed = events.claim_due(session, now=self._clock(), limit=BATCH, lease=LEASE)
        for row in claimed:
            self._handle(row)
        return len(claimed)

    def _handle(self, row: EventRow) -> None:
        began = perf_counter()
        try:
            self._take(row)
        except (Lost, NotStored) as error:
            log.warning("event_not_finished", event_id=row.id, error=type(error).__name__)
            return  # its lease runs out, then it is taken again
        except Exception as error:
            log.exception("event_failed", event_id=row.id, kind=row.name, attempt=row.attempts)
            self._try_later(row, error)
        self._metrics.event_handled(row.name, perf_counter() - began)

    def _try_later(self, row: EventRow, error: Exception) -> None:
        """Again later; after TRIES_MAX the event ends, and the citizen is told that something broke."""
        now, fault = self._clock(), type(error).__name__
        try:
            with self._database.transaction() as session:
                if row.attempts < TRIES_MAX:
                    wait = WAITS[min(row.attempts, len(WAITS)) - 1] * (1 + random.random() / 4)  # noqa: S311  # jitter
                    events.put_back(session, row, run_at=now + wait, error=fault)
                    return
                ours = events.finish(session, row, now=now, error=fault)
                spoke = row.citizen is not None and row.name.startswith("user_send_")
                if ours and spoke and row.citizen and intake.is_known(session, row.citizen):
                    outgoing.queue_replies(
                        session,
                        citizen=row.citizen,
                        oa_id=row.oa_id,
                        replies=[Reply(texts.SOMETHING_BROKE)],
                        event_id=row.id,
                        now=now,
                    )
        except NotStored:
            log.warning("event_not_put_back", event_id=row.id)
        self._metrics.event_failed(row.name)

    # -- one event ----------------------------------------------------------------------------------------------

    def _take(self, row: EventRow) -> None:
        if row.body_sealed is None:
            return self._keep(row, [], ())
        try:
            raw = self._sealer.open(row.body_sealed, purpose="event")
            event = read_event(raw, received_at=row.received_at, oas=self._shelf.current().oas)
        except CannotOpen:
            log.error("event_sealed_with_unknown_key", event_id=row.id)
            raise
        if event.said and row.citizen and event.user_id:
            return self._converse(row, event, event.said)
        if isinstance(event.happened, InGroup) and row.citizen and event.user_id:
            return self._tip_in_group(row, event.happened, row.citizen, event.user_id)
        return self._note(row, event)

    def _converse(self, row: EventRow, event: Event, said: Sequence[Said]) -> None:
        """Answer what a citizen said: every part of the message is one turn."""
        now = self._clock()
        citizen, user_id = row.citizen, event.user_id
        assert citizen is not None
        assert user_id is not None
        with self._database.reading() as session:
            records = self._records(session, citizen, row.oa_id, now)
            known = intake.conversation(session, citizen)
            standing = (
                Standing(known.flow, known.step, known.draft, known.updated_at) if known else Standing()
            )
            replies: list[Reply] = []
            for part in said:
                answered = self._turn(records, citizen, part, standing, now)
                standing = answered.standing
                replies.extend(answered.replies)
                if isinstance(part, Text) and len(part.text) >= TEXT_KEPT_MAX:
                    replies.append(Reply(texts.TOO_LONG.format(limit=f"{TEXT_KEPT_MAX:,}".replace(",", "."))))

        def keep_standing(session: Session) -> None:
            intake.meet(
                session, citizen=citizen, oa_id=row.oa_id, user_id=user_id, sealer=self._sealer, now=now
            )
            intake.wrote(session, citizen, at=row.occurred_at)
            outgoing.release_held(session, citizen, now=now)
            intake.save_conversation(
                session,
                citizen,
                flow=standing.flow,
                step=standing.step,
                draft=standing.draft or {},
                now=now,
            )

        self._keep(row, [keep_standing, *records.writes], replies)
        if records.media_waits:
            self._wake(Kind.MEDIA, "")

    def _records(self, session: Session, citizen: str, oa_id: str, now: datetime) -> TurnRecords:
        key, library = self._dossier_key, self._shelf.current()
        return TurnRecords(
            session, library, self._sealer, citizen=citizen, oa_id=oa_id, now=now, dossier_key=key
        )

    def _turn(
        self, records: TurnRecords, citizen: str, said: Said, standing: Standing, now: datetime
    ) -> Answered:
        turn = Turn(citizen, said, None, {}, now, records, self._public_url)
        records.unsure.turn_begins(standing.draft)
        answered = answer(turn, standing, handlers.FLOWS, handlers.warn)
        after = answered.standing
        draft = records.unsure.turn_ends(said, after.draft)
        return replace(answered, standing=replace(after, draft=draft))

    def _tip_in_group(self, row: EventRow, said: InGroup, citizen: str, user_id: str) -> None:
        """A tip that began in a group goes on privately; anything else said there is none of ours."""
        now = self._clock()
        with self._database.reading() as session:
            found = group_tips.read(session, said)
            known = intake.conversation(session, citizen)
            if found is None:
                return self._keep(row, [], ())
            records = self._records(session, citizen, row.oa_id, now)
            writing = known if known and known.flow == tips.FLOW.name and known.step else None
            turn = Turn(citizen, Text(found.words), None, {}, now, records, self._public_url)
            outcome = (
                group_tips.join(turn, found, writing.draft) if writing else group_tips.begin(turn, found)
            )

        def keep_standing(session: Session) -> None:
            intake.meet(
                session, citizen=citizen, oa_id=row.oa_id, user_id=user_id, sealer=self._sealer, now=now
            )
            intake.save_conversation(
                session,
                citizen,
                flow=tips.FLOW.name,
                step=outcome.step,
                draft=outcome.draft or {},
                now=now,
            )

        return self._keep(row, [keep_standing, *records.writes], outcome.replies)

    def _note(self, row: EventRow, event: Event) -> None:
        """Everything that is not a citizen's message."""
        now = self._clock()
        citizen, user_id = row.citizen, event.user_id
        writes: list[Write] = []
        replies: tuple[Reply, ...] = ()
        match event.happened:
            case Follow() if citizen and user_id:
                writes += [
                    lambda session: intake.meet(
                        session,
                        citizen=citizen,
                        oa_id=row.oa_id,
                        user_id=user_id,
                        sealer=self._sealer,
                        now=now,
                    ),
                    lambda session: intake.follows(session, citizen, True),
                    lambda session: intake.wrote(session, citizen, at=row.occurred_at),
                ]
                replies = menu.welcome().replies
            case Unfollow() if citizen:
                writes.append(lambda session: intake.follows(session, citizen, False))
            case Erase() if citizen:
                writes += [
                    lambda session: intake.erase(session, citizen, now=now),
                    lambda session: events.erase_bodies_of(session, citizen, but=row.id),
                ]
            case Receipt(message_ids=ids, seen=True):
                writes.append(lambda session: _ignore(outgoing.mark_seen(session, ids, now=row.occurred_at)))
            case GroupChange(group_id=group_id, change=change) if change in DISSOLVED:
                writes.append(lambda session: group_registry.dissolved(session, group_id, now=now))
            case Echo() as echo if not echo.by_officer:
                match_echo = deliveries.match_echo if echo.group else outgoing.match_echo
                writes.append(
                    lambda session: _ignore(
                        match_echo(
                            session,
                            oa_id=row.oa_id,
                            message_id=echo.message_id,
                            to=echo.to if echo.group else (row.citizen or ""),
                            content=echo.content,
                            at=row.occurred_at,
                        )
                    )
                )
        self._keep(row, writes, replies)

    def _keep(self, row: EventRow, writes: Sequence[Write], replies: Sequence[Reply]) -> None:
        """The event is done and everything that follows from it is kept: one transaction."""
        now = self._clock()
        with self._database.transaction() as session:
            if not events.finish(session, row, now=now):
                raise Lost
            for write in writes:
                write(session)
            if replies and row.citizen:
                outgoing.queue_replies(
                    session,
                    citizen=row.citizen,
                    oa_id=row.oa_id,
                    replies=list(replies),
                    event_id=row.id,
                    now=now,
                )
        if replies:
            self._wake(Kind.OUTBOX, row.citizen or "")


def _ignore(_: object) -> None:
    """A write returns nothing."""
