"""Procedures that are no more: people keep asking by the old name, and hear what holds today."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta

from rapidfuzz import fuzz

from domain.families import core_name, short
from domain.procedures import Procedure, ProcedureStatus
from domain.vietnamese import fold, nfc

WORDS_MIN = 3
"""An old name of fewer words says too little to be recognised by."""
ALIKE = 85.0
"""rapidfuzz token_set_ratio from which an old and a new name are one: only the level or the office moved."""
SHORT_QUESTION = 8
"""Words of a question that is about one thing; in a longer one an old paper may only be mentioned."""
_QUESTION_MAX = 400
_VERBS = re.compile(
    r"^(?:(?:cap lai|cap doi|cap moi|cap|doi|gia han|xoa|tach|huy bo|dang ky|dieu chinh nhung thay doi trong) )+"
)


class BygoneBook:
    """Finds the old name a question uses. Immutable once built; safe for many threads."""

    def __init__(self, procedures: Iterable[Procedure]) -> None:
        known = list(procedures)
        today = {fold(nfc(text)) for one in known if one.is_current for text in _names(one)}
        names_of_today = " | ".join(fold(nfc(one.name)) for one in known if one.is_current)
        phrases: dict[str, Procedure] = {}
        things: dict[str, Procedure] = {}
        for gone in sorted((one for one in known if not one.is_current), key=lambda one: one.id):
            for text in _names(gone):
                phrase = fold(nfc(text))
                if len(phrase.split()) >= WORDS_MIN and phrase not in today:
                    phrases.setdefault(phrase, gone)
            thing = thing_of(gone)
            is_thing = gone.status is ProcedureStatus.ABOLISHED and len(thing.split()) >= WORDS_MIN
            if is_thing and thing not in names_of_today:
                things.setdefault(thing, gone)
        self._phrases = sorted(
            phrases.items(), key=lambda one: -len(one[0])
        )  # the longest that fits says most
        self._things = sorted(things.items(), key=lambda one: -len(one[0]))

    def find(self, question: str) -> Procedure | None:
        """The procedure of old that the question names: by its whole name, or, in a short question, by the paper
        it gave (“làm sổ tạm trú”)."""
        words = fold(nfc(question[:_QUESTION_MAX]))
        padded = f" {words} "
        named = self._phrases if len(words.split()) > SHORT_QUESTION else [*self._phrases, *self._things]
        return next((gone for phrase, gone in named if f" {phrase} " in padded), None)


def is_same_name(gone: Procedure, today: Procedure) -> bool:
    """Do people call the old and the new one the same, so that nothing needs explaining?"""
    return fuzz.token_set_ratio(fold(core_name(gone.name)), fold(core_name(today.name))) >= ALIKE


def names_thing(gone: Procedure, sayings: Iterable[str]) -> bool:
    """Do any of these sayings name the paper that the old procedure gave (“sổ hộ khẩu”)?"""
    thing = thing_of(gone)
    return len(thing.split()) >= WORDS_MIN and any(f" {thing} " in f" {fold(nfc(one))} " for one in sayings)


def thing_of(gone: Procedure) -> str:
    return _VERBS.sub("", fold(nfc(core_name(gone.name))))


def _names(one: Procedure) -> Iterable[str]:
    return (one.name, core_name(one.name), *one.aliases)


def since_in_words(gone: Procedure) -> str:
    """“từ ngày 01/7/2021”, the day after its last; "" when no source says when it ended."""
    try:
        last = date.fromisoformat(gone.valid_to or "")
    except ValueError:
        return ""
    first = last + timedelta(days=1)
    month = f"{first.month:02}" if first.month < 3 else str(first.month)
    return f"từ ngày {first.day:02}/{month}/{first.year}"


def what_became(gone: Procedure, successors: Iterable[Procedure]) -> str:
    """What was replaced or abolished, since when, and by what; or that it need not be done any more."""
    names = list(dict.fromkeys(f"“{short(core_name(one.name))}”" for one in successors))
    since = since_in_words(gone)
    when = since or "(chưa rõ từ ngày nào)"
    told = f"📌 Thủ tục “{short(gone.name)}”"
    if names and gone.status is ProcedureStatus.REPLACED:
        return f"{told} đã được thay {when}. Nay bạn làm: {'; '.join(names)}."
    if names:
        return f"{told} đã bỏ {when}. Việc liên quan hiện nay: {'; '.join(names)}."
    return (
        f"{told} đã bỏ {when}, không có thủ tục nào thay thế. Bạn không phải làm thủ tục này nữa. "
        "Nếu nơi nào vẫn đòi giấy này, bạn hỏi lại cán bộ giúp nhé."
    )
