"""The command line: load, show, serve, openapi, schemas.

Results go to standard output, messages to standard error. Exit codes: 0 done, 1 something could
not be read or stored, 2 wrong usage.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NoReturn

import click

from openbudget import __version__
from openbudget.config import read_settings
from openbudget.errors import OpenBudgetError
from openbudget.loading.pipeline import read_file
from openbudget.loading.seed import read_seed
from openbudget.reports.plain import document_as_json
from openbudget.reports.terminal import print_tables, summarize

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


def fail(message: str) -> NoReturn:
    """Say what went wrong in one sentence and exit with 1."""
    click.echo(f"openbudget: {message}", err=True)
    sys.exit(1)
