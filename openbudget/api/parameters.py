"""Query parameters: how each is read, what it allows, and how OpenAPI describes it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, missing

from openbudget.api.common import DOCUMENT_PATTERN, PART_PATTERN
from openbudget.api.languages import CHINESE, ENGLISH, LANGUAGES
from openbudget.api.problems import Mistake
from openbudget.budget.identifiers import parse_reference
from openbudget.budget.money import parse_yuan
from openbudget.errors import AmountError
from openbudget.texts import Text

_INTEGER = re.compile(r"-?[0-9]{1,9}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LEADING_ZERO = re.compile(r"[-+]?0[0-9]")
_MAX_VALUES = 200
_MAX_LENGTH = 500
MAX_CURSOR = 6000
MAX_LONG_TEXT = 6000


class ExplainedError(ValidationError):
    """What is wrong with a value, what is allowed instead, and a hint."""

    def __init__(
        self, detail: Text, allowed: Sequence[str] | None = None, hint: Text | None = None
    ) -> None:
        """Say what is wrong."""
        said = None if allowed is None else list(allowed)
        super().__init__({"detail": [detail], "allowed": [said], "hint": [hint]})


class NotAllowedError(ExplainedError):
    """A word that is not among those allowed; it names them."""

    def __init__(self, text: str, allowed: Sequence[str]) -> None:
        """Name the word and what is allowed."""
        super().__init__(Text("{value!r} is not allowed", value=text), allowed)


def mistake_of(parameter: str, messages: Any) -> Mistake:
    """Make the mistake of a parameter from the messages of the `ExplainedError` that it raised."""
    return Mistake(parameter, *(messages[name][0] for name in ("detail", "allowed", "hint")))


class Parameter(fields.Field[Any]):
    """A query parameter. It loads from the list of texts that the client sent for it.

    A parameter with `several` values takes them by comma or by repetition. One whose text has a
    language of its own is sent once, its parts parted by the `separator` of that language.
    """

    separator: str | None = None

    def __init__(
        self,
        read: Callable[[str], Any],
        shape: dict[str, Any],
        description: str,
        example: Any,
        *,
        several: bool = False,
        required: bool = False,
        default: Any = None,
    ) -> None:
        """Describe the parameter; `shape` is its JSON Schema."""
        super().__init__(required=required, metadata={"description": description})
        self.read, self.shape, self.description = read, shape, description
        self.example, self.several, self.default = example, several, default

    def _validate_missing(self, value: Any) -> None:
        if value is missing and self.required:
            example = f"{self.name}={self.example}"
            hint = Text("Add it, such as {example}.", example=example)
            raise ExplainedError(Text("is required"), self.shape.get("enum"), hint)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        texts = [part for text in value for part in (text.split(",") if self.several else [text])]
        if len(texts) > _MAX_VALUES or sum(map(len, texts)) > _MAX_LENGTH * _MAX_VALUES:
            raise ExplainedError(Text("takes at most {most} values", most=_MAX_VALUES))
        if not self.several and len(texts) != 1:
            detail = Text("takes one value, not several")
            raise ExplainedError(detail, hint=self._once(texts))
        values = tuple(dict.fromkeys(self._read_one(text) for text in texts))
        return values if self.several else values[0]

    def _once(self, texts: Sequence[str]) -> Text:
        """Say how to send what was sent several times."""
        if self.separator is None:
            return Text("Send it once.")
        right = f"{self.name}={self.separator.join(texts)}"
        said = "Send it once, its parts parted by {separator}: {right}."
        return Text(said, separator=self.separator, right=right)

    def _read_one(self, text: str) -> Any:
        limit = self.shape.get("maxLength", _MAX_LENGTH)
        if not text.strip() or len(text) > limit or "\0" in text:
            unusable = Text("is empty") if not text.strip() else Text("is not a usable text")
            raise ExplainedError(unusable)
        return self.read(text)

    def openapi(self, name: str) -> dict[str, Any]:
        """Describe the parameter for OpenAPI."""
        shape = (
            {"type": "array", "items": self.shape, "minItems": 1} if self.several else self.shape
        )
        if self.default is not None:
            shape = {**shape, "default": self.default}
        found = {
            "name": name,
            "in": "query",
            "required": self.required,
            "description": self.description,
            "schema": shape,
            "example": [self.example] if self.several else self.example,
        }
        return {**found, "style": "form", "explode": False} if self.several else found


def one_of(choices: Sequence[str]) -> tuple[Callable[[str], str], dict[str, Any]]:
    """Read one of the given words."""
    words = [str(choice) for choice in choices]

    def read(text: str) -> str:
        if text not in words:
            raise NotAllowedError(text, words)
        return text

    return read, {"type": "string", "enum": words}


def matching(pattern: str, what: Text) -> tuple[Callable[[str], str], dict[str, Any]]:
    """Read a text of a given form; `what` names it in errors."""
    compiled = re.compile(pattern, re.ASCII)  # as the pattern reads in the document

    def read(text: str) -> str:
        if not compiled.fullmatch(text):
            raise ExplainedError(Text("{value!r} is not {what}", value=text, what=what))
        return text

    return read, {"type": "string", "pattern": f"^(?:{pattern})$"}


def whole(minimum: int, maximum: int) -> tuple[Callable[[str], int], dict[str, Any]]:
    """Read a whole number within bounds; nothing is clamped."""

    def read(text: str) -> int:
        if not _INTEGER.fullmatch(text) or not minimum <= int(text) <= maximum:
            said = "{value!r} is not a whole number from {first} to {last}"
            raise ExplainedError(Text(said, value=text, first=minimum, last=maximum))
        return int(text)

    return read, {"type": "integer", "minimum": minimum, "maximum": maximum}


def any_text() -> tuple[Callable[[str], str], dict[str, Any]]:
    """Read any text that is not blank."""
    return str, {"type": "string", "minLength": 1, "maxLength": _MAX_LENGTH}


def long_text() -> tuple[Callable[[str], str], dict[str, Any]]:
    """Read a text in a language of its own, which is longer than a value."""
    return str, {"type": "string", "minLength": 1, "maxLength": MAX_LONG_TEXT}


def cursor_text() -> tuple[Callable[[str], str], dict[str, Any]]:
    """Read a cursor, which is as long as the sort values of a row."""
    return str, {"type": "string", "minLength": 1, "maxLength": MAX_CURSOR}


def day() -> tuple[Callable[[str], str], dict[str, Any]]:
    """Read a day of the calendar, ``2024-06-30``."""

    def read(text: str) -> str:
        try:
            # By form first: the standard library takes 20240630 and 2024-W26-7 as well.
            known = _DAY.fullmatch(text) and date.fromisoformat(text)
        except ValueError:
            known = None
        if not known:
            raise ExplainedError(Text("{value!r} is not a day such as 2024-06-30", value=text))
        return text

    return read, {"type": "string", "format": "date"}


def truth() -> tuple[Callable[[str], bool], dict[str, Any]]:
    """Read true or false."""

    def read(text: str) -> bool:
        if text not in ("true", "false"):
            raise NotAllowedError(text, ["true", "false"])
        return text == "true"

    return read, {"type": "boolean"}


def money() -> tuple[Callable[[str], int], dict[str, Any]]:
    """Read yuan with at most two decimals into fen."""

    def read(text: str) -> int:
        if _LEADING_ZERO.match(text):
            detail = Text("{value!r} begins with a zero too many", value=text)
            hint = Text("Write amounts without thousands commas, 1000000 and not 1,000,000.")
            raise ExplainedError(detail, hint=hint)
        try:
            fen = parse_yuan(text)
        except AmountError as error:
            said = "{value!r} is not an amount in yuan such as 1800000.00"
            raise ExplainedError(Text(said, value=text)) from error
        if abs(fen) >= 2**63:
            raise ExplainedError(Text("is larger than any budget"))
        return fen

    return read, {"type": "number"}


def reference(what: Text) -> tuple[Callable[[str], Any], dict[str, Any]]:
    """Read the public id of something in a document."""

    def read(text: str) -> Any:
        found = parse_reference(text)
        if found is None or (what == "document") == bool(found.rest):
            said = "{value!r} is not the id of a {what}"
            raise ExplainedError(Text(said, value=text, what=what))
        return found

    pattern = DOCUMENT_PATTERN if what == "document" else PART_PATTERN
    return read, {"type": "string", "pattern": pattern}


class AnswerLanguage(Parameter):
    """`lang` where texts of answers follow it, and not those of errors alone."""

    def __init__(self) -> None:
        """Describe the parameter."""
        said = (
            "Language of errors, and of texts in formats that have room for one; else "
            "`Accept-Language`, else English for errors and Chinese for texts."
        )
        super().__init__(*one_of(LANGUAGES), said, ENGLISH)


class QuerySchema(Schema):
    """Base of all query schemas: an unknown parameter is an error.

    Every call may be answered by an error, so every query takes the language of errors.
    """

    lang = Parameter(
        *one_of(LANGUAGES), "Language of errors; else `Accept-Language`, else English.", CHINESE
    )

    class Meta:
        """Refuse unknown parameters."""

        unknown = RAISE


def describe_query(query: type[QuerySchema]) -> list[dict[str, Any]]:
    """Describe the parameters of a query for OpenAPI, the language last."""
    named = sorted(query().fields.items(), key=lambda own: own[0] == "lang")
    return [own.openapi(name) for name, own in named if isinstance(own, Parameter)]


def query_schema(name: str, parameters: Mapping[str, Parameter]) -> type[QuerySchema]:
    """Make a query schema from parameters."""
    made: Any = QuerySchema.from_dict(dict(parameters), name=name)
    found: type[QuerySchema] = made
    return found
