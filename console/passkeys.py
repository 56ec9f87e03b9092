"""Passkeys (WebAuthn) with py_webauthn: what the browser is asked, and whether its answer is true.

A passkey belongs to the name in the address bar; a bare IP address has none, so there passkeys cannot be used.
"""

from __future__ import annotations

import base64
import ipaddress
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from flask import request, session
from sqlalchemy.orm import Session
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import parse_authentication_credential_json, parse_registration_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from console.accounts import OnDuty
from console.desk import desk, now
from data import second_factors
from data.second_factors import Factors

CHALLENGE = "thach-thuc"
CHALLENGE_LASTS = timedelta(minutes=10)
TIMEOUT_MS = 120_000
ANSWER_MAX = 20_000
"""Characters of the browser's answer; real ones have about two thousand."""
NAME = "Cầu Nối"


def _origin() -> str:
    return desk().public_url or request.host_url.rstrip("/")


def _name() -> str:
    return urlsplit(_origin()).hostname or ""


def possible() -> bool:
    """Can passkeys be used at this address?"""
    origin = urlsplit(_origin())
    name = origin.hostname or ""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return bool(name) and (origin.scheme == "https" or name == "localhost")
    return False


def to_register(me: OnDuty, factors: Factors) -> str:
    """What the browser is asked to make a new passkey; JSON."""
    options = generate_registration_options(
        rp_id=_name(),
        rp_name=NAME,
        user_id=f"officer:{me.id}".encode(),
        user_name=me.email,
        user_display_name=me.name,
        timeout=TIMEOUT_MS,
        exclude_credentials=[PublicKeyCredentialDescriptor(id=key.credential_id) for key in factors.passkeys],
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.DISCOURAGED,
            user_verification=UserVerificationRequirement.PREFERRED,
        ),
    )
    _remember(options.challenge, "new")
    return options_to_json(options)


def to_prove(factors: Factors) -> str:
    """What the browser is asked to prove it holds one of these passkeys; JSON."""
    options = generate_authentication_options(
        rp_id=_name(),
        timeout=TIMEOUT_MS,
        allow_credentials=[PublicKeyCredentialDescriptor(id=key.credential_id) for key in factors.passkeys],
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    _remember(options.challenge, "prove")
    return options_to_json(options)


def register(writing: Session, me: OnDuty, answer: str, *, name: str) -> bool:
    """Keep the passkey the browser made; False when its answer is not true or not for this challenge."""
    challenge = _taken("new")
    if challenge is None or len(answer) > ANSWER_MAX:
        return False
    try:
        made = verify_registration_response(
            credential=parse_registration_credential_json(answer),
            expected_challenge=challenge,
            expected_rp_id=_name(),
            expected_origin=_origin(),
        )
    except (WebAuthnException, ValueError):
        return False
    return second_factors.add_passkey(
        writing,
        me.id,
        credential_id=made.credential_id,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        name=name,
        now=now(),
    )


def prove(writing: Session, me: OnDuty, answer: str) -> bool:
    """Does this answer come from one of the officer's passkeys, for the challenge we gave?"""
    challenge = _taken("prove")
    if challenge is None or len(answer) > ANSWER_MAX:
        return False
    try:
        given = parse_authentication_credential_json(answer)
        key = second_factors.find_passkey(writing, me.id, given.raw_id)
        if key is None:
            return False
        proof = verify_authentication_response(
            credential=given,
            expected_challenge=challenge,
            expected_rp_id=_name(),
            expected_origin=_origin(),
            credential_public_key=key.public_key,
            credential_current_sign_count=key.sign_count,
        )
    except (WebAuthnException, ValueError):
        return False
    key.sign_count, key.used_at = proof.new_sign_count, now()
    return True


def _remember(challenge: bytes, purpose: str) -> None:
    session[CHALLENGE] = [purpose, base64.b64encode(challenge).decode(), now().timestamp()]


def _taken(purpose: str) -> bytes | None:
    """The challenge we gave for this purpose, once."""
    kept = session.pop(CHALLENGE, None)
    if not kept or kept[0] != purpose or now() - datetime.fromtimestamp(kept[2], UTC) > CHALLENGE_LASTS:
        return None
    return base64.b64decode(kept[1])
