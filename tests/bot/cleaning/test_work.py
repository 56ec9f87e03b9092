"""From a sealed original to a clean copy: shown when it is clean, told when it is not, and nothing lost on the way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.cleaning.cleaner import Cleaner
from bot.cleaning.orders import CleanerDown
from bot.cleaning.work import DEATHS_MAX, LEASE, WAITS, Cleaning
from bot.metrics import Metrics
from data import attachments, custody, intake
from data.attachments import Part, bound
from data.media import MediaStore
from data.photo_places import photo_place
from data.sealed_files import open_sealed, save_sealed
from data.sealing import Sealer
from data.session import Database
from data.tables import AttachmentRow, Outgoing
from domain.tips import AttachmentState, PhotoPlace
from domain.work import wake_nobody
from tests import hostile
from tests.conftest import Clock


class Lab:
    """A database with one sealed original in it, and the worker."""

    def __init__(
        self, database: Database, folder: Path, sealer: Sealer, clock: Clock, cleaner: Cleaner
    ) -> None:
        self.database, self.sealer, self.clock = database, sealer, clock
        self.store = MediaStore(folder / "media")
        self.work = Cleaning(
            database, self.store, cleaner, sealer, clock=clock, wake=wake_nobody, metrics=Metrics()
        )
        with database.transaction() as session:
            intake.meet(session, citizen="an", oa_id="oa", user_id="4", sealer=sealer, now=clock())

    def has(self, content: bytes, mime: str = "image/jpeg", kind: str = "photo", position: int = 0) -> int:
        """A sealed original of a draft, as the fetching leaves it."""
        words = bound("d", position, Part.ORIGINAL)
        original = save_sealed(self.store, [content], sealer=self.sealer, bound=words, limit=1 << 30)
        with self.database.transaction() as session:
            intake.keep_attachment(
                session,
                draft_key="d",
                position=position,
                citizen="an",
                kind=kind,
                name="",
                caption="",
                link_sealed=b"",
                now=self.clock(),
            )
            session.flush()
            row = session.scalars(select(AttachmentRow).where(AttachmentRow.position == position)).one()
            row_id = row.id
            assert attachments.sealed(session, row, original=original, mime=mime, kind=kind, now=self.clock())
        return row_id

    def has_old(self, content: bytes) -> int:
        """What an older release kept in clear."""
        kept = self.store.save([content], limit=1 << 30)
        with self.database.transaction() as session:
            row = AttachmentRow(
                draft_key="d",
                position=0,
                citizen="an",
                kind="photo",
                state=AttachmentState.CLEAR,
                media_key=kept.media_key,
                mime="image/jpeg",
                size=kept.size,
                sha256=kept.sha256,
                due_at=self.clock(),
                created_at=self.clock(),
            )
            session.add(row)
            session.flush()
            return row.id

    def row(self, row_id: int) -> AttachmentRow:
        with self.database.reading() as session:
            return session.get_one(AttachmentRow, row_id)

    def opened(self, row: AttachmentRow, part: Part) -> bytes:
        key = dict(attachments.parts(row))[part]
        words = bound(row.draft_key, row.position, part)
        with open_sealed(self.store, key, sealer=self.sealer, bound=words) as file:
            return file.read()

    def chain(self, row_id: int) -> list[custody.Act]:
        with self.database.reading() as session:
            assert custody.verify(session, row_id) == []
            return [link.act for link in custody.of_attachment(session, row_id)]

    def told(self) -> list[str]:
        with self.database.reading() as session:
            return [row.body["text"] for row in session.scalars(select(Outgoing))]

    def on_disk(self) -> int:
        return sum(1 for path in self.store.folder.rglob("*") if path.is_file())


@pytest.fixture
def lab(database: Database, tmp_path: Path, sealer: Sealer, clock: Clock, cleaner: Cleaner) -> Lab:
    return Lab(database, tmp_path, sealer, clock, cleaner)


def test_a_sealed_photo_gets_a_clean_copy_and_the_chain_says_so(lab: Lab) -> None:
    original = hostile.photo_that_tells()
    row = lab.row(lab.has(original))
    assert lab.work.drain() == 1
    assert lab.work.drain() == 0
    row = lab.row(row.id)
    assert (row.state, row.view_mime, row.width, row.height) == ("kept", "image/jpeg", 160, 120)
    assert lab.opened(row, Part.ORIGINAL) == original
    assert b"mark" not in lab.opened(row, Part.VIEW)
    assert lab.chain(row.id) == [custody.Act.RECEIVED, custody.Act.SEALED, custody.Act.CLEANED]
    assert lab.on_disk() == 2
    assert lab.told() == []


def test_neither_the_original_nor_its_copy_lies_in_clear_on_the_disk(lab: Lab) -> None:
    lab.has(hostile.photo_that_tells())
    lab.work.drain()
    for path in lab.store.folder.rglob("*"):
        assert path.is_dir() or path.read_bytes().startswith(b"CNF1")


def test_a_clip_gets_a_still_too(lab: Lab) -> None:
    row_id = lab.has(hostile.clip(), "video/mp4", "clip")
    lab.work.drain()
    row = lab.row(row_id)
    assert (row.view_mime, row.seconds) == ("video/mp4", 1.5)
    assert lab.opened(row, Part.POSTER).startswith(b"\xff\xd8")


def test_an_mp4_that_only_speaks_is_a_voice_message(lab: Lab) -> None:
    row_id = lab.has(hostile.voice("mp4", "aac"), "video/mp4", "clip")
    lab.work.drain()
    assert (lab.row(row_id).kind, lab.row(row_id).view_mime) == ("voice", "audio/mp4")


def test_the_place_in_a_photo_is_sealed_and_can_be_offered_to_its_sender(lab: Lab) -> None:
    lab.has(hostile.picture("JPEG"))
    second = lab.has(hostile.photo_that_tells(), position=1)
    lab.work.drain()
    lab.work.drain()
    assert b"21.28" not in (lab.row(second).place_sealed or b"")
    with lab.database.reading() as session:
        assert photo_place(session, "d", sealer=lab.sealer) == PhotoPlace(1, 21.284833, 106.213)
        assert photo_place(session, "d", sealer=lab.sealer, file=0) is None
        assert photo_place(session, "other", sealer=lab.sealer) is None
        assert photo_place(session, "d", sealer=Sealer([b"z" * 32])) is None


@pytest.mark.parametrize(
    ("content", "mime", "kind", "words"),
    [
        (lambda: hostile.png_header(60_000, 60_000), "image/png", "photo", "kích thước quá lớn"),
        (lambda: hostile.clip(times=(0.0, 400.0), sound=None), "video/mp4", "clip", "dài hơn 5 phút"),
        (lambda: hostile.pdf(31), "application/pdf", "file", "hơn 30 trang"),
    ],
)
def test_what_is_past_the_limits_is_refused_and_nothing_of_it_stays(
    lab: Lab, content: Callable[[], bytes], mime: str, kind: str, words: str
) -> None:
    row_id = lab.has(content(), mime, kind)
    lab.work.drain()
    row = lab.row(row_id)
    assert row.state == AttachmentState.REFUSED
    assert words in (row.reason or "")
    assert words in lab.told()[0]
    assert lab.chain(row_id)[-1] is custody.Act.DESTROYED
    assert lab.on_disk() == 0


def test_what_cannot_be_cleaned_is_not_shown_its_original_stays_sealed_and_all_are_told(lab: Lab) -> None:
    broken = hostile.picture("JPEG", 900, 900)[:4_000]
    row_id = lab.has(broken)
    lab.work.drain()
    row = lab.row(row_id)
    assert (row.state, row.media_key) == (AttachmentState.UNCLEAN, None)
    assert "niêm phong" in (row.reason or "")
    assert lab.opened(row, Part.ORIGINAL) == broken
    assert "chưa xem được" in lab.told()[0]
    assert lab.chain(row_id)[-1] is custody.Act.UNCLEAN


def test_a_cleaner_that_is_down_is_waited_for_and_then_the_file_is_left_sealed(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_: Any, **__: Any) -> Any:
        raise CleanerDown("fell silent")

    row_id = lab.has(hostile.picture("JPEG"))
    monkeypatch.setattr(lab.work._cleaner, "clean", down)
    for wait in WAITS:
        assert lab.work.drain() == 1
        assert lab.row(row_id).state == AttachmentState.SEALED
        assert lab.work.drain() == 0, "not before its time"
        lab.clock.advance(seconds=wait.total_seconds())
    lab.work.drain()
    assert lab.row(row_id).state == AttachmentState.UNCLEAN


def test_a_file_whose_worker_dies_each_time_is_not_tried_for_ever(lab: Lab) -> None:
    """A worker that is killed writes nothing down: only its lease ends."""
    row_id = lab.has(hostile.picture("JPEG"))
    _workers_die(lab, DEATHS_MAX)
    lab.work.drain()
    assert lab.row(row_id).state == AttachmentState.UNCLEAN


def test_a_file_that_was_in_hand_at_several_power_cuts_in_a_row_is_shown_all_the_same(lab: Lab) -> None:
    row_id = lab.has(hostile.picture("JPEG"))
    _workers_die(lab, DEATHS_MAX - 1)
    lab.work.drain()
    assert lab.row(row_id).state == AttachmentState.KEPT


def _workers_die(lab: Lab, times: int) -> None:
    for _ in range(times):
        with lab.database.transaction() as session:
            assert attachments.claim_due(
                session, now=lab.clock(), limit=1, lease=LEASE, states=attachments.TO_CLEAN
            )
        lab.clock.advance(seconds=LEASE.total_seconds() + 1)


def test_an_original_that_was_changed_on_disk_is_never_shown(lab: Lab) -> None:
    row_id = lab.has(hostile.picture("JPEG"))
    path = lab.store.path(lab.row(row_id).original_key or "")
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    for _ in range(len(WAITS) + 1):
        lab.work.drain()
        lab.clock.advance(minutes=10)
    assert lab.row(row_id).state == AttachmentState.UNCLEAN


def test_a_tip_that_is_stopped_while_its_photo_is_cleaned_leaves_no_copy(lab: Lab) -> None:
    row_id = lab.has(hostile.picture("JPEG"))
    real = lab.work._clean

    def stopped_meanwhile(*given: Any) -> Any:
        with lab.database.transaction() as session:
            intake.drop_draft(session, "d", now=lab.clock())
        return real(*given)

    lab.work._clean = stopped_meanwhile  # type: ignore[method-assign,assignment]  # this one copy is overtaken
    lab.work.drain()
    assert lab.row(row_id).state == AttachmentState.REFUSED
    assert lab.on_disk() == 1, "the original waits for the sweep"


# ---- what an older release left ---------------------------------------------------------------------------------


def test_what_an_older_release_kept_in_clear_is_sealed_and_then_cleaned(lab: Lab) -> None:
    content = hostile.photo_that_tells()
    row_id = lab.has_old(content)
    lab.work.drain()
    row = lab.row(row_id)
    assert (row.state, row.media_key) == (AttachmentState.SEALED, None)
    assert lab.opened(row, Part.ORIGINAL) == content
    lab.work.drain()
    row = lab.row(row_id)
    assert row.state == AttachmentState.KEPT
    assert b"mark" not in lab.opened(row, Part.VIEW)
    assert lab.on_disk() == 2, "the clear file is gone"


def test_an_old_file_that_changed_since_it_came_says_so_in_its_chain(lab: Lab) -> None:
    row_id = lab.has_old(hostile.picture("JPEG"))
    with lab.database.transaction() as session:
        session.execute(update(AttachmentRow).values(sha256="0" * 64))
    lab.work.drain()
    with lab.database.reading() as session:
        assert "0" * 64 in custody.of_attachment(session, row_id)[0].words


def test_an_old_file_that_is_gone_is_said_to_be_gone(lab: Lab) -> None:
    row_id = lab.has_old(hostile.picture("JPEG"))
    lab.store.delete(lab.row(row_id).media_key or "")
    lab.work.drain()
    assert lab.row(row_id).state == AttachmentState.UNCLEAN
    assert "không còn" in (lab.row(row_id).reason or "")


def test_a_file_sealed_by_a_newer_release_that_was_taken_back_is_not_sealed_twice(lab: Lab) -> None:
    content = hostile.picture("JPEG")
    row_id = lab.has(content)
    with lab.database.transaction() as session:
        session.execute(
            update(AttachmentRow).values(
                state=AttachmentState.CLEAR, media_key=AttachmentRow.original_key, original_key=None
            )
        )
    lab.work.drain()
    lab.work.drain()
    row = lab.row(row_id)
    assert row.state == AttachmentState.KEPT
    assert lab.opened(row, Part.ORIGINAL) == content


def test_fetching_and_cleaning_do_not_take_each_others_files(lab: Lab) -> None:
    lab.has(hostile.picture("JPEG"))
    with lab.database.transaction() as session:
        assert attachments.claim_due(session, now=lab.clock(), limit=9, lease=timedelta(minutes=1)) == []
