"""Procedures and topics, and the search that answers everyday questions about them.

How a score comes about (first version; its quality has a home of its own, docs/decisions/0009):
a question and every name and alias are folded to words and pairs of words, weighted by how rare they are
(TF-IDF, cosine); the best phrase of a record and the record as a whole both count, then rapidfuzz re-ranks the
best few. Verbs that turn a procedure round (đăng ký / xóa …) are guarded. Records of one `family` are one wish.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from typing import Any

from rapidfuzz import fuzz, process

from domain.urgent import emergency_numbers, looks_like_tip
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


CANDIDATES_MAX = 3
ANSWER_SCORE = 62.0
"""From this score on the best candidate is answered, if it leads by ANSWER_MARGIN."""
ANSWER_MARGIN = 4.0
SURE_SCORE = 80.0
"""From here on a small lead is enough."""
CHOOSE_SCORE = 40.0
"""From here on we ask back; below, we say that we are not sure."""
COVERED_MIN = 0.45
"""Share of the question's weight that the best candidate must explain before it is answered."""
RERANKED = 24

_GUARDS: tuple[tuple[str, ...], ...] = (
    ("xoa", "cat khau", "huy"),
    ("dang ky tam tru", "tam tru"),
    ("thuong tru", "nhap khau"),
    ("tam vang",),
    ("luu tru",),
    ("cap lai", "lam lai", "bi mat", "mat"),
    ("gia han", "het han"),
    ("cap doi", "doi"),
    ("thu hoi",),
    ("tach ho", "tach khau"),
    ("khoi phuc",),
    ("trinh bao",),
    ("huy bo",),
)
"""Groups of words that turn a procedure round: a record that speaks of one the question does not say loses."""

_COMMON = frozenset(
    fold(
        "tôi em anh chị ạ ơi ad admin cho hỏi xin nhé vậy thế thì là mà và hay với của mình cháu bác cô chú bạn "
        "muốn cần gì như nào sao bao nhiêu lâu ở đâu khi được không con này đó đây rồi chưa nữa cũng làm phải "
        "giúp biết vâng dạ đã thủ tục giấy tờ hồ sơ những các một người bị về để từ ra vào đến tại nếu theo"
    ).split()
)
"""Words of every question: they count for a quarter."""
COMMON_WEIGHT = 0.25


@dataclass
class _Record:
    id: str
    name: str
    family: str
    priority: int
    guards: frozenset[int]
    phrases: list[str]
    features: dict[str, float]


