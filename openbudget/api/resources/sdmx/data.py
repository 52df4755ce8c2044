"""SDMX: data queries of SDMX REST 1.5 (SDMX 2.1) over the cubes, one dataflow for each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from openbudget.api.endpoint import (
    SDMX_CSV_1,
    SDMX_CSV_2,
    SDMX_GENERIC,
    Call,
    Endpoint,
    PathParameter,
    StreamAnswer,
)
from openbudget.api.parameters import ExplainedError, Parameter, matching, one_of, query_schema
from openbudget.api.problems import MEDIA_TYPE as PROBLEM
from openbudget.api.problems import Mistake, ProblemError, bad_request, not_found
from openbudget.budget.money import format_yuan
from openbudget.cubes import flows
from openbudget.cubes.columns import newest_editions
from openbudget.cubes.flags import Flags, read_flags
from openbudget.cubes.flows import TIME, Flow, Key, explain, place, query_of, read_key
from openbudget.cubes.mistakes import CubeQueryError
from openbudget.cubes.model import AMOUNT_SUM
from openbudget.cubes.query import Cells, CubeQuery, all_cells
from openbudget.formats.sdmx import (
    ALL_DIMENSIONS,
    Dataflow,
    Detail,
    Message,
    Observation,
    write_csv_1,
    write_csv_2,
)
from openbudget.formats.sdmx_generic import write_generic
from openbudget.texts import Text, listed

_WRITERS: Mapping[str, tuple[Callable[[Message], Iterator[bytes]], str]] = {
    SDMX_GENERIC: (write_generic, "xml"),
    SDMX_CSV_1: (write_csv_1, "csv"),
    SDMX_CSV_2: (write_csv_2, "csv"),
}
_ALIASES = {
    "application/vnd.sdmx.genericdata+xml": SDMX_GENERIC,
    "application/xml": SDMX_GENERIC,
    "text/xml": SDMX_GENERIC,
    "application/vnd.sdmx.data+csv": SDMX_CSV_2,
    "text/csv": SDMX_CSV_2,
    # Clients made by openapi-generator accept the JSON of problems, and mean any answer.
    PROBLEM: SDMX_GENERIC,
}
OBSERVATION_ATTRIBUTES = ("OBS_STATUS", "FINDING")
_PERIOD = r"(?P<year>[0-9]{4})(?:-A1|-(?P<month>0[1-9]|1[0-2])(?:-(?P<day>0[1-9]|[12]\d|3[01]))?)?"
_A_PERIOD = Text("a period such as 2024, 2024-A1, 2024-01 or 2024-01-31")
_JANUARY, _DECEMBER, _FIRST, _LAST = "01", "12", "01", "31"


def get_data(call: Call) -> StreamAnswer:
    """Answer the observations of a flow that a key selects."""
    flow = find_flow(call.arguments["flow"])
    asked = _understood(call, flow)
    try:
        cells = all_cells(call.connection, asked.query, _editions(call))
    except CubeQueryError as error:
        raise _problem(flow, error) from error
    if not cells.total:
        said = Text("No observation is as asked: see key, startPeriod, endPeriod.")
        raise ProblemError(404, said)
    write, ending = _WRITERS[call.media_type]
    flags = {} if asked.detail is not Detail.FULL else _flags(call, asked.query)
    message = Message(
        dataflow_of(flow),
        asked.observations(cells, flags),
        asked.at_observation,
        call.state.last_modified,
        asked.detail,
    )
    return StreamAnswer(write(message), call.media_type, cells.total, f"{flow.name}.{ending}")


@dataclass(frozen=True)
class _Asked:
    """A data query, understood."""

    flow: Flow
    key: Key
    at_observation: str
    detail: Detail
    query: CubeQuery

    def observations(self, cells: Cells, flags: Flags) -> Iterator[Observation]:
        """Give the observations, or the series where only these are asked for."""
        without = self.at_observation if self.detail.series else None
        refs = self.query.drilldown
        for cell in cells.rows:
            key = place(self.flow, self.key, cell, without)
            if self.detail.series:
                yield Observation(key)
            else:
                found = flags.get(tuple(cell[ref] for ref in refs))
                yield _observation(key, cell[AMOUNT_SUM], found)


def _observation(key: tuple[str, ...], fen: int | None, severity: str | None) -> Observation:
    status = flows.status_of(severity, missing=fen is None)
    finding = str(severity or flows.NOT_APPLICABLE)
    return Observation(key, None if fen is None else format_yuan(fen), (status, finding))


def find_flow(reference: str) -> Flow:
    """Find a flow by its id, with agency and version before and behind it or not.

    Raises:
        ProblemError: there is none.
    """
    named = ((flow, _spellings(name)) for name, flow in flows.flows().items())
    found = next((flow for flow, spellings in named if reference in spellings), None)
    if found is None:
        said = "The dataflows of {agency} are {names}."
        hint = Text(said, agency=flows.agency(), names=listed(flows.flows()))
        raise not_found(Text("dataflow"), reference, hint)
    return found


def _spellings(name: str) -> set[str]:
    """Give what a flow may be called: its name, with the agency, or with agency and version."""
    whole = {f"{agency},{name}" for agency in (flows.agency(), flows.ALL)}
    versions = (flows.version(), "latest")
    return {name, *whole, *(f"{own},{version}" for own in whole for version in versions)}


def _understood(call: Call, flow: Flow) -> _Asked:
    at = call.query.get("dimensionAtObservation", TIME)
    detail = Detail(call.query.get("detail", Detail.FULL))
    names = [own.id for own in flow.dimensions]
    mistakes = []
    if at not in (*names, ALL_DIMENSIONS):
        said = Text("{id!r} is no dimension of {flow}", id=at, flow=flow.name)
        mistakes.append(Mistake("dimensionAtObservation", said, [*names, ALL_DIMENSIONS]))
    elif at == ALL_DIMENSIONS and detail.series:
        said = Text("{detail} tells series: {all} has none", detail=detail, all=ALL_DIMENSIONS)
        mistakes.append(Mistake("detail", said))
    years = call.query.get("startPeriod"), call.query.get("endPeriod")
    if mistakes:
        raise bad_request(mistakes)
    try:
        key = read_key(flow, call.arguments.get("key", flows.ALL))
    except CubeQueryError as error:
        raise _problem(flow, error) from error
    query = query_of(flow, key, years, at, series=detail.series)
    return _Asked(flow, key, at, detail, query)


def _problem(flow: Flow, error: CubeQueryError) -> ProblemError:
    found = explain(flow, error)
    return bad_request([Mistake(m.parameter, m.detail, m.allowed, m.hint) for m in found])


def _flags(call: Call, query: CubeQuery) -> Flags:
    return read_flags(call.connection, query, _editions(call))


def _editions(call: Call) -> Any:
    return newest_editions(call.names.editions)


def dataflow_of(flow: Flow) -> Dataflow:
    """Give what messages say of a flow."""
    return Dataflow(
        flows.agency(),
        flow.name,
        flows.version(),
        tuple(own.id for own in flow.dimensions),
        flows.constant_attributes(),
        OBSERVATION_ATTRIBUTES,
    )


def _period(*, start: bool) -> tuple[Callable[[str], int], dict[str, Any]]:
    """Read a period: a year, a month or a day; the whole years that lie behind or before it."""
    check, shape = matching(_PERIOD, _A_PERIOD)

    def read(text: str) -> int:
        found = re.fullmatch(_PERIOD, check(text))
        if found is None:
            raise ExplainedError(Text("{value!r} is not {what}", value=text, what=_A_PERIOD))
        year, month, day = int(found["year"]), found["month"], found["day"]
        if start:
            return year + (month not in (None, _JANUARY) or day not in (None, _FIRST))
        return year - (month not in (None, _DECEMBER) or day not in (None, _LAST))

    # The names of groups are no part of the regular expressions of JSON Schema.
    return read, {**shape, "pattern": re.sub(r"\?P<\w+>", "", shape["pattern"])}


_FORMATS = ("sdmx-ml-2.1", "sdmx-csv-1.0", "sdmx-csv-2.0")
_PARAMETERS = {
    "startPeriod": Parameter(*_period(start=True), "The first period, included.", "2024"),
    "endPeriod": Parameter(*_period(start=False), "The last period, included.", "2024"),
    "dimensionAtObservation": Parameter(
        *matching(r"[A-Za-z_]+", Text("the id of a dimension")),
        f"The dimension that parts the observations of a series; {ALL_DIMENSIONS} for no series. "
        "SDMX-CSV has no series: there it orders the rows.",
        TIME,
        default=TIME,
    ),
    "detail": Parameter(
        *one_of(tuple(Detail)),
        "How much is told: all, no attributes, only the keys of series, or series without data.",
        Detail.FULL.value,
        default=Detail.FULL.value,
    ),
    "format": Parameter(
        *one_of(_FORMATS), "Format of the answer; `Accept` chooses too.", _FORMATS[1]
    ),
}
_FLOW = PathParameter(
    "flow",
    "A dataflow: the name of a cube, or agency, name and version parted by commas.",
    "expenditure",
    r"^[A-Za-z0-9_.,]+$",
)
_KEY = PathParameter(
    "key",
    "A part for each dimension but the time, parted by dots: nothing for every member, members "
    "parted by +, `_T` for their sum, `_Z` for what has no value. Or `all`.",
    "A.110102..department.approved......",
    r"^[A-Za-z0-9_$.+-]+$",
)
_DATA = Endpoint(
    path="/sdmx/data/{flow}/{key}",
    operation_id="get_sdmx_data",
    summary="Data of a cube as SDMX",
    description=(
        "A data query of SDMX REST 1.5 (SDMX 2.1): sums of leaf lines, in yuan, each of one "
        "document. `_T` in a key sums over a dimension; what would count money twice is refused "
        "with 400 and the ways out. Observations that findings touch are flagged."
    ),
    view=get_data,
    answers=None,
    tag="sdmx",
    query=query_schema("SdmxDataQuery", _PARAMETERS),
    parameters=(_FLOW, _KEY),
    media_types=tuple(_WRITERS),
    other_answers=dict.fromkeys(_WRITERS),
    aliases=_ALIASES,
)
ENDPOINTS = (
    replace(
        _DATA,
        path="/sdmx/data/{flow}",
        operation_id="get_whole_sdmx_data",
        summary="All data of a cube as SDMX",
        parameters=(_FLOW,),
    ),
    _DATA,
)
