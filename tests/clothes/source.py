"""The first document as tables with true merged cells, personal data replaced."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

REPLACED = {"项目负责人": "某某", "联系电话": "00000000"}
"""What stands after these labels is the name and the telephone number of a person."""

_TITLE = re.compile(r"(?:预算\d\d表|预算表\d\d)\s")
_FULL_WIDTH = {
    "预算01表": {1: (2, 2)},
    "预算02表": {1: (1, 1, 1, 10, 6)},
    "预算03表": {1: (1, 1, 1, 1, 1, 1, 3)},
    "预算04表": {1: (1, 1, 1, 1, 1, 1, 1, 3, 3, 1, 1)},
    "预算05表": {1: (2, 2)},
    "预算06表": {1: (1, 2, 6), 2: (1, 1, 1, 1, 3, 2)},
    "预算07表": {1: (1, 1, 1, 3)},
    "预算08表": {1: (1, 1, 1, 3)},
    "预算09表": {1: (1, 1, 1, 3)},
    "预算表11": {1: (1, 1, 1, 3, 1, 1, 1)},
}
"""Column spans of the rows that are shorter than their table, by title and row."""
_FORMS = {
    "项目支出绩效目标申报表": {
        2: (2, 7),
        3: (1, 4, 4),
        4: (2, 3, 1, 3),
        5: (2, 1, 2, 1, 3),
        8: (1, 1, 1, 1, 1, 1, 1, 2),
    },
    "预算14表": {2: (1, 7), 3: (1, 1, 6), 4: (1, 1, 3, 3), 6: (1, 1, 1, 1, 3, 1)},
}
"""Column spans in the two forms of performance targets, by the number of cells in a row."""
_HEADER_ROWS = {
    "预算02表": 2,
    "预算03表": 2,
    "预算04表": 2,
    "预算06表": 3,
    "预算07表": 2,
    "预算08表": 2,
    "预算09表": 2,
    "预算表11": 2,
}
"""Rows over which cells of the header are merged downwards."""


@dataclass
class Printed:
    """A cell as printed."""

    text: str
    row_span: int = 1
    column_span: int = 1


@dataclass
class SourceTable:
    """A table with its titles; a cell beneath a merged one is None."""

    titles: list[str]
    rows: list[list[Printed | None]] = field(default_factory=list)

    @property
    def key(self) -> str:
        numbered = [title for title in self.titles if _TITLE.match(title)]
        return (numbered or self.titles)[0].split()[0]


def read_source(path: Path) -> tuple[list[str], list[SourceTable]]:
    """Return the paragraphs before the tables, and the tables."""
    narrative: list[str] = []
    tables: list[SourceTable] = []
    raw: list[list[list[str]]] = []
    for item in _items(path.read_text(encoding="utf-8")):
        if isinstance(item, str):
            narrative.append(item)
        elif len(item) == 1 or _TITLE.match(item[0]):
            if not tables or raw[-1]:
                tables.append(SourceTable([]))
                raw.append([])
            tables[-1].titles += item[0].split("\n")
        else:
            raw[-1].append(_without_person(item))
    for table, rows in zip(tables, raw, strict=True):
        _merge(table, rows)
    return narrative, tables


def _items(text: str) -> Iterator[str | list[str]]:
    """Yield narrative lines and rows: its README tells how they are written."""
    row: list[str] = []
    for line in text.split("\n"):
        if line.startswith("\t"):
            row.append(line[1:])
        elif row and line:
            row[-1] += "\n" + line
        elif row:
            yield row
            row = []
        elif line.strip():
            yield line
    if row:
        yield row


def _without_person(row: list[str]) -> list[str]:
    return [REPLACED.get(row[index - 1], cell) if index else cell for index, cell in enumerate(row)]


def _merge(table: SourceTable, rows: list[list[str]]) -> None:
    width = max(map(len, rows))
    form = _FORMS.get(table.key, {})
    for index, texts in enumerate(rows):
        spans = form.get(len(texts)) or _FULL_WIDTH.get(table.key, {}).get(index)
        table.rows.append(list(_spread(texts, spans or (1,) * (len(texts) - 1), width)))
    _merge_down(table.rows[1 : 1 + _HEADER_ROWS.get(table.key, 1)])


def _spread(texts: list[str], spans: tuple[int, ...], width: int) -> Iterator[Printed | None]:
    """Yield the cells of a row; a last one without a span reaches to the end of the row."""
    for index, text in enumerate(texts):
        span = spans[index] if index < len(spans) else width - sum(spans)
        yield Printed(text, 1, span)
        yield from [None] * (span - 1)


def _merge_down(header: list[list[Printed | None]]) -> None:
    """Merge blank header cells into the filled one above them."""
    for column in range(len(header[0])):
        top: Printed | None = None
        for row in header:
            cell = row[column]
            if cell is not None and cell.text:
                top = cell
            elif cell is not None and top is not None:
                top.row_span += 1
                row[column] = None