class Matcher:
    """Finds what a question is about. Immutable once built; safe for many threads."""

    def __init__(self, procedures: Iterable[Procedure], topics: Iterable[Topic] = ()) -> None:
        self._records: list[_Record] = []
        phrases: list[tuple[int, str]] = []
        current: list[Procedure | Topic] = [p for p in procedures if p.is_current]
        for one in [*current, *topics]:
            family = one.family if isinstance(one, Procedure) else one.id
            priority = one.priority if isinstance(one, Procedure) else 2
            folded = list(dict.fromkeys(fold(nfc(text)) for text in (one.name, *one.aliases)))
            guards = frozenset().union(*(_guards(text) for text in folded))
            record = _Record(one.id, one.name, family, priority, guards, folded, {})
            phrases += [(len(self._records), phrase) for phrase in folded]
            self._records.append(record)
        self._phrase_of = [index for index, _ in phrases]
        counts = [_features(phrase) for _, phrase in phrases]
        document: Counter[str] = Counter()
        for index, record in enumerate(self._records):
            seen: set[str] = set()
            for number, owner in enumerate(self._phrase_of):
                if owner == index:
                    seen |= counts[number].keys()
            document.update(seen)
            record.features = dict.fromkeys(seen, 1.0)
        total = len(self._records)
        self._rarity = {word: math.log((total + 1) / (seen + 0.5)) for word, seen in document.items()}
        self._words = sorted({word for word in document if " " not in word})
        self._postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for number, features in enumerate(counts):
            weights = {word: self._weight(word) * math.sqrt(times) for word, times in features.items()}
            norm = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
            for word, weight in weights.items():
                self._postings[word].append((number, weight / norm))
        self._nearest_word = lru_cache(maxsize=4096)(self._find_nearest_word)

    def search(self, question: str) -> Answer:
        """What to do with this question. Takes a few milliseconds at most; never raises."""
        if emergency_numbers(question):
            return Answer(Decision.URGENT)
        words = self._read(question)
        if not words:
            return Answer(Decision.OTHER if not fold(nfc(question)) else Decision.DECLINE)
        ranked = self._ranked(words)
        candidates = tuple(candidate for candidate, _ in ranked[:CANDIDATES_MAX])
        decision = _decide(ranked)
        if decision is not Decision.ANSWER and looks_like_tip(question):
            return Answer(Decision.TIP, candidates)
        return Answer(
            decision, candidates if decision is not Decision.DECLINE else candidates[:CANDIDATES_MAX]
        )

    # -- inside -------------------------------------------------------------------------------------------------

    def _weight(self, word: str) -> float:
        weight = self._rarity.get(word, 0.0)
        if word in _COMMON:
            return weight * COMMON_WEIGHT
        if " " in word:
            return weight * 0.7
        return weight

    def _read(self, question: str) -> list[str]:
        """The question as words of the catalogue: a misspelt word becomes the nearest known one."""
        words = fold(nfc(question)).split()[:60]
        return [word if word in self._rarity else self._nearest_word(word) or word for word in words]

    def _find_nearest_word(self, word: str) -> str | None:
        if len(word) < 4 or word.isdecimal():
            return None
        found = process.extractOne(word, self._words, scorer=fuzz.ratio, score_cutoff=82)
        return found[0] if found else None

    def _ranked(self, words: Sequence[str]) -> list[tuple[Candidate, float]]:
        """Candidates of different families, best first, each with the share of the question it explains."""
        text = " ".join(words)
        wanted = _features(text)
        weights = {word: self._weight(word) * math.sqrt(times) for word, times in wanted.items()}
        unknown = sum(
            2.0 for word in words if word not in self._rarity and word not in _COMMON and len(word) > 1
        )
        norm = math.sqrt(sum(weight * weight for weight in weights.values()) + unknown) or 1.0
        likeness: dict[int, float] = defaultdict(float)
        for word, weight in weights.items():
            for number, share in self._postings.get(word, ()):
                likeness[number] += weight * share
        best: dict[int, float] = {}
        for number, value in likeness.items():
            owner = self._phrase_of[number]
            if value > best.get(owner, 0.0):
                best[owner] = value
        known = sum(weight for word, weight in weights.items() if " " not in word) + unknown
        asked = _guards(text)
        scored: list[tuple[float, float, _Record]] = []
        for owner, value in sorted(best.items(), key=lambda item: -item[1])[:RERANKED]:
            record = self._records[owner]
            explained = sum(w for word, w in weights.items() if " " not in word and word in record.features)
            covered = explained / known if known else 0.0
            closest = max(fuzz.token_set_ratio(text, phrase) for phrase in record.phrases) / 100
            score = 100 * (0.5 * value / norm + 0.3 * covered + 0.2 * closest)
            for guard in record.guards ^ asked:
                if guard in asked:
                    score -= 7.0
                elif not record.guards & asked:
                    score -= 2.0
            score += {1: 3.0, 2: 1.0}.get(record.priority, 0.0)
            scored.append((max(0.0, min(100.0, score)), covered, record))
        scored.sort(key=lambda item: (-item[0], item[2].priority, item[2].id))
        families: set[str] = set()
        ranked: list[tuple[Candidate, float]] = []
        for score, covered, record in scored:
            if record.family not in families:
                families.add(record.family)
                ranked.append((Candidate(record.id, record.name, round(score, 1)), covered))
        return ranked


def _decide(ranked: Sequence[tuple[Candidate, float]]) -> Decision:
    if not ranked:
        return Decision.DECLINE
    (first, covered), *rest = ranked
    lead = first.score - (rest[0][0].score if rest else 0.0)
    sure = first.score >= SURE_SCORE or (first.score >= ANSWER_SCORE and lead >= ANSWER_MARGIN)
    if sure and covered >= COVERED_MIN:
        return Decision.ANSWER
    return Decision.CHOOSE if first.score >= CHOOSE_SCORE else Decision.DECLINE


def _features(folded: str) -> Counter[str]:
    """Words and pairs of neighbours."""
    words = folded.split()
    return Counter([*words, *(f"{a} {b}" for a, b in pairwise(words))])


def _guards(folded: str) -> frozenset[int]:
    padded = f" {folded} "
    return frozenset(
        number for number, words in enumerate(_GUARDS) if any(f" {word} " in padded for word in words)
    )
