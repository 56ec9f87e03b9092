"""Codes people type: letters that are not mixed up, with a check letter at the end."""

from __future__ import annotations

import secrets

CODE_LETTERS = "ABCDEFGHJKMNPQRSTUVWXY3456789"
"""29 characters: none of I, L, O, Z, 0, 1, 2, which are mixed up when read aloud or copied by hand."""
GROUP = 4
"""Letters between two dashes."""


def code_body(length: int) -> str:
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(length))


def with_check(body: str, prefix: str = "") -> str:
    """`ABCD-EFGH-K`: the body and its check letter in groups; `prefix` as it is written before them."""
    groups = [body[at : at + GROUP] for at in range(0, len(body), GROUP)]
    return "-".join([*([prefix] if prefix else []), *groups, check_letter(body)])


def read(typed: str, *, length: int, prefix: str = "") -> str | None:
    """The code somebody typed, in its one form; None when a letter is wrong. `length`: letters before the check."""
    letters = [one for one in typed.upper() if one in CODE_LETTERS]
    if prefix and len(letters) == length + 1 + len(prefix) and letters[: len(prefix)] == list(prefix):
        letters = letters[len(prefix) :]
    if len(letters) != length + 1:
        return None
    body = "".join(letters[:length])
    return with_check(body, prefix) if letters[-1] == check_letter(body) else None


def check_letter(body: str) -> str:
    """Weighted sum modulo 29 (a prime): catches every wrong letter and every swap of neighbours in the body."""
    total = sum((place + 1) * CODE_LETTERS.index(letter) for place, letter in enumerate(body))
    return CODE_LETTERS[total % len(CODE_LETTERS)]
