"""Performance targets: objectives, money and indicators of a project or a whole department."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from openbudget.api.common import (
    DOCUMENT,
    AnchorSchema,
    LocatedTextSchema,
    MoneySchema,
    anchor,
    document_of,
    findings_link,
    located_text,
    public_id,
    stored_money,
)
from openbudget.api.endpoint import Call
from openbudget.api.fields import (
    ResponseSchema,
    choice,
    integer,
    many,
    nested,
    optional_string,
    string,
    strings,
)
from openbudget.api.filters import Filter
from openbudget.api.listing import ListResource
from openbudget.api.resources.citations import citation_fields, citations_of, spots_of_target
from openbudget.api.resources.findings import INCLUDE_OF_ITEMS, findings_fields
from openbudget.api.resources.indicators import (
    IndicatorSchema,
    indicators_of_target,
    present_indicator,
)
from openbudget.api.resources.projects import MatchSchema
from openbudget.api.resources.shared import (
    COMMON_FILTERS,
    COMMON_SORT,
    NATURAL_ORDER,
    common_columns,
    common_fields,
    common_values,
    part_reference,
)
from openbudget.storage.models import TargetRow
from openbudget.storage.read import Found, Listing, table_columns
from openbudget.texts import Text

KINDS = ("project", "department")
PERSONAL = ("project_leader", "telephone")


class ObjectiveSchema(ResponseSchema):
    """An objective for a period."""

    period = choice("The period.", ("annual", "mid_term"), "annual")
    text = string("The objective as printed.", "不断降低法律援助的准入门槛")
    anchor = nested(AnchorSchema, "Where it is printed.")


TargetAmountSchema = ResponseSchema.from_dict(
    {
        "item": string("What the money is.", "total"),
        "period": choice("The period.", ("annual", "mid_term"), "annual"),
        "label": string("The printed label.", "年度资金总额："),
        **MoneySchema().fields,
    },
    name="TargetAmountSchema",
)


class WithheldSchema(ResponseSchema):
    """Personal data: typed, and withheld."""

    text = optional_string("Always null.", None)
    state = choice(
        "`withheld` where something is printed, else `blank`.", ("withheld", "blank"), "withheld"
    )


_SUMMARY: dict[str, fields.Field[Any]] = {
    "id": string("Id of the target.", f"{DOCUMENT}.performance-targets.1"),
    **common_fields(),
    "kind": choice("Target of a project or of a whole department.", KINDS, "project"),
    "name": nested(LocatedTextSchema, "The printed name of project or department.", optional=True),
    "year": optional_string("The printed year.", "（      2024    年度）"),
    "table_id": string("Id of the table.", f"{DOCUMENT}.project_performance_target"),
    "project": optional_string(
        "Id of the project; null where none fits.", f"{DOCUMENT}.projects.2"
    ),
    "project_name": optional_string(
        "The name of that project as printed.", "西城区法律援助补贴经费"
    ),
    "match": nested(MatchSchema, "Why it is that project.", optional=True),
    "objectives": many(ObjectiveSchema, "The objectives."),
    "amounts": many(TargetAmountSchema, "The money of the form: never a line, in no sum."),
    "attributes": fields.Dict(
        keys=fields.String(),
        values=fields.Nested(LocatedTextSchema),
        metadata={"description": "Other fields of the form.", "example": {}},
    ),
    "responsible_person": nested(WithheldSchema, "项目负责人: personal data."),
    "telephone": nested(WithheldSchema, "联系电话: personal data."),
    "indicator_count": integer("Number of indicators.", 13),
    "indicators": strings(
        "Ids of the indicators.", [f"{DOCUMENT}.performance-targets.1.indicators.1"]
    ),
    **findings_fields(),
    **citation_fields(),
}
TargetSchema = ResponseSchema.from_dict(_SUMMARY, name="PerformanceTargetSchema")
WholeTargetSchema = ResponseSchema.from_dict(
    {**_SUMMARY, "indicators": many(IndicatorSchema, "The indicators, whole.")},
    name="WholePerformanceTargetSchema",
)


def present(row: Found, _call: Call) -> dict[str, Any]:
    """Make the record of a target, with the ids of its indicators."""
    document, table, own = document_of(row), public_id(row, row.table_key), public_id(row)
    name = {"text": row.name, "place": row.name_place} if row.name_place else None
    found = {
        **common_values(row),
        "id": own,
        "kind": row.kind,
        "name": located_text(name, document, table),
        "year": row.year_text,
        "table_id": table,
        "project": public_id(row, row.project) if row.project else None,
        "project_name": row.match["evidence"].rpartition(" = ")[2] if row.match else None,
        "match": row.match,
        "objectives": [_objective(entry, document, table) for entry in row.objectives],
        "amounts": [_amount(entry, document, table) for entry in row.amounts],
        "attributes": {k: located_text(v, document, table) for k, v in row.attributes.items()},
        "indicator_count": row.indicator_count,
        "indicators": [f"{own}.indicators.{n}" for n in range(1, row.indicator_count + 1)],
        "links": findings_link("item", own),
    }
    for key, kind in zip(("responsible_person", "telephone"), PERSONAL, strict=True):
        found[key] = {"text": None, "state": "withheld" if kind in row.withheld else "blank"}
    return found


def present_whole(row: Found, call: Call) -> dict[str, Any]:
    """Make the record of a target with its indicators."""
    rows = indicators_of_target(call.connection, row)
    return {**present(row, call), "indicators": [present_indicator(r, call) for r in rows]}


def _objective(entry: dict[str, Any], document: str, table: str) -> dict[str, Any]:
    return {**entry, "anchor": anchor(entry["place"], document, table)}


def _amount(entry: dict[str, Any], document: str, table: str) -> dict[str, Any]:
    return {**entry, **stored_money(entry, document, table)}


_OWN = TargetRow.__table__.c
TARGETS = ListResource(
    name="performance-targets",
    singular=Text("performance target"),
    summary="Performance targets",
    description=(
        "Performance targets (绩效目标) of projects and whole departments. One target has its "
        "indicators whole. The person responsible and the telephone number are withheld."
    ),
    listing=Listing(
        {
            **common_columns(TargetRow),
            "kind": _OWN.kind,
            "name": _OWN.name,
            "project": part_reference(TargetRow, _OWN.project),
            "indicator_count": _OWN.indicator_count,
        },
        table_columns(TargetRow),
    ),
    schema=TargetSchema,
    filters=(
        *COMMON_FILTERS,
        Filter("kind", "choice", "Of a project or a department.", "project", KINDS),
        Filter("name", "text", "The printed name.", "法律援助补贴经费", nullable=True),
        Filter(
            "project",
            "reference",
            "Id of the project.",
            f"{DOCUMENT}.projects.2",
            what=Text("project"),
        ),
        Filter("indicator_count", "whole", "Number of indicators.", 13),
    ),
    sortable=(*COMMON_SORT, "kind", "name", "indicator_count"),
    order=NATURAL_ORDER,
    present=present,
    detail=present_whole,
    detail_schema=WholeTargetSchema,
    detail_columns=table_columns(TargetRow),
    example_id=f"{DOCUMENT}.performance-targets.1",
    include={**INCLUDE_OF_ITEMS, **citations_of("/v1/performance-targets", spots_of_target)},
)
