"""One body for every kind of event of the reference, written for these tests; ids and words are invented."""

from __future__ import annotations

from typing import Any

APP = "1234567890123456789"
OA = "3000000000000000001"
USER = "4000000000000000001"
BY_APP = "5000000000000000001"
GROUP = "f0a1b2c3d4e5f6a7b8c9"
MSG = "00aa11bb22cc33dd44ee"
AT = "1767225600123"

GROUP_KINDS = (
    "text",
    "image",
    "link",
    "audio",
    "location",
    "video",
    "business_card",
    "sticker",
    "gif",
    "file",
)

PAYLOADS: dict[str, dict[str, Any]] = {
    "image": {"url": "https://img.example/o.jpg", "thumbnail": "https://img.example/t.jpg"},
    "gif": {"url": "https://img.example/o.gif", "thumbnail": "https://img.example/t.gif"},
    "link": {"url": "https://bao.example/bai", "thumbnail": "", "description": "Bài báo"},
    "audio": {"url": "https://img.example/v.amr"},
    "video": {
        "url": "https://img.example/c.mp4",
        "thumbnail": "https://img.example/t.jpg",
        "description": "",
    },
    "sticker": {"url": "https://img.example/s.png", "id": "20"},
    "location": {"coordinates": {"latitude": "21.2731", "longitude": "106.1946"}},
    "file": {
        "url": "https://img.example/d",
        "name": "Đơn.pdf",
        "size": "1024",
        "type": "pdf",
        "checksum": "0" * 32,
    },
    "business_card": {
        "url": "www.zaloapp.com",
        "thumbnail": "https://img.example/a.jpg",
        "description": '{"phone":"84900000001","qrCodeUrl":"https://img.example/qr.png"}',
    },
}
TYPES = {"business_card": "link"}


def attachment(kind: str) -> dict[str, Any]:
    return {"type": TYPES.get(kind, kind), "payload": dict(PAYLOADS[kind])}


def message(kind: str, text: str | None = None, msg_id: str = MSG) -> dict[str, Any]:
    made: dict[str, Any] = {"msg_id": msg_id}
    if kind == "text" or text is not None:
        made["text"] = text or "Xin chào"
    if kind != "text":
        made["attachments"] = [attachment(kind)]
    return made


def user_send(kind: str, **more: Any) -> dict[str, Any]:
    """From a citizen to the OA; `message` and top-level fields may be given."""
    return {
        "app_id": APP,
        "user_id_by_app": BY_APP,
        "event_name": f"user_send_{kind}",
        "timestamp": AT,
        "sender": {"id": USER},
        "recipient": {"id": OA},
        "message": message(kind),
    } | more


def oa_send(kind: str, **more: Any) -> dict[str, Any]:
    body_kind = {"list": "link", "template": "text"}.get(kind, kind)
    return {
        "app_id": APP,
        "event_name": f"oa_send_{kind}",
        "timestamp": AT,
        "sender": {"id": OA},
        "recipient": {"id": USER},
        "message": message(body_kind),
    } | more


def in_group(who: str, kind: str, **more: Any) -> dict[str, Any]:
    return {
        "app_id": APP,
        "oa_id": OA,
        "event_name": f"{who}_send_group_{kind}",
        "timestamp": AT,
        "sender": {"id": USER if who == "user" else OA},
        "recipient": {"id": GROUP},
        "message": message(kind),
    } | more


def plain(name: str, **more: Any) -> dict[str, Any]:
    """An event of the OA without sender and recipient."""
    return {"app_id": APP, "oa_id": OA, "event_name": name, "timestamp": AT} | more


def between(name: str, *, from_user: bool, **more: Any) -> dict[str, Any]:
    user, oa = {"id": USER}, {"id": OA}
    sender, recipient = (user, oa) if from_user else (oa, user)
    return {
        "app_id": APP,
        "event_name": name,
        "timestamp": AT,
        "sender": sender,
        "recipient": recipient,
    } | more


