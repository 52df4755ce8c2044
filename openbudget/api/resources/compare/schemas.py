"""What the answers of comparisons look like."""

from __future__ import annotations

from typing import Any

from openbudget.api.common import DEPARTMENT, DOCUMENT, LabelSchema
from openbudget.api.envelopes import LinksSchema, MetaSchema, WarningSchema
from openbudget.api.fields import (
    ExactNumber,
    ResponseSchema,
    always,
    choice,
    flag,
    integer,
    many,
    nested,
    optional_string,
    string,
    strings,
    yuan,
)
from openbudget.api.resources.compare.query import BETWEEN
from openbudget.cubes.comparison import Change
from openbudget.cubes.following import Method
from openbudget.cubes.sides import AXES

_LINES = f"/v1/lines?department={DEPARTMENT}&function=2210203&role=leaf&table=expenditure"


def _rate() -> ExactNumber:
    said = (
        "difference / base: 0.084 is 8.4 %. Worked out exactly, then rounded half away from zero "
        "to six decimals; null where base is 0 or not there."
    )
    return ExactNumber(allow_none=True, metadata={"description": said, "example": -0.25})


def _difference() -> Any:
    return yuan("other - base in yuan, what is not there counted as 0.", "-50000.00")


class ComparedEntrySchema(ResponseSchema):
    """What one side has in a row."""

    code = optional_string("The code, project or item as this side has it.", "2210203")
    label = nested(LabelSchema, "The label that this side prints; else that of its code list.")
    amount = yuan("Sum of its leaf lines, in yuan; null where none has an amount.", "200000.00")
    lines = integer("Leaf lines in the sum.", 2)
    href = optional_string("The lines; null where no filter of lines tells them.", _LINES)


class ComparedMatchSchema(ResponseSchema):
    """Why what stands on both sides is one thing."""

    method = choice(
        "`code`: the same code, item or id; `edition`: the code lists of both years have the name "
        "once each, under these codes; `name`: equal names, once on each side.",
        Method,
        "edition",
    )
    evidence = string(
        "What was compared.",
        "functional 2009: 2290303 购房补贴 = functional 2024: 2210203 购房补贴",
    )


class ComparedRowSchema(ResponseSchema):
    """A row of a comparison."""

    change = choice("What became of it.", Change, "decreased")
    code = optional_string(
        "Code, id of the project or key of the item: that of other, else of base; null for lines "
        "without.",
        "2210203",
    )
    label = nested(LabelSchema, "Its label, likewise.")
    base = nested(ComparedEntrySchema, "The base side; null where it has none.", optional=True)
    other = nested(ComparedEntrySchema, "The other side; null where it has none.", optional=True)
    difference = _difference()
    rate = _rate()
    match = nested(ComparedMatchSchema, "Why both sides are one; null else.", optional=True)
    note = nested(WarningSchema, "Why it was not followed, where it might.", optional=True)


class ComparedSideSchema(ResponseSchema):
    """A side of a comparison."""

    value = string("What it is of: a year, department, phase or scope.", DEPARTMENT)
    label = nested(LabelSchema, "Its name.")
    amount = yuan(
        "Sum of all its rows, in yuan; null without amounts, or where it would count twice.",
        "10097543.96",
    )
    lines = integer("Leaf lines in the sum.", 31)
    edition = optional_string("The edition of the code list that its year has.", "2024")
    departments = integer("How many departments have lines.", 1)
    documents = strings("Ids of the documents whose lines these are.", [DOCUMENT])
    href = string("The lines.", f"/v1/lines?department={DEPARTMENT}&role=leaf&table=expenditure")


class ComparedCountsSchema(ResponseSchema):
    """How many rows there are of each change."""

    increased = integer("Rows that increased.", 1)
    decreased = integer("Rows that decreased.", 2)
    added = integer("Rows of other only.", 0)
    removed = integer("Rows of base only.", 3)
    unchanged = integer("Rows that are alike.", 4)


def _rows(said: str) -> Any:
    return many(ComparedRowSchema, f"{said}, by the size of the difference, then by code.")


class ComparedSchema(ResponseSchema):
    """Two sides, row by row."""

    between = choice("What is compared.", BETWEEN, "department")
    by = choice("What the rows are.", AXES, "function")
    level = integer("The level that codes are cut to; null: as printed.", None, optional=True)
    follow = flag("Whether moved codes and equal names are followed.", True)
    base = nested(ComparedSideSchema, "The side that differences are from.")
    other = nested(ComparedSideSchema, "The other side.")
    difference = _difference()
    rate = _rate()
    counts = nested(ComparedCountsSchema, "Rows of each change.")
    increased = _rows("More in other than in base")
    decreased = _rows("Less in other than in base")
    added = _rows("Only in other")
    removed = _rows("Only in base")
    unchanged = _rows("The same in both")


ComparedLinksSchema = LinksSchema.from_dict(
    {
        "csv": always(string("All rows as CSV.", "/v1/compare.csv")),
        "ndjson": always(string("All rows as NDJSON.", "/v1/compare.ndjson")),
        "xlsx": always(string("All rows as a workbook.", "/v1/compare.xlsx")),
        "json-stat": string("All rows as JSON-stat.", "/v1/compare.json-stat"),
    },
    name="ComparedLinksSchema",
)


class ComparedOneSchema(ResponseSchema):
    """The answer of a comparison."""

    data = always(nested(ComparedSchema, "The comparison."))
    links = always(nested(ComparedLinksSchema, "Links."))
    meta = always(nested(MetaSchema, "About this answer."))
    warnings = always(many(WarningSchema, "What to know about this answer."))
