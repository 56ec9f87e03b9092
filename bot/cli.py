"""`python -m bot …`: every command of the program (design: contract 3.1).

Commands import what they need when they run: `--help` and `ask` stay quick, and the parent of the web server
stays small.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import click

from domain.errors import BadContent, BadSettings, HouseError

CONTENT = Path(__file__).parent.parent / "data" / "content"


class _House(click.Group):
    """Says what is wrong in one place: settings 2, content 1, anything of ours 1."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BadSettings as error:
            click.echo("These settings are missing or wrong (see README, Settings):", err=True)
            for problem in error.problems:
                click.echo(f"  {problem}", err=True)
            ctx.exit(2)
        except BadContent as error:
            for problem in error.problems:
                click.echo(problem, err=True)
            click.echo(f"{len(error.problems)} problem(s); nothing was changed.", err=True)
            ctx.exit(1)
        except HouseError as error:
            click.echo(f"{type(error).__name__}: {error}", err=True)
            ctx.exit(1)


@click.group(cls=_House)
def main() -> None:
    """Cầu Nối: the bridge between residents and the police of a province, on Zalo."""
    from bot import logs

    logs.configure("WARNING")  # commands speak to people; processes that serve set their own level


# ---- running ------------------------------------------------------------------------------------------------


@main.command()
@click.option("--port", default=8000, show_default=True, help="The bot and the console.")
@click.option("--zalo-port", default=8001, show_default=True, help="The make-believe Zalo.")
def demo(port: int, zalo_port: int) -> None:
    """Everything on this machine with make-believe data: bot, console, workers and a make-believe Zalo."""
    from bot.demo import run

    sys.exit(run(port=port, zalo_port=zalo_port))


@main.command()
def serve() -> None:
    """Web, workers and scheduler in one process (one machine)."""
    _run_web("all")


@main.command()
def web() -> None:
    """The web part alone (several machines)."""
    _run_web("web")


def _run_web(part: str) -> None:
    from bot.serve import run_web
    from bot.settings import read_settings

    settings = read_settings()
    sys.exit(run_web(settings, part))


@main.command()
def worker() -> None:
    """The workers alone (several machines)."""
    _run_loops("worker")


@main.command()
def scheduler() -> None:
    """The scheduler alone; run two, one works and the other stands by (several machines)."""
    _run_loops("scheduler")


def _run_loops(part: str) -> None:
    from bot.serve import run_loops
    from bot.settings import read_settings

    sys.exit(run_loops(read_settings(), part))


@main.command()
@click.option("--config", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Seed, as JSON.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8001, show_default=True)
@click.option("--state-dir", type=click.Path(file_okay=False, path_type=Path), help="Keep the chats here.")
def simulator(config: Path | None, host: str, port: int, state_dir: Path | None) -> None:
    """The make-believe Zalo alone."""
    arguments = ["--host", host, "--port", str(port)]
    if config:
        arguments += ["--config", str(config)]
    if state_dir:
        arguments += ["--state-dir", str(state_dir)]
    os.execv(sys.executable, [sys.executable, "-m", "simulator", *arguments])  # noqa: S606  # our own module


# ---- the database -------------------------------------------------------------------------------------------


@main.command()
def migrate() -> None:
    """Bring the database to the newest schema; an empty one is filled from data/content."""
    from data import schema, seed

    with _database() as database:
        before = schema.current(database)
        schema.upgrade(database)
        click.echo(f"schema: {before or 'empty'} → {schema.newest()}")
        for line in seed.fill_if_empty(database, CONTENT):
            click.echo(line)


@main.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def backup(folder: Path) -> None:
    """Copy database and media to FOLDER, while everything runs."""
    from bot.settings import read_settings
    from data.backup import backup as make
    from data.media import media_store

    settings = read_settings()
    with _database(settings.database_url) as database:
        manifest = make(database, media_store(settings.media_url), folder, _now())
    click.echo(manifest.in_words())


@main.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def restore(folder: Path) -> None:
    """Bring a backup into an empty database and media store; counts and hashes are checked."""
    from bot.settings import read_settings
    from data.backup import restore as bring
    from data.media import media_store

    settings = read_settings()
    manifest = bring(folder, settings.database_url, media_store(settings.media_url))
    click.echo(manifest.in_words())


@main.group()
def media() -> None:
    """Photos, clips and files of tips."""


@media.command("reseal")
def media_reseal() -> None:
    """After a new DATA_KEY: seal all media with it."""
    from bot.settings import read_settings
    from data.media import media_store
    from data.resealing import reseal_media

    settings = read_settings()
    with _database(settings.database_url) as database:
        changed, failed = reseal_media(database, media_store(settings.media_url), sealer=settings.sealer())
    click.echo(f"{changed} sealed with the newest key")
    if failed:
        raise click.ClickException(f"{failed} cannot be opened: is their old key still in DATA_KEY?")


@main.command()
def doctor() -> None:
    """Look at settings, database, schema, disk, clock, tokens and the webhook; say what to do."""
    from bot.doctor import run

    sys.exit(run())


