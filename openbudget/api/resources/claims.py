"""The claims of a document: what its narrative says in figures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from openbudget.api.common import (
    DOCUMENT,
    DOCUMENT_PATTERN,
    AnchorSchema,
    CodedSchema,
    LabelSchema,
    PrintedSchema,
    anchor,
    document_of,
    public_id,
)
from openbudget.api.endpoint import Call, PathParameter
from openbudget.api.fields import (
    ExactNumber,
    ResponseSchema,
    choice,
    integer,
    nested,
    optional_string,
    string,
    yuan,
)
from openbudget.api.filters import Filter
from openbudget.api.listing import ListResource
from openbudget.api.resources.documents import find_document
from openbudget.api.resources.shared import (
    NATURAL_ORDER,
    common_columns,
    common_fields,
    common_values,
)
from openbudget.budget.claim import ClaimKind
from openbudget.budget.measures import FUNCTION_EXPENDITURE, load_measures
from openbudget.budget.vocabulary import CodeSource, Phase
from openbudget.storage.models import ClaimRow
from openbudget.storage.read import Found, Listing, table_columns
from openbudget.storage.selection import Condition
from openbudget.texts import Text

ClaimSchema = ResponseSchema.from_dict(
    {
        "id": string("Id of the claim.", f"{DOCUMENT}.claims.3"),
        **common_fields(),
        "fiscal_year": integer("Year of the figure.", 2024, optional=True),
        "phase": choice("Phase of the figure.", Phase, "approved", optional=True),
        "kind": choice("What is claimed; `none`: that there is none of it.", ClaimKind, "amount"),
        "measure": optional_string(
            "What the figure is of; null where the words are not known.", "general_public_budget"
        ),
        "label": nested(LabelSchema, "The measure by name, else the printed words."),
        "printed_label": string("The printed words that say so.", "一般公共预算财政拨款"),
        "function": nested(CodedSchema, "支出功能分类, where a 科目 is named.", optional=True),
        "amount": yuan("Figure × printed unit of money, in yuan.", "10092863.96"),
        "figure": ExactNumber(
            allow_none=True,
            metadata={
                "description": (
                    "The printed figure, exact; negative where it says 下降 or 减少. Null where "
                    "the sentence promises one and prints none."
                ),
                "example": 10092863.96,
            },
        ),
        "unit": optional_string("The unit printed behind it.", "元"),
        "printed": nested(PrintedSchema, "Figure and unit exactly as printed."),
        "sentence": string("The printed sentence, lines joined.", "比2023年…增长785,876元。"),
        "section": optional_string("Id of the section.", f"{DOCUMENT}.sections.6"),
        "about": optional_string(
            "Id of the claim that a growth or a share speaks of.", f"{DOCUMENT}.claims.2"
        ),
        "base": optional_string(
            "Id of the claim that it is measured against.", f"{DOCUMENT}.claims.4"
        ),
        "base_year": integer("Year that a growth is measured against.", 2023, optional=True),
        "base_phase": choice("Phase of that year.", Phase, "approved", optional=True),
        "anchor": nested(AnchorSchema, "Where the figure begins."),
    },
    name="ClaimSchema",
)
_LINKS = ("about", "base")
_AS_STORED = ("kind", "measure", "figure", "sentence", "base_year", "base_phase")


def present(row: Found, call: Call) -> dict[str, Any]:
    """Make the record of a claim."""
    document = document_of(row)
    return {
        **common_values(row),
        "id": public_id(row),
        "fiscal_year": row.own_year,
        "phase": row.own_phase,
        **{name: getattr(row, name) for name in _AS_STORED},
        "label": _label(row),
        "printed_label": row.label,
        "function": _function(row, call),
        "amount": row.amount_fen,
        "unit": row.printed_unit,
        "printed": {"text": row.printed_text, "unit": row.printed_unit},
        "section": f"{document}.sections.{row.section}" if row.section else None,
        **{name: _claim(row, getattr(row, name)) for name in _LINKS},
        "anchor": anchor(row.place, document),
    }


def _claim(row: Found, number: int | None) -> str | None:
    return f"{document_of(row)}.claims.{number}" if number else None


def _label(row: Found) -> dict[str, Any]:
    measure = load_measures().get(row.measure or "")
    return {"zh": measure.zh, "en": measure.en} if measure else {"zh": row.label, "en": None}


def _function(row: Found, call: Call) -> dict[str, Any] | None:
    """Give the 科目 as printed; its code was found by its names, or is not known."""
    if row.measure != FUNCTION_EXPENDITURE:
        return None
    return {
        "code": row.function,
        "label": {
            "zh": row.label,
            "en": call.names.find("function", row.function, row.fiscal_year),
        },
        "printed": row.label,
        "code_source": CodeSource.NAME.value,
        "anchor": anchor(row.place, document_of(row)),
    }


def _of_document(call: Call) -> Iterator[Condition]:
    row = find_document(call)
    for name in ("jurisdiction", "current", "version"):
        yield Condition(name, "eq", (getattr(row, name),))
    yield Condition("document_key", "eq", (row.document,))


_OWN = ClaimRow.__table__.c
_SORTABLE = ("kind", "measure", "function", "fiscal_year", "phase", "amount", "position")

CLAIMS = ListResource(
    name="claims",
    singular=Text("claim"),
    summary="Claims of a document",
    description=(
        "What the narrative of a document says in figures: amounts, growths, shares, counts, and "
        "that there is none of something; each with its sentence and what it is measured against."
    ),
    listing=Listing(
        {
            **common_columns(ClaimRow),
            **{name: _OWN[name] for name in ("kind", "measure", "function", "version")},
            "fiscal_year": _OWN.own_year,
            "phase": _OWN.own_phase,
            "amount": _OWN.amount_fen,
        },
        table_columns(ClaimRow),
    ),
    schema=ClaimSchema,
    filters=(
        Filter("kind", "choice", "What is claimed.", "growth", tuple(ClaimKind)),
        Filter("measure", "choice", "Measure.", "revenue", tuple(load_measures()), True),
        Filter("function", "code", "Functional code.", "2040607", nullable=True),
        Filter("fiscal_year", "whole", "Year of the figure.", 2024),
        Filter("phase", "choice", "Phase of the figure.", "approved", tuple(Phase), True),
        Filter("amount", "money", "Amount in yuan.", 10092863.96, nullable=True),
    ),
    sortable=_SORTABLE,
    order=NATURAL_ORDER,
    present=present,
    detail_columns=table_columns(ClaimRow),
    example_id=f"{DOCUMENT}.claims.3",
    versioned=False,
    within="/v1/documents/{id}",
    within_parameters=(PathParameter("id", "Id of the document.", DOCUMENT, DOCUMENT_PATTERN),),
    within_conditions=_of_document,
    single=False,
)
