"""The shipped catalogue, and small records of our own, for the tests of this room."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from data.content_files import read_procedures, read_topics, read_units
from data.knowledge_files import read_knowledge
from domain.matching import Knowledge, Matcher
from domain.procedures import Procedure, ProcedureStatus, Topic
from domain.units import UnitBook

CONTENT = Path(__file__).parents[2] / "data" / "content"


@cache
def procedures() -> tuple[Procedure, ...]:
    return tuple(read_procedures(CONTENT / "procedures"))


@cache
def topics() -> tuple[Topic, ...]:
    return tuple(read_topics(CONTENT / "topics.jsonl"))


@cache
def matcher() -> Matcher:
    return Matcher(procedures(), topics(), knowledge())


@cache
def knowledge() -> Knowledge:
    return read_knowledge(CONTENT)


@cache
def units() -> UnitBook:
    return read_units(CONTENT)


def family(wanted: str) -> str:
    """The wish behind an id: variants of one procedure count as one."""
    return next((p.family for p in procedures() if p.id == wanted), wanted)


def a_procedure(**changes: Any) -> Procedure:
    """A procedure with every field filled."""
    fields: dict[str, Any] = {
        "id": "9.000001",
        "family": "residence/thu",
        "code": "9.000001",
        "name": "Đăng ký thử",
        "field": "residence",
        "levels": ("commune",),
        "levels_2025": ("commune",),
        "aliases": ("làm thử",),
        "audience": "citizen",
        "dossier": ("Tờ khai", "Giấy tờ chứng minh chỗ ở"),
        "steps": ("Nộp", "Nhận"),
        "time_limit": "3 ngày làm việc",
        "fee": "20.000 đồng",
        "where": "Công an cấp xã",
        "online": True,
        "url": "https://dichvucong.gov.vn/thu",
        "legal_basis": ("68/2020/QH14",),
        "valid_from": None,
        "valid_to": None,
        "status": ProcedureStatus.CURRENT,
        "replaced_by": (),
        "priority": 1,
        "decision": None,
        "checked": "2026-07",
        "sources": ("https://dichvucong.gov.vn",),
        "confidence": "high",
        "note": None,
    }
    return Procedure(**{**fields, **changes})


def a_topic(**changes: Any) -> Topic:
    fields: dict[str, Any] = {
        "id": "topic:thu",
        "name": "Hỏi thử",
        "category": "hotline",
        "aliases": (),
        "answer": ("Câu một.", "Câu hai."),
        "where": None,
        "url": None,
        "sources": ("https://example.org",),
        "confidence": "high",
        "note": None,
    }
    return Topic(**{**fields, **changes})
