"""The command line: load, show, serve, openapi, schemas.

Results go to standard output, messages to standard error. Exit codes: 0 done, 1 something could
not be read or stored, 2 wrong usage.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import click

from openbudget import __version__
from openbudget.api.discovery import openapi_yaml
from openbudget.api.openapi import json_schemas
from openbudget.api.server import serve
from openbudget.budget.document import BudgetDocument
from openbudget.budget.vocabulary import Phase, Scope
from openbudget.checks.rules import load_rules
from openbudget.config import LIMITS, Settings, parse_limit, read_settings
from openbudget.errors import OpenBudgetError
from openbudget.formats.encoding import to_indented_json
from openbudget.loading.batch import BatchOptions, load_files, now
from openbudget.loading.folders import find_files
from openbudget.loading.limits import reading_limits
from openbudget.loading.pipeline import KnownIdentity, read_file
from openbudget.loading.progress import Progress
from openbudget.loading.seed import read_seed
from openbudget.reading.conditions import Conditions, reading_under
from openbudget.reports.files import write_whole
from openbudget.reports.html import document_page
from openbudget.reports.plain import document_as_json
from openbudget.reports.terminal import print_tables, summarize
from openbudget.storage.database import open_for_writing
from openbudget.storage.write import store_rules, store_seed

EPILOG = 'Shell completion: eval "$(_OPENBUDGET_COMPLETE=bash_source openbudget)" (or zsh, fish).'


@click.group(epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="openbudget")
def main() -> None:
    """Published Chinese department budgets (部门预算) as data."""


def limit_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add ``--max-…`` options for every limit of reading; the environment sets their defaults."""
    for name, meaning in reversed(LIMITS.items()):
        command = click.option(
            f"--max-{name}", metavar="N", help=meaning, expose_value=True, default=None
        )(command)
    return command