@main.group()
def keys() -> None:
    """The keys that seal what is kept."""


@keys.command("rotate")
def keys_rotate() -> None:
    """After a new DATA_KEY (the new one first): seal everything in the database anew with it."""
    from bot.settings import read_settings
    from data import audit as trail
    from data.rotation import rotate

    with _database() as database:
        done, failed = rotate(database, read_settings().sealer())
        with database.transaction() as session:
            trail.record(
                session,
                officer_id=None,
                action="key.rotated",
                subject="key:0",
                before=None,
                after=done,
                now=_now(),
            )
    for name, count in done.items():
        click.echo(f"{name}: {count} sealed with the newest key")
    if failed:
        raise click.ClickException(f"not opened, their key is missing from DATA_KEY: {failed}")


@main.group()
def audit() -> None:
    """The audit trail."""


@audit.command("verify")
def audit_verify() -> None:
    """Check that the audit chain is whole."""
    from data import audit as trail

    with _database() as database, database.reading() as session:
        problems = trail.verify(session)
    for problem in problems:
        click.echo(problem, err=True)
    click.echo("The audit chain is whole." if not problems else "The audit chain is broken.")
    sys.exit(1 if problems else 0)


# ---- answers ------------------------------------------------------------------------------------------------


@main.command()
@click.argument("text", required=False)
@click.option("--json", "as_json", is_flag=True, help="One line of JSON.")
@click.option("--explain", is_flag=True, help="Why: how it was read, what was weighed, how it was decided.")
@click.option(
    "--jsonl", type=click.Path(exists=True, dir_okay=False, path_type=Path), help='One {"q": …} a line.'
)
def ask(text: str | None, as_json: bool, explain: bool, jsonl: Path | None) -> None:
    """What the bot would answer to TEXT. Needs no server and no network."""
    from bot.asking import Asker, in_json, questions_in

    asker = Asker(CONTENT)
    if jsonl:
        for row in questions_in(jsonl):
            click.echo(in_json(asker.line(row["q"])))
        return
    if text is None:
        raise click.UsageError("give a TEXT, or --jsonl FILE")
    if explain:
        click.echo(asker.why(text))
    elif as_json:
        click.echo(in_json(asker.line(text)))
    else:
        click.echo(asker.words(text))


@main.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def evaluate(file: Path) -> None:
    """Accuracy on labelled questions, with 95 % intervals, by field and form."""
    from bot.asking import Asker

    click.echo(Asker(CONTENT).evaluate(file))


# ---- data in ------------------------------------------------------------------------------------------------


@main.group()
def catalog() -> None:
    """Procedures and topics."""


@catalog.command("check")
@click.argument("path", type=click.Path(exists=True, path_type=Path), default=CONTENT)
def catalog_check(path: Path) -> None:
    """Check catalogue, boards, word lists and practice questions in a folder (default: data/content), by file and line."""
    from data.board_files import check_boards
    from data.content_files import check_catalogue, read_procedures, read_topics
    from data.knowledge_files import check_knowledge

    problems: list[object] = [*check_catalogue(path)]
    if not problems and (path / "questions").is_dir():
        known = [one.id for one in read_procedures(path / "procedures")]
        known += [one.id for one in read_topics(path / "topics.jsonl")]
        problems = [*check_knowledge(path, known)]
    if (path / "boards").is_dir():
        problems = [*problems, *check_boards(path / "boards")]
    _report(problems)


@catalog.command("import")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
@click.option("--overwrite-edits", is_flag=True, help="Replace what officers edited in the console, too.")
def catalog_import(path: Path, dry_run: bool, overwrite_edits: bool) -> None:
    """Bring procedures and topics into the database."""
    from data import seed

    with _database() as database:
        for line in seed.import_catalogue(
            database, path, now=_now(), dry_run=dry_run, overwrite=overwrite_edits
        ):
            click.echo(line)


@main.group()
def surveys() -> None:
    """The satisfaction survey, complaints and scores, as data."""


@surveys.command("check")
@click.argument("path", type=click.Path(exists=True, path_type=Path), default=CONTENT)
def surveys_check(path: Path) -> None:
    """Check the survey, the clocks of complaints, the formulas and the pilot units; faults are named by entry."""
    from data import score_rules, survey_rules

    _report([*survey_rules.check(path / "surveys"), *score_rules.check(path / "scores")])


@main.group()
def scores() -> None:
    """Monthly scores."""


@scores.command("verify")
def scores_verify() -> None:
    """Compute every frozen month again from what was kept of it."""
    from data import score_months

    with _database() as database, database.reading() as session:
        problems = score_months.verify(session)
    for problem in problems:
        click.echo(problem, err=True)
    click.echo("Some figures differ." if problems else "Every frozen month gives the same figures again.")
    if problems:
        sys.exit(1)


@main.group()
def units() -> None:
    """Police units, their succession and the ward map."""


@units.command("check")
@click.argument("path", type=click.Path(exists=True, path_type=Path), default=CONTENT)
def units_check(path: Path) -> None:
    """Check units, succession, groups and ward polygons; problems are named by file and line."""
    from data.content_files import check_units

    _report(check_units(path))


