"""The files of one export, under way in a folder of their own."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from openbudget.exporting.resources import BulkResource
from openbudget.formats.csv import csv_header, csv_row
from openbudget.formats.ndjson import ndjson_line
from openbudget.formats.parquet import ParquetFile
from openbudget.formats.sqlite import SqliteFile

Records = Iterable[Mapping[str, Any]]


class Sink(Protocol):
    """Takes records, some at a time."""

    def write(self, records: Records) -> None:
        """Take some records."""


class CsvSink:
    """A CSV file, the same as the list of the API."""

    def __init__(self, path: Path, resource: BulkResource) -> None:
        """Begin with the header."""
        self._paths = [column.path for column in resource.columns]
        self._file = path.open("wb")
        self._file.write(csv_header(self._paths))

    def write(self, records: Records) -> None:
        """Write records as rows."""
        self._file.writelines(csv_row(record, self._paths) for record in records)

    def close(self) -> None:
        """Close the file."""
        self._file.close()


class NdjsonSink:
    """An NDJSON file: whole records."""

    def __init__(self, path: Path) -> None:
        """Begin an empty file."""
        self._file = path.open("wb")

    def write(self, records: Records) -> None:
        """Write records as lines."""
        self._file.writelines(map(ndjson_line, records))

    def close(self) -> None:
        """Close the file."""
        self._file.close()


@contextmanager
def open_sinks(
    folder: Path, resource: BulkResource, tables: SqliteFile, *, parquet: bool
) -> Iterator[list[Sink]]:
    """Open all files that a resource goes to."""
    stem = folder / resource.name
    text, lines = CsvSink(stem.with_suffix(".csv"), resource), NdjsonSink(_ndjson(stem))
    table = tables.add_table(resource.name, resource.columns, resource.key, resource.foreign_keys)
    columnar = ParquetFile(stem.with_suffix(".parquet"), resource.columns) if parquet else None
    try:
        yield [text, lines, table, *([columnar] if columnar else [])]
        if columnar:
            columnar.finish()
    finally:
        text.close()
        lines.close()
        if columnar:
            columnar.close()


def _ndjson(stem: Path) -> Path:
    return stem.with_suffix(".ndjson")


def digest(path: Path) -> str:
    """Give the sha256 of a file, in constant memory."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def settle(path: Path) -> None:
    """Make sure that a file or a folder is on the disk, and readable for a server."""
    path.chmod(0o755 if path.is_dir() else 0o644)
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
