"""What Zalo posts → domain.messages.Event. Whatever we do not know becomes Unknown, never an exception.

Shapes and variants: docs/zalo.md, "Webhook" and "Echo".
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.zalo.fields import (
    Json,
    digest,
    event_name,
    identifier,
    moment,
    part,
    parts,
    plain,
    read_object,
    words,
)
from bot.zalo.said import said_in
from data.replies import content_of
from domain.messages import (
    Echo,
    Erase,
    Event,
    Follow,
    GroupChange,
    Happening,
    InGroup,
    Noted,
    Receipt,
    Said,
    Unfollow,
    Unknown,
)

NO_TIME = datetime(1970, 1, 1, tzinfo=UTC)
"""Given when an event does not say when it happened and the caller does not say when it came."""
MESSAGE_IDS_MAX = 1000


@dataclass(frozen=True)
class _Told:
    """What one kind of event says, before it becomes an Event."""

    oa_id: str = ""
    user_id: str = ""
    message_id: str = ""
    said: tuple[Said, ...] = ()
    happened: Happening | None = None


_Reader = Callable[[str, Json, Collection[str]], _Told]


def read_event(raw: bytes, *, received_at: datetime | None = None, oas: Collection[str] = ()) -> Event:
    """Make one posted body an Event.

    raw          the bytes as received, signature already checked
    received_at  aware UTC; used when the event does not say when it happened
    oas          ids of our official accounts, for the one event whose sides are disputed
    Never raises: what cannot be read is Unknown, with the event's name if it has one.
    """
    body = read_object(raw) or {}
    name = event_name(body)
    told = _reader_of(name)(name, body, oas)
    happened = told.happened
    if not told.said and happened is None:
        happened = Unknown(name)
    return Event(
        key=_key(raw, name, told),
        name=name,
        app_id=identifier(body, "app_id"),
        oa_id=told.oa_id,
        user_id=told.user_id or None,
        occurred_at=moment(body, "timestamp") or received_at or NO_TIME,
        message_id=told.message_id or None,
        said=told.said,
        happened=None if told.said else happened,
    )


def is_probe(raw: bytes, header: str | None) -> bool:
    """Is it the console trying the address: unsigned, and nothing or `{}` in it?"""
    return not (header or "").strip() and b"".join(raw.split()) in (b"", b"{}")


def _key(raw: bytes, name: str, told: _Told) -> str:
    """The same for every repeat. A message has an id; anything else is known by its bytes."""
    if told.message_id and ("_send_" in name or name == "user_received_message"):
        return digest(told.oa_id, name, told.message_id)
    return hashlib.sha256(raw).hexdigest()


# ---- one function per shape -------------------------------------------------------------------------------


def _citizen_wrote(name: str, body: Json, oas: Collection[str]) -> _Told:
    message = part(body, "message")
    user_id = identifier(part(body, "sender"), "id")
    return _Told(
        oa_id=identifier(part(body, "recipient"), "id"),
        user_id=user_id,
        message_id=identifier(message, "msg_id"),
        said=said_in(message) if user_id else (),
    )


def _we_wrote(name: str, body: Json, oas: Collection[str]) -> _Told:
    message = part(body, "message")
    told = _Told(
        oa_id=identifier(part(body, "sender"), "id"),
        user_id=identifier(part(body, "recipient"), "id"),
        message_id=identifier(message, "msg_id"),
    )
    return _with_echo(name, body, told, to=told.user_id, group=False)


def _somebody_wrote_in_group(name: str, body: Json, oas: Collection[str]) -> _Told:
    message = part(body, "message")
    group_id = identifier(part(body, "recipient"), "id")
    said = said_in(message)
    return _Told(
        oa_id=identifier(body, "oa_id"),
        user_id=identifier(part(body, "sender"), "id"),
        message_id=_message_id(message),
        happened=InGroup(group_id, said) if group_id and said else None,
    )


def _we_wrote_in_group(name: str, body: Json, oas: Collection[str]) -> _Told:
    told = _Told(
        oa_id=identifier(body, "oa_id") or identifier(part(body, "sender"), "id"),
        message_id=_message_id(part(body, "message")),
    )
    return _with_echo(name, body, told, to=identifier(part(body, "recipient"), "id"), group=True)


def _with_echo(name: str, body: Json, told: _Told, *, to: str, group: bool) -> _Told:
    if not to or not told.message_id:
        return told
    message = part(body, "message")
    kind = name.rpartition("_")[2]
    attachments = parts(message, "attachments")
    text = words(message, "text") or words(part(message, "payload"), "text")
    if not text and attachments:
        text = words(part(attachments[0], "payload"), "text")
    echo = Echo(
        message_id=told.message_id,
        to=to,
        group=group,
        content=content_of(_ECHO_KINDS.get(kind, kind), text),
        by_officer=bool(plain(part(body, "sender"), "admin_id")),
    )
    return _Told(oa_id=told.oa_id, user_id=told.user_id, message_id=told.message_id, happened=echo)


_ECHO_KINDS = {"list": "text", "template": "text", "gif": "image"}
"""How our own sends may come back: a text with buttons as a template or list, a GIF as its own kind."""


def _message_id(message: Json) -> str:
    """Group pages show `msg_id` in the sample and `message_id` in the table."""
    return identifier(message, "msg_id") or identifier(message, "message_id")


def _arrived(name: str, body: Json, oas: Collection[str]) -> _Told:
    """Sender is the OA. The template variant of the same name has a phone number as recipient: not kept."""
    message = part(body, "message")
    oa_id, message_id = identifier(part(body, "sender"), "id"), identifier(message, "msg_id")
    if "tracking_id" in message or "delivery_time" in message:
        return _Told(oa_id, message_id=message_id, happened=Noted(name))
    user_id = identifier(part(body, "recipient"), "id")
    happened = Receipt((message_id,), seen=False) if message_id else None
    return _Told(oa_id, user_id, message_id, happened=happened)


def _was_seen(name: str, body: Json, oas: Collection[str]) -> _Told:
    """Sender is the OA says Zalo's page, the citizen says one integrator: our own ids decide if we know them."""
    oa_id, user_id = identifier(part(body, "sender"), "id"), identifier(part(body, "recipient"), "id")
    if oa_id not in oas and user_id in oas:
        oa_id, user_id = user_id, oa_id
    listed = parts(part(body, "message"), "msg_ids")[:MESSAGE_IDS_MAX]
    ids = tuple(one for one in (identifier({"id": value}, "id") for value in listed) if one)
    return _Told(oa_id, user_id, happened=Receipt(ids, seen=True) if ids else None)


