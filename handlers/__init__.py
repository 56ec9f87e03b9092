"""What a citizen can do, one file each. FLOWS is the table of contents, in the order they are tried."""

from __future__ import annotations

from domain.conversations import Flow, Turn
from domain.messages import Reply
from handlers import (
    dossiers,
    duty,
    fallback,
    menu,
    officers,
    procedures,
    replies,
    surveys,
    tip_notice,
    tip_status,
    tips,
    urgent,
)

FLOWS: tuple[Flow, ...] = (
    replies.FLOW,
    duty.FLOW,
    tip_status.SETTLED,
    surveys.FLOW,
    tip_notice.WITHDRAW,
    urgent.FLOW,
    menu.FLOW,
    tips.FLOW,
    tips.OFFER,
    officers.FLOW,
    dossiers.FLOW,
    procedures.FLOW,
    fallback.FLOW,
)


def warn(turn: Turn) -> Reply | None:
    """What has to be said before everything else."""
    return urgent.warn(turn)


__all__ = ["FLOWS", "warn"]
