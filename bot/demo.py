"""Everything on one machine with make-believe data; never mixes with real data: it lives in var/demo."""

from __future__ import annotations

import base64
import json
import os
import secrets
import signal
import subprocess
import sys
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from select import select as select_streams
from typing import Any

import click
import requests
from sqlalchemy import func, select

from bot.connecting import add_officer, connect_account
from bot.demo_dossiers import keep_sample_dossiers
from bot.demo_roster import keep_roster
from bot.demo_tips import send_sample_tips
from bot.settings import Settings, read_settings
from console.passwords import hash_password
from data import officers, schema, second_factors, seed
from data.session import Database
from data.tables import GroupRow, OfficialAccount, Tip

HOME = Path("var/demo")
ROOT = Path(__file__).parent.parent
OA_ID = "3000000000000000001"
OA_NAME = "Công an tỉnh (giả lập)"
READY_S = 60.0
SPARE_CODES = 3

OFFICERS: tuple[tuple[str, str, tuple[str, ...], str | None], ...] = (
    ("trucban.bacgiang@demo.vn", "Trực ban phường Bắc Giang", ("duty",), "07210"),
    ("trucban.damai@demo.vn", "Trực ban phường Đa Mai", ("duty",), "07228"),
    ("chihuy.bacgiang@demo.vn", "Chỉ huy phường Bắc Giang", ("unit_head",), "07210"),
    ("tuyentruyen@demo.vn", "Cán bộ tuyên truyền", ("broadcaster",), None),
    ("duyettin@demo.vn", "Người duyệt tin", ("approver",), None),
    ("thanhtra@demo.vn", "Thanh tra tỉnh", ("inspector",), None),
    ("bientap@demo.vn", "Cán bộ biên tập thủ tục", ("editor",), None),
    ("quantri@demo.vn", "Quản trị hệ thống", ("admin",), None),
)
"""Log-in, name, roles, unit code (None: the whole province). They exist in the demo only."""

LogIn = tuple[str, str, str, list[str]]
"""Log-in, name, one-time address, spare recovery codes."""


def run(*, port: int, zalo_port: int) -> int:
    """Start the make-believe Zalo and the bot, print where to look, wait for Ctrl-C."""
    HOME.mkdir(parents=True, exist_ok=True)
    given = _settings(port, zalo_port)
    settings = read_settings(_env_file=None, **given)
    processes: list[subprocess.Popen[bytes]] = []
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    signal.signal(
        signal.SIGINT, signal.default_int_handler
    )  # whoever starts us in the background may have it ignored
    try:
        database = Database(settings.database_url)
        with closing(database):
            schema.upgrade(database)
            for line in seed.fill_if_empty(database, ROOT / "data" / "content"):
                click.echo(f"  {line}")
            zalo_config = _simulator_config(settings, database, zalo_port)
            processes.append(
                _start(
                    [
                        "simulator",
                        "--config",
                        str(zalo_config),
                        "--port",
                        str(zalo_port),
                        "--state-dir",
                        str(HOME / "zalo"),
                    ]
                )
            )
            processes.append(_start(["serve"], given))  # comes up while the rest is made ready
            _wait_for(f"http://127.0.0.1:{zalo_port}/control/status", processes, "The make-believe Zalo")
            _connect(settings, database)
            keep_sample_dossiers(database, settings.sealer(), now=datetime.now(UTC))
        log_ins = _officers(settings, anew=True)
        _wait_for(f"http://127.0.0.1:{port}/readyz", processes, "The bot")
        _say(port, zalo_port, log_ins)
        _first_tips(settings)
        while all(process.poll() is None for process in processes):
            if _enter_was_pressed():
                _say(port, zalo_port, _officers(settings, anew=False))
            time.sleep(0.3)
        click.echo("One of the two stopped; ending the demo.", err=True)
        return 1
    except (KeyboardInterrupt, SystemExit):
        click.echo("\nEnding the demo …")
        return 0
    finally:
        for process in reversed(processes):
            process.terminate()  # all at once: none waits for another
        for process in reversed(processes):
            _end(process)


