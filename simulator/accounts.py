"""What an app may ask about the OA and its people."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from simulator.errors import ZaloError
from simulator.gate import api
from simulator.history import data_of_request, whole
from simulator.world import Oa, World


def create_accounts(world: World) -> Blueprint:
    blueprint = Blueprint("accounts", __name__)

    @blueprint.get("/v2.0/oa/getoa")
    @api(world)
    def profile(oa: Oa) -> dict[str, Any]:
        with world.lock:
            followers = sum(oa.oa_id in resident.follows for resident in world.residents.values())
        return {
            "oaid": oa.oa_id,
            "oa_id": oa.oa_id,
            "name": oa.name,
            "is_verified": oa.verified,
            "oa_type": 4,
            "num_follower": followers,
            "package_name": oa.package_name,
            "avatar": "",
            "cover": "",
        }

    @blueprint.get("/v3.0/oa/user/detail")
    @api(world)
    def detail(oa: Oa) -> dict[str, Any]:
        user_id = str(data_of_request().get("user_id", ""))
        found = world.resident_of(user_id)
        if found is None or found[1] != oa.oa_id:
            raise ZaloError(-201, "user_id")
        last = found[0].last_interaction.get(oa.oa_id)
        return {
            "user_id": user_id,
            "display_name": found[0].name,
            "user_alias": "",
            "is_sensitive": False,
            "user_last_interaction_date": last.strftime("%d/%m/%Y") if last else "",
            "user_is_follower": oa.oa_id in found[0].follows,
            "avatar": "",
            "shared_info": {},
        }

    @blueprint.get("/v3.0/oa/user/getlist")
    @api(world)
    def users(oa: Oa) -> dict[str, Any]:
        wanted = data_of_request()
        offset, count = whole(wanted, "offset", 0), min(50, whole(wanted, "count", 10))
        with world.lock:
            ids = [r.user_ids[oa.oa_id] for r in world.residents.values() if oa.oa_id in r.user_ids]
        page = [{"user_id": one} for one in ids[offset : offset + count]]
        return {"total": len(ids), "count": len(page), "offset": offset, "users": page}

    return blueprint
