"""``openbudget export``: every list as files."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from openbudget.cli.ending import fail, settings_or_fail
from openbudget.errors import OpenBudgetError
from openbudget.exporting.export import export_all
from openbudget.storage.database import open_for_reading


@click.command("export")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), metavar="DIR")
@click.option("--parquet", is_flag=True, help="Parquet too; needs openbudget[parquet].")
@click.option("--replace", is_flag=True, help="Write the files anew where they are there already.")
@click.option("--quiet", "-q", is_flag=True, help="Show no progress.")
def command(folder: Path, parquet: bool, replace: bool, quiet: bool) -> None:
    """Write every list of the API into files, named by the data version.

    DIR/VERSION/ gets one CSV and one NDJSON file a list, one SQLite file with all of them, a
    datapackage.json that describes them, and SHA256SUMS. Files of older versions stay. Where the
    version is there already nothing is written.

    To serve them, set OPENBUDGET_DATA to DIR: they are answered below /data/.
    """
    settings = settings_or_fail()
    shown = Progress(quiet or not sys.stderr.isatty())
    try:
        engine = open_for_reading(settings.database_url)
        found = export_all(engine, folder, shown.tell, parquet=parquet, replace=replace)
        engine.dispose()
    except OpenBudgetError as error:
        fail(str(error))
    finally:
        shown.clear()
    if found.made:
        click.echo(f"{found.records} records written into {found.folder}")
    else:
        click.echo(f"{found.folder} is there already; nothing written")


class Progress:
    """One line on a terminal: the list under way, and how far it is."""

    def __init__(self, quiet: bool) -> None:
        """Show nothing where it is quiet."""
        self._quiet = quiet

    def tell(self, name: str, done: int, total: int) -> None:
        """Show how far a list is."""
        if not self._quiet:
            click.echo(f"\r\033[K{name}: {done} of {total}", nl=False, err=True)

    def clear(self) -> None:
        """Leave an empty line behind."""
        if not self._quiet:
            click.echo("\r\033[K", nl=False, err=True)
