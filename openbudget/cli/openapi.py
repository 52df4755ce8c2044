"""``openbudget openapi``: the description of the API."""

from __future__ import annotations

from pathlib import Path

import click

from openbudget.api.discovery import openapi_yaml


@click.command("openapi")
@click.option(
    "--output", "-o", type=click.Path(path_type=Path), help="A file; else standard output."
)
def command(output: Path | None) -> None:
    """Write the OpenAPI document of the API as YAML."""
    if output is None:
        click.echo(openapi_yaml(), nl=False)
    else:
        output.write_text(openapi_yaml(), encoding="utf-8")
