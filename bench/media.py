"""Media: tips a second with a photo each, and a soak of hostile files whose memory has to stay where it is.

Tips: the real server on SQLite beside a make-believe Zalo; residents file tips with one photo each, then the same
number without, in the same run. Counted until the last tip stands in the queue and the last clean copy is kept.
Soak: fetching and cleaning work through hostile files over HTTP; memory of this process and of its children is
read after the first fifth and at the end. Goal: it grows by at most 10 %.
"""

from __future__ import annotations

import itertools
import json
import os
import secrets
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import requests
from sqlalchemy import func, select

from bench.machine import describe
from bot import logs
from bot.cleaning.cleaner import Cleaner
from bot.cleaning.work import Cleaning
from bot.fetching import Fetcher
from bot.media import Media
from bot.metrics import Metrics
from bot.zalo.signature import sign
from data import intake, schema
from data.attachments import TO_CLEAN, TO_FETCH
from data.media import MediaStore
from data.sealing import Sealer
from data.session import Database
from data.tables import AttachmentRow, Tip
from domain.work import wake_nobody
from tests import hostile
from tests.album import PhotoAlbum
from tests.processes.serving import Serving, serving
from tests.samples import noisy_photo
from tests.town import OA

TIPS = 200
POSTERS = 4
PHOTO_SIDE = (1600, 1200)
"""What a phone sends through Zalo, more or less: 1.3 MB of noise."""
ROUNDS = 25
"""How many times every hostile file is sent."""
GROWTH_MAX = 1.10

SOAK: tuple[Callable[[], bytes], ...] = (
    lambda: b"",
    lambda: b"<!DOCTYPE html>" + hostile.MARK,
    lambda: hostile.zipped("word/document.xml", 50 << 20),
    lambda: hostile.png_header(60_000, 60_000),
    lambda: hostile.png_header(7_000, 7_000),
    lambda: hostile.jpeg_header(65_500, 65_500),
    lambda: hostile.heic_header(7_000, 7_000),
    lambda: hostile.picture("JPEG", 900, 900)[:4_000],
    lambda: hostile.picture("JPEG") + hostile.zipped("x", 100),
    lambda: hostile.picture("PNG", 7_700, 7_700),
    lambda: hostile.clip()[:1_500],
    lambda: hostile.clip(times=(0.0, 400.0), sound=None),
    lambda: hostile.lying_about_its_size(hostile.clip(), 65_535, 65_535),
    lambda: hostile.clip(),
    lambda: b"OggS" + bytes(range(256)) * 20,
    lambda: hostile.pdf(31),
    lambda: hostile.photo_that_tells() + os.urandom(5 << 20),
)


def main() -> None:
    """Measure and print both."""
    logs.configure("ERROR")
    photo = noisy_photo(1, *PHOTO_SIDE)
    print(
        f"\nTips with one photo of {len(photo) / 1e6:.1f} MB each ({TIPS} tips, {POSTERS} residents at a time)"
    )
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as here, PhotoAlbum([photo]) as album:
        bare = _tips_a_second(here, None)
        with_photo = _tips_a_second(here, album.link(0))
    print(f"without a photo: {bare:.1f} tips/s\nwith a photo, sealed and cleaned: {with_photo:.1f} tips/s")
    print(f"ratio: {with_photo / bare:.2f}")
    soak()


def _tips_a_second(here: Serving, photo: str | None) -> float:
    database = Database(here.database_url)
    before = _settled(database)
    numbers = itertools.count()
    began = time.perf_counter()

    def post() -> None:
        session = requests.Session()
        while next(numbers) < TIPS:
            _file_a_tip(session, here, photo)

    posters = [threading.Thread(target=post) for _ in range(POSTERS)]
    for poster in posters:
        poster.start()
    for poster in posters:
        poster.join()
    until = time.monotonic() + 300
    while _settled(database) < before + TIPS and time.monotonic() < until:
        time.sleep(0.05)
    taken = time.perf_counter() - began
    done = _settled(database) - before
    database.close()
    return done / taken


def _settled(database: Database) -> int:
    """Tips in the queue whose files all have come to their end."""
    with database.reading() as session:
        tips = session.scalar(select(func.count()).select_from(Tip)) or 0
        waiting = session.scalar(
            select(func.count())
            .select_from(AttachmentRow)
            .where(AttachmentRow.state.in_([*TO_FETCH, *TO_CLEAN]))
        )
        return tips - (waiting or 0)


