"""Crosswalks: which codes of one classification go with which of another, row by row."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, and_, or_, select

from openbudget.api.common import LabelSchema
from openbudget.api.endpoint import Call
from openbudget.api.fields import (
    ResponseSchema,
    choice,
    integer,
    nested,
    optional_string,
    string,
)
from openbudget.api.filters import Filter
from openbudget.api.listing import ListResource
from openbudget.budget.classification import MappingStatus
from openbudget.budget.vocabulary import Scheme
from openbudget.storage.models import CrosswalkMappingRow, CrosswalkRow
from openbudget.storage.read import Found, Listing, read_row, table_columns
from openbudget.storage.selection import Order
from openbudget.texts import Text

EXAMPLE = "functional-to-cofog"
EXAMPLE_MAPPING = f"{EXAMPLE}.20406.03.3"
CONFIDENCES = ("high", "medium", "low", "none")
_MAPPINGS = "/v1/crosswalk-mappings"


class ClassificationNameSchema(ResponseSchema):
    """An edition of a classification; one that has no list here stands in crosswalks only."""

    scheme = string("The classification.", "functional")
    edition = string("The edition.", "2024")


class CrosswalkLinksSchema(ResponseSchema):
    """Links of a crosswalk."""

    mappings = string("Its mappings.", f"{_MAPPINGS}?crosswalk={EXAMPLE}")


class CrosswalkSchema(ResponseSchema):
    """A crosswalk: from what to what, and how far it can be trusted."""

    id = string("Id of the crosswalk.", EXAMPLE)
    title = nested(LabelSchema, "Its title.")
    source = nested(ClassificationNameSchema, "The classification it begins with.")
    target = nested(ClassificationNameSchema, "The classification it leads to.")
    status = choice(
        "Of its rows, but for those that are `official`: `reconstruction`: what is known of an "
        "official table; `proposal`: of this project, published by nobody.",
        MappingStatus,
        "proposal",
    )
    origin = string("Where it comes from, and how far it can be trusted.", "A proposal.")
    mapping_count = integer("Its mappings.", 306)
    official_count = integer("Those that were read in an official table.", 0)
    links = nested(CrosswalkLinksSchema, "Links.")


class MappedCodeSchema(ResponseSchema):
    """One end of a mapping."""

    scheme = string("The classification.", "functional")
    edition = string("The edition.", "2024")
    code = optional_string("The code; null where the other one has no counterpart.", "20406")
    label = nested(LabelSchema, "Its names, as far as the lists have them.", optional=True)
    parent = optional_string("The code one level up.", "204")
    parent_label = nested(LabelSchema, "The names of that.", optional=True)


class MappingLinksSchema(ResponseSchema):
    """Links of a mapping."""

    crosswalk = string("Its crosswalk.", f"/v1/crosswalks/{EXAMPLE}")
    source = string("The code.", "/v1/classifications/functional/2024/codes/20406")
    target = optional_string("The other code; null where it is in no list here.", None)


class CrosswalkMappingSchema(ResponseSchema):
    """A mapping: two codes that go together, when, and who says so."""

    id = string("Id: crosswalk and codes.", EXAMPLE_MAPPING)
    crosswalk = string("Id of the crosswalk.", EXAMPLE)
    source = nested(MappedCodeSchema, "The code.")
    target = nested(MappedCodeSchema, "The code it goes with.")
    condition = optional_string("When they go together, as the list says; null: always.", None)
    confidence = choice(
        "How sure the compiler is; null where the list does not say.",
        CONFIDENCES,
        "medium",
        optional=True,
    )
    status = choice(
        "`official`: read in an official table, which note names; else that of the crosswalk.",
        MappingStatus,
        "proposal",
    )
    note = string("Where the row comes from, as the list says.", "proposed")
    links = nested(MappingLinksSchema, "Links.")


def present_crosswalk(row: Found, _call: Call) -> dict[str, Any]:
    """Make the record of a crosswalk."""
    kept = ("id", "status", "origin", "mapping_count", "official_count")
    return {
        **{name: getattr(row, name) for name in kept},
        "title": {"zh": row.title_zh, "en": row.title_en},
        "source": {"scheme": row.source_scheme, "edition": row.source_edition},
        "target": {"scheme": row.target_scheme, "edition": row.target_edition},
        "links": {"mappings": f"{_MAPPINGS}?crosswalk={row.id}"},
    }


def present_mapping(row: Found, _call: Call) -> dict[str, Any]:
    """Make the record of a mapping."""
    kept = ("id", "crosswalk", "condition", "confidence", "status", "note")
    ends = {end: _end(row, end) for end in ("source", "target")}
    listed = {end: _code_link(ends[end]) for end in ends}
    return {
        **{name: getattr(row, name) for name in kept},
        **ends,
        "links": {"crosswalk": f"/v1/crosswalks/{row.crosswalk}", **listed},
    }


def _end(row: Found, end: str) -> dict[str, Any]:
    names = getattr(row, end) or {"label": None, "parent": None, "parent_label": None}
    keys = {key: getattr(row, f"{end}_{key}") for key in ("scheme", "edition", "code")}
    return {**keys, **names}


def _code_link(end: dict[str, Any]) -> str | None:
    """Link to a code that a list has: its Chinese name is known from there only."""
    listed = end["label"] is not None and end["label"]["zh"] is not None
    path = "/v1/classifications/{scheme}/{edition}/codes/{code}"
    return path.format_map(end) if listed else None


def mapping_links(scheme: str, edition: str, codes: Iterable[str]) -> dict[str, str]:
    """Link to the mappings from the last of some codes, or those above it, and to it."""
    *above, own = codes
    wanted = ",".join([own, *reversed(above)])
    ends = {end: f"{_MAPPINGS}?{end}_scheme={scheme}&{end}_edition={edition}" for end in _ENDS}
    return {
        "mappings_from": f"{ends['source']}&source_code={wanted}",
        "mappings_to": f"{ends['target']}&target_code={own}",
    }


def mappings_of(
    connection: Connection, scheme: str, edition: str, codes: Iterable[str]
) -> list[Found]:
    """Give the mappings that count for the last of some codes: from it, and to it.

    Of each crosswalk those from the longest of the codes that has some: what is said of a code
    holds for all below it that nothing else is said of.
    """
    own = CrosswalkMappingRow
    wanted = tuple(codes)
    leads = and_(
        own.source_scheme == scheme, own.source_edition == edition, own.source_code.in_(wanted)
    )
    led = and_(
        own.target_scheme == scheme, own.target_edition == edition, own.target_code == wanted[-1]
    )
    statement = select(*table_columns(own)).where(or_(leads, led)).order_by(own.id)
    found = connection.execute(statement).all()
    longest: dict[str, str] = {}
    for row in found:
        if (row.source_scheme, row.source_edition) == (scheme, edition):
            longest[row.crosswalk] = max(longest.get(row.crosswalk, ""), row.source_code, key=len)
    return [
        row
        for row in found
        if (row.source_scheme, row.source_edition) != (scheme, edition)
        or row.source_code == longest[row.crosswalk]
    ]


def _find(model: Any) -> Any:
    columns = table_columns(model)
    return lambda call, identifier: read_row(call.connection, columns, {"id": identifier})


_ENDS = ("source", "target")
_OWN = CrosswalkRow.__table__.c
_OF_MAPPING = CrosswalkMappingRow.__table__.c
_NAMES = ("id", "source_scheme", "target_scheme", "status")
_MAPPING_NAMES = (
    *("id", "crosswalk", "source_scheme", "source_edition", "source_code"),
    *("target_scheme", "target_edition", "target_code", "status", "confidence"),
)
_ID_PATTERN = r"^[0-9a-z.-]+$"
_STATUS = Filter("status", "choice", "What stands behind it.", "proposal", tuple(MappingStatus))

CROSSWALKS = ListResource(
    name="crosswalks",
    singular=Text("crosswalk"),
    summary="Crosswalks between classifications",
    description="Which codes of one classification go with which of another, and who says so.",
    listing=Listing({name: _OWN[name] for name in _NAMES}, table_columns(CrosswalkRow)),
    schema=CrosswalkSchema,
    filters=(
        Filter("source_scheme", "choice", "What it begins with.", "functional", tuple(Scheme)),
        Filter("target_scheme", "text", "What it leads to.", "cofog"),
        _STATUS,
    ),
    sortable=_NAMES,
    order=(Order("id"),),
    present=present_crosswalk,
    detail_columns=table_columns(CrosswalkRow),
    example_id=EXAMPLE,
    id_pattern=_ID_PATTERN,
    versioned=False,
    find=_find(CrosswalkRow),
)
CROSSWALK_MAPPINGS = ListResource(
    name="crosswalk-mappings",
    singular=Text("crosswalk mapping"),
    summary="Mappings of crosswalks",
    description=(
        "Two codes that go together in each row, with the condition, what stands behind it and "
        "where it comes from. Of a code that has no row, that of the longest code it begins with "
        "counts."
    ),
    listing=Listing(
        {name: _OF_MAPPING[name] for name in _MAPPING_NAMES}, table_columns(CrosswalkMappingRow)
    ),
    schema=CrosswalkMappingSchema,
    filters=(
        Filter("crosswalk", "text", "Id of the crosswalk.", EXAMPLE),
        Filter("source_scheme", "choice", "The classification.", "functional", tuple(Scheme)),
        Filter("source_edition", "text", "Its edition.", "2024"),
        Filter("source_code", "code", "The code.", "20406"),
        Filter("target_scheme", "text", "The classification it leads to.", "cofog"),
        Filter("target_edition", "text", "Its edition.", "1999"),
        Filter("target_code", "dotted_code", "The code it goes with.", "03.3", nullable=True),
        _STATUS,
        Filter("confidence", "choice", "How sure it is.", "high", CONFIDENCES, nullable=True),
    ),
    sortable=_MAPPING_NAMES,
    order=(Order("crosswalk"), Order("source_code"), Order("id")),
    present=present_mapping,
    detail_columns=table_columns(CrosswalkMappingRow),
    example_id=EXAMPLE_MAPPING,
    id_pattern=_ID_PATTERN,
    versioned=False,
    find=_find(CrosswalkMappingRow),
)
