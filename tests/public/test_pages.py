"""What holds for every public page: one heading, small, no cookie, no stranger, nothing kept of who looks."""

from __future__ import annotations

import gzip
import re
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from public.desk import Known
from tests.public.addresses import PAGES

WEIGHT_MAX = 60_000
"""Bytes over the line for a page with everything it loads: what 3G brings in about two seconds."""


def loads(text: str) -> set[str]:
    """The addresses a browser fetches to show the page; the picture for previews is not among them."""
    found = re.findall(
        r'<(?:link rel="(?:stylesheet|icon|manifest)"|script|img)[^>]*?(?:href|src)="([^"]+)"', text
    )
    return set(found)


@pytest.mark.parametrize("address", PAGES)
def test_a_page_has_one_heading_and_fits_3g(visitor: FlaskClient, address: str) -> None:
    page = visitor.get(address, headers={"Accept-Encoding": "gzip"})
    assert page.status_code == 200
    text = gzip.decompress(page.data).decode()
    assert text.count("<h1") == 1
    assert re.search(r"<title>[^<]{8,}</title>", text)
    assert '<html lang="vi">' in text
    assert 'name="viewport"' in text
    parts = loads(text)
    assert len(parts) >= 4
    weight = len(page.data)
    for part in parts:
        answer = visitor.get(part, headers={"Accept-Encoding": "gzip"})
        assert answer.status_code == 200, part
        weight += len(answer.data)
    assert weight <= WEIGHT_MAX


@pytest.mark.parametrize("address", [*PAGES, "/khong-co", "/sw.js", "/manifest.webmanifest"])
def test_no_cookie_no_stranger_no_inline_code(visitor: FlaskClient, address: str) -> None:
    page = visitor.get(address)
    assert "Set-Cookie" not in page.headers
    policy = page.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert "http" not in policy
    assert page.headers["Referrer-Policy"] == "no-referrer"
    if page.mimetype == "text/html":
        assert not re.search(r"<style|<script(?![^>]* src=)| style=| on\w+=\"", page.text)
        for part in loads(page.text):
            assert part.startswith("/")


def test_a_page_can_be_shared_with_a_title_words_and_a_picture(visitor: FlaskClient) -> None:
    text = visitor.get("/thu-tuc/1.001456").text
    given = dict(re.findall(r'<meta property="og:(\w+)" content="([^"]*)"', text))
    assert "hộ chiếu" in given["title"]
    assert "Giấy tờ cần có" in given["description"]
    assert given["url"] == "https://cau-noi.example/thu-tuc/1.001456"
    picture = visitor.get(given["image"].removeprefix("https://cau-noi.example"))
    assert picture.mimetype == "image/png"
    assert len(picture.data) < WEIGHT_MAX


def test_a_page_seen_before_is_not_sent_again(visitor: FlaskClient) -> None:
    first = visitor.get("/thu-tuc/1.001456")
    again = visitor.get("/thu-tuc/1.001456", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize(
    ("address", "code"),
    [("/khong-co", 404), ("/thu-tuc/khong-co", 404), ("/linh-vuc/x", 404), ("/chu-de/x", 404)],
)
def test_what_is_not_there_is_said_courteously(visitor: FlaskClient, address: str, code: int) -> None:
    page = visitor.get(address)
    assert page.status_code == code
    assert "Không tìm thấy trang" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert visitor.post("/").status_code == 405


def test_a_database_that_is_away_is_said_too_without_a_word_of_what_was_asked(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    def away() -> Known:
        raise OSError("câu hỏi riêng")

    app.extensions["desk"] = replace(app.extensions["desk"], knowledge=away)
    page = app.test_client().post("/tim", data={"q": "câu hỏi riêng"})
    assert page.status_code == 500
    assert "Trang đang gặp trục trặc" in page.text
    assert "câu hỏi riêng" not in page.text + caplog.text
