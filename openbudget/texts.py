"""Texts for people that can be told in another language, too.

A text is English wherever it is used as a `str`. It keeps the template that it was made from and
what fills it, so that whoever answers a person may fill another template instead.
"""

from __future__ import annotations

from collections.abc import Iterable
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


class Joined(str):
    """Texts in a row with one between them, in English; `parts` and `between` tell them again.

    A client may send as many names as it likes: they stand side by side, not one in another.
    """

    __slots__ = ("between", "parts")
    between: Text
    parts: tuple[str, ...]

    def __new__(cls, between: Text, parts: Iterable[str]) -> Self:
        """Join parts, of which some may be texts themselves."""
        kept = tuple(parts)
        made = super().__new__(cls, between.join(kept))
        made.between, made.parts = between, kept
        return made

    def __getnewargs_ex__(self) -> tuple[tuple[Text, tuple[str, ...]], dict[str, Any]]:
        """Give what a copy is made from."""
        return (self.between, self.parts), {}


def listed(words: Iterable[str]) -> str:
    """Put words in a row: ``a, b, c``."""
    return Joined(Text(", "), words)


def either(words: Iterable[str]) -> str:
    """Put words in a row of which one is to be chosen: ``a or b or c``."""
    return Joined(Text(" or "), words)


def following(sentences: Iterable[str]) -> str:
    """Put sentences one behind the other."""
    return Joined(Text(" "), sentences)
