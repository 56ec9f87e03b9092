"""The level a question names (“ra phường làm được không”, “o cong an tinh co lam ko”), and what the records say of it.

Only what a record says is told: its levels of today and the words of its `where`. Where the two do not agree, the words
are quoted and nothing is promised.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum

from domain.families import Wish
from domain.procedures import Procedure
from domain.vietnamese import fold, nfc


class Level(StrEnum):
    """Who is asked for; the value travels in buttons and must stay. No police of a district since 1 March 2025."""

    COMMUNE = "commune"
    DISTRICT = "district"
    PROVINCE = "province"
    MINISTRY = "ministry"


LEVEL_NAMES = {
    Level.COMMUNE: "Công an cấp xã",
    Level.DISTRICT: "Công an huyện",
    Level.PROVINCE: "Công an tỉnh",
    Level.MINISTRY: "Bộ Công an",
}
_TODAY = (Level.COMMUNE, Level.PROVINCE, Level.MINISTRY)
_NO_DISTRICT = "Công an huyện không còn từ 01/3/2025."
_NOT_SURE = "Tôi chưa có thông tin chắc chắn"
_ELSEWHERE = (
    r"(?! (?:khac|nao|ngoai|xoi|hoi|que|cu\b|truoc|gan|minh thuong tru|thuong tru|tam tru|noi khac|bat ky))"
)
"""“Ở tỉnh khác”, “xã nào”: another place is asked about, not another level."""
_AT = r"(?:o|tai|den|ra|len|xuong|qua|toi|ve|cho|noi|hay|hoac|cong an|cap)"
_NAMED: tuple[tuple[Level, re.Pattern[str]], ...] = (
    (
        Level.COMMUNE,
        re.compile(
            rf"\b{_AT} (?:cap )?(?:xa|phuong|thi tran|dac khu)\b{_ELSEWHERE}|^(?:xa|phuong)\b{_ELSEWHERE}"
        ),
    ),
    (
        Level.DISTRICT,
        re.compile(rf"\b{_AT} (?:cap )?(?:huyen|quan)\b{_ELSEWHERE}|^(?:huyen|quan)\b{_ELSEWHERE}"),
    ),
    (
        Level.PROVINCE,
        re.compile(rf"\b{_AT} (?:cap )?tinh\b{_ELSEWHERE}|^tinh\b{_ELSEWHERE}|\bcong an thanh pho\b"),
    ),
    (Level.MINISTRY, re.compile(rf"\b(?:bo cong an|cap bo|trung uong)\b|\b{_AT} (?:tren )?(?:bo|cuc)\b")),
)
_ASKS = re.compile(
    r"\bkhong\b|\bduoc chua\b|\bthi (?:sao|the nao)\b|^(?:the|vay) (?:con )?(?:o|len|ra|cong an) |\bhay\b|\bhoac\b|\b(?:phai|can) (?:len|ra|den|toi|ve|xuong)\b"
)
_DONE_THERE = re.compile(
    r"\b(?:co |duoc )?(?:cap|nhan|tiep nhan|thu ly|giai quyet|cho lam) (?:duoc )?(?:khong|chua)\b"
)
_WORD = re.compile(r"[^\W_]+")
_MEANT = {
    "xa": {"xã"},
    "phuong": {"phường"},
    "tinh": {"tỉnh"},
    "huyen": {"huyện"},
    "quan": {"quận"},
    "bo": {"bộ"},
    "cuc": {"cục"},
}
"""Folded word → what it is when it names a level; in a message with accents “xa” is far and “tính” reckons."""

_SAYS: dict[Level, re.Pattern[str]] = {
    Level.COMMUNE: re.compile(r"\bcong an (?:cap )?(?:xa|phuong)\b"),
    Level.PROVINCE: re.compile(
        r"\bcong an (?:cap )?tinh\b|\bcap tinh\b|\bphong (?:canh sat|csgt|quan ly|pc\d|thanh tra)"
    ),
    Level.MINISTRY: re.compile(r"(?<!cong dich vu cong )\bbo cong an\b|\bcuc\b|\bc0\d\b"),
}
"""Which level the words of a record's `where` name."""
_CONDITIONS: dict[Level, dict[str, str]] = {
    Level.COMMUNE: {
        r"\b(?:xa|phuong) duoc phan cap\b": "được phân cấp",
        r"\b(?:xa|phuong) co diem tiep nhan\b": "có điểm tiếp nhận",
    },
    Level.PROVINCE: {r"\btheo tham quyen\b": "theo thẩm quyền"},
    Level.MINISTRY: {r"\btheo tham quyen\b": "theo thẩm quyền"},
}
"""Words of a `where` that bind a level → how we say it."""
_COMMITTEE = re.compile(r"\buy ban nhan dan\b|\bcap xa\b")
"""The commune is named, but not its police."""


