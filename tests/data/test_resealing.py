"""A new DATA_KEY: after one command everything opens with it alone."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from data import attachments
from data.attachments import Part, View, bound
from data.media import MediaStore
from data.photo_places import photo_place
from data.resealing import reseal_media
from data.sealed_files import SealedFile, open_sealed, save_sealed
from data.sealing import Sealer
from data.session import Database
from data.tables import AttachmentRow
from domain.tips import AttachmentState, PhotoPlace
from tests.conftest import Clock

OLD, NEW = b"o" * 32, b"n" * 32


def _kept(database: Database, store: MediaStore, clock: Clock, position: int) -> None:
    old = Sealer([OLD])

    def sealed(part: Part) -> SealedFile:
        words = bound("d", position, part)
        return save_sealed(store, [f"{part} {position}".encode()], sealer=old, bound=words, limit=100)

    with database.transaction() as session:
        row = AttachmentRow(
            draft_key="d",
            position=position,
            kind="clip",
            state=AttachmentState.WAITING,
            due_at=clock(),
            created_at=clock(),
        )
        session.add(row)
        session.flush()
        assert attachments.sealed(
            session, row, original=sealed(Part.ORIGINAL), mime="video/mp4", kind="clip", now=clock()
        )
        session.refresh(row)
        view = View(
            kind="clip",
            mime="video/mp4",
            file=sealed(Part.VIEW),
            poster=sealed(Part.POSTER),
            width=None,
            height=None,
            seconds=1.0,
            likeness=None,
            peaks=None,
            place=(21.0, 106.0),
        )
        assert attachments.cleaned(session, row, view, sealer=old, now=clock())


def test_after_resealing_the_old_key_can_go(database: Database, tmp_path: Path, clock: Clock) -> None:
    store = MediaStore(tmp_path / "media")
    for position in range(3):
        _kept(database, store, clock, position)
    both, alone = Sealer([NEW, OLD]), Sealer([NEW])

    assert reseal_media(database, store, sealer=both) == (12, 0)
    assert reseal_media(database, store, sealer=both) == (0, 0)

    with database.reading() as session:
        for row in session.scalars(select(AttachmentRow)):
            for part, key in attachments.parts(row):
                words = bound("d", row.position, part)
                with open_sealed(store, key, sealer=alone, bound=words) as file:
                    assert file.read() == f"{part} {row.position}".encode()
        assert photo_place(session, "d", sealer=alone) == PhotoPlace(0, 21.0, 106.0)


def test_what_no_key_opens_is_counted_and_left_alone(
    database: Database, tmp_path: Path, clock: Clock
) -> None:
    store = MediaStore(tmp_path / "media")
    _kept(database, store, clock, 0)
    assert reseal_media(database, store, sealer=Sealer([NEW])) == (0, 4)
    assert reseal_media(database, store, sealer=Sealer([NEW, OLD])) == (4, 0)
