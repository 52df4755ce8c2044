"""Comparisons: two years, departments, phases or scopes, row by row, in one call."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from openbudget.api.columns import columns_of
from openbudget.api.dumping import compile_dump
from openbudget.api.endpoint import (
    CSV,
    JSON,
    JSON_STAT,
    NDJSON,
    XLSX,
    Answer,
    Call,
    Endpoint,
    JsonAnswer,
    PathParameter,
    StreamAnswer,
)
from openbudget.api.envelopes import key_paths
from openbudget.api.list_query import FORMATS, link
from openbudget.api.parameters import query_schema
from openbudget.api.resources.compare.compared import Compared, compared
from openbudget.api.resources.compare.query import parameters
from openbudget.api.resources.compare.records import comparison_record, row_records
from openbudget.api.resources.compare.schemas import (
    ComparedOneSchema,
    ComparedRowSchema,
    ComparedSchema,
)
from openbudget.api.resources.compare.statistics import answer_json_stat
from openbudget.api.resources.compare.warnings import warnings_of
from openbudget.api.resources.cubes.formats import JsonStatSchema
from openbudget.formats.csv import write_csv
from openbudget.formats.ndjson import write_ndjson
from openbudget.formats.xlsx import write_xlsx

PATH = "/v1/compare"
_EXPORTS = (*FORMATS[1:], "json-stat")
_DUMP = compile_dump(ComparedSchema())
_DUMP_ROW = compile_dump(ComparedRowSchema())
_QUERY = query_schema("CompareQuery", parameters())


def answer(call: Call) -> Answer:
    """Answer a comparison: sums and rows in JSON, the rows in other formats."""
    found = compared(call)
    if call.media_type == JSON_STAT:
        return answer_json_stat(found, call)
    return _whole(found, call) if call.media_type == JSON else _rows(found, call)


def _whole(found: Compared, call: Call) -> JsonAnswer:
    sent = {name: value for name, value in call.sent.items() if name != "format"}
    exports = {name: link(f"{PATH}.{name}", sent) for name in _EXPORTS}
    body = {
        "data": _DUMP(comparison_record(found, call)),
        "links": {"self": link(call.path, call.sent), **exports},
        "meta": {"query": {**sent, **found.settled.chosen, "follow": found.asked.follow}},
        "warnings": warnings_of(found),
    }
    return JsonAnswer(body)


def _rows(found: Compared, call: Call) -> StreamAnswer:
    rows = found.comparison.rows
    records = map(_DUMP_ROW, row_records(rows, found, call))
    if call.media_type == NDJSON:
        return StreamAnswer(write_ndjson(records), NDJSON, len(rows), "compare.ndjson")
    if call.media_type == CSV:
        paths = key_paths(ComparedRowSchema)
        return StreamAnswer(write_csv(records, paths), CSV, len(rows), "compare.csv")
    book = write_xlsx("compare", records, columns_of(ComparedRowSchema), len(rows))
    return StreamAnswer(book, XLSX, len(rows), "compare.xlsx")


_SUMMARY = "Two years, departments, phases or scopes side by side"
_DESCRIPTION = (
    "Leaf lines of both sides, summed by code, item or project: what increased, decreased, was "
    "added, removed or stayed. A year is that of the figures, which documents print of other years "
    "too; period=own leaves those out. One table, direction, year, scope and phase are needed: "
    "where only one exists it is taken and named in meta.query, otherwise the answer is 400 with "
    "the choices. Codes that moved are followed by the code lists of both years, and by equal "
    "names, only where that is unique; every row says why. A side without lines is told by a "
    "warning, and nothing is compared. CSV, NDJSON and XLSX hold the rows, JSON-stat both sides of "
    "each, with the flags of findings."
)


def _endpoint(
    suffix: str,
    name: str,
    said: str,
    media_types: Sequence[str],
    **more: Any,
) -> Endpoint:
    return Endpoint(
        path=PATH + suffix,
        operation_id=name,
        summary=_SUMMARY + said,
        description=_DESCRIPTION,
        view=answer,
        answers=ComparedOneSchema,
        tag="compare",
        query=_QUERY,
        media_types=media_types,
        other_answers={JSON_STAT: JsonStatSchema} if JSON_STAT in media_types else {},
        **more,
    )


_ENDING = PathParameter(
    "extension", "Format of the answer.", "csv", "^(json|csv|ndjson|json-stat)$"
)
ENDPOINTS = (
    _endpoint("", "compare", "", (JSON, CSV, NDJSON, XLSX, JSON_STAT)),
    _endpoint(
        ".{extension}",
        "compare_as",
        ", in the format that the path ends in",
        (CSV, NDJSON, JSON, JSON_STAT),
        parameters=(_ENDING,),
    ),
    _endpoint(".xlsx", "compare_as_xlsx", ", as a workbook", (XLSX,), ending="xlsx"),
)
