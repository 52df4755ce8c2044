"""JSON, as everything here writes it: money is a fragment made from the integer."""

from __future__ import annotations

from typing import Any

import orjson

FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")
"""How a text begins that a spreadsheet may run; the full-width forms where its language is Chinese.

CWE-1236, and what OWASP lists under CSV injection.
"""


def to_json(value: Any) -> bytes:
    """Write a value as compact JSON."""
    return orjson.dumps(value)


def to_indented_json(value: Any) -> bytes:
    """Write a value as JSON for reading and for version control."""
    return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def exact_number(text: str) -> orjson.Fragment:
    """Give a JSON number that is written digit by digit as its text says."""
    return orjson.Fragment(text)


def plain_text(value: Any) -> str:
    """Give a value as the text of one cell; numbers as in JSON, lists and objects as JSON."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, orjson.Fragment):
        return _fragment_text(value)
    return to_json(value).decode()


def _fragment_text(fragment: orjson.Fragment) -> str:
    return to_json(fragment).decode()
