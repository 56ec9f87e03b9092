"""What is sealed opens with the right key, for the right purpose, unchanged; keys can be changed."""

from __future__ import annotations

import re
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.sealing import CannotOpen, Sealer, citizen_key, load_pepper
from data.session import Database

OLD, NEW, STRANGE = (Sealer([letter * 32]) for letter in (b"o", b"n", b"s"))
WORDS = "Có nhóm đánh bạc".encode()


@given(st.binary(max_size=5000))
def test_what_is_sealed_opens_again(plain: bytes) -> None:
    assert OLD.open(OLD.seal(plain, purpose="event"), purpose="event") == plain


def test_the_words_do_not_show_and_two_seals_differ() -> None:
    first, second = OLD.seal(WORDS, purpose="event"), OLD.seal(WORDS, purpose="event")
    assert WORDS not in first
    assert first != second
    assert first[4:16] != second[4:16], "a nonce is never used twice"


def test_another_key_does_not_open() -> None:
    with pytest.raises(CannotOpen, match="not among DATA_KEY"):
        STRANGE.open(OLD.seal(WORDS, purpose="event"), purpose="event")


def test_another_purpose_does_not_open() -> None:
    with pytest.raises(CannotOpen, match="changed"):
        OLD.open(OLD.seal(WORDS, purpose="token"), purpose="identity")


def test_one_changed_bit_anywhere_does_not_open() -> None:
    sealed = OLD.seal(b"x", purpose="event")
    for at in range(len(sealed)):
        changed = bytearray(sealed)
        changed[at] ^= 1
        with pytest.raises(CannotOpen):
            OLD.open(bytes(changed), purpose="event")


@given(st.binary(max_size=60))
def test_rubbish_does_not_open_and_breaks_nothing(rubbish: bytes) -> None:
    for sealed in (rubbish, OLD.seal(b"", purpose="event")[:4] + rubbish):
        with pytest.raises(CannotOpen):
            OLD.open(sealed, purpose="event")


def test_keys_are_changed_without_losing_what_the_old_one_sealed() -> None:
    before = OLD.seal(WORDS, purpose="event")
    both = Sealer([b"n" * 32, b"o" * 32])
    assert both.open(before, purpose="event") == WORDS
    after = both.seal(WORDS, purpose="event")
    assert NEW.open(after, purpose="event") == WORDS, "the first key seals"
    with pytest.raises(CannotOpen):
        OLD.open(after, purpose="event")
    with pytest.raises(CannotOpen):
        NEW.open(before, purpose="event")


@pytest.mark.parametrize("keys", [[], [b"short"], [b"k" * 32, b"short"], [b"k" * 33]])
def test_keys_of_the_wrong_length_are_refused(keys: list[bytes]) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Sealer(keys)


def test_the_pepper_stays_the_same_when_keys_are_changed(database: Database) -> None:
    """Otherwise every citizen would be a stranger after a change of DATA_KEY."""
    with database.transaction() as session:
        first = load_pepper(session, OLD)
    with database.transaction() as session:
        again = load_pepper(session, Sealer([b"n" * 32, b"o" * 32]))
    assert first == again
    assert len(first) == 32


def test_a_database_of_another_key_is_not_given_a_new_pepper(database: Database) -> None:
    with database.transaction() as session:
        first = load_pepper(session, OLD)
    with pytest.raises(CannotOpen), database.transaction() as session:
        load_pepper(session, STRANGE)
    with database.transaction() as session:
        assert load_pepper(session, OLD) == first


def test_a_citizen_has_one_key_in_each_account_and_it_tells_nothing() -> None:
    key = citizen_key(b"p" * 32, "1", "4000000000000000001")
    assert key == citizen_key(b"p" * 32, "1", "4000000000000000001")
    assert re.fullmatch(r"[a-z2-7]{26}", key)
    others = {
        citizen_key(b"q" * 32, "1", "4000000000000000001"),
        citizen_key(b"p" * 32, "2", "4000000000000000001"),
        citizen_key(b"p" * 32, "1", "4000000000000000002"),
    }
    assert len(others | {key}) == 4


def test_an_account_and_a_citizen_cannot_be_mixed_up() -> None:
    """Zalo's ids are digits, so the colon between them parts them for good."""
    assert citizen_key(b"p" * 32, "12", "3") != citizen_key(b"p" * 32, "1", "23")


def test_of_programs_that_start_at_the_same_moment_all_get_the_same_secret(database: Database) -> None:
    """Worker, web and scheduler come up together on an empty database."""
    together = threading.Barrier(4)

    def start(_: int) -> bytes:
        together.wait(timeout=30)
        with database.transaction() as session:
            return load_pepper(session, OLD)

    with ThreadPoolExecutor(4) as programs:
        assert len(set(programs.map(start, range(4)))) == 1
