"""Budget lines: one for each money cell that prints something."""

from __future__ import annotations

from typing import Any

from openbudget.api.common import (
    DOCUMENT,
    CodedSchema,
    LocatedTextSchema,
    MoneySchema,
    coded,
    document_of,
    findings_link,
    located_text,
    money,
    public_id,
)
from openbudget.api.endpoint import Call
from openbudget.api.fields import (
    ResponseSchema,
    choice,
    integer,
    nested,
    optional_string,
    string,
    strings,
    yuan,
)
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
    part_reference,
)
from openbudget.budget.money import State
from openbudget.budget.vocabulary import (
    Carryover,
    Direction,
    ExpenditureType,
    FundingSource,
    Role,
    TableKind,
)
from openbudget.cubes.columns import key_expression
from openbudget.cubes.model import dimensions
from openbudget.storage.models import LineRow
from openbudget.storage.read import Found, Listing, table_columns
from openbudget.storage.selection import Selection
from openbudget.texts import Text

CheckStatus = ("passed", "failed", "not_applicable")


class CheckSchema(ResponseSchema):
    """A printed total held against its parts."""

    status = choice(
        "Whether it agrees; `not_applicable` where nothing is printed to hold it against.",
        CheckStatus,
        "failed",
    )
    computed = yuan("Sum of its parts, in yuan: the first that differs.", "10097543.96")
    difference = yuan("printed - computed, in yuan.", "-4680.00")
    findings = strings("Ids of the findings that say so.", [])


CODES = ("function", "government_economic", "department_economic", "revenue", "budgetary_unit")

LineSchema = ResponseSchema.from_dict(
    {
        "id": string("Id: table, row, column.", f"{DOCUMENT}.expenditure.29.project"),
        **common_fields(),
        "table": choice("Kind of the table.", TableKind, "expenditure"),
        "table_id": string("Id of the table.", f"{DOCUMENT}.expenditure"),
        "row": integer("Ordinal of the non-blank row under the header.", 29),
        "column": string("Key of the column.", "project"),
        "role": choice("Part of the sums: only leaves may be added up.", Role, "leaf"),
        "direction": choice("Revenue or expenditure.", Direction, "expenditure", optional=True),
        "function": nested(CodedSchema, "支出功能分类.", optional=True),
        "government_economic": nested(CodedSchema, "政府预算支出经济分类.", optional=True),
        "department_economic": nested(CodedSchema, "部门预算支出经济分类.", optional=True),
        "revenue": nested(CodedSchema, "收入分类.", optional=True),
        "expenditure_type": choice(
            "基本支出 or 项目支出; under basic: personnel, operating.",
            ExpenditureType,
            "project",
            optional=True,
        ),
        "funding_source": choice(
            "资金来源.", FundingSource, "general_public_budget", optional=True
        ),
        "carryover": choice("结转结余.", Carryover, "opening", optional=True),
        "item": nested(LocatedTextSchema, "Printed item, in lists of items.", optional=True),
        "item_key": optional_string("The item in the field's terms.", "official_hospitality"),
        "budgetary_unit": nested(CodedSchema, "预算单位.", optional=True),
        "project": optional_string("Id of the project.", f"{DOCUMENT}.projects.3"),
        **MoneySchema().fields,
        "check": nested(CheckSchema, "Of a total or subtotal: against its parts.", optional=True),
        **findings_fields(),
        **citation_fields(),
    },
    name="LineSchema",
)

PERIOD = dimensions()["period"]
FILTERS = (
    *COMMON_FILTERS,
    Filter("table", "choice", "Kind of the table.", "expenditure", tuple(TableKind)),
    Filter(
        "table_id", "reference", "Id of one table.", f"{DOCUMENT}.expenditure", what=Text("table")
    ),
    Filter("role", "choice", "Part of the sums.", "leaf", tuple(Role)),
    Filter("direction", "choice", "Revenue or expenditure.", "expenditure", tuple(Direction), True),
    Filter("function", "code", "Functional code.", "2040650", nullable=True),
    Filter("government_economic", "code", "Economic code.", "50502", nullable=True),
    Filter("department_economic", "code", "Economic code.", "30299", nullable=True),
    Filter("revenue", "code", "Revenue code.", "101", nullable=True),
    Filter("expenditure_type", "type", "Type.", "project", tuple(ExpenditureType), True),
    Filter(
        "funding_source", "choice", "Source.", "general_public_budget", tuple(FundingSource), True
    ),
    Filter("carryover", "choice", "Carryover.", "opening", tuple(Carryover), True),
    Filter("item", "text", "Printed item.", "公共安全支出", nullable=True),
    Filter("item_key", "text", "Item.", "official_hospitality", nullable=True),
    Filter(
        "project", "reference", "Id of the project.", f"{DOCUMENT}.projects.3", what=Text("project")
    ),
    Filter("amount", "money", "Amount in yuan.", 1800000.00, nullable=True),
    Filter("state", "choice", "What the cell shows.", "printed", tuple(State)),
    Filter(
        "period",
        "choice",
        "`own`: of the year and phase of its document; `comparison`: printed beside them.",
        "own",
        tuple(PERIOD.values or ()),
    ),
)
_OWN = ("role", "direction", "function", "government_economic", "department_economic", "revenue")
_MORE = ("expenditure_type", "funding_source", "carryover", "item", "item_key", "state", "row")


