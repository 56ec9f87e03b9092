"""A question typed on a page: answered, asked back or declined just as in the chat, by the same matcher.

Nothing of what is typed is kept: it comes in the body of a POST and ends with the answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from domain.bygone import is_same_name
from domain.families import core_name, short
from domain.procedures import Answer, Decision, Procedure, Topic
from domain.urgent import emergency_numbers, looks_like_tip
from domain.vietnamese import nfc
from public.desk import Known

QUESTION_MAX = 300
CHOICES_MAX = 3
NAME_MAX = 110


class Kind(StrEnum):
    """What the page does with a question."""

    ANSWER = "answer"
    CHOOSE = "choose"
    GONE = "gone"
    UNSURE = "unsure"
    TIP = "tip"
    URGENT = "urgent"
    EMPTY = "empty"


@dataclass(frozen=True)
class Entry:
    """A procedure or a topic as it stands in a list."""

    name: str
    address: str
    hint: str = ""


@dataclass(frozen=True)
class Found:
    """entries   best first: the answer and what else it may be, or at most three to choose from
    gone      a procedure of old that the question names (GONE)
    numbers   of 113, 114, 115, to call now (URGENT)
    """

    kind: Kind
    entries: tuple[Entry, ...] = ()
    gone: Procedure | None = None
    numbers: tuple[str, ...] = ()


def find(known: Known, typed: str) -> Found:
    """What the page answers to `typed`, of which at most QUESTION_MAX characters are read."""
    question = nfc(typed.strip()[:QUESTION_MAX])
    if not question:
        return Found(Kind.EMPTY)
    found = known.catalogue.matcher.search(question)
    if found.decision is Decision.URGENT:
        return Found(Kind.URGENT, numbers=emergency_numbers(question) or ("113",))
    if found.decision is Decision.TIP:
        return Found(Kind.TIP)
    near = tuple(entry_of(known, wanted) for wanted in _apart(known, found))
    gone = _of_old(known, question, found)
    if gone:
        today = tuple(entry_of(known, one.id) for one in successors(known, gone))
        return Found(Kind.GONE, today or near[:CHOICES_MAX], gone)
    if found.decision is Decision.ANSWER:
        return Found(Kind.ANSWER, near[: CHOICES_MAX + 1])
    if found.decision is Decision.CHOOSE:
        return Found(Kind.CHOOSE, near[:CHOICES_MAX])
    return Found(Kind.TIP if looks_like_tip(question) else Kind.UNSURE)


def successors(known: Known, gone: Procedure) -> list[Procedure]:
    """The procedures of today that an old one leads to, over any number of changes, one of each wish."""
    reached: dict[str, Procedure] = {}
    waiting, seen = list(gone.replaced_by), {gone.id}
    while waiting:
        wanted = waiting.pop(0)
        one = known.catalogue.procedures.get(wanted)
        if one is None or wanted in seen:
            continue
        seen.add(wanted)
        if one.is_current:
            reached.setdefault(one.family, one)
        else:
            waiting.extend(one.replaced_by)
    return list(reached.values())


def entry_of(known: Known, wanted: str) -> Entry:
    """How a procedure or topic with this id stands in a list."""
    found = known.catalogue.procedures.get(wanted) or known.catalogue.topics[wanted]
    if isinstance(found, Topic):
        return Entry(found.name, topic_address(found))
    return Entry(short(core_name(found.name), NAME_MAX), f"/thu-tuc/{found.id}", found.fee or "")


def topic_address(topic: Topic) -> str:
    """Its page; a word with a hyphen reads better in an address than an id of the data."""
    return f"/chu-de/{topic.id.removeprefix('topic:').replace('_', '-')}"


def _apart(known: Known, found: Answer) -> list[str]:
    """The candidates, one of each wish, best first."""
    families: dict[str, str] = {}
    for candidate in found.candidates:
        families.setdefault(known.catalogue.family_of(candidate.id), candidate.id)
    return list(families.values())


def _of_old(known: Known, question: str, found: Answer) -> Procedure | None:
    """The old procedure to explain; None when the answer of today says all there is to say."""
    gone = known.bygone.find(question)
    if gone is None or (found.decision is Decision.DECLINE and gone.replaced_by):
        return None
    today = successors(known, gone)
    if found.decision is Decision.ANSWER and today:
        best = known.catalogue.procedures.get(found.candidates[0].id)
        if best is None or best.family not in {one.family for one in today} or is_same_name(gone, best):
            return None
    return gone
