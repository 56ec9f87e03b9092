"""What is said beside the matter: who are you, scolding, waiting too long, a place or the code of a form alone.

Told from questions by rule, before or after the search; whatever is at hand stays at hand.
"""

from __future__ import annotations

import re

from domain.conversations import Outcome, Turn, ask
from domain.messages import Button, Text
from domain.procedures import Procedure
from domain.vietnamese import fold, nfc
from handlers import buttons, lists, texts, words
from handlers.lists import TALKING
from handlers.talk import Talk

_FIELDS = buttons.press(texts.BUTTON_FIELDS, buttons.PROCEDURE_ASK)
_OFFICER = buttons.press(texts.BUTTON_OFFICER, buttons.OFFICER_ASK)
_TIP = buttons.press(texts.BUTTON_TIP, buttons.TIP_START)
_DOSSIER = buttons.press(texts.BUTTON_DOSSIER, buttons.DOSSIER_ASK)
_YOU = r"(?:may|ban|ad|admin|bot|em|anh|chi|shop|day|ben nay|ai day)"
_WHO_ARE_YOU = re.compile(
    r"(?:alo |a )?ai (?:day|do|vay|the)(?: (?:a|ha))*|"
    rf"(?:(?:the|a|oi|da|cho hoi|ma|ua) )*{_YOU} (?:(?:nay|kia|oi|co phai|co|dang) )*(?:la )?(?:ai|nguoi|may|robot|bot|ro bot|con bot|tro ly|chatbot|cong an|can bo|"
    r"nguoi that|nguoi hay (?:la )?(?:may|bot|robot)|(?:may|bot|robot) hay (?:la )?nguoi)(?: (?:that|vay|the|a|ha|hay may|nao|khong|dung khong|phai khong|day|tra loi))*"
)
_LETTERS = re.compile(r"(?:[a-jl-z]|hm+|u[hm]+|ah+|oh+|ui|uhm|e hem|aa+)")
"""One letter, a hum: nothing is asked yet. A “k” is a no."""
_WAITING = re.compile(
    r"\b(?:chua (?:co|thay|nhan|lay|ve|duoc|xong|tra|giai quyet|thay ve|co the)|mai (?:khong|chua)|qua (?:hen|han tra|ngay hen)|tre hen|cham qua|lau qua)\b"
)
_SINCE = re.compile(
    r"\b(?:\d+|may|ca|gan|hon|nua|hai|ba|bon) (?:ngay|tuan|thang|nam|hom)\b|\btu (?:thang|nam|tuan|hom|dau|cuoi|hoi)\b|"
    r"\b(?:mai|hoai|lau qua|lau roi|qua hen|qua ngay|tre hen|tuan truoc|thang truoc|nam ngoai)\b"
)
_FILED = re.compile(r"\b(?:lam|nop|dang ky|gui|doi|cap|ho so|the|cho|ket qua)\b")
_FORM = re.compile(
    r"(?:(?:cho|xin|em|toi|minh|chau|gui|tai|lay|can|muon|dien|mau|don|to khai|phieu|bieu|so|hoi|ve) )*"
    r"(?P<form>(?:ct|cc|dc|na|tk|dkx|pc|m)0?\d{1,2}[a-z]?)(?: (?:o dau|la gi|dien the nao|the nao|nhu the nao|dau|di|voi|a|ad|nhe|gom gi|khai sao|tai o dau|lay o dau|cho toi|dung lam gi|de lam gi|lam gi))*"
)
_PLACE = re.compile(
    r"(?:(?:o|tai|toi o|em o|minh o|nha toi o|nha em o) )?(?:xa|phuong|thi tran|huyen|thanh pho|thon [\w]+ xa) \w+(?: \w+){0,3}"
)
_LOST_THING = re.compile(
    r"(?:(?:toi|em|minh|chau|nha|a|ad|oi|bi|vua|moi|da) )*mat (?:(?:cai|chiec|con|het) )?"
    r"(?:xe(?: (?:may|dap|o to|dien|wave|dream|vision|sh))*|dien thoai|do|tien|vang|laptop|may tinh|cho|trau|bo)(?: (?:roi|a|ad|oi|luon))*"
)


def before_search(turn: Turn, said: Text, talk: Talk) -> Outcome | None:
    """Words that name nothing to search for; None when they may."""
    told = " ".join(fold(said.text).split())
    if _WHO_ARE_YOU.fullmatch(told):
        return _say(turn, texts.WHO_AM_I, talk, _FIELDS, _TIP, _OFFICER)
    if _LETTERS.fullmatch(told):
        return _say(turn, texts.CALLED, talk, *buttons.MENU_BUTTONS)
    if form := _form(turn, said.text):
        return _of_form(turn, form, talk)
    return None


def instead_of_a_guess(turn: Turn, question: str, talk: Talk) -> Outcome | None:
    """What the search is not sure of, when its words are plainly something else."""
    told = " ".join(fold(question).split())
    if words.is_displeased(question):
        return _say(
            turn, texts.DISPLEASED, Talk(about=talk.about, before=talk.before), _OFFICER, _FIELDS, _TIP
        )
    if _WAITING.search(told) and _SINCE.search(told) and _FILED.search(told):
        return _say(turn, texts.STILL_WAITING, talk, _DOSSIER, _OFFICER)
    if _PLACE.fullmatch(told) and (unit := turn.records.place_named(question).unit):
        return _say(turn, texts.PLACE_ALONE.format(unit=unit.police_name), talk, *buttons.MENU_BUTTONS[:3])
    if _LOST_THING.fullmatch(told):
        return _say(turn, texts.LOST_THING, talk, _TIP, _FIELDS, _OFFICER)
    return None


def _say(turn: Turn, text: str, talk: Talk, *offered: Button) -> Outcome:
    return ask(text, step=TALKING, draft=talk.draft(turn.now), buttons=offered)


# ---- a form by its code ---------------------------------------------------------------------------------------------


def _form(turn: Turn, text: str) -> str:
    """The code of the form that is asked for, as people write it (“CT01”); "" when none is."""
    found = _FORM.fullmatch(" ".join(fold(text).split()))
    return found["form"].upper() if found else ""


def _of_form(turn: Turn, form: str, talk: Talk) -> Outcome | None:
    """Which procedures ask for this form; None when none does."""
    rule = re.compile(rf"\b{form}\b", re.IGNORECASE)
    known = [one for field, _ in turn.records.fields() for one in turn.records.procedures_of(field)]
    using = lists.one_of_each_family([one for one in known if _asks_for(one, rule)])
    if not using:
        return None
    ids = [one.id for one in using][: lists.CHOICES_MAX]
    text = texts.FORM_USED_FOR.replace("{form}", form)
    return lists.choose(turn, ids, Talk(aspect="form", misses=talk.misses), text)


def _asks_for(one: Procedure, form: re.Pattern[str]) -> bool:
    return any(form.search(nfc(line)) for line in one.dossier or ())
