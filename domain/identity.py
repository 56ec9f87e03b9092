"""Who may open who a reporter is: one asks, another decides, the time is limited, everything is written down."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from enum import StrEnum

from domain.roles import Act, Role, may


class RequestState(StrEnum):
    """ASKED: waits · APPROVED: may be opened for a while · REFUSED · WITHDRAWN: by the one who asked."""

    ASKED = "asked"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


STATE_LABELS: Mapping[RequestState, str] = {
    RequestState.ASKED: "Chờ duyệt",
    RequestState.APPROVED: "Đã duyệt",
    RequestState.REFUSED: "Không duyệt",
    RequestState.WITHDRAWN: "Đã rút",
}
OPEN_FOR = timedelta(minutes=30)
"""So long an approved identity is shown, counted from the approval."""
ANSWER_WITHIN = timedelta(days=3)
"""A request nobody decides within this time lapses."""
INSPECTORATE, PROVINCE = "inspectorate", "province"


def body_of(roles: Iterable[Role], unit_id: str | None) -> str:
    """The body an officer belongs to: a unit, the inspectorate, or the command of the province."""
    if unit_id is not None:
        return unit_id
    return INSPECTORATE if Role.INSPECTOR in set(roles) else PROVINCE


def may_decide(
    roles: Iterable[Role], unit_id: str | None, *, officer_id: int, asked_by: int, asked_body: str
) -> bool:
    """Another person, with the right to approve, of the province, and of another body than the one that asks."""
    roles = tuple(roles)
    return (
        may(roles, Act.DECIDE_IDENTITY)
        and unit_id is None
        and officer_id != asked_by
        and body_of(roles, unit_id) != asked_body
    )
