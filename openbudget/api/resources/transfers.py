"""Transfer payments from above, with the project they fund."""

from __future__ import annotations

from typing import Any

from openbudget.api.common import DOCUMENT, CodedSchema, MoneySchema, coded, money, public_id
from openbudget.api.endpoint import Call
from openbudget.api.fields import ResponseSchema, nested, optional_string, string
from openbudget.api.filters import Filter
from openbudget.api.listing import ListResource
from openbudget.api.resources.citations import citation_fields, citations_of, spots_of_part
from openbudget.api.resources.shared import (
    COMMON_FILTERS,
    COMMON_SORT,
    NATURAL_ORDER,
    common_columns,
    common_fields,
    common_values,
    part_reference,
)
from openbudget.storage.models import TransferRow
from openbudget.storage.read import Found, Listing, table_columns
from openbudget.texts import Text

_CODES = ("function", "government_economic", "department_economic", "budgetary_unit")
_TEXTS = ("document_number", "name", "supervising_department", "fund_nature")

TransferSchema = ResponseSchema.from_dict(
    {
        "id": string("Id of the transfer.", f"{DOCUMENT}.transfers.1"),
        **common_fields(),
        "document_number": optional_string("文号.", "京财公检法指[2023]2154号"),
        "name": optional_string("项目或指标名称.", "法援案件补贴"),
        "supervising_department": optional_string("资金主管部门.", "北京市西城区司法局"),
        "fund_nature": optional_string("资金性质.", "财政资金"),
        "function": nested(CodedSchema, "支出功能分类.", optional=True),
        "government_economic": nested(CodedSchema, "政府预算支出经济分类.", optional=True),
        "department_economic": nested(CodedSchema, "部门预算支出经济分类.", optional=True),
        "budgetary_unit": nested(CodedSchema, "细化单位.", optional=True),
        "table_id": string("Id of the table.", f"{DOCUMENT}.transfer_payments"),
        "line": string("Id of its line.", f"{DOCUMENT}.transfer_payments.1.amount"),
        "project": optional_string(
            "Id of the project whose name carries the same document number.",
            f"{DOCUMENT}.projects.4",
        ),
        **MoneySchema().fields,
        **citation_fields(),
    },
    name="TransferSchema",
)


def present(row: Found, call: Call) -> dict[str, Any]:
    """Make the record of a transfer."""
    table = public_id(row, row.table_key)
    return {
        **common_values(row),
        "id": public_id(row),
        **{name: getattr(row, name) for name in _TEXTS},
        **{name: coded(row, name, call.names, table) for name in _CODES},
        "table_id": table,
        "line": public_id(row, row.line),
        "project": public_id(row, row.project) if row.project else None,
        **money(row, table),
    }


_OWN = TransferRow.__table__.c
TRANSFERS = ListResource(
    name="transfers",
    singular=Text("transfer"),
    summary="Transfer payments",
    description="Transfer payments from above (上级转移支付), with the document that grants them.",
    listing=Listing(
        {
            **common_columns(TransferRow),
            **{name: _OWN[name] for name in (*_TEXTS, *_CODES[:3])},
            "project": part_reference(TransferRow, _OWN.project),
            "amount": _OWN.amount_fen,
        },
        table_columns(TransferRow),
    ),
    schema=TransferSchema,
    filters=(
        *COMMON_FILTERS,
        Filter("document_number", "text", "文号.", "京财公检法指[2023]2154号", nullable=True),
        Filter("name", "text", "项目或指标名称.", "法援案件补贴", nullable=True),
        Filter(
            "supervising_department", "text", "资金主管部门.", "北京市西城区司法局", nullable=True
        ),
        Filter("function", "code", "Functional code.", "2040607", nullable=True),
        Filter("government_economic", "code", "Economic code.", "50502", nullable=True),
        Filter("department_economic", "code", "Economic code.", "30227", nullable=True),
        Filter(
            "project",
            "reference",
            "Id of the project.",
            f"{DOCUMENT}.projects.4",
            what=Text("project"),
        ),
        Filter("amount", "money", "Amount in yuan.", 600000.00, nullable=True),
    ),
    sortable=(*COMMON_SORT, "amount", "document_number", "name"),
    order=NATURAL_ORDER,
    present=present,
    detail_columns=table_columns(TransferRow),
    example_id=f"{DOCUMENT}.transfers.1",
    include=citations_of("/v1/transfers", spots_of_part),
)
