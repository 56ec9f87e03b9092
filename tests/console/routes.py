"""Every route of the console, who may use it, and what it answers: the table behind the test of the rights matrix.

A new route needs a row. Statuses are those of a form that is empty but for `form`, so that nothing much happens.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass

from domain.roles import Act

OPEN = "open"
"""No log-in is needed."""
DOOR = "door"
"""For whoever gave the first factor, or is logged in."""
ANY = "any"
"""For every officer who is logged in."""


@dataclass(frozen=True)
class Row:
    """One route.

    acts     any of them opens it; empty for the three gates above
    ok       what it answers to an officer with the right, about things within reach
    beyond   the same about things of another unit (or, where they belong to an officer, of somebody else);
             None: it is about nothing that belongs to a unit
    missing  the same about a number that nobody has
    fresh    the second factor is asked for again when it was given a while ago
    """

    gate: str
    acts: frozenset[Act]
    ok: Set[int]
    beyond: Set[int] | None
    missing: Set[int]
    fresh: bool
    form: Mapping[str, str]


def row(
    *who: Act | str,
    ok: int | set[int],
    beyond: int | None = None,
    missing: int | set[int] = 404,
    fresh: bool = False,
    form: Mapping[str, str] | None = None,
) -> Row:
    gates = [one for one in who if isinstance(one, str) and not isinstance(one, Act)]
    return Row(
        gate=gates[0] if gates else "acts",
        acts=frozenset(one for one in who if isinstance(one, Act)),
        ok={ok} if isinstance(ok, int) else ok,
        beyond=None if beyond is None else {beyond},
        missing={missing} if isinstance(missing, int) else missing,
        fresh=fresh,
        form=form or {},
    )


LISTS = (Act.MANAGE_UNITS, Act.MANAGE_GROUPS, Act.EDIT_CATALOGUE)
"""Each keeps one kind of list in Excel; the lists of others are not found."""

ROUTES: Mapping[str, Row] = {
    "account.password POST": row(ANY, ok=422),
    "account.show GET": row(ANY, ok=200),
    "account.choose_language POST": row(OPEN, ok=302),
    "account.theme POST": row(OPEN, ok=302),
    "as_role.begin POST": row(Act.MANAGE_OFFICERS, ok=400),
    "as_role.choose GET": row(Act.MANAGE_OFFICERS, ok=200),
    "as_role.end POST": row(ANY, ok=302),
    "assisted.listing GET": row(Act.POST_ASSISTED, ok=200),
    "assisted.posted POST": row(Act.POST_ASSISTED, ok=409, beyond=404),
    "board_acts.save POST": row(Act.EDIT_BOARDS, ok=422, beyond=404),
    "board_acts.undo POST": row(Act.EDIT_BOARDS, ok=409, beyond=404),
    "board_scans.sheet GET": row(Act.SEE_BOARDS, ok=200),
    "board_scans.show GET": row(Act.SEE_BOARDS, ok=200),
    "boards.listing GET": row(Act.SEE_BOARDS, ok=200),
    "boards.print_all GET": row(Act.SEE_BOARDS, ok=200),
    "boards.print_one GET": row(Act.SEE_BOARDS, ok=200, beyond=404),
    "boards.show GET": row(Act.SEE_BOARDS, ok=200, beyond=404),
    "broadcast_acts.approve_urgent POST": row(Act.APPROVE_URGENT, ok=409, fresh=True),
    "broadcast_acts.follow_up POST": row(Act.WRITE_BROADCASTS, ok=400, missing=400),
    "broadcast_acts.retry POST": row(Act.APPROVE_BROADCASTS, Act.WRITE_BROADCASTS, ok=422),
    "broadcast_acts.review POST": row(Act.APPROVE_BROADCASTS, ok=400, missing=400),
    "broadcast_acts.send_to_myself POST": row(Act.APPROVE_BROADCASTS, Act.WRITE_BROADCASTS, ok=409),
    "broadcast_calendar.show GET": row(Act.SEE_BROADCASTS, ok=200),
    "broadcast_files.show GET": row(Act.POST_ASSISTED, Act.SEE_BROADCASTS, ok=404),
    "broadcast_form.change GET": row(Act.WRITE_BROADCASTS, ok=200),
    "broadcast_form.create POST": row(Act.WRITE_BROADCASTS, ok=422),
    "broadcast_form.new GET": row(Act.WRITE_BROADCASTS, ok=200),
    "broadcast_form.save POST": row(Act.WRITE_BROADCASTS, ok=422, missing=422),
    "broadcast_lists.drop POST": row(Act.WRITE_BROADCASTS, ok=409, missing=409),
    "broadcast_lists.keep POST": row(Act.WRITE_BROADCASTS, ok=422),
    "broadcast_lists.listing GET": row(Act.WRITE_BROADCASTS, ok=200),
    "broadcast_reports.export GET": row(Act.SEE_BROADCASTS, ok=200, fresh=True),
    "broadcast_reports.show GET": row(Act.SEE_BROADCASTS, ok=200),
    "broadcast_stop.lift POST": row(Act.STOP_SENDING, ok=409, fresh=True),
    "broadcast_stop.press POST": row(Act.STOP_SENDING, ok=422, fresh=True),
    "broadcast_stop.show GET": row(Act.STOP_SENDING, ok=200),
    "broadcast_wall.dry_run GET": row(Act.SEE_BROADCASTS, ok=200),
    "broadcast_wall.export GET": row(Act.SEE_BROADCASTS, ok=200, fresh=True),
    "broadcast_wall.part GET": row(Act.SEE_BROADCASTS, ok=200),
    "broadcast_wall.show GET": row(Act.SEE_BROADCASTS, ok=200),
    "broadcasts.approve POST": row(Act.APPROVE_BROADCASTS, ok=409, fresh=True),
    "broadcasts.listing GET": row(Act.SEE_BROADCASTS, ok=200),
    "broadcasts.part GET": row(Act.SEE_BROADCASTS, ok=200),
    "broadcasts.pause POST": row(Act.APPROVE_BROADCASTS, Act.WRITE_BROADCASTS, ok=409),
    "broadcasts.propose POST": row(Act.WRITE_BROADCASTS, ok=409),
    "broadcasts.refuse POST": row(Act.APPROVE_BROADCASTS, ok=422),
    "broadcasts.resume POST": row(Act.APPROVE_BROADCASTS, Act.WRITE_BROADCASTS, ok=409),
    "broadcasts.settle POST": row(Act.SETTLE_UNKNOWN, ok=400, missing=400),
    "broadcasts.show GET": row(Act.SEE_BROADCASTS, ok=200),
    "broadcasts.take_back POST": row(Act.WRITE_BROADCASTS, ok=409),
    "broadcasts.withdraw POST": row(Act.APPROVE_BROADCASTS, Act.WRITE_BROADCASTS, ok=409),
    "catalogue.call_off POST": row(Act.EDIT_CATALOGUE, ok=409),
    "catalogue.checked POST": row(Act.EDIT_CATALOGUE, ok=302),
    "catalogue.listing GET": row(Act.SEE_CATALOGUE, ok=200),
    "catalogue.show GET": row(Act.SEE_CATALOGUE, ok=200),
    "catalogue.undo POST": row(Act.EDIT_CATALOGUE, ok=422),
    "changes.again POST": row(Act.TEACH, ok=409),
    "changes.apply POST": row(Act.TEACH, ok=409),
    "changes.drop POST": row(Act.TEACH, ok=409),
    "changes.progress GET": row(Act.TEACH, ok=200),
    "changes.show GET": row(Act.TEACH, ok=200),
    "changes.undo POST": row(Act.TEACH, ok=422),
    "complaint_acts.judge POST": row(
        Act.ISSUE_ORDERS, ok=409, beyond=404, form={"to": "accepted", "version": "99"}
    ),
    "complaint_acts.move POST": row(
        Act.WORK_COMPLAINTS, ok=409, beyond=404, form={"to": "looking", "version": "99"}
    ),
    "complaint_acts.order POST": row(Act.ISSUE_ORDERS, ok=422, beyond=404),
    "complaint_acts.proof GET": row(Act.SEE_COMPLAINTS, ok=200, beyond=404),
    "complaint_acts.prove POST": row(Act.WORK_COMPLAINTS, ok=422, beyond=404),
    "complaints.listing GET": row(Act.SEE_COMPLAINTS, ok=200),
    "complaints.show GET": row(Act.SEE_COMPLAINTS, ok=200, beyond=404),
    "dated_settings.change POST": row(Act.MANAGE_SETTINGS, ok=422, fresh=True),
    "dated_settings.day_off POST": row(Act.MANAGE_SETTINGS, ok=422, fresh=True),
    "dated_settings.form GET": row(Act.MANAGE_SETTINGS, ok=200),
    "dated_settings.listing GET": row(Act.MANAGE_SETTINGS, ok=200),
    "dated_settings.withdraw POST": row(Act.MANAGE_SETTINGS, ok={302, 409}, fresh=True),
    "dossiers.apply POST": row(Act.SEND_DOSSIERS, ok=302, beyond=404, fresh=True),
    "dossiers.compared GET": row(Act.SEND_DOSSIERS, ok=200, beyond=404),
    "dossiers.drop POST": row(Act.SEND_DOSSIERS, ok=409, beyond=404),
    "dossiers.listing GET": row(Act.SEE_DOSSIERS, ok=200),
    "dossiers.show GET": row(Act.SEE_DOSSIERS, ok=200, beyond=404),
    "dossiers.template GET": row(Act.SEE_DOSSIERS, ok=200),
    "dossiers.upload POST": row(Act.SEND_DOSSIERS, ok=422),
    "factor_setup.app POST": row(DOOR, ok=422),
    "factor_setup.drop_app POST": row(ANY, ok=302, fresh=True),
    "factor_setup.drop_passkey POST": row(ANY, ok=302, beyond=404, fresh=True),
    "factor_setup.new_codes POST": row(ANY, ok={200, 404}, fresh=True),
    "factor_setup.passkey POST": row(DOOR, ok=422),
    "factor_setup.show GET": row(DOOR, ok=200),
    "group_registry.change POST": row(Act.MANAGE_GROUPS, ok=422),
    "group_registry.check POST": row(Act.MANAGE_GROUPS, ok=302),
    "group_registry.listing GET": row(Act.MANAGE_GROUPS, ok=200),
    "group_registry.show GET": row(Act.MANAGE_GROUPS, ok=200),
    "home.show GET": row(ANY, ok=200),
    "identities.ask POST": row(Act.ASK_IDENTITY, ok=422, beyond=404),
    "identities.decide POST": row(
        Act.DECIDE_IDENTITY,
        ok={302, 403},
        beyond=403,
        missing=409,
        fresh=True,
        form={"answer": "no", "words": "Chưa đủ căn cứ"},
    ),
    "identities.listing GET": row(Act.ASK_IDENTITY, Act.DECIDE_IDENTITY, ok=200),
    "identities.show POST": row(Act.ASK_IDENTITY, ok=403, missing=409, fresh=True),
    "learning.begin POST": row(Act.TEACH, ok=200),
    "learning.listing GET": row(Act.TEACH, ok=200),
    "learning.propose POST": row(Act.TEACH, ok=422),
    "learning.show GET": row(Act.TEACH, ok=200),
    "login.ask GET": row(OPEN, ok=410),
    "login.enter POST": row(OPEN, ok=410),
    "media.poster GET": row(Act.SEE_TIPS, ok=200, beyond=404),
    "media.show GET": row(Act.SEE_TIPS, ok=200, beyond=404),
    "media.small GET": row(Act.SEE_TIPS, ok=404, beyond=404),
    "oa_accounts.listing GET": row(Act.SEE_HEALTH, ok=200),
    "offline.page GET": row(OPEN, ok=200),
    "offline.worker GET": row(OPEN, ok=200),
    "own_chat.new_code POST": row(ANY, ok=200),
    "own_chat.show GET": row(ANY, ok=200),
    "own_chat.unlink POST": row(ANY, ok=302),
    "own_sessions.end POST": row(ANY, ok=302, beyond=404),
    "own_sessions.end_all POST": row(ANY, ok=302),
    "record_form.change GET": row(Act.EDIT_CATALOGUE, ok=200),
    "record_form.create POST": row(Act.EDIT_CATALOGUE, ok=422),
    "record_form.new GET": row(Act.EDIT_CATALOGUE, ok=200),
    "record_form.save POST": row(Act.EDIT_CATALOGUE, ok=422),
    "registry.apply POST": row(*LISTS, ok=409, fresh=True),
    "registry.drop POST": row(*LISTS, ok=302),
    "registry.export GET": row(*LISTS, ok=200, fresh=True),
    "registry.show GET": row(*LISTS, ok=200),
    "registry.start GET": row(*LISTS, ok=200),
    "registry.undo POST": row(*LISTS, ok=409, fresh=True),
    "registry.upload POST": row(*LISTS, ok=422),
    "rights.show GET": row(ANY, ok=200),
    "roster.add POST": row(Act.KEEP_ROSTER, ok=422),
    "roster.copy POST": row(Act.KEEP_ROSTER, ok=302),
    "roster.remove POST": row(Act.KEEP_ROSTER, ok=302, beyond=404),
    "roster.show GET": row(Act.SEE_ROSTER, ok=200),
    "score_reports.as_excel GET": row(Act.SEE_SCORES, ok=200, fresh=True),
    "score_reports.as_pdf GET": row(Act.SEE_SCORES, ok=200, fresh=True),
    "scores.correct POST": row(
        Act.CORRECT_SCORES, ok={403, 409}, fresh=True, form={"thang": "2026-10", "reason": "Lý do"}
    ),
    "scores.explain GET": row(Act.SEE_SCORES, ok=200),
    "scores.show GET": row(Act.SEE_SCORES, ok=200),
    "scores.why GET": row(Act.SEE_SCORES, ok=200, beyond=404),
    "second_factor.answer POST": row(DOOR, ok=302),
    "second_factor.ask GET": row(DOOR, ok=302),
    "second_factor.confirm POST": row(ANY, ok=302),
    "security.login GET": row(OPEN, ok=302),
    "security.login POST": row(OPEN, ok=302),
    "security.logout POST": row(OPEN, ok=302),
    "sheets.apply POST": row(Act.EDIT_CATALOGUE, ok={302, 409}),
    "sheets.csv GET": row(Act.SEE_CATALOGUE, ok=200),
    "sheets.drop POST": row(Act.EDIT_CATALOGUE, ok=302, missing=302),
    "sheets.show GET": row(Act.EDIT_CATALOGUE, ok=200),
    "sheets.start GET": row(Act.SEE_CATALOGUE, ok=200),
    "sheets.template GET": row(Act.SEE_CATALOGUE, ok=200),
    "sheets.upload POST": row(Act.EDIT_CATALOGUE, ok=422),
    "sheets.xlsx GET": row(Act.SEE_CATALOGUE, ok=200),
    "shifts.current GET": row(Act.WORK_TIPS, ok=200),
    "shifts.hand_over POST": row(Act.WORK_TIPS, ok=302),
    "shifts.show GET": row(Act.WORK_TIPS, ok=200, beyond=404),
    "shifts.take_over POST": row(Act.WORK_TIPS, ok=302, beyond=404),
    "staff.add POST": row(Act.MANAGE_OFFICERS, ok=422, fresh=True),
    "staff.listing GET": row(Act.MANAGE_OFFICERS, ok=200),
    "staff_one.change POST": row(Act.MANAGE_OFFICERS, ok=422, fresh=True),
    "staff_one.disable POST": row(Act.MANAGE_OFFICERS, ok=302, fresh=True),
    "staff_one.enable POST": row(Act.MANAGE_OFFICERS, ok=200, fresh=True),
    "staff_one.end_sessions POST": row(Act.MANAGE_OFFICERS, ok=302, fresh=True),
    "staff_one.lost_device POST": row(Act.MANAGE_OFFICERS, ok=200, fresh=True),
    "staff_one.new_link POST": row(Act.MANAGE_OFFICERS, ok=200, fresh=True),
    "staff_one.show GET": row(Act.MANAGE_OFFICERS, ok=200),
    "staff_sheets.apply POST": row(Act.MANAGE_OFFICERS, ok=409, fresh=True),
    "staff_sheets.drop POST": row(Act.MANAGE_OFFICERS, ok=302),
    "staff_sheets.show GET": row(Act.MANAGE_OFFICERS, ok=200),
    "staff_sheets.start GET": row(Act.MANAGE_OFFICERS, ok=200, fresh=True),
    "staff_sheets.template GET": row(Act.MANAGE_OFFICERS, ok=200),
    "staff_sheets.upload POST": row(Act.MANAGE_OFFICERS, ok=422),
    "static GET": row(OPEN, ok=200),
    "survey_results.decide POST": row(
        Act.SIFT_ANSWERS,
        ok={404, 409},
        beyond=404,
        missing={404, 409},
        form={"to": "spam", "version": "99", "words": "Lý do"},
    ),
    "survey_results.make_code POST": row(Act.SEE_SCORES, ok={302, 404}),
    "survey_results.show GET": row(Act.SEE_SCORES, ok=200),
    "survey_results.sift GET": row(Act.SIFT_ANSWERS, ok=200),
    "systems.add_hook POST": row(Act.MANAGE_API, ok=422, fresh=True),
    "systems.add_token POST": row(Act.MANAGE_API, ok=422, fresh=True),
    "systems.listing GET": row(Act.MANAGE_API, ok=200),
    "systems.log GET": row(Act.MANAGE_API, ok=200),
    "systems.revoke POST": row(Act.MANAGE_API, ok=302, fresh=True),
    "systems.switch POST": row(Act.MANAGE_API, ok=302, fresh=True),
    "time_statistics.answering GET": row(Act.SEE_STATISTICS, ok=200),
    "time_statistics.questions GET": row(Act.SEE_STATISTICS, Act.TEACH, ok=200),
    "time_statistics.sendings GET": row(Act.SEE_BROADCASTS, ok=200),
    "tip_acts.answer POST": row(Act.WORK_TIPS, ok=422, beyond=404),
    "tip_acts.give_back POST": row(Act.WORK_TIPS, ok={403, 409}, beyond=404),
    "tip_acts.hand_over POST": row(Act.HAND_OVER, ok=422, beyond=404),
    "tip_acts.move POST": row(Act.WORK_TIPS, ok=409, beyond=404, form={"to": "spam", "version": "99"}),
    "tip_acts.note POST": row(Act.WORK_TIPS, ok=422, beyond=404),
    "tip_acts.settle_answer POST": row(Act.WORK_TIPS, ok=409, beyond=404, form={"sent": "yes"}),
    "tip_acts.take POST": row(Act.WORK_TIPS, ok=409, beyond=404),
    "tip_care.hold POST": row(Act.HOLD_TIPS, ok=422, beyond=404),
    "tip_care.link POST": row(Act.WORK_TIPS, ok=404, beyond=404),
    "tip_care.merge POST": row(Act.WORK_TIPS, ok=404, beyond=404),
    "tip_care.reveal POST": row(Act.WORK_TIPS, ok=200, beyond=404),
    "tip_care.same_reporter POST": row(Act.LINK_REPORTERS, ok=422, beyond=404),
    "tip_care.sort POST": row(Act.WORK_TIPS, ok=409, beyond=404),
    "tip_many.act POST": row(Act.WORK_TIPS, ok=400),
    "tip_many.undo POST": row(Act.WORK_TIPS, ok=302),
    "tip_map.show GET": row(Act.SEE_TIPS, Act.SEE_STATISTICS, ok=200),
    "tip_statistics.cases GET": row(Act.SEE_STATISTICS, ok={200, 404}),
    "tip_statistics.export GET": row(Act.SEE_STATISTICS, ok=200, fresh=True),
    "tip_statistics.show GET": row(Act.SEE_STATISTICS, ok=200),
    "tips.part GET": row(Act.SEE_TIPS, ok=200, beyond=404),
    "tips.queue GET": row(Act.SEE_TIPS, ok=200),
    "tips.queue_part GET": row(Act.SEE_TIPS, ok=200),
    "tips.show GET": row(Act.SEE_TIPS, ok=200, beyond=404),
    "tour.guide GET": row(ANY, ok=200),
    "trail.listing GET": row(Act.SEE_AUDIT, ok=200),
    "units.agree POST": row(Act.CHECK_UNITS, ok={302, 403, 409}, missing={403, 404}, fresh=True),
    "units.apply POST": row(Act.MANAGE_UNITS, ok=409, fresh=True),
    "units.drop POST": row(Act.MANAGE_UNITS, ok={302, 409}),
    "units.form GET": row(Act.MANAGE_UNITS, ok=200),
    "units.listing GET": row(Act.MANAGE_UNITS, Act.CHECK_UNITS, ok=200),
    "units.propose POST": row(Act.MANAGE_UNITS, ok=422),
    "units.show GET": row(Act.MANAGE_UNITS, Act.CHECK_UNITS, ok=200),
    "units.undo POST": row(Act.MANAGE_UNITS, ok=409, fresh=True),
    "unsealing.ask POST": row(Act.ASK_UNSEAL, ok=422, beyond=404),
    "unsealing.decide POST": row(Act.DECIDE_UNSEAL, ok=409, beyond=404, fresh=True),
    "unsealing.download POST": row(Act.ASK_UNSEAL, ok=409, beyond=404, fresh=True),
    "unsealing.file GET": row(Act.ASK_UNSEAL, Act.DECIDE_UNSEAL, ok=200, beyond=404),
    "unsealing.listing GET": row(Act.ASK_UNSEAL, Act.DECIDE_UNSEAL, ok=200),
    "unsealing.withdraw POST": row(Act.ASK_UNSEAL, ok=409, beyond=404),
    "viewer.show GET": row(Act.SEE_TIPS, ok=200, beyond=404),
    "why.ask GET": row(Act.SEE_CATALOGUE, ok=200),
    "why.tell POST": row(Act.SEE_CATALOGUE, ok=422),
}
