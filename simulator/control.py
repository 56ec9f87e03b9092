"""`/control/…`: the strings behind the stage, for people who train and for tests. JSON in, JSON out.

The residents' and the groups' part are in control_residents and control_groups.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, abort, jsonify, request

from simulator.uploads import MediaShelf
from simulator.webhooks import WebhookSender
from simulator.world import Oa, World


def create_control(world: World, webhooks: WebhookSender, shelf: MediaShelf) -> Blueprint:
    blueprint = Blueprint("control", __name__, url_prefix="/control")

    @blueprint.get("/status")
    def status() -> Response:
        with world.lock:
            talk = sum(map(len, world.chats.values()))
            posted = sum(len(group.messages) for group in world.groups.values())
        return jsonify(
            {
                "app_id": world.app.app_id,
                "now": world.clock.now().isoformat(),
                "offset_seconds": world.clock.offset.total_seconds(),
                "webhook_url": world.app.webhook_url,
                "webhook": webhooks.counters(),
                "oas": [{"oa_id": oa.oa_id, "name": oa.name} for oa in list(world.oas.values())],
                "residents": len(world.residents),
                "groups": len(world.groups),
                "messages": {"chats": talk, "groups": posted},
                "rules": _rules(world, shelf),
                "chaos": world.chaos.as_json(),
            }
        )

    @blueprint.post("/webhook")
    def webhook() -> Response:
        """Save the webhook address: it must answer the unsigned probe with 200. An empty one means none."""
        url = str(body_of_request().get("url", ""))
        if url and not (url.startswith(("http://", "https://")) and webhooks.probe(url)):
            return refuse("cannot connect: the address must answer 200")
        world.app.webhook_url, world.app.webhook_enabled = url, True
        return jsonify({"url": url})

    @blueprint.get("/chaos")
    def switches() -> Response:
        return jsonify(world.chaos.as_json())

    @blueprint.post("/chaos")
    def chaos() -> Response:
        body = body_of_request()
        if body.pop("tokens_expire", False):
            for oa in list(world.oas.values()):
                oa.access_until = world.clock.now()
        if body.pop("media_expire", False):
            shelf.end_all()
        try:
            world.chaos.change(body)
        except ValueError as error:
            return refuse(str(error))
        return jsonify(world.chaos.as_json())

    @blueprint.post("/rules")
    def rules() -> Response:
        """How the platform is set up, as against how it misbehaves."""
        body = body_of_request()
        try:
            if "media_seconds" in body:
                shelf.lasts = timedelta(seconds=float(body["media_seconds"]))
            if "article_seconds" in body:
                world.article_takes = timedelta(seconds=float(body["article_seconds"]))
            if "per_minute" in body:
                world.app.per_minute = int(body["per_minute"])
        except (TypeError, ValueError):
            return refuse("media_seconds, article_seconds and per_minute must be numbers")
        world.app.active = bool(body.get("app_active", world.app.active))
        world.free_unlimited = bool(body.get("free_unlimited", world.free_unlimited))
        return jsonify(_rules(world, shelf))

    @blueprint.post("/clock")
    def clock() -> Response:
        try:
            by = timedelta(seconds=float(body_of_request().get("advance_seconds", 0)))
            offset = world.clock.advance(by)
        except (TypeError, ValueError, OverflowError):
            return refuse("advance_seconds must be a number of at most some years")
        return jsonify({"now": world.clock.now().isoformat(), "offset_seconds": offset.total_seconds()})

    @blueprint.post("/reset")
    def reset() -> Response:
        """An empty stage: no talk, no waiting events, all switches off, the true time. Tokens stay good."""
        world.chaos.calm()
        webhooks.forget()
        world.forget_talk()
        world.clock.advance(-world.clock.offset)
        world.app.webhook_enabled = True
        return jsonify({"now": world.clock.now().isoformat()})

    @blueprint.post("/oas")
    def add_oa() -> Response:
        body = body_of_request()
        if not str(body.get("oa_id", "")).isdecimal():
            return refuse("oa_id must be digits")
        per_minute = int(body.get("requests_per_minute", 2000))
        oa = world.add_oa(Oa(str(body["oa_id"]), str(body.get("name", "OA")), per_minute))
        return jsonify({"oa_id": oa.oa_id, "refresh_token": world.new_refresh_token(oa.oa_id)})

    @blueprint.post("/oas/<oa_id>")
    def change_oa(oa_id: str) -> Response:
        """verified (-221), package (-224), granted (-223): true or false; requests_per_minute."""
        oa = world.oas.get(oa_id) or abort(404)
        body = body_of_request()
        oa.verified = bool(body.get("verified", oa.verified))
        oa.package = bool(body.get("package", oa.package))
        oa.granted = bool(body.get("granted", oa.granted))
        oa.requests_per_minute = int(body.get("requests_per_minute", oa.requests_per_minute))
        return jsonify(
            {
                "oa_id": oa.oa_id,
                "verified": oa.verified,
                "package": oa.package,
                "granted": oa.granted,
                "requests_per_minute": oa.requests_per_minute,
            }
        )

    @blueprint.post("/oas/<oa_id>/refresh-token")
    def refresh_token(oa_id: str) -> Response:
        """A refresh token, as the administrator of the OA gets it by hand."""
        if oa_id not in world.oas:
            abort(404)
        return jsonify({"refresh_token": world.new_refresh_token(oa_id)})

    return blueprint


def _rules(world: World, shelf: MediaShelf) -> dict[str, Any]:
    return {
        "app_active": world.app.active,
        "per_minute": world.app.per_minute,
        "free_unlimited": world.free_unlimited,
        "media_seconds": shelf.lasts.total_seconds(),
        "article_seconds": world.article_takes.total_seconds(),
    }


def body_of_request() -> dict[str, Any]:
    """The JSON object of the request; empty when there is none."""
    body = request.get_json(silent=True)
    return body if isinstance(body, dict) else {}


def refuse(why: str) -> Response:
    """400 with the reason."""
    response = jsonify({"error": why})
    response.status_code = 400
    return response
