"""Who may post to the webhook: both vectors of the reference, and nobody else."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.zalo.signature import is_from_zalo, sign

APP, SECRET = "1234567890123456789", "demoOaSecretKey"
BODY = (
    '{"app_id":"1234567890123456789","sender":{"id":"4000000000000000001"},'
    '"recipient":{"id":"3000000000000000001"},"event_name":"user_send_text",'
    '"message":{"msg_id":"00aa11bb22cc33dd44ee","text":"Xin chào"},"timestamp":"1767225600000"}'
).encode()
MAC = "6fad677ad1a08a9e67352533dd0a06f667c8f4fb3704f6006c8ca0cdb90a879c"


def test_first_vector():
    assert len(BODY) == 232
    assert is_from_zalo(BODY, f"mac={MAC}", app_id=APP, secret=SECRET)
    assert sign(BODY, "1767225600000", app_id=APP, secret=SECRET) == f"mac={MAC}"


def test_second_vector():
    """Its body has no timestamp of its own, so only the formula can be checked."""
    mac = "mac=97c5601c00e0f79076389c216fad0b6883a1145a36620fa876b136143928f068"
    assert sign(b'{"a":1}', "1700000000000", app_id="123", secret="oasec") == mac


@pytest.mark.parametrize(
    "header",
    [
        MAC,
        f"mac={MAC}",
        f"mac = {MAC}",
        f"  mac={MAC}  ",
        f"mac={MAC.upper()}",
        f"MAC={MAC}",
        f"\tmac= {MAC}\n",
    ],
)
def test_the_header_may_be_written_in_several_ways(header):
    assert is_from_zalo(BODY, header, app_id=APP, secret=SECRET)


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "mac=",
        "mac",
        f"mac={MAC[:-1]}",
        f"mac={MAC}0",
        f"mac={MAC[:-1]}d",
        f"sha256={MAC}",
        f"{MAC} {MAC}",
        "mac=é",
    ],
)
def test_any_other_header_is_refused(header):
    assert not is_from_zalo(BODY, header, app_id=APP, secret=SECRET)


@pytest.mark.parametrize(
    ("raw", "app", "secret"),
    [
        (BODY + b" ", APP, SECRET),
        (json.dumps(json.loads(BODY)).encode(), APP, SECRET),  # same content, other bytes
        (BODY, APP[:-1], SECRET),
        (BODY, APP, SECRET + "x"),
    ],
)
def test_other_bytes_app_or_secret_are_refused(raw, app, secret):
    assert not is_from_zalo(raw, f"mac={MAC}", app_id=app, secret=secret)


@pytest.mark.parametrize(
    "written", ["1767225600000", "17672256000.00e2", "-0", "1767225600000000000000000000001"]
)
def test_a_timestamp_given_as_number_is_signed_as_it_is_written(written):
    raw = b'{"timestamp": %s}' % written.encode()
    assert is_from_zalo(raw, sign(raw, written, app_id=APP, secret=SECRET), app_id=APP, secret=SECRET)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b'{"timestamp": null}',
        b'{"timestamp": ""}',
        b'{"timestamp": {}}',
        b"\xff{",
    ],
)
def test_a_body_without_timestamp_is_refused_even_if_signed(raw):
    assert not is_from_zalo(raw, sign(raw, "", app_id=APP, secret=SECRET), app_id=APP, secret=SECRET)


def test_a_body_nested_without_end_is_refused():
    assert not is_from_zalo(b'{"a":' * 100_000, f"mac={MAC}", app_id=APP, secret=SECRET)


def test_a_lone_surrogate_as_timestamp_is_no_crash():
    raw = b'{"timestamp": "\\ud800"}'
    assert not is_from_zalo(raw, f"mac={MAC}", app_id=APP, secret=SECRET)


@given(
    raw=st.binary(max_size=300) | st.binary(max_size=40).map(lambda more: BODY + more),
    header=st.none() | st.text(max_size=90) | st.just(f"mac={MAC}"),
    app=st.text(max_size=20, alphabet="0123456789"),
    secret=st.text(max_size=20, alphabet="abc"),
)
def test_never_raises_and_never_takes_a_stranger_in(raw, header, app, secret):
    assert is_from_zalo(raw, header, app_id=app, secret=secret) is False
