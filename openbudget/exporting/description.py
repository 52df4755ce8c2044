"""What describes the bulk files: the data package, the metadata of Datasette, the check sums."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from openbudget.api.service import SCHEMA_VERSION
from openbudget.exporting.files import digest
from openbudget.exporting.resources import BULK, BulkResource, described
from openbudget.formats.columns import Column, Kind
from openbudget.formats.data_package import PROFILE, table_schema
from openbudget.formats.encoding import to_indented_json
from openbudget.formats.sqlite import table_name

DATABASE = "openbudget.sqlite"
PACKAGE = "datapackage.json"
METADATA = "metadata.json"
SUMS = "SHA256SUMS"
MEDIA_TYPES = {
    ".csv": "text/csv",
    ".ndjson": "application/x-ndjson",
    ".parquet": "application/vnd.apache.parquet",
    ".sqlite": "application/vnd.sqlite3",
}
TERMS = "official documents, terms not stated"


def describe(folder: Path, version: str, counts: Mapping[str, int]) -> None:
    """Write the descriptions of all files in a folder."""
    (folder / METADATA).write_bytes(to_indented_json(_metadata(version)))
    (folder / PACKAGE).write_bytes(to_indented_json(_package(folder, version, counts)))
    files = sorted(path for path in folder.iterdir() if path.name != SUMS)
    sums = "".join(f"{digest(path)}  {path.name}\n" for path in files)
    (folder / SUMS).write_text(sums, encoding="ascii", newline="\n")


def _package(folder: Path, version: str, counts: Mapping[str, int]) -> dict[str, Any]:
    own = described()
    tables = [_table(folder, resource, counts[resource.name]) for resource in BULK]
    others = sorted(p for p in folder.iterdir() if p.suffix in MEDIA_TYPES and p.suffix != ".csv")
    return {
        "$schema": PROFILE,
        "name": "openbudget",
        "title": own["title"],
        "description": own["description"],
        "version": version,
        "schemaVersion": SCHEMA_VERSION,
        "terms": TERMS,
        "keywords": ["budget", "China", "部门预算", "政府预算"],
        "resources": tables,
        "otherFormats": [_file(path) for path in others],
    }


def _table(folder: Path, resource: BulkResource, count: int) -> dict[str, Any]:
    schema = table_schema(
        resource.name,
        resource.columns,
        resource.key,
        resource.foreign_keys,
        resource.column_types,
    )
    return {
        "name": resource.name,
        "type": "table",
        "title": resource.summary,
        "description": resource.description,
        **_file(folder / f"{resource.name}.csv"),
        "encoding": "utf-8",
        "rowCount": count,
        "schema": schema,
    }


def _file(path: Path) -> dict[str, Any]:
    return {
        "path": path.name,
        "format": path.suffix.removeprefix("."),
        "mediatype": MEDIA_TYPES[path.suffix],
        "bytes": path.stat().st_size,
        "hash": f"sha256:{digest(path)}",
    }


def _metadata(version: str) -> dict[str, Any]:
    own = described()
    tables = {table_name(resource.name): _table_metadata(resource) for resource in BULK}
    database = {"source": f"Data version {version}", "tables": tables}
    return {
        "title": own["title"],
        "description": own["description"],
        "license": TERMS,
        "databases": {Path(DATABASE).stem: database},
    }


def _table_metadata(resource: BulkResource) -> dict[str, Any]:
    facets = described()["facets"].get(resource.name)
    columns = {name: said for column in resource.columns for name, said in _said(column)}
    found = {"title": resource.summary, "description": resource.description, "columns": columns}
    return found | ({"facets": facets} if facets else {})


def _said(column: Column) -> list[tuple[str, str]]:
    title = f"{column.title}: " if column.title else ""
    own = [(column.name, title + column.description)]
    if column.kind is Kind.MONEY:
        own.append((f"{column.name}_fen", f"{column.name}, exact, in fen (1/100 yuan)."))
    return own
