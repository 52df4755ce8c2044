"""``openbudget load``: files into the database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from openbudget.checks.rules import load_rules
from openbudget.cli.ending import fail, settings_or_fail
from openbudget.cli.options import given_limits, identity_options, known_identity, limit_options
from openbudget.errors import OpenBudgetError
from openbudget.loading.batch import BatchOptions, load_files, now
from openbudget.loading.folders import find_files
from openbudget.loading.limits import reading_limits
from openbudget.loading.pipeline import reading_version
from openbudget.loading.progress import Progress
from openbudget.loading.seed import read_seed
from openbudget.storage.database import open_for_writing
from openbudget.storage.reference import store_rules, store_seed


@click.command("load")
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
def command(
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

    Exit codes: 0 where every file is in the database or a blank form, which is told and holds
    nothing to store, 1 where one could not be loaded, 2 for wrong usage.
    """
    settings = settings_or_fail()
    known = known_identity(options)
    own = BatchOptions(
        jobs or settings.jobs, reading_limits(given_limits(settings, options)), known=known
    )
    shown = Progress(quiet, skip_unknown, report)
    try:
        files = list(find_files(paths, shown.left))
        seed = read_seed(settings.seed)
        engine = open_for_writing(settings.database_url)
        store_seed(engine, seed.lists, seed.divisions, seed.digest, now)
        store_rules(engine, load_rules(), now)
        results = load_files(engine, files, seed, source, now, own)
        shown.follow(results, len(files), own, reading_version(seed))
        engine.dispose()
    except OpenBudgetError as error:
        fail(str(error))
    if shown.failures:
        fail(f"{shown.failures} of {len(shown.files)} files could not be loaded")
