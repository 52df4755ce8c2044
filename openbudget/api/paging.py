"""Opaque cursors: the sort values of the row a page begins after, and a mark of the query."""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import Any

import orjson

from openbudget.api.problems import Mistake, bad_request
from openbudget.storage.selection import Condition, Order, Position

_MARK_LENGTH = 8


def query_mark(conditions: tuple[Condition, ...], order: tuple[Order, ...]) -> str:
    """Give a mark by which a cursor of another list is told."""
    described = repr((conditions, order)).encode()
    return hashlib.sha256(described).hexdigest()[:_MARK_LENGTH]


def write_cursor(position: Position, mark: str) -> str:
    """Write a position as text that is safe in a URL."""
    packed = orjson.dumps([mark, position.backwards, list(position.values)])
    return base64.urlsafe_b64encode(packed).rstrip(b"=").decode()


def read_cursor(text: str, mark: str, length: int) -> Position:
    """Read a cursor.

    Raises:
        ProblemError: it is none, or belongs to a list with other filters or another order.
    """
    try:
        padded = text + "=" * (-len(text) % 4)
        found_mark, backwards, values = orjson.loads(base64.urlsafe_b64decode(padded))
    except (ValueError, TypeError, binascii.Error) as error:
        raise _bad("is not a cursor of this API") from error
    if not isinstance(values, list) or not isinstance(backwards, bool):
        raise _bad("is not a cursor of this API")
    if found_mark != mark or len(values) != length or not all(map(_is_key, values)):
        raise _bad("belongs to a list with other filters or another order")
    return Position(tuple(values), backwards)


def _is_key(value: Any) -> bool:
    return (
        value is None
        or isinstance(value, str | bool)
        or (isinstance(value, int) and abs(value) < 2**63)
    )


def _bad(detail: str) -> Exception:
    hint = "Leave it out to begin at the first page, and follow links.next from there."
    return bad_request([Mistake("cursor", detail, hint=hint)])
