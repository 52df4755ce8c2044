"""Schemas that many resources share, and the functions that make what they describe."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import fields

from openbudget.api.fields import (
    ResponseSchema,
    choice,
    integer,
    nested,
    optional_string,
    string,
    yuan,
)
from openbudget.budget.money import State
from openbudget.budget.vocabulary import CodeSource
from openbudget.storage.names import EnglishNames

DOCUMENT = "110102-231002-2024-department-approved"
DEPARTMENT = "110102-231002"
DEPARTMENT_PATTERN = r"^\d{6}-[0-9A-Za-z]+$"
DOCUMENT_STEM = (
    r"^\d{6}-[0-9A-Za-z]+-\d{4}-(department|unit)-(approved|adjusted|executed)(@[0-9a-f]{12})?"
)
DOCUMENT_PATTERN = DOCUMENT_STEM + "$"
PART_PATTERN = DOCUMENT_STEM + r"\.[0-9a-z_.-]+$"


class LabelSchema(ResponseSchema):
    """A label in Chinese, as printed or as the list has it, and in English where known."""

    zh = optional_string("The Chinese label.", "公共安全支出")
    en = optional_string("The English label; null rather than guessed.", "Public security")


class MessageSchema(ResponseSchema):
    """A text in Chinese and in English."""

    zh = string("The text in Chinese.", "03表合计比各行之和少0.468万元。")
    en = string("The text in English.", "The total of table 03 is 0.468 below its rows.")


class LinksToFindingsSchema(ResponseSchema):
    """Where findings are."""

    findings = string("The findings that touch it.", f"/v1/findings?document={DOCUMENT}")


class AnchorSchema(ResponseSchema):
    """Where something stands in the published file; keys of other carriers are left out."""

    document = string("Id of the document.", DOCUMENT)
    line = integer("Line of the file, from 1, in text files.", 585, optional=True)
    page = integer("Page, from 1, in PDF files.", None, optional=True)
    sheet = optional_string("Sheet, in workbooks.", None)
    address = optional_string("Address in the sheet.", None)
    block = integer("Block, from 1, in files without pages or lines.", None, optional=True)
    box = fields.List(
        fields.Float(),
        allow_none=True,
        metadata={
            "description": "Left, top, right, bottom in points on the page.",
            "example": None,
        },
    )
    table = optional_string("Id of the table.", f"{DOCUMENT}.expenditure")
    row = integer("Row of the table, from 1 at its title.", 33, optional=True)
    column = integer("Column of the table, from 1.", 6, optional=True)


class PrintedSchema(ResponseSchema):
    """The figure exactly as printed, and the unit that is printed for it."""

    text = optional_string("The printed text, spaces included; null where withheld.", "2.351038")
    unit = optional_string("The printed unit.", "万元")


class CodedSchema(ResponseSchema):
    """A code with its labels. `code` is a string; leading zeros matter."""

    code = optional_string("The code; null where only a name is printed.", "2040650")
    label = nested(LabelSchema, "The printed label, and the English one of the list.")
    printed = string("The cell exactly as printed.", "2040650-事业运行")
    code_source = choice(
        "Whether the code is printed, or was found by the exact printed name.",
        CodeSource,
        "printed",
    )
    anchor = nested(AnchorSchema, "Where it is printed.")


class MoneySchema(ResponseSchema):
    """An amount: printed figure × printed unit, in yuan."""

    amount = yuan("Amount in yuan; null where nothing is printed.", "23510.38")
    state = choice("What the cell shows.", State, "printed")
    printed = nested(PrintedSchema, "The figure as printed.")
    anchor = nested(AnchorSchema, "Where it is printed.")


def anchor(place: Mapping[str, Any] | None, document: str, table: str | None = None) -> Any:
    """Make an anchor from a stored place."""
    if place is None:
        return None
    return {"row": None, "column": None, **place, "document": document, "table": table}


def public_id(row: Any, local: str | None = None) -> str:
    """Make the public id of something in a document version: without @version while current."""
    document = row.document if row.current else f"{row.document}@{row.version}"
    own = row.id.partition(".")[2] if local is None else local
    return f"{document}.{own}" if own else document


def findings_link(parameter: str, identifier: str) -> dict[str, str]:
    """Make the link to the findings that touch something."""
    return {"findings": f"/v1/findings?{parameter}={identifier}"}


def document_of(row: Any) -> str:
    """Make the public id of the document a row belongs to."""
    return public_id(row, "")


def money(row: Any, table: str | None) -> dict[str, Any]:
    """Make the amount of a row."""
    return {
        "amount": row.amount_fen,
        "state": row.state,
        "printed": {"text": row.printed_text, "unit": row.printed_unit},
        "anchor": anchor(row.place, document_of(row), table),
    }


def stored_money(value: Mapping[str, Any], document: str, table: str | None) -> dict[str, Any]:
    """Make an amount from its stored form."""
    return {
        "amount": value["amount_fen"],
        "state": value["state"],
        "printed": {"text": value["printed_text"], "unit": value["printed_unit"]},
        "anchor": anchor(value.get("place"), document, table),
    }


def coded(row: Any, name: str, names: EnglishNames, table: str | None) -> dict[str, Any] | None:
    """Make a code of a row."""
    value = row.coded.get(name)
    if value is None:
        return None
    return {
        "code": value["code"],
        "label": {"zh": value["label"], "en": _english(row, name, value, names)},
        "printed": value["printed"],
        "code_source": value["source"],
        "anchor": anchor(value["place"], document_of(row), table),
    }


def _english(row: Any, name: str, value: Mapping[str, Any], names: EnglishNames) -> str | None:
    return names.find(name, value["code"], row.fiscal_year, value["label"])


def located_text(value: Mapping[str, Any] | None, document: str, table: str | None = None) -> Any:
    """Make a printed text with its anchor."""
    if value is None:
        return None
    return {"text": value["text"], "anchor": anchor(value["place"], document, table)}


class LocatedTextSchema(ResponseSchema):
    """A printed text with its place."""

    text = string("The text as printed.", "西城区法律援助补贴经费")
    anchor = nested(AnchorSchema, "Where it is printed.")
