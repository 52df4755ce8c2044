"""Performance indicators, with the quantities that their printed values promise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from openbudget.api.common import (
    DOCUMENT,
    AnchorSchema,
    anchor,
    document_of,
    public_id,
)
from openbudget.api.endpoint import Call
from openbudget.api.fields import (
    ExactNumber,
    ResponseSchema,
    choice,
    integer,
    many,
    nested,
    optional_string,
    string,
)
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
from openbudget.storage.models import IndicatorRow
from openbudget.storage.read import Found, Listing, read_rows, table_columns
from openbudget.texts import Text

COMPARATORS = ("=", ">", ">=", "<", "<=", "≈")
_TARGET = f"{DOCUMENT}.performance-targets.1"
_LEVELS = ("level_1", "level_2", "level_3", "label", "activity", "value", "printed_unit")


class QuantitySchema(ResponseSchema):
    """A number that an indicator promises."""

    comparator = choice("How the value is compared.", COMPARATORS, ">")
    value = ExactNumber(metadata={"description": "The number, exact.", "example": 90})
    unit = string("Unit as printed.", "%")
    subject = optional_string("The printed text in front of the number.", "12348热线咨询满意率")
    period = string("Period, ISO 8601: a year, a month, or first/last month.", "2024-01/2024-06")


IndicatorSchema = ResponseSchema.from_dict(
    {
        "id": string("Id of the indicator.", f"{_TARGET}.indicators.13"),
        **common_fields(),
        "performance_target": string("Id of its target.", _TARGET),
        "kind": choice("Of a project or a department.", ("project", "department"), "project"),
        "table_id": string("Id of the table.", f"{DOCUMENT}.project_performance_target"),
        "number": integer("Ordinal in its target.", 13),
        "term": choice("Annual or mid-term half of the form.", ("annual", "mid_term"), "annual"),
        "level_1": optional_string("一级指标, filled down.", "效果指标"),
        "level_2": optional_string("二级指标, filled down.", "服务对象满意度指标"),
        "level_3": optional_string("三级指标, filled down.", "咨询满意度"),
        "label": optional_string("The printed number in front of the text.", "指标1"),
        "activity": optional_string("活动.", None),
        "value": optional_string("指标值 as printed.", "预计12348热线咨询满意率超过90%"),
        "printed_unit": optional_string("度量单位 as printed.", None),
        "quantities": many(QuantitySchema, "The quantities in the value."),
        "anchor": nested(AnchorSchema, "Where the value is printed, or the name without one."),
        **citation_fields(),
    },
    name="IndicatorSchema",
)


def present_indicator(row: Found, _call: Call) -> dict[str, Any]:
    """Make the record of an indicator."""
    table = public_id(row, row.table_key)
    return {
        **common_values(row),
        "id": public_id(row),
        "performance_target": public_id(row, row.target),
        "table_id": table,
        **{name: getattr(row, name) for name in ("kind", "number", "term", *_LEVELS)},
        "quantities": row.quantities,
        "anchor": anchor(row.place, document_of(row), table),
    }


def indicators_of_target(connection: Connection, target: Found) -> Sequence[Found]:
    """Read the indicators of a target, in order."""
    keys = {
        "jurisdiction": target.jurisdiction,
        "fiscal_year": target.fiscal_year,
        "document": target.document,
        "version": target.version,
        "target": target.id.partition(".")[2],
    }
    return read_rows(connection, table_columns(IndicatorRow), keys, ["position"])


_OWN = IndicatorRow.__table__.c
INDICATORS = ListResource(
    name="indicators",
    singular=Text("indicator"),
    summary="Performance indicators",
    description="Performance indicators (绩效指标) with their printed value and its quantities.",
    listing=Listing(
        {
            **common_columns(IndicatorRow),
            **{name: _OWN[name] for name in ("kind", "number", "term", *_LEVELS)},
            "performance_target": part_reference(IndicatorRow, _OWN.target),
        },
        table_columns(IndicatorRow),
    ),
    schema=IndicatorSchema,
    filters=(
        *COMMON_FILTERS,
        Filter(
            "performance_target", "reference", "Id of the target.", _TARGET, what=Text("target")
        ),
        Filter(
            "kind", "choice", "Of a project or a department.", "project", ("project", "department")
        ),
        Filter("level_1", "text", "一级指标.", "产出指标", nullable=True),
        Filter("level_2", "text", "二级指标.", "数量指标", nullable=True),
        Filter("level_3", "text", "三级指标.", "咨询满意度", nullable=True),
        Filter("value", "text", "指标值 as printed.", "2380000元", nullable=True),
    ),
    sortable=(*COMMON_SORT, "number", "level_1", "level_2", "level_3"),
    order=NATURAL_ORDER,
    present=present_indicator,
    detail_columns=table_columns(IndicatorRow),
    example_id=f"{_TARGET}.indicators.13",
    include=citations_of("/v1/indicators", spots_of_part),
)
