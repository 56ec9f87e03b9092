"""The kinds of broadcasts, from data/content/broadcast_kinds.toml. A new kind is a new table in that file."""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Mapping
from datetime import timedelta
from functools import lru_cache
from pathlib import Path

from domain.broadcast_kinds import BroadcastKind, KindField
from domain.errors import BadContent

FILE = Path(__file__).parent / "content" / "broadcast_kinds.toml"


@lru_cache(maxsize=1)
def kinds() -> Mapping[str, BroadcastKind]:
    """All kinds by key, in the order of the file."""
    return read_kinds(FILE)


def read_kinds(file: Path) -> Mapping[str, BroadcastKind]:
    """Raises BadContent, naming the kind, when the file does not add up."""
    try:
        tables = tomllib.loads(unicodedata.normalize("NFC", file.read_text("utf-8")))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise BadContent([f"{file}: {error}"]) from error
    found, problems = {}, []
    for key, table in tables.items():
        try:
            fields = tuple(
                KindField(name, one["label"], bool(one.get("required")))
                for name, one in table.get("fields", {}).items()
            )
            kind = BroadcastKind(
                key,
                table["label"],
                timedelta(hours=table["lifetime_hours"]),
                bool(table.get("urgent_way", False)),
                table["template"].strip(),
                fields,
            )
        except (KeyError, TypeError, AttributeError) as error:
            problems.append(f"{file}: {key}: {error!r} is missing or of the wrong type")
            continue
        unknown = [field.name for field in fields if f"{{{field.name}}}" not in kind.template]
        if unknown or not kind.label or kind.lifetime <= timedelta(0):
            problems.append(f"{file}: {key}: fields the template does not name: {unknown}, or no lifetime")
        found[key] = kind
    if problems or not found:
        raise BadContent(problems or [f"{file}: no kinds"])
    return found
