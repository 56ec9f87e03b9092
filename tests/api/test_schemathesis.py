"""What the document promises is what happens: schemathesis tries everything it allows and forbids, with all checks."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok

from api.gate import needs
from data.session import Database
from domain.api_scopes import Scope
from tests.api.conftest import Province

EXAMPLES = 8
"""Of each address and way of calling it."""


def test_the_api_is_what_its_document_says(sqlite_database: Database) -> None:
    province = Province(sqlite_database, scores=lambda session, month, reach: [])
    province.world.dossier()
    for number in range(3):
        province.world.tip(what=f"Việc {number}", category="other")
    province.world.record()
    token = province.token()
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", province.api, config=SchemathesisConfig())
    assert schema.raw_schema["openapi"].startswith("3.1.")
    answers: Counter[int] = Counter()
    for found in schema.get_all_operations():
        assert isinstance(found, Ok), found
        operation = found.ok()
        for mode in list(schemathesis.GenerationMode):
            answers += _try(operation, mode, token)
    assert answers[200] > 5 * EXAMPLES
    assert answers[422] > 5 * EXAMPLES


def test_an_answer_that_is_not_as_promised_would_be_noticed(province: Province) -> None:
    """The check above must not be blind."""
    province.api.view_functions["units.units"] = _breaks_its_promise
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", province.api, config=SchemathesisConfig())
    with pytest.raises(FailureGroup):
        _try(schema["/api/v1/units"]["GET"], schemathesis.GenerationMode.POSITIVE, province.token())


@needs(Scope.UNITS_READ)
def _breaks_its_promise() -> dict[str, Any]:
    return {"items": "none"}


def _try(operation: Any, mode: Any, token: str) -> Counter[int]:
    """Call one address with made-up data of one sort; which answers came how often."""
    answers: Counter[int] = Counter()

    @seed(20261126)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        verbosity=Verbosity.quiet,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def one(case: Any) -> None:
        answer = case.call_and_validate(headers={"Authorization": f"Bearer {token}"})
        answers[answer.status_code] += 1

    try:
        given(case=operation.as_strategy(generation_mode=mode))(one)()
    except Unsatisfiable:
        return answers  # nothing wrong can be said at an address without parameters
    return answers
