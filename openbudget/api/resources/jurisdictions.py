"""Administrative divisions that have data, as a tree."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from marshmallow import fields
from sqlalchemy import Connection, func, select

from openbudget.api.common import LabelSchema
from openbudget.api.endpoint import Call, Endpoint, JsonAnswer, PathParameter
from openbudget.api.envelopes import one_envelope
from openbudget.api.fields import ResponseSchema, choice, integer, nested, optional_string, string
from openbudget.api.problems import not_found
from openbudget.storage.models import DepartmentRow, JurisdictionRow
from openbudget.storage.read import Found, read_row, table_columns
from openbudget.texts import Text


class JurisdictionSchema(ResponseSchema):
    """A division, with the divisions below it that have data."""

    code = string("Code of GB/T 2260.", "110102")
    label = nested(LabelSchema, "The official name.")
    level = choice("Level of the division.", ("province", "city", "county"), "county")
    parent = optional_string("Code of the division above.", "110100")
    department_count = integer("Departments with data, those of divisions below included.", 1)
    children = fields.List(
        fields.Nested("JurisdictionSchema"),
        metadata={"description": "Divisions below that have data.", "example": []},
    )


class JurisdictionsSchema(ResponseSchema):
    """The provinces that have data."""

    jurisdictions = fields.List(
        fields.Nested(JurisdictionSchema), metadata={"description": "The provinces with data."}
    )


def jurisdictions(call: Call) -> JsonAnswer:
    """Answer the tree of divisions that have data."""
    trees = list(_trees(call.connection, None))
    record = JurisdictionsSchema().dump({"jurisdictions": trees})
    return JsonAnswer({"data": record, "links": {"self": call.path}, "meta": {"query": {}}})


def jurisdiction(call: Call) -> JsonAnswer:
    """Answer one division, with those below it that have data."""
    code = call.arguments["code"]
    row = read_row(call.connection, table_columns(JurisdictionRow), {"code": code})
    if row is None:
        hint = Text("GET /v1/jurisdictions lists those with data.")
        raise not_found(Text("jurisdiction"), code, hint)
    counts = _counts(call.connection)
    record = _node(row, counts, _with_data(call.connection, counts))
    body = {"data": JurisdictionSchema().dump(record), "links": {"self": call.path}}
    return JsonAnswer({**body, "meta": {"query": {}}})


def _trees(connection: Connection, parent: str | None) -> Iterable[dict[str, Any]]:
    counts = _counts(connection)
    rows = _with_data(connection, counts)
    return (_node(row, counts, rows) for row in rows if row.parent == parent)


def _counts(connection: Connection) -> dict[str, int]:
    """Count the departments of each division."""
    code = DepartmentRow.__table__.c.jurisdiction
    found = connection.execute(select(code, func.count()).group_by(code))
    return {row[0]: row[1] for row in found}


def _with_data(connection: Connection, counts: dict[str, int]) -> list[Found]:
    """Read the divisions that have data, and those above them."""
    wanted = {code[:digits].ljust(6, "0") for code in counts for digits in (2, 4, 6)}
    columns = table_columns(JurisdictionRow)
    statement = select(*columns).where(columns[0].in_(sorted(wanted))).order_by(columns[0])
    return list(connection.execute(statement))


def _node(row: Found, counts: dict[str, int], rows: list[Found]) -> dict[str, Any]:
    children = [_node(below, counts, rows) for below in rows if below.parent == row.code]
    own = counts.get(row.code, 0)
    return {
        "code": row.code,
        "label": {"zh": row.name_zh, "en": row.name_en},
        "level": row.level,
        "parent": row.parent,
        "department_count": own + sum(child["department_count"] for child in children),
        "children": children,
    }


JURISDICTIONS = Endpoint(
    path="/v1/jurisdictions",
    operation_id="list_jurisdictions",
    summary="Administrative divisions that have data",
    description="Divisions of GB/T 2260 that have data, as a tree from the provinces down.",
    view=jurisdictions,
    answers=one_envelope(JurisdictionsSchema, "JurisdictionsOne"),
    tag="jurisdictions",
)
JURISDICTION = Endpoint(
    path="/v1/jurisdictions/{code}",
    operation_id="get_jurisdiction",
    summary="One administrative division",
    description="One division, with those below it that have data.",
    view=jurisdiction,
    answers=one_envelope(JurisdictionSchema, "JurisdictionOne"),
    tag="jurisdictions",
    parameters=(PathParameter("code", "Code of GB/T 2260.", "110102", r"^\d{6}$"),),
)
