"""The door Zalo knocks at: verify the raw bytes, remember the event, answer 200. All else happens after."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from time import perf_counter

import structlog
from flask import Blueprint, Response, request

from bot.metrics import Metrics
from bot.zalo.signature import is_from_zalo
from bot.zalo.translate import is_probe, read_event
from data import events
from data.events import NewEvent
from data.sealing import Sealer, citizen_key
from data.session import Database
from data.writer import GroupWriter, SingleWriter
from domain.errors import NotStored
from domain.work import Kind, Wake

log = structlog.get_logger()

BODY_MAX = 1 << 20
"""Bytes of one event; Zalo's are far below."""
SIDE_BY_SIDE = 16
"""Events that PostgreSQL keeps at the same time: as many as there are threads that answer requests."""


Intake = Callable[[NewEvent], None]
"""Keeps one event durably before it returns; raises NotStored, well before Zalo gives up."""


def grouped_intake(database: Database) -> tuple[Intake, Callable[[], None]]:
    """For SQLite: one writer thread, group commit. Returns the intake and how to close it."""

    def write(batch: Sequence[NewEvent]) -> None:
        with database.transaction() as session:
            events.remember(session, batch)

    writer: GroupWriter[NewEvent] = GroupWriter(write, name="intake")
    return lambda event: writer.submit(event), writer.close


def direct_intake(database: Database) -> tuple[Intake, Callable[[], None]]:
    """For PostgreSQL: a transaction per event."""

    def write(event: NewEvent) -> None:
        with database.transaction() as session:
            events.remember(session, [event])

    writer: SingleWriter[NewEvent] = SingleWriter(write, threads=SIDE_BY_SIDE, name="intake")
    return lambda event: writer.submit(event), writer.close


@dataclass(frozen=True)
class Door:
    """What the webhook needs to know. `wake` and `oas` must answer at once: Zalo waits."""

    app_id: str
    oa_secret_key: str
    sealer: Sealer
    pepper: bytes
    intake: Intake
    wake: Wake
    metrics: Metrics
    oas: Callable[[], Collection[str]] = tuple


def create_webhook(door: Door) -> Blueprint:
    """`POST /webhook/zalo` (design: contract 3.3)."""
    blueprint = Blueprint("webhook", __name__)

    @blueprint.post("/webhook/zalo")
    def receive() -> Response:
        began = perf_counter()
        status = _receive(door)
        door.metrics.webhook(status, perf_counter() - began)
        return Response("", status)

    return blueprint


def _receive(door: Door) -> int:
    if (request.content_length or 0) > BODY_MAX:
        return 413
    raw = (
        request.stream.read(BODY_MAX + 1) if request.content_length is None else request.get_data(cache=False)
    )
    if len(raw) > BODY_MAX:
        return 413
    header = request.headers.get("X-ZEvent-Signature")
    if is_probe(raw, header):
        return 200
    if not is_from_zalo(raw, header, app_id=door.app_id, secret=door.oa_secret_key):
        return 403
    now = datetime.now(UTC)
    event = read_event(raw, received_at=now, oas=door.oas())
    citizen = citizen_key(door.pepper, event.oa_id, event.user_id) if event.user_id else None
    try:
        door.intake(
            NewEvent(
                key=event.key,
                name=event.name[:64],
                oa_id=event.oa_id,
                citizen=citizen,
                occurred_at=event.occurred_at,
                received_at=now,
                body_sealed=door.sealer.seal(raw, purpose="event"),
            )
        )
    except NotStored:
        log.error("event_not_stored")
        return 503
    door.wake(Kind.INBOX, citizen or "")
    return 200
