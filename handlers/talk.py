"""What a conversation about procedures remembers from one turn to the next: kept in the standing's draft."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from domain.aspects import Asked

FADES_AFTER = timedelta(minutes=30)
"""So long “thế lệ phí bao nhiêu?” means the procedure just spoken of; later we ask which one."""
FORGOTTEN_AFTER = timedelta(days=7)
"""So long we can still say what was spoken of last, and ask whether it is meant."""


@dataclass(frozen=True)
class Talk:
    """Plain values only.

    at      when this was remembered, ISO, aware UTC; "" when not known
    about   id of the procedure or topic whose card was shown last and not refused
    before  id of the procedure spoken of before a topic of general interest (opening hours) came in between
    rest    ids that came next in the search and were not offered yet
    show    ids of the numbered list on the screen; fields: keys of the list of fields; page: pages shown of it
    field   the field whose procedures are listed
    aspect  the part that was asked before we knew of which procedure, as Asked.kept
    which   we asked of which of the list the part is meant
    shown   the last message was that card or a part of it: whoever asks something else has not refused it
    misses  answers in a row that were wrong or none
    """

    at: str = ""
    about: str = ""
    before: str = ""
    rest: tuple[str, ...] = ()
    show: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    field: str = ""
    page: int = 0
    aspect: str = ""
    which: bool = False
    shown: bool = False
    misses: int = 0

    @classmethod
    def of(cls, draft: Mapping[str, Any]) -> Talk:
        """Read a draft, also one that an older version of the program kept."""
        known: dict[str, Any] = {}
        for name, default in asdict(cls()).items():
            value = draft.get(name, default)
            if isinstance(default, tuple):
                known[name] = tuple(str(one) for one in value) if isinstance(value, list | tuple) else ()
            else:
                known[name] = value if isinstance(value, type(default)) else default
        return cls(**known)

    @property
    def asked(self) -> Asked | None:
        """The part that waits for the name of a procedure."""
        return Asked.of(self.aspect)

    def is_fresh(self, now: datetime) -> bool:
        """Is it recent enough that words without a name still mean what was spoken of?"""
        try:
            return now - datetime.fromisoformat(self.at) <= FADES_AFTER
        except (ValueError, TypeError):
            return False

    def draft(self, now: datetime, **changes: Any) -> dict[str, Any]:
        """As the standing keeps it, with changes."""
        kept = asdict(replace(self, at=now.isoformat(), **changes))
        return {name: value for name, value in kept.items() if value}
