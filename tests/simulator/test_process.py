"""`python -m simulator`: a process of its own that stops cleanly and remembers."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests

from simulator.serve import build_world
from simulator.store import Store
from simulator.uploads import MediaShelf
from tests.simulator.conftest import APP_ID, APP_SECRET, GROUP, OA, until

ROOT = Path(__file__).parents[2]
SEED = {
    "app_id": APP_ID,
    "app_secret": APP_SECRET,
    "oas": [{"oa_id": OA, "name": "Công an tỉnh", "refresh_token": "RT-first"}],
    "groups": [{"group_id": GROUP, "name": "Tổ dân phố 5", "oa_id": OA}],
    "residents": ["Bác Tư", "Cô Năm"],
}


@contextmanager
def running(config: Path, state: Path) -> Iterator[str]:
    """The address of a running platform; stops it with SIGTERM and looks that it went well."""
    command = [
        sys.executable,
        "-m",
        "simulator",
        "--port",
        "0",
        "--config",
        str(config),
        "--state-dir",
        str(state),
    ]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, cwd=config.parent, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            found = re.fullmatch(r"ready (http://127\.0\.0\.1:\d+)\n", line)
            assert found, line
            yield found[1]
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=15) == 0
        finally:
            process.kill()


def refresh(base: str, token: str) -> dict[str, Any]:
    form = {"grant_type": "refresh_token", "app_id": APP_ID, "refresh_token": token}
    return dict(
        requests.post(
            f"{base}/v4/oa/access_token", data=form, headers={"secret_key": APP_SECRET}, timeout=5
        ).json()
    )


@pytest.mark.processes
def test_talk_media_and_tokens_are_there_after_a_restart(tmp_path: Path) -> None:
    config = tmp_path / "seed.json"
    config.write_text(json.dumps(SEED), "utf-8")
    with running(config, tmp_path / "state") as base:
        pair = refresh(base, "RT-first")
        person = f"{base}/control/residents/nguoi-dan-1"
        requests.post(f"{person}/say", json={"text": "Nhớ tôi nhé"}, timeout=5).raise_for_status()
        files = {"file": ("a.jpg", b"\xff\xd8\xff photo", "image/jpeg")}
        requests.post(f"{person}/send", data={"kind": "image"}, files=files, timeout=5).raise_for_status()
        body = {"recipient": {"group_id": GROUP}, "message": {"text": "Tin chung"}}
        headers = {"access_token": pair["access_token"]}
        sent = requests.post(f"{base}/v3.0/oa/group/message", json=body, headers=headers, timeout=5).json()
        assert sent["error"] == 0
        before = requests.get(f"{person}/chat", timeout=5).json()

    with running(config, tmp_path / "state") as base:
        after = requests.get(f"{base}/control/residents/nguoi-dan-1/chat", timeout=5).json()
        assert after["messages"] == before["messages"]
        link = base + after["messages"][1]["attachments"][0]["url"]
        assert requests.get(link, timeout=5).content == b"\xff\xd8\xff photo"
        [posted] = requests.get(f"{base}/control/groups/{GROUP}/messages", timeout=5).json()
        assert posted["text"] == "Tin chung"
        people = requests.get(f"{base}/control/residents", timeout=5).json()
        assert [one["name"] for one in people] == ["Bác Tư", "Cô Năm"]

        profile = requests.get(f"{base}/v2.0/oa/getoa", headers=headers, timeout=5).json()
        assert profile["error"] == 0
        assert refresh(base, "RT-first")["error"] == -14014
        assert "access_token" in refresh(base, pair["refresh_token"])


@pytest.mark.processes
def test_a_seed_that_is_no_json_stops_at_once(tmp_path: Path) -> None:
    config = tmp_path / "seed.json"
    config.write_text("{", "utf-8")
    command = [sys.executable, "-m", "simulator", "--port", "0", "--config", str(config)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30)
    assert done.returncode != 0
    assert "ready" not in done.stdout


def test_the_kept_state_is_whole_and_an_unreadable_one_is_named(tmp_path: Path) -> None:
    world = build_world(SEED)
    shelf = MediaShelf(world, tmp_path)
    store = Store(world, shelf, tmp_path)
    assert store.load() is False
    store.start()
    resident = world.residents["nguoi-dan-1"]
    world.say(resident, OA, world.message("resident", text="Được lưu"))
    path = tmp_path / "state.json"
    until(lambda: path.exists() and "Được lưu" in path.read_text("utf-8"), "saving")
    store.stop()
    assert sorted(one.name for one in tmp_path.iterdir()) == ["state.json"]

    again = build_world(SEED)
    assert Store(again, MediaShelf(again, tmp_path), tmp_path).load() is True
    assert again.chats["nguoi-dan-1", OA][0].text == "Được lưu"
    assert again.residents["nguoi-dan-1"].user_ids == resident.user_ids

    path.write_text('{"changes": 1}', "utf-8")
    with pytest.raises(ValueError, match=r"state\.json cannot be read"):
        Store(again, MediaShelf(again, tmp_path), tmp_path).load()


def test_an_unchanged_stage_is_not_written_again(tmp_path: Path) -> None:
    world = build_world(SEED)
    store = Store(world, MediaShelf(world, tmp_path), tmp_path)
    store.save()
    path = tmp_path / "state.json"
    os.utime(path, (1, 1))
    store.save()
    assert path.stat().st_mtime == 1
    world.add_resident("Người mới")
    store.save()
    assert path.stat().st_mtime > time.time() - 60
