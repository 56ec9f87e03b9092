"""The boards as they are defined in data/content/boards, read once and checked."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from domain.boards import Board, BoardField, faults
from domain.errors import BadContent
from domain.units import UnitLevel
from domain.vietnamese import nfc

FOLDER = Path(__file__).parent / "content" / "boards"
_TEXTS = ("key", "title", "title_en")


@cache
def shipped() -> dict[str, Board]:
    """The boards in data/content, by key."""
    return read(FOLDER)


def read(folder: Path) -> dict[str, Board]:
    """Read and check every file. Raises BadContent with every fault, file and entry named."""
    problems: list[str] = []
    boards: dict[str, Board] = {}
    for path in sorted(folder.glob("*.toml")):
        board = _board(path, problems)
        if board is not None:
            boards[board.key] = board
    for board in boards.values():
        if board.replaced_by is not None and board.replaced_by not in boards:
            problems.append(f"{board.key}.toml: replaced_by: there is no board “{board.replaced_by}”")
    if problems:
        raise BadContent(problems)
    return boards


def check_boards(folder: Path) -> list[str]:
    """Every fault of the boards in this folder; empty when there is none."""
    try:
        read(folder)
    except BadContent as found:
        return found.problems
    return []


def _board(path: Path, problems: list[str]) -> Board | None:
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
        board = Board(
            level=UnitLevel(raw["level"]),
            valid_from=_day(raw["valid_from"]),
            valid_to=_day(raw["valid_to"]) if "valid_to" in raw else None,
            replaced_by=raw.get("replaced_by"),
            fields=tuple(
                BoardField(**{key: nfc(str(value)) for key, value in one.items()}) for one in raw["fields"]
            ),
            **{key: nfc(raw[key]) for key in _TEXTS},
        )
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        problems.append(f"{path.name}: {error}")
        return None
    if board.key != path.stem:
        problems.append(f"{path.name}: key is not the name of the file")
    if board.valid_to and not board.replaced_by:
        problems.append(f"{path.name}: a board that ended says what came after (replaced_by)")
    problems += [f"{path.name}: {fault}" for fault in faults(board.composition)]
    return board


def _day(value: Any) -> date:
    if not isinstance(value, date):
        raise ValueError(f"{value} is no day")
    return value
