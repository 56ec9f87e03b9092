"""Residents can read what may come with a tip, without a log-in, in the numbers the program keeps."""

from __future__ import annotations

from flask.testing import FlaskClient

from domain.media import in_words
from public.views.limits import ADDRESS


def test_the_page_says_every_line_of_the_table(visitor: FlaskClient) -> None:
    answer = visitor.get(ADDRESS)
    assert answer.status_code == 200
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    for line in in_words():
        assert f"<li>{line}</li>" in answer.text
    assert answer.text.count("<h1") == 1
    assert '<html lang="vi">' in answer.text
