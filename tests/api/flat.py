"""Records of lists as rows: what each flat format must hold of them."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import Any
from urllib.parse import urlencode

from python_calamine import CalamineWorkbook

from openbudget.api.catalog import LISTS
from openbudget.api.columns import columns_of
from openbudget.api.common import DOCUMENT
from openbudget.api.listing import ListResource
from openbudget.api.resources.changes import CHANGE_LIST
from openbudget.api.resources.search import SEARCH
from openbudget.formats.columns import Column, Kind
from tests.api.client import Api

ALL = [*LISTS, CHANGE_LIST, SEARCH]
EXCEL_DIGITS = 15
# What a spreadsheet may run; full-width forms where its language is Chinese or Japanese.
STARTS = tuple("=+-@\t\r\n＝＋－＠")


def path_of(resource: ListResource, ending: str = "", **query: Any) -> str:
    examples = {"id": DOCUMENT, "scheme": "functional", "edition": "2024"}
    needed = {"q": "支出"} if resource is SEARCH else {}
    return f"{resource.path.format_map(examples)}{ending}?{urlencode({**needed, **query})}"


@cache
def columns(name: str) -> tuple[Column, ...]:
    (resource,) = (own for own in ALL if own.name == name)
    return tuple(columns_of(resource.schema, None, resource.include))


def records(api: Api, resource: ListResource) -> list[dict[str, Any]]:
    """Give the whole list as JSON has it, numbers digit by digit."""
    found: list[dict[str, Any]] = []
    path: str | None = path_of(resource, page_size=1000)
    while path:
        answer = api.json(path)
        found += answer["data"]
        path = answer["links"]["next"]
    assert len(found) == answer["meta"]["total"]
    return found


def values(record: dict[str, Any], resource: ListResource) -> list[Any]:
    """Give the values of a record by column."""
    return [value_at(record, column) for column in columns(resource.name)]


def value_at(record: dict[str, Any], column: Column) -> Any:
    found: Any = record
    for key in column.path:
        found = found.get(key) if isinstance(found, dict) else None
    return found


def written(value: Any) -> str:
    """Give a value as a flat text; lists and objects as JSON in one order of keys."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def read(text: str, kind: Kind) -> str:
    """Give the text of a cell as `written` has it."""
    if kind in (Kind.LIST, Kind.OBJECT) and text:
        return written(json.loads(text, parse_float=Decimal))
    return text


def neutral(text: str) -> str:
    return f"'{text}" if text.startswith(STARTS) else text


def texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from texts_in(inner)


def too_long(value: int | Decimal) -> bool:
    return len(Decimal(value).as_tuple().digits) > EXCEL_DIGITS


def sheet_of(content: bytes) -> list[list[Any]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return book.get_sheet_by_index(0).to_python(skip_empty_area=False)