def identity_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that say whose budget a file is, where it does not say so itself."""
    options = (
        click.option("--jurisdiction", metavar="CODE", help="Division code of GB/T 2260."),
        click.option("--department", metavar="CODE", help="Code of the department or unit."),
        click.option("--year", type=click.IntRange(1978, 2100), help="Budget year."),
        click.option("--phase", type=click.Choice(list(Phase)), help="Phase of the budget."),
        click.option("--scope", type=click.Choice(list(Scope)), help="Department or unit."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def known_identity(options: dict[str, Any]) -> KnownIdentity | None:
    """Take what is known of whose budget a file is out of the options; None for nothing."""
    phase, scope = options.pop("phase"), options.pop("scope")
    known = KnownIdentity(
        jurisdiction=options.pop("jurisdiction"),
        department=options.pop("department"),
        fiscal_year=options.pop("year"),
        phase=Phase(phase) if phase else None,
        scope=Scope(scope) if scope else None,
    )
    return None if known == KnownIdentity() else known


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--source", type=click.Path(path_type=Path), help="A source.yaml that is elsewhere.")
@click.option("--json", "as_json", is_flag=True, help="Everything, as JSON.")
@click.option("--tables", is_flag=True, help="Also print every table as recognised.")
@click.option(
    "--html",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="OUT",
    help="Write a page that shows every cell by what became of it.",
)
@identity_options
@limit_options
def show(
    file: Path,
    source: Path | None,
    as_json: bool,
    tables: bool,
    html: Path | None,
    **options: Any,
) -> None:
    """Show what would be loaded from FILE, without a database."""
    document = _read_one(file, source, known_identity(options), options)
    if html is not None:
        _write(html, document_page(document).encode())
    if as_json:
        sys.stdout.buffer.write(document_as_json(document))
        return
    for line in summarize(document):
        click.echo(line)
    for line in print_tables(document) if tables else ():
        click.echo(line)


def _read_one(
    file: Path, source: Path | None, known: KnownIdentity | None, limits: Mapping[str, str | None]
) -> BudgetDocument:
    settings = _settings()
    try:
        with reading_under(Conditions(reading_limits(_limits(settings, limits)))):
            return read_file(file, read_seed(settings.seed), source, known=known).document
    except OpenBudgetError as error:
        fail(f"{file}: {error}")


@main.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH…")
@click.option("--source", type=click.Path(path_type=Path), help="A source.yaml that is elsewhere.")
@click.option("--quiet", "-q", is_flag=True, help="Only errors and the closing line.")
@click.option(
    "--jobs",
    "-j",
    type=click.IntRange(1, 256),
    metavar="N",
    help="Files read at once; OPENBUDGET_JOBS sets the default, else the number of cores.",
)
@click.option(
    "--report",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="OUT",
    help="Write what became of each file as JSON.",
)
@click.option("--skip-unknown", is_flag=True, help="Files of no readable format are no failures.")
@identity_options
@limit_options
def load(
    paths: tuple[Path, ...],
    source: Path | None,
    quiet: bool,
    jobs: int | None,
    report: Path | None,
    skip_unknown: bool,
    **options: Any,
) -> None:
    """Load files, and all that may be budgets below folders.

    Of a folder with a source.yaml it is what that describes, else every file but README, hidden
    ones, and code lists. What is stored already is not read again, so that a load that was
    interrupted goes on where it stopped.

    Code lists and divisions of the seed (OPENBUDGET_SEED, or ./seed) are loaded first. The database
    is OPENBUDGET_DATABASE_URL; it is created and migrated as needed. Each document is one
    transaction: what fails leaves the database as it was.
    """
    settings = _settings()
    known = known_identity(options)
    own = BatchOptions(
        jobs or settings.jobs, reading_limits(_limits(settings, options)), known=known
    )
    shown = Progress(quiet, skip_unknown, report)
    try:
        files = list(find_files(paths, shown.left))
        seed = read_seed(settings.seed)
        engine = open_for_writing(settings.database_url)
        store_seed(engine, seed.lists, seed.divisions, seed.digest, now)
        store_rules(engine, load_rules(), now)
        shown.follow(load_files(engine, files, seed, source, now, own), len(files), own)
        engine.dispose()
    except OpenBudgetError as error:
        fail(str(error))
    if shown.failures:
        fail(f"{shown.failures} of {len(shown.files)} files could not be loaded")


@main.command(name="serve")
@click.option("--host", help="Address to bind; HOST sets the default.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to bind; PORT sets the default.")
@click.option("--workers", type=click.IntRange(1, 64), help="Number of processes.")
def serve_command(host: str | None, port: int | None, workers: int | None) -> None:
    """Serve the API with gunicorn, read-only."""
    settings = _settings()
    settings = replace(
        settings,
        host=host or settings.host,
        port=port or settings.port,
        workers=workers or settings.workers,
    )
    try:
        serve(settings)
    except OpenBudgetError as error:
        fail(str(error))


@main.command(name="openapi")
@click.option(
    "--output", "-o", type=click.Path(path_type=Path), help="A file; else standard output."
)
def openapi_command(output: Path | None) -> None:
    """Write the OpenAPI document of the API as YAML."""
    if output is None:
        click.echo(openapi_yaml(), nl=False)
    else:
        output.write_text(openapi_yaml(), encoding="utf-8")


@main.command(name="schemas")
@click.option(
    "--output", "-o", type=click.Path(path_type=Path), default="schemas", show_default=True
)
def schemas_command(output: Path) -> None:
    """Write the JSON Schemas of all resources into OUTPUT/v1/."""
    folder = output / "v1"
    folder.mkdir(parents=True, exist_ok=True)
    wanted = {f"{name}.schema.json": schema for name, schema in json_schemas().items()}
    for path in folder.glob("*.schema.json"):
        if path.name not in wanted:
            path.unlink()
    for name, schema in wanted.items():
        (folder / name).write_bytes(to_indented_json(schema))
    click.echo(f"{len(wanted)} schemas in {folder}", err=True)


def _settings() -> Settings:
    try:
        return read_settings()
    except OpenBudgetError as error:
        fail(str(error))


def _limits(settings: Settings, given: Mapping[str, str | None]) -> dict[str, int]:
    """Give the limits that are set: on the command line, else in the environment."""
    limits = dict(settings.limits)
    try:
        for option, text in given.items():
            name = option.removeprefix("max_")
            if text is not None:
                limits[name] = parse_limit(name, text)
    except OpenBudgetError as error:
        fail(str(error))
    return limits


def _write(path: Path, content: bytes) -> None:
    try:
        write_whole(path, content)
    except OSError as error:
        fail(f"{path} cannot be written: {error.strerror}")


def fail(message: str) -> NoReturn:
    """Say what went wrong in one sentence and exit with 1."""
    click.echo(f"openbudget: {message}", err=True)
    sys.exit(1)
