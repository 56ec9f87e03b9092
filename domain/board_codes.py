"""Short codes of boards: printed on walls, typed by hand, never mistaken for one another.

Five letters and a check letter. The check catches every single wrong letter and every two that changed places, so that
a slip leads to a sentence and a hint, never to another unit's page.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator

from domain.tips import CODE_LETTERS

LENGTH = 5
"""Letters before the check letter: 29^5 ≈ 20 million codes."""
WHOLE = LENGTH + 1
TYPED_MAX = 40


def new_code() -> str:
    body = "".join(secrets.choice(CODE_LETTERS) for _ in range(LENGTH))
    return body + check_letter(body)


def check_letter(body: str) -> str:
    """Weighted sum modulo 29, a prime larger than any weight: no single slip and no swap leaves it as it was."""
    total = sum((place + 2) * CODE_LETTERS.index(letter) for place, letter in enumerate(body))
    return CODE_LETTERS[total % len(CODE_LETTERS)]


def is_code(text: str) -> bool:
    """Is this exactly one code as it is printed, check letter included?"""
    return (
        len(text) == WHOLE
        and all(letter in CODE_LETTERS for letter in text)
        and text[-1] == check_letter(text[:-1])
    )


def tidy(typed: str) -> str:
    """What was typed, in capitals, without spaces, dots and hyphens."""
    return "".join(letter for letter in typed[:TYPED_MAX].upper() if letter.isalnum())


def spoken(code: str) -> str:
    """As it is printed: in two groups, easier to copy."""
    return f"{code[:3]} {code[3:]}"


def near(typed: str) -> list[str]:
    """The codes that are one slip away from `typed` (tidy): a wrong letter, two that changed places, one missing or too
    many. Which of them exist, the caller looks up.
    """
    if not WHOLE - 1 <= len(typed) <= WHOLE + 1:
        return []
    return sorted({one for one in _slips(typed) if is_code(one) and one != typed})


def _slips(text: str) -> Iterator[str]:
    for place in range(len(text)):
        head, tail = text[:place], text[place + 1 :]
        if len(text) > WHOLE:
            yield head + tail
        elif len(text) == WHOLE:
            yield from (head + letter + tail for letter in CODE_LETTERS)
            if tail:
                yield head + tail[0] + text[place] + tail[1:]
    if len(text) < WHOLE:
        for place in range(WHOLE):
            yield from (text[:place] + letter + text[place:] for letter in CODE_LETTERS)
