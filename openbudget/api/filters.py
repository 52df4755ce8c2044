"""Filters of lists: ``field=value``, ``field__gte``, ``__lte``, ``__prefix``, ``__contains``, …"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, cast

from sqlalchemy import Select

from openbudget.api.parameters import (
    Parameter,
    any_text,
    matching,
    money,
    one_of,
    reference,
    truth,
    whole,
)
from openbudget.budget.vocabulary import EXPENDITURE_TYPES_UNDER, ExpenditureType
from openbudget.storage.selection import Condition, Operator
from openbudget.texts import Text

Kind = Literal[
    "code",
    "dotted_code",
    "division",
    "choice",
    "type",
    "whole",
    "money",
    "text",
    "truth",
    "reference",
    "time",
]
_OPERATORS: dict[Kind, tuple[str, ...]] = {
    "code": ("eq", "not", "prefix", "under", "isnull"),
    "dotted_code": ("eq", "not", "prefix", "under", "isnull"),
    "division": ("eq", "not", "prefix", "under"),
    "choice": ("eq", "not", "isnull"),
    "type": ("eq", "not", "under", "isnull"),
    "whole": ("eq", "not", "gte", "lte"),
    "money": ("eq", "not", "gte", "lte", "isnull"),
    "text": ("eq", "not", "contains", "prefix", "isnull"),
    "truth": ("eq",),
    "time": ("gte", "lte"),
    "reference": ("eq",),
}
_SAID = {
    "not": "Everything but these values.",
    "gte": "At least this value.",
    "lte": "At most this value.",
    "prefix": "Values that begin with one of these.",
    "contains": "Texts that hold one of these.",
    "under": "The subtree below one of these, itself included.",
    "isnull": "true: only those without a value; false: only those with one.",
}
CODE = Text("a code of digits; look codes up with /v1/classifications/functional/2024/codes?q=")
TIME = r"\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}:\d{2}Z)?"
_FORMS: dict[Kind, tuple[str, Text]] = {
    "code": (r"\d{1,9}", CODE),
    "dotted_code": (r"\d{1,9}(?:\.\d{0,9})?", Text("a code of digits, with one dot at most")),
    "time": (TIME, Text("a time in UTC such as 2024-03-01T00:00:00Z, or a day")),
}
_SINGLE = frozenset(["gte", "lte", "isnull"])


THING = Text("thing in a document")
"""What an id is of, where it may be of several things."""


@dataclass(frozen=True)
class Filter:
    """A field of a list that can be filtered by.

    `vocabulary` are queries for the values there are, where they are a closed set that the data
    decide: the first for those to choose from. `normal` writes a whole value as it is stored.
    """

    name: str
    kind: Kind
    description: str
    example: Any
    choices: Sequence[str] = ()
    nullable: bool = False
    what: Text = THING
    vocabulary: Sequence[Select[Any]] = ()
    normal: Callable[[str], str] | None = None

    @cached_property
    def parameters(self) -> tuple[tuple[str, str, Parameter], ...]:
        """Name, operator and parameter for each operator."""
        return tuple(
            (
                self.name if operator == "eq" else f"{self.name}__{operator}",
                operator,
                self._parameter(operator),
            )
            for operator in _OPERATORS[self.kind]
            if operator != "isnull" or self.nullable
        )

    def _parameter(self, operator: str) -> Parameter:
        read, shape = self._reading(operator)
        said = f"{self.description} {_SAID.get(operator, '')}".strip()
        example = True if operator == "isnull" else self.example
        return Parameter(read, shape, said, example, several=operator not in _SINGLE)

    def _reading(self, operator: str) -> tuple[Any, dict[str, Any]]:
        if operator == "isnull":
            return truth()
        if operator == "contains":
            return any_text()
        if self.kind in ("choice", "type"):
            return one_of(self.choices)
        if self.kind == "division":
            loose = operator == "prefix"
            return matching(
                r"\d{1,6}" if loose else r"\d{6}", Text("a division code of six digits")
            )
        if self.kind in _FORMS:
            return matching(*_FORMS[self.kind])
        if self.kind == "whole":
            return whole(1900, 2200) if "year" in self.name else whole(0, 10**6)
        readers: dict[str, Any] = {"money": money, "truth": truth, "text": any_text}
        return reference(self.what) if self.kind == "reference" else readers[self.kind]()


def conditions(filters: Iterable[Filter], loaded: Mapping[str, Any]) -> Iterator[Condition]:
    """Turn the loaded parameters into conditions."""
    for own in filters:
        for name, operator, parameter in own.parameters:
            if name in loaded:
                values = loaded[name] if parameter.several else (loaded[name],)
                yield _condition(own, operator, values)


def _condition(own: Filter, operator: str, values: tuple[Any, ...]) -> Condition:
    if own.kind == "reference":
        return Condition(own.name, "refers", values)
    if own.normal and operator in ("eq", "not"):
        values = tuple(map(own.normal, values))
    if operator != "under":
        return Condition(own.name, cast("Operator", operator), values)
    if own.kind == "type":
        under = [e for v in values for e in EXPENDITURE_TYPES_UNDER[ExpenditureType(v)]]
        return Condition(own.name, "eq", tuple(e.value for e in dict.fromkeys(under)))
    stems = tuple(_stem(value) if own.kind == "division" else value for value in values)
    return Condition(own.name, "prefix", stems)


def _stem(division: str) -> str:
    """Give the digits that all divisions below share: 110000 is 11, 110100 is 1101."""
    for zeros in ("0000", "00"):
        if division.endswith(zeros):
            return division.removesuffix(zeros)
    return division