def _follows(name: str, body: Json, oas: Collection[str]) -> _Told:
    user_id = identifier(part(body, "follower"), "id")
    return _Told(identifier(body, "oa_id"), user_id, happened=Follow() if user_id else None)


def _follows_no_more(name: str, body: Json, oas: Collection[str]) -> _Told:
    user_id = identifier(part(body, "follower"), "id")
    return _Told(identifier(body, "oa_id"), user_id, happened=Unfollow() if user_id else None)


def _opened_the_chat(name: str, body: Json, oas: Collection[str]) -> _Told:
    user_id = identifier(body, "user_id")
    return _Told(identifier(body, "oa_id"), user_id, happened=Follow() if user_id else None)


def _wants_to_be_forgotten(name: str, body: Json, oas: Collection[str]) -> _Told:
    """The ids are empty when app and OA are no longer linked: then there is nobody we could find."""
    return _Told(identifier(body, "oa_id"), identifier(body, "user_id"), happened=Erase())


def _group_changed(name: str, body: Json, oas: Collection[str]) -> _Told:
    group_id = identifier(body, "group_id")
    change = GroupChange(group_id, _GROUP_CHANGES[name]) if group_id else None
    return _Told(identifier(body, "oa_id"), happened=change)


def _noted(name: str, body: Json, oas: Collection[str]) -> _Told:
    return _Told(_oa_of(body), _user_of(body), happened=Noted(name))


def _noted_from_citizen(name: str, body: Json, oas: Collection[str]) -> _Told:
    oa_id, user_id = identifier(part(body, "recipient"), "id"), identifier(part(body, "sender"), "id")
    return _Told(oa_id, user_id, happened=Noted(name))


def _noted_from_us(name: str, body: Json, oas: Collection[str]) -> _Told:
    oa_id, user_id = identifier(part(body, "sender"), "id"), identifier(part(body, "recipient"), "id")
    return _Told(oa_id, user_id, happened=Noted(name))


