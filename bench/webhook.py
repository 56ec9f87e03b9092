"""The webhook under load: durable before 200, against a null app on the same server in the same run.

Every configuration is run in turn (A B C, A B C …) on a fresh database; medians and spread are printed.
Load comes from `wrk` (Debian's package) on this machine's loopback address, bounded in time.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.apps import APP_ID, SECRET

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
SECONDS = int(os.environ.get("BENCH_SECONDS", "4"))
CONNECTIONS = 32
EVENTS = 60_000
APPS = ("null_flask", "grouped", "one_commit")

LUA = """
local lines, at = {}, 0
for line in io.lines(os.getenv("BENCH_EVENTS")) do lines[#lines + 1] = line end
local start = tonumber(os.getenv("BENCH_START") or "0")
request = function()
  at = at + 1
  local line = lines[(start + at) % #lines + 1]
  local mac, body = line:match("^(%x+) (.*)$")
  return wrk.format("POST", "/webhook/zalo", {["Content-Type"]="application/json", ["X-ZEvent-Signature"]="mac=" .. mac}, body)
end
done = function(summary, latency, requests)
  io.write(string.format("RESULT %d %d %d %d %d %d\\n", summary.requests, summary.duration, latency:percentile(50),
    latency:percentile(99), summary.errors.status, summary.errors.connect + summary.errors.read + summary.errors.timeout))
end
"""


@dataclass(frozen=True)
class Round:
    per_second: float
    p50_ms: float
    p99_ms: float
    faults: int


def main() -> None:
    wrk = shutil.which("wrk")
    if wrk is None:
        sys.exit("The webhook benchmark needs wrk: apt-get install wrk")
    print(
        f"\n## Webhook, {CONNECTIONS} connections, {ROUNDS} rounds of {SECONDS} s, granian 1 worker x 16 threads\n"
    )
    with tempfile.TemporaryDirectory() as folder:
        events = Path(folder) / "events.txt"
        write_events(events, EVENTS)
        script = Path(folder) / "load.lua"
        script.write_text(LUA, "utf-8")
        rounds: dict[str, list[Round]] = {app: [] for app in APPS}
        half: list[Round] = []
        for number in range(ROUNDS):
            for app in APPS:
                with serving(app, Path(folder) / f"{app}-{number}.db") as port:
                    rounds[app].append(load(wrk, script, events, port))
        target = statistics.median(r.per_second for r in rounds["grouped"]) / 2
        for number in range(ROUNDS):
            with serving("grouped", Path(folder) / f"half-{number}.db") as port:
                half.append(asyncio.run(paced(port, events, target, SECONDS)))
    table(rounds)
    base = statistics.median(r.per_second for r in rounds["null_flask"])
    ours = statistics.median(r.per_second for r in rounds["grouped"])
    one = statistics.median(r.per_second for r in rounds["one_commit"])
    print(f"\ngrouped / null app: {ours / base:.2f}   (goal: at least 0.55)")
    print(f"grouped / one commit per request: {ours / one:.2f}   (goal: at least 1.5)")
    print(
        f"at half of saturation ({target:.0f}/s, paced): p50 {statistics.median(r.p50_ms for r in half):.1f} ms, "
        f"p99 {statistics.median(r.p99_ms for r in half):.1f} ms (spread {min(r.p99_ms for r in half):.1f}–"
        f"{max(r.p99_ms for r in half):.1f}; goal: at most 15), faults {sum(r.faults for r in half)}"
    )


def table(rounds: dict[str, list[Round]]) -> None:
    print("| app | req/s median (min–max) | p50 ms | p99 ms (min–max) | faults |")
    print("| --- | --- | --- | --- | --- |")
    for app, results in rounds.items():
        rates = sorted(r.per_second for r in results)
        tails = sorted(r.p99_ms for r in results)
        print(
            f"| {app} | {statistics.median(rates):.0f} ({rates[0]:.0f}–{rates[-1]:.0f}) "
            f"| {statistics.median(r.p50_ms for r in results):.1f} "
            f"| {statistics.median(tails):.1f} ({tails[0]:.1f}–{tails[-1]:.1f}) | {sum(r.faults for r in results)} |"
        )


def write_events(path: Path, count: int) -> None:
    """One signed event a line: `<mac> <body>`."""
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            stamp = str(1_767_225_600_000 + number)
            body = json.dumps(
                {
                    "app_id": APP_ID,
                    "sender": {"id": str(4_000_000_000_000_000_000 + number % 5_000)},
                    "recipient": {"id": "3000000000000000001"},
                    "event_name": "user_send_text",
                    "message": {"msg_id": f"{number:020x}", "text": "lam ho chieu can giay to gi"},
                    "timestamp": stamp,
                },
                separators=(",", ":"),
            )
            mac = hashlib.sha256(f"{APP_ID}{body}{stamp}{SECRET}".encode()).hexdigest()
            file.write(f"{mac} {body}\n")


@contextmanager
def serving(app: str, database: Path) -> Iterator[int]:
    """The app on a free loopback port, on a fresh database, ended afterwards."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [
        *(
            sys.executable,
            "-m",
            "granian",
            "--interface",
            "wsgi",
            "--workers",
            "1",
            "--blocking-threads",
            "16",
        ),
        *(
            "--no-ws",
            "--no-log",
            "--host",
            "127.0.0.1",
            "--port",
            str(port),
            "--factory",
            f"bench.apps:{app}",
        ),
    ]
    process = subprocess.Popen(
        command, env={**os.environ, "BENCH_DATABASE": f"sqlite:///{database}"}, start_new_session=True
    )
    try:
        until = time.monotonic() + 30
        while time.monotonic() < until:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/webhook/zalo", data=b"{}", timeout=1)
                break
            except (urllib.error.URLError, OSError):
                time.sleep(0.05)
        yield port
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def load(wrk: str, script: Path, events: Path, port: int) -> Round:
    """wrk at full speed for SECONDS, after a second of warm-up with other events."""
    url = f"http://127.0.0.1:{port}/webhook/zalo"
    for seconds, start in ((1, EVENTS // 2), (SECONDS, 0)):
        output = subprocess.run(
            [wrk, "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "10s", "-s", str(script), url],
            env={**os.environ, "BENCH_EVENTS": str(events), "BENCH_START": str(start)},
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        ).stdout
    found = re.search(r"RESULT (\d+) (\d+) (\d+) (\d+) (\d+) (\d+)", output)
    assert found, output
    requests, duration, p50, p99, status, broken = map(int, found.groups())
    return Round(requests / (duration / 1e6), p50 / 1000, p99 / 1000, status + broken)


async def paced(port: int, events: Path, per_second: float, seconds: int) -> Round:
    """An open loop: requests leave at fixed times whatever the server does; latency counts from that time."""
    lines = events.read_text("utf-8").splitlines()[: int(per_second * seconds)]
    loop = asyncio.get_running_loop()
    queue: asyncio.Queue[tuple[float, str] | None] = asyncio.Queue()
    taken: list[float] = []
    faults = 0

    async def connection() -> None:
        nonlocal faults
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while (item := await queue.get()) is not None:
            due, line = item
            mac, body = line.split(" ", 1)
            raw = body.encode()
            head = (
                f"POST /webhook/zalo HTTP/1.1\r\nHost: x\r\nContent-Length: {len(raw)}\r\n"
                f"X-ZEvent-Signature: mac={mac}\r\n\r\n"
            )
            writer.write(head.encode() + raw)
            answer = await reader.readuntil(b"\r\n\r\n")
            taken.append(loop.time() - due)
            faults += b" 200 " not in answer.split(b"\r\n", 1)[0]
        writer.close()

    workers = [asyncio.create_task(connection()) for _ in range(CONNECTIONS)]
    began = loop.time() + 0.2
    for number, line in enumerate(lines):
        due = began + number / per_second
        if (wait := due - loop.time()) > 0:
            await asyncio.sleep(wait)
        queue.put_nowait((due, line))
    for _ in workers:
        queue.put_nowait(None)
    await asyncio.gather(*workers)
    cuts = statistics.quantiles(taken, n=100)
    return Round(len(taken) / seconds, cuts[49] * 1000, cuts[98] * 1000, faults)


if __name__ == "__main__":
    main()
