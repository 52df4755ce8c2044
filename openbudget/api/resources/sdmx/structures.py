"""SDMX: structure queries of SDMX REST 1.5, as far as clients need them to read and to ask."""

from __future__ import annotations

from typing import Any

from openbudget.api.endpoint import (
    SDMX_STRUCTURE,
    Call,
    Endpoint,
    PathParameter,
    TextAnswer,
)
from openbudget.api.languages import LANGUAGES
from openbudget.api.parameters import Parameter, one_of, query_schema
from openbudget.api.problems import MEDIA_TYPE as PROBLEM
from openbudget.api.resources.sdmx.data import dataflow_of, find_flow
from openbudget.cubes import flows
from openbudget.cubes.model import label_of
from openbudget.formats.sdmx import VALUE, Dataflow
from openbudget.formats.sdmx_structure import Component, Structures, write_structures

_NONE = "none"
_REFERENCES = (_NONE, "parents", "children", "descendants", "all")
# Clients made by openapi-generator accept the JSON of problems, and mean any answer.
_ALIASES = dict.fromkeys(
    ("application/vnd.sdmx.structure+xml", "application/xml", "text/xml", PROBLEM), SDMX_STRUCTURE
)


def get_dataflow(call: Call) -> TextAnswer:
    """Answer dataflows, with `references` of any kind also their structures."""
    below = call.query.get("references", _NONE) not in (_NONE, "parents")
    return _answer(call, dataflows=True, datastructures=below, references=below)


def get_datastructure(call: Call) -> TextAnswer:
    """Answer data structures, with `references` also what they refer to or what refers to them."""
    wanted = call.query.get("references", _NONE)
    above, below = wanted in ("parents", "all"), wanted not in (_NONE, "parents")
    return _answer(call, dataflows=above, datastructures=True, references=below)


def _answer(call: Call, **told: bool) -> TextAnswer:
    agency, name, version = (call.arguments[own] for own in ("agency", "id", "version"))
    names = flows.flows() if name == flows.ALL else (name,)
    found = [dataflow_of(find_flow(f"{agency},{own},{version}")) for own in names]
    components = {name: _component(name) for flow in found for name in _parts(flow)}
    named = [(flow, {"zh": label_of(flow.id)}) for flow in found]
    return TextAnswer(
        write_structures(Structures(named, components, call.state.last_modified, **told))
    )


def _parts(flow: Dataflow) -> tuple[str, ...]:
    return (*flow.dimensions, VALUE, *flow.series_attributes, *flow.observation_attributes)


def _component(name: str) -> Component:
    codes = flows.closed_codes(name).items()
    return Component(
        _named(flows.concept_names(name)), {code: _named(words) for code, words in codes}
    )


def _named(words: tuple[str, str]) -> dict[str, str]:
    return dict(zip(LANGUAGES, words, strict=True))


def _endpoint(resource: str, title: str, view: Any) -> Endpoint:
    reference = Parameter(
        *one_of(_REFERENCES),
        "Which structures are told besides: those that refer to it, or those that it refers to.",
        "all",
        default=_NONE,
    )
    return Endpoint(
        path=f"/sdmx/{resource}/{{agency}}/{{id}}/{{version}}",
        operation_id=f"get_sdmx_{resource}",
        summary=title,
        description="A structure query of SDMX REST 1.5 (SDMX 2.1).",
        view=view,
        answers=None,
        tag="sdmx",
        query=query_schema(f"Sdmx{resource.title()}Query", {"references": reference}),
        parameters=(
            PathParameter("agency", "The agency, or `all`.", flows.agency(), r"^[A-Za-z0-9_.]+$"),
            PathParameter("id", "Name of a cube, or `all`.", "expenditure", r"^[a-z_]+$"),
            PathParameter("version", "The version, or `latest`.", "latest", r"^[a-z0-9.]+$"),
        ),
        media_types=(SDMX_STRUCTURE,),
        other_answers={SDMX_STRUCTURE: None},
        aliases=_ALIASES,
    )


ENDPOINTS = (
    _endpoint("dataflow", "Dataflows: one for each cube", get_dataflow),
    _endpoint("datastructure", "Data structures: dimensions, attributes, codes", get_datastructure),
)
