"""Tips: the draft, the statuses and their moves, the code a citizen keeps."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from domain import codes
from domain.codes import CODE_LETTERS as CODE_LETTERS  # also known from here
from domain.codes import code_body, with_check
from domain.errors import MoveRefused
from domain.said import Said, said


class TipStatus(StrEnum):
    """Where a tip stands; LABELS has the words."""

    HELD = "held"
    NEW = "new"
    TAKEN = "taken"
    IN_PROGRESS = "in_progress"
    WAITING = "waiting"
    DONE = "done"
    PASSED_ON = "passed_on"
    REFUSED = "refused"
    DUPLICATE = "duplicate"
    SPAM = "spam"


_ENDS = frozenset(
    {TipStatus.DONE, TipStatus.PASSED_ON, TipStatus.REFUSED, TipStatus.DUPLICATE, TipStatus.SPAM}
)
MOVES: Mapping[TipStatus, frozenset[TipStatus]] = {
    TipStatus.HELD: frozenset({TipStatus.NEW, TipStatus.SPAM}),
    TipStatus.NEW: frozenset(
        {TipStatus.TAKEN, TipStatus.PASSED_ON, TipStatus.REFUSED, TipStatus.DUPLICATE, TipStatus.SPAM}
    ),
    TipStatus.TAKEN: frozenset({TipStatus.NEW, TipStatus.IN_PROGRESS, TipStatus.WAITING}) | _ENDS,
    TipStatus.IN_PROGRESS: frozenset({TipStatus.WAITING}) | _ENDS,
    TipStatus.WAITING: frozenset({TipStatus.IN_PROGRESS}) | (_ENDS - {TipStatus.SPAM}),
    TipStatus.DONE: frozenset({TipStatus.IN_PROGRESS}),
    TipStatus.PASSED_ON: frozenset({TipStatus.IN_PROGRESS}),
    TipStatus.REFUSED: frozenset({TipStatus.IN_PROGRESS}),
    TipStatus.DUPLICATE: frozenset({TipStatus.IN_PROGRESS}),
    TipStatus.SPAM: frozenset({TipStatus.NEW}),
}
"""From → the statuses it may become. Handing over to another unit of the police keeps the status at NEW."""

WORDS_NEEDED: Mapping[TipStatus, str] = {
    TipStatus.DONE: "đã làm gì, bằng lời người báo tin hiểu được",
    TipStatus.PASSED_ON: "đã chuyển cơ quan nào, vì sao",
    TipStatus.REFUSED: "lý do không thuộc thẩm quyền và nơi người báo cần đến",
    TipStatus.SPAM: "lý do coi là tin rác",
}
"""Moves that need words → which words. What is said of an end (but of spam) is told to the reporter too."""
REOPENING = "lý do mở lại"
"""The words that opening a closed tip again needs."""
TOLD_TO_REPORTER = frozenset({TipStatus.DONE, TipStatus.PASSED_ON, TipStatus.REFUSED})

OPEN = frozenset({TipStatus.NEW, TipStatus.TAKEN, TipStatus.IN_PROGRESS, TipStatus.WAITING})

LABELS: Mapping[TipStatus, str] = {
    TipStatus.HELD: "Đang giãn (gửi dồn dập)",
    TipStatus.NEW: "Mới đến",
    TipStatus.TAKEN: "Đã tiếp nhận",
    TipStatus.IN_PROGRESS: "Đang xử lý",
    TipStatus.WAITING: "Chờ người báo bổ sung",
    TipStatus.DONE: "Đã xử lý xong",
    TipStatus.PASSED_ON: "Đã chuyển cơ quan khác",
    TipStatus.REFUSED: "Không thuộc thẩm quyền",
    TipStatus.DUPLICATE: "Trùng tin báo khác",
    TipStatus.SPAM: "Tin rác",
}

FOR_CITIZEN: Mapping[TipStatus, str] = {
    TipStatus.HELD: "Tin báo đã được nhận và đang xếp hàng vì có nhiều tin gửi liên tiếp; tin không bị mất.",
    TipStatus.NEW: "Tin báo đã đến đơn vị, đang chờ trực ban tiếp nhận.",
    TipStatus.TAKEN: "Trực ban đã tiếp nhận tin báo.",
    TipStatus.IN_PROGRESS: "Công an đang xác minh, xử lý.",
    TipStatus.WAITING: "Công an đang chờ bạn bổ sung thông tin.",
    TipStatus.DONE: "Tin báo đã được xử lý xong.",
    TipStatus.PASSED_ON: "Tin báo đã được chuyển tới cơ quan có thẩm quyền.",
    TipStatus.REFUSED: "Nội dung không thuộc thẩm quyền của Công an; bạn đã được hướng dẫn nơi tiếp nhận.",
    TipStatus.DUPLICATE: "Sự việc đã có người báo trước; các tin được xử lý chung.",
    TipStatus.SPAM: "Tin báo đã được đóng.",
}
"""What the reporter is told: progress only, never content."""


DELETED_FOR_CITIZEN = "Tin báo đã xử lý xong từ lâu và đã được xóa khi hết thời hạn lưu."


def check_move(old: TipStatus, new: TipStatus) -> None:
    """Raise MoveRefused unless the table allows old → new."""
    if new not in MOVES[old]:
        raise MoveRefused(
            said(
                "Không thể chuyển từ “%(old)s” sang “%(new)s”.", old=said(LABELS[old]), new=said(LABELS[new])
            )
        )


def words_needed(old: TipStatus, new: TipStatus) -> str | None:
    """Which words the move needs; None when it needs none."""
    if new is TipStatus.IN_PROGRESS and old not in OPEN:
        return REOPENING
    return WORDS_NEEDED.get(new)


class TipSort(StrEnum):
    """What the law keeps apart; `domain.tip_kinds.sort_of` tells them by their words."""

    TIP = "tip"
    DENUNCIATION = "denunciation"
    FEEDBACK = "feedback"
    QUESTION = "question"


SORT_LABELS: Mapping[TipSort, str] = {
    TipSort.TIP: "Tin báo",
    TipSort.DENUNCIATION: "Tố cáo cán bộ",
    TipSort.FEEDBACK: "Phản ánh, góp ý",
    TipSort.QUESTION: "Câu hỏi",
}


class AttachmentKind(StrEnum):
    PHOTO = "photo"
    CLIP = "clip"
    VOICE = "voice"
    FILE = "file"


class AttachmentState(StrEnum):
    """Where a file of a tip stands.

    waiting  to be fetched                       sealed   the original is sealed, the viewing copy is being made
    kept     sealed, and a clean copy to look at   unclean  sealed, but no clean copy could be made: not shown
    clear    kept unsealed by an older release, to be sealed
    refused  too big or wrong type               lost     the link is dead
    """

    WAITING = "waiting"
    CLEAR = "clear"
    SEALED = "sealed"
    KEPT = "kept"
    UNCLEAN = "unclean"
    REFUSED = "refused"
    LOST = "lost"


@dataclass(frozen=True)
class Draft:
    """A tip being written. `key` ties attachments to it before there is a tip.

    unit_id     today's unit the citizen agreed to; "" = not known yet
    place       the place in the citizen's words; latitude/longitude when they shared a location
    category    the kind the citizen chose; "" = as their words suggest
    past_unit   the citizen wants it kept from the unit of the place
    shown       the addressee that the citizen read last: nothing is sent to another one
    reminded    a reminder went out during this pause
    not_there   the citizen said that the place inside their photo is not the place
    """

    key: str
    what: str = ""
    place: str = ""
    latitude: float | None = None
    longitude: float | None = None
    unit_id: str = ""
    category: str = ""
    past_unit: bool = False
    shown: str = ""
    reminded: bool = False
    not_there: bool = False

    @property
    def has_place(self) -> bool:
        """Did the citizen say where, in any way?"""
        return bool(self.unit_id or self.place) or self.latitude is not None

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Draft:
        return cls(**{name: value[name] for name in cls.__dataclass_fields__ if name in value})


@dataclass(frozen=True)
class PhotoPlace:
    """Where a file of a draft says it was taken, in degrees of WGS 84; `file` is its position in the draft."""

    file: int
    latitude: float
    longitude: float


@dataclass(frozen=True)
class FiledTip:
    """What the citizen is told after filing: the code, who got it, how many files came with it.

    held_until  it joins the queue only then, because many came at once; None = at once
    """

    code: str
    unit_name: str
    attachments: int
    held_until: datetime | None = None


PREFIX, CODE_LENGTH = "TB", 8


def new_code() -> str:
    """A code easy to read aloud and hard to guess: `TB-XXXX-XXXX-C`, 29^8 ≈ 5·10^11, last one a check."""
    return with_check(code_body(CODE_LENGTH), PREFIX)


def read_code(text: str) -> str | None:
    """The code as a citizen typed it, brought to its one form; None when the check letter is wrong."""
    return codes.read(text, length=CODE_LENGTH, prefix=PREFIX)


_WRITTEN_CODE = re.compile(r"\bTB[\s.-]*\w{4}[\s.-]*\w{4}[\s.-]*\w\b", re.IGNORECASE)
_BARE_CODE = re.compile(r"[a-z\d]{4}[\s.-]?[a-z\d]{4}[\s.-]?[a-z\d]", re.IGNORECASE)


def find_code(message: str) -> str | None:
    """The code that a message gives, alone or in a sentence.

    Letters are not gathered from ordinary words: every 29th sentence of the right length would be a code.
    """
    written = _WRITTEN_CODE.search(message) or _BARE_CODE.fullmatch(message.strip())
    return read_code(written[0]) if written else None


_FLOWERS = ("Sen", "Cúc", "Mai", "Đào", "Lan", "Huệ", "Nhài", "Ban", "Trúc", "Quỳnh", "Ngâu", "Sim")


_DESIGNATION = re.compile(r"Người báo tin (\w+)-(\d\d)")


def new_designation() -> str:
    """How officers call a reporter: stable for one tip, says nothing of the person ("Người báo tin Sen-42")."""
    return _designation(secrets.choice(_FLOWERS), secrets.randbelow(90) + 10)


def read_designation(text: str) -> str:
    """A designation as it was written down, so that it can be said again; anything else as it stands."""
    found = _DESIGNATION.fullmatch(text)
    return _designation(found[1], int(found[2])) if found and found[1] in _FLOWERS else text


def _designation(flower: str, number: int) -> Said:
    return said("Người báo tin %(flower)s-%(number)s", flower=said(flower), number=number)
