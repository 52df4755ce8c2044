"""A database in which every list holds the values that flat formats get wrong."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, create_engine, insert, select, update

from openbudget.api.common import DEPARTMENT, DOCUMENT
from openbudget.budget.money import LARGEST_FEN
from openbudget.storage import models

HARD = (
    *("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "'=1", '=HYPERLINK("x","y")'),
    *("＝1+1", "＋1", "－1", "＠SUM(A1)", "-", "—"),
    *("中文：一般公共预算", "嶽陽縣文聯“三公”經費", "𠮷野家🏛", "ﾃｽﾄ"),
    *('引"号"与""', "a,b;c\t|d", "第一行\n第二行", "第一行\r\n第二行\r第三行"),
    *("00123", "1e5", "0.10", "TRUE", "null", "NA", "nan", "2024-01-01", "1-2"),
    *("行\u2028隔\x85符", "垂直\x0b制表"),
    *(" 前后有空格 ", "　", "_x0041_", "<b>&amp;</b>", "\\n", '{"a": 1}'),
)
"""Texts: what a spreadsheet runs, what it takes for something else, what a format must quote."""

FEN = (None, 0, -1, 1, 10**15 - 1, -(10**15), LARGEST_FEN)
"""Amounts: blank, zero, and the largest; the last two have more digits than Excel keeps."""

CODES = ("0101", "00", "2040650", "000000001")
_FREE: dict[Any, tuple[str, ...]] = {
    models.DepartmentRow: ("name", "code"),
    models.DocumentRow: ("title", "publisher"),
    models.TableRow: ("title", "number", "unit"),
    models.LineRow: ("item", "printed_text", "printed_unit"),
    models.ProjectRow: ("name", "type_code", "type_label", "document_number"),
    models.TransferRow: ("printed_text", "printed_unit"),
    models.TargetRow: ("name", "year_text"),
    models.IndicatorRow: (
        *("level_1", "level_2", "level_3", "label", "activity", "value", "printed_unit"),
    ),
    models.FindingRow: ("cluster",),
    models.RuleRow: (),
    models.ClaimRow: ("label", "printed_text", "printed_unit", "sentence"),
    models.CodeRow: ("name_zh", "name_en", "note"),
    models.CrosswalkRow: ("title_zh", "title_en", "origin"),
    models.CrosswalkMappingRow: ("condition", "note"),
    models.SearchEntryRow: ("title",),
}
_FREE_KEYS = frozenset(
    {"text", "zh", "en", "label", "printed", "name", "unit", "printed_text", "printed_unit"}
)
_LEFT_OUT = {
    models.TableRow: {"rows", "columns"},
    models.DocumentRow: {"described_department"},
    models.SearchEntryRow: {"texts"},
}


def harden(source: Path, target: Path) -> str:
    """Copy an SQLite database and put the hard values into every list; gives its URL."""
    shutil.copy(source, target)
    url = f"sqlite:///{target}"
    engine = create_engine(url)
    with engine.begin() as connection:
        for model, free in _FREE.items():
            table: Table = model.__table__
            _add_rows(connection, table)
            _put_values(connection, table, free, _LEFT_OUT.get(model, set()))
    engine.dispose()
    return url


def _add_rows(connection: Connection, table: Table) -> None:
    """Repeat the last row under other ids until there is one for each hard value."""
    rows = [dict(row) for row in connection.execute(select(table)).mappings()]
    pattern = rows[-1]
    for number in range(1000, 1000 + len(HARD) - len(rows)):
        own = {**pattern, **_OTHER_IDS.get(table.name, _part)(pattern, number)}
        connection.execute(insert(table).values(own))


def _part(pattern: dict[str, Any], number: int) -> dict[str, Any]:
    return {"id": f"{pattern['id'].rpartition('.')[0]}.{number}", "position": number}


def _document(pattern: dict[str, Any], number: int) -> dict[str, Any]:
    year = 1900 + number % 1000
    document = DOCUMENT.replace("2024", str(year))
    own = f"{document}@{pattern['version']}"
    return {"id": own, "document": document, "fiscal_year": year}


_OTHER_IDS: dict[str, Callable[[dict[str, Any], int], dict[str, Any]]] = {
    "departments": lambda _, number: {"id": f"{DEPARTMENT}{number}"},
    "documents": _document,
    "rules": lambda _, number: {"id": f"rule-{number}"},
    "crosswalks": lambda _, number: {"id": f"crosswalk-{number}"},
    "crosswalk_mappings": lambda pattern, number: {"id": f"{pattern['crosswalk']}.{number}"},
}


def _put_values(
    connection: Connection, table: Table, free: tuple[str, ...], left_out: set[str]
) -> None:
    texts, fen, codes = cycle(HARD), cycle(FEN), cycle(CODES)
    keys = [column.name for column in table.primary_key]
    for number, row in enumerate(list(connection.execute(select(table)).mappings())):
        own = dict(_scalars(row, free, number, fen))
        for column in table.columns:
            if isinstance(row[column.name], dict | list) and column.name not in left_out:
                own[column.name] = _hardened(row[column.name], texts, fen, codes)
        matching = [table.c[key] == row[key] for key in keys]
        if own:
            connection.execute(update(table).where(*matching).values(own))


def _scalars(
    row: Any, free: tuple[str, ...], number: int, fen: Iterator[int | None]
) -> Iterator[tuple[str, Any]]:
    """Give every column each hard text in turn, each column a step further on."""
    for step, name in enumerate(free):
        yield name, HARD[(number + step) % len(HARD)]
    for name in row:
        if name.endswith("_fen"):
            yield name, next(fen)


def _hardened(
    value: Any, texts: Iterator[str], fen: Iterator[int | None], codes: Iterator[str]
) -> Any:
    """Put hard values in the place of texts, amounts and codes of a stored object."""
    if isinstance(value, list):
        return [_hardened(item, texts, fen, codes) for item in value]
    if not isinstance(value, dict):
        return value
    found = {}
    for key, own in value.items():
        if key in _FREE_KEYS and isinstance(own, str):
            found[key] = next(texts)
        elif key == "code" and isinstance(own, str):
            found[key] = next(codes)
        elif key.endswith("fen"):
            found[key] = next(fen)
        elif key == "notes":
            found[key] = [next(texts) for _ in own]
        else:
            found[key] = _hardened(own, texts, fen, codes)
    return found
