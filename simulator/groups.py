"""`/v3.0/oa/group/…`: the groups an OA belongs to."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from flask import Blueprint, request

from simulator.errors import ZaloError
from simulator.gate import api
from simulator.history import entry_of, page_of_request
from simulator.messages import read_message, said_in_event
from simulator.webhooks import WebhookSender
from simulator.world import Group, Oa, World


def create_groups(world: World, webhooks: WebhookSender, *, base: str = "") -> Blueprint:
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
        event = {
            "event_name": f"oa_send_group_{read.kind}",
            "oa_id": oa.oa_id,
            "sender": {"id": oa.oa_id},
            "recipient": {"id": group.group_id},
            "message": said_in_event(read, base),
        }
        webhooks.tell(event, about=group.group_id)
        return {"message_id": read.message_id, "group_id": group.group_id}

    @blueprint.get("/v3.0/oa/group/getgroup")
    @api(world)
    def one(oa: Oa) -> dict[str, Any]:
        return _whole(_group(world, oa, request.args.get("group_id")))

    @blueprint.get("/v3.0/oa/group/getgroupsofoa")
    @api(world)
    def of_oa(oa: Oa) -> dict[str, Any]:
        offset, count = page_of_request()
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

    @blueprint.get("/v3.0/oa/group/listmember")
    @api(world)
    def members(oa: Oa) -> dict[str, Any]:
        """The OA and the residents: the other members are a number only."""
        group = _group(world, oa, request.args.get("group_id"))
        offset, count = page_of_request()
        with world.lock:
            people = [
                {"user_id": resident.user_ids[oa.oa_id], "name": resident.name, "avatar": ""}
                for resident in world.residents.values()
            ]
        page = [{"oa_id": oa.oa_id, "name": oa.name, "avatar": ""}, *people][offset : offset + count]
        return {
            "offset": offset,
            "count": count,
            "total": group.members,
            "member_count": len(page),
            "members": page,
        }

    @blueprint.post("/v3.0/oa/group/updateinfo")
    @api(world)
    def update(oa: Oa) -> dict[str, Any]:
        body = _body()
        group = _group(world, oa, body.get("group_id"))
        name = body.get("group_name", group.name)
        if not isinstance(name, str) or not name:
            raise ZaloError(-201, "group_name")
        with world.lock:
            group.name = name
            world.touch()
            group.changed = world.changes
        event = {"event_name": "update_group_info", "oa_id": oa.oa_id, "group_id": group.group_id}
        webhooks.tell(event, about=group.group_id)
        return _whole(group)

    @blueprint.post("/v3.0/oa/quota/group")
    @api(world)
    def quota(oa: Oa) -> list[dict[str, str]]:
        """Each group uses up one asset."""
        with world.lock:
            own = [group for group in world.groups.values() if group.oa_id == oa.oa_id]
        return [
            {
                "product_type": "gmf1000",
                "quota_type": "purchase_quota",
                "asset_id": group.group_id[:16],
                "valid_through": _valid(),
                "auto_renew": "false",
                "status": "used",
                "used_id": group.group_id,
            }
            for group in own
        ]

    @blueprint.get("/v3.0/oa/group/conversation")
    @api(world)
    def conversation(oa: Oa) -> list[dict[str, Any]]:
        group = _group(world, oa, request.args.get("group_id"))
        offset, count = page_of_request()
        with world.lock:
            newest = group.messages[::-1][offset : offset + count]
        return [{**entry_of(message), "group_id": group.group_id} for message in newest]

    @blueprint.post("/v3.0/oa/group/delete")
    @api(world)
    def delete(oa: Oa) -> None:
        group = _group(world, oa, _body().get("group_id"))
        with world.lock:
            del world.groups[group.group_id]
            world.touch()
            world.cleared_at = world.changes
        event = {"event_name": "delete_group", "oa_id": oa.oa_id, "group_id": group.group_id}
        webhooks.tell(event, about=group.group_id)

    def _valid() -> str:
        return (world.clock.now() + timedelta(days=60)).strftime("%d/%m/%Y")

    def _whole(group: Group) -> dict[str, Any]:
        return {
            "group_info": {**_shown(group), "max_member": "1000", "auto_delete_date": _valid()},
            "asset_info": {
                "asset_type": "gmf1000",
                "asset_id": group.group_id[:16],
                "valid_through": _valid(),
                "auto_renew": "false",
            },
            "group_setting": {
                "lock_send_msg": False,
                "join_appr": True,
                "enable_msg_history": True,
                "enable_link_join": True,
            },
        }

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


def _body() -> dict[str, Any]:
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise ZaloError(-201, "body")
    return body
