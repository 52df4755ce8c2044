"""``openbudget serve``: the API."""

from __future__ import annotations

from dataclasses import replace

import click

from openbudget.api.server import serve
from openbudget.cli.ending import fail, settings_or_fail
from openbudget.errors import OpenBudgetError


@click.command("serve")
@click.option("--host", help="Address to bind; HOST sets the default.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to bind; PORT sets the default.")
@click.option("--workers", type=click.IntRange(1, 64), help="Number of processes.")
def command(host: str | None, port: int | None, workers: int | None) -> None:
    """Serve the API with gunicorn, read-only."""
    settings = settings_or_fail()
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
