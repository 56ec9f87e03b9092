"""What is said about a tip rather than in it: that none was meant, who sees it, how far it is; and who was harmed."""

from __future__ import annotations

import re

from domain.urgent import looks_like_tip
from domain.vietnamese import fold
from handlers import texts

_HARMED = re.compile(
    r"\b(?:toi|em|minh|chau|con|me|bo|ba|ong|vo|chong|ban|nha)\b(?: \w+){0,4} bi (?:\w+ ){0,2}(?:lua|trom|cuop|giat|danh|hack|quay roi|de doa|moc tui|"
    r"chiem doat|tong tien|xam hai|bat nat|boi nho|ghep anh|khung bo|doa)\b"
)
_OWN_TIP = re.compile(
    r"(?:(?:the|a|ad|da|vay|tin|tin bao|vu|viec|cua|toi|em|minh|do|hom truoc|hom qua) )*(?:den dau|gui (?:di )?chua|gui duoc chua|nhan duoc chua|"
    r"(?:da )?xu ly (?:den dau|chua|xong chua|the nao)|giai quyet chua|(?:bao gio|khi nao) (?:moi )?(?:xu ly|giai quyet|co ket qua|xuong)|co ket qua chua)(?: (?:roi|a|ad|vay|the))*"
)
_NO_TIP = re.compile(
    r"(?:(?:da|a|o|ad|em|toi|minh|chau) )*(?:"
    r"(?:khong(?: phai)?|nham|lon|thoi) (?:(?:a|roi|toi|em|minh|chau|chi|la) )*(?:(?:muon |dang |can )?hoi|(?:muon|can|dinh) lam)\b.*|"
    r"(?:gui|bam|an|chup) nham.*|(?:khong phai|dau phai|khong) (?:la )?(?:tin bao|bao tin|bao (?:gi|ai|cong an)).*|nham(?: (?:roi|a|anh|ad))*|"
    r"chi (?:muon )?hoi.*)"
)
_ABOUT_THE_TIP: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(
            r"\b(?:(?:co |bi |so )?lo (?:ten|thong tin|danh tinh)|an danh|giau ten|bao mat|giu bi mat|ai biet (?:toi|em|minh|la)|"
            r"co ai biet|biet (?:toi|em|minh) (?:la ai|bao)|co thay (?:ten|so))\b(?:.*\b)?(?:khong|chua|chu)(?: (?:a|ad|vay|the|nhi))*$"
        ),
        texts.TIP_WHO_SEES,
    ),
    (
        re.compile(
            r"^(?:(?:the|vay|a|ad|da|khi nao|thi) )*(?:(?:bao gio|khi nao|bao lau|may ngay|luc nao) (?:\w+ ){0,3}(?:xu ly|giai quyet|xuong|den|co ket qua|tra loi|xong|xem)|"
            r"(?:da )?(?:gui|nhan|chuyen) (?:di )?(?:chua|duoc chua|roi chua)|co (?:ai )?xu ly khong)(?: (?:a|ad|vay|the|nhi))*$"
        ),
        texts.TIP_NOT_SENT_YET,
    ),
)
NO_TIP_WORDS_MAX = 5
"""In more words than these something may be told after all: nothing told is ever dropped."""
TIP_QUESTION_WORDS_MAX = 10


def is_no_tip(text: str) -> bool:
    """“Không, tôi hỏi hộ chiếu”, “gửi nhầm”: what was sent was not meant for a tip."""
    told = " ".join(fold(text).split())
    few = len(told.split()) <= NO_TIP_WORDS_MAX
    return bool(_NO_TIP.fullmatch(told)) and (few or not looks_like_tip(text))


def asked_about_tip(text: str) -> str:
    """The answer to a question about the tip that is being written; "" when it is a part of the tip."""
    told = " ".join(fold(text).split())
    if len(told.split()) > TIP_QUESTION_WORDS_MAX:
        return ""
    return next((answer for rule, answer in _ABOUT_THE_TIP if rule.search(told)), "")


def was_harmed(text: str) -> bool:
    """“Em bị lừa 50 triệu, giờ phải làm sao”: what to do is asked, and something is to be reported."""
    return bool(_HARMED.search(fold(text)))


def asks_own_tip(text: str) -> bool:
    """“Đến đâu rồi”, “gửi chưa”: of the tip that was sent, where there is one."""
    return bool(_OWN_TIP.fullmatch(" ".join(fold(text).split())))
