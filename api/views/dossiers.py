"""Dossiers: read where they stand, send where they stand. Steps and days; digits come in and never go out."""

from __future__ import annotations

from typing import Annotated, Any

from flask import Response, abort, jsonify, request
from flask_openapi import APIBlueprint, Tag
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from api.desk import caller, desk, now, today
from api.forms import Day, NumberedPage, Strict, UnitId, Words
from api.gate import SECURITY, needs
from api.problems import USUAL, USUAL_FOR_WRITES, Fault, documented, problem
from data import api_answers, api_queries, dossiers
from data.api_answers import OtherRequest
from data.dossier_rules import shipped
from data.dossiers import By, Line
from data.tables import Dossier
from domain.api_scopes import Scope
from domain.dossiers import DossierChange, DossierStep
from domain.errors import MoveRefused
from domain.work import Kind

pages = APIBlueprint(
    "dossiers",
    __name__,
    url_prefix="/api/v1",
    abp_tags=[Tag(name="dossiers")],
    abp_security=SECURITY,
    abp_responses=documented(*USUAL),
)
AT_ONCE_MAX = 200
Code = Annotated[
    str,
    Field(pattern=r"^[A-Za-z0-9.\-_/]{8,40}$", examples=["G01.899.909-260916-890028"]),
]
Digits = Annotated[str, Field(pattern=r"^[0-9]{4}$", examples=["0123"])]


class DossierOut(BaseModel):
    code: str
    step: DossierStep
    on: Day = Field(description="The day of the step")
    unit_id: str
    procedure: str
    due_on: Day | None
    updated_at: AwareDatetime


class DossiersOut(BaseModel):
    items: list[DossierOut]
    next: int | None = Field(description="Cursor of the next page; null on the last one")


class DossiersQuery(NumberedPage):
    step: DossierStep | None = Field(None, description="Only dossiers at this step")


class DossierPath(Strict):
    code: Code


class DossierIn(Strict):
    """One dossier as it stands now. A new one needs `phone` or `paper`, or nobody could look it up."""

    code: Code
    step: DossierStep
    on: Day = Field(description="The day of the step, not in the future")
    unit_id: UnitId
    procedure: Words = Field("", max_length=200)
    due_on: Day | None = None
    phone: Digits | None = Field(None, description="Last four digits of the applicant's phone; kept hashed")
    paper: Digits | None = Field(None, description="Last four digits of the CCCD; kept hashed")


class DossiersIn(Strict):
    """Up to 200 dossiers; all are kept, or none."""

    dossiers: list[DossierIn] = Field(min_length=1, max_length=AT_ONCE_MAX)


class WriteHeader(BaseModel):
    model_config = ConfigDict(extra="ignore")
    idempotency_key: str = Field(
        alias="Idempotency-Key",
        pattern=r"^[A-Za-z0-9_-]{8,80}$",
        description="Of your choice: the same request under the same key is carried out once, for 24 hours",
        examples=["2f1c9a52-6d0e-4c37-9a0b-1f0e7d0c1a11"],
    )


class Kept(BaseModel):
    kept: int = Field(description="Dossiers that were new or changed")
    unchanged: int = Field(description="Dossiers that stood so already")


@pages.get("/dossiers", responses={200: DossiersOut})
@needs(Scope.DOSSIERS_READ)
def listing(query: DossiersQuery) -> dict[str, Any]:
    """Dossiers within reach of the token, in the order they came."""
    with desk().database.reading() as reading:
        found = dossiers.listed(
            reading,
            unit_ids=caller().reach(),
            step=query.step,
            after=query.cursor,
            oldest_first=True,
            limit=query.limit + 1,
        )
    page = found[: query.limit]
    more = page[-1].id if len(found) > len(page) else None
    return DossiersOut(items=[_out(one) for one in page], next=more).model_dump(mode="json")


@pages.get("/dossiers/<code>", responses={200: DossierOut})
@needs(Scope.DOSSIERS_READ)
def one(path: DossierPath) -> dict[str, Any]:
    """One dossier by its code; another unit's is not found."""
    bare = shipped().codes.read(path.code)
    if bare is None:
        abort(404)
    with desk().database.reading() as reading:
        found = dossiers.listed(reading, unit_ids=caller().reach(), mark=desk().key.mark(bare), limit=1)
    if not found:
        abort(404)
    return _out(found[0]).model_dump(mode="json")


@pages.post("/dossiers", responses={200: Kept, **documented(*USUAL_FOR_WRITES)})
@needs(Scope.DOSSIERS_WRITE)
def send(header: WriteHeader, body: DossiersIn) -> Response:
    """Say where dossiers stand. Whoever follows one is told; what does not fit what is known is a conflict (409)."""
    raw = request.get_data()
    with desk().database.transaction() as session:
        try:
            before = api_answers.find(session, caller().token_id, header.idempotency_key, raw, now=now())
        except OtherRequest:
            return problem(409, "Khóa Idempotency-Key này đã dùng cho một yêu cầu khác.")
        if before:
            answer = jsonify(dict(before.body))
            answer.headers["Idempotent-Replay"] = "true"
            return answer
        known = {unit.id for unit in api_queries.units(session, today(), limit=10_000)}
        lines: list[Line] = []
        faults: list[Fault] = []
        for at, given in enumerate(body.dossiers):
            try:
                if given.unit_id not in known:
                    raise MoveRefused("Không có đơn vị nào mang mã này.")
                line = dossiers.check(
                    session, desk().key, _change(given), unit_id=caller().unit_id, today=today()
                )
                if line and line.mark in {other.mark for other in lines}:
                    raise MoveRefused("Mã hồ sơ này có hai lần trong yêu cầu.")
            except MoveRefused as refused:
                faults.append(Fault(pointer=f"/dossiers/{at}", detail=str(refused)))
                continue
            lines += [line] if line else []
        if faults:
            return problem(
                409, "Có hồ sơ không khớp với những gì đang có; chưa hồ sơ nào được ghi.", errors=faults
            )
        by = By(token_id=caller().token_id)
        for line in lines:
            dossiers.keep(session, line, by=by, compose=desk().compose, now=now())
        said = Kept(kept=len(lines), unchanged=len(body.dossiers) - len(lines)).model_dump()
        api_answers.keep(
            session, caller().token_id, header.idempotency_key, raw, status=200, body=said, now=now()
        )
    desk().wake(Kind.OUTBOX, "")
    desk().wake(Kind.HOOKS, "")
    return jsonify(said)


def _change(given: DossierIn) -> DossierChange:
    return DossierChange(
        code=given.code,
        step=given.step,
        on=given.on,
        unit_id=given.unit_id,
        procedure=given.procedure,
        due_on=given.due_on,
        phone=given.phone or "",
        paper=given.paper or "",
    )


def _out(row: Dossier) -> DossierOut:
    return DossierOut(
        code=row.code,
        step=DossierStep(row.step),
        on=row.step_on,
        unit_id=row.unit_id,
        procedure=row.procedure,
        due_on=row.due_on,
        updated_at=row.updated_at,
    )
