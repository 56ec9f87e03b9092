"""`/control/groups…`: the wall of groups, and what people do in them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, jsonify, request

from simulator.control import body_of_request, refuse
from simulator.residents import Phone
from simulator.waiting import is_stale, since_of_request, wait_for_news
from simulator.world import Group, World

TEASER = 140
"""Characters of the last message on a group's card."""


def create_group_control(world: World, phone: Phone) -> Blueprint:
    blueprint = Blueprint("control_groups", __name__, url_prefix="/control/groups")

    @blueprint.get("")
    def groups() -> Response:
        """All groups with their last message; `since` gives only those that changed after that number."""
        since = since_of_request()

        def look() -> list[Group] | None:
            if not since or is_stale(world, since):
                return list(world.groups.values())
            return [group for group in world.groups.values() if group.changed > since] or None

        with world.news:
            found = wait_for_news(world, look)
            return jsonify({"at": world.changes, "groups": [_card(group) for group in found]})

    @blueprint.get("/<group_id>/messages")
    def messages(group_id: str) -> Response:
        """All messages, oldest first; `last` gives only so many of the newest."""
        group = world.groups.get(group_id) or abort(404)
        last = request.args.get("last", type=int)
        with world.lock:
            shown = group.messages[-last:] if last and last > 0 else list(group.messages)
        return jsonify([message.as_json() for message in shown])

    @blueprint.post("/<group_id>")
    def change(group_id: str) -> Response:
        """Let a group expire (`status`: disabled) or throw the OA out (`oa_is_member`: false)."""
        group = world.groups.get(group_id) or abort(404)
        body = body_of_request()
        status = body.get("status", group.status)
        if status not in {"enabled", "disabled"}:
            return refuse("status must be enabled or disabled")
        with world.lock:
            group.status = status
            group.oa_is_member = bool(body.get("oa_is_member", group.oa_is_member))
            world.touch()
            group.changed = world.changes
        return jsonify(_card(group))

    @blueprint.post("/<group_id>/say")
    def say(group_id: str) -> Response:
        """A member (`resident`, or the first one) writes `text` in the group, in reply to the message `quote`."""
        group = world.groups.get(group_id) or abort(404)
        body = body_of_request()
        text = str(body.get("text", "")).strip()
        key = str(body.get("resident") or next(iter(world.residents), ""))
        resident = world.residents.get(key) or abort(404)
        if not text:
            return refuse("text is needed")
        return jsonify(phone.in_group(resident, group, text, quote=str(body.get("quote", ""))).as_json())

    return blueprint


def _card(group: Group) -> dict[str, Any]:
    last = group.messages[-1] if group.messages else None
    return {
        "group_id": group.group_id,
        "name": group.name,
        "status": group.status,
        "oa_is_member": group.oa_is_member,
        "members": group.members,
        "count": len(group.messages),
        "last": {"text": last.text[:TEASER], "kind": last.kind, "from": last.sender, "time": last.at}
        if last
        else None,
    }
