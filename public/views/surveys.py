"""`/khao-sat`: the satisfaction survey by a code of a board or a one-time link, and what became of a complaint.

Nobody logs in. A browser that answered carries a signed token, made by chance and sent to `/khao-sat` only, so that it
does not answer twice for the same unit; the database has its keyed hash, another one for every unit. What this cannot
stop: another browser or device, a private window, a deleted cookie, a program that solves the form. Floods and copies
are held for an inspector instead (domain.surveys.first_state).
"""

from __future__ import annotations

from typing import cast

from flask import Blueprint, Flask, Response, current_app, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from itsdangerous import BadSignature, URLSafeSerializer, URLSafeTimedSerializer
from sqlalchemy.orm import Session

from data import complaints, filing, survey_answers, survey_codes, survey_filing, survey_rules, tips
from data.survey_answers import Ballot, Refusal
from data.tables import SurveyCode
from domain.complaints import FOR_RESIDENT, ComplaintStatus, new_receipt, read_receipt
from domain.surveys import WORDS_MAX, mark, new_device, valid
from public.desk import database, desk, now
from public.guesses import Guesses

pages = Blueprint("surveys", __name__, url_prefix="/khao-sat")

COOKIE = "khao-sat"
FORM_GOOD_S = 24 * 3600
"""A form that was opened longer ago than this is opened anew."""
TYPED_MAX = 60


def _begin(app: Flask) -> None:
    app.extensions["survey_guesses"] = Guesses(app.extensions["desk"].clock)


BEGIN = (_begin,)


# ---- the survey ---------------------------------------------------------------------------------------------------


@pages.get("")
def start() -> ResponseReturnValue:
    """For who has a code on paper; a code in the address of a form leads on without JavaScript."""
    typed = request.args.get("ma", "")[:TYPED_MAX]
    return _survey(typed) if typed else render_template("pages/survey_start.html")


@pages.get("/<code>")
def ask(code: str) -> ResponseReturnValue:
    return _survey(code[:TYPED_MAX])


@pages.post("/<code>")
def answer(code: str) -> ResponseReturnValue:
    """Keep an answer once: a second click, or a second answer of the same browser, is told so."""
    survey, device = survey_rules.survey(), _device() or new_device()
    with database().reading() as reading:
        row = survey_codes.find(reading, code[:TYPED_MAX])
        if row is None:
            return _no_such_code()
        if closed := _closed(reading, row, device):
            return _closed_page(reading, row, closed)
    given = valid(survey, {one.key: request.form.get(one.key, "") for one in survey.questions})
    words = request.form.get("words", "")[: WORDS_MAX * 2]
    submission = _submission(code)
    if submission is None:
        return _survey(
            code, given, words, fault=_("Trang mở đã lâu. Xin bạn bấm Gửi một lần nữa."), status=422
        )
    if mark(survey, given) is None:
        return _survey(code, given, words, fault=_("Xin bạn chọn ít nhất mức hài lòng chung."), status=422)
    complains = request.form.get("complain") == "1"
    if complains and not words.strip():
        return _survey(code, given, words, fault=_("Xin bạn kể ngắn gọn điều muốn phản ánh."), status=422)
    ballot = Ballot(row.unit_id, "web", f"web|{device}", given, words, row.service, submission)
    with database().transaction() as writing:
        kept, case = survey_filing.file(
            writing,
            _key(),
            survey,
            ballot,
            receipt=new_receipt(),
            complains=complains,
            officers=filing.officer_names(writing),
            now=now(),
        )
        receipt = case.code if case else None
        refused = kept is None
    page = make_response(render_template("pages/survey_done.html", receipt=receipt, refused=refused))
    _keep_device(page, device)
    return page


