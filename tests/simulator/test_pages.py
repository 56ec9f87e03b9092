"""The pages: title, one h1, the banner; and that nothing is fetched from elsewhere."""

from __future__ import annotations

import re

import pytest
import requests

from tests.simulator.conftest import OA, OTHER_OA, Zalo

BANNER = "Zalo giả lập – dùng để tập huấn và kiểm thử, không phải ứng dụng Zalo"


def page(zalo: Zalo, path: str) -> str:
    answer = requests.get(zalo.base + path, timeout=5)
    assert answer.status_code == 200, path
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    return answer.text


def heading(html: str) -> str:
    [found] = re.findall(r"<h1[^>]*>(.*?)</h1>", html, re.DOTALL)
    return str(found)


@pytest.mark.parametrize(
    ("path", "title", "h1"),
    [
        ("/", "Chọn người dân", "Hôm nay bạn là ai?"),
        ("/chat/nguoi-dan-1", "Người dân 1 nhắn với Công an tỉnh", "Công an tỉnh"),
        (f"/chat/nguoi-dan-2?oa={OTHER_OA}", "Người dân 2 nhắn với Công an phường", "Công an phường"),
        ("/wall", "Tường nhóm", "Tường 2 nhóm"),
        ("/control", "Bảng điều khiển", "Bảng điều khiển"),
    ],
)
def test_each_page_says_what_it_is(zalo: Zalo, path: str, title: str, h1: str) -> None:
    html = page(zalo, path)
    assert f"<title>{title} – Zalo giả lập</title>" in html
    assert heading(html) == h1
    assert BANNER in html
    assert '<html lang="vi">' in html
    assert "viewport" in html


@pytest.mark.parametrize("path", ["/", "/chat/nguoi-dan-1", "/wall", "/control"])
def test_pages_load_only_what_is_in_the_house_and_it_is_there(zalo: Zalo, path: str) -> None:
    html = page(zalo, path)
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', html)
    files = set(re.findall(r'"(/static/[^"]+)"', html))
    assert any(name.endswith(".css") for name in files)
    for name in files:
        assert requests.get(zalo.base + name, timeout=5).status_code == 200, name


def test_the_chat_opens_by_the_residents_id_with_its_oa(zalo: Zalo) -> None:
    other = zalo.resident.user_ids[OTHER_OA]
    assert heading(page(zalo, f"/chat/{other}")) == "Công an phường"
    assert f'data-oa="{OA}"' in page(zalo, f"/chat/{zalo.user_id}")


def test_pages_that_are_not_there(zalo: Zalo) -> None:
    for path in ("/chat/nobody", "/chat/nguoi-dan-1?oa=7", "/nowhere", "/stickers/99"):
        assert requests.get(zalo.base + path, timeout=5).status_code == 404, path


def test_names_are_words_not_html(zalo: Zalo) -> None:
    made = zalo.control("residents", {"name": "<b>Tý</b> & co"})
    for path in ("/", f"/chat/{made['key']}"):
        html = page(zalo, path)
        assert "<b>Tý</b>" not in html
        assert "&lt;b&gt;Tý&lt;/b&gt; &amp; co" in html


def test_the_first_page_shows_the_last_word_and_what_is_unread(zalo: Zalo) -> None:
    zalo.says("Cho tôi hỏi")
    assert "Bạn: Cho tôi hỏi" in page(zalo, "/")
    zalo.send({"text": "Mời bạn"})
    html = page(zalo, "/")
    assert "Mời bạn" in html
    assert "1 tin chưa đọc" in html


def test_every_switch_is_on_the_control_page(zalo: Zalo) -> None:
    html = page(zalo, "/control")
    for name in set(zalo.look("chaos")) - {"next_error", "next_count"}:
        assert f'data-chaos="{name}"' in html, name
        assert f'<label for="s-{name}">' in html, name
