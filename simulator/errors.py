"""Zalo's error numbers as far as they are simulated; they travel in the body of an HTTP 200."""

from __future__ import annotations

MESSAGES = {
    -32: "Your application reached limit call api",
    -100: "Attachment id is expired",
    -200: "Send message failed",
    -201: "Params is invalid",
    -204: "OA is deleted",
    -205: "OA is not exist",
    -209: "App is not active",
    -210: "Parameter exceeds the limit",
    -211: "Out of quota",
    -213: "User has not followed OA",
    -216: "Access token is invalid",
    -217: "User has blocked OA",
    -218: "Out of quota receive",
    -220: "access_token is expired or removed",
    -221: "OA has not been verified",
    -223: "OA has not granted permission to app",
    -224: "OA need to upgrade package",
    -227: "User is banned or inactive more than 45 days",
    -230: "User has not interacted with the OA in the past 7 days",
    -232: "User has not interacted with the OA",
    -233: "Message type is invalid",
    -234: "This message cannot be sent from 22:00 to 06:00",
    -237: "GMF group is expired or disabled",
    -240: "Message V2 is no longer supported",
    -244: "User has limited receiving this message type",
    -321: "ZCA has run out of money",
    -403: "OA is not in this group",
}


class ZaloError(Exception):
    """Refused, with Zalo's number."""

    def __init__(self, code: int, detail: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.message = MESSAGES.get(code, "Error") + (f": {detail}" if detail else "")


class OAuthError(Exception):
    """Refused by the OAuth host, which answers in a form of its own."""

    def __init__(self, code: int, name: str) -> None:
        super().__init__(code)
        self.code = code
        self.name = name
