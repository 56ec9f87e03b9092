"""Dossiers: how far a resident's own application is, by its code. Steps and dates only, never what is in it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Protocol

from domain.errors import MoveRefused
from domain.said import said


class DossierStep(StrEnum):
    """Where a dossier stands; LABELS for officers, FOR_CITIZEN for residents."""

    RECEIVED = "received"
    CHECKING = "checking"
    SUPPLEMENT = "supplement"
    PROCESSING = "processing"
    SIGNING = "signing"
    READY = "ready"
    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


S = DossierStep
LABELS: Mapping[DossierStep, str] = {
    S.RECEIVED: "Đã tiếp nhận",
    S.CHECKING: "Đang kiểm tra hồ sơ",
    S.SUPPLEMENT: "Chờ bổ sung",
    S.PROCESSING: "Đang giải quyết",
    S.SIGNING: "Chờ ký duyệt",
    S.READY: "Có kết quả",
    S.GIVEN: "Đã trả kết quả",
    S.REFUSED: "Không giải quyết",
    S.WITHDRAWN: "Đã rút",
}
FOR_CITIZEN: Mapping[DossierStep, str] = {
    S.RECEIVED: "Cơ quan Công an đã tiếp nhận hồ sơ của bạn.",
    S.CHECKING: "Cán bộ đang kiểm tra giấy tờ trong hồ sơ.",
    S.SUPPLEMENT: "Hồ sơ còn thiếu giấy tờ hoặc thông tin. Xin bạn liên hệ nơi nộp để được hướng dẫn bổ sung.",
    S.PROCESSING: "Hồ sơ đã đủ và đang được giải quyết.",
    S.SIGNING: "Hồ sơ đã giải quyết xong, đang chờ lãnh đạo ký.",
    S.READY: "Đã có kết quả. Mời bạn đến nơi nộp hồ sơ để nhận, nhớ mang theo giấy hẹn và giấy tờ tùy thân.",
    S.GIVEN: "Kết quả đã được trả.",
    S.REFUSED: "Hồ sơ không đủ điều kiện giải quyết. Xin bạn xem văn bản trả lời hoặc hỏi nơi nộp để biết lý do.",
    S.WITHDRAWN: "Hồ sơ đã được rút theo đề nghị của người nộp.",
}
"""What a resident is told, in full sentences."""

ENDED = frozenset({S.GIVEN, S.REFUSED, S.WITHDRAWN})
_OPEN = frozenset(S) - ENDED
MOVES: Mapping[DossierStep, frozenset[DossierStep]] = {
    **{step: frozenset(S) - {step} for step in _OPEN},
    S.GIVEN: frozenset({S.PROCESSING}),  # the result had a fault and is made anew
    S.REFUSED: frozenset({S.PROCESSING, S.CHECKING}),  # a complaint was right
    S.WITHDRAWN: frozenset({S.RECEIVED}),
}
"""From → the steps it may go to. Units send what they know, and not every step of theirs: an open dossier may go to
any step, also back; one that ended is only taken up again where that happens in life."""

_ALSO: Mapping[DossierStep, tuple[str, ...]] = {
    S.RECEIVED: ("tiếp nhận", "mới tiếp nhận", "đã nhận"),
    S.CHECKING: ("đang kiểm tra", "đang thẩm tra", "thẩm tra"),
    S.SUPPLEMENT: ("yêu cầu bổ sung", "bổ sung", "chờ bổ sung hồ sơ"),
    S.PROCESSING: ("đang xử lý", "đang thực hiện", "đang giải quyết hồ sơ"),
    S.SIGNING: ("trình ký", "chờ ký", "chờ phê duyệt"),
    S.READY: ("đã có kết quả", "chờ trả kết quả", "đã xử lý xong"),
    S.GIVEN: ("trả kết quả", "đã trả", "hoàn thành"),
    S.REFUSED: ("từ chối", "từ chối tiếp nhận", "trả lại", "không đủ điều kiện"),
    S.WITHDRAWN: ("rút", "rút hồ sơ", "công dân rút hồ sơ"),
}
"""Other words that sheets of units have for a step."""


def _flat(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


_BY_WORDS = {_flat(words): step for step in S for words in (step.value, LABELS[step], *_ALSO[step])}


def read_step(text: str) -> DossierStep | None:
    """The step that these words of a sheet name; None when they name none."""
    return _BY_WORDS.get(_flat(text))


def check_move(old: DossierStep, new: DossierStep) -> None:
    """Raise MoveRefused unless the table allows old → new. The same step again is no move."""
    if old is not new and new not in MOVES[old]:
        raise MoveRefused(
            said(
                "Hồ sơ đang ở bước “%(old)s”, không chuyển sang “%(new)s” được.",
                old=said(LABELS[old]),
                new=said(LABELS[new]),
            )
        )


# ---- codes -------------------------------------------------------------------------------------------------------

CODE_MAX = 40
_SEPARATOR = r"[\s.,\-_/–—]{0,3}"
_DIGIT = r"[0-9OIL]"
_DAY = r"[0-9OIL]{2}[01OIL][0-9OIL][0-3OIL][0-9OIL]"
_AS_DIGITS = str.maketrans("OIL", "011")


@dataclass(frozen=True)
class CodeFormat:
    """One form that codes have; `shape` is explained in data/content/dossiers/codes.toml."""

    key: str
    label: str
    shape: str
    example: str
    certainty: str

    @property
    def pattern(self) -> str:
        """As a regular expression over text in capitals; letters of the shape are groups."""
        parts = []
        for sign in re.findall(r"\{[0-9,]+\}|.", self.shape):
            parts.append(
                {
                    "A": "([A-Z])",
                    "9": _DIGIT,
                    "D": _DAY,
                    "(": "(?:",
                    ")": ")",
                    ".": _SEPARATOR,
                    "-": _SEPARATOR,
                }.get(sign, sign)
            )
        return rf"(?<![A-Z0-9]){''.join(parts)}(?![A-Z0-9])"


@dataclass(frozen=True)
class FoundCode:
    """A code in a text: its bare letters and digits, and what else was said."""

    key: str
    rest: str


class CodeBook:
    """Knows codes of dossiers when it sees them."""

    def __init__(self, formats: Sequence[CodeFormat]) -> None:
        self.formats = tuple(formats)
        self._patterns = [re.compile(one.pattern) for one in formats]

    def find(self, text: str) -> FoundCode | None:
        """The first code in a text; separators, small letters and O for 0, I or L for 1 make no difference."""
        capitals = _capitals(text)
        found = [match for pattern in self._patterns if (match := pattern.search(capitals))]
        if not found:
            return None
        best = min(found, key=lambda match: (match.start(), -match.end()))
        rest = f"{capitals[: best.start()]} {capitals[best.end() :]}"
        return FoundCode(_bare(best), " ".join(rest.split()))

    def read(self, text: str) -> str | None:
        """The bare form of a text that is a code and nothing else; None for anything else."""
        if len(text) > 2 * CODE_MAX:
            return None
        found = self.find(text)
        return found.key if found and not found.rest.strip(".,;:# ") else None


def _capitals(text: str) -> str:
    """Capitals without marks; as long as the composed text, so that nothing slips."""
    spread = unicodedata.normalize("NFKC", text)
    return "".join(unicodedata.normalize("NFD", c)[0].upper()[:1] if c.isalpha() else c for c in spread)


def _bare(match: re.Match[str]) -> str:
    letters = {match.start(number) for number in range(1, len(match.groups()) + 1)}
    signs = [
        sign if at in letters else sign.translate(_AS_DIGITS)
        for at, sign in enumerate(match[0], match.start())
        if sign.isascii() and sign.isalnum()
    ]
    return "".join(signs)


def tidy_code(text: str) -> str:
    """A code as it is kept and shown to officers: as typed, capitals, no spaces, plain dashes."""
    return (
        re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
        .replace("–", "-")
        .replace("—", "-")
        .upper()[:CODE_MAX]
    )


def ending(key: str) -> str:
    """The end of a code, by which a resident knows which of their dossiers is meant."""
    return f"…{key[-4:]}"


# ---- the second factor --------------------------------------------------------------------------------------------

PROOF_DIGITS = 4
_PROOF = re.compile(r"(?<!\d)\d{4}(?!\d)")
TRIES_OF_CITIZEN, WINDOW_OF_CITIZEN = 5, timedelta(hours=1)
"""So many wrong tries of one resident within this time."""
TRIES_OF_CODE, WINDOW_OF_CODE = 10, timedelta(hours=24)
"""So many wrong tries of one code, by whomever."""
FOLLOWS_MAX = 20


def read_proof(text: str) -> str | None:
    """The four digits that were said; None unless there is exactly one group of four."""
    found = _PROOF.findall(unicodedata.normalize("NFKC", text))
    return found[0] if len(found) == 1 and found[0].isascii() else None


def last_digits(text: str) -> str | None:
    """The last four digits of a number in a sheet; Excel drops leading zeros. None when it is no number."""
    digits = re.sub(r"[\s.\-]", "", unicodedata.normalize("NFKC", text))
    if not digits.isascii() or not digits.isdigit() or len(digits) > 12:
        return None
    return digits[-PROOF_DIGITS:].zfill(PROOF_DIGITS)


# ---- what travels --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class DossierView:
    """What whoever holds code and digits is told; `mark` names the dossier in buttons, and says nothing."""

    mark: str
    ending: str
    step: DossierStep
    on: date
    unit: str
    procedure: str = ""
    due_on: date | None = None
    followed: bool = False
    survey: str = ""
    """The one-time code with which they can say how they were served; "" while it is not over, or not wanted."""


class LookUp(StrEnum):
    """Why there is nothing to show. WRONG covers “no such code” too: nobody learns which codes exist."""

    WRONG = "wrong"
    TOO_OFTEN = "too_often"


@dataclass(frozen=True)
class DossierChange:
    """What a unit says about one dossier.

    code    as written; on: the day of the step
    phone, paper   last four digits of the phone and of the identity paper, "" = not said; never kept as they are
    """

    code: str
    step: DossierStep
    on: date
    unit_id: str
    procedure: str = ""
    due_on: date | None = None
    phone: str = ""
    paper: str = ""


class DossierRecords(Protocol):
    """What a turn may look up or keep about dossiers; a part of domain.conversations.Records."""

    def code(self, text: str) -> tuple[str, str] | None:
        """(mark of the first code in the text, what else was said); None without one."""
        ...

    def example(self) -> str:
        """What a code looks like."""
        ...

    def look_up(self, mark: str, digits: str) -> DossierView | LookUp:
        """The dossier for whoever knows the digits; a wrong try is counted."""
        ...

    def followed(self) -> list[DossierView]:
        """What this citizen follows, newest first."""
        ...

    def follow(self, mark: str) -> None: ...
    def unfollow(self, mark: str | None) -> None:
        """Stop following one, or all (None)."""
        ...
