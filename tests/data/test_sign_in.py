"""Sessions, second factors and waits as rows, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from passlib.totp import TOTP
from sqlalchemy import func, select

from data import address_waits, officer_care, officer_sessions, officers, rotation, second_factors
from data.officers import BadOfficer
from data.sealing import Sealer
from data.session import Database
from data.tables import AddressWait, Officer, OfficerSession, SecondFactor
from domain.devices import UNKNOWN, device_of
from domain.roles import Role
from domain.waits import ACCOUNT_TRIES, ADDRESS_TRIES, LONGEST_WAIT, wait_after

NOON = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
OLD, NEW = b"o" * 32, b"n" * 32


def officer(database: Database, name: str = "Hoa", *roles: Role) -> int:
    with database.transaction() as session:
        row = officers.add_officer(
            session,
            email=f"{name}@x.example",
            name=name,
            roles=roles or (Role.DUTY,),
            unit_id=None,
            now=NOON,
            password_hash="$argon2…",
        )
        return row.id


def test_waits_grow_to_two_hours_and_no_further() -> None:
    minutes = [wait_after(tries, tries=ACCOUNT_TRIES) / timedelta(minutes=1) for tries in range(4, 12)]

    assert minutes == [0, 15, 30, 60, 120, 120, 120, 120]
    assert wait_after(10_000, tries=ACCOUNT_TRIES) == LONGEST_WAIT


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (
            "Mozilla/5.0 (Linux; Android 14; SM-A146P) AppleWebKit/537.36 Chrome/131.0 Mobile Safari/537.36",
            "Chrome trên Android",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Safari/604.1",
            "Safari trên iPhone",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/131.0 Safari/537.36 Edg/131.0",
            "Edge trên Windows",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0", "Firefox trên Linux"),
        ("curl/8.0", UNKNOWN),
        ("", UNKNOWN),
    ],
)
def test_a_browser_is_named_so_that_an_officer_knows_it_again(agent: str, words: str) -> None:
    assert device_of(agent) == words


def test_a_session_is_found_by_its_token_alone_and_ends_by_itself(database: Database) -> None:
    hoa, tuan = officer(database), officer(database, "Tuan")
    with database.transaction() as session:
        token = officer_sessions.begin(session, hoa, device="A", how="x", proved_at=NOON, now=NOON)
        officer_sessions.begin(session, tuan, device="B", how="x", proved_at=NOON, now=NOON)
        kept = " ".join(session.scalars(select(OfficerSession.mark)))
    assert token not in kept, "the row holds a hash"

    shift = officer_sessions.LASTS
    with database.reading() as session:
        assert officer_sessions.standing(session, token, officer_id=hoa, now=NOON) is not None
        assert officer_sessions.standing(session, token, officer_id=tuan, now=NOON) is None
        assert officer_sessions.standing(session, "", officer_id=hoa, now=NOON) is None
        assert officer_sessions.standing(session, token, officer_id=hoa, now=NOON + shift) is None
        assert officer_sessions.counts(session, [hoa, tuan], now=NOON) == {hoa: 1, tuan: 1}


@pytest.mark.parametrize("act", ["disable", "password", "roles", "unit", "anew", "end"])
def test_what_changes_an_account_ends_its_sessions_and_nobody_elses(database: Database, act: str) -> None:
    hoa, tuan = officer(database), officer(database, "Tuan")
    with database.transaction() as session:
        for one in (hoa, hoa, tuan):
            officer_sessions.begin(session, one, device="A", how="x", proved_at=NOON, now=NOON)
    with database.transaction() as session:
        row = session.get_one(Officer, hoa)
        mark = row.fs_uniquifier
        match act:
            case "disable":
                officers.disable_officer(session, row, now=NOON)
            case "password":
                officers.set_password(session, row, password_hash="$argon2…", now=NOON)
            case "roles":
                officer_care.change(session, row, name="Hoa", roles=[Role.EDITOR], unit_id=None, now=NOON)
            case "unit":
                with pytest.raises(BadOfficer):
                    officer_care.change(session, row, name="Hoa", roles=[Role.DUTY], unit_id="1@x", now=NOON)
                officer_care.end_sessions(session, row, now=NOON)
            case "anew":
                officer_care.begin_anew(session, row, now=NOON)
            case _:
                assert officer_care.end_sessions(session, row, now=NOON) == 2
    with database.reading() as session:
        assert officer_sessions.counts(session, [hoa, tuan], now=NOON) == {tuan: 1}
        assert session.get_one(Officer, hoa).fs_uniquifier != mark


def test_a_code_of_the_app_is_good_once_and_a_recovery_code_too(database: Database) -> None:
    hoa, tuan = officer(database), officer(database, "Tuan")
    key = second_factors.new_key()
    code = TOTP(key=key).generate(time=NOON).token
    with database.transaction() as session:
        second_factors.set_key(session, hoa, sealed=key.encode(), counter=0, now=NOON)
        codes = second_factors.new_codes(session, hoa, now=NOON)

    def tries(officer_id: int) -> tuple[bool, bool]:
        with database.transaction() as session:
            return (
                second_factors.use_code(session, officer_id, code, open_key=bytes, now=NOON),
                second_factors.use_recovery(session, officer_id, codes[0], now=NOON),
            )

    assert [tries(tuan), tries(hoa), tries(hoa)] == [(False, False), (True, True), (False, False)]
    with database.reading() as session:
        left = second_factors.factors_of(session, hoa)
        assert (left.codes_left, left.any) == (second_factors.CODES - 1, True)
        assert second_factors.who_has_any(session, [hoa, tuan]) == {hoa}


def test_a_passkey_belongs_to_one_officer(database: Database) -> None:
    hoa, tuan = officer(database), officer(database, "Tuan")
    given = {"credential_id": b"c", "public_key": b"p", "sign_count": 1, "name": "Điện thoại", "now": NOON}
    with database.transaction() as session:
        assert second_factors.add_passkey(session, hoa, **given)  # type: ignore[arg-type]  # values by name
        assert not second_factors.add_passkey(session, tuan, **given)  # type: ignore[arg-type]  # the same one again
        number = second_factors.factors_of(session, hoa).passkeys[0].id
        assert second_factors.find_passkey(session, tuan, b"c") is None
        assert not second_factors.remove_passkey(session, tuan, number, now=NOON)
        assert second_factors.remove_passkey(session, hoa, number, now=NOON)
        assert not second_factors.factors_of(session, hoa).any


def test_a_new_data_key_seals_the_keys_of_apps_anew(sqlite_database: Database) -> None:
    hoa = officer(sqlite_database)
    before, both, after = Sealer([OLD]), Sealer([NEW, OLD]), Sealer([NEW])
    with sqlite_database.transaction() as session:
        sealed = before.seal(b"KEY", purpose=second_factors.PURPOSE)
        second_factors.set_key(session, hoa, sealed=sealed, counter=0, now=NOON)

    done, failed = rotation.rotate(sqlite_database, both)

    assert done["authenticator apps"] == 1
    assert failed == {}
    with sqlite_database.reading() as session:
        kept = session.get_one(SecondFactor, hoa).totp_sealed
    assert after.open(kept or b"", purpose=second_factors.PURPOSE) == b"KEY"


def test_an_address_waits_after_twenty_wrong_tries_and_is_forgotten_after_a_day(database: Database) -> None:
    mark, other = (address_waits.mark_of(address, secret="s") for address in ("10.0.0.1", "10.0.0.2"))
    assert "10.0.0.1" not in mark
    for number in range(ADDRESS_TRIES):
        with database.transaction() as session:
            assert not address_waits.has_to_wait(session, mark, now=NOON), number
            address_waits.failed(session, mark, now=NOON)

    with database.reading() as session:
        assert address_waits.has_to_wait(session, mark, now=NOON)
        assert not address_waits.has_to_wait(session, other, now=NOON)
        assert not address_waits.has_to_wait(session, mark, now=NOON + timedelta(minutes=15))
    with database.transaction() as session:
        address_waits.failed(session, other, now=NOON + timedelta(days=1, seconds=1))
        assert session.scalar(select(func.count()).select_from(AddressWait)) == 1


def test_the_last_administrator_stays_one(database: Database) -> None:
    boss, hoa = officer(database, "Boss", Role.ADMIN), officer(database)
    with database.transaction() as session:
        row = session.get_one(Officer, boss)
        with pytest.raises(BadOfficer, match="duy nhất"):
            officer_care.change(session, row, name="Boss", roles=[Role.DUTY], unit_id=None, now=NOON, by=hoa)
        with pytest.raises(BadOfficer, match="duy nhất"):
            officers.disable_officer(session, row, now=NOON)
    officer(database, "Second", Role.ADMIN)
    with database.transaction() as session:
        officers.disable_officer(session, session.get_one(Officer, boss), now=NOON)
