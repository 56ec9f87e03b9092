"""The tables, by subject. `from data.tables import Tip` finds any of them."""

from data.tables.base import Base
from data.tables.broadcasts import Approval, Broadcast, Delivery, Run
from data.tables.content import GroupRow, ProcedureRow, QuestionLog, SuccessionRow, TopicRow, UnitRow
from data.tables.officers import AuditRow, Officer, Role, officer_roles
from data.tables.tip_safety import Consent, DeletionProof, IdentityRequest, Notice, TipLink
from data.tables.tips import AttachmentRow, Tip, TipMessage, TipMove, TipNote
from data.tables.zalo import (
    Citizen,
    Conversation,
    EventRow,
    Identity,
    Lease,
    OfficialAccount,
    Outgoing,
    RateWindow,
    SealedKey,
    Token,
)

__all__ = [
    "Approval",
    "AttachmentRow",
    "AuditRow",
    "Base",
    "Broadcast",
    "Citizen",
    "Consent",
    "Conversation",
    "DeletionProof",
    "Delivery",
    "EventRow",
    "GroupRow",
    "Identity",
    "IdentityRequest",
    "Lease",
    "Notice",
    "Officer",
    "OfficialAccount",
    "Outgoing",
    "ProcedureRow",
    "QuestionLog",
    "RateWindow",
    "Role",
    "Run",
    "SealedKey",
    "SuccessionRow",
    "Tip",
    "TipLink",
    "TipMessage",
    "TipMove",
    "TipNote",
    "Token",
    "TopicRow",
    "UnitRow",
    "officer_roles",
]
