"""Logs, metrics and health of the running program say nothing about residents, whatever goes wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
import requests

from tests.citizen import Citizen
from tests.processes.serving import serving
from tests.samples import photo

pytestmark = pytest.mark.processes

SECRETS = ("Nguyễn Văn Kín", "0912345678", "hẻm 99", "21.28861", "106.22077")


def test_nothing_of_a_resident_stands_in_logs_metrics_or_health(tmp_path: Path):
    with serving(tmp_path, log_level="DEBUG") as here:
        citizen = Citizen(here.zalo)
        citizen.begins_a_tip().says("Tôi là Nguyễn Văn Kín, 0912345678, thấy có trộm ở hẻm 99")
        citizen.sends_location(21.28861, 106.22077)
        citizen.sends_photo(content=photo())
        requests.post(f"{here.zalo}/control/rules", json={"media_seconds": 0}, timeout=10)
        citizen.sends_photo(content=photo(seed=2))  # this link is dead
        assert citizen.was_told("đường dẫn đã hết hạn")
        requests.post(f"{here.zalo}/control/chaos", json={"next_error": -201, "next_count": 2}, timeout=10)
        citizen.says_without_waiting("xong")
        citizen.says_without_waiting("xin chào")
        citizen.says("menu")

        unknown = requests.get(f"{here.base}/console/tin-bao?q=Nguyễn Văn Kín", timeout=10)
        told = here.machine.said() + unknown.url.split("?")[0]
        told += requests.get(f"{here.base}/metrics", timeout=10).text
        told += requests.get(f"{here.base}/readyz", timeout=10).text
        links = [
            attachment["url"]
            for message in citizen.chat()
            for attachment in message["attachments"]
            if attachment.get("url")
        ]
        assert len(links) == 2
        for secret in (*SECRETS, *citizen.user_ids.values(), *links):
            assert secret not in told
        assert '"event": "house_started"' in told, "there are logs to look at"
        assert "caunoi_webhook_seconds_count" in told
        assert here.machine.ends() == 0, "SIGTERM ends it gracefully"
