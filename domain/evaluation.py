"""How good the answers are on labelled questions: shares with 95 % Wilson intervals, by field and form.

A question is a JSON line: q, labels (any counts as right; procedures of one family count as one), scope in, near
or out, kind, form, field.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from domain.matching import Matcher
from domain.procedures import Answer, Decision


def answer_line(question: str, answer: Answer) -> dict[str, Any]:
    """One line of `ask --jsonl`."""
    return {
        "q": question,
        "decision": answer.decision.value,
        "procedures": [{"id": c.id, "name": c.name, "score": c.score} for c in answer.candidates[:3]],
    }


def wilson(hits: int, total: int) -> tuple[float, float]:
    """The 95 % interval of a share, 0 to 1; (0, 1) when nothing was counted."""
    if not total:
        return 0.0, 1.0
    z = 1.959964
    share = hits / total
    middle = (share + z * z / (2 * total)) / (1 + z * z / total)
    half = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total)) / (1 + z * z / total)
    return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(frozen=True)
class Judged:
    """One question, what was decided, and at which place (1, 2, 3) the right record stood; None: not there."""

    row: Mapping[str, Any]
    decision: Decision
    place: int | None

    @property
    def answered_right(self) -> bool:
        return self.decision is Decision.ANSWER and self.place == 1

    @property
    def answered_wrong(self) -> bool:
        return self.decision is Decision.ANSWER and self.place != 1


def judge(rows: Iterable[Mapping[str, Any]], matcher: Matcher, family: Callable[[str], str]) -> list[Judged]:
    """Ask every question. `family` gives the wish behind an id, so that its variants count as one."""
    judged = []
    for row in rows:
        answer = matcher.search(row["q"])
        right = {family(label) for label in row.get("labels", ())}
        places = [n for n, c in enumerate(answer.candidates[:3], 1) if family(c.id) in right]
        judged.append(Judged(row, answer.decision, places[0] if places else None))
    return judged


@dataclass(frozen=True)
class Figures:
    """Shares of a set of judged questions, as (hits, total)."""

    top1: tuple[int, int]
    top3: tuple[int, int]
    right_answers: tuple[int, int]
    wrong_answers: tuple[int, int]
    false_out: tuple[int, int]
    false_near: tuple[int, int]


def figures(judged: Iterable[Judged]) -> Figures:
    rows = list(judged)
    inside = [j for j in rows if j.row.get("scope", "in") == "in"]
    out = [j for j in rows if j.row.get("scope") == "out"]
    near = [j for j in rows if j.row.get("scope") == "near"]

    def share(which: list[Judged], test: Callable[[Judged], bool]) -> tuple[int, int]:
        return sum(map(test, which)), len(which)

    return Figures(
        top1=share(inside, lambda j: j.place == 1),
        top3=share(inside, lambda j: j.place is not None),
        right_answers=share(inside, lambda j: j.answered_right),
        wrong_answers=share(inside, lambda j: j.answered_wrong),
        false_out=share(out, lambda j: j.decision is Decision.ANSWER),
        false_near=share(near, lambda j: j.decision is Decision.ANSWER),
    )


def table(judged: list[Judged]) -> str:
    """The figures of all, then by field and by form of the questions inside the catalogue."""
    lines = _block("all", judged)
    for key in ("field", "form"):
        groups: dict[str, list[Judged]] = defaultdict(list)
        for one in judged:
            if one.row.get("scope", "in") == "in":
                groups[str(one.row.get(key, "?"))].append(one)
        lines.append(f"\nby {key} (top-1, top-3, right answers, wrong answers):")
        for name, group in sorted(groups.items()):
            found = figures(group)
            shares = (found.top1, found.top3, found.right_answers, found.wrong_answers)
            lines.append(f"  {name:<20} {len(group):>4}  " + "  ".join(_percent(*share) for share in shares))
    return "\n".join(lines)


def _block(name: str, judged: list[Judged]) -> list[str]:
    found = figures(judged)
    rows = (
        ("top-1", found.top1),
        ("top-3", found.top3),
        ("right answers", found.right_answers),
        ("wrong answers", found.wrong_answers),
        ("answered though out of scope", found.false_out),
        ("answered though only near", found.false_near),
    )
    return [f"{name}: {len(judged)} questions"] + [
        f"  {label:<30} {_percent(*share)}" for label, share in rows
    ]


def _percent(hits: int, total: int) -> str:
    if not total:
        return "     –             "
    low, high = wilson(hits, total)
    return f"{100 * hits / total:5.1f} % [{100 * low:.1f}–{100 * high:.1f}]"
