"""A citizen with the make-believe phone: what they do goes through the make-believe Zalo and the real webhook."""

from __future__ import annotations

import time
from typing import Any

import requests

from tests.samples import CLIP, photo

PATIENCE_S = 15.0
LOOKS_AGAIN_S = 0.04


class Citizen:
    """Says, sends and presses; reads what the OA answered. Everything waits for the answer before it goes on."""

    def __init__(self, zalo: str, name: str = "") -> None:
        self._zalo = zalo
        self._phone = requests.Session()
        self._phone.trust_env = False
        made = self._phone.post(f"{zalo}/control/residents", json={"name": name}, timeout=10).json()
        self.key = made["key"]
        self.user_ids: dict[str, str] = made["user_ids"]
        self._read = 0

    def says(self, text: str, *, answers: int = 1) -> Citizen:
        self._do("say", {"text": text})
        return self._waits(answers)

    def says_without_waiting(self, text: str) -> Citizen:
        self._do("say", {"text": text})
        return self

    def quotes(self, message: dict[str, Any], text: str) -> Citizen:
        self._do("say", {"text": text, "quote": message["message_id"]})
        return self._waits(1)

    def sends_photo(
        self, name: str = "1.jpg", content: bytes | None = None, caption: str = "", answers: int = 1
    ) -> Citizen:
        return self._sends("image", name, content or photo(), "image/jpeg", caption, answers)

    def sends_clip(self, name: str = "1.mp4", content: bytes | None = None) -> Citizen:
        return self._sends("video", name, content or CLIP, "video/mp4")

    def sends_file(self, name: str, content: bytes) -> Citizen:
        return self._sends("file", name, content, "application/octet-stream")

    def sends_location(self, latitude: float, longitude: float) -> Citizen:
        self._do("location", {"latitude": latitude, "longitude": longitude})
        return self._waits(1)

    def sends_sticker(self) -> Citizen:
        self._do("sticker", {"id": "1"})
        return self._waits(1)

    def presses(self, title: str) -> Citizen:
        """Press the newest button with this title."""
        for message in reversed(self.chat()):
            for index, button in enumerate(message["buttons"]):
                if button["title"] == title:
                    self._do("press", {"message_id": message["message_id"], "index": index})
                    return self._waits(1)
        raise AssertionError(f"no button {title!r}; there are {self.buttons()}")

    def writes_in_group(self, group_id: str, text: str, *, quote: str = "", answers: int = 1) -> Citizen:
        """Write in a group; the OA answers privately."""
        body = {"resident": self.key, "text": text, "quote": quote}
        answer = self._phone.post(f"{self._zalo}/control/groups/{group_id}/say", json=body, timeout=10)
        answer.raise_for_status()
        return self._waits(answers)

    def begins_a_tip(self) -> Citizen:
        """“Tin báo”, and agree to the notice if it is shown."""
        self.says("tin báo")
        return self.presses("Tôi đồng ý") if "Tôi đồng ý" in self.buttons() else self

    def sends_it(self) -> Citizen:
        """“Gửi”, and agree first if that is asked."""
        self.presses("Gửi")
        return self.presses("Đồng ý và gửi") if "Đồng ý và gửi" in self.buttons() else self

    def code(self) -> str:
        """The code of the tip that was acknowledged last."""
        return str(self.last_words().split("Mã tin báo: ")[1].split()[0])

    def follows(self) -> Citizen:
        self._do("follow", {})
        return self._waits(1)

    def asks_to_be_forgotten(self) -> Citizen:
        self._do("withdraw", {})
        return self

    # -- what they see ------------------------------------------------------------------------------------------

    def chat(self) -> list[dict[str, Any]]:
        answer = self._phone.get(f"{self._zalo}/control/residents/{self.key}/chat", timeout=10)
        messages: list[dict[str, Any]] = answer.json()["messages"]
        return messages

    def told(self) -> list[dict[str, Any]]:
        """Everything the OA ever said to them."""
        return [message for message in self.chat() if message["from"] == "oa"]

    def last_words(self) -> str:
        return str(self.told()[-1]["text"]) if self.told() else ""

    def buttons(self) -> list[str]:
        """The titles under the newest message that has buttons."""
        for message in reversed(self.told()):
            if message["buttons"]:
                return [button["title"] for button in message["buttons"]]
        return []

    def was_told(self, part: str) -> bool:
        """Did the OA say this, at any time up to now or within PATIENCE_S?"""
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            if any(part in message["text"] for message in self.told()):
                return True
            time.sleep(LOOKS_AGAIN_S)
        return False

    # -- inside -------------------------------------------------------------------------------------------------

    def _do(self, act: str, body: dict[str, Any]) -> None:
        answer = self._phone.post(f"{self._zalo}/control/residents/{self.key}/{act}", json=body, timeout=10)
        answer.raise_for_status()

    def _sends(
        self, kind: str, name: str, content: bytes, mime: str, caption: str = "", answers: int = 1
    ) -> Citizen:
        answer = self._phone.post(
            f"{self._zalo}/control/residents/{self.key}/send",
            data={"kind": kind, "caption": caption},
            files={"file": (name, content, mime)},
            timeout=10,
        )
        answer.raise_for_status()
        return self._waits(answers)

    def _waits(self, answers: int) -> Citizen:
        """Wait until the OA has said `answers` more messages than we had read."""
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            told = len(self.told())
            if told >= self._read + answers:
                self._read = told
                return self
            time.sleep(LOOKS_AGAIN_S)
        raise AssertionError(f"no answer within {PATIENCE_S:.0f} s; last words: {self.last_words()!r}")