def levels_asked(message: str) -> tuple[Level, ...]:
    """The levels a message asks about, nearest first; () when it asks about none. Never raises."""
    message = nfc(message)
    words = _as_meant(message)
    if not _ASKS.search(words) and "?" not in message:
        return ()
    return tuple(level for level, named in _NAMED if named.search(words))


def without_levels(words: str) -> str:
    """Folded words without those that name a level and ask for it: what is left may name a procedure."""
    for _, named in _NAMED:
        words = named.sub(" ", words)
    return _DONE_THERE.sub(" ", words)


def _as_meant(message: str) -> str:
    """Folded; when accents were typed, a word whose accents make it another word is taken out."""
    if message.isascii():
        return fold(message)
    kept = []
    for word in _WORD.findall(message):
        plain = fold(word)
        kept.append("…" if plain in _MEANT and word.casefold() not in _MEANT[plain] else word)
    return fold(" ".join(kept))


class _Done(StrEnum):
    """What the record says of one level."""

    YES = "yes"
    DEPENDS = "depends"
    UNCLEAR = "unclear"  # its levels and its words do not agree
    NO = "no"


def answer(wish: Wish, asked: Sequence[Level]) -> str:
    """One or two sentences: can it be done there, as the records say; and if not, where it is done.

    asked  not empty; the places themselves are told beside it
    """
    wanted = [level for level in asked if level is not Level.DISTRICT]
    done = [level for level in _TODAY if _of(wish, level) in {_Done.YES, _Done.DEPENDS}]
    if len(wanted) == 1:
        told = _one(wish, wanted[0], done)
    else:
        told = f"{_done_at(done)}{_but_not_at([one for one in wanted if _of(wish, one) is _Done.NO], done)}."
    return f"{_NO_DISTRICT} {told}" if Level.DISTRICT in asked else told


def _one(wish: Wish, level: Level, done: Sequence[Level]) -> str:
    match _of(wish, level):
        case _Done.YES:
            return f"Được ạ, thủ tục này làm ở {LEVEL_NAMES[level]}."
        case _Done.DEPENDS:
            only = f"{LEVEL_NAMES[level]} {_condition(wish, level)}"
            return f"Tùy nơi ạ: thủ tục này làm ở {only}. Bạn nên hỏi trước khi đi."
        case _Done.NO if done:
            return f"{_done_at(done)}{_but_not_at([level], done)}.{_in_a_case(wish, level)}"
    return f"{_NOT_SURE} thủ tục này làm được ở {LEVEL_NAMES[level]} hay không ạ."


def _done_at(done: Sequence[Level]) -> str:
    if not done:
        return f"{_NOT_SURE} thủ tục này làm ở cấp nào ạ"
    return f"Thủ tục này làm ở {_listed(done, 'hoặc')}"


def _but_not_at(others: Sequence[Level], done: Sequence[Level]) -> str:
    return f", không làm ở {_listed(others, 'và')}" if others and done else ""


def _in_a_case(wish: Wish, level: Level) -> str:
    """The same wish in another case may be done at that level: said, so that nobody is sent away wrongly."""
    if not any(level.value in one.levels_2025 for one in wish.cases):
        return ""
    return f" Có trường hợp khác làm ở {LEVEL_NAMES[level]}: bạn nhắn “trường hợp khác” để xem."


def _of(wish: Wish, level: Level) -> _Done:
    places = [_named(way) for way in wish.ways]
    if any(_SAYS[level].search(place) for place in places):
        return _Done.DEPENDS if _condition(wish, level) else _Done.YES
    if any(level.value in way.levels_2025 and not way.where for way in wish.ways):
        return _Done.YES
    kept = any(level.value in way.levels_2025 for way in wish.ways)
    committee = level is Level.COMMUNE and any(_COMMITTEE.search(place) for place in places)
    return _Done.UNCLEAR if kept or committee else _Done.NO


def _condition(wish: Wish, level: Level) -> str:
    """On what it hangs that this level does it; "" when on nothing."""
    places = [_named(way) for way in wish.ways]
    told = _CONDITIONS.get(level, {}).items()
    return next((words for rule, words in told if any(re.search(rule, place) for place in places)), "")


def _named(way: Procedure) -> str:
    return fold(nfc(way.where or ""))


def _listed(levels: Sequence[Level], joint: str) -> str:
    names = [LEVEL_NAMES[level] for level in levels]
    return f" {joint} ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
