"""“Xem như vai trò”: an administrator sees menu and pages as another role would, read-only and without tips.

The role looked through stands in the session. While it does, the officer has the rights of that role but reaches no
unit, changes nothing, and pages that an administrator may not see by their own right are told, not shown.
"""

from __future__ import annotations

from flask import Flask, Request, has_request_context, request, session
from flask_security import current_user

from console.language import translated
from domain.errors import NotAllowed
from domain.roles import MAY, ROLE_LABELS, Act, Role

KEY = "xem-vai"
OPEN_POSTS = frozenset(
    {"as_role.end", "as_role.begin", "security.logout", "account.theme", "account.choose_language"}
)
SHOWN_EMPTY = frozenset({"home", "tips", "shifts"})
"""Subjects that show themselves empty to somebody who reaches no unit."""


def looked_through() -> Role | None:
    """The role this session looks through; None = everybody works as themselves."""
    chosen = session.get(KEY) if has_request_context() else None
    return Role(chosen) if chosen in set(Role) else None


def works_as(own: tuple[Role, ...]) -> tuple[Role, ...]:
    """The roles that count for this request: an administrator's may be another's, nobody else's is."""
    chosen = looked_through()
    return (chosen,) if chosen is not None and Role.ADMIN in own else own


def label() -> str | None:
    """The role's name, while one is looked through."""
    chosen = looked_through()
    return translated(ROLE_LABELS[chosen]) if chosen else None


def only_told(acts: frozenset[Act], asked: Request) -> bool:
    """Is this page one that the role may open but the administrator behind it may not, and that is not empty?"""
    if looked_through() is None or not acts or acts & MAY[Role.ADMIN]:
        return False
    return (asked.endpoint or "").split(".")[0] not in SHOWN_EMPTY


def install(app: Flask) -> None:
    @app.before_request
    def nothing_changes() -> None:
        looks = looked_through() and current_user.is_authenticated
        if looks and request.method == "POST" and request.endpoint not in OPEN_POSTS:
            raise NotAllowed("change something while looking through another role")
