"""A question without the person in it, so that officers may learn from it.

Names, numbers, plates, phones, papers, addresses, links become «tên», «số» …; what cannot be made safe is dropped
(None). The rules would rather hide a harmless word than show a personal one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection

from domain.vietnamese import strip_marks

LENGTH_MAX = 200
"""Longer questions tell a story; a story is not kept."""
MASKS_MAX = 4
"""A question with more masks than this is about a person."""
WORDS_MIN = 2
"""Words of its own a question must still have."""
DIGITS_SHOWN = 3
"""Longest number that is shown: ages, 113, 125 cc."""

LINK, MAIL, NAME = "«liên kết»", "«thư điện tử»", "«tên»"
PLATE, NUMBER, PLACE = "«biển số»", "«số»", "«địa chỉ»"
_MASK = re.compile("«[^«»]*»")

_WORD = r"[^\W\d_]+"
_UP = "".join(
    c for c in map(chr, (*range(0x41, 0x5B), *range(0xC0, 0x250), *range(0x1E00, 0x1F00))) if c.isupper()
)
_CAPITAL = rf"(?-i:\b[{_UP}][^\W\d_]*)"
_ENDS = r"(?:vn|com|net|org|info|me|gov|edu|io|xyz|top|club|shop|online|site|app|link|asia|biz|cc|ly)"
_DIGIT_WORD = r"(?:không|khong|một|mot|mốt|hai|ba|bốn|bon|tư|tu|năm|nam|lăm|lam|sáu|sau|bảy|bay|bẩy|tám|tam|chín|chin|linh|lẻ)"
_KIN = (
    r"(?:ông|bà|anh|chị|em|chú|cô|bác|cậu|mợ|dì|thím|cháu|bé|bạn|thầy|con|vợ|chồng|mẹ|bố|cha|ba|ong|chi|chu|co|bac|"
    r"cau|di|chau|be|thay|vo|chong|me|bo|tôi là|em là|mình là|toi la|em la|minh la)"
)
_FAMILY = (
    r"(?:nguyễn|nguyen|trần|tran|phạm|pham|hoàng|hoang|huỳnh|huynh|phan|vũ|vu|võ|vo|đặng|bùi|bui|lê|le|ngô|ngo|dương|"
    r"duong|đinh|đoàn|trịnh|trinh|đỗ|hồ|lý|lương|đào|tạ|thân|giáp|phùng|triệu|nghiêm)"
)
_MIDDLE = r"(?:văn|van|thị|thi|hữu|huu|đức|duc|đình|dinh|ngọc|ngoc|xuân|xuan|quang|bá|viết|thế)"
_TELLS_NAME = (
    r"(?:(?:tôi|em|mình|anh|chị|cháu|con|cô|chú|vợ|chồng|bố|mẹ|toi|minh|chau) (?:tên|ten)(?: (?:là|la))?|"
    r"(?:tên|ten)(?: (?:tôi|em|mình|con|cháu|vợ|chồng|toi|minh|chau))? (?:là|la)|(?:họ|ho) (?:và |va )?(?:tên|ten)"
    r"(?: (?:là|la))?)"
)
_HOUSE = r"(?:số nhà|so nha|nhà số|nha so|ngõ|ngách|hẻm|kiệt|thôn|thon|xóm|xom|tổ dân phố|to dan pho|tdp|khu phố|khu pho)"
_NUMBERED = (
    r"(?:tổ|to|ngo|ngach|hem|ấp|ap|bản|đội|lô|khu|phòng|căn hộ|phường|phuong|quận|quan|đường|duong|phố|pho)"
)
_AREA = (
    r"(?:đường|duong|phố|pho|phường|phuong|xã|xa|thị trấn|thi tran|huyện|huyen|quận|quan|thành phố|thanh pho|tp\.?|"
    r"tỉnh|tinh|thị xã|chung cư|bản|ấp)"
)

_RULES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), put)
    for pattern, put in (
        (r"[^\s«»]*@[^\s«»]*", MAIL),
        (rf"{_WORD}[\w.]*\s*(?:\(at\)|\[at\]|\ba còng\b|\ba cong\b)\s*[\w.]*", MAIL),
        (rf"(?:https?:|www\.)[^\s«»]*|\b[\w-]+(?:\.[\w-]+)*\.{_ENDS}\b(?:[/?][^\s«»]*)?", LINK),
        (r"\b\d{2}\s?[-.]?\s?[a-zđ]{1,2}\d?\s?[-. ]{0,2}\s?\d{3}[. ]?\d{1,2}\b", PLATE),
        (r"\b[a-z]{1,3}[- ]?\d{6,}\b", NUMBER),
        (rf"\b(?:{_DIGIT_WORD}\s+){{4,}}{_DIGIT_WORD}\b", NUMBER),
        (
            rf"\b{_HOUSE}\s+(?:số\s+)?(?:\d[\w/]*|{_CAPITAL}(?:\s+{_CAPITAL}){{0,3}}|{_WORD}(?:\s+{_WORD})?)",
            PLACE,
        ),
        (rf"\b{_NUMBERED}\s+(?:số\s+|so\s+)?\d[\w/]*", PLACE),
        (rf"\b{_AREA}\s+{_CAPITAL}(?:\s+{_CAPITAL}){{0,3}}", PLACE),
        (rf"\b{_TELLS_NAME}\s*:?\s+{_WORD}(?:\s+{_WORD}){{0,3}}", NAME),
        (rf"\b{_FAMILY}\s+{_MIDDLE}\s+{_WORD}(?:\s+{_CAPITAL})?", NAME),
        (rf"(?-i:\b(?i:{_FAMILY})(?:\s+{_CAPITAL}){{2,3}})", NAME),
    )
)
_KIN_AND_NAME = re.compile(rf"\b({_KIN})\s+({_CAPITAL}(?:\s+{_CAPITAL}){{0,3}})", re.IGNORECASE)
_NUMBERS = re.compile(r"\+?\d(?:[\s.,\-/()]{0,3}\d)*")
_CAPITALS = re.compile(rf"{_CAPITAL}(?:\s+{_CAPITAL})*")
_LOWER_AREA = re.compile(rf"\b({_AREA})\s+({_WORD}(?:\s+{_WORD}){{0,2}})", re.IGNORECASE)
_SHOUTED = 0.6
"""Share of words with a capital from which capitals say nothing (titles, shouting)."""
_PLAIN_CAPITALS = frozenset(
    [
        "viet nam",
        "bac giang",
        "bac ninh",
        "ha noi",
        "my",
        "nhat",
        "nhat ban",
        "han quoc",
        "trung quoc",
        "dai loan",
        "uc",
        "phap",
        "duc",
        "anh",
        "nga",
        "lao",
        "campuchia",
        "zalo",
        "facebook",
        "vneid",
        "cong an",
        "can cuoc",
        "can cuoc cong dan",
        "ho chieu",
        "internet",
        "google",
        "samsung",
        "honda",
        "bo cong an",
        "nha nuoc",
        "the",
        "giay",
        "so",
        "toi",
        "em",
        "xin",
        "cho",
        "cam on",
        "da",
        "a",
        "thu tuc",
        "viet",
        "kinh",
        "phat giao",
        "cong giao",
        "tet",
    ]
)
"""Folded words and names that are nobody's."""


