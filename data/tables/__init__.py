"""The tables, by subject. `from data.tables import Tip` finds any of them."""

from data.tables.base import Base
from data.tables.broadcasts import (
    Approval,
    Broadcast,
    BroadcastMedia,
    Delivery,
    GroupCheck,
    GroupList,
    OaUpload,
    OfficerChat,
    Run,
    SendingStop,
)
from data.tables.content import GroupRow, ProcedureRow, QuestionLog, SuccessionRow, TopicRow, UnitRow
from data.tables.handovers import ManyAct, ShiftSheet
from data.tables.learning import AskedQuestion, CatalogueImport, LearnedChange, ProcedureChange
from data.tables.media import CustodyRow, UnsealingRow
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
    "AskedQuestion",
    "AttachmentRow",
    "AuditRow",
    "Base",
    "Broadcast",
    "BroadcastMedia",
    "CatalogueImport",
    "Citizen",
    "Consent",
    "Conversation",
    "CustodyRow",
    "DeletionProof",
    "Delivery",
    "EventRow",
    "GroupCheck",
    "GroupList",
    "GroupRow",
    "Identity",
    "IdentityRequest",
    "LearnedChange",
    "Lease",
    "ManyAct",
    "Notice",
    "OaUpload",
    "Officer",
    "OfficerChat",
    "OfficialAccount",
    "Outgoing",
    "ProcedureChange",
    "ProcedureRow",
    "QuestionLog",
    "RateWindow",
    "Role",
    "Run",
    "SealedKey",
    "SendingStop",
    "ShiftSheet",
    "SuccessionRow",
    "Tip",
    "TipLink",
    "TipMessage",
    "TipMove",
    "TipNote",
    "Token",
    "TopicRow",
    "UnitRow",
    "UnsealingRow",
    "officer_roles",
]
