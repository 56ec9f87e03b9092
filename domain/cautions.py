"""What an officer should look at twice before a broadcast is approved: private data, names of units.

Warnings, not refusals: a lost child's street may have to be said, and the approver sees that it is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable

from rapidfuzz import fuzz, process

from domain.said import said
from domain.vietnamese import fold

_PHONE = re.compile(r"(?<![\d.])(?:\+?84|0)(?:[\s.-]?\d){9,10}(?!\d)")
_ID_NUMBER = re.compile(r"(?<!\d)(?:\d{12}|\d{9})(?!\d)")
_SPACED_ID = re.compile(r"(?<!\d)\d{3}[ .]\d{3}[ .]\d{3}[ .]\d{3}(?!\d)")
_MINOR = re.compile(r"\b(?:chau be|be trai|be gai|tre em|hoc sinh|chau|em be|tre lac|vi thanh nien)\b")
_AGE = re.compile(r"\b(\d{1,2}) tuoi\b")
_ADDRESS = re.compile(
    r"\b(?:so nha|nha so|ngo|hem|ngach|duong|pho|to dan pho|thon|xom|lop|truong)\s+[\w/]+", re.IGNORECASE
)
_UNIT = re.compile(r"\b(?:[Cc]ông an )?(?:[Pp]hường|[Xx]ã|[Tt]hị trấn)((?: [A-ZĐÀ-Ỹ][\wÀ-ỹ]*){1,4})")
CLOSE = 80
"""From this likeness (0 to 100) on an unknown name is taken for a misspelt one."""


def cautions(text: str, *, hotlines: Collection[str], unit_names: Iterable[str]) -> list[str]:
    """Sentences for the writer and the approver; empty when there is nothing to look at.

    hotlines    numbers that may be said, digits only
    unit_names  short names of all units, of today and of before
    """
    text = unicodedata.normalize("NFC", text)
    return [*_private(text, hotlines), *_misspelt(text, list(unit_names))]


def _private(text: str, hotlines: Collection[str]) -> list[str]:
    found: list[str] = []
    known = {_digits(number) for number in hotlines}
    phones = [match.group() for match in _PHONE.finditer(text)]
    strange = [number.strip() for number in phones if _digits(number) not in known]
    if strange:
        found.append(
            said(
                "Có số điện thoại không nằm trong danh sách đường dây nóng: %(numbers)s. "
                "Xin kiểm tra đây là số của đơn vị, không phải của người dân.",
                numbers=", ".join(strange),
            )
        )
    rest = _PHONE.sub(" ", text)
    if _ID_NUMBER.search(rest) or _SPACED_ID.search(rest):
        found.append("Có dãy số giống số căn cước hoặc CMND. Không đưa số giấy tờ của người dân vào tin.")
    folded = fold(text)
    minor = _MINOR.search(folded) or any(int(age) < 18 for age in _AGE.findall(folded))
    if minor and _ADDRESS.search(folded):
        found.append(
            "Tin nói về trẻ em và có địa chỉ, trường hoặc lớp. Chỉ nêu nơi ở của trẻ khi thật cần thiết "
            "(Luật Trẻ em 2016, Điều 6 khoản 11)."
        )
    return found


def _misspelt(text: str, names: list[str]) -> list[str]:
    """Names after “phường”, “xã” that no unit has, but one has nearly."""
    known = set(names)
    found: list[str] = []
    for match in _UNIT.finditer(text):
        words = match.group(1).split()
        if any(" ".join(words[:count]) in known for count in range(len(words), 0, -1)):
            continue
        name = " ".join(words[:2])
        best = process.extractOne(name, names, scorer=fuzz.ratio, score_cutoff=CLOSE)
        if best is None:
            best_folded = process.extractOne(fold(name), names, scorer=fuzz.ratio, processor=fold)
            best = best_folded if best_folded and best_folded[1] >= CLOSE else None
        unknown = match.group().strip()
        found.append(
            said("“%(name)s” không có trong danh mục đơn vị; có phải “%(near)s”?", name=unknown, near=best[0])
            if best
            else said("“%(name)s” không có trong danh mục đơn vị. Xin kiểm tra tên đơn vị.", name=unknown)
        )
    return list(dict.fromkeys(found))


def _digits(number: str) -> str:
    digits = "".join(filter(str.isdigit, number))
    return f"0{digits[2:]}" if digits.startswith("84") and len(digits) > 9 else digits
