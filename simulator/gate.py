"""What every API call passes first: chaos, token, limits; and the one form of its answer."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, jsonify, request

from simulator.errors import ZaloError
from simulator.world import Oa, World


class Broken(Exception):
    """The connection is closed without an answer."""


def api(world: World, *, send: bool = False) -> Callable[[Callable[[Oa], Any]], Callable[[], Response]]:
    """Wrap a call of the OpenAPI: the function gets the OA and returns `data`, or raises ZaloError.

    send  a message goes out: the chaos that hits sends applies
    """

    def wrap(call: Callable[[Oa], Any]) -> Callable[[], Response]:
        @wraps(call)
        def answer() -> Response:
            chaos = world.chaos
            if chaos.delay_ms:
                time.sleep(chaos.delay_ms / 1000)
            if chaos.down:
                raise Broken
            if chaos.happens(chaos.error_500):
                return Response("Internal Server Error", 500)
            limit, left = world.app.per_minute, 0
            try:
                oa = _account(world)
                left = _count(world, oa)
                if chaos.happens(chaos.rate_limited):
                    raise ZaloError(-32)
                if send:
                    _may_send(oa)
                if send and (code := chaos.take_error()):
                    raise ZaloError(code)
                data = call(oa)
            except ZaloError as error:
                response = jsonify({"error": error.code, "message": error.message})
            else:
                if send and chaos.happens(chaos.drop_after_accept):
                    raise Broken
                body = {"error": 0, "message": "Success"}
                response = jsonify(body if data is None else {"data": data, **body})
            response.headers["X-RateLimit-Limit"] = str(limit)
            response.headers["X-RateLimit-Remain"] = str(left)
            return response

        return answer

    return wrap


def _account(world: World) -> Oa:
    """The OA whose access token this is."""
    token = request.headers.get("access_token", "")
    with world.lock:
        for oa in world.oas.values():
            if token and oa.access_token == token:
                if oa.access_until is None or oa.access_until <= world.clock.now():
                    raise ZaloError(-220)
                if not world.app.active:
                    raise ZaloError(-209)
                return oa
    raise ZaloError(-216)


def _may_send(oa: Oa) -> None:
    if not oa.verified:
        raise ZaloError(-221)
    if not oa.package:
        raise ZaloError(-224)
    if not oa.granted:
        raise ZaloError(-223)


def _count(world: World, oa: Oa) -> int:
    """Count the call in the minute windows of app and OA; returns what the app has left."""
    minute = world.clock.millis() // 60_000
    with world.lock:
        for counted in (world.app, oa):
            if counted.minute != minute:
                counted.minute, counted.used = minute, 0
        if world.app.used >= world.app.per_minute or oa.used >= oa.requests_per_minute:
            raise ZaloError(-32)
        world.app.used += 1
        oa.used += 1
        return world.app.per_minute - world.app.used
