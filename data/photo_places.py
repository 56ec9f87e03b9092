"""The place inside a photo: sealed in a column of its own, to be offered to its sender as the place of the tip."""

from __future__ import annotations

from sqlalchemy import select, true
from sqlalchemy.orm import Session

from data.sealing import CannotOpen, Sealer
from data.tables import AttachmentRow
from domain.tips import PhotoPlace


def photo_place(
    session: Session, draft_key: str, *, sealer: Sealer, file: int | None = None
) -> PhotoPlace | None:
    """Where a file of a draft says it was taken, to be offered to its sender as the place of the tip; None when no
    file says so. Nobody else is to be shown it.

    file  the position of the file; None = the first that says so
    """
    of_file = AttachmentRow.position == file if file is not None else true()
    row = session.scalars(
        select(AttachmentRow)
        .where(AttachmentRow.draft_key == draft_key, AttachmentRow.place_sealed.is_not(None), of_file)
        .order_by(AttachmentRow.position)
        .limit(1)
    ).first()
    if row is None or row.place_sealed is None:
        return None
    try:
        said = sealer.open(row.place_sealed, purpose=_purpose(row)).decode()
    except CannotOpen:
        return None
    latitude, longitude = (float(part) for part in said.split(","))
    return PhotoPlace(row.position, latitude, longitude)


def is_first(session: Session, row: AttachmentRow) -> bool:
    """Is there no other file of this draft that names a place?"""
    other = select(AttachmentRow.id).where(
        AttachmentRow.draft_key == row.draft_key,
        AttachmentRow.id != row.id,
        AttachmentRow.place_sealed.is_not(None),
    )
    return session.scalar(other.limit(1)) is None


def seal_place(row: AttachmentRow, place: tuple[float, float] | None, *, sealer: Sealer) -> bytes | None:
    """The place of this row's file, sealed; None when the file names none."""
    if place is None:
        return None
    return sealer.seal(f"{place[0]:.6f},{place[1]:.6f}".encode(), purpose=_purpose(row))


def reseal_place(row: AttachmentRow, *, sealer: Sealer) -> bool | None:
    """Seal the place with the newest key; False when there is nothing to do, None when it does not open."""
    if row.place_sealed is None or sealer.is_newest(row.place_sealed):
        return False
    try:
        plain = sealer.open(row.place_sealed, purpose=_purpose(row))
    except CannotOpen:
        return None
    row.place_sealed = sealer.seal(plain, purpose=_purpose(row))
    return True


def _purpose(row: AttachmentRow) -> str:
    return f"place:{row.draft_key}:{row.position}"
