"""Who may do what at the console: one readable table.

`Scope` says on whose tips: UNIT the officer's own unit, PROVINCE every unit. An officer with several roles
may do what any of them may.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum


class Role(StrEnum):
    DUTY = "duty"
    UNIT_HEAD = "unit_head"
    BROADCASTER = "broadcaster"
    APPROVER = "approver"
    INSPECTOR = "inspector"
    EDITOR = "editor"
    ADMIN = "admin"


ROLE_LABELS: Mapping[Role, str] = {
    Role.DUTY: "Trực ban",
    Role.UNIT_HEAD: "Chỉ huy đơn vị",
    Role.BROADCASTER: "Cán bộ tuyên truyền",
    Role.APPROVER: "Người duyệt tin",
    Role.INSPECTOR: "Thanh tra",
    Role.EDITOR: "Cán bộ biên tập thủ tục",
    Role.ADMIN: "Quản trị hệ thống",
}


class Act(StrEnum):
    SEE_TIPS = "see_tips"
    WORK_TIPS = "work_tips"
    HAND_OVER = "hand_over"
    ASK_UNSEAL = "ask_unseal"
    DECIDE_UNSEAL = "decide_unseal"
    SEE_BROADCASTS = "see_broadcasts"
    WRITE_BROADCASTS = "write_broadcasts"
    APPROVE_BROADCASTS = "approve_broadcasts"
    APPROVE_URGENT = "approve_urgent"
    STOP_SENDING = "stop_sending"
    MANAGE_GROUPS = "manage_groups"
    SETTLE_UNKNOWN = "settle_unknown"
    POST_ASSISTED = "post_assisted"
    MANAGE_OFFICERS = "manage_officers"
    SEE_CATALOGUE = "see_catalogue"
    EDIT_CATALOGUE = "edit_catalogue"
    TEACH = "teach"
    SEE_AUDIT = "see_audit"
    SEE_HEALTH = "see_health"
    ASK_IDENTITY = "ask_identity"
    DECIDE_IDENTITY = "decide_identity"
    LINK_REPORTERS = "link_reporters"
    HOLD_TIPS = "hold_tips"
    SEE_STATISTICS = "see_statistics"
    MANAGE_UNITS = "manage_units"
    CHECK_UNITS = "check_units"
    MANAGE_SETTINGS = "manage_settings"


MAY: Mapping[Role, frozenset[Act]] = {
    Role.DUTY: frozenset({Act.SEE_TIPS, Act.WORK_TIPS, Act.POST_ASSISTED, Act.ASK_UNSEAL, Act.SEE_CATALOGUE}),
    Role.UNIT_HEAD: frozenset(
        {
            Act.SEE_TIPS,
            Act.WORK_TIPS,
            Act.HAND_OVER,
            Act.POST_ASSISTED,
            Act.SEE_BROADCASTS,
            Act.ASK_UNSEAL,
            Act.DECIDE_UNSEAL,
            Act.SEE_CATALOGUE,
            Act.APPROVE_URGENT,
            Act.ASK_IDENTITY,
            Act.DECIDE_IDENTITY,
            Act.SEE_STATISTICS,
        }
    ),
    Role.BROADCASTER: frozenset(
        {Act.SEE_BROADCASTS, Act.WRITE_BROADCASTS, Act.SETTLE_UNKNOWN, Act.STOP_SENDING}
    ),
    Role.APPROVER: frozenset(
        {Act.SEE_BROADCASTS, Act.APPROVE_BROADCASTS, Act.SETTLE_UNKNOWN, Act.STOP_SENDING}
    ),
    Role.INSPECTOR: frozenset(
        {
            Act.SEE_TIPS,
            Act.SEE_BROADCASTS,
            Act.SEE_AUDIT,
            Act.HAND_OVER,
            Act.WORK_TIPS,
            Act.ASK_UNSEAL,
            Act.DECIDE_UNSEAL,
            Act.SEE_CATALOGUE,
            Act.ASK_IDENTITY,
            Act.DECIDE_IDENTITY,
            Act.LINK_REPORTERS,
            Act.HOLD_TIPS,
            Act.SEE_STATISTICS,
            Act.CHECK_UNITS,
        }
    ),
    Role.EDITOR: frozenset({Act.SEE_CATALOGUE, Act.EDIT_CATALOGUE, Act.TEACH}),
    Role.ADMIN: frozenset(
        {
            Act.MANAGE_OFFICERS,
            Act.SEE_AUDIT,
            Act.SEE_HEALTH,
            Act.SEE_BROADCASTS,
            Act.SEE_CATALOGUE,
            Act.EDIT_CATALOGUE,
            Act.TEACH,
            Act.MANAGE_GROUPS,
            Act.STOP_SENDING,
            Act.MANAGE_UNITS,
            Act.CHECK_UNITS,
            Act.MANAGE_SETTINGS,
        }
    ),
}
"""An administrator runs the system and sees no tips. TEACH: kept questions, and what the bot learns from them.
CHECK_UNITS: the second look at a change of units that somebody else prepared."""


def may(roles: Iterable[Role], act: Act) -> bool:
    """May somebody with these roles do this?"""
    return any(act in MAY[role] for role in roles)
