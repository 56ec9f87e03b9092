"""Many small trees of yes-no questions about the evidence, added up: which candidate is wanted, how sure an answer is.

A straight sum of the evidence cannot say "a close lead does not matter when the name was said in full". Trees can, and
each is short enough to read: ["share", 0.53, below, above, value] asks whether `share` is at most 0.53 and goes on below
or above; a number is the end. Learned by `make train` (bench/boosting.py), kept in data/content/weights.json.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Node: TypeAlias = "float | tuple[str, float, Any, Any, float]"
"""An end with its value (log odds), or: name, limit, the tree at or below it, the tree above it, value on the way."""
Numbers: TypeAlias = NDArray[np.float64]
Places: TypeAlias = NDArray[np.intp]


@dataclass(frozen=True)
class Trees:
    """Log odds from named numbers. `names` gives the order of the numbers that are handed in."""

    names: tuple[str, ...]
    constant: float
    trees: tuple[Node, ...]

    def __post_init__(self) -> None:
        """Raises ValueError for a tree that asks about a number nobody gathers."""
        object.__setattr__(self, "_flat", _Flat.of(self.trees, self.names))

    def sum(self, numbers: Sequence[float]) -> float:
        """The log odds. `numbers`: as many as `names`, in their order."""
        return float(self.sums([numbers])[0])

    def sums(self, rows: ArrayLike) -> Numbers:
        """The log odds of several rows of numbers at once."""
        numbers = np.asarray(rows, np.float64)
        flat: _Flat = self._flat  # type: ignore[attr-defined]  # see __post_init__
        *_, ends = flat.levels(numbers)
        added: Numbers = flat.values[ends].reshape(len(numbers), len(flat.roots)).sum(axis=1)
        return added + self.constant

    def parts(self, numbers: Sequence[float]) -> Mapping[str, float]:
        """What each number moved on the way, beside what is usual; with `usual` they add up to the sum."""
        flat: _Flat = self._flat  # type: ignore[attr-defined]
        moved = np.zeros(len(self.names))
        for at, after in pairwise(flat.levels(np.asarray([numbers], np.float64))):
            steps = flat.values[after] - flat.values[at]
            moved += np.bincount(flat.which[at], steps, minlength=len(moved))
        return dict(zip(self.names, moved.tolist(), strict=True))

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


@dataclass(frozen=True)
class _Flat:
    """All trees as columns, one entry a node, so that every tree of every row is walked at the same time.

    which, limits, values   the number a node asks about, its limit, the log odds on the way
    children                at 2 * node where a number at or below the limit leads, behind it where one above does;
                            an end leads to itself
    roots, depth            the first node of each tree; the most questions any tree asks
    """

    which: Places
    limits: Numbers
    children: Places
    values: Numbers
    roots: Places
    depth: int

    def levels(self, rows: Numbers) -> Iterator[Places]:
        """The nodes reached, tree by tree and row by row: at the roots, after one question, after two, …"""
        numbers = rows.ravel()
        starts = np.repeat(np.arange(len(rows)) * rows.shape[1], len(self.roots))
        at = np.tile(self.roots, len(rows))
        yield at
        for _ in range(self.depth):
            above = numbers.take(self.which.take(at) + starts) > self.limits.take(at)
            at = self.children.take(2 * at + above)
            yield at

    @classmethod
    def of(cls, trees: Sequence[Node], names: Sequence[str]) -> _Flat:
        where = {name: at for at, name in enumerate(names)}
        which: list[int] = []
        limits: list[float] = []
        children: list[int] = []
        values: list[float] = []

        def put(node: Node) -> tuple[int, int]:
            """Where the node is kept, and how many questions it may lead to."""
            at = len(values)
            children.extend((at, at))
            if isinstance(node, float):
                which.append(0)
                limits.append(0.0)
                values.append(node)
                return at, 0
            name, limit, below, above, value = node
            if name not in where:
                raise ValueError(f"a tree asks about evidence that is not gathered: {name}")
            which.append(where[name])
            limits.append(limit)
            values.append(value)
            (children[2 * at], low), (children[2 * at + 1], high) = put(below), put(above)
            return at, 1 + max(low, high)

        kept = [put(tree) for tree in trees]
        return cls(
            np.array(which, np.intp),
            np.array(limits, np.float64),
            np.array(children, np.intp),
            np.array(values, np.float64),
            np.array([at for at, _ in kept], np.intp),
            max((depth for _, depth in kept), default=0),
        )


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
