"""Procedures and topics, and what may be decided about a question. domain/matching.py finds them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from domain.vietnamese import fold, nfc

FIELDS: Mapping[str, str] = {
    "residence": "Đăng ký, quản lý cư trú",
    "citizen_id": "Cấp, quản lý căn cước",
    "eid": "Định danh và xác thực điện tử",
    "immigration": "Quản lý xuất nhập cảnh",
    "vehicle": "Đăng ký, quản lý phương tiện giao thông",
    "driving_licence": "Sát hạch, cấp giấy phép lái xe",
    "traffic": "Trật tự, an toàn giao thông",
    "criminal_record": "Lý lịch tư pháp",
    "seal": "Đăng ký, quản lý con dấu",
    "security_business": "Ngành nghề kinh doanh có điều kiện về an ninh, trật tự",
    "weapons": "Quản lý vũ khí, vật liệu nổ, công cụ hỗ trợ và pháo",
    "fire": "Phòng cháy, chữa cháy và cứu nạn, cứu hộ",
    "drug_rehab": "Cai nghiện ma túy và quản lý sau cai nghiện",
    "complaints": "Khiếu nại, tố cáo",
    "recruitment": "Tổ chức, cán bộ",
    "welfare": "Chính sách",
    "aviation_security": "Bảo đảm an ninh hàng không",
    "data_protection": "Bảo vệ dữ liệu cá nhân",
    "data": "Dữ liệu",
    "cyber": "An toàn thông tin, an ninh mạng",
    "quality": "Quản lý chất lượng; môi trường",
}
"""Field key → what people read, in the order of the menu."""


class ProcedureStatus(StrEnum):
    CURRENT = "current"
    REPLACED = "replaced"
    ABOLISHED = "abolished"


@dataclass(frozen=True)
class Procedure:
    """One administrative procedure, as in data/content/README.md. None: no source gave it."""

    id: str
    family: str
    code: str | None
    name: str
    field: str
    levels: tuple[str, ...]
    levels_2025: tuple[str, ...]
    aliases: tuple[str, ...]
    audience: str
    dossier: tuple[str, ...] | None
    steps: tuple[str, ...] | None
    time_limit: str | None
    fee: str | None
    where: str | None
    online: bool | None
    url: str | None
    legal_basis: tuple[str, ...]
    valid_from: str | None
    valid_to: str | None
    status: ProcedureStatus
    replaced_by: tuple[str, ...]
    priority: int
    decision: str | None
    checked: str | None
    sources: tuple[str, ...]
    confidence: str
    note: str | None

    @property
    def is_current(self) -> bool:
        return self.status is ProcedureStatus.CURRENT

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Procedure:
        """Read one catalogue record that was checked before (data/content_files.py)."""

        def many(name: str) -> tuple[str, ...]:
            return tuple(row.get(name) or ())

        def some(name: str) -> tuple[str, ...] | None:
            return None if row.get(name) is None else tuple(row[name])

        in_force = row.get("in_force") or {}
        return cls(
            id=row["id"],
            family=row["family"],
            code=row.get("code"),
            name=row["name"],
            field=row["field"],
            levels=many("levels"),
            levels_2025=many("levels_2025"),
            aliases=many("aliases"),
            audience=row["audience"],
            dossier=some("dossier"),
            steps=some("steps"),
            time_limit=row.get("time_limit"),
            fee=row.get("fee"),
            where=row.get("where"),
            online=row.get("online"),
            url=row.get("url"),
            legal_basis=many("legal_basis"),
            valid_from=in_force.get("from"),
            valid_to=in_force.get("to"),
            status=ProcedureStatus(row["status"]),
            replaced_by=many("replaced_by"),
            priority=row["priority"],
            decision=row.get("decision"),
            checked=row.get("checked"),
            sources=many("sources"),
            confidence=row["confidence"],
            note=row.get("note"),
        )


_NEAREST = {"citizen": 0, "both": 1}


def by_everyday_demand(one: Procedure) -> tuple[int, int, str]:
    """The order of a list: what residents ask for daily first; of equals, what one does for oneself before
    what organisations and foreigners do."""
    return one.priority, _NEAREST.get(one.audience, 2), fold(nfc(one.name))


@dataclass(frozen=True)
class Topic:
    """Something else residents ask the police about; `answer` is short lines. Its id starts with `topic:`."""

    id: str
    name: str
    category: str
    aliases: tuple[str, ...]
    answer: tuple[str, ...]
    where: str | None
    url: str | None
    sources: tuple[str, ...]
    confidence: str
    note: str | None

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Topic:
        return cls(
            id=f"topic:{row['id']}",
            name=row["topic"],
            category=row["category"],
            aliases=tuple(row["aliases"]),
            answer=tuple(row["answer"]),
            where=row.get("where"),
            url=row.get("url"),
            sources=tuple(row["sources"]),
            confidence=row["confidence"],
            note=row.get("note"),
        )


class Decision(StrEnum):
    """What to do with a question: answer it, ask back, say that we are not sure, or it is no question."""

    ANSWER = "answer"
    CHOOSE = "choose"
    DECLINE = "decline"
    URGENT = "urgent"
    TIP = "tip"
    OTHER = "other"


@dataclass(frozen=True)
class Candidate:
    """A record that may be meant; `score` is 0 to 100."""

    id: str
    name: str
    score: float


@dataclass(frozen=True)
class Answer:
    """The decision and at most CANDIDATES_MAX candidates, best first."""

    decision: Decision
    candidates: tuple[Candidate, ...] = ()
