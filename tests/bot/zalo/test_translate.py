"""What Zalo posts becomes typed values; what we do not know becomes Unknown, never an exception."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.zalo.translate import NO_TIME, is_probe, read_event
from data.replies import content_of
from domain.messages import (
    TEXT_KEPT_MAX,
    Clip,
    ContactCard,
    Document,
    Echo,
    Erase,
    Event,
    Follow,
    GroupChange,
    InGroup,
    Link,
    Noted,
    Photo,
    Place,
    Press,
    Receipt,
    Said,
    Sticker,
    Text,
    Unfollow,
    Unknown,
    Voice,
)
from tests.bot.zalo import samples
from tests.bot.zalo.samples import GROUP, MSG, OA, USER, attachment, user_send

OCCURRED = datetime(2026, 1, 1, 0, 0, 0, 123000, tzinfo=UTC)

SAID: dict[str, Said] = {
    "text": Text("Xin chào"),
    "image": Photo("https://img.example/o.jpg"),
    "gif": Photo("https://img.example/o.gif"),
    "link": Link("https://bao.example/bai", "Bài báo"),
    "audio": Voice("https://img.example/v.amr"),
    "video": Clip("https://img.example/c.mp4"),
    "sticker": Sticker(),
    "location": Place(21.2731, 106.1946),
    "file": Document("https://img.example/d", name="Đơn.pdf", size=1024),
    "business_card": ContactCard(),
}


def read(body: object, **more) -> Event:
    return read_event(json.dumps(body, ensure_ascii=False).encode(), **more)


def said(message: dict[str, Any], kind: str = "text") -> tuple[Any, ...]:
    return read(user_send(kind, message={"msg_id": MSG} | message)).said


# ---- a citizen writes ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", SAID)
def test_every_kind_of_message_of_a_citizen(kind):
    event = read(user_send(kind))

    assert event.said == (SAID[kind],)
    assert event.happened is None
    assert (event.name, event.oa_id, event.user_id, event.message_id) == (f"user_send_{kind}", OA, USER, MSG)
    assert event.app_id == samples.APP
    assert event.occurred_at == OCCURRED


def test_several_photos_in_one_message_stay_in_order_and_the_words_are_the_first_ones_caption():
    photos = [{"type": "image", "payload": {"url": f"https://img.example/{n}.jpg"}} for n in range(3)]

    assert said({"text": "Đống rác", "attachments": photos}, "image") == (
        Photo("https://img.example/0.jpg", caption="Đống rác"),
        Photo("https://img.example/1.jpg"),
        Photo("https://img.example/2.jpg"),
    )


def test_words_beside_a_place_are_a_message_of_their_own():
    assert said({"text": "Ở đây", "attachments": [attachment("location")]}) == (
        Text("Ở đây"),
        SAID["location"],
    )


def test_a_link_is_not_said_twice():
    url = "https://bao.example/bai"
    assert said({"text": url, "attachments": [attachment("link")]}) == (SAID["link"],)
    assert said({"text": f"Xem {url}", "attachments": [attachment("link")]}) == (Text(f"Xem {url}"),)
    assert said({"text": "Xem này", "attachments": [attachment("link")]}) == (Text("Xem này"), SAID["link"])


def test_what_cannot_be_understood_is_dropped_and_the_rest_is_kept():
    broken = [
        {"type": "image"},
        {"type": "hologram", "payload": {}},
        None,
        "image",
        {"payload": {"url": "https://a.b"}},
    ]
    assert said({"attachments": [*broken, attachment("video")]}) == (SAID["video"],)
    assert said({"text": "Nhìn đi", "attachments": broken}) == (Text("Nhìn đi"),)


@pytest.mark.parametrize(
    "message", [{}, {"attachments": []}, {"attachments": [{"type": "hologram"}]}, {"text": " \n "}]
)
def test_a_message_without_anything_we_understand_is_unknown_but_known_by_whom(message):
    event = read(user_send("image", message={"msg_id": MSG} | message))
    assert (event.said, event.happened, event.user_id) == ((), Unknown("user_send_image"), USER)


def test_a_kind_of_message_zalo_adds_later_still_has_words():
    assert read(user_send("text", event_name="user_send_poll")).said == (Text("Xin chào"),)


def test_the_quoted_message_is_kept():
    assert said({"text": "Vâng", "quote_msg_id": "ab12"}) == (Text("Vâng", quoted_message="ab12"),)


@pytest.mark.parametrize(
    ("coordinates", "place"),
    [
        ({"latitude": 21.5, "longitude": 106}, Place(21.5, 106.0)),
        ({"latitude": "-90", "longitude": " 180 "}, Place(-90.0, 180.0)),
        ({"latitude": "21,25", "longitude": "106,5"}, Place(21.25, 106.5)),
        ({"latitude": "91", "longitude": "106"}, None),
        ({"latitude": "21", "longitude": "-181"}, None),
        ({"latitude": "NaN", "longitude": "106"}, None),
        ({"latitude": "1e1", "longitude": "106"}, None),
        ({"latitude": "", "longitude": "106"}, None),
        ({"latitude": True, "longitude": "106"}, None),
        ({"longitude": "106"}, None),
        ("21,106", None),
    ],
)
def test_places_are_numbers_in_range_or_nothing(coordinates, place):
    found = said({"attachments": [{"type": "location", "payload": {"coordinates": coordinates}}]}, "location")
    assert found == ((place,) if place else ())


@pytest.mark.parametrize(
    ("size", "kept"),
    [("1024", 1024), (1024, 1024), (None, None), ("-1", None), ("1e9", None), ("9" * 30, None), ("²", None)],
)
def test_a_file_of_any_size_field(size, kept):
    payload = samples.PAYLOADS["file"] | {"size": size}
    assert said({"attachments": [{"type": "file", "payload": payload}]}, "file")[0].size == kept


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "file:///etc/passwd", "", None, 7, "http://a b", "https://" + "a" * 5000]
)
def test_only_web_addresses_are_links(url):
    assert said({"attachments": [{"type": "image", "payload": {"url": url}}]}, "image") == ()


def test_a_link_with_a_description_in_braces_is_not_always_a_card():
    payload = {"url": "https://a.example", "description": '{"title": "x"}'}
    assert said({"attachments": [{"type": "link", "payload": payload}]}, "link") == (
        Link("https://a.example", '{"title": "x"}'),
    )


# ---- buttons --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "press"),
    [
        ("#menu", Press("menu")),
        ("#tip.send", Press("tip.send")),
        ("#tip_more.a:x", Press("tip_more.a", "x")),
        ("#procedure:1.001:2", Press("procedure", "1.001:2")),
        (" #menu ", Press("menu")),
        ("#menu:", Press("menu")),
        ("#menu:hai\ndòng", Press("menu", "hai\ndòng")),
    ],
)
def test_a_text_in_the_form_of_a_button_is_a_press(text, press):
    assert said({"text": text}) == (press,)


@pytest.mark.parametrize(
    "text", ["#", "# menu", "#Menu", "#1", "##a", "#giá", "hello #menu", "#menu x", "#.a"]
)
def test_other_texts_with_a_hash_are_words(text):
    assert said({"text": text}) == (Text(text),)


# ---- words --------------------------------------------------------------------------------------------------


def test_words_are_composed():
    decomposed = unicodedata.normalize("NFD", "Làm hộ chiếu ở đâu?")
    assert said({"text": decomposed}) == (Text("Làm hộ chiếu ở đâu?"),)


def test_control_characters_and_lone_surrogates_go_and_lines_stay():
    raw = json.dumps(user_send("text")).replace(
        "Xin ch\\u00e0o", "a\\u0000b\\ud800c\\u0007d\\u0085\\r\\ne\\tf\\u001b"
    )
    assert read_event(raw.encode()).said == (Text("abcd\ne\tf"),)


def test_emojis_and_right_to_left_marks_stay_as_they_are():
    words = "👨‍👩‍👧 🇻🇳 \u200fשלום"
    assert said({"text": words}) == (Text(words),)


@pytest.mark.parametrize(
    "words", ["a" * 200_000, "ế" * 200_000, unicodedata.normalize("NFD", "ế") * 50_000, "🚓" * 10_000]
)
def test_long_words_are_cut(words):
    (text,) = said({"text": words})
    assert len(text.text) == TEXT_KEPT_MAX
    assert unicodedata.is_normalized("NFC", text.text)


def test_a_letter_keeps_no_more_marks_than_a_language_has():
    """Putting 100,000 marks in order takes quadratic time: it would hold the webhook up."""
    assert len(said({"text": "a" + "\u0301\u0323" * 50_000})[0].text) <= 31


def test_bytes_that_are_no_utf8_are_read_as_well_as_can_be():
    raw = json.dumps(user_send("text"), ensure_ascii=False).encode().replace("à".encode(), b"\xe0")
    assert read_event(raw).said == (Text("Xin ch\ufffdo"),)


# ---- everything else --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("body", samples.EVERYTHING, ids=lambda body: body["event_name"])
def test_every_event_of_the_reference_is_known(body):
    event = read(body)
    assert not isinstance(event.happened, Unknown)
    assert (event.happened is None) == bool(event.said)
    assert (event.name, event.oa_id, event.occurred_at) == (body["event_name"], OA, OCCURRED)
    assert event.user_id in (USER, None)


@pytest.mark.parametrize(
    ("kind", "echoed"),
    [
        ("text", "text"),
        ("image", "image"),
        ("gif", "image"),
        ("list", "text"),
        ("file", "file"),
        ("sticker", "sticker"),
    ],
)
def test_our_own_messages_come_back_as_echoes(kind, echoed):
    body = samples.oa_send(kind)
    body["message"]["text"] = "Hộ chiếu"
    event = read(body)
    assert event.happened == Echo(MSG, USER, False, content_of(echoed, "Hộ chiếu"))
    assert (event.user_id, event.message_id) == (USER, MSG)


def test_a_template_echo_has_its_words_in_the_payload():
    event = read(samples.oa_send("template", message={"msg_id": MSG, "payload": {"text": "Chọn một mục"}}))
    assert event.happened == Echo(MSG, USER, False, content_of("text", "Chọn một mục"))


def test_an_officer_who_typed_in_zalos_own_tool_is_told_apart():
    body = samples.oa_send("text", sender={"id": OA, "admin_id": "6000000000000000001"})
    echo = read(body).happened
    assert isinstance(echo, Echo)
    assert echo.by_officer


@pytest.mark.parametrize("kind", samples.GROUP_KINDS)
def test_messages_in_groups(kind):
    theirs, ours = read(samples.in_group("user", kind)), read(samples.in_group("oa", kind))
    assert theirs.happened == InGroup(GROUP, (SAID[kind],))
    assert theirs.said == ()
    assert (theirs.user_id, theirs.message_id) == (USER, MSG)
    assert isinstance(ours.happened, Echo)
    assert (ours.happened.to, ours.happened.group, ours.happened.message_id, ours.user_id) == (
        GROUP,
        True,
        MSG,
        None,
    )


def test_a_group_message_may_call_its_id_message_id():
    event = read(samples.in_group("oa", "text", message={"message_id": MSG, "text": "Chào"}))
    assert event.happened == Echo(MSG, GROUP, True, content_of("text", "Chào"))


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("delete_group", "delete_group"),
        ("disperse_group", "delete_group"),
        ("accept_request_join_group", "accept_request_join_group"),
        ("react_request_join_group", "accept_request_join_group"),
        ("user_leave_group", "user_out_group"),
        ("create_group", "create_group"),
    ],
)
def test_both_names_of_a_group_change_mean_the_same(name, change):
    assert read(samples.plain(name, group_id=GROUP)).happened == GroupChange(GROUP, change)


def test_follow_and_unfollow_have_no_sender():
    assert read(samples.plain("follow", follower={"id": USER})).happened == Follow()
    assert read(samples.plain("unfollow", follower={"id": USER})).happened == Unfollow()
    assert read(samples.plain("user_click_chatnow", user_id=USER)).happened == Follow()
    assert read(samples.plain("follow", follower={"id": USER})).user_id == USER


def test_a_citizen_who_withdraws_is_to_be_erased():
    event = read(samples.plain("user_withdraw", user_id=USER))
    assert (event.happened, event.user_id, event.oa_id) == (Erase(), USER, OA)
    unlinked = read(samples.plain("user_withdraw", oa_id="", user_id="", user_id_by_app="5"))
    assert (unlinked.happened, unlinked.user_id, unlinked.oa_id) == (Erase(), None, "")


def test_receipts_tell_which_messages():
    arrived = read(samples.between("user_received_message", from_user=False, message={"msg_id": MSG}))
    seen = read(
        samples.between("user_seen_message", from_user=False, message={"msg_ids": [MSG, "11", None, ""]})
    )
    assert arrived.happened == Receipt((MSG,), seen=False)
    assert seen.happened == Receipt((MSG, "11"), seen=True)
    assert (seen.oa_id, seen.user_id) == (OA, USER)


def test_the_sides_of_a_seen_message_are_put_right_when_we_know_our_accounts():
    swapped = samples.between("user_seen_message", from_user=True, message={"msg_ids": [MSG]})
    event = read(swapped, oas={OA})
    assert (event.oa_id, event.user_id) == (OA, USER)


def test_the_receipt_of_a_template_message_keeps_no_phone_number():
    body = next(one for one in samples.NOTED if one["event_name"] == "user_received_message")
    event = read(body)
    assert event.happened == Noted("user_received_message")
    assert event.user_id is None


def test_visitors_without_a_zalo_login_are_no_citizens():
    event = read(
        samples.between("anonymous_send_text", from_user=True, message={"msg_id": MSG, "text": "hi"})
    )
    assert (event.happened, event.said, event.user_id) == (Noted("anonymous_send_text"), (), None)


@pytest.mark.parametrize(
    "name", ["brand_new_event", "user_sends_text", "", "ünïcode", "a" * 65, None, 7, {"x": 1}]
)
def test_an_event_nobody_knows_is_unknown(name):
    event = read(samples.plain("x", event_name=name))
    assert isinstance(event.happened, Unknown)
    assert event.oa_id == OA
    assert len(event.name) <= 64


@pytest.mark.parametrize(
    "raw", [b"", b"{}", b"[]", b"null", b"12", b"\xff\xfe", b'{"a":' * 100_000, b'{"event_name": "follow"}']
)
def test_bodies_that_are_no_event(raw):
    event = read_event(raw)
    assert isinstance(event.happened, Unknown)
    assert event.key == hashlib.sha256(raw).hexdigest()


# ---- ids and times ------------------------------------------------------------------------------------------


def test_ids_may_be_numbers_and_keep_all_their_digits():
    event = read(
        user_send("text", sender={"id": int(USER)}, recipient={"id": int(OA)}, app_id=int(samples.APP))
    )
    assert (event.user_id, event.oa_id, event.app_id) == (USER, OA, samples.APP)


@pytest.mark.parametrize("bad", [None, "", " ", [], {}, True, "a b", "x" * 200, "\u0000", "<script>"])
def test_an_id_that_is_none_counts_as_missing(bad):
    event = read(user_send("text", sender={"id": bad}))
    assert (event.user_id, event.said, event.happened) == (None, (), Unknown("user_send_text"))


@pytest.mark.parametrize(
    ("timestamp", "at"),
    [
        ("1767225600123", OCCURRED),
        (1767225600123, OCCURRED),
        ("176722560012", datetime(2026, 1, 1, 0, 0, 0, 120000, tzinfo=UTC)),  # 12 digits
        ("17672256001", datetime(2026, 1, 1, 0, 0, 0, 100000, tzinfo=UTC)),  # 11 digits
        ("1767225600", datetime(2026, 1, 1, tzinfo=UTC)),
        ("1767225600123456", OCCURRED),
        ("", None),
        ("soon", None),
        ("-1767225600123", None),
        (1.7e12, None),
        (None, None),
        ("9" * 40, None),
    ],
)
def test_timestamps(timestamp, at):
    now = datetime(2026, 11, 24, tzinfo=UTC)
    body = user_send("text", timestamp=timestamp)
    assert read(body, received_at=now).occurred_at == (at or now)
    assert read(body).occurred_at == (at or NO_TIME)


# ---- keys ---------------------------------------------------------------------------------------------------


def test_a_message_is_known_by_account_kind_and_id():
    first = read(user_send("text"))
    again = read(user_send("text", user_id_by_app="linked later"))
    assert first.key == again.key == hashlib.sha256(f"{OA}|user_send_text|{MSG}".encode()).hexdigest()
    assert read(user_send("text", message={"msg_id": "other", "text": "Xin chào"})).key != first.key
    assert read(user_send("text", recipient={"id": "3"})).key != first.key
    assert read(samples.oa_send("text")).key != first.key


def test_what_has_no_message_id_is_known_by_its_bytes():
    follow = samples.plain("follow", follower={"id": USER})
    raw = json.dumps(follow).encode()
    assert read_event(raw).key == hashlib.sha256(raw).hexdigest()
    assert read_event(raw + b" ").key != read_event(raw).key


def test_keys_tell_everything_apart():
    keys = [read(body).key for body in samples.EVERYTHING]
    assert len(set(keys)) == len(keys)


# ---- the probe ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("raw", [b"", b"{}", b" { } ", b"\n"])
def test_the_console_tries_the_address_unsigned_with_nothing(raw):
    assert is_probe(raw, None)
    assert is_probe(raw, " ")
    assert not is_probe(raw, "mac=00")


@pytest.mark.parametrize("raw", [b"[]", b"null", b'{"event_name":"follow"}', b"{}{}"])
def test_anything_else_is_no_probe(raw):
    assert not is_probe(raw, None)


# ---- whatever comes -----------------------------------------------------------------------------------------

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.just("user_send_text"),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
FIELDS = sorted(
    {key for body in samples.EVERYTHING for key in body} | {"id", "payload", "text", "msg_ids", "url"}
)


def check(event: Event) -> None:
    assert len(event.key) == 64
    assert bool(event.said) != (event.happened is not None)
    assert event.occurred_at.tzinfo is not None
    for one in event.said:
        if isinstance(one, Text):
            assert 0 < len(one.text) <= TEXT_KEPT_MAX
            one.text.encode()


@given(st.binary(max_size=200))
def test_any_bytes_are_an_event(raw):
    check(read_event(raw))


@given(JSON)
def test_any_json_is_an_event(value):
    check(read_event(json.dumps(value).encode()))


@given(st.data())
@settings(max_examples=400)
def test_a_sample_with_anything_changed_is_an_event(data):
    body = json.loads(json.dumps(data.draw(st.sampled_from(samples.EVERYTHING))))
    for _ in range(data.draw(st.integers(1, 3))):
        place = body
        while True:
            keys = list(place) if isinstance(place, dict) else list(range(len(place)))
            key = data.draw(st.sampled_from(keys)) if keys else None
            if key is None or not isinstance(place[key], dict | list) or data.draw(st.booleans()):
                break
            place = place[key]
        if key is None:
            continue
        if isinstance(place, dict) and data.draw(st.booleans()):
            place.pop(key)
        else:
            place[key] = data.draw(JSON)
    event = read_event(json.dumps(body).encode())
    check(event)
