"""Tokens: a refresh token works once, an access token until the next one or 25 hours."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.simulator.conftest import APP_ID, OA, OTHER_OA, Zalo


def error_of(zalo: Zalo, token: str) -> int:
    return int(zalo.call("GET", "/v2.0/oa/getoa", token).json()["error"])


def test_the_answer_has_three_strings_and_no_envelope(zalo: Zalo) -> None:
    answer = zalo.tokens()
    assert set(answer) == {"access_token", "refresh_token", "expires_in"}
    assert answer["expires_in"] == "90000"


def test_a_refresh_token_works_once(zalo: Zalo) -> None:
    token = zalo.refresh_token()
    new = zalo.tokens(refresh_token=token)
    again = zalo.tokens(refresh_token=token)
    assert again["error"] == -14014
    assert "message" not in again
    assert "access_token" not in again
    assert error_of(zalo, new["access_token"]) == 0
    assert "access_token" in zalo.tokens(refresh_token=new["refresh_token"])


def test_a_new_access_token_ends_the_one_before(zalo: Zalo) -> None:
    before = zalo.token
    after = zalo.tokens()["access_token"]
    assert error_of(zalo, before) == -216
    assert error_of(zalo, after) == 0


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"app_id": "999"}, -14002),
        ({"secret": "wrong"}, -14004),
        ({"refresh_token": "never given"}, -14014),
        ({"grant_type": "password"}, -14018),
        ({"grant_type": "authorization_code", "code": "never given"}, -14005),
    ],
)
def test_refusals_come_in_a_200(zalo: Zalo, form: dict[str, Any], code: int) -> None:
    answer = zalo.tokens(**form)
    assert answer["error"] == code
    assert {"error_name", "error_reason", "error_description", "ref_doc"} <= set(answer)


def test_a_wrong_secret_does_not_use_up_the_token(zalo: Zalo) -> None:
    token = zalo.refresh_token()
    assert zalo.tokens(refresh_token=token, secret="wrong")["error"] == -14004
    assert "access_token" in zalo.tokens(refresh_token=token)


def test_a_refresh_token_lives_three_months(zalo: Zalo) -> None:
    token, young = zalo.refresh_token(), zalo.refresh_token()
    zalo.control("clock", {"advance_seconds": 89 * 86400})
    assert "access_token" in zalo.tokens(refresh_token=young)
    zalo.control("clock", {"advance_seconds": 2 * 86400})
    assert zalo.tokens(refresh_token=token)["error"] == -14020


def test_an_access_token_lives_25_hours(zalo: Zalo) -> None:
    zalo.control("clock", {"advance_seconds": 89_000})
    assert error_of(zalo, zalo.token) == 0
    zalo.control("clock", {"advance_seconds": 1_001})
    assert error_of(zalo, zalo.token) == -220


def test_tokens_can_be_made_to_expire_now(zalo: Zalo) -> None:
    zalo.control("chaos", {"tokens_expire": True})
    assert error_of(zalo, zalo.token) == -220


def test_the_consent_page_leads_back_with_a_code_that_works_once(zalo: Zalo) -> None:
    query = {"app_id": APP_ID, "redirect_uri": "http://127.0.0.1:1/back", "state": "s t", "oa_id": OTHER_OA}
    answer = zalo.http.get(f"{zalo.base}/v4/oa/permission", params=query, allow_redirects=False)
    assert answer.status_code == 302
    back = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert back["state"] == ["s t"]
    assert back["oa_id"] == [OTHER_OA]

    [code] = back["code"]
    pair = zalo.tokens(grant_type="authorization_code", code=code)
    assert zalo.call("GET", "/v2.0/oa/getoa", pair["access_token"]).json()["data"]["oaid"] == OTHER_OA
    assert zalo.tokens(grant_type="authorization_code", code=code)["error"] == -14005


def test_consent_for_an_unknown_app_is_refused(zalo: Zalo) -> None:
    query = {"app_id": "999", "redirect_uri": "http://127.0.0.1:1/back"}
    answer = zalo.http.get(f"{zalo.base}/v4/oa/permission", params=query, allow_redirects=False)
    assert answer.json()["error"] == -14003


def test_the_token_goes_in_its_own_header_not_as_bearer(zalo: Zalo) -> None:
    headers = {"Authorization": f"Bearer {zalo.token}"}
    assert zalo.http.get(f"{zalo.base}/v2.0/oa/getoa", headers=headers).json()["error"] == -216


def test_the_profile_names_the_oa_in_both_spellings(zalo: Zalo) -> None:
    data = zalo.call("GET", "/v2.0/oa/getoa").json()["data"]
    assert data["oaid"] == data["oa_id"] == OA
