"""NDJSON: one JSON object a line, the same objects as in JSON lists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from openbudget.formats.encoding import to_json


def write_ndjson(records: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """Write each record as a line."""
    for record in records:
        yield ndjson_line(record)


def ndjson_line(record: Mapping[str, Any]) -> bytes:
    """Write a record as a line."""
    return to_json(record) + b"\n"