def _columns() -> dict[str, Any]:
    own = LineRow.__table__.c
    return {
        **common_columns(LineRow),
        **{name: own[name] for name in (*_OWN, *_MORE)},
        "fiscal_year": own.own_year,
        "phase": own.own_phase,
        "table": own.table_kind,
        "table_id": part_reference(LineRow, own.table_key),
        "project": part_reference(LineRow, own.project),
        "amount": own.amount_fen,
        "column": own.column,
        "table_key": own.table_key,
        "period": key_expression(PERIOD),
    }


COLUMNS = _columns()
LISTING = Listing(COLUMNS, table_columns(LineRow))


def present(row: Found, call: Call) -> dict[str, Any]:
    """Make the record of a line."""
    table = public_id(row, row.table_key)
    return {
        **common_values(row),
        "id": public_id(row),
        "fiscal_year": row.own_year,
        "phase": row.own_phase,
        "table": row.table_kind,
        "table_id": table,
        **{name: getattr(row, name) for name in ("row", "column", "role", "direction")},
        **{name: coded(row, name, call.names, table) for name in CODES},
        "expenditure_type": row.expenditure_type,
        "funding_source": row.funding_source,
        "carryover": row.carryover,
        "item": located_text(row.coded.get("item"), document_of(row), table),
        "item_key": row.item_key,
        "project": public_id(row, row.project) if row.project else None,
        **money(row, table),
        "check": _check(row),
        "links": findings_link("item", public_id(row)),
    }


def _check(row: Found) -> dict[str, Any] | None:
    """Make what checks say of a total: null for what is none."""
    if row.role not in (Role.TOTAL, Role.SUBTOTAL):
        return None
    found = row.total_check
    if found is None:
        return {"status": "not_applicable", "computed": None, "difference": None, "findings": []}
    return {
        "status": "failed" if found["difference_fen"] else "passed",
        "computed": found["computed_fen"],
        "difference": found["difference_fen"],
        "findings": [public_id(row, local) for local in found["findings"]],
    }


_NOT_TO_BE_MIXED = {
    "role": "roles (totals beside their parts)",
    "table": "tables that print the same money",
    "scope": "scopes (departments beside their units)",
    "phase": "phases",
    "fiscal_year": "years",
}


def warn(call: Call, selection: Selection) -> list[dict[str, str]]:
    """Warn of a list whose lines must not be added up, and say what it mixes."""
    several = LISTING.mixed(call.connection, selection, [*_NOT_TO_BE_MIXED, "table_key"])
    if several is None:
        return []
    mixed = [said for name, said in _NOT_TO_BE_MIXED.items() if name in several]
    if "table_key" in several and "table" not in several:
        mixed.append("tables of one kind in a document (choose by table_id)")
    if call.query.get("versions") == "all":
        mixed.append("versions of a document")
    if not mixed:
        return []
    detail = f"Do not add these lines up: they mix {', '.join(mixed)}. Only role=leaf adds up."
    return [{"code": "not_additive", "detail": detail}]


LINES = ListResource(
    name="lines",
    singular=Text("line"),
    summary="Budget lines",
    description=(
        "A line exists for each money cell of a table that prints something; it carries every "
        "coordinate it has, its role in the sums, the figure as printed and where it stands."
    ),
    listing=LISTING,
    schema=LineSchema,
    filters=FILTERS,
    sortable=(*COMMON_SORT, "amount", "table", *_OWN, *_MORE, "column"),
    order=NATURAL_ORDER,
    present=present,
    detail_columns=table_columns(LineRow),
    example_id=f"{DOCUMENT}.expenditure.29.project",
    warnings=warn,
    include={**INCLUDE_OF_ITEMS, **citations_of("/v1/lines", spots_of_part)},
)
