"""Opaque cursors: the sort values of the row a page begins after, and a mark of the query."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Sequence
from typing import Any

import orjson

from openbudget.api.problems import Mistake, bad_request
from openbudget.storage.selection import Condition, Order, Position
from openbudget.texts import Text

_MARK_LENGTH = 8
_NONE = Text("is not a cursor of this API")


def query_mark(conditions: tuple[Condition, ...], order: tuple[Order, ...]) -> str:
    """Give a mark by which a cursor of another list is told."""
    described = repr((conditions, order)).encode()
    return hashlib.sha256(described).hexdigest()[:_MARK_LENGTH]


def write_cursor(position: Position, mark: str) -> str:
    """Write a position as text that is safe in a URL."""
    packed = orjson.dumps([mark, position.backwards, list(position.values)])
    return base64.urlsafe_b64encode(packed).rstrip(b"=").decode()


def read_cursor(text: str, mark: str, keys: Sequence[Any]) -> Position:
    """Read a cursor; `keys` are the columns that the list is sorted by.

    Raises:
        ProblemError: it is none, or belongs to a list with other filters or another order.
    """
    try:
        padded = text + "=" * (-len(text) % 4)
        found_mark, backwards, values = orjson.loads(base64.urlsafe_b64decode(padded))
    except (ValueError, TypeError, binascii.Error) as error:
        raise _bad(_NONE) from error
    if not isinstance(values, list) or not isinstance(backwards, bool):
        raise _bad(_NONE)
    if found_mark != mark or len(values) != len(keys):
        raise _bad(Text("belongs to a list with other filters or another order"))
    if not all(map(_fits, values, keys)):
        raise _bad(_NONE)
    return Position(tuple(values), backwards)


def _fits(value: Any, column: Any) -> bool:
    """Tell whether a value could have come from a column."""
    if value is None:
        return bool(column.nullable)
    kind = column.type.python_type
    if kind is int:
        return type(value) is int and abs(value) < 2**63
    return type(value) is kind and "\0" not in str(value)


def _bad(detail: Text) -> Exception:
    hint = Text("Leave it out to begin at the first page, and follow links.next from there.")
    return bad_request([Mistake("cursor", detail, hint=hint)])
