"""Danger going on now, by rule; and words that report something rather than ask.

A false alarm costs the reader one extra message; a missed one may cost a life: so the rules lean towards
warning, except where the words are known to mean something harmless ("cháy hàng", "cháy túi").
"""

from __future__ import annotations

import re

from domain.vietnamese import fold, nfc

POLICE, FIRE, MEDICAL = "113", "114", "115"

_NOW = r"(?:dang|dag|vua|moi|sap|bi|co|lai|nay|bay gio|hien|ngay luc nay|cuu|gap|khan)"
_HARMLESS = re.compile(
    r"\b(?:chay hang|chay ve|chay tui|chay may|chay pho|chay nang|phao chay|dien may|chay show|chay bai|"
    r"chay xe|chay tren|chay qua|chay ra|chay vao|chay nhanh|chay bo|chay grab|chay tien|phong chay|bao chay tu dong|chua chay|chay no bat buoc|huan luyen|dien tap|"
    r"tham duyet|nghiem thu|bao hiem|chung chi|giay phep|thu tuc|dang ky|xin cap|lop hoc|hoc boi)\b"
)
_RULES: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        FIRE,
        re.compile(
            rf"\b(?:{_NOW} (?:\w+ ){{0,3}}(?:chay|no|hoa hoan)|chay (?:nha|rung|xuong|kho|xe|chung cu|cho|lon|to|roi)|"
            r"boc chay|no (?:binh )?gas|duoi nuoc|sap (?:nha|ham|cong trinh)|mac ket|ket thang may|hoa hoan)\b"
        ),
    ),
    (
        POLICE,
        re.compile(
            rf"\b(?:{_NOW} (?:\w+ ){{0,4}}(?:danh nhau|danh loan|chem|dam|cuop|bat coc|giet|hiep dam|de doa giet|"
            r"cam dao|cam sung|dot nha|xong vao nha|duoi danh|hanh hung)|"
            r"danh nhau (?:to|lon|roi|o|tai)|cuop (?:giat|tiem|ngan hang)|cau cuu|cuu (?:toi|em|chau|con) voi|"
            r"dang (?:bi )?(?:duoi|danh|nhot|giam)|no sung|ban nhau|chem nhau)\b"
        ),
    ),
    (
        MEDICAL,
        re.compile(
            r"\b(?:tai nan (?:\w+ ){0,4}(?:nang|chet|bat tinh|chay mau|nguy kich|vua|dang)|bat tinh|ngung tho|"
            r"chay mau nhieu|tu tu|nhay cau|uong thuoc (?:sau|ngu|doc)|dot quy|duoi nuoc|nguy kich|co giat)\b"
        ),
    ),
)
_RUNNING = re.compile(r"\bchạy\b", re.IGNORECASE)
"""To run, which without its accent reads like fire: the accent is used where it is typed."""
_AT_THE_HEAD = re.compile(r"\bở đầu\b", re.IGNORECASE)
"""“Ở đầu xóm” is a place; without accents it reads like “ở đâu”, which asks."""
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
    words = fold(_RUNNING.sub("đi", nfc(text)))
    if _HARMLESS.search(words) or _ASKING.search(words):
        return ()
    numbers = [number for number, rule in _RULES if rule.search(words)]
    if FIRE in numbers and re.search(r"\bduoi nuoc\b", words) and MEDICAL not in numbers:
        numbers.append(MEDICAL)
    return tuple(numbers)


def looks_like_tip(text: str) -> bool:
    """Do these words report something rather than ask about a procedure?"""
    words = fold(_AT_THE_HEAD.sub(" ", nfc(text)))
    return bool(_REPORTING.search(words)) and not _ASKING.search(words)