def _visitor(name: str, body: Json, oas: Collection[str]) -> _Told:
    """A visitor of the web widget without a Zalo login: their id is no user id."""
    ours = name.startswith("oa_")
    oa_id = identifier(part(body, "sender" if ours else "recipient"), "id")
    return _Told(oa_id, message_id=identifier(part(body, "message"), "msg_id"), happened=Noted(name))


def _reader_of(name: str) -> _Reader:
    """A kind of message Zalo adds one day still has words or files that can be read."""
    known = _READERS.get(name)
    if known is None:
        return _citizen_wrote if name.startswith("user_send_") else _anything
    return known


def _anything(name: str, body: Json, oas: Collection[str]) -> _Told:
    return _Told(_oa_of(body), happened=Unknown(name))


def _oa_of(body: Json) -> str:
    return identifier(body, "oa_id") or identifier(body, "oaId")


def _user_of(body: Json) -> str:
    return identifier(body, "user_id") or identifier(part(body, "data"), "user_id")


# ---- the table: Zalo's name → function ---------------------------------------------------------------------

_GROUP_MESSAGES = (
    ["text", "image", "link", "audio", "location", "video", "business_card", "sticker", "gif", "file"]
)  # fmt: skip

_GROUP_CHANGES: Mapping[str, str] = {
    "create_group": "create_group",
    "delete_group": "delete_group",
    "disperse_group": "delete_group",
    "update_group_info": "update_group_info",
    "user_join_group": "user_join_group",
    "user_out_group": "user_out_group",
    "user_leave_group": "user_out_group",
    "user_request_join_group": "user_request_join_group",
    "accept_request_join_group": "accept_request_join_group",
    "react_request_join_group": "accept_request_join_group",
    "react_request_join_group_accept": "accept_request_join_group",
    "reject_request_join_group": "reject_request_join_group",
    "react_request_join_group_reject": "reject_request_join_group",
    "add_group_admin": "add_group_admin",
    "remove_group_admin": "remove_group_admin",
}
"""As it may be called → as we call it (sources disagree on three of them)."""

_NOTED = (
    # tags, widget, information
    "add_user_to_tag", "remove_user_from_tag", "create_tag", "remove_tag", "update_user_info",
    "widget_interaction_accepted", "widget_failed_to_sync_user_external_id",
    # the OA and what it bought
    "extension_purchased", "permission_revoked", "shop_has_order",
    # clicks nobody has documented
    "user_click_button", "user_click_link",
    # calls
    "oa_send_consent", "user_reply_consent", "user_call_oa", "oa_call_user",
    # template messages
    "user_feedback", "change_oa_daily_quota", "change_oa_template_tags", "change_oa_template_tags_v2",
    "change_template_quality", "change_template_quota", "change_template_status",
    "event_journey_time_out", "event_journey_acknowledged",
)  # fmt: skip

_READERS: Mapping[str, _Reader] = {
    **dict.fromkeys((f"user_send_{kind}" for kind in _GROUP_MESSAGES), _citizen_wrote),
    **dict.fromkeys(
        (f"oa_send_{kind}" for kind in ("text", "image", "gif", "list", "file", "sticker", "template")),
        _we_wrote,
    ),
    **dict.fromkeys((f"user_send_group_{kind}" for kind in _GROUP_MESSAGES), _somebody_wrote_in_group),
    **dict.fromkeys((f"oa_send_group_{kind}" for kind in _GROUP_MESSAGES), _we_wrote_in_group),
    **dict.fromkeys(
        (
            f"{who}_{kind}"
            for who in ("anonymous_send", "oa_send_anonymous")
            for kind in ("text", "image", "file", "sticker")
        ),
        _visitor,
    ),
    **dict.fromkeys(_GROUP_CHANGES, _group_changed),
    **dict.fromkeys(_NOTED, _noted),
    "user_received_message": _arrived,
    "user_seen_message": _was_seen,
    "user_reacted_message": _noted_from_citizen,
    "oa_reacted_message": _noted_from_us,
    "user_submit_info": _noted_from_citizen,
    "user_click_chatnow": _opened_the_chat,
    "follow": _follows,
    "unfollow": _follows_no_more,
    "user_withdraw": _wants_to_be_forgotten,
}