def _settings(port: int, zalo_port: int) -> dict[str, Any]:
    """The demo's own settings; its keys are made once and kept beside its data."""
    keys_file = HOME / "keys.json"
    if not keys_file.exists():
        keys = {
            "secret_key": secrets.token_urlsafe(48),
            "data_key": base64.urlsafe_b64encode(os.urandom(32)).decode(),
            "zalo_app_secret": secrets.token_hex(16),
            "zalo_oa_secret_key": secrets.token_hex(16),
        }
        keys_file.write_text(json.dumps(keys), "utf-8")
        keys_file.chmod(0o600)
    zalo = f"http://127.0.0.1:{zalo_port}"
    return {
        **json.loads(keys_file.read_text("utf-8")),
        "database_url": f"sqlite:///{HOME / 'caunoi.db'}",
        "media_url": f"file:{HOME / 'media'}",
        "queue_url": "",
        "public_url": f"http://127.0.0.1:{port}",
        "zalo_app_id": "1234567890123456789",
        "zalo_api_url": zalo,
        "zalo_oauth_url": zalo,
        "zalo_media_hosts": "127.0.0.1",
        "webhook_private_hosts": "127.0.0.1",
        "link_checks_a_night": 0,
        "host": "127.0.0.1",
        "port": port,
        "log_level": "WARNING",
    }


def group_id(code: str) -> str:
    """A make-believe Zalo group id for one of the 225 groups."""
    return "d0" + code.encode().hex()[-18:].rjust(18, "0")


def _simulator_config(settings: Settings, database: Database, zalo_port: int) -> Path:
    with database.reading() as session:
        groups = [
            {"group_id": group_id(row.code), "name": row.name, "oa_id": OA_ID}
            for row in session.query(GroupRow).order_by(GroupRow.code)
        ]
    config = {
        "app_id": settings.zalo_app_id,
        "app_secret": settings.zalo_app_secret.get_secret_value(),
        "oa_secret_key": settings.zalo_oa_secret_key.get_secret_value(),
        "webhook_url": f"{settings.public_url}/webhook/zalo",
        "oas": [{"oa_id": OA_ID, "name": OA_NAME, "requests_per_minute": 2000}],
        "groups": groups,
    }
    path = HOME / "zalo.json"
    path.write_text(json.dumps(config, ensure_ascii=False, indent=1), "utf-8")
    return path


def _connect(settings: Settings, database: Database) -> None:
    """Connect the make-believe OA the way a real one is connected, and its groups."""
    zalo = settings.zalo_api_url
    answer = requests.post(f"{zalo}/control/oas/{OA_ID}/refresh-token", timeout=10)
    answer.raise_for_status()
    connect_account(
        settings, database, oa_id=OA_ID, name=OA_NAME, refresh_token=answer.json()["refresh_token"]
    )
    with database.transaction() as session:
        account = session.get(OfficialAccount, OA_ID)
        assert account is not None
        account.requests_per_minute = 2000
        for row in session.query(GroupRow).filter(GroupRow.zalo_group_id.is_(None)):
            row.channel, row.oa_id, row.zalo_group_id = "gmf", OA_ID, group_id(row.code)


def _officers(settings: Settings, *, anew: bool) -> list[LogIn]:
    """Make-believe officers with fresh log-ins (LogIn).

    Nothing of the log-in is left out for the demo: the address holds a one-time link and a recovery code, which are the
    two factors of any officer (console.views.login).

    anew  also end their sessions, and void every address that was printed before
    """
    with closing(Database(settings.database_url)) as database:
        if anew:
            _nobody_knows_their_password(database)
        with database.transaction() as session:
            on_duty = [email for email, _, roles, _ in OFFICERS if "duty" in roles]
            keep_roster(session, on_duty, by="quantri@demo.vn", now=datetime.now(UTC))
        return [(email, name, *_log_in_of(database, settings, email)) for email, name, _, _ in OFFICERS]


