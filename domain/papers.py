"""Is a paper asked for? Its everyday name (“sổ đỏ”) is looked up in the lines of a dossier (“chỗ ở hợp pháp”).

The names are data: domain/paper_names.toml. A line that only speaks of a wider kind is told as such and never as the paper
itself.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from domain.vietnamese import fold, nfc

FILE = Path(__file__).with_name("paper_names.toml")
_ASKING_FOR = re.compile(r"^(?:(?:giay|to|cai|ban|cuon|quyen|tam) )+(?=\w)")
_COPY = re.compile(
    r"^(?:(?:ban sao|ban goc|ban chinh|photo|cong chung|ban photo) )+(?=\w)"
    r"|(?: (?:cong chung|photo|ban goc|ban sao|duoc|co))+$"
)
_PHOTO = re.compile(r"\bảnh\b", re.IGNORECASE)


@dataclass(frozen=True)
class Found:
    """Lines of a dossier, in its order.

    named  they speak of the paper itself
    wider  they speak of a kind of papers under which it usually falls
    """

    named: tuple[str, ...] = ()
    wider: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Paper:
    same: tuple[str, ...]
    kind_of: tuple[str, ...]


def is_known(paper: str) -> bool:
    """Does the table know this paper? `paper`: folded, as typed."""
    return _known(paper) is not None


def is_photo(paper: str) -> bool:
    return not {"anh", "hinh"}.isdisjoint(paper.split())


def photos(lines: Iterable[str]) -> Found:
    return Found(tuple(line for line in lines if _PHOTO.search(nfc(line))))


def look_up(paper: str, lines: Sequence[str]) -> Found:
    """Where the lines speak of this paper. `paper`: folded, as typed; looked up by its own words first."""
    wanted = _COPY.sub("", paper)
    known = _known(paper)
    own = [one for one in (wanted, _ASKING_FOR.sub("", wanted)) if len(one) > 2 and one not in _SAYS_LITTLE]
    same = _lines_with([*own, *(known.same if known else ())], lines)
    wider = _lines_with(known.kind_of if known else (), lines)
    return Found(same, tuple(line for line in wider if line not in same))


_SAYS_LITTLE = frozenset({"to", "nha", "xe", "dat", "con", "cu", "goc", "sao", "don"})
"""Alone, these stand in any line: “đơn” in “đơn vị”."""


def _known(paper: str) -> _Paper | None:
    names = _table()
    wanted = _COPY.sub("", paper)
    for name in (paper, wanted, _ASKING_FOR.sub("", wanted)):
        if name in names:
            return names[name]
    return None


def _lines_with(words: Iterable[str], lines: Sequence[str]) -> tuple[str, ...]:
    rules = [re.compile(rf"\b{re.escape(one)}\b") for one in dict.fromkeys(words) if one]
    return tuple(line for line in lines if any(rule.search(fold(nfc(line))) for rule in rules))


@cache
def _table() -> dict[str, _Paper]:
    """Folded everyday name → its paper. A name that stands twice raises ValueError."""
    found: dict[str, _Paper] = {}
    for row in tomllib.loads(FILE.read_text("utf-8"))["paper"]:
        same, kind_of = (tuple(fold(one) for one in row.get(key, ())) for key in ("same", "kind_of"))
        for name in dict.fromkeys(fold(one) for one in row["called"]):
            if name in found:
                raise ValueError(f"{FILE.name}: “{name}” stands twice")
            found[name] = _Paper(same, kind_of)
    return found
