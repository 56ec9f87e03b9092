"""What is data about dossiers: forms of codes, and how long things are kept."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path

from domain.dossiers import CodeBook, CodeFormat
from domain.errors import BadContent

FILE = Path(__file__).parent / "content" / "dossiers" / "codes.toml"


@dataclass(frozen=True)
class DossierRules:
    """One edition of the rules."""

    codes: CodeBook
    ended: timedelta
    silent: timedelta
    tries: timedelta
    imports: timedelta


@cache
def shipped() -> DossierRules:
    """The rules in data/content, read once."""
    return read(FILE)


def read(file: Path) -> DossierRules:
    """Read and check. Raises BadContent with every fault named."""
    problems: list[str] = []
    try:
        table = tomllib.loads(file.read_text("utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise BadContent([f"{file.name}: {error}"]) from error
    formats = []
    for raw in table.get("format", []):
        if missing := {"key", "label", "shape", "example", "certainty", "source"} - raw.keys():
            problems.append(f"{file.name}: a format without {', '.join(sorted(missing))}")
            continue
        one = CodeFormat(raw["key"], raw["label"], raw["shape"], raw["example"], raw["certainty"])
        if not re.fullmatch(r"(?:[A9D().-]|\{\d+(?:,\d+)?\})+", one.shape):
            problems.append(
                f"{file.name}: {one.key}: a shape has A, 9, D, groups, counts, dots and dashes only"
            )
        elif CodeBook([one]).read(one.example) is None:
            problems.append(f"{file.name}: {one.key}: the example does not have the shape")
        formats.append(one)
    keep = {
        name: table.get("keep", {}).get(f"{name}_days") for name in ("ended", "silent", "tries", "imports")
    }
    problems += [
        f"{file.name}: keep.{name}_days must be a number of days"
        for name, n in keep.items()
        if not _is_days(n)
    ]
    if problems:
        raise BadContent(problems)
    return DossierRules(CodeBook(formats), **{name: timedelta(days=n) for name, n in keep.items()})


def _is_days(value: object) -> bool:
    return isinstance(value, int) and 1 <= value <= 3650
