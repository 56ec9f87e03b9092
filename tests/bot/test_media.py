"""What becomes of a link: sealed, refused or lost; and no file stays that nobody knows."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.fetching import FetchFailed, LinkDead, LinkForbidden
from bot.media import WAITS, Media, sweep_dropped, sweep_orphans
from bot.metrics import Metrics
from data import custody, intake
from data.attachments import Part, bound
from data.media import MediaStore
from data.sealed_files import open_sealed
from data.sealing import Sealer
from data.session import Database
from data.tables import AttachmentRow, Outgoing
from domain.media import LIMITS
from domain.tips import AttachmentKind, AttachmentState
from domain.work import Kind
from tests.conftest import Clock
from tests.samples import CLIP, photo


class Web:
    """Gives what it is told to give."""

    def __init__(self) -> None:
        self.answer: bytes | Exception = photo()
        self.announced: int | None = None
        self.read = 0

    @contextmanager
    def open(self, link: str) -> Iterator[tuple[int | None, Iterator[bytes]]]:
        if isinstance(self.answer, Exception):
            raise self.answer
        yield self.announced, self._chunks(self.answer)

    def _chunks(self, content: bytes) -> Iterator[bytes]:
        for at in range(0, len(content), 1000):
            self.read += 1
            yield content[at : at + 1000]


class Lab:
    def __init__(self, database: Database, folder: Path, sealer: Sealer, clock: Clock) -> None:
        self.database, self.clock, self.web, self.sealer = database, clock, Web(), sealer
        self.store = MediaStore(folder / "media")
        self.woken: list[Kind] = []
        fetcher: Any = self.web
        self.media = Media(
            database,
            self.store,
            fetcher,
            sealer,
            clock=clock,
            wake=lambda kind, key: self.woken.append(kind),
            metrics=Metrics(),
        )
        with database.transaction() as session:
            intake.meet(session, citizen="an", oa_id="oa", user_id="4", sealer=sealer, now=clock())
            for position in range(2):
                intake.keep_attachment(
                    session,
                    draft_key="d",
                    position=position,
                    citizen="an",
                    kind="photo",
                    name="",
                    caption="",
                    link_sealed=sealer.seal(b"http://x/y", purpose="link"),
                    now=clock() + timedelta(days=position),  # the second one is not due
                )

    def fetches(self) -> AttachmentRow:
        self.media.drain()
        with self.database.reading() as session:
            return session.scalars(select(AttachmentRow).where(AttachmentRow.position == 0)).one()

    def original(self, row: AttachmentRow) -> bytes:
        assert row.original_key is not None
        words = bound(row.draft_key, row.position, Part.ORIGINAL)
        with open_sealed(self.store, row.original_key, sealer=self.sealer, bound=words) as file:
            return file.read()

    def told(self) -> list[str]:
        with self.database.reading() as session:
            return [row.body["text"] for row in session.scalars(select(Outgoing))]


@pytest.fixture
def lab(database: Database, tmp_path: Path, sealer: Sealer, clock: Clock) -> Lab:
    return Lab(database, tmp_path, sealer, clock)


def test_a_photo_is_sealed_with_its_hash_and_without_its_link(lab: Lab):
    row = lab.fetches()
    assert (row.state, row.mime, row.kind) == (AttachmentState.SEALED, "image/jpeg", "photo")
    assert (row.link_sealed, row.media_key, row.size) == (None, None, len(photo()))
    assert lab.original(row) == photo()
    assert lab.woken == [Kind.CLEANING]
    assert [photo()[:200] in path.read_bytes() for path in lab.store.folder.rglob("*") if path.is_file()] == [
        False
    ]


def test_the_chain_of_custody_begins_when_the_file_comes(lab: Lab):
    row = lab.fetches()
    with lab.database.reading() as session:
        chain = custody.of_attachment(session, row.id)
        assert custody.verify(session, row.id) == []
    assert [(link.act, link.sha256, link.officer_name) for link in chain] == [
        (custody.Act.RECEIVED, row.sha256, None),
        (custody.Act.SEALED, row.sha256, None),
    ]


def test_the_type_comes_from_the_bytes_not_from_what_was_said(lab: Lab):
    lab.web.answer = CLIP
    row = lab.fetches()
    assert (row.kind, row.mime) == ("clip", "video/mp4")


@pytest.mark.parametrize(
    ("answer", "state", "words"),
    [
        (b"MZ" + b"\0" * 500, AttachmentState.REFUSED, "chưa được hỗ trợ"),
        (b"", AttachmentState.REFUSED, "không có nội dung"),
        (LinkForbidden("x"), AttachmentState.REFUSED, "không được phép"),
        (LinkDead("x"), AttachmentState.LOST, "hết hạn"),
    ],
)
def test_what_cannot_be_taken_is_said_to_the_citizen_and_the_officer(
    lab: Lab, answer: bytes | Exception, state: AttachmentState, words: str
):
    lab.web.answer = answer
    row = lab.fetches()
    assert row.state == state
    assert words in (row.reason or "")
    assert row.link_sealed is None
    assert len(lab.told()) == 1
    assert list(lab.store.stored_keys()) == []


def test_four_gigabytes_by_their_own_word_are_refused_before_they_are_read(lab: Lab):
    lab.web.answer = photo() + b"\0" * 100_000
    lab.web.announced = 4 << 30
    row = lab.fetches()
    assert row.state == AttachmentState.REFUSED
    assert "20 MB" in (row.reason or "")
    assert lab.web.read <= 5
    assert list(lab.store.stored_keys()) == []


@pytest.mark.parametrize("announced", [None, 10])
def test_too_big_is_refused_whatever_was_announced(
    lab: Lab, announced: int | None, monkeypatch: pytest.MonkeyPatch
):
    small: Any = {**LIMITS, AttachmentKind.PHOTO: replace(LIMITS[AttachmentKind.PHOTO], size=5_000)}
    monkeypatch.setattr("bot.media.LIMITS", small)
    lab.web.answer = photo() + b"\0" * 1_000_000
    lab.web.announced = announced
    row = lab.fetches()
    assert row.state == AttachmentState.REFUSED
    assert lab.web.read < 12
    assert list(lab.store.stored_keys()) == []


def test_a_fault_of_the_network_is_tried_again_and_given_up_in_the_end(lab: Lab):
    lab.web.answer = FetchFailed("no answer")
    for wait in WAITS:
        assert lab.fetches().state == AttachmentState.WAITING
        lab.clock.advance(seconds=wait.total_seconds())
    assert lab.fetches().state == AttachmentState.LOST
    assert len(lab.told()) == 1


def test_a_full_disk_of_ours_does_not_lose_what_a_citizen_sent(lab: Lab):
    lab.web.answer = OSError(28, "No space left on device")
    for _ in range(len(WAITS) + 5):
        assert lab.fetches().state == AttachmentState.WAITING
        lab.clock.advance(minutes=6)
    lab.web.answer = photo()
    assert lab.fetches().state == AttachmentState.SEALED
    assert lab.told() == []


def test_a_file_that_comes_when_the_citizen_has_stopped_is_thrown_away(lab: Lab):
    real = lab.web.open

    @contextmanager
    def slow(link: str) -> Iterator[tuple[int | None, Iterator[bytes]]]:
        with lab.database.transaction() as session:
            intake.drop_draft(session, "d", now=lab.clock())
        with real(link) as answer:
            yield answer

    lab.web.open = slow  # type: ignore[method-assign]  # this one fetch is overtaken
    row = lab.fetches()
    assert row.state == AttachmentState.REFUSED
    assert list(lab.store.stored_keys()) == []


def test_files_of_a_stopped_tip_are_deleted_and_the_chain_says_so(lab: Lab):
    row = lab.fetches()
    with lab.database.transaction() as session:
        intake.drop_draft(session, "d", now=lab.clock())
    assert sweep_dropped(lab.database, lab.store, now=lab.clock()) == 1
    assert sweep_dropped(lab.database, lab.store, now=lab.clock()) == 0
    assert list(lab.store.stored_keys()) == []
    with lab.database.reading() as session:
        assert custody.of_attachment(session, row.id)[-1].act is custody.Act.DESTROYED


def test_files_that_no_row_knows_are_deleted_when_they_are_old(lab: Lab):
    known = lab.fetches().original_key
    orphan = lab.store.save([b"left by a crash"], limit=100).media_key
    young = lab.store.save([b"its row is on its way"], limit=100).media_key
    long_ago = lab.clock().timestamp() - 3 * 86_400
    for key in (known, orphan):
        assert key is not None
        os.utime(lab.store.path(key), (long_ago, long_ago))
    os.utime(lab.store.path(young), (lab.clock().timestamp(), lab.clock().timestamp()))
    assert sweep_orphans(lab.database, lab.store, now=lab.clock()) == 1
    assert set(lab.store.stored_keys()) == {known, young}


def test_a_flood_of_one_citizen_does_not_delay_anothers_photo(lab: Lab):
    with lab.database.transaction() as session:
        for number in range(200):
            intake.keep_attachment(
                session,
                draft_key=f"flood-{number // 30}",
                position=number % 30,
                citizen="an",
                kind="photo",
                name="",
                caption="",
                link_sealed=lab.sealer.seal(b"http://x/y", purpose="link"),
                now=lab.clock(),
            )
        intake.meet(session, citizen="binh", oa_id="oa", user_id="5", sealer=lab.sealer, now=lab.clock())
        intake.keep_attachment(
            session,
            draft_key="calm",
            position=0,
            citizen="binh",
            kind="photo",
            name="",
            caption="",
            link_sealed=lab.sealer.seal(b"http://x/y", purpose="link"),
            now=lab.clock() + timedelta(seconds=1),
        )
    lab.clock.advance(seconds=2)
    lab.media.drain()
    lab.media.drain()
    with lab.database.reading() as session:
        calm = session.scalars(select(AttachmentRow).where(AttachmentRow.draft_key == "calm")).one()
    assert calm.state == AttachmentState.SEALED


def test_who_asked_to_be_forgotten_is_not_told_and_leaves_no_place(lab: Lab):
    row = lab.fetches()
    with lab.database.transaction() as session:
        session.get_one(AttachmentRow, row.id).place_sealed = b"sealed"
        intake.erase(session, "an", now=lab.clock())
        session.get_one(AttachmentRow, row.id + 1).due_at = lab.clock()
    lab.web.answer = LinkDead("x")
    lab.media.drain()
    with lab.database.reading() as session:
        first, second = session.scalars(select(AttachmentRow).order_by(AttachmentRow.position))
    assert (first.place_sealed, second.state) == (None, AttachmentState.LOST)
    assert lab.told() == []
