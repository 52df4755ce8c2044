"""Classifications: schemes, editions and codes, each with where its name comes from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select

from openbudget.api.common import LabelSchema
from openbudget.api.endpoint import Call, Endpoint, JsonAnswer, PathParameter
from openbudget.api.envelopes import one_envelope
from openbudget.api.fields import (
    ResponseSchema,
    choice,
    flag,
    integer,
    many,
    nested,
    optional_string,
    string,
    strings,
)
from openbudget.api.list_query import link
from openbudget.api.parameters import Parameter, one_of, query_schema
from openbudget.api.problems import not_found
from openbudget.api.resources.crosswalks import (
    CrosswalkMappingSchema,
    mapping_links,
    mappings_of,
    present_mapping,
)
from openbudget.budget.classification import Provenance
from openbudget.budget.vocabulary import Scheme
from openbudget.storage.models import CodeRow, EditionRow
from openbudget.storage.read import Found, read_row, read_rows, table_columns
from openbudget.texts import Text


class EditionSchema(ResponseSchema):
    """An edition of a classification."""

    scheme = choice("The classification.", Scheme, "functional")
    edition = string("The edition.", "2024")
    title = nested(LabelSchema, "Its title.")
    first_year = integer("First fiscal year it serves; null: open.", 2018, optional=True)
    last_year = integer("Last fiscal year it serves; null: open.", None, optional=True)
    complete = flag("Whether the list is believed complete.", False)
    origin = string("Where the list comes from, and how far it can be trusted.", "Reconstructed.")
    code_count = integer("Number of codes.", 1525)


class SchemeSchema(ResponseSchema):
    """A classification with its editions, the newest first."""

    scheme = choice("The classification.", Scheme, "functional")
    editions = many(EditionSchema, "Its editions.")


class SchemesSchema(ResponseSchema):
    """All classifications."""

    classifications = many(SchemeSchema, "The classifications.")


class CodeSchema(ResponseSchema):
    """A code of an edition, with where its name comes from."""

    scheme = choice("The classification.", Scheme, "functional")
    edition = string("The edition.", "2024")
    code = string("The code; leading zeros matter.", "2040607")
    level = integer("1 is 类, 2 is 款, 3 is 项.", 3)
    label = nested(LabelSchema, "Its names.")
    parent = optional_string("The code one level up.", "20406")
    ancestors = strings("The codes above, from the top.", ["204", "20406"])
    valid_from = integer("First budget year, where known.", None, optional=True)
    valid_to = integer("Last budget year, where known.", None, optional=True)
    provenance = choice(
        "`seen`: read in a publication; `general_knowledge`; `source_list`: as the list has it.",
        Provenance,
        "seen",
    )
    note = string("Where code and name come from.", "seen in: published budgets 2024")


class CodeLinksSchema(ResponseSchema):
    """Where the mappings of a code are."""

    mappings_from = string(
        "Mappings of the code and of those above it: the longest that has one counts.",
        "/v1/crosswalk-mappings?source_scheme=functional&source_edition=2024&source_code=20406,204",
    )
    mappings_to = string(
        "Mappings of codes of other classifications to it.",
        "/v1/crosswalk-mappings?target_scheme=functional&target_edition=2024&target_code=20406",
    )


class WholeCodeSchema(CodeSchema):
    """A code with the codes below it."""

    children = many(CodeSchema, "The codes one level down.")
    mappings = many(
        CrosswalkMappingSchema, "With include=mappings: those that count for it, from it and to it."
    )
    links = nested(CodeLinksSchema, "Where its mappings are.")


def present_edition(row: Found) -> dict[str, Any]:
    """Make the record of an edition."""
    kept = ("scheme", "edition", "first_year", "last_year", "complete", "origin", "code_count")
    title = {"zh": row.title_zh, "en": row.title_en}
    return {**{name: getattr(row, name) for name in kept}, "title": title}


def present_code(row: Any) -> dict[str, Any]:
    """Make the record of a code."""
    kept = ("scheme", "edition", "code", "level", "parent", "valid_from", "valid_to")
    return {
        **{name: getattr(row, name) for name in (*kept, "provenance", "note")},
        "label": {"zh": row.name_zh, "en": row.name_en},
        "ancestors": ancestors(row.code),
    }


def ancestors(code: str) -> list[str]:
    """Give the codes above one: 3 digits, then two more a level."""
    return [code[:length] for length in range(3, len(code), 2)]


def find_edition(call: Call) -> Found:
    """Find the edition of a path.

    Raises:
        ProblemError: 404 where there is none.
    """
    keys = {name: call.arguments[name] for name in ("scheme", "edition")}
    row = read_row(call.connection, table_columns(EditionRow), keys)
    if row is None:
        hint = Text("GET /v1/classifications lists schemes and editions.")
        raise not_found(Text("edition"), f"{keys['scheme']}/{keys['edition']}", hint)
    return row


def read_codes(call: Call, only: Sequence[str] | None = None) -> Sequence[Found]:
    """Read the codes of the edition of a path, in order: all of them, or those that are named."""
    keys = {name: call.arguments[name] for name in ("scheme", "edition")}
    columns = table_columns(CodeRow)
    if only is None:
        return read_rows(call.connection, columns, keys, ["code"])
    named = select(*columns).filter_by(**keys).where(CodeRow.code.in_(sorted(set(only))))
    return call.connection.execute(named.order_by(CodeRow.code)).all()


def _answer(call: Call, schema: type[ResponseSchema], record: Any) -> JsonAnswer:
    links, meta = {"self": link(call.path, call.sent)}, {"query": dict(call.sent)}
    return JsonAnswer({"data": schema().dump(record), "links": links, "meta": meta})


def schemes(call: Call) -> JsonAnswer:
    """Answer all classifications."""
    return _answer(call, SchemesSchema, {"classifications": _schemes(call, list(Scheme))})


def scheme(call: Call) -> JsonAnswer:
    """Answer one classification."""
    found = _schemes(call, [call.arguments["scheme"]])
    if not found:
        hint = Text("GET /v1/classifications lists them.")
        raise not_found(Text("classification"), call.arguments["scheme"], hint)
    return _answer(call, SchemeSchema, found[0])


def _schemes(call: Call, names: Iterable[str]) -> list[dict[str, Any]]:
    columns = table_columns(EditionRow)
    order = (EditionRow.scheme, EditionRow.edition.desc())
    rows = call.connection.execute(select(*columns).order_by(*order)).all()
    grouped = {name: [present_edition(r) for r in rows if r.scheme == name] for name in names}
    return [{"scheme": name, "editions": found} for name, found in grouped.items() if found]


def edition(call: Call) -> JsonAnswer:
    """Answer one edition."""
    return _answer(call, EditionSchema, present_edition(find_edition(call)))


def code(call: Call) -> JsonAnswer:
    """Answer one code with the codes below it."""
    find_edition(call)
    keys = {name: call.arguments[name] for name in ("scheme", "edition", "code")}
    row = read_row(call.connection, table_columns(CodeRow), keys)
    if row is None:
        hint = Text("The lists are not complete; a code printed in a budget may be missing here.")
        raise not_found(Text("code"), keys["code"], hint)
    below = {"scheme": row.scheme, "edition": row.edition, "parent": row.code}
    children = read_rows(call.connection, table_columns(CodeRow), below, ["code"])
    path = [*ancestors(row.code), row.code]
    record = {
        **present_code(row),
        "children": [present_code(child) for child in children],
        "links": mapping_links(row.scheme, row.edition, path),
    }
    if "include" in call.query:
        mappings = mappings_of(call.connection, row.scheme, row.edition, path)
        record["mappings"] = [present_mapping(mapping, call) for mapping in mappings]
    return _answer(call, WholeCodeSchema, record)


SCHEME = PathParameter("scheme", "The classification.", "functional", "^[a-z-]+$")
EDITION = PathParameter("edition", "The edition.", "2024", r"^\d{4}$")

_INCLUDE = Parameter(
    *one_of(("mappings",)), "Related objects to add to the record.", "mappings", several=True
)

ENDPOINTS = (
    Endpoint(
        path="/v1/classifications",
        operation_id="list_classifications",
        summary="Classifications and their editions",
        description="Functional, economic and revenue classifications, with their editions.",
        view=schemes,
        answers=one_envelope(SchemesSchema, "SchemesOne"),
        tag="classifications",
    ),
    Endpoint(
        path="/v1/classifications/{scheme}",
        operation_id="get_classification",
        summary="One classification",
        description="One classification with its editions, the newest first.",
        view=scheme,
        answers=one_envelope(SchemeSchema, "SchemeOne"),
        tag="classifications",
        parameters=(SCHEME,),
    ),
    Endpoint(
        path="/v1/classifications/{scheme}/{edition}",
        operation_id="get_classification_edition",
        summary="One edition of a classification",
        description="What the edition is, the years it serves, and how far it can be trusted.",
        view=edition,
        answers=one_envelope(EditionSchema, "EditionOne"),
        tag="classifications",
        parameters=(SCHEME, EDITION),
    ),
    Endpoint(
        path="/v1/classifications/{scheme}/{edition}/codes/{code}",
        operation_id="get_code",
        summary="One code",
        description="One code with its ancestors, its children, and where its name comes from.",
        view=code,
        answers=one_envelope(WholeCodeSchema, "CodeOne"),
        tag="classifications",
        query=query_schema("CodeQuery", {"include": _INCLUDE}),
        parameters=(SCHEME, EDITION, PathParameter("code", "The code.", "2040607", r"^\d{1,9}$")),
    ),
)
