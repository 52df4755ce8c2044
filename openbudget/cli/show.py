"""``openbudget show``: what would be loaded from a file."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from openbudget.budget.document import BudgetDocument
from openbudget.cli.ending import fail, settings_or_fail, write_or_fail
from openbudget.cli.options import given_limits, identity_options, known_identity, limit_options
from openbudget.errors import OpenBudgetError
from openbudget.loading.limits import reading_limits
from openbudget.loading.pipeline import KnownIdentity, read_file
from openbudget.loading.seed import read_seed
from openbudget.reading.conditions import Conditions, reading_under
from openbudget.reports.html import document_page
from openbudget.reports.plain import document_as_json
from openbudget.reports.terminal import print_tables, summarize


@click.command("show")
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
def command(
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
        write_or_fail(html, document_page(document).encode())
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
    settings = settings_or_fail()
    try:
        with reading_under(Conditions(reading_limits(given_limits(settings, limits)))):
            return read_file(file, read_seed(settings.seed), source, known=known).document
    except OpenBudgetError as error:
        fail(f"{file}: {error}")
