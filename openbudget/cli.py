"""The command line: load, show, serve, openapi, schemas.

Results go to standard output, messages to standard error. Exit codes: 0 done, 1 something could
not be read or stored, 2 wrong usage.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import click

from openbudget import __version__
from openbudget.api.discovery import openapi_yaml
from openbudget.api.openapi import json_schemas
from openbudget.api.server import serve
from openbudget.config import read_settings
from openbudget.errors import OpenBudgetError
from openbudget.formats.encoding import to_indented_json
from openbudget.loading.batch import LoadResult, find_files, load_files, now
from openbudget.loading.pipeline import read_file
from openbudget.loading.seed import read_seed
from openbudget.reports.plain import document_as_json
from openbudget.reports.terminal import print_tables, summarize
from openbudget.storage.database import open_for_writing
from openbudget.storage.write import store_seed

EPILOG = 'Shell completion: eval "$(_OPENBUDGET_COMPLETE=bash_source openbudget)" (or zsh, fish).'


@click.group(epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="openbudget")
def main() -> None:
    """Published Chinese department budgets (部门预算) as data."""


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--source", type=click.Path(path_type=Path), help="A source.yaml that is elsewhere.")
@click.option("--json", "as_json", is_flag=True, help="Everything, as JSON.")
@click.option("--tables", is_flag=True, help="Also print every table as recognised.")
def show(file: Path, source: Path | None, as_json: bool, tables: bool) -> None:
    """Show what would be loaded from FILE, without a database."""
    try:
        document = read_file(file, read_seed(read_settings().seed), source).document
    except OpenBudgetError as error:
        fail(f"{file}: {error}")
    if as_json:
        sys.stdout.buffer.write(document_as_json(document))
        return
    for line in summarize(document):
        click.echo(line)
    for line in print_tables(document) if tables else ():
        click.echo(line)


@main.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH…")
@click.option("--source", type=click.Path(path_type=Path), help="A source.yaml that is elsewhere.")
@click.option("--quiet", "-q", is_flag=True, help="Only errors and the closing line.")
def load(paths: tuple[Path, ...], source: Path | None, quiet: bool) -> None:
    """Load files, or all that the source.yaml files below folders describe.

    Code lists and divisions of the seed (OPENBUDGET_SEED, or ./seed) are loaded first. The database
    is OPENBUDGET_DATABASE_URL; it is created and migrated as needed. Each document is one
    transaction: what fails leaves the database as it was.
    """
    settings = read_settings()
    try:
        files = list(find_files(paths))
        seed = read_seed(settings.seed)
        engine = open_for_writing(settings.database_url)
        store_seed(engine, seed.lists, seed.divisions, seed.digest, now)
    except OpenBudgetError as error:
        fail(str(error))
    failed = sum(_report(result, quiet) for result in load_files(engine, files, seed, source))
    engine.dispose()
    click.echo(f"{len(files) - failed} of {len(files)} files are in the database")
    if failed:
        fail(f"{failed} of {len(files)} files could not be loaded")


@main.command(name="serve")
@click.option("--host", help="Address to bind; HOST sets the default.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to bind; PORT sets the default.")
@click.option("--workers", type=click.IntRange(1, 64), help="Number of processes.")
def serve_command(host: str | None, port: int | None, workers: int | None) -> None:
    """Serve the API with gunicorn, read-only."""
    settings = read_settings()
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


def _report(result: LoadResult, quiet: bool) -> bool:
    """Tell what became of a file; True where it failed."""
    if result.document is None:
        click.echo(f"openbudget: {result.path}: {result.error}", err=True)
        return True
    if not quiet:
        click.echo(f"{result.path}: {result.outcome}")
        for line in summarize(result.document):
            click.echo(f"  {line}".rstrip())
    return False


def fail(message: str) -> NoReturn:
    """Say what went wrong in one sentence and exit with 1."""
    click.echo(f"openbudget: {message}", err=True)
    sys.exit(1)
