"""Puts the rooms together: one place where everything is built, and handed what it needs.

part  all: web, workers and scheduler in this process · web · worker · scheduler
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing as closing_
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import structlog

from bot import jobs, logs
from bot.cleaning.cleaner import Cleaner
from bot.cleaning.work import Cleaning
from bot.fetching import Fetcher
from bot.group_check import GroupChecker
from bot.group_sender import GroupSender
from bot.hooks import Hooks
from bot.inbox import Inbox
from bot.library import LibraryShelf
from bot.link_check import LinkCheck
from bot.media import Media
from bot.metrics import Metrics
from bot.outbox import MediaFile, Outbox, SendResult
from bot.page_sender import PageSender
from bot.photo_offer import offer_place
from bot.settings import Settings
from bot.uploads import Uploads
from bot.webhook import Intake, direct_intake, grouped_intake
from bot.work import Job, Workers
from bot.zalo.client import ZaloClient
from bot.zalo.tokens import Tokens
from broadcasts.schedule import Scheduler
from broadcasts.send import Sender
from data import broadcast_media, dossier_proof, recovery, schema
from data.dossier_proof import DossierKey
from data.media import MediaStore, media_store
from data.replay import Replays
from data.sealing import Sealer, load_pepper
from data.session import Database
from domain.errors import BadSettings
from domain.work import Kind, Wake, wake_nobody

log = structlog.get_logger()

CONTENT = Path(__file__).parent.parent / "data" / "content"
FETCHERS, CLEANERS = 4, 2
"""Files fetched and cleaned side by side: fetching waits for strangers, cleaning keeps a processor busy."""


@dataclass
class House:
    """Everything one process has."""

    settings: Settings
    part: str
    database: Database
    sealer: Sealer
    pepper: bytes
    dossier_key: DossierKey
    store: MediaStore
    metrics: Metrics
    shelf: LibraryShelf
    intake: Intake
    wake: Wake
    workers: Workers | None = None
    scheduler: Scheduler | None = None
    closing: list[Callable[[], None]] = field(default_factory=list)

    def start(self) -> None:
        """Begin the work that goes on by itself."""
        if self.workers:
            self.workers.start()
        if self.scheduler:
            self.scheduler.start()
        log.info("house_started", part=self.part)

    def stop(self) -> None:
        """Finish what is in hand, then close everything; safe to call twice."""
        closing, self.closing = self.closing, []
        if not closing:
            return
        if self.scheduler:
            self.scheduler.stop()
        if self.workers:
            self.workers.stop()
        for close in closing:
            close()
        log.info("house_stopped", part=self.part)


def utc_now() -> datetime:
    return datetime.now(UTC)


def build_house(settings: Settings, *, part: str = "all") -> House:
    """Build what `part` needs; `check` first."""
    logs.configure(settings.log_level)
    database = Database(settings.database_url)
    sealer = settings.sealer()
    with database.transaction() as session:
        pepper = load_pepper(session, sealer)
        dossier_key = dossier_proof.load(session, sealer)
        if part == "all" and database.is_sqlite:
            recovery.end_all_leases(session, now=utc_now())
    metrics = Metrics()
    store = media_store(settings.media_url)
    shelf = LibraryShelf(database, CONTENT, clock=utc_now)
    closing: list[Callable[[], None]] = []

    intake, close_intake = grouped_intake(database) if database.is_sqlite else direct_intake(database)
    closing.append(close_intake)
    workers = None
    wake = _wake_from_afar(settings, closing)
    if part in {"all", "worker"}:
        calls: list[Wake] = []

        def wake_here(kind: Kind, key: str = "") -> None:
            for call in calls:
                call(kind, key)

        wake = wake_here
        workers = _workers(settings, database, sealer, dossier_key, store, shelf, metrics, wake_here, closing)
        calls.append(workers.wake)
        if settings.queue_url:
            _listen(settings, workers)
    scheduler = None
    if part in {"all", "scheduler"}:
        links = LinkCheck(
            database, clock=utc_now, a_night=settings.link_checks_a_night, known_as=settings.public_url
        )
        check = _group_checker(settings, database, sealer, closing)
        scheduler = Scheduler(
            database,
            jobs.recurring(database, store, wake, shelf.current, check_groups=check, check_links=links.run),
            clock=utc_now,
        )
    closing.append(database.close)
    return House(
        settings,
        part,
        database,
        sealer,
        pepper,
        dossier_key,
        store,
        metrics,
        shelf,
        intake,
        wake,
        workers,
        scheduler,
        closing,
    )


def check(settings: Settings, part: str) -> None:
    """Raise BadSettings when the settings do not fit together or the schema is not the newest."""
    sqlite = settings.database_url.startswith("sqlite")
    problems = []
    if part != "all" and sqlite:
        problems.append("DATABASE_URL: SQLite serves one process only (`serve`); several need PostgreSQL")
    if settings.queue_url and sqlite:
        problems.append("QUEUE_URL: must be empty with SQLite")
    if not problems:
        with closing_(Database(settings.database_url)) as database:
            if schema.current(database) != schema.newest():
                problems.append("DATABASE_URL: the schema is not the newest; run `python -m bot migrate`")
    if problems:
        raise BadSettings(problems)


def _wake_from_afar(settings: Settings, closing: list[Callable[[], None]]) -> Wake:
    """How a process without workers of its own tells the others."""
    if not settings.queue_url:
        return wake_nobody
    from bot.queueing import Bell, prepare

    prepare(settings.queue_url)
    bell = Bell(settings.queue_url)
    closing.append(bell.close)
    return bell.wake


def _listen(settings: Settings, workers: Workers) -> None:
    from bot.queueing import Listener

    Listener(settings.queue_url, workers.wake).start()


def _client(settings: Settings) -> ZaloClient:
    return ZaloClient(
        api_url=settings.zalo_api_url,
        oauth_url=settings.zalo_oauth_url,
        app_id=settings.zalo_app_id,
        app_secret=settings.zalo_app_secret.get_secret_value(),
    )


def _group_checker(
    settings: Settings, database: Database, sealer: Sealer, closing: list[Callable[[], None]]
) -> Callable[[], None]:
    client = _client(settings)
    closing.append(client.close)
    return GroupChecker(database, client, Tokens(database, client, sealer), clock=utc_now).run


def _workers(
    settings: Settings,
    database: Database,
    sealer: Sealer,
    dossier_key: DossierKey,
    store: MediaStore,
    shelf: LibraryShelf,
    metrics: Metrics,
    wake: Wake,
    closing: list[Callable[[], None]],
) -> Workers:
    client = _client(settings)
    tokens = Tokens(database, client, sealer)
    inbox = Inbox(
        database,
        shelf,
        sealer,
        clock=utc_now,
        wake=wake,
        metrics=metrics,
        public_url=settings.public_url,
        dossier_key=dossier_key,
    )
    outbox = Outbox(
        database,
        client,
        tokens,
        sealer,
        clock=utc_now,
        open_media=lambda key: MediaFile(_name_of(database, key), _whole(store, key)),
        watch=_counting(metrics),
    )
    uploads = Uploads(database, client, store.open, clock=utc_now)
    groups = GroupSender(database, client, tokens, uploads, clock=utc_now)
    pages = PageSender(database, client, tokens, clock=utc_now, public_url=settings.public_url)
    media = Media(
        database,
        store,
        Fetcher(settings.zalo_media_hosts),
        sealer,
        clock=utc_now,
        wake=wake,
        metrics=metrics,
    )
    hooks = Hooks(database, sealer, clock=utc_now, private_hosts=settings.webhook_private_hosts)
    cleaner = Cleaner(width=CLEANERS)
    cleaning = Cleaning(
        database,
        store,
        cleaner,
        sealer,
        clock=utc_now,
        wake=wake,
        metrics=metrics,
        offer=lambda session, row, place, now: offer_place(session, row, place, shelf.current(), now=now),
    )
    sender = Sender(database, groups.send, send_to_page=pages.send, clock=utc_now, watch=metrics.sent)
    closing.extend([client.close, cleaner.close])
    return Workers(
        {
            Kind.INBOX: Job(inbox.drain, threads=2),
            Kind.OUTBOX: Job(outbox.drain, threads=4),
            Kind.MEDIA: Job(media.drain, threads=FETCHERS),
            Kind.CLEANING: Job(cleaning.drain, threads=CLEANERS),
            Kind.DELIVERIES: Job(sender.drain, threads=4),
            Kind.HOOKS: Job(hooks.drain),
            Kind.REPLAYS: Job(Replays(database, shelf.catalogue, clock=utc_now).drain),
        }
    )


def _counting(metrics: Metrics) -> Callable[[SendResult], None]:
    def count(result: SendResult) -> None:
        metrics.sent("reply", result.state)

    return count


def _name_of(database: Database, key: str) -> str:
    """What the officer called the file: its receiver sees that, and Zalo tells by the ending what it is."""
    with database.reading() as session:
        known = broadcast_media.find(session, [key])
    return known[0].name if known else key


def _whole(store: MediaStore, name: str) -> bytes:
    with store.open(name) as stream:
        return stream.read()
