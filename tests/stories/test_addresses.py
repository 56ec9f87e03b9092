"""The public addresses of the running program."""

from __future__ import annotations

from pathlib import Path

import pytest
import requests

from tests.town import Town


def test_alive_ready_and_numbers(town: Town):
    assert requests.get(f"{town.bot}/healthz", timeout=5).text == "ok\n"
    assert requests.get(f"{town.bot}/readyz", timeout=5).status_code == 200
    town.citizen().says("xin chào")
    numbers = requests.get(f"{town.bot}/metrics", timeout=5).text
    assert 'caunoi_event_seconds_count{kind="user_send_text"} 1.0' in numbers


def test_the_front_door_is_for_residents(town: Town):
    page = requests.get(town.bot, timeout=5)
    assert (page.status_code, page.url) == (200, f"{town.bot}/")
    assert "Bạn cần làm thủ tục gì?" in page.text


def test_boards_and_procedures_are_known_to_the_running_program(town: Town):
    for address in ("/bang/xa", "/bang/tinh/immigration", "/thu-tuc/1.001456", "/tin-bao", "/sw.js"):
        page = requests.get(f"{town.bot}{address}", timeout=5)
        assert page.status_code == 200, address
        assert "Set-Cookie" not in page.headers


def test_only_the_proof_file_that_an_administrator_put_there_is_given_out(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("bot.app.PROOFS", tmp_path)
    (tmp_path / "zalo_verifierAbc-1.html").write_text("the proof", "utf-8")
    assert requests.get(f"{town.bot}/zalo_verifierAbc-1.html", timeout=5).text == "the proof"
    for stranger in ("Abc-2", "..%2Ftown", "%2e%2e/x"):
        assert requests.get(f"{town.bot}/zalo_verifier{stranger}.html", timeout=5).status_code == 404


def test_an_unknown_address_is_404_and_wrong_methods_are_405(town: Town):
    assert requests.get(f"{town.bot}/khong-co", timeout=5).status_code == 404
    assert requests.get(f"{town.bot}/webhook/zalo", timeout=5).status_code == 405