def mask(question: str, places: Collection[str] = frozenset()) -> str | None:
    """The question without personal parts; None when it cannot be made safe, or says nothing any more.

    places  folded names of communes, known also without capitals
    Idempotent on what it gives back; never raises.
    """
    text = _tidied(question)
    if len(text) > LENGTH_MAX:
        return None
    for _ in range(4):
        again = _once(text, places)
        if again == text:
            break
        text = again
    return text if _is_safe(text) else None


def mask_phrase(phrase: str) -> str | None:
    """The same for what a thing is called: a few words in the middle of a question, no question by themselves."""
    return mask(f"hỏi về {phrase}")


def _tidied(text: str) -> str:
    composed = unicodedata.normalize("NFKC", text.encode("utf-8", "ignore").decode("utf-8"))
    kept = (c if unicodedata.category(c) not in {"Cc", "Zl", "Zp"} else " " for c in composed)
    return " ".join(
        "".join(c for c in kept if unicodedata.category(c) not in {"Cf", "Me", "Co", "Cn"}).split()
    )


def _once(text: str, places: Collection[str]) -> str:
    for pattern, put in _RULES:
        text = _outside_masks(text, lambda part, p=pattern, m=put: p.sub(m, part))  # type: ignore[misc]  # bound here
    text = _outside_masks(text, lambda part: _NUMBERS.sub(_long_number, part))
    if places:
        text = _outside_masks(text, lambda part: _LOWER_AREA.sub(lambda m: _known_place(m, places), part))
    words = re.findall(_WORD, _MASK.sub(" ", text))
    capitals = sum(1 for word in words if word[0].isupper())
    if words and capitals / len(words) < _SHOUTED:
        text = _outside_masks(text, lambda part: _KIN_AND_NAME.sub(_kin, part))
        text = _without_capitals(text)
    return " ".join(text.split())


