"""Projects, with their lines, transfers and performance target."""

from __future__ import annotations

from typing import Any

from openbudget.api.common import (
    DOCUMENT,
    AnchorSchema,
    anchor,
    document_of,
    findings_link,
    public_id,
)
from openbudget.api.endpoint import Call
from openbudget.api.fields import ResponseSchema, nested, optional_string, string, strings, yuan
from openbudget.api.filters import Filter
from openbudget.api.listing import ListResource
from openbudget.api.resources.citations import citation_fields, citations_of, spots_of_part
from openbudget.api.resources.findings import INCLUDE_OF_ITEMS, findings_fields
from openbudget.api.resources.shared import (
    COMMON_FILTERS,
    COMMON_SORT,
    NATURAL_ORDER,
    common_columns,
    common_fields,
    common_values,
)
from openbudget.storage.models import ProjectRow
from openbudget.storage.read import Found, Listing, table_columns
from openbudget.texts import Text


class MatchSchema(ResponseSchema):
    """Why a target belongs to a project."""

    method = string("How they were matched.", "name_without_place_and_office")
    evidence = string("What was compared.", "法律援助补贴经费 = 西城区法律援助补贴经费")


class ProjectTypeSchema(ResponseSchema):
    """The printed type of a project's unit."""

    code = optional_string("The printed code.", "22")
    label = optional_string("The printed label.", "公益一类")


ProjectSchema = ResponseSchema.from_dict(
    {
        "id": string("Id of the project.", f"{DOCUMENT}.projects.2"),
        **common_fields(),
        "name": string("The name as printed.", "西城区法律援助补贴经费"),
        "type": nested(ProjectTypeSchema, "The printed type.", optional=True),
        "document_number": optional_string("Number of an official document in the name.", None),
        "table_id": string("Id of the project table.", f"{DOCUMENT}.project_expenditure"),
        "leaf_sum": yuan("Sum of its leaf lines in the project table, in yuan.", "4825000.00"),
        "lines": strings("Ids of its lines.", [f"{DOCUMENT}.project_expenditure.2.total"]),
        "transfers": strings("Ids of the transfers that fund it.", []),
        "performance_target": optional_string(
            "Id of its target.", f"{DOCUMENT}.performance-targets.1"
        ),
        "match": nested(MatchSchema, "Why the target is its target.", optional=True),
        "anchor": nested(AnchorSchema, "Where the name is printed."),
        **findings_fields(),
        **citation_fields(),
    },
    name="ProjectSchema",
)


def present(row: Found, _call: Call) -> dict[str, Any]:
    """Make the record of a project."""
    table = public_id(row, row.table_key)
    kind = {"code": row.type_code, "label": row.type_label}
    return {
        **common_values(row),
        "id": public_id(row),
        "name": row.name,
        "type": kind if any(kind.values()) else None,
        "document_number": row.document_number,
        "table_id": table,
        "leaf_sum": row.leaf_sum_fen,
        "lines": [public_id(row, local) for local in row.lines],
        "transfers": [public_id(row, local) for local in row.transfers],
        "performance_target": public_id(row, row.target) if row.target else None,
        "match": row.match,
        "anchor": anchor(row.place, document_of(row), table),
        "links": findings_link("item", public_id(row)),
    }


_OWN = ProjectRow.__table__.c
PROJECTS = ListResource(
    name="projects",
    singular=Text("project"),
    summary="Projects",
    description="Projects of the project tables, with their lines, transfers and target.",
    listing=Listing(
        {
            **common_columns(ProjectRow),
            "name": _OWN.name,
            "document_number": _OWN.document_number,
            "leaf_sum": _OWN.leaf_sum_fen,
        },
        table_columns(ProjectRow),
    ),
    schema=ProjectSchema,
    filters=(
        *COMMON_FILTERS,
        Filter("name", "text", "The name as printed.", "西城区法律援助补贴经费"),
        Filter(
            "document_number", "text", "Document number.", "京财公检法指[2023]2154号", nullable=True
        ),
        Filter("leaf_sum", "money", "Sum of its leaf lines, in yuan.", 4825000.00, nullable=True),
    ),
    sortable=(*COMMON_SORT, "name", "leaf_sum"),
    order=NATURAL_ORDER,
    present=present,
    detail_columns=table_columns(ProjectRow),
    example_id=f"{DOCUMENT}.projects.2",
    include={**INCLUDE_OF_ITEMS, **citations_of("/v1/projects", spots_of_part)},
)
