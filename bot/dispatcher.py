"""Which flow answers this turn; nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from domain.conversations import Flow, Outcome, Turn
from domain.messages import Reply


@dataclass(frozen=True)
class Standing:
    """Where a citizen stands before or after a turn."""

    flow: str | None = None
    step: str | None = None
    draft: Mapping[str, Any] | None = None
    updated_at: datetime | None = None


@dataclass(frozen=True)
class Answered:
    """Where the citizen stands now, and what they are told."""

    standing: Standing
    replies: tuple[Reply, ...]


def answer(
    turn: Turn, standing: Standing, flows: Sequence[Flow], warn: Callable[[Turn], Reply | None]
) -> Answered:
    """Answer one turn.

    The flow under way is asked first, unless it was left too long ago; then the first of `flows` that begins
    with this turn (the last one takes anything). A flow that holds stays: another may answer in between but
    not take over. `warn` speaks before everything else (danger going on now).
    """
    current = _under_way(turn, standing, flows)
    within = replace(turn, step=standing.step, draft=standing.draft or {})
    if current:
        outcome = _at_step(current, within)
        if outcome:
            warning = warn(turn)
            return _stand(flows, outcome.before(warning) if warning else outcome, turn.now)
    begun = next(flow for flow in flows if flow.begins(turn))
    outcome = begun.begin(turn)
    if current and current.holds and begun is not current:
        reminder = current.lost(within)
        told = not outcome.step or begun.complete
        return _stand(flows, reminder.before(*outcome.replies) if told else reminder, turn.now)
    return _stand(flows, outcome, turn.now)


def _under_way(turn: Turn, standing: Standing, flows: Sequence[Flow]) -> Flow | None:
    flow = next((flow for flow in flows if flow.name == standing.flow and standing.step), None)
    if flow and standing.updated_at and turn.now - standing.updated_at > flow.forgotten_after:
        return None
    return flow


def _at_step(flow: Flow, turn: Turn) -> Outcome | None:
    """What the flow says at its step; None when it is not for this flow."""
    kinds = flow.steps.get(turn.step or "")
    if kinds is None:  # a step of an older version of the program
        return flow.lost(turn) if flow.holds else None
    handler = kinds.get(type(turn.said))
    return handler(turn, turn.said) if handler else None


def _stand(flows: Sequence[Flow], outcome: Outcome, now: datetime) -> Answered:
    """Where the outcome leaves the citizen: at a step of the flow that has it, which may be another flow's."""
    if outcome.step is None:
        return Answered(Standing(updated_at=now), outcome.replies)
    owner = next((flow for flow in flows if outcome.step in flow.steps), None)
    if owner is None:  # a step of an older version: begin anew
        return Answered(Standing(updated_at=now), outcome.replies)
    return Answered(Standing(owner.name, outcome.step, outcome.draft or {}, now), outcome.replies)
