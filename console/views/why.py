"""“Vì sao bot trả lời vậy?”: a question, how it was read, what was weighed, why the decision fell so.

The question travels in the body of a form, never in an address.
"""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from console.access import allowed, may
from console.desk import shelf
from console.explaining import DECISION_WORDS, explain
from console.forms import length_fault, typed
from domain.roles import Act

pages = Blueprint("why", __name__, url_prefix="/vi-sao")

QUESTION_MAX = 500


@pages.get("")
@allowed(Act.SEE_CATALOGUE)
def ask() -> ResponseReturnValue:
    return _page("")


@pages.post("")
@allowed(Act.SEE_CATALOGUE)
def tell() -> ResponseReturnValue:
    question = typed("question")
    if fault := length_fault(question, most=QUESTION_MAX, what="câu hỏi"):
        return _page(question, fault=fault, code=422)
    return _page(question, told=True)


def _page(
    question: str, *, told: bool = False, fault: str | None = None, code: int = 200
) -> ResponseReturnValue:
    known = shelf().current()
    return render_template(
        "pages/why.html",
        question=question,
        explained=explain(known.matcher, question) if told else None,
        decisions=DECISION_WORDS,
        procedures=known.procedures,
        teaches=may(Act.TEACH),
        question_max=QUESTION_MAX,
        fault=fault,
    ), code
