"""Every error in one form: application/problem+json (RFC 9457)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from http import HTTPStatus
from typing import Any

import structlog
from flask import Flask, Response
from pydantic import BaseModel, Field, ValidationError
from werkzeug.exceptions import HTTPException

from domain.errors import NotStored

log = structlog.get_logger()
MIME = "application/problem+json"
ERRORS_MAX = 100
USUAL = (401, 403, 404, 422, 429, 503)
"""What may happen at any address that reads."""
USUAL_FOR_WRITES = (400, *USUAL, 409, 413, 415)


class Fault(BaseModel):
    """One thing that is wrong, and where."""

    pointer: str = Field(description="JSON pointer into the body, or the name of a parameter")
    detail: str


class Problem(BaseModel):
    """What went wrong, in a form that does not change."""

    type: str = Field(description="Always about:blank: `status` and `title` say what kind it is")
    title: str
    status: int
    detail: str = Field(description="For people, in Vietnamese")
    errors: list[Fault] = Field(default_factory=list)


def problem(
    status: int, detail: str, *, errors: Sequence[Fault] = (), headers: dict[str, str] | None = None
) -> Response:
    said = Problem(
        type="about:blank",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        errors=list(errors)[:ERRORS_MAX],
    )
    answer = Response(said.model_dump_json(), status=status, content_type=MIME)
    answer.headers.update(headers or {})
    return answer


def documented(*statuses: int) -> dict[str | int | HTTPStatus, Any]:
    """These statuses for the OpenAPI document, all of the one form."""
    schema = {"$ref": f"#/components/schemas/{Problem.__name__}"}
    return {
        str(status): {"description": HTTPStatus(status).phrase, "content": {MIME: {"schema": schema}}}
        for status in statuses
    }


DETAILS = {
    400: "Yêu cầu không đọc được.",
    404: "Không có mục này, hoặc khóa truy cập không với tới.",
    405: "Địa chỉ này không nhận cách gọi đó.",
    413: "Nội dung gửi quá lớn.",
    415: "Nội dung phải là application/json.",
    500: "Hệ thống gặp lỗi; đã ghi lại. Xin thử lại sau.",
    503: "Cơ sở dữ liệu đang bận; xin thử lại sau ít giây.",
}


def refused(error: ValidationError) -> Response:
    """What pydantic found wrong; never what was sent."""
    faults = [
        Fault(pointer=_pointer(one["loc"]), detail=one["msg"]) for one in error.errors(include_input=False)
    ]
    return problem(422, "Dữ liệu gửi chưa đúng; xem từng chỗ trong errors.", errors=faults)


def _pointer(where: Iterable[int | str]) -> str:
    return "/" + "/".join(str(part).replace("~", "~0").replace("/", "~1") for part in where)


def install(app: Flask) -> None:
    @app.errorhandler(HTTPException)
    def plain(error: HTTPException) -> Response:
        if error.response is not None and isinstance(error.response, Response):
            return error.response
        status = error.code or 500
        keep = {name: value for name, value in error.get_headers() if name in {"Allow", "Retry-After"}}
        return problem(status, DETAILS.get(status, DETAILS[400]), headers=keep)

    @app.errorhandler(NotStored)
    def busy(_: NotStored) -> Response:
        return problem(503, DETAILS[503], headers={"Retry-After": "5"})

    @app.errorhandler(Exception)
    def broken(error: Exception) -> Response:
        log.error("api_failed", error=type(error).__name__, exc_info=error)
        return problem(500, DETAILS[500])
