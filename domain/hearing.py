"""What kind of talk a message is, before its words of danger or wrong are weighed: of now or of the past, a question
about papers or rules, a film, a shop. And the one place where typed accents decide between look-alike words.
"""

from __future__ import annotations

import re
from functools import lru_cache

from domain.vietnamese import fold, nfc, strip_marks

TEXT_MAX = 2000
"""Characters that are read: who is in danger says so at once."""
SOMETHING_ELSE = "~"
"""Stands for a word whose accents say that it is not the one it looks like."""

_MEANT = {
    "chay": {"cháy", "chảy"},
    "no": {"nổ", "nó", "no"},
    "dam": {"đâm", "đám", "dâm", "đấm"},
    "dao": {"dao"},
    "sung": {"súng"},
    "giet": {"giết"},
    "cuop": {"cướp"},
    "cuu": {"cứu"},
    "lua": {"lửa", "lừa"},
    "lu": {"lũ"},
    "ket": {"kẹt", "kết"},
    "sap": {"sập", "sắp"},
    "ga": {"ga", "gà"},
    "dot": {"đột", "đốt"},
    "trom": {"trộm"},
    "chem": {"chém"},
    "doa": {"dọa", "doạ"},
}
"""Folded word → what it may be when it was typed with accents. Without accents it may be any of them."""
_TYPED = re.compile(r"[^\W_]+|[^\w\s]+|\n")
_PLACE_AT_THE_HEAD = re.compile(r"\bo dau (?:ngo|xom|lang|duong|cau|hem|thon|pho|cho|khu|truong|ban|to)\b")
_ALLEY_HEAD = re.compile(r"\bở đầu\b", re.IGNORECASE)

PAST = re.compile(
    r"\b(?:(?:hom|dem|toi|chieu|sang|trua|bua) (?:qua|kia|truoc|no|ay)|(?:tuan|thang|nam|dot) (?:truoc|roi|ngoai|qua)|lan truoc|"
    r"may (?:hom|ngay|tuan|thang|nam|dem)|hoi (?:xua|truoc|nho)|ngay xua|truoc day|cach day|nam (?:19|20)\d\d|"
    r"ngay \d+|da co ket luan|(?:hang|moi) (?:dem|ngay|toi|tuan|thang)|(?:dem|toi|ngay|tuan|chieu|sang|thang|hom) nao cung|"
    r"thuong xuyen|hay (?:bi|danh|chem|doa|cai)|dao nay|gan day|thoi gian qua|nhieu lan|lau nay|xua nay|nghe noi|"
    r"rang sang nay|trong vu|vu (?:\w+ ){0,4}(?:do|ay|nay)(?= (?:da|chua|den|co)))\b"
)
"""Over already, or going on for a long time: a matter for a report."""
NOW = re.compile(
    r"\b(?:dang|bay gio|luc nay|ngay luc|hien gio|van con|cuu (?:voi|toi|em|chau|minh|con|me|nguoi)|gap|khan cap|keu cuu|"
    r"cau cuu|chua (?:vot|thoat|ra duoc|dap|co ai)|vua (?:xong|moi|xay ra)|kia kia|lien ngay|ngay lap tuc)\b"
)
PAPERWORK = re.compile(
    r"\b(?:thu tuc|giay to gi|giay phep|giay chung nhan|chung chi|chung nhan|giay xac nhan|dang ky|xin (?:cap|phep)|cap lai|"
    r"cap moi|cap doi|ho so|huan luyen|dien tap|tap huan|tham duyet|tham dinh|nghiem thu|bao hiem|lop hoc|hoc boi|lop boi|"
    r"tuyen truyen|muc phat|phat (?:bao nhieu|the nao|tien|nguoi)|bi phat|xu phat|di tu|toi gi|luat|quy dinh|nghi dinh|"
    r"thong tu|dieu kien|bang lai|(?:lam|lam lai|doi|mat|cap) (?:the )?(?:can cuoc|ho chieu|cccd|giay|bang|khai tu)|"
    r"hinh su|hanh chinh|tam giam|an treo|to giac toi pham|ket an|an tich|giam bang|tham gap|bi coi|quyen loi|nghi huu|muc nao|co quan nao|"
    r"xu ly (?:ra sao|the nao)|phai khai bao|khai bao (?:vang|tam|luu|o dau|ra sao|the nao|nhu the nao)|khong giam giu|kinh doanh|giao nop|khoang cach|phong chay|bao chay tu dong|binh chua chay|chong duoi nuoc|he thong)\b"
    r"|\bo dau(?: vay| a| ad| the| nhi)*$|\bmua o dau\b"
)
"""Somebody asks about papers, rules, courses or a shop: nothing is burning there."""
STORY = re.compile(
    r"\b(?:phim|game|truyen|tieu thuyet|tran (?:dau|bong|cau)|da bong|buoi dien|ca si|ca nhac|bai hat|ca khuc|gia vang|"
    r"co phieu|khuyen mai|deadline|nghia la gi|bo dia|cuoi muon|no hu|choi chu)\b"
)
"""Films, games, markets: the words are only used for their force."""


@lru_cache(maxsize=8)
def heard(text: str) -> str:
    """The message folded; a word whose typed accents make it another word becomes SOMETHING_ELSE.

    “Chạy” is not “cháy”, “nợ” is not “nổ”. “Ở đầu xóm” is a place, not “ở đâu”. The last few are kept: a message is
    asked about danger and about wrong, one after the other.
    """
    text = _ALLEY_HEAD.sub(" ", nfc(text[:TEXT_MAX]))
    words = [_as_meant(word) for word in _TYPED.findall(text)]
    return _PLACE_AT_THE_HEAD.sub(" ", fold(" ".join(words)).replace("khacnghia", SOMETHING_ELSE))


@lru_cache(maxsize=8192)
def _as_meant(word: str) -> str:
    plain = strip_marks(word)
    typed = word.casefold()
    if typed != plain and plain in _MEANT and typed not in _MEANT[plain]:
        return "khacnghia"
    return word
