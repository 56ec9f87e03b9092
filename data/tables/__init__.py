"""The tables, by subject. `from data.tables import Tip` finds any of them."""

from data.tables.administration import RegistryImport, SettingChange, UnitChange, UnitChangeMove
from data.tables.api import ApiAnswer, ApiDelivery, ApiHook, ApiToken
from data.tables.base import Base
from data.tables.boards import BoardCode, BoardScan, BoardStep, UnitBoard
from data.tables.broadcasts import (
    Approval,
    Broadcast,
    BroadcastMedia,
    Delivery,
    GroupCheck,
    GroupList,
    OaArticle,
    OaUpload,
    OfficerChat,
    Run,
    SendingStop,
)
from data.tables.complaints import Complaint, ComplaintMove, ImprovementOrder, OrderProof
from data.tables.content import GroupRow, ProcedureRow, QuestionLog, SuccessionRow, TopicRow, UnitRow
from data.tables.dossiers import Dossier, DossierFollow, DossierImport, DossierMove, DossierTry
from data.tables.handovers import ManyAct, ShiftSheet
from data.tables.learning import AskedQuestion, CatalogueImport, LearnedChange, ProcedureChange
from data.tables.links import LinkCheck
from data.tables.media import CustodyRow, UnsealingRow
from data.tables.officers import AuditRow, Officer, Role, ShiftRow, officer_roles
from data.tables.scores import ScoreMonth
from data.tables.sign_in import AddressWait, OfficerImport, OfficerSession, Passkey, SecondFactor
from data.tables.surveys import SurveyAnswer, SurveyCode, SurveyOptOut
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
    "AddressWait",
    "ApiAnswer",
    "ApiDelivery",
    "ApiHook",
    "ApiToken",
    "Approval",
    "AskedQuestion",
    "AttachmentRow",
    "AuditRow",
    "Base",
    "BoardCode",
    "BoardScan",
    "BoardStep",
    "Broadcast",
    "BroadcastMedia",
    "CatalogueImport",
    "Citizen",
    "Complaint",
    "ComplaintMove",
    "Consent",
    "Conversation",
    "CustodyRow",
    "DeletionProof",
    "Delivery",
    "Dossier",
    "DossierFollow",
    "DossierImport",
    "DossierMove",
    "DossierTry",
    "EventRow",
    "GroupCheck",
    "GroupList",
    "GroupRow",
    "Identity",
    "IdentityRequest",
    "ImprovementOrder",
    "LearnedChange",
    "Lease",
    "LinkCheck",
    "ManyAct",
    "Notice",
    "OaArticle",
    "OaUpload",
    "Officer",
    "OfficerChat",
    "OfficerImport",
    "OfficerSession",
    "OfficialAccount",
    "OrderProof",
    "Outgoing",
    "Passkey",
    "ProcedureChange",
    "ProcedureRow",
    "QuestionLog",
    "RateWindow",
    "RegistryImport",
    "Role",
    "Run",
    "ScoreMonth",
    "SealedKey",
    "SecondFactor",
    "SendingStop",
    "SettingChange",
    "ShiftRow",
    "ShiftSheet",
    "SuccessionRow",
    "SurveyAnswer",
    "SurveyCode",
    "SurveyOptOut",
    "Tip",
    "TipLink",
    "TipMessage",
    "TipMove",
    "TipNote",
    "Token",
    "TopicRow",
    "UnitBoard",
    "UnitChange",
    "UnitChangeMove",
    "UnitRow",
    "UnsealingRow",
    "officer_roles",
]
