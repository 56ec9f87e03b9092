"""The place inside a photo: sealed in a column of its own, to be offered to its sender as the place of the tip."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.sealing import CannotOpen, Sealer
from data.tables import AttachmentRow


def photo_place(session: Session, draft_key: str, *, sealer: Sealer) -> tuple[float, float] | None:
    """Where the first file of a draft says it was taken (latitude, longitude in degrees of WGS 84), to be offered to
    its sender as the place of the tip; None when no file says so. Nobody else is to be shown it.
    """
    row = session.scalars(
        select(AttachmentRow)
        .where(AttachmentRow.draft_key == draft_key, AttachmentRow.place_sealed.is_not(None))
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
    return latitude, longitude


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
