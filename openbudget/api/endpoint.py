"""An endpoint as data: the app is built from these, and so is the OpenAPI document."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from marshmallow import Schema
from sqlalchemy import Connection

from openbudget.api.languages import CHINESE
from openbudget.api.parameters import QuerySchema
from openbudget.api.service import DataState, Service
from openbudget.formats import json_stat, sdmx
from openbudget.storage.names import EnglishNames

JSON = "application/json"
CSV = "text/csv"
NDJSON = "application/x-ndjson"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FRICTIONLESS = "application/vnd.frictionless.report+json"
ATOM = "application/atom+xml"
JSON_STAT = json_stat.MEDIA_TYPE
SDMX_GENERIC = sdmx.GENERIC
SDMX_STRUCTURE = sdmx.STRUCTURE
SDMX_CSV_1 = sdmx.CSV_1
SDMX_CSV_2 = sdmx.CSV_2
TEXT = "text/plain"
BIBTEX = "application/x-bibtex"
EXTENSIONS = {
    "json": JSON,
    "csv": CSV,
    "ndjson": NDJSON,
    "xlsx": XLSX,
    "frictionless-report": FRICTIONLESS,
    "atom": ATOM,
    "json-stat": JSON_STAT,
    "sdmx-ml-2.1": SDMX_GENERIC,
    "sdmx-csv-1.0": SDMX_CSV_1,
    "sdmx-csv-2.0": SDMX_CSV_2,
    "text": TEXT,
    "bibtex": BIBTEX,
}
PACKED = frozenset({XLSX})
"""Media types that are compressed as they are."""


@dataclass(frozen=True)
class Call:
    """A call that has been checked.

    `query` holds the parameters as understood, `sent` as the client wrote them, several values of
    one joined by commas. `language` is that of texts where an answer has room for one only.
    """

    connection: Connection
    service: Service
    state: DataState
    path: str
    arguments: Mapping[str, str]
    query: Mapping[str, Any]
    sent: Mapping[str, str]
    media_type: str = JSON
    language: str = CHINESE

    @property
    def names(self) -> EnglishNames:
        """The English names of codes."""
        return self.service.english_names(self.connection, self.state.version)


@dataclass(frozen=True)
class JsonAnswer:
    """An answer in JSON: `body` lacks only the versions in `meta`."""

    body: dict[str, Any]
    links: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class StreamAnswer:
    """An answer that is written in parts: `total` records, known beforehand."""

    parts: Iterable[bytes]
    media_type: str
    total: int
    file_name: str


@dataclass(frozen=True)
class TextAnswer:
    """A whole answer as it is, in a text format: kept and packed like one in JSON."""

    content: bytes


@dataclass(frozen=True)
class BytesAnswer:
    """Bytes as they are: published files."""

    content: bytes
    media_type: str
    headers: Mapping[str, str]


Answer = JsonAnswer | TextAnswer | StreamAnswer | BytesAnswer


@dataclass(frozen=True)
class PathParameter:
    """A part of a path."""

    name: str
    description: str
    example: str
    pattern: str | None = None


@dataclass(frozen=True)
class Endpoint:
    """One operation of the API. `answers` is the schema of its JSON answer.

    `other_answers` are schemas by media type, None for what is no JSON. Where the query takes
    `lang` they have room for texts in one language only, so that what the client prefers decides
    them too. `problem` is the schema of its errors, `ending` the format that the path names.
    `aliases` are other names that `Accept` may have for media types, with what they stand for.
    """

    path: str
    operation_id: str
    summary: str
    description: str
    view: Callable[[Call], Answer]
    answers: type[Schema] | None
    tag: str
    query: type[QuerySchema] = QuerySchema
    parameters: Sequence[PathParameter] = ()
    media_types: Sequence[str] = (JSON,)
    other_answers: Mapping[str, type[Schema] | None] = field(default_factory=dict)
    problem: str = "Problem"
    ending: str | None = None
    aliases: Mapping[str, str] = field(default_factory=dict)

    @property
    def of_any_type(self) -> bool:
        """Whether it answers bytes whose media type is not known beforehand."""
        return self.answers is None and not self.other_answers
