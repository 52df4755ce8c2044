"""Texts for people that can be told in another language, too.

A text is English wherever it is used as a `str`. It keeps the template that it was made from and
what fills it, so that whoever answers a person may fill another template instead.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from typing import Any, Self


class Text(str):
    """An English text: `template`, filled by `fields`, of which some may be texts themselves."""

    __slots__ = ("fields", "template")
    template: str
    fields: dict[str, Any]

    def __new__(cls, template: str, /, **fields: Any) -> Self:
        """Fill a template, which is written as for `str.format`."""
        made = super().__new__(cls, template.format(**fields))
        made.template, made.fields = template, fields
        return made

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, Any]]:
        """Give what a copy is made from."""
        return (self.template,), self.fields


def listed(words: Iterable[str]) -> str:
    """Put words in a row: ``a, b, c``."""
    return reduce(lambda row, word: Text("{row}, {word}", row=row, word=word), words)


def either(words: Iterable[str]) -> str:
    """Put words in a row of which one is to be chosen: ``a or b or c``."""
    return reduce(lambda row, word: Text("{row} or {word}", row=row, word=word), words)


def following(sentences: Iterable[str]) -> str:
    """Put sentences one behind the other."""
    return reduce(lambda row, said: Text("{row} {said}", row=row, said=said), sentences)
