"""How sure an answer is: many small trees of yes-no questions about the evidence, added up.

A straight sum of the evidence cannot say "a close lead does not matter when the name was said in full". Trees can, and
each is short enough to read: ["share", 0.53, below, above, value] asks whether `share` is at most 0.53 and goes on below
or above; a number is the end. Learned by `make train` (bench/train.py), kept in data/content/weights.json.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

Node: TypeAlias = "float | tuple[str, float, Any, Any, float]"
"""An end with its value (log odds), or: name, limit, the tree at or below it, the tree above it, value on the way."""


@dataclass(frozen=True)
class Trees:
    """Log odds from named numbers. `names` gives the order of the numbers that `sum` is handed."""

    names: tuple[str, ...]
    constant: float
    trees: tuple[Node, ...]

    def __post_init__(self) -> None:
        """Raises ValueError for a tree that asks about a number nobody gathers."""
        where = {name: at for at, name in enumerate(self.names)}
        object.__setattr__(self, "_flat", tuple(_flat(tree, where) for tree in self.trees))

    def sum(self, numbers: Sequence[float]) -> float:
        """The log odds. `numbers`: as many as `names`, in their order."""
        total = self.constant
        for which, limits, below, above, values in self._flat:  # type: ignore[attr-defined]  # see __post_init__
            at = 0
            while below[at]:
                at = below[at] if numbers[which[at]] <= limits[at] else above[at]
            total += values[at]
        return float(total)

    def parts(self, numbers: Sequence[float]) -> Mapping[str, float]:
        """What each number moved on the way, beside what is usual; with `usual` they add up to the sum."""
        moved = dict.fromkeys(self.names, 0.0)
        for which, limits, below, above, values in self._flat:  # type: ignore[attr-defined]
            at = 0
            while below[at]:
                after = below[at] if numbers[which[at]] <= limits[at] else above[at]
                moved[self.names[which[at]]] += values[after] - values[at]
                at = after
        return moved

    @property
    def usual(self) -> float:
        """The log odds before anything is asked."""
        return self.constant + sum(tree if isinstance(tree, float) else tree[4] for tree in self.trees)

    def to_json(self) -> dict[str, Any]:
        return {"constant": self.constant, "trees": [_listed(tree) for tree in self.trees]}

    @classmethod
    def from_json(cls, row: Mapping[str, Any], names: Sequence[str]) -> Trees:
        """Raises KeyError when a part is missing, ValueError when a tree asks about something else."""
        return cls(tuple(names), float(row["constant"]), tuple(_node(tree) for tree in row["trees"]))


def _node(row: Any) -> Node:
    if isinstance(row, list):
        name, limit, below, above, value = row
        return (str(name), float(limit), _node(below), _node(above), float(value))
    return float(row)


def _listed(node: Node) -> Any:
    if isinstance(node, float):
        return node
    name, limit, below, above, value = node
    return [name, limit, _listed(below), _listed(above), value]


def _flat(
    tree: Node, where: Mapping[str, int]
) -> tuple[list[int], list[float], list[int], list[int], list[float]]:
    """The tree as five columns, one row a node, the root first; `below` is 0 at an end. Quick to walk."""
    which: list[int] = []
    limits: list[float] = []
    below: list[int] = []
    above: list[int] = []
    values: list[float] = []

    def put(node: Node) -> int:
        at = len(which)
        for column in (which, below, above):
            column.append(0)
        limits.append(0.0)
        if isinstance(node, float):
            values.append(node)
            return at
        name, limit, lower, upper, value = node
        if name not in where:
            raise ValueError(f"a tree asks about evidence that is not gathered: {name}")
        values.append(value)
        which[at], limits[at] = where[name], limit
        below[at] = put(lower)
        above[at] = put(upper)
        return at

    put(tree)
    return which, limits, below, above, values
