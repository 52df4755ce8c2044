"""marshmallow fields and the base of all response schemas."""

from __future__ import annotations

from typing import Any

from marshmallow import EXCLUDE, Schema, fields

from openbudget.budget.money import format_yuan
from openbudget.formats.encoding import exact_number


class ResponseSchema(Schema):
    """Base of all response schemas: open to keys that a later version adds."""

    class Meta:
        """Keep keys in the order they are declared; ignore unknown ones."""

        unknown = EXCLUDE


class Yuan(fields.Field[Any]):
    """Money: an integer of fen inside, a JSON number in yuan with two decimals outside."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        return None if value is None else exact_number(format_yuan(value))


class ExactNumber(fields.Field[Any]):
    """A decimal text inside, the same digits as a JSON number outside."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        return None if value is None else exact_number(value)


def string(description: str, example: Any, **options: Any) -> fields.String:
    """Give a text field."""
    return fields.String(metadata={"description": description, "example": example}, **options)


def optional_string(description: str, example: Any, **options: Any) -> fields.String:
    """Give a text field that may be null."""
    return string(description, example, allow_none=True, **options)


def choice(
    description: str, choices: Any, example: str, *, optional: bool = False
) -> fields.String:
    """Give a text field with the values of an enumeration; null where optional."""
    values = [str(value) for value in choices]
    metadata = {
        "description": description,
        "example": example,
        "enum": [*values, None] if optional else values,
    }
    return fields.String(metadata=metadata, allow_none=optional)


def integer(description: str, example: int | None, *, optional: bool = False) -> fields.Integer:
    """Give a whole number."""
    metadata = {"description": description, "example": example}
    return fields.Integer(metadata=metadata, allow_none=optional)


def flag(description: str, example: bool) -> fields.Boolean:
    """Give a truth value."""
    return fields.Boolean(metadata={"description": description, "example": example})


def yuan(description: str, example: str) -> Yuan:
    """Give money in yuan; null where nothing is printed."""
    metadata = {"description": description, "example": float(example)}
    return Yuan(allow_none=True, metadata=metadata)


def nested(schema: type[Schema], description: str, *, optional: bool = False) -> fields.Nested:
    """Give an object."""
    return fields.Nested(schema, allow_none=optional, metadata={"description": description})


def many(schema: type[Schema], description: str) -> fields.List[Any]:
    """Give a list of objects."""
    return fields.List(fields.Nested(schema), metadata={"description": description})


def always(own: fields.Field[Any]) -> fields.Field[Any]:
    """Promise a key: it stands in every answer, so that typed clients need not ask for it."""
    own.required = True
    return own


def strings(description: str, example: list[str]) -> fields.List[Any]:
    """Give a list of texts."""
    return fields.List(fields.String(), metadata={"description": description, "example": example})
