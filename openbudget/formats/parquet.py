"""Parquet, where pyarrow is installed: the optional extra ``openbudget[parquet]``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from openbudget.errors import ExportError
from openbudget.formats.columns import Column, Kind, value_at
from openbudget.formats.encoding import plain_text

ROWS_A_GROUP = 10_000
_MONEY_DIGITS = 20


def check_available() -> None:
    """Check that pyarrow is installed.

    Raises:
        ExportError: it is not.
    """
    if find_spec("pyarrow") is None:
        raise ExportError("Parquet needs pyarrow: install openbudget[parquet]")


class ParquetFile:
    """A file under way. Money is an exact decimal; other exact numbers, lists and objects, text."""

    def __init__(self, path: Path, columns: Sequence[Column]) -> None:
        """Begin a new file."""
        import pyarrow as pa  # noqa: PLC0415 - an optional extra
        import pyarrow.parquet as pq  # noqa: PLC0415

        types = {
            Kind.INTEGER: pa.int64(),
            Kind.TRUTH: pa.bool_(),
            Kind.MONEY: pa.decimal128(_MONEY_DIGITS, 2),
        }
        self._columns = columns
        self._schema = pa.schema([(c.name, types.get(c.kind, pa.string())) for c in columns])
        self._batch = pa.record_batch
        self._writer = pq.ParquetWriter(path, self._schema, compression="zstd")
        self._waiting: list[list[Any]] = [[] for _ in columns]

    def write(self, records: Iterable[Mapping[str, Any]]) -> None:
        """Add some records."""
        for record in records:
            for column, values in zip(self._columns, self._waiting, strict=True):
                values.append(_value(value_at(record, column.path), column.kind))
        if len(self._waiting[0]) >= ROWS_A_GROUP:
            self._flush()

    def _flush(self) -> None:
        arrays = dict(zip(self._schema.names, self._waiting, strict=True))
        self._writer.write_batch(self._batch(arrays, schema=self._schema))
        self._waiting = [[] for _ in self._columns]

    def finish(self) -> None:
        """Write what is left, and close the file."""
        if self._waiting[0]:
            self._flush()
        self.close()

    def close(self) -> None:
        """Close the file as it is."""
        self._writer.close()


def _value(value: Any, kind: Kind) -> Any:
    if value is None or kind in (Kind.INTEGER, Kind.TRUTH):
        return value
    return Decimal(plain_text(value)) if kind is Kind.MONEY else plain_text(value)