def _file_a_tip(session: requests.Session, here: Serving, photo: str | None) -> None:
    world = here.world
    resident = world.add_resident("")
    user_id = world.user_id(resident, OA)
    with world.lock:
        world.interacted(resident, OA)
    place = {"latitude": "21.28861", "longitude": "106.22077"}
    messages: list[tuple[str, dict[str, Any]]] = [
        ("user_send_text", {"text": "tin báo"}),
        ("user_send_text", {"text": "đồng ý"}),
        ("user_send_text", {"text": f"Sự việc {secrets.token_hex(6)}"}),
        ("user_send_location", {"attachments": [{"type": "location", "payload": {"coordinates": place}}]}),
        ("user_send_text", {"text": "xong"}),
    ]
    if photo:
        shown = {"attachments": [{"type": "image", "payload": {"url": photo}}]}
        messages.insert(4, ("user_send_image", shown))
    for name, message in messages:
        stamp = str(world.clock.millis())
        body = {
            "app_id": world.app.app_id,
            "sender": {"id": user_id},
            "recipient": {"id": OA},
            "event_name": name,
            "message": {"msg_id": secrets.token_hex(10), **message},
            "timestamp": stamp,
        }
        raw = json.dumps(body, ensure_ascii=False).encode()
        mac = sign(raw, stamp, app_id=world.app.app_id, secret="oa-secret-key")
        headers = {"X-ZEvent-Signature": mac, "Content-Type": "application/json"}
        session.post(f"{here.base}/webhook/zalo", data=raw, headers=headers, timeout=10).raise_for_status()


# ---- the soak -----------------------------------------------------------------------------------------------


def soak() -> None:
    """Work through SOAK again and again; print what came of it and what it cost."""
    files = [make() for make in SOAK]
    with tempfile.TemporaryDirectory() as name, PhotoAlbum(files) as album:
        folder = Path(name)
        database = Database(f"sqlite:///{folder / 'soak.db'}")
        schema.upgrade(database)
        store, sealer, cleaner = MediaStore(folder / "media"), Sealer([b"k" * 32]), Cleaner(width=1)
        surroundings: dict[str, Any] = {"clock": _now, "wake": wake_nobody, "metrics": Metrics()}
        fetching = Media(database, store, Fetcher(("127.0.0.1",)), sealer, **surroundings)
        cleaning = Cleaning(database, store, cleaner, sealer, **surroundings)
        memory: list[float] = []
        began = time.perf_counter()
        for turn in range(ROUNDS):
            _queue(database, sealer, album, len(files), turn)
            while fetching.drain() or cleaning.drain():
                pass
            memory.append(_memory(cleaner))
        taken = time.perf_counter() - began
        with database.reading() as session:
            states = Counter(session.scalars(select(AttachmentRow.state)))
        cleaner.close()
        database.close()
    early, late = memory[ROUNDS // 5], memory[-1]
    total = ROUNDS * len(files)
    print(
        f"\nHostile soak: {total} files in {taken:.0f} s ({total / taken:.1f}/s): {dict(sorted(states.items()))}"
    )
    print(
        f"memory of the program and its child after a fifth: {early:.0f} MB, at the end: {late:.0f} MB, "
        f"highest {max(memory):.0f} MB, ratio {late / early:.2f} (goal: at most {GROWTH_MAX:.2f})"
    )


def _queue(database: Database, sealer: Sealer, album: PhotoAlbum, count: int, turn: int) -> None:
    with database.transaction() as session:
        intake.meet(session, citizen="an", oa_id="oa", user_id="4", sealer=sealer, now=_now())
        for number in range(count):
            intake.keep_attachment(
                session,
                draft_key=f"soak-{turn}",
                position=number,
                citizen="an",
                kind="photo",
                name="",
                caption="",
                link_sealed=sealer.seal(album.link(number).encode(), purpose="link"),
                now=_now(),
            )


def _memory(cleaner: Cleaner) -> float:
    """Resident megabytes of this process and of the cleaner's children."""
    return sum(_resident(pid) for pid in [os.getpid(), *cleaner.children()])


def _resident(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text("ascii", "ignore").splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1000
    return 0.0


def _now() -> datetime:
    return datetime.now(UTC)


if __name__ == "__main__":
    print(describe())
    main()