def _survey(
    code: str,
    given: dict[str, str] | None = None,
    words: str = "",
    *,
    fault: str | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    """The form; what was chosen and typed comes back with a fault."""
    with database().reading() as reading:
        row = survey_codes.find(reading, code)
        if row is None:
            return _no_such_code()
        if closed := _closed(reading, row, _device()):
            return _closed_page(reading, row, closed)
        unit = tips.unit_name(reading, row.unit_id)
    return (
        render_template(
            "pages/survey.html",
            survey=survey_rules.survey(),
            unit=unit,
            code=row.code,
            form=_forms().dumps([row.code, survey_filing.new_token()]),
            given=given or {},
            words=words,
            complains=request.form.get("complain") == "1",
            words_max=WORDS_MAX,
            fault=fault,
        ),
        status,
    )


def _no_such_code() -> ResponseReturnValue:
    """Whoever tries codes has to wait after some."""
    guesses = cast("Guesses", current_app.extensions["survey_guesses"])
    address = request.remote_addr or ""
    if guesses.too_many(address):
        fault = _("Bạn thử sai nhiều lần. Xin đợi ít phút rồi thử lại.")
        return render_template("pages/survey_start.html", fault=fault), 429
    guesses.wrong(address)
    fault = _("Không có khảo sát nào mang mã này. Xin bạn kiểm tra lại từng ký tự trên bảng.")
    return render_template("pages/survey_start.html", fault=fault), 404


def _closed(reading: Session, row: SurveyCode, device: str | None) -> str | None:
    """Why this browser cannot answer by this code; None when it can."""
    if row.expires_at is not None and row.expires_at <= now():
        return "over"
    why = survey_answers.why_not(
        reading,
        _key(),
        survey_rules.survey(),
        unit_id=row.unit_id,
        person=f"web|{device or ''}",
        service=row.service,
        now=now(),
    )
    return str(why) if why and (device or why is Refusal.RATED) else None


def _closed_page(reading: Session, row: SurveyCode, why: str) -> ResponseReturnValue:
    days = survey_rules.survey().again_after.days
    unit = tips.unit_name(reading, row.unit_id)
    return render_template("pages/survey_closed.html", why=why, unit=unit, days=days), 409


# ---- a complaint, by its receipt ----------------------------------------------------------------------------------


@pages.get("/phan-anh")
def case() -> ResponseReturnValue:
    return render_template("pages/complaint.html")


@pages.post("/phan-anh")
def tell() -> ResponseReturnValue:
    """How far a complaint is and what was answered, for whoever holds the receipt. It travels in the body only."""
    guesses = cast("Guesses", current_app.extensions["survey_guesses"])
    address = request.remote_addr or ""
    if guesses.too_many(address):
        return _fault(_("Bạn thử sai nhiều lần. Xin đợi ít phút rồi thử lại."), 429)
    code = read_receipt(request.form.get("code", "")[:TYPED_MAX])
    reopened = None
    if code is not None and request.form.get("act") == "reopen":
        with database().transaction() as writing:
            reopened = complaints.reopen(writing, code, now=now())
    with database().reading() as reading:
        row = complaints.of_receipt(reading, code) if code else None
    if row is None:
        guesses.wrong(address)
        return _fault(_("Không có phản ánh nào mang mã này. Xin kiểm tra lại từng ký tự."), 404)
    return render_template(
        "pages/complaint.html",
        row=row,
        told=FOR_RESIDENT[ComplaintStatus(row.status)],
        may_reopen=complaints.may_reopen(row),
        reopened=reopened,
    )


def _fault(words: str, status: int) -> ResponseReturnValue:
    return render_template("pages/complaint.html", fault=words), status


# ---- signed things ------------------------------------------------------------------------------------------------


def _key() -> bytes:
    return survey_answers.key_of(desk().secret_key.encode())


def _forms() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(desk().secret_key, salt="survey-form")


def _devices() -> URLSafeSerializer:
    return URLSafeSerializer(desk().secret_key, salt="survey-device")


def _submission(code: str) -> str | None:
    """The mark of the form that was sent; None when it was not ours, another code's, or too old."""
    try:
        for_code, token = _forms().loads(request.form.get("form", ""), max_age=FORM_GOOD_S)
    except (BadSignature, ValueError, TypeError):
        return None
    row_code = "".join(one for one in code.upper() if one.isalnum())
    return str(token) if "".join(one for one in str(for_code) if one.isalnum()) == row_code else None


def _device() -> str | None:
    """What this browser is known by; None when it never answered."""
    try:
        return str(_devices().loads(request.cookies.get(COOKIE, "")))
    except BadSignature:
        return None


def _keep_device(page: Response, device: str) -> None:
    page.set_cookie(
        COOKIE,
        str(_devices().dumps(device)),
        max_age=survey_rules.survey().again_after,
        path="/khao-sat",
        httponly=True,
        samesite="Strict",
        secure=request.is_secure,
    )
