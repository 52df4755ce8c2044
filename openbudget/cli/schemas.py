"""``openbudget schemas``: a JSON Schema for each resource."""

from __future__ import annotations

from pathlib import Path

import click

from openbudget.api.openapi import json_schemas
from openbudget.formats.encoding import to_indented_json


@click.command("schemas")
@click.option(
    "--output", "-o", type=click.Path(path_type=Path), default="schemas", show_default=True
)
def command(output: Path) -> None:
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
