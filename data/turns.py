"""Whose turn it is: parts of one broadcast in order, updates after what they follow, and what has lost its turn."""

from __future__ import annotations

from functools import cache

from sqlalchemy import ColumnElement, and_, bindparam, or_, select, update
from sqlalchemy.orm import Session, aliased

from data.tables import Delivery
from domain.broadcasts import DeliveryStatus

NOT_GOT = "Nhóm không nhận được tin gốc nên không cần nhận tin này."
BEFORE_FAILED = "Phần trước của tin chưa gửi được nên phần này không gửi."

_OPEN = (DeliveryStatus.WAITING, DeliveryStatus.CLAIMED, DeliveryStatus.SENDING, DeliveryStatus.UNKNOWN)


@cache
def is_open() -> ColumnElement[bool]:
    """The condition of the partial index, letter by letter: SQLite uses the index only for literals."""
    return Delivery.state.in_([bindparam(None, state.value, literal_execute=True) for state in _OPEN])


@cache  # the condition never changes, and building it anew costs more than asking it
def is_its_turn() -> ColumnElement[bool]:
    """A condition: the part before it is sent, and what it follows has reached the group, in order.

    An update waits until the original, and every earlier update, is out of the way; it goes only to a group that
    got the original. While the original is unclear it waits for the person who looks.
    """
    before, original, earlier = aliased(Delivery), aliased(Delivery), aliased(Delivery)
    part_waits = (
        select(before.id)
        .where(
            before.run_id == Delivery.run_id,
            before.group_code == Delivery.group_code,
            before.part < Delivery.part,
            before.state != DeliveryStatus.SENT,
        )
        .exists()
    )
    got = (
        select(original.id)
        .where(
            original.broadcast_id == Delivery.follows_id,
            original.group_code == Delivery.group_code,
            original.state == DeliveryStatus.SENT,
        )
        .exists()
    )
    moving = [DeliveryStatus.WAITING, DeliveryStatus.CLAIMED, DeliveryStatus.SENDING]
    something_before = (
        select(earlier.id)
        .where(
            earlier.group_code == Delivery.group_code,
            or_(
                and_(
                    earlier.broadcast_id == Delivery.follows_id,
                    earlier.state.in_([*moving, DeliveryStatus.UNKNOWN]),
                ),
                and_(
                    earlier.follows_id == Delivery.follows_id,
                    earlier.broadcast_id < Delivery.broadcast_id,
                    earlier.state.in_(moving),
                ),
            ),
        )
        .exists()
    )
    return and_(
        or_(Delivery.part == 0, ~part_waits),
        or_(Delivery.follows_id.is_(None), and_(got, ~something_before)),
    )


def end_what_has_no_turn(session: Session) -> None:
    """Parts whose part before ended badly, and follow-ups for groups that did not get the original."""
    other = aliased(Delivery)
    waits = (is_open(), Delivery.state == DeliveryStatus.WAITING)
    lost = [DeliveryStatus.FAILED, DeliveryStatus.EXPIRED]
    before_lost = select(other.id).where(
        other.run_id == Delivery.run_id,
        other.group_code == Delivery.group_code,
        other.part < Delivery.part,
        other.state.in_(lost),
    )
    session.execute(
        update(Delivery)
        .where(*waits, Delivery.part > 0, before_lost.exists())
        .values(state=DeliveryStatus.FAILED, reason=BEFORE_FAILED)
        .execution_options(synchronize_session=False)
    )
    may_still = select(other.id).where(
        other.broadcast_id == Delivery.follows_id,
        other.group_code == Delivery.group_code,
        other.state.not_in(lost),
    )
    session.execute(
        update(Delivery)
        .where(*waits, Delivery.follows_id.is_not(None), ~may_still.exists())
        .values(state=DeliveryStatus.EXPIRED, reason=NOT_GOT)
        .execution_options(synchronize_session=False)
    )
