"""A few make-believe tips for the demo's queue, sent by make-believe residents the way real ones would be."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import requests

SAMPLES = Path(__file__).parent.parent / "simulator" / "static" / "samples"
PATIENCE_S = 10.0


@dataclass(frozen=True)
class Sample:
    """One tip: who, what, where (words, or a point) and which pictures."""

    resident: str
    what: str
    place: str | tuple[float, float]
    photos: tuple[str, ...] = ()


TIPS = (
    Sample(
        "nguoi-dan-2",
        "Đêm qua có nhóm thanh niên tụ tập, nẹt pô xe máy trước cổng trường, gây mất trật tự đến gần 1 giờ sáng.",
        (21.28861, 106.22077),
        ("dem-pho.jpg",),
    ),
    Sample(
        "nguoi-dan-3",
        "Cây đổ chắn nửa đường gần chợ, xe đi lại rất nguy hiểm.",
        "phường Bắc Giang",
        ("cay-do.jpg", "via-he.jpg"),
    ),
    Sample(
        "nguoi-dan-2",
        "Có người gọi điện tự xưng công an, yêu cầu bà con chuyển tiền để kích hoạt tài khoản.",
        "phường Đa Mai",
    ),
)


def send_sample_tips(zalo: str) -> int:
    """Let the residents file TIPS through the chat; returns how many were acknowledged with a code."""
    return sum(_file(zalo, sample) for sample in TIPS)


def _file(zalo: str, sample: Sample) -> bool:
    at = f"{zalo}/control/residents/{sample.resident}"
    if "Bạn có đồng ý không" in _do(at, "say", {"text": "tin báo"}):
        _do(at, "say", {"text": "đồng ý"})
    _do(at, "say", {"text": sample.what})
    if isinstance(sample.place, str):
        _do(at, "say", {"text": sample.place})
    else:
        _do(at, "location", {"latitude": sample.place[0], "longitude": sample.place[1]})
    for name in sample.photos:
        told = _told(at)
        content = (SAMPLES / name).read_bytes()
        requests.post(
            f"{at}/send", data={"kind": "image"}, files={"file": (name, content, "image/jpeg")}, timeout=5
        ).raise_for_status()
        _wait(at, told)
    return "Mã tin báo" in _do(at, "say", {"text": "xong"})


def _do(at: str, act: str, body: dict[str, object]) -> str:
    """One act of a resident; waits for the answer and returns its words."""
    told = _told(at)
    requests.post(f"{at}/{act}", json=body, timeout=5).raise_for_status()
    return _wait(at, told)


def _wait(at: str, told: int) -> str:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        said = _said(at)
        if len(said) > told:
            return said[-1]
        time.sleep(0.03)
    return ""


def _told(at: str) -> int:
    return len(_said(at))


def _said(at: str) -> list[str]:
    messages = requests.get(f"{at}/chat", timeout=5).json()["messages"]
    return [str(message["text"]) for message in messages if message["from"] == "oa"]
