"""The matcher: which procedure or topic a question is about, how sure that is, and why.

A question is read (domain/reading.py), compared with every phrase of the catalogue (domain/index.py), the evidence
for the best few is gathered (domain/evidence.py) and weighed (domain/weighing.py). Then it is decided: answer the
first, ask back with at most three, or say that we are not sure. Records of one `family` are one wish.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from domain.collecting import collector_at_rest
from domain.evidence import FOR_DECISION, FOR_RECORD, NEAR, OTHERS, Close, Gathered, Witness
from domain.explaining import ExplainedCandidate, Explanation
from domain.index import Index, Phrase
from domain.practice import InUse, PracticeQuestion, Scope
from domain.procedures import Answer, Candidate, Decision, Procedure, ProcedureStatus, Topic
from domain.reading import Reader, Reading, typed_words
from domain.said import listed, said
from domain.sureness import Trees
from domain.urgent import emergency_numbers, looks_like_tip
from domain.vietnamese import nfc
from domain.weighing import Weighed, evidence_of, weigh
from domain.weights import Weights
from domain.words import Turns, WordList

CANDIDATES_MAX = 3
QUESTION_MAX = 2000
"""Characters of a question that are read."""
TOPIC_PRIORITY = 2
EXPLAINED = 5
"""Candidates that an explanation shows."""
VAGUE_WORDS, VAGUE_BELOW, NAME_SAID = 3, 0.7, 0.9
"""A question of so few words is vague ("đổi giấy tờ") unless a phrase is at least so much like it, or it says so large
a share of a name of the first candidate ("lệ phí làm căn cước")."""
THING_WORDS = 2
"""So few words, one of them a thing that procedures are about, are asked back about and never declined."""
COURTESY = frozenset(["a", "ad", "nhe", "nhi", "vay", "voi", "oi", "em", "anh", "chi"])
"""Folded words that say nothing at the end of a question."""
MOVED_LEAST, MOVED_SHOWN = 0.2, 3
"""Log odds from which evidence is named in an explanation, and how many pieces are."""
SURE_ENOUGH = "Chắc %(sure)s rằng mục đứng đầu là mục được hỏi; đạt mức %(needed)s để trả lời ngay."
NOT_SURE = "Chắc %(sure)s rằng mục đứng đầu là mục được hỏi; chưa đạt mức %(needed)s để trả lời ngay."
ASKS_BACK = "Chắc %(sure)s rằng một trong ba mục đầu là mục được hỏi; đủ để hỏi lại (mức %(needed)s)."
NOT_EVEN_ASKED = (
    "Chắc %(sure)s rằng một trong ba mục đầu là mục được hỏi; chưa đủ để hỏi lại (mức %(needed)s)."
)
NOT_OURS = "Các từ “%(words)s” cho thấy câu này không thuộc việc của Công an."
OF_RULES = "Các từ “%(words)s” cho thấy câu này hỏi mức phạt, quy định hơn là hỏi thủ tục."
SURER, LESS_SURE = "Điều làm bot chắc hơn: %(why)s.", "Điều làm bot kém chắc hơn: %(why)s."
"""What an explanation says."""
_LEVEL_WORDS: Mapping[str, frozenset[str]] = {
    "province": frozenset(
        ["cap tinh", "cong an tinh", "pc06", "pc07", "pc08", "pa08", "phong quan ly", "phong canh sat"]
    ),
    "ministry": frozenset(
        ["trung uong", "bo cong an", "cap bo", "cuc canh sat", "cuc quan ly", "c06", "a08", "c08"]
    ),
    "commune": frozenset(["cap xa", "cong an xa", "cong an phuong"]),
}


@dataclass(frozen=True)
class Knowledge:
    """What the matcher knows beside the catalogue. Without it (small tests) everything weighs alike."""

    words: WordList = field(default_factory=WordList)
    practice: tuple[PracticeQuestion, ...] = ()
    weights: Weights = field(default_factory=Weights.plain)


class Matcher:
    """Finds what a question is about. Immutable once built; safe for many threads."""

    @collector_at_rest()
    def __init__(
        self,
        procedures: Iterable[Procedure],
        topics: Iterable[Topic] = (),
        knowledge: Knowledge | None = None,
    ) -> None:
        knowledge = knowledge or Knowledge()
        catalogue = _Catalogue(procedures, topics)
        official, practice = list(catalogue.official()), knowledge.practice
        named = [typed_words(text) for _, text in official]
        asked = [typed_words(one.question) for one in practice]
        in_use = InUse(named, asked)
        self._reader = Reader(knowledge.words, in_use.words, in_use.pairs)
        read = self._reader.read_words
        phrases = [
            Phrase(owner, text, read(typed), True)
            for (owner, text), typed in zip(official, named, strict=True)
        ]
        phrases += [
            Phrase(owner, one.question, read(typed), False)
            for one, typed in zip(practice, asked, strict=True)
            if (owner := catalogue.owner_of(one)) is not None
        ]
        bodies = {
            owner: {word for text in texts for word in self._reader.read(text).words}
            for owner, texts in catalogue.bodies()
        }
        self.index = Index(phrases, bodies, knowledge.words.common)
        self._witness = Witness(
            self.index, Turns(knowledge.words.turns), knowledge.words.named, catalogue.priorities
        )
        self._weights = knowledge.weights
        self._members = catalogue.members
        self._things = knowledge.words.named
        self._called = _called(self.index)

    # -- asking ------------------------------------------------------------------------------------------------

    def search(self, question: str) -> Answer:
        """What to do with this question. Takes a millisecond or two; never raises."""
        question = nfc(question[:QUESTION_MAX])
        decision, weighed = self._decide(question)
        return Answer(decision, tuple(self._candidates(weighed, decision)) if weighed else ())

    def read(self, question: str) -> Reading:
        return self._reader.read(nfc(question[:QUESTION_MAX]))

    def gather(self, question: str) -> tuple[Reading, Gathered]:
        """The evidence before it is weighed: what the weights are learned from."""
        reading = self.read(question)
        return reading, self._witness.gather(reading, self.index.likeness(reading))

    def weigh(self, question: str) -> Weighed | None:
        """Everything that speaks for and against the records; None when no record has a word of the question."""
        return self._weigh(self.read(question))

    def _weigh(self, reading: Reading) -> Weighed | None:
        gathered = self._witness.gather(reading, self.index.likeness(reading))
        return weigh(self._weights, reading, gathered)

    def explain(self, question: str) -> Explanation:
        """How the question was read, what spoke for and against the first records, and why it was decided so."""
        question = nfc(question[:QUESTION_MAX])
        decision, weighed = self._decide(question)
        candidates: list[ExplainedCandidate] = []
        if weighed:
            shares = _shares(weighed.scores)
            for place in self._in_order(weighed, decision)[:EXPLAINED]:
                one, share = weighed.close[place], shares[place]
                member = self._member(one.owner, weighed.reading)
                candidates.append(
                    ExplainedCandidate(
                        member.id,
                        member.name,
                        round(100 * share, 1),
                        self.index.phrases[one.phrase].text,
                        tuple(evidence_of(self._weights, weighed, place)),
                    )
                )
        return Explanation(
            question,
            self._reader.how(question),
            decision,
            tuple(self._reasons(question, decision, weighed)),
            tuple(candidates),
        )

    # -- deciding ------------------------------------------------------------------------------------------------

    def _decide(self, question: str) -> tuple[Decision, Weighed | None]:
        if emergency_numbers(question):
            return Decision.URGENT, None
        reading = self._reader.read(question)
        if not reading.words:
            return Decision.OTHER, None
        weighed = self._weigh(reading)
        if weighed is None:
            return (Decision.TIP if looks_like_tip(question) else Decision.DECLINE), None
        answer, choose = self._sureness(weighed)
        sure = answer >= self._weights.answer_from and not _is_vague(weighed)
        if sure or self._is_called(weighed):
            return Decision.ANSWER, weighed
        if looks_like_tip(question):
            return Decision.TIP, weighed
        asks = choose >= self._weights.choose_from or self._only_names_a_thing(reading)
        return (Decision.CHOOSE if asks else Decision.DECLINE), weighed

    def _only_names_a_thing(self, reading: Reading) -> bool:
        """“cccd”, “con dấu ạ”: nothing is asked, but it is clear of what, so we ask back."""
        return len(reading.words) <= THING_WORDS and bool(self._things.intersection(reading.words))

    def _is_called(self, weighed: Weighed) -> bool:
        """Is the question a name or an alias of the first candidate, word for word, and of nothing else?

        Courtesy at its end changes nothing (“… ạ”).
        """
        words = weighed.reading.words
        while len(words) > 1 and words not in self._called and words[-1] in COURTESY:
            words = words[:-1]
        return self._called.get(words) == weighed.close[0].owner

    def _sureness(self, weighed: Weighed) -> tuple[float, float]:
        """How sure that the first is wanted, and that one of the first three is: 0 to 1."""
        answer, choose = self._weights.sureness(weighed.decision_numbers)
        return _chance(answer), _chance(choose)

    def _candidates(self, weighed: Weighed, decision: Decision) -> Iterator[Candidate]:
        shares = _shares(weighed.scores)
        for place in self._in_order(weighed, decision)[:CANDIDATES_MAX]:
            one, share = weighed.close[place], shares[place]
            member = self._member(one.owner, weighed.reading)
            yield Candidate(member.id, member.name, round(100 * share, 1))

    def _in_order(self, weighed: Weighed, decision: Decision) -> list[int]:
        """The places of the candidates, best first.

        Of a bare thing nothing tells its procedures apart: first come those asked for every day, then those whose
        name is most about it.
        """
        places = list(range(len(weighed.close)))
        if decision is Decision.CHOOSE and self._only_names_a_thing(weighed.reading):
            places.sort(
                key=lambda at: (-_number(weighed.close[at], "daily"), -_number(weighed.close[at], "name"))
            )
        return places

    def _member(self, owner: int, reading: Reading) -> _Member:
        """The record of a family that speaks for it: of the level the question names, else the most asked."""
        members = self._members[self.index.owners[owner]]
        if len(members) == 1:
            return members[0]
        padded = f" {reading.text} "
        asked = {
            level for level, names in _LEVEL_WORDS.items() if any(f" {name} " in padded for name in names)
        }
        return next((one for one in members if asked & one.levels), members[0])

    # -- explaining ------------------------------------------------------------------------------------------------

    def _reasons(self, question: str, decision: Decision, weighed: Weighed | None) -> Iterator[str]:
        if decision is Decision.URGENT:
            numbers = ", ".join(emergency_numbers(question))
            yield said("Có lời báo nguy hiểm đang xảy ra: gọi %(numbers)s trước.", numbers=numbers)
            return
        if weighed is None:
            yield "Không có từ nào của câu hỏi nằm trong danh mục."
            return
        answer, choose = self._sureness(weighed)
        needed = self._weights.answer_from
        yield said(
            SURE_ENOUGH if answer >= needed else NOT_SURE, sure=f"{answer:.0%}", needed=f"{needed:.0%}"
        )
        if self._is_called(weighed):
            yield "Câu hỏi đúng là một tên gọi của mục đứng đầu: trả lời ngay."
        if isinstance(self._weights.answer, Trees):
            yield from _what_moved(self._weights.answer.parts(weighed.decision_numbers))
        if answer >= needed and _is_vague(weighed) and decision is not Decision.ANSWER:
            yield "Câu quá ngắn và chưa nói đủ tên gọi nào: hỏi lại cho chắc."
        if decision is Decision.TIP:
            yield "Lời nhắn giống tin báo sự việc hơn là hỏi thủ tục."
        elif decision is not Decision.ANSWER:
            needed = self._weights.choose_from
            asks = ASKS_BACK if choose >= needed else NOT_EVEN_ASKED
            yield said(asks, sure=f"{choose:.0%}", needed=f"{needed:.0%}")
            if choose < needed and decision is Decision.CHOOSE:
                yield "Câu chỉ nêu tên một thứ giấy tờ, chưa nói cần việc gì: hỏi lại."
        for line, tells in ((self._weights.ours, NOT_OURS), (self._weights.not_rules, OF_RULES)):
            if line.of(weighed.reading) < 0 and (against := line.strongest(weighed.reading)):
                yield said(tells, words="”, “".join(against))


@dataclass(frozen=True)
class _Member:
    id: str
    name: str
    levels: frozenset[str]


class _Catalogue:
    """The records that may be found, by the owner of their phrases: a family, or a topic."""

    def __init__(self, procedures: Iterable[Procedure], topics: Iterable[Topic]) -> None:
        known = list(procedures)
        self._topics = list(topics)
        current = {one.id for one in known if one.is_current}
        self._found = [
            one
            for one in known
            if one.is_current
            or (one.status is ProcedureStatus.ABOLISHED and not current & set(one.replaced_by))
        ]
        self._family = {one.id: one.family for one in self._found} | {one.id: one.id for one in self._topics}
        self._former: dict[str, list[str]] = {}
        for gone in known:
            for successor in () if gone.id in self._family else gone.replaced_by:
                self._former.setdefault(successor, []).append(gone.name)
        self.priorities: dict[str, int] = {one.id: TOPIC_PRIORITY for one in self._topics}
        self.members: dict[str, list[_Member]] = {
            one.id: [_Member(one.id, one.name, frozenset())] for one in self._topics
        }
        for one in sorted(self._found, key=lambda p: (not p.is_current, p.priority, p.id)):
            self.priorities.setdefault(one.family, one.priority)
            self.members.setdefault(one.family, []).append(
                _Member(one.id, one.name, frozenset(one.levels_2025))
            )

    def official(self) -> Iterator[tuple[str, str]]:
        """(owner, text): names, aliases, and the names of what a record has replaced."""
        for one in self._found:
            for text in (one.name, *one.aliases, *self._former.get(one.id, ())):
                yield one.family, text
        for topic in self._topics:
            for text in (topic.name, *topic.aliases):
                yield topic.id, text

    def bodies(self) -> Iterator[tuple[str, list[str]]]:
        """(owner, texts): papers, steps and notes."""
        found: dict[str, list[str]] = {}
        for one in self._found:
            found.setdefault(one.family, []).extend(
                [*(one.dossier or ()), *(one.steps or ()), one.note or ""]
            )
        for topic in self._topics:
            found[topic.id] = list(topic.answer)
        return iter(found.items())

    def owner_of(self, one: PracticeQuestion) -> str | None:
        """Whose phrase a practice question is; None when its record is not in this catalogue."""
        if one.labels:
            return self._family.get(one.labels[0])
        return NEAR if one.scope is Scope.NEAR else f"{OTHERS}{one.kind}"


def _called(index: Index) -> Mapping[tuple[str, ...], int | None]:
    """Words of a name or an alias → whose it is; None where several are called so."""
    found: dict[tuple[str, ...], int | None] = {}
    for owner, (first, end) in enumerate(index.spans):
        for phrase in index.phrases[first:end]:
            words = phrase.reading.words
            if phrase.official and words:
                found[words] = owner if found.get(words, owner) == owner else None
    return found


def _is_vague(weighed: Weighed) -> bool:
    """Too short to mean one thing: nearly no phrase, and it says the name of nothing, or of two things equally well.

    Of two names that are said, the one that is more like the question holds the other ("đổi bằng lái", "bằng lái").
    """
    if len(weighed.reading.words) > VAGUE_WORDS or _number(weighed.close[0], "phrase") >= VAGUE_BELOW:
        return False
    named = [_number(one, "name") if one.name_said >= NAME_SAID else 0.0 for one in weighed.close]
    return named[0] <= max(named[1:], default=0.0)


def _number(one: Close, name: str) -> float:
    return one.numbers[list(FOR_RECORD).index(name)]


def _what_moved(parts: Mapping[str, float]) -> Iterator[str]:
    """What made it surer, and what less sure, beside the usual question."""
    for words, sign in ((SURER, 1), (LESS_SURE, -1)):
        most = sorted(
            (name for name in parts if sign * parts[name] >= MOVED_LEAST), key=lambda n: -abs(parts[n])
        )
        if most:
            yield said(words, why=listed(said(FOR_DECISION[name]) for name in most[:MOVED_SHOWN]))


def _shares(scores: Sequence[float]) -> list[float]:
    """Scores as shares of one, best first: how the candidates divide what is sure between them."""
    odds = [math.exp(score - scores[0]) for score in scores]
    total = sum(odds)
    return [one / total for one in odds]


def _chance(log_odds: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, log_odds))))
