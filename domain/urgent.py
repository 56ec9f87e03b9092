"""Danger going on now, by rule; and words that report something rather than ask.

A false alarm costs the reader one extra message; a missed one may cost a life: so the rules lean towards
warning, except where the words are known to mean something harmless ("cháy hàng", "cháy túi").
"""

from __future__ import annotations

import re

from domain.vietnamese import fold, nfc

POLICE, FIRE, MEDICAL = "113", "114", "115"
TEXT_MAX = 2000
"""Characters that are read: who is in danger says so at once."""

_OTHER_WORDS = re.compile(r"\b(?:chạy|nợ|đám|từ từ|giặt|ở đầu|đánh giá|ăn chay)\b", re.IGNORECASE)
"""To run, debt, a crowd, slowly …: without accents they read like fire, blast, stabbing, suicide.
“Ở đầu xóm” is a place that reads like “ở đâu”. Where the accents were typed they are believed."""
_HARMLESS = re.compile(
    r"\b(?:chay (?:hang|ve|tui|pho|nang|may|show|bai|bo|grab|tien|viec|an|tau|ads|quang cao|deadline|ra|xe|"
    r"(?:tren|qua|vao|nhanh|cham|dung|sai|nguoc) (?:\w+ )?(?:duong|cao toc|quoc lo|via he|lan|chieu|vach|toc do))|"
    r"phao chay|phong chay|xe chua chay|binh chua chay|chua chay|bao chay(?= tu dong)|dien may|chay no bat buoc|"
    r"no (?:hu|xau|ngan hang|tien|hoa|mui)|dam (?:cuoi|ma|tang|gio|hoi|bao)|phong dot quy|chong duoi nuoc)\b"
)
"""Phrases that hold a word of danger and mean none: they are taken out, what remains is judged."""
_PAPERWORK = re.compile(
    r"\b(?:thu tuc|giay to gi|giay phep|giay chung nhan|chung chi|chung nhan|dang ky|xin cap|cap lai|cap moi|ho so|"
    r"huan luyen|dien tap|tap huan|tham duyet|tham dinh|nghiem thu|bao hiem|lop hoc|hoc boi|tuyen truyen|"
    r"muc phat|bi phat|phat bao nhieu|phat tien|xu phat|di tu|luat|quy dinh|nghi dinh|dieu kien)\b|\bo dau(?: vay| a| ad)*$"
)
"""Words of somebody who asks about papers or rules: nothing is burning there."""
_NOW = r"(?:dang|dag|vua|moi|sap|bi|co|lai|nay|bay gio|hien|ngay luc nay|cuu|gap|khan)"
_THEM = r"(?:toi|minh|em|anh|chi|vo|chong|con|chau|me|bo|ba|ong|nguoi|nhau|dap)"
_RULES: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        FIRE,
        re.compile(
            rf"\b(?:{_NOW} (?:\w+ ){{0,3}}(?:chay|hoa hoan)|chay (?:nha|rung|xuong|kho|chung cu|cho|lon|to|roi)|"
            r"boc chay|(?:phat|tieng|vu) no|no (?:binh|gas|ga|bom|min|lon|kho|tung)|duoi nuoc|chet duoi|"
            r"sap (?:nha|ham|cong trinh|cau|gian giao)|mac ket|ket (?:trong )?thang may|hoa hoan)\b"
        ),
    ),
    (
        POLICE,
        re.compile(
            rf"\b(?:{_NOW} (?:\w+ ){{0,4}}(?:danh nhau|danh loan|chem|dam|cuop|bat coc|giet(?! mo| ga| lon)|hiep dam|"
            r"cam dao|cam sung|dot nha|xong vao nha|duoi danh|hanh hung|danh dap|bop co|truy sat|pha cua|pha khoa|"
            r"dot nhap|treo tuong|de doa)|danh nhau (?:to|lon|roi|o|tai|duoi)|cuop (?:giat|tiem|ngan hang)|cau cuu|"
            rf"cuu (?:toi|em|chau|con|minh) voi|dang danh {_THEM}|dang bi (?:duoi theo|danh(?! cap| gia| mat| thue)|"
            r"nhot|giam giu)|no sung|ban nhau|chem nhau)\b"
        ),
    ),
    (
        MEDICAL,
        re.compile(
            r"\b(?:tai nan (?:\w+ ){0,4}(?:nang|chet|bat tinh|chay mau|nguy kich|vua|dang)|bat tinh|ngung tho|"
            r"chay mau nhieu|(?:dinh|doa|muon|dang|vua|nguoi) (?:\w+ ){0,2}tu tu|nhay cau|"
            r"uong thuoc (?:sau|ngu|doc)|dot quy|duoi nuoc|chet duoi|nguy kich|(?:bi|dang|con) co giat)\b"
        ),
    ),
)
_PLACE_AT_THE_HEAD = re.compile(r"\bo dau (?:ngo|xom|lang|duong|cau|hem|thon|pho|cho|khu|truong|ban|to)\b")
_ASKING = re.compile(
    r"\b(?:thu tuc|giay to gi|can gi|nhu the nao|o dau|bao nhieu|co duoc|duoc khong|lam sao de|muc phat|"
    r"bi phat|luat|quy dinh|xin cap|dang ky|cap lai|cap moi|dieu kien|bao lau)\b"
)
_REPORTING = re.compile(
    r"\b(?:toi (?:muon |xin )?(?:bao|to giac|phan anh|trinh bao)|(?:muon|xin) (?:bao|to giac|phan anh|trinh bao)|"
    r"phat hien|nghi (?:ngo|la|co)|co (?:mot )?(?:nhom|doi tuong|thanh nien|nguoi) (?:\w+ ){0,6}(?:danh bac|ma tuy|trom|"
    r"cuop|dua xe|gay roi|danh nhau|lua dao|ban|dot|pha|quay)|tu tap|danh bac|xoc dia|tiem chich|buon ban ma tuy|"
    r"bi (?:lua|mat trom|mat cap|trom|cuop|hack|de doa|danh)|lua dao|dua xe|mat trom|ca do|so de|cho vay nang lai|"
    r"gay (?:on|mat trat tu)|hat karaoke)\b"
)


def emergency_numbers(text: str) -> tuple[str, ...]:
    """Which of 113, 114, 115 to call now; empty when the words do not speak of danger going on."""
    words = _HARMLESS.sub(" ", _words(text))
    if _PAPERWORK.search(words):
        return ()
    return tuple(number for number, rule in _RULES if rule.search(words))


def looks_like_tip(text: str) -> bool:
    """Do these words report something rather than ask about a procedure?"""
    words = _words(text)
    return bool(_REPORTING.search(words)) and not _ASKING.search(words)


def _words(text: str) -> str:
    """Folded, without the words that only look like danger or a question once their accents are gone."""
    return _PLACE_AT_THE_HEAD.sub(" ", fold(_OTHER_WORDS.sub(" ", nfc(text[:TEXT_MAX]))))
