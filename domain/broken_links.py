"""When a link of the catalogue is called broken: what came of asking it, and how often in a row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.said import said

NIGHTS = 3
"""A link that failed so many nights running is on the list of warnings: portals rest now and then."""


class Fault(StrEnum):
    """Why there was no answer with a number."""

    TIMEOUT = "timeout"
    CONNECTION = "connection"
    CERTIFICATE = "certificate"
    REFUSED = "refused"
    REDIRECTS = "redirects"


GONE = frozenset({"404", "410"})
FAULT_LABELS: Mapping[Fault, str] = {
    Fault.TIMEOUT: "quá lâu không trả lời",
    Fault.CONNECTION: "không kết nối được",
}


@dataclass(frozen=True)
class BrokenLink:
    """`what` is the number of the last answer, or a Fault."""

    since: date
    what: str

    def words(self) -> str:
        """For an officer."""
        if not self.what.isdigit():
            why = said(FAULT_LABELS[Fault(self.what)])
        elif self.what in GONE:
            why = said("trang không còn ở đó (mã %(code)s)", code=self.what)
        else:
            why = said("máy chủ đang lỗi (mã %(code)s)", code=self.what)
        return said(
            "Đường dẫn trang chính thức không mở được từ %(day)s: %(why)s.",
            day=f"{self.since:%d/%m/%Y}",
            why=why,
        )


def is_failure(what: str) -> bool:
    """Does it speak against the page? Many portals refuse robots (403, 405, 429) or send a chain of certificates that
    only browsers complete: that says nothing of the page.
    """
    if what.isdigit():
        return what in GONE or what.startswith("5")
    return what in FAULT_LABELS
