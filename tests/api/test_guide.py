"""The examples of docs/api.md run as they stand there."""

from __future__ import annotations

import re
import shlex
import time
from pathlib import Path
from typing import Any

import pytest

from domain.api_scopes import Scope
from domain.hooks import SIGNATURE, TIMESTAMP, sign
from tests.api.conftest import Province
from tests.console.world import WARD_3

GUIDE = (Path(__file__).parents[2] / "docs" / "api.md").read_text("utf-8")


def blocks(kind: str) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", GUIDE, re.DOTALL)


def commands() -> list[str]:
    lines = "\n".join(blocks("sh")).replace("\\\n", " ")
    return [f"curl {rest.strip()}" for rest in lines.split("curl ")[1:]]


def run(province: Province, command: str, token: str) -> Any:
    """What curl would do with these arguments."""
    words = shlex.split(command.replace("$TOKEN", token).replace("$CAUNOI", ""))[1:]
    method, headers, data, address = "GET", {}, None, ""
    while words:
        word = words.pop(0)
        match word:
            case "-s":
                continue
            case "-X":
                method = words.pop(0)
            case "-H":
                name, value = words.pop(0).split(": ", 1)
                headers[name] = value
            case "-d":
                data = words.pop(0).encode()
            case _:
                assert not word.startswith("-"), word
                address = word
    return province.api.test_client().open(address, method=method, headers=headers, data=data)


def test_every_command_of_the_guide_is_answered(province: Province) -> None:
    token = province.token(unit_id=WARD_3)
    answers = [run(province, command, token) for command in commands()]
    assert len(answers) == 6
    assert [answer.status_code for answer in answers] == [200] * 6
    assert answers[3].json == {"kept": 1, "unchanged": 0}
    assert answers[4].json["step"] == "processing"


def test_the_guide_checks_our_signatures(province: Province) -> None:
    named: dict[str, Any] = {}
    exec(blocks("python")[0], named)
    secret, body, moment = b"s" * 32, '{"id": 1, "đ": 2}'.encode(), int(time.time())
    headers = {TIMESTAMP: str(moment), SIGNATURE: sign(secret, moment, body)}
    assert named["is_ours"](secret.hex(), headers, body)
    assert not named["is_ours"](secret.hex(), headers, body + b" ")
    assert not named["is_ours"](secret.hex(), headers | {TIMESTAMP: str(moment + 1)}, body)
    late = {TIMESTAMP: str(moment - 600), SIGNATURE: sign(secret, moment - 600, body)}
    assert not named["is_ours"](secret.hex(), late, body)


@pytest.mark.parametrize("scope", list(Scope))
def test_every_scope_is_in_the_guide(scope: Scope) -> None:
    assert f"`{scope}`" in GUIDE
