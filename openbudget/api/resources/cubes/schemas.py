"""What the answers of cubes look like: Babbage's bodies, with links and meta beside."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from openbudget.api.envelopes import LinksSchema, MetaSchema, WarningSchema, answer_schema
from openbudget.api.fields import (
    ResponseSchema,
    choice,
    integer,
    many,
    nested,
    string,
    strings,
)

_AGGREGATED = {"amount.sum": 9087972.68, "_count": 22}


def _records(description: str, example: dict[str, Any]) -> fields.List[Any]:
    inner = fields.Dict(keys=fields.String())
    return fields.List(inner, metadata={"description": description, "example": [example]})


def _by_name(description: str, schema: Any, example: dict[str, Any]) -> fields.Dict:
    return fields.Dict(
        keys=fields.String(),
        values=fields.Nested(schema),
        metadata={"description": description, "example": example},
    )


class CutSchema(ResponseSchema):
    """A condition as understood."""

    ref = string("What is cut.", "function_1")
    operator = string("Always a colon.", ":")
    value = fields.List(
        fields.Raw(),
        metadata={"description": "The values; null for none.", "example": ["204"]},
    )


def _status() -> fields.String:
    return choice("Always ok.", ("ok",), "ok")


AggregateLinksSchema = LinksSchema.from_dict(
    {
        "csv": string("All cells as CSV.", "/v1/cubes/expenditure/aggregate.csv"),
        "json-stat": string(
            "All cells as JSON-stat; left out where cells are grouped by attributes that are no "
            "members.",
            "/v1/cubes/expenditure/aggregate.json-stat",
        ),
    },
    name="AggregateLinksSchema",
)


def _around(links: Any = LinksSchema) -> dict[str, Any]:
    return {
        "links": nested(links, "Links."),
        "meta": nested(MetaSchema, "About this answer."),
    }


def _paged() -> dict[str, Any]:
    pairs = fields.List(
        fields.List(fields.String()),
        metadata={"description": "The order as applied.", "example": [["_count", "desc"]]},
    )
    return {
        "cell": many(CutSchema, "The cuts as understood."),
        "order": pairs,
        "page": integer("Number of this page.", 1),
        "page_size": integer("Records a page.", 10000),
    }


class CubeSchema(ResponseSchema):
    """A cube."""

    name = string("Name of the cube: the kind of table.", "expenditure")
    label = string("Usual title of these tables.", "支出预算总表")
    lines = integer("Its leaf lines.", 61)
    href = string("Its model.", "/v1/cubes/expenditure/model")


class CubeAttributeSchema(ResponseSchema):
    """An attribute of a dimension."""

    ref = string("Its reference.", "function_1.code")
    column = string("The same.", "function_1.code")
    label = string("Its name.", "支出功能分类（类）编码")
    datatype = choice("Its type.", ("string", "integer"), "string")


_ATTRIBUTE = {
    "ref": "function_1.code",
    "column": "function_1.code",
    "label": "支出功能分类（类）编码",
    "datatype": "string",
}
_CLASSES = ("tiny", "low", "medium", "high")


class CubeDimensionSchema(ResponseSchema):
    """A dimension."""

    ref = string("Its reference.", "function_1")
    label = string("Its Chinese name.", "支出功能分类（类）")
    label_en = string("Its English name.", "Function, level 1")
    description = string("What it is.", "支出功能分类, 类.")
    hierarchy = string("The hierarchy that it is a level of.", "function")
    key_attribute = string("The attribute that identifies a member.", "code")
    key_ref = string("Its reference.", "function_1.code")
    label_attribute = string("The attribute that names a member.", "label")
    label_ref = string("Its reference.", "function_1.label")
    cardinality = integer("How many members there are.", 4)
    cardinality_class = choice("How many, roughly.", _CLASSES, "tiny", optional=True)
    attributes = _by_name("Its attributes.", CubeAttributeSchema, {"code": _ATTRIBUTE})


class CubeMeasureSchema(ResponseSchema):
    """A measure."""

    ref = string("Its reference.", "amount")
    label = string("Its Chinese name.", "金额")
    label_en = string("Its English name.", "Amount")
    currency = string("Its currency, ISO 4217.", "CNY")
    description = string("What it is.", "Amount in yuan.")
    column = string("The same as the reference.", "amount")


class CubeAggregateSchema(ResponseSchema):
    """An aggregate: its label is that of its measure."""

    ref = string("Its reference.", "amount.sum")
    label = string("Its Chinese name.", "金额")
    label_en = string("Its English name.", "Amount")
    currency = string("Its currency, where it is money.", "CNY")
    description = string("What it is.", "Amount in yuan.")
    function = string("How it is computed.", "sum")
    measure = string("The measure, where there is one.", "amount")


class CubeHierarchySchema(ResponseSchema):
    """A hierarchy."""

    ref = string("Its reference.", "function")
    label = string("Its name.", "支出功能分类")
    levels = strings("Its dimensions, the highest first.", ["function_1", "function_2", "function"])


_MEASURE = {"ref": "amount", "label": "金额", "label_en": "Amount", "column": "amount"}


class CubeDescriptionSchema(ResponseSchema):
    """A model as Babbage writes it."""

    fact_table = string("The kind of table.", "expenditure")
    label = string("Usual title of these tables.", "支出预算总表")
    measures = _by_name("The measures.", CubeMeasureSchema, {"amount": _MEASURE})
    aggregates = _by_name("The aggregates.", CubeAggregateSchema, {})
    dimensions = _by_name("The dimensions.", CubeDimensionSchema, {})
    hierarchies = _by_name("The hierarchies.", CubeHierarchySchema, {})


CubeListSchema = answer_schema(
    {"status": _status(), "data": many(CubeSchema, "The cubes."), **_around()},
    name="CubeListSchema",
)
CubeModelSchema = answer_schema(
    {
        "status": _status(),
        "name": string("Name of the cube.", "expenditure"),
        "model": nested(CubeDescriptionSchema, "Its model."),
        **_around(),
    },
    name="CubeModelSchema",
)
AggregateSchema = answer_schema(
    {
        "status": _status(),
        "summary": fields.Dict(
            keys=fields.String(),
            metadata={
                "description": "The aggregates of the whole cut; the amount is null where its sum "
                "would count money twice, see warnings.",
                "example": _AGGREGATED,
            },
        ),
        "total_cell_count": integer("Cells in all.", 4),
        "cells": _records("The cells of this page.", {"function_1.code": "204", **_AGGREGATED}),
        "attributes": strings("What cells are grouped by.", ["function_1.code"]),
        "aggregates": strings("What is computed.", ["amount.sum", "_count"]),
        **_paged(),
        "warnings": many(WarningSchema, "What to know about this answer."),
        **_around(AggregateLinksSchema),
    },
    name="CubeAggregateAnswerSchema",
)
FactsSchema = answer_schema(
    {
        "status": _status(),
        "total_fact_count": integer("Lines in all.", 61),
        "data": _records("The lines of this page.", {"function.code": "2040650", "amount": 1.0}),
        "fields": strings("What each line has.", ["function.code", "amount"]),
        **_paged(),
        **_around(),
    },
    name="CubeFactsSchema",
)
MembersSchema = answer_schema(
    {
        "status": _status(),
        "total_member_count": integer("Members in all.", 4),
        "data": _records("The members of this page.", {"function_1.code": "204"}),
        "fields": strings("What each member has.", ["function_1.code", "function_1.label"]),
        **_paged(),
        **_around(),
    },
    name="CubeMembersSchema",
)