def _outside_masks(text: str, change: Callable[[str], str]) -> str:
    """Apply `change` between masks only, so that masks are never masked again."""
    parts = re.split("(«[^«»]*»)", text)
    return "".join(part if _MASK.fullmatch(part) else change(part) for part in parts)


def _long_number(found: re.Match[str]) -> str:
    return found[0] if sum(c.isdigit() for c in found[0]) <= DIGITS_SHOWN else NUMBER


def _known_place(found: re.Match[str], places: Collection[str]) -> str:
    words = found[2].split()
    for count in range(len(words), 0, -1):
        if strip_marks(" ".join(words[:count])) in places:
            return " ".join([PLACE, *words[count:]])
    return found[0]


def _kin(found: re.Match[str]) -> str:
    return found[0] if _is_plain(found[2]) else f"{found[1]} {NAME}"


def _without_capitals(text: str) -> str:
    """Capitals in the middle of a sentence are names, unless they are known to be nobody's."""
    parts, begins = [], True
    for part in re.split("(«[^«»]*»)", text):
        if _MASK.fullmatch(part):
            parts.append(part)
            begins = False
            continue

        def put(found: re.Match[str], part: str = part, begins: bool = begins) -> str:
            before = part[: found.start()].rstrip(" \"'(-–:")
            words = found[0].split()
            first = begins if not before else before[-1] in ".!?"
            own, rest = (words[:1], words[1:]) if first else ([], words)
            if _is_plain(" ".join(words)) or not rest or _is_plain(" ".join(rest)):
                return found[0]
            return " ".join([*own, NAME])

        parts.append(_CAPITALS.sub(put, part))
        begins = begins and not part.strip()
    return "".join(parts)


def _is_plain(words: str) -> bool:
    """Nobody's name: listed, or letters in capitals that stand for words (CCCD, GPLX, B2)."""
    folded = strip_marks(words)
    return folded in _PLAIN_CAPITALS or all(
        strip_marks(word) in _PLAIN_CAPITALS or (word.isupper() and len(word) <= 6) for word in words.split()
    )


def _is_safe(text: str) -> bool:
    rest = _MASK.sub(" ", text)
    if "@" in rest or "«" in rest or "»" in rest or "://" in rest:
        return False
    longest = max((sum(c.isdigit() for c in run) for run in _NUMBERS.findall(rest)), default=0)
    if longest > DIGITS_SHOWN or any(unicodedata.category(c) in {"No", "Nl"} for c in rest):
        return False
    return len(_MASK.findall(text)) <= MASKS_MAX and len(re.findall(_WORD, rest)) >= WORDS_MIN