CITIZEN_WROTE = [user_send(kind) for kind in GROUP_KINDS]
WE_WROTE = [oa_send(kind) for kind in ("text", "image", "gif", "list", "file", "sticker", "template")]
IN_GROUP = [in_group("user", kind) for kind in GROUP_KINDS]
WE_IN_GROUP = [in_group("oa", kind) for kind in GROUP_KINDS]
GROUP_LIFE = [
    plain(name, group_id=GROUP, users=[{"id": USER}])
    for name in [
        "create_group",
        "delete_group",
        "disperse_group",
        "update_group_info",
        "user_join_group",
        "user_out_group",
        "user_leave_group",
        "user_request_join_group",
        "accept_request_join_group",
        "react_request_join_group",
        "react_request_join_group_accept",
        "reject_request_join_group",
        "react_request_join_group_reject",
        "add_group_admin",
        "remove_group_admin",
    ]
]
VISITORS = [
    between(
        f"{who}_{kind}", from_user=not who.startswith("oa"), message={"msg_id": MSG, "conversation_id": "ab"}
    )
    for who in ("anonymous_send", "oa_send_anonymous")
    for kind in ("text", "image", "file", "sticker")
]
INFO_2025 = {
    "name": "A",
    "phone": 84900000001,
    "address": "1",
    "city": "Bắc Ninh",
    "district": "B",
    "ward": "C",
}
INFO_2026 = {"name": "A", "phone": "84900000001", "full_address": {"user_city": "Bắc Ninh", "user_ward": "C"}}
NOTED = [
    between("user_reacted_message", from_user=True, message={"msg_id": MSG, "react_icon": "/-heart"}),
    between("oa_reacted_message", from_user=False, message={"msg_id": MSG, "react_icon": "/-heart"}),
    between("user_submit_info", from_user=True, info=INFO_2025),
    between("user_submit_info", from_user=True, info=INFO_2026),
    between(
        "user_received_message",
        from_user=False,
        recipient={"id": "84900000001"},
        message={"msg_id": "77", "tracking_id": "t1", "delivery_time": AT},
    ),
    plain("add_user_to_tag", tag={"name": "Tổ 5", "user_ids": [USER]}),
    plain("add_user_to_tag", tag={"name": "Tổ 5"}),
    plain("remove_user_from_tag", tag={"name": "Tổ 5", "user_ids": [USER]}),
    plain("remove_tag", tag={"name": "Tổ 5"}),
    plain("update_user_info", user_id=USER, data={"method": "dynamic_url"}),
    plain(
        "widget_interaction_accepted",
        data={"user_id": USER, "user_external_id": "x", "url": "https://a.example"},
    ),
    plain(
        "widget_failed_to_sync_user_external_id", data={"user_id": USER, "message": "user already has one"}
    ),
    plain("extension_purchased", extension_id="7", extension_sub_info={"duration_month": 6}),
    plain("permission_revoked"),
    plain("shop_has_order"),
    plain("user_click_button"),
    plain("user_click_link"),
    plain("oa_send_consent", phone="84900000001", request_type="SENT"),
    plain("user_reply_consent", phone="84900000001", user_consent="ALLOW", expired_time=0),
    plain("user_call_oa", user_id=USER, call_id="c", call_type="AUDIO", status_code=0),
    plain("oa_call_user", phone="84900000001", call_id="c", call_type="VIDEO", status_code="0"),
    plain("user_feedback", message={"msg_id": MSG, "tracking_id": "t", "rate": 5, "note": "tốt"}),
    {
        "event_name": "change_oa_daily_quota",
        "oaId": OA,
        "timestamp": AT,
        "quota": {"prev_value": 1, "new_value": 2},
    },
    plain("change_oa_template_tags", tag_level={}),
    plain("change_oa_template_tags_v2", tag_level={}),
    plain("change_template_quality", template_id="1", quality="HIGH"),
    plain("change_template_quota", template_id="1"),
    plain(
        "change_template_status", template_id="1", status={"prev_status": "ENABLE", "new_status": "REJECT"}
    ),
    plain("event_journey_time_out"),
    plain("event_journey_acknowledged"),
]
OTHERS = [
    between("user_received_message", from_user=False, message={"msg_id": MSG}),
    between("user_seen_message", from_user=False, message={"msg_ids": [MSG, "11"]}),
    plain("follow", follower={"id": USER}, source="oa_profile"),
    plain("unfollow", follower={"id": USER}, source="oa_profile"),
    plain("user_click_chatnow", user_id=USER),
    plain("user_withdraw", user_id=USER),
]
EVERYTHING = CITIZEN_WROTE + WE_WROTE + IN_GROUP + WE_IN_GROUP + GROUP_LIFE + VISITORS + NOTED + OTHERS