def _nobody_knows_their_password(database: Database) -> None:
    """A random one for all, forgotten at once: they come by the addresses that are printed."""
    password = secrets.token_urlsafe(24)
    hashed = hash_password(password)
    for email, name, roles, unit in OFFICERS:
        add_officer(
            database,
            email=email,
            name=name,
            roles=roles,
            unit=unit,
            password=password,
            password_hash=hashed,
            renew=True,
        )


def _log_in_of(database: Database, settings: Settings, email: str) -> tuple[str, list[str]]:
    now, sealer = datetime.now(UTC), settings.sealer()
    with database.transaction() as session:
        row = officers.by_email(session, email)
        assert row is not None
        sealed = sealer.seal(second_factors.new_key().encode(), purpose=second_factors.PURPOSE)
        second_factors.set_key(session, row.id, sealed=sealed, counter=0, now=now)
        code, *spare = second_factors.new_codes(session, row.id, now=now)
        token = officers.link_token(row, secret=settings.secret_key.get_secret_value(), now=now)
    return f"{settings.public_url}/console/vao/{token}?ma={code}", spare[:SPARE_CODES]


def _enter_was_pressed() -> bool:
    """Did somebody at the terminal ask for new log-ins?"""
    if not sys.stdin.isatty() or not select_streams([sys.stdin], [], [], 0)[0]:
        return False
    return bool(sys.stdin.readline())


def _first_tips(settings: Settings) -> None:
    """At the very first start: some tips, so that the queue is not empty. Without them the demo works too."""
    with closing(Database(settings.database_url)) as database, database.reading() as session:
        if session.scalar(select(func.count()).select_from(Tip)):
            return
    try:
        send_sample_tips(settings.zalo_api_url)
    except requests.RequestException:
        click.echo("  (the sample tips could not be sent)", err=True)


def _start(arguments: list[str], given: dict[str, Any] | None = None) -> subprocess.Popen[bytes]:
    extra = {name.upper(): str(value) for name, value in (given or {}).items()}
    return subprocess.Popen(  # noqa: S603  # our own module
        [sys.executable, "-m", "bot", *arguments],
        env={**os.environ, **extra},
        cwd=Path.cwd(),
        start_new_session=True,  # Ctrl-C reaches the demo only, which then ends them in order
        stdin=subprocess.DEVNULL,
    )


def _wait_for(url: str, processes: list[subprocess.Popen[bytes]], who: str) -> None:
    until = time.monotonic() + READY_S
    while time.monotonic() < until:
        if any(process.poll() is not None for process in processes):
            raise click.ClickException(f"{who} did not start; is the port taken? (see the lines above)")
        try:
            if requests.get(url, timeout=2).status_code == 200:
                return
        except requests.RequestException:
            pass  # not listening yet
        time.sleep(0.05)
    raise click.ClickException(f"{who} did not get ready within {READY_S:.0f} s")


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(timeout=25)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _say(port: int, zalo_port: int, log_ins: list[LogIn]) -> None:
    click.echo(f"\n  Người dân (Zalo giả lập):   http://127.0.0.1:{zalo_port}/")
    click.echo(f"  Trang cho người dân:        http://127.0.0.1:{port}/")
    click.echo(f"  Cán bộ (bảng điều khiển):   http://127.0.0.1:{port}/console/")
    click.echo(f"\n  One-time demo log-ins, new at every start ({datetime.now(UTC):%Y-%m-%d %H:%M} UTC):")
    for email, name, address, spare in log_ins:
        click.echo(f"    {name} ({', '.join(spare)})")
        click.echo(f"    {email:<28} {address}")
    click.echo(
        "\n  Open an address to be that officer; it works once. Before dangerous acts the console asks for the second"
        "\n  factor again after ten minutes: use a code in brackets as “mã dự phòng”, each works once."
    )
    if sys.stdin.isatty():
        click.echo("  Press Enter for new log-ins.")
    click.echo(f"\n  Data: {HOME}/ (delete it to begin anew). Ctrl-C ends the demo.\n")
