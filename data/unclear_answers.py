"""An answer to a reporter of which nobody knows whether it arrived: the line broke, or the program died, after it left.

It is never repeated by itself. If no echo of Zalo tells, an officer of the tip decides, once, and it is on record.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from data import outgoing, tip_acts
from data.tables import Tip, TipMessage
from domain.errors import MoveRefused

ARRIVED, AGAIN = "answer_arrived", "answer_again"
"""Kinds of lines in a tip's history."""


def settle(
    session: Session, tip: Tip, message_id: int, *, sent: bool, officer_id: int, now: datetime
) -> bool:
    """It is there after all (`sent`), or it is sent again. False: this tip has no such answer.

    Raises MoveRefused when it has become clear meanwhile, by an echo or by a colleague.
    """
    message = session.get(TipMessage, message_id)
    if message is None or message.tip_id != tip.id or message.outgoing_id is None:
        return False
    if not outgoing.settle_unknown(session, message.outgoing_id, sent=sent, now=now):
        raise MoveRefused("Câu trả lời này đã rõ kết quả. Mời xem lại trong phần trao đổi.")
    kind = ARRIVED if sent else AGAIN
    tip_acts.record(session, tip, kind, None, None, officer_id=officer_id, now=now)
    return True
