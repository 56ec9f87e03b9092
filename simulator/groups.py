"""`/v3.0/oa/group/…`: the groups an OA belongs to."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from flask import Blueprint, request

from simulator.errors import ZaloError
from simulator.gate import api
from simulator.messages import read_message
from simulator.webhooks import WebhookSender
from simulator.world import Group, Oa, World


def create_groups(world: World, webhooks: WebhookSender) -> Blueprint:
    blueprint = Blueprint("groups", __name__)

    @blueprint.post("/v3.0/oa/group/message")
    @api(world, send=True)
    def message(oa: Oa) -> dict[str, str]:
        body = _body()
        read = read_message(world, body.get("message"), groups=True)
        group = _group(world, oa, (body.get("recipient") or {}).get("group_id"))
        if group.status != "enabled":
            raise ZaloError(-237)
        world.post(group, read)
        kind = "text" if read.kind == "text" else read.kind
        event = {
            "event_name": f"oa_send_group_{kind}",
            "oa_id": oa.oa_id,
            "sender": {"id": oa.oa_id},
            "recipient": {"id": group.group_id},
            "message": {"msg_id": read.message_id, **({"text": read.text} if read.text else {})},
        }
        webhooks.tell(event, about=group.group_id)
        return {"message_id": read.message_id, "group_id": group.group_id}

    @blueprint.get("/v3.0/oa/group/getgroup")
    @api(world)
    def one(oa: Oa) -> dict[str, Any]:
        group = _group(world, oa, request.args.get("group_id"))
        valid = (world.clock.now() + timedelta(days=60)).strftime("%d/%m/%Y")
        return {
            "group_info": {**_shown(group), "max_member": "1000", "auto_delete_date": valid},
            "asset_info": {
                "asset_type": "gmf1000",
                "asset_id": group.group_id[:16],
                "valid_through": valid,
                "auto_renew": "false",
            },
            "group_setting": {
                "lock_send_msg": False,
                "join_appr": True,
                "enable_msg_history": True,
                "enable_link_join": True,
            },
        }

    @blueprint.get("/v3.0/oa/group/getgroupsofoa")
    @api(world)
    def of_oa(oa: Oa) -> dict[str, Any]:
        offset, count = _page()
        with world.lock:
            own = [g for g in world.groups.values() if g.oa_id == oa.oa_id and g.oa_is_member]
        shown = [_shown(group) for group in own[offset : offset + count]]
        return {
            "offset": offset,
            "count": count,
            "total": len(own),
            "group_count": len(shown),
            "groups": shown,
        }

    @blueprint.post("/v3.0/oa/group/creategroupwithoa")
    @api(world)
    def create(oa: Oa) -> dict[str, Any]:
        name = _body().get("group_name")
        if not isinstance(name, str) or not name:
            raise ZaloError(-201, "group_name")
        group = Group(secrets.token_hex(10), name, oa.oa_id, members=1)
        world.add_groups([group])
        webhooks.tell(
            {"event_name": "create_group", "oa_id": oa.oa_id, "group_id": group.group_id},
            about=group.group_id,
        )
        return _shown(group)

    @blueprint.get("/v3.0/oa/group/conversation")
    @api(world)
    def conversation(oa: Oa) -> list[dict[str, Any]]:
        group = _group(world, oa, request.args.get("group_id"))
        offset, count = _page()
        newest = list(reversed(group.messages))[offset : offset + count]
        return [
            {
                "src": 0 if m.sender == "oa" else 1,
                "time": m.at,
                "type": "text",
                "message": m.text,
                "message_id": m.message_id,
                "group_id": group.group_id,
            }
            for m in newest
        ]

    return blueprint


def _group(world: World, oa: Oa, group_id: Any) -> Group:
    group = world.groups.get(group_id) if isinstance(group_id, str) else None
    if group is None:
        raise ZaloError(-201, "group_id")
    if group.oa_id != oa.oa_id or not group.oa_is_member:
        raise ZaloError(-403)
    return group


def _shown(group: Group) -> dict[str, Any]:
    return {
        "group_id": group.group_id,
        "name": group.name,
        "avatar": "",
        "group_link": f"https://zalo.me/g/{group.group_id[:10]}",
        "group_description": "",
        "total_member": group.members,
        "status": group.status,
    }


def _page() -> tuple[int, int]:
    try:
        return max(0, int(request.args.get("offset", "0"))), min(
            50, max(1, int(request.args.get("count", "5")))
        )
    except ValueError:
        raise ZaloError(-201, "offset") from None


def _body() -> dict[str, Any]:
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise ZaloError(-201, "body")
    return body
