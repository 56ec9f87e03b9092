"""When a repeating broadcast goes out, by the clock in Vietnam."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.broadcasts import VIETNAM
from domain.repeats import read_repeat, repeat_from_words

REPEATS = st.one_of(
    st.builds(lambda h, m: f"daily {h:02}:{m:02}", st.integers(0, 23), st.integers(0, 59)),
    st.builds(
        lambda days, h, m: f"weekly {','.join(map(str, sorted(days)))} {h:02}:{m:02}",
        st.sets(st.integers(1, 7), min_size=1),
        st.integers(0, 23),
        st.integers(0, 59),
    ),
    st.builds(
        lambda d, h, m: f"monthly {d} {h:02}:{m:02}",
        st.integers(1, 31),
        st.integers(0, 23),
        st.integers(0, 59),
    ),
)
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2036, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  # bounds


@given(REPEATS)
def test_it_reads_back_what_it_writes(text: str):
    assert str(read_repeat(text)) == text


@given(REPEATS, MOMENTS)
def test_the_next_time_is_later_and_at_the_hour_that_was_said(text: str, moment: datetime):
    repeat = read_repeat(text)
    following = repeat.next_after(moment)
    assert following > moment
    assert following.astimezone(VIETNAM).time() == repeat.at


@given(REPEATS, MOMENTS)
def test_no_time_is_left_out(text: str, moment: datetime):
    repeat = read_repeat(text)
    first = repeat.next_after(moment)
    second = repeat.next_after(first)
    middle = first + (second - first) / 2
    assert repeat.next_after(middle) == second


def test_the_end_of_the_month_is_its_last_day():
    repeat = read_repeat("monthly 31 07:00")
    february = repeat.next_after(datetime(2028, 2, 1, tzinfo=VIETNAM))
    assert february == datetime(2028, 2, 29, 7, 0, tzinfo=VIETNAM)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("daily 07:00", "07:00 hằng ngày"),
        ("weekly 1,7 18:30", "18:30 thứ Hai, Chủ nhật hằng tuần"),
        ("monthly 15 07:00", "07:00 ngày 15 hằng tháng"),
        ("monthly 31 07:00", "07:00 ngày 31 hằng tháng (tháng ngắn hơn: ngày cuối tháng)"),
    ],
)
def test_officers_can_read_it(text: str, words: str):
    assert read_repeat(text).in_words() == words


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hourly",
        "daily",
        "daily 24:00",
        "daily 1 07:00",
        "weekly 07:00",
        "weekly 8 07:00",
        "monthly 0 07:00",
        "monthly 1,2 07:00",
    ],
)
def test_nonsense_is_refused_with_a_sentence(text: str):
    with pytest.raises(ValueError, match=r"L[ịi]ch|Giờ"):
        read_repeat(text)


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("mỗi thứ Hai 7 giờ", "weekly 1 07:00"),
        ("thứ 2, thứ 4 lúc 7h30", "weekly 1,3 07:30"),
        ("Hằng ngày 6:45", "daily 06:45"),
        ("hàng ngày lúc 8 giờ rưỡi", "daily 08:30"),
        ("ngày 15 hằng tháng 8 giờ", "monthly 15 08:00"),
        ("Chủ nhật hằng tuần 19h", "weekly 7 19:00"),
        ("mỗi thứ bảy 3 giờ chiều", "weekly 6 15:00"),
        ("moi thu sau 7 gio 15", "weekly 5 07:15"),
    ],
)
def test_words_are_understood(words: str, kept: str):
    assert str(repeat_from_words(words)) == kept


@pytest.mark.parametrize(
    "words", ["", "mỗi thứ Hai", "7 giờ", "mỗi thứ Hai 25 giờ", "ngày 32 hằng tháng 7 giờ", "lúc nào đó"]
)
def test_words_that_leave_something_open_are_asked_about(words: str):
    with pytest.raises(ValueError, match=r"\w"):
        repeat_from_words(words)
