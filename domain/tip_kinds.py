"""What kind of thing a tip tells of, suggested from its words; and what the law keeps apart.

The kinds, their phrases, clocks and terms of keeping are data (data/content/tips/kinds.toml). Suggesting works
like the matcher: words and pairs of words weighed by rarity, the best phrase counts.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass

from domain.tips import TipSort
from domain.vietnamese import fold

OTHER = "other"
SURE_FROM = 0.34
"""Share of a phrase's weight that has to stand in the text."""
MARGIN = 0.08
"""How far the best kind has to be before the next one."""
TEXT_MAX = 3000
GAP = 3
"""Words that may stand between the words of a pair."""


@dataclass(frozen=True)
class TipKind:
    """One kind, as the table has it.

    serious        a tip never finished is kept all the same
    take_minutes   until somebody has to have taken it; close_hours until it has to be closed
    office_hours   the clocks run in office hours only; else around the clock
    keep_days      how long a closed tip is kept; `keep_basis` says why
    """

    key: str
    label: str
    serious: bool
    take_minutes: int
    close_hours: int
    office_hours: bool
    keep_days: int
    keep_basis: str
    phrases: tuple[str, ...] = ()


class KindBook:
    """The kinds in their order, and the way from words to one of them. Built once, never changed."""

    def __init__(self, kinds: Sequence[TipKind]) -> None:
        self.kinds: Mapping[str, TipKind] = {kind.key: kind for kind in kinds}
        self._phrases = [
            (kind.key, _terms(fold(phrase).split(), gap=0)) for kind in kinds for phrase in kind.phrases
        ]
        seen = Counter(term for _, terms in self._phrases for term in terms)
        most = len(self._phrases) + 1
        self._weights = {term: math.log(most / count) + 0.1 for term, count in seen.items()}

    def with_kinds(self, kinds: Mapping[str, TipKind]) -> KindBook:
        """The same phrases, with other clocks and terms: made in no time, as nothing is weighed anew."""
        other = copy(self)
        other.kinds = dict(kinds)
        return other

    def get(self, key: str | None) -> TipKind:
        return self.kinds.get(key or OTHER) or self.kinds[OTHER]

    def suggest(self, text: str) -> str | None:
        """The kind these words speak of; None when it is not clear."""
        given = _terms(fold(text[:TEXT_MAX]).split(), gap=GAP)
        best: dict[str, float] = {}
        for key, terms in self._phrases:
            whole = sum(self._weights[term] for term in terms)
            here = sum(self._weights[term] for term in terms & given)
            pairs = [term for term in terms if " " in term]
            if pairs and not any(term in given for term in pairs):
                here *= 0.5
            best[key] = max(best.get(key, 0.0), here / whole)
        ranked = sorted(best.items(), key=lambda item: -item[1])
        if not ranked or ranked[0][1] < SURE_FROM:
            return None
        if len(ranked) > 1 and ranked[0][1] - ranked[1][1] < MARGIN:
            return None
        return ranked[0][0]


def _terms(words: Sequence[str], *, gap: int) -> frozenset[str]:
    """The words, and their pairs in order with at most `gap` words between them."""
    pairs: Iterable[str] = (
        f"{first} {second}" for at, first in enumerate(words) for second in words[at + 1 : at + 2 + gap]
    )
    return frozenset(words) | frozenset(pairs)


_DENUNCIATION = re.compile(
    r"\b(?:to cao|don to cao)\b(?: \w+){0,6}? (?:can bo|cong chuc|chu tich|bi thu|truong (?:phong|thon|ban|cong an)|"
    r"cong an|canh sat|csgt|giam doc|vien chuc|lanh dao|dia chinh|uy ban)\b|"
    r"\b(?:can bo|cong chuc|chu tich|bi thu|truong thon|dia chinh|cong an|canh sat|csgt)(?: \w+){0,8}? "
    r"(?:nhan (?:tien|hoi lo|phong bi)|hoi lo|tham nhung|tham o|vi vinh|voi vinh|lam quyen|lam dung chuc vu|an chan)\b"
)
_FEEDBACK = re.compile(
    r"\b(?:gop y|kien nghi|thai do|thu tuc (?:ruom ra|phien ha|phuc tap|cham)|hai long|khong hai long|khen|cam on (?:cong an|can bo)|"
    r"cho doi lau|hach dich|cua quyen|tiep dan (?:cham|kem)|de xuat (?:cai|lap|sua)|nen (?:lap|sua|bo tri))\b"
)
"""Sources: Luật Tố cáo 2018 (25/2018/QH14) art. 2, 23, 25; BLTTHS 2015 art. 144 (tố giác, tin báo về tội phạm);
Nghị định 20/2008/NĐ-CP, 92/2017/NĐ-CP (phản ánh, kiến nghị)."""


def sort_of(text: str) -> TipSort:
    """A tip on a crime or disorder, a denunciation of an official, or feedback?"""
    words = fold(text[:TEXT_MAX])
    if _DENUNCIATION.search(words):
        return TipSort.DENUNCIATION
    return TipSort.FEEDBACK if _FEEDBACK.search(words) else TipSort.TIP
