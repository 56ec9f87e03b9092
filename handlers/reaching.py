"""“Sdt công an phường”, “công an tỉnh ở đâu”: the numbers that hold, and whose a place is today."""

from __future__ import annotations

import re

from domain.conversations import Outcome, Turn
from domain.messages import Reply
from domain.vietnamese import fold
from handlers import asking_on, texts
from handlers.cards import topic_replies
from handlers.lists import TALKING
from handlers.talk import Talk

POLICE_NUMBERS = "topic:bacgiang_id_phones_2021"
"""What we know of the numbers of the police; its id is as old as the list of 2021 it began with."""
_REACH = (
    r"(?:so dien thoai|so dt|so may(?! khung)|so dtdd|so lien (?:he|lac)|duong day nong|hotline|so truc(?: ban)?|sdt|dt|so|dia chi|tru so|"
    r"(?:goi|lien he|lien lac)(?: cho| voi| den)?)"
)
_OFFICE = r"(?:cong an|csgt|canh sat giao thong|truc ban|phong xuat nhap canh|phong quan ly xuat nhap canh|doi csgt|don cong an)"
_HOW_TO_REACH = re.compile(
    rf"(?:(?:a|ad|da|cho|toi|em|minh|chau|xin|hoi|lay|can|muon|biet|ban|oi|bot) )*"
    rf"(?:{_REACH} (?:cua |truc ban |phong |doi )*{_OFFICE}(?: \w+){{0,6}}|{_OFFICE}(?: \w+){{0,5}} (?:o dau|so (?:nao|may|dien thoai)(?: \w+){{0,3}}|dia chi (?:o dau|nao)))"
)
_KIND_OF_PLACE = re.compile(r"\b(?<!thi )(?:xa|phuong|thi tran|thon) (?!nao|khac|minh|em|toi|o dau)\w+")
_OF_A_MATTER = re.compile(
    r"\b(?:the|can cuoc|cccd|chung minh|ho chieu|bang lai|ho so|xe|tam tru|thuong tru|nghia vu|lam|nop|dang ky|khi|cap|doi|mat|bi|gia danh|lua|"
    r"mao danh|cap cuu|chay|trom|cuop|vneid|khung|nguoi dung|huyen|quan|24|lan|khong thay|chua thay)\b"
)


_ANY_NUMBER = re.compile(
    r"(?:(?:a|ad|da|cho|toi|em|minh|xin|hoi|can) )*(?:so )?(?:duong day nong|hotline|so khan cap|so truc ban)(?: (?:so may|la so may|la gi|la bao nhieu|a|ad|o day))*"
)


def asks_to_reach_police(text: str) -> bool:
    """“Sdt công an phường”, “công an tỉnh ở đâu”: a number or an address of the police, of no matter in particular."""
    words = fold(text)
    if _ANY_NUMBER.fullmatch(words):
        return True
    return bool(_HOW_TO_REACH.fullmatch(words)) and not _OF_A_MATTER.search(words)


def names_place(text: str) -> bool:
    """Is a commune named by its kind (“xã Đồng Sơn”)? Any other word may be a name too, a district of old is many
    communes today, and “tỉnh” means the province.
    """
    told = fold(text)
    return bool(_KIND_OF_PLACE.search(told)) and not re.search(r"\btinh\b", told)


def answer(turn: Turn, question: str, talk: Talk) -> Outcome | None:
    """Numbers that hold, and which unit it is today; we know no other numbers and say so."""
    topic = turn.records.topic(POLICE_NUMBERS)
    if topic is None:
        return None
    before = asking_on.spoken_of_before(turn, topic.id, talk)
    kept = Talk(about=topic.id, before=before, shown=True, rest=talk.rest).draft(turn.now)
    told = Outcome(tuple(topic_replies(turn.records, topic)), step=TALKING, draft=kept)
    return told.before(*whose(turn, question))


def whose(turn: Turn, question: str) -> tuple[Reply, ...]:
    """The unit of today of the commune that is named, said before the answer."""
    unit = turn.records.place_named(question).unit if names_place(question) else None
    return (Reply(texts.POLICE_OF_PLACE.format(unit=unit.police_name)),) if unit else ()
