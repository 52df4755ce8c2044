"""The service document: what is here, how much of it, under which terms, with which caveats."""

from __future__ import annotations

from typing import Any

from marshmallow import fields
from sqlalchemy import func, select

from openbudget.api.endpoint import Call, Endpoint, JsonAnswer
from openbudget.api.envelopes import one_envelope
from openbudget.api.fields import ResponseSchema, integer, many, nested, string, strings
from openbudget.storage.models import (
    CrosswalkMappingRow,
    CrosswalkRow,
    DepartmentRow,
    DocumentRow,
    FindingRow,
    IndicatorRow,
    LineRow,
    ProjectRow,
    RuleRow,
    TableRow,
    TargetRow,
    TransferRow,
)

_COUNTED: dict[str, Any] = {
    "departments": DepartmentRow,
    "documents": DocumentRow,
    "tables": TableRow,
    "lines": LineRow,
    "projects": ProjectRow,
    "transfers": TransferRow,
    "performance-targets": TargetRow,
    "indicators": IndicatorRow,
    "findings": FindingRow,
    "rules": RuleRow,
    "crosswalks": CrosswalkRow,
    "crosswalk-mappings": CrosswalkMappingRow,
}
_UNCOUNTED = ("jurisdictions", "classifications", "cubes", "changes")
WITHHELD = (
    "Persons responsible for projects and their telephone numbers are withheld, but for the "
    "published bytes themselves (/v1/documents/{id}/source)."
)
CAVEATS = [
    "Figures are as published: nothing printed is mended, and documents contradict themselves.",
    "Only lines of role=leaf of one table, fiscal year, scope and phase may be added up.",
    "Department budgets (部门) hold the budgets of their units (单位); adding both counts twice.",
    "A finding is a fact about the published document; nothing is said of its cause.",
    "Classification lists are partly from general knowledge; each code says where it comes from.",
    "An amount is printed figure × printed unit, even where the unit is plainly a misprint.",
    WITHHELD,
]


class ResourceLinkSchema(ResponseSchema):
    """A resource, and how many records it has."""

    name = string("Name of the resource.", "lines")
    href = string("Where it is.", "/v1/lines")
    count = integer("Current records; null where there is no such count.", 183, optional=True)


class TermsSchema(ResponseSchema):
    """Terms of the data."""

    data = string("Terms of the data.", "official documents, terms not stated")
    software = string("Licence of the software.", "Apache-2.0")


class ServiceSchema(ResponseSchema):
    """What is here."""

    title = string("Name of the service.", "Open budget data")
    resources = many(ResourceLinkSchema, "The resources.")
    documentation = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        metadata={"description": "Where it is described.", "example": {"openapi": "/openapi.json"}},
    )
    terms = nested(TermsSchema, "Terms.")
    caveats = strings("What to know before using the data.", CAVEATS[:1])


def service_document(call: Call) -> JsonAnswer:
    """Answer the service document."""
    counted = [
        {"name": name, "href": f"/v1/{name}", "count": _count(call, model)}
        for name, model in _COUNTED.items()
    ]
    trees = [{"name": name, "href": f"/v1/{name}", "count": None} for name in _UNCOUNTED]
    record = {
        "title": "Open budget data",
        "resources": counted + trees,
        "documentation": {
            "openapi": "/openapi.json",
            "docs": "/docs",
            "schemas": "/schemas/v1/",
            "llms": "/llms.txt",
            "search": "/v1/search?q={query}",
            "compare": "/v1/compare?between={between}&base={base}&other={other}&by={by}",
            **({"bulk_files": "/data/"} if call.service.data else {}),
        },
        "terms": {"data": "official documents, terms not stated", "software": "Apache-2.0"},
        "caveats": CAVEATS,
    }
    body = {"data": ServiceSchema().dump(record), "links": {"self": call.path}}
    return JsonAnswer({**body, "meta": {"query": {}}})


def _count(call: Call, model: Any) -> int:
    columns = model.__table__.c
    statement = select(func.count()).select_from(model.__table__)
    if "current" in columns:
        statement = statement.where(columns.current)
    return call.connection.scalar(statement) or 0


SERVICE = Endpoint(
    path="/v1",
    operation_id="get_service",
    summary="What is here",
    description="The resources with their counts, versions, terms of the data, and caveats.",
    view=service_document,
    answers=one_envelope(ServiceSchema, "ServiceOne"),
    tag="service",
)
