"""Officers: accounts, lock-out, one-time links."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from data import audit, officers
from data.session import Database
from data.tables import AuditRow, Officer
from data.tables import Role as RoleRow
from domain.roles import Role

NOON = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
SECRET = "a secret of the tests"


def add(database: Database, email: str = "hoa@bacninh.example", **given: object) -> Officer:
    values: dict[str, object] = {"name": "Nguyễn Thị Hoa", "roles": [Role.DUTY], "unit_id": None, "now": NOON}
    with database.transaction() as session:
        return officers.add_officer(session, email=email, **(values | given))  # type: ignore[arg-type]  # values by name


def again(database: Database, officer: Officer) -> Officer:
    with database.reading() as session:
        return session.get_one(Officer, officer.id)


def test_an_officer_is_kept_with_roles_and_found_however_the_address_is_typed(database: Database) -> None:
    hoa = add(database, " Hoa@BacNinh.example ", roles=[Role.ADMIN, Role.DUTY])
    add(database, "tuan@bacninh.example")

    with database.reading() as session:
        found = officers.by_email(session, "HOA@bacninh.example")
        assert found is not None
        assert found.id == hoa.id
        assert officers.roles_of(found) == (Role.DUTY, Role.ADMIN)
        assert [account.email for account in officers.list_officers(session)] == [
            "hoa@bacninh.example",
            "tuan@bacninh.example",
        ]


def test_no_account_has_a_password_unless_one_was_given(database: Database) -> None:
    assert add(database).password is None


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"email": "khong-phai"}, "không phải là địa chỉ"),
        ({"email": "hoa@bacninh.example"}, "Đã có tài khoản"),
        ({"name": "  "}, "họ tên"),
        ({"roles": []}, "vai trò"),
        ({"unit_id": "99999@2025-07-01"}, "Không có đơn vị"),
    ],
)
def test_a_wrong_account_is_refused_in_words(
    database: Database, wrong: dict[str, object], words: str
) -> None:
    add(database)

    with pytest.raises(officers.BadOfficer, match=words):
        add(database, **({"email": "khac@bacninh.example"} | wrong))  # type: ignore[arg-type]  # values by name
    with database.reading() as session:
        assert len(officers.list_officers(session)) == 1


def test_every_role_of_the_program_has_a_row_once(database: Database) -> None:
    add(database)
    add(database, "tuan@bacninh.example")

    with database.reading() as session:
        assert sorted(session.scalars(select(RoleRow.name))) == sorted(Role)


def test_a_disabled_officer_loses_sessions_and_links(database: Database) -> None:
    hoa, tuan = add(database), add(database, "tuan@bacninh.example")
    token = officers.link_token(hoa, secret=SECRET, now=NOON)
    with database.transaction() as session:
        officers.disable_officer(session, session.get_one(Officer, hoa.id), now=NOON, by=tuan.id)

    with database.reading() as session:
        assert officers.by_session(session, hoa.fs_uniquifier) is None
        assert officers.officer_of_link(session, token, secret=SECRET, now=NOON) is None
        assert session.get_one(Officer, tuan.id).active
        last = session.scalars(select(AuditRow).order_by(AuditRow.id.desc())).first()
        assert last is not None
        assert (last.action, last.officer_id, last.subject) == (
            "officer.disable",
            tuan.id,
            f"officer:{hoa.id}",
        )


def test_five_wrong_passwords_lock_the_account_for_a_quarter_of_an_hour(database: Database) -> None:
    hoa, tuan = add(database), add(database, "tuan@bacninh.example")
    for _ in range(officers.FAILURES_ALLOWED - 1):
        with database.transaction() as session:
            officers.login_failed(session, hoa.id, now=NOON)
    assert not officers.is_locked(again(database, hoa), now=NOON)

    with database.transaction() as session:
        officers.login_failed(session, hoa.id, now=NOON)

    assert officers.is_locked(again(database, hoa), now=NOON + officers.LOCKED_FOR - timedelta(seconds=1))
    assert not officers.is_locked(again(database, hoa), now=NOON + officers.LOCKED_FOR)
    assert not officers.is_locked(again(database, tuan), now=NOON)


def test_a_good_log_in_forgets_wrong_passwords(database: Database) -> None:
    hoa = add(database)
    with database.transaction() as session:
        officers.login_failed(session, hoa.id, now=NOON)
        officers.logged_in(session, hoa.id, now=NOON, how="password")

    assert again(database, hoa).failed_logins == 0
    assert again(database, hoa).last_login_at == NOON


def test_a_link_works_once(database: Database) -> None:
    hoa = add(database)
    token = officers.link_token(hoa, secret=SECRET, now=NOON)

    with database.transaction() as session:
        first = officers.use_link(session, token, secret=SECRET, now=NOON)
    with database.transaction() as session:
        second = officers.use_link(session, token, secret=SECRET, now=NOON)

    assert first is not None
    assert first.id == hoa.id
    assert second is None


def test_a_link_ends_in_time(database: Database) -> None:
    token = officers.link_token(add(database), secret=SECRET, now=NOON, lasts=timedelta(hours=1))

    with database.reading() as session:
        just = officers.officer_of_link(session, token, secret=SECRET, now=NOON + timedelta(hours=1))
        late = officers.officer_of_link(
            session, token, secret=SECRET, now=NOON + timedelta(hours=1, seconds=1)
        )
    assert just is not None
    assert late is None


@pytest.mark.parametrize("change", ["officer", "until", "signature", "secret", "shape", "letters"])
def test_a_link_that_was_tampered_with_is_refused(database: Database, change: str) -> None:
    hoa, tuan = add(database), add(database, "tuan@bacninh.example")
    who, until, signature = officers.link_token(hoa, secret=SECRET, now=NOON).split(".")
    forged = {
        "officer": f"{tuan.id}.{until}.{signature}",
        "until": f"{who}.{int(until) + 9999}.{signature}",
        "signature": f"{who}.{until}.{'0' * len(signature)}",
        "secret": officers.link_token(hoa, secret="another", now=NOON),
        "shape": "vào",
        "letters": f"{who}.{until}.ướ",
    }[change]

    with database.reading() as session:
        assert officers.officer_of_link(session, forged, secret=SECRET, now=NOON) is None


def test_a_new_password_ends_sessions_and_links(database: Database) -> None:
    hoa = add(database)
    token = officers.link_token(hoa, secret=SECRET, now=NOON)
    with database.transaction() as session:
        officers.set_password(session, session.get_one(Officer, hoa.id), password_hash="$argon2…", now=NOON)

    with database.reading() as session:
        assert officers.by_session(session, hoa.fs_uniquifier) is None
        assert officers.officer_of_link(session, token, secret=SECRET, now=NOON) is None
        assert audit.verify(session) == []
        kept = repr([(row.before, row.after) for row in session.scalars(select(AuditRow))])
        assert "argon2" not in kept
