"""Findings: what in a published document does not agree, with the figures that show it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from marshmallow import fields

from openbudget.api.common import (
    DOCUMENT,
    AnchorSchema,
    LinksToFindingsSchema,
    MessageSchema,
    PrintedSchema,
    anchor,
    document_of,
    public_id,
)
from openbudget.api.endpoint import Call
from openbudget.api.fields import (
    ResponseSchema,
    choice,
    flag,
    many,
    nested,
    optional_string,
    string,
    strings,
    yuan,
)
from openbudget.api.filters import Filter
from openbudget.api.including import Include
from openbudget.api.listing import ListResource, OtherFormat
from openbudget.api.parameters import AnswerLanguage
from openbudget.api.resources.citations import citation_fields, citations_of, spots_of_finding
from openbudget.api.resources.frictionless import FrictionlessReportSchema, report_of
from openbudget.api.resources.rules import EXAMPLE_RULE
from openbudget.api.resources.shared import (
    COMMON_FILTERS,
    COMMON_SORT,
    NATURAL_ORDER,
    common_columns,
    common_fields,
    common_values,
)
from openbudget.budget.finding import Family, OperandRole, Severity
from openbudget.budget.identifiers import parse_reference
from openbudget.budget.money import format_yuan, parse_yuan
from openbudget.errors import AmountError
from openbudget.storage.findings import (
    FINDING_COLUMNS,
    RULE_IDS,
    findings_of_departments,
    findings_of_documents,
    findings_of_items,
    touches,
)
from openbudget.storage.models import FindingRow
from openbudget.storage.read import Found, Listing
from openbudget.storage.selection import ReferenceColumns
from openbudget.texts import Text

LINE = f"{DOCUMENT}.expenditure.32.total"
EXAMPLE_FINDING = f"{DOCUMENT}.findings.{EXAMPLE_RULE}.expenditure.32.total"


class OperandLinksSchema(ResponseSchema):
    """Where the thing that an operand is can be had."""

    item = optional_string("Its resource; null for a sum.", f"/v1/lines/{LINE}")


class OperandSchema(ResponseSchema):
    """One side of a comparison: a printed figure or text, or a sum of printed figures."""

    role = choice("What the finding is about, or what speaks for it.", OperandRole, "subject")
    label = nested(MessageSchema, "What it is.")
    amount = yuan("Amount in yuan; null where it is not about money.", "10092863.96")
    text = optional_string("The text as printed, where it is not about money.", None)
    printed = nested(PrintedSchema, "As printed; null for a sum.", optional=True)
    anchor = nested(AnchorSchema, "Where it is printed; null for a sum.", optional=True)
    document = string("Id of the document it stands in.", DOCUMENT)
    table_id = optional_string("Id of its table.", f"{DOCUMENT}.expenditure")
    item = optional_string("Id of the line, claim, target or indicator it is.", LINE)
    parts = strings("Ids of the figures that a sum is made of.", [])
    difference = yuan("The subject less this one, in yuan, where both are amounts.", "-4680.00")
    links = nested(OperandLinksSchema, "Where what it is can be had.")


class ExplanationSchema(ResponseSchema):
    """What would explain a difference; never said to be its cause."""

    kind = string("What kind of explanation.", "same_difference")
    message = nested(MessageSchema, "The explanation.")
    amount = yuan("Amount in yuan.", "4680.00")
    lines = strings("Ids of lines.", [])
    findings = strings("Ids of other findings.", [])


FindingSchema = ResponseSchema.from_dict(
    {
        "id": string("Id of the finding.", EXAMPLE_FINDING),
        **common_fields(),
        "rule": string("Id of the rule.", EXAMPLE_RULE),
        "family": choice("What kind of agreement is missing.", Family, "column"),
        "severity": choice(
            "`error`: two printed figures cannot both be right; `warning`: probably wrong.",
            Severity,
            "error",
        ),
        "within_rounding": flag("Whether rounding alone may explain the difference.", False),
        "printed": yuan("The printed figure, in yuan.", "10092863.96"),
        "computed": yuan("The figure by the others, in yuan.", "10097543.96"),
        "difference": yuan("printed - computed, in yuan.", "-4680.00"),
        "magnitude": yuan("The difference without its sign, in yuan.", "4680.00"),
        "cluster": optional_string("What findings of one difference share.", "4680.00"),
        "related_document": optional_string("The other document, where it is about two.", None),
        "message": nested(MessageSchema, "What does not agree, to be quoted as it stands."),
        "operands": many(OperandSchema, "The figures and texts that show it."),
        "explanations": many(ExplanationSchema, "What would explain it."),
        **citation_fields(),
    },
    name="FindingSchema",
)


def present(row: Found, _call: Call) -> dict[str, Any]:
    """Make the record of a finding."""
    kept = ("rule", "family", "severity", "within_rounding", "cluster", "message")
    return {
        **common_values(row),
        "id": public_id(row),
        **{name: getattr(row, name) for name in kept},
        "printed": row.printed_fen,
        "computed": row.computed_fen,
        "difference": row.difference_fen,
        "magnitude": row.magnitude_fen,
        "related_document": row.related,
        "operands": [_operand(row, stored) for stored in row.operands],
        "explanations": [_explanation(row, stored) for stored in row.explanations],
    }


def _operand(row: Found, stored: Mapping[str, Any]) -> dict[str, Any]:
    document, text = stored["document"] or document_of(row), stored["text"]

    def whole(local: str | None) -> str | None:
        return f"{document}.{local}" if local else None

    table = whole(stored["table"])
    return {
        "role": stored["role"],
        "label": stored["label"],
        "amount": stored["fen"],
        "text": text if stored["fen"] is None else None,
        "printed": None if text is None else {"text": text, "unit": stored["unit"]},
        "anchor": anchor(stored["place"], document, table),
        "document": document,
        "table_id": table,
        "item": whole(stored["item"]),
        "parts": [whole(part) for part in stored["parts"]],
        "difference": stored.get("difference_fen"),
        "links": {"item": _path(document, stored["item"])},
    }


_PARTS = frozenset(["projects", "transfers", "performance-targets", "indicators"])
_WITHIN = frozenset(["claims", "sections"])


def _path(document: str, local: str | None) -> str | None:
    """Give the path of a thing by its local id; claims and sections have no resource each."""
    if not local:
        return None
    name, _, rest = local.partition(".")
    if name in _WITHIN:
        return f"/v1/documents/{document}/{name}"
    if name == "performance-targets" and ".indicators." in rest:
        name = "indicators"
    known = name if name in _PARTS else "lines"
    return f"/v1/{known}/{document}.{local}"


def _explanation(row: Found, stored: Mapping[str, Any]) -> dict[str, Any]:
    def whole(names: Sequence[str]) -> list[str]:
        # What another document told names its lines whole already.
        return [name if parse_reference(name) else public_id(row, name) for name in names]

    return {
        "kind": stored["kind"],
        "message": stored["message"],
        "amount": stored["fen"],
        "lines": whole(stored["lines"]),
        "findings": whole(stored["findings"]),
    }


# Findings of other resources ---------------------------------------------------------------------


def findings_fields() -> dict[str, fields.Field[Any]]:
    """Give the fields of what findings touch: the link to them, and they themselves."""
    said = "The findings that touch it; only with `include=findings`."
    metadata = {"description": said, "example": []}
    return {
        "links": nested(LinksToFindingsSchema, "Where its findings are."),
        "findings": fields.List(fields.Nested(FindingSchema), metadata=metadata),
    }


def _of_items(call: Call, rows: Sequence[Found]) -> list[list[dict[str, Any]]]:
    found = findings_of_items(call.connection, rows)
    return [[present(finding, call) for finding in found.get(row.id, [])] for row in rows]


def _of_documents(call: Call, rows: Sequence[Found]) -> list[list[dict[str, Any]]]:
    found = findings_of_documents(call.connection, rows)
    keys = [(row.document, row.version) for row in rows]
    return [[present(finding, call) for finding in found.get(key, [])] for key in keys]


def _of_departments(call: Call, rows: Sequence[Found]) -> list[list[dict[str, Any]]]:
    found = findings_of_departments(call.connection, rows)
    return [[present(finding, call) for finding in found.get(row.id, [])] for row in rows]


INCLUDE_OF_ITEMS: Mapping[str, Include] = {"findings": _of_items}
INCLUDE_OF_DOCUMENTS: Mapping[str, Include] = {"findings": _of_documents}
INCLUDE_OF_DEPARTMENTS: Mapping[str, Include] = {"findings": _of_departments}

_OWN = FindingRow.__table__.c
_KEPT = ("rule", "family", "severity", "within_rounding", "cluster")
_MONEY = ("printed", "computed", "difference", "magnitude")
LISTING = Listing(
    {
        **common_columns(FindingRow),
        **{name: _OWN[name] for name in _KEPT},
        **{name: _OWN[f"{name}_fen"] for name in _MONEY},
        "related_document": _OWN.related,
        "item": ReferenceColumns(_OWN.document, _OWN.version, _OWN.current, touches=touches),
    },
    FINDING_COLUMNS,
)


def _cluster(text: str) -> str:
    """Write the name of a cluster as stored: it is an amount, and 4680 is 4680.00."""
    try:
        return format_yuan(parse_yuan(text))
    except AmountError:
        return text


LANGUAGE = AnswerLanguage()
FINDINGS = ListResource(
    name="findings",
    singular=Text("finding"),
    summary="What does not agree",
    description=(
        "Facts about published documents: printed figures, names and codes that contradict each "
        "other, with every figure that shows it and where it stands. Nothing is said of causes."
    ),
    listing=LISTING,
    schema=FindingSchema,
    filters=(
        *COMMON_FILTERS,
        Filter(
            *("rule", "text", "Id of the rule.", EXAMPLE_RULE),
            vocabulary=RULE_IDS,
        ),
        Filter("family", "choice", "What kind of agreement.", "column", tuple(Family)),
        Filter("severity", "choice", "How sure it is.", "error", tuple(Severity)),
        Filter(
            *("cluster", "text", "What findings of one difference share.", "4680.00", (), True),
            normal=_cluster,
        ),
        Filter("within_rounding", "truth", "Rounding alone may explain it.", False),
        Filter("item", "reference", "Id of what it touches.", LINE),
        Filter("related_document", "text", "The other document.", DOCUMENT, nullable=True),
        Filter("difference", "money", "printed - computed.", -4680.00, nullable=True),
        Filter("magnitude", "money", "The difference without its sign.", 4680.00, nullable=True),
    ),
    sortable=(*COMMON_SORT, *_KEPT, "difference", "magnitude"),
    order=NATURAL_ORDER,
    present=present,
    detail_columns=FINDING_COLUMNS,
    example_id=EXAMPLE_FINDING,
    extra={"lang": LANGUAGE},
    include=citations_of("/v1/findings", spots_of_finding),
    formats={
        "frictionless-report": OtherFormat(
            FrictionlessReportSchema, lambda call, selection: report_of(call, LISTING, selection)
        )
    },
)