@units.command("import")
@click.argument("path", type=click.Path(exists=True, path_type=Path), default=CONTENT)
@click.option(
    "--wards",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Replace the ward polygons by this GeoJSON (same codes).",
)
def units_import(path: Path, wards: Path | None) -> None:
    """Bring units and succession into the database, or put another map of the wards in place."""
    from data import seed

    if wards:
        for line in seed.replace_wards(CONTENT, wards):
            click.echo(line)
        return
    with _database() as database:
        for line in seed.import_units(database, path):
            click.echo(line)


@main.group()
def groups() -> None:
    """The 225 groups."""


@groups.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def groups_import(file: Path) -> None:
    """Bring the registry of groups into the database; connections to Zalo that are set stay."""
    from data import seed

    with _database() as database:
        for line in seed.import_groups(database, file):
            click.echo(line)


def _report(problems: list[Any]) -> None:
    if problems:
        raise BadContent([str(problem) for problem in problems])
    click.echo("No problems found.")


# ---- official accounts and officers -------------------------------------------------------------------------


@main.group()
def oa() -> None:
    """Zalo official accounts."""


@oa.command("add")
@click.argument("oa_id")
@click.option("--name", required=True, help="How officers call it.")
def oa_add(oa_id: str, name: str) -> None:
    """Connect an official account: takes the refresh token from the prompt or from ZALO_REFRESH_TOKEN."""
    from bot.connecting import connect_account
    from bot.settings import read_settings

    settings = read_settings()
    refresh = os.environ.get("ZALO_REFRESH_TOKEN") or click.prompt("Refresh token", hide_input=True)
    with _database(settings.database_url) as database:
        click.echo(connect_account(settings, database, oa_id=oa_id, name=name, refresh_token=refresh))


@oa.command("list")
def oa_list() -> None:
    """The accounts, their state and how long their tokens last."""
    from bot.connecting import accounts_in_words

    with _database() as database:
        for line in accounts_in_words(database, _now()):
            click.echo(line)


@oa.command("renew")
@click.argument("oa_id")
def oa_renew(oa_id: str) -> None:
    """Refresh the token pair of one account now."""
    from bot.connecting import renew_account
    from bot.settings import read_settings

    settings = read_settings()
    with _database(settings.database_url) as database:
        click.echo(renew_account(settings, database, oa_id=oa_id))


@main.group()
def officer() -> None:
    """Accounts of the console."""


@officer.command("add")
@click.argument("email")
@click.option("--name", required=True)
@click.option("--role", "roles", multiple=True, required=True, help="Repeat for several.")
@click.option("--unit", help="Code of the unit (today's); none: the whole province.")
@click.option("--link", is_flag=True, help="No password: print a one-time link, good for 24 hours.")
def officer_add(email: str, name: str, roles: tuple[str, ...], unit: str | None, link: bool) -> None:
    """Add an officer. The password is asked for, or taken from OFFICER_PASSWORD; there is no default.

    At the first log-in the officer sets up the second factor (authenticator app or passkey).
    """
    from bot.connecting import add_officer, invite_officer
    from bot.settings import read_settings

    if link:
        settings = read_settings()
        with _database(settings.database_url) as database:
            click.echo(
                invite_officer(
                    database,
                    email=email,
                    name=name,
                    roles=roles,
                    unit=unit,
                    secret_key=settings.secret_key.get_secret_value(),
                    public_url=settings.public_url,
                )
            )
        return
    password = os.environ.get("OFFICER_PASSWORD") or click.prompt(
        "Password", hide_input=True, confirmation_prompt=True
    )
    with _database() as database:
        click.echo(add_officer(database, email=email, name=name, roles=roles, unit=unit, password=password))


@officer.command("list")
def officer_list() -> None:
    """The officers, their roles and units."""
    from bot.connecting import officers_in_words

    with _database() as database:
        for line in officers_in_words(database):
            click.echo(line)


@officer.command("disable")
@click.argument("email")
def officer_disable(email: str) -> None:
    """Take an officer's access away and end their sessions."""
    from bot.connecting import disable_officer

    with _database() as database:
        click.echo(disable_officer(database, email=email))


@officer.command("anew")
@click.argument("email")
def officer_anew(email: str) -> None:
    """After a lost device: clear password and second factor, print a one-time link that sets them up anew."""
    from bot.connecting import begin_anew
    from bot.settings import read_settings

    settings = read_settings()
    with _database(settings.database_url) as database:
        click.echo(
            begin_anew(
                database,
                email=email,
                secret_key=settings.secret_key.get_secret_value(),
                public_url=settings.public_url,
            )
        )


# ---- small things -------------------------------------------------------------------------------------------


def _now() -> Any:
    from datetime import UTC, datetime

    return datetime.now(UTC)


def _database(url: str | None = None) -> Any:
    from contextlib import closing

    from bot.settings import database_url
    from data.session import Database

    return closing(Database(url or database_url()))
