"""Kinds of broadcasts: what each asks for, how long it is worth sending, whether it may go the urgent way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from domain.said import listed, said


@dataclass(frozen=True)
class KindField:
    """A blank of a template: `{name}` in it."""

    name: str
    label: str
    required: bool = False


@dataclass(frozen=True)
class BroadcastKind:
    """One line of data/content/broadcast_kinds.toml.

    lifetime    a delivery later than this after its time is not sent any more
    urgent_way  the officer on duty may approve it, with a review afterwards
    template    words with `{field}` in them; a line whose fields are all empty falls out
    """

    key: str
    label: str
    lifetime: timedelta
    urgent_way: bool
    template: str
    fields: tuple[KindField, ...] = ()


def fill_in(kind: BroadcastKind, values: Mapping[str, str]) -> str:
    """The template with what was filled in. Raises ValueError, in Vietnamese, when a required field is empty."""
    given = {field.name: " ".join(values.get(field.name, "").split()) for field in kind.fields}
    missing = [field.label for field in kind.fields if field.required and not given[field.name]]
    if missing:
        raise ValueError(said("Mời điền: %(fields)s.", fields=listed(map(said, missing))))
    lines = []
    for line in kind.template.splitlines():
        named = [name for name in given if f"{{{name}}}" in line]
        if named and not any(given[name] for name in named):
            continue
        for name in named:
            line = line.replace(f"{{{name}}}", given[name])
        lines.append(line)
    return "\n".join(lines).strip()
