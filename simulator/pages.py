"""The pages people see: who am I, the chat, the wall of groups, the switches."""

from __future__ import annotations

from flask import Blueprint, abort, render_template

from simulator.world import World


def create_pages(world: World) -> Blueprint:
    blueprint = Blueprint("pages", __name__)

    @blueprint.get("/")
    def landing() -> str:
        return render_template(
            "landing.html", residents=list(world.residents.values()), oas=list(world.oas.values())
        )

    @blueprint.get("/chat/<key>")
    def chat(key: str) -> str:
        resident = world.residents.get(key) or abort(404)
        oa = next(iter(world.oas.values()), None) or abort(404)
        return render_template("chat.html", resident=resident, oa=oa)

    @blueprint.get("/wall")
    def wall() -> str:
        return render_template("wall.html", total=len(world.groups))

    @blueprint.get("/control")
    def control() -> str:
        return render_template("control.html", chaos=world.chaos.as_json(), webhook_url=world.app.webhook_url)

    return blueprint
