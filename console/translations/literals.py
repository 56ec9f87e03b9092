"""Finds the Vietnamese sentences of Python files, for Babel (`babel.cfg` names this).

Besides the calls that Babel knows (`_`, `said` …) every literal with a Vietnamese letter counts, but for docstrings:
labels stand in tables, and a table is easier to read without a call around each line.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator, Mapping
from io import BytesIO
from typing import Any

from babel.messages.extract import extract_python

LETTERS = re.compile(r"[ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]", re.IGNORECASE)
"""A letter that no English word has."""
WORD = re.compile(r"[^\W\d_]{2,}")
PATTERN = re.compile(r"\\[bsdw]|\(\?")
"""A regular expression is for reading, not for being read."""
Found = tuple[int, Any, Any, Any]
"""As Babel wants them: line, function, words, comments."""


def python(
    file: BytesIO, keywords: Mapping[str, Any], comment_tags: Collection[str], options: Mapping[str, Any]
) -> Iterator[Found]:
    """What Babel finds in Python, and the literals."""
    source = file.read()
    yield from extract_python(BytesIO(source), keywords, comment_tags, options)  # type: ignore[arg-type]
    for line, words in literals(source.decode("utf-8"), called=frozenset(keywords)):
        yield line, None, words, []


def literals(source: str, *, called: Collection[str] = frozenset()) -> Iterator[tuple[int, str]]:
    """(line, literal) of each Vietnamese literal; not docstrings, parts of f-strings, or what `called` is given."""
    tree = ast.parse(source)
    apart = {id(part) for one in ast.walk(tree) for part in _apart(one, called)}
    for one in ast.walk(tree):
        if not (isinstance(one, ast.Constant) and isinstance(one.value, str)) or id(one) in apart:
            continue
        if vietnamese(one.value) and not PATTERN.search(one.value):
            yield one.lineno, one.value


def vietnamese(text: str) -> bool:
    """Does it hold a word with a letter that only Vietnamese has?"""
    return any(LETTERS.search(word) for word in WORD.findall(text))


def _apart(node: ast.AST, called: Collection[str]) -> list[ast.expr]:
    match node:
        case ast.Expr(value=ast.Constant() as words):
            return [words]
        case ast.JoinedStr(values=parts):
            return list(parts)
        case ast.Call(func=ast.Name(id=name), args=args) if name in called:
            return list(args)
    return []
