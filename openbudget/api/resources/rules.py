"""The rules that documents are checked with."""

from __future__ import annotations

from typing import Any

from openbudget.api.common import LinksToFindingsSchema, MessageSchema, findings_link
from openbudget.api.endpoint import Call
from openbudget.api.fields import ResponseSchema, choice, nested, string
from openbudget.api.filters import Filter
from openbudget.api.listing import ListResource
from openbudget.budget.finding import Family, Severity
from openbudget.storage.models import RuleRow
from openbudget.storage.read import Found, Listing, read_row, table_columns
from openbudget.storage.selection import Order
from openbudget.texts import Text

EXAMPLE_RULE = "column-total"
RULE_PATTERN = r"^[0-9a-z_.-]+$"
_KEPT = ("id", "family", "severity", "title", "text", "source", "example")


class RuleSchema(ResponseSchema):
    """A rule: what is held against what, and why that should agree."""

    id = string("Id of the rule.", EXAMPLE_RULE)
    family = choice("What kind of agreement it looks for.", Family, "column")
    severity = choice(
        "What its findings are, unless a difference is within rounding.", Severity, "error"
    )
    title = nested(MessageSchema, "Its name.")
    text = nested(MessageSchema, "What it compares.")
    source = nested(MessageSchema, "Why that should agree: a regulation, the form, the text.")
    example = nested(MessageSchema, "A finding of it.")
    links = nested(LinksToFindingsSchema, "Where its findings are.")


def present(row: Found, _call: Call) -> dict[str, Any]:
    """Make the record of a rule."""
    return {**{name: getattr(row, name) for name in _KEPT}, "links": findings_link("rule", row.id)}


def find_rule(call: Call, identifier: str) -> Found | None:
    """Find a rule by its id."""
    return read_row(call.connection, table_columns(RuleRow), {"id": identifier})


_OWN = RuleRow.__table__.c
RULES = ListResource(
    name="rules",
    singular=Text("rule"),
    summary="Rules that documents are checked with",
    description="Rules that documents are checked with, with their texts in Chinese and English.",
    listing=Listing(
        {name: _OWN[name] for name in ("id", "family", "severity")}, table_columns(RuleRow)
    ),
    schema=RuleSchema,
    filters=(
        Filter("id", "text", "Id of the rule.", EXAMPLE_RULE),
        Filter("family", "choice", "What kind of agreement.", "column", tuple(Family)),
        Filter("severity", "choice", "What its findings are.", "error", tuple(Severity)),
    ),
    sortable=("id", "family", "severity"),
    order=(Order("id"),),
    present=present,
    detail_columns=table_columns(RuleRow),
    example_id=EXAMPLE_RULE,
    id_pattern=RULE_PATTERN,
    versioned=False,
    find=find_rule,
)
