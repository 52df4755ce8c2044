"""Changes: documents added and superseded, newest first, as a list and as an Atom feed."""

from __future__ import annotations

from typing import Any

from openbudget.api.common import DEPARTMENT, DOCUMENT
from openbudget.api.endpoint import JSON, BytesAnswer, Call
from openbudget.api.fields import ResponseSchema, choice, flag, optional_string, string
from openbudget.api.filters import Filter
from openbudget.api.list_query import cursors_beside, page_links
from openbudget.api.listing import ListResource, OtherFormat
from openbudget.api.resources.findings import LANGUAGE
from openbudget.api.resources.shared import COMMON_SORT, common_fields
from openbudget.budget.vocabulary import Phase, Scope
from openbudget.formats.atom import MEDIA_TYPE, Entry, Feed, Link, write_feed
from openbudget.storage.changes import CHANGES, ChangeKind
from openbudget.storage.read import Found
from openbudget.storage.selection import Order, Selection
from openbudget.texts import Text

_VERSION = f"{DOCUMENT}@a21bb77f8bac"
_COMMON = ("jurisdiction", "department", "fiscal_year", "scope", "phase")
_SAID = {
    "zh": {
        "title": "预算公开数据：文件变更",
        ChangeKind.ADDED: "新增",
        ChangeKind.SUPERSEDED: "更新",
    },
    "en": {
        "title": "Open budget data: changes of documents",
        ChangeKind.ADDED: "Added",
        ChangeKind.SUPERSEDED: "Superseded",
    },
}

ChangeSchema = ResponseSchema.from_dict(
    {
        "id": string("Id of the version that came.", _VERSION),
        "change": choice(
            "`added`: the first version of a document; `superseded`: it took the place of another.",
            ChangeKind,
            "added",
        ),
        **{name: own for name, own in common_fields().items() if name != "document"},
        "document": string("Id of the document, without a version.", DOCUMENT),
        "title": string("The title.", "北京市西城区法律援助中心 2024年部门预算"),
        "publisher": string("Who published it.", "北京市西城区法律援助中心"),
        "sha256": string("Hash of the published bytes.", "a21bb77f8bac" + "0" * 52),
        "loaded_at": string("When it was first loaded, UTC.", "2024-03-01T00:00:00Z"),
        "current": flag("Whether it is the current version.", True),
        "supersedes": optional_string("Id of the version before.", None),
        "href": string("Where it is.", f"/v1/documents/{_VERSION}"),
    },
    name="ChangeSchema",
)


def present(row: Found, _call: Call) -> dict[str, Any]:
    """Make the record of a change."""
    kept = ("change", "document", "title", "publisher", "sha256", "loaded_at", "current")
    return {
        "id": row.id,
        **{name: getattr(row, name) for name in (*kept, *_COMMON)},
        "supersedes": f"{row.document}@{row.before}" if row.before else None,
        "href": f"/v1/documents/{row.id}",
    }


def answer_feed(call: Call, selection: Selection) -> BytesAnswer:
    """Answer a page of the changes as an Atom feed.

    Links are relative to it, as everywhere in the API, so that it is the same on every host.
    """
    page = CHANGES.page(call.connection, selection)
    links = page_links(call.path, call.sent, cursors_beside(page, selection))
    names = {"self": "self", "next": "next", "prev": "previous"}
    beside = [Link(rel, links[n], MEDIA_TYPE) for n, rel in names.items() if links[n]]
    filters = sorted((k, v) for k, v in call.sent.items() if k not in _OF_THE_PAGE)
    feed = Feed(
        id=f"/v1/changes {filters}",
        title=_SAID[call.language]["title"],
        updated=max((row.loaded_at for row in page.rows), default=call.state.last_modified),
        author="openbudget",
        language=call.language,
        links=[*beside, Link("alternate", "/v1/changes", JSON)],
        entries=[_entry(row, call.language) for row in page.rows],
    )
    return BytesAnswer(write_feed(feed), f"{MEDIA_TYPE}; charset=utf-8", {})


_OF_THE_PAGE = ("cursor", "format", "page_size", "lang", "order")


def _entry(row: Found, language: str) -> Entry:
    href = f"/v1/documents/{row.id}"
    links = [
        Link("alternate", href, JSON),
        Link("enclosure", f"{href}/source", row.media_type, {"length": str(row.size)}),
    ]
    if row.before:
        links.append(
            Link("predecessor-version", f"/v1/documents/{row.document}@{row.before}", JSON)
        )
    said = _SAID[language][ChangeKind(row.change)]
    summary = f"{row.id} · {row.publisher}"
    return Entry(
        id=row.id,
        title=f"{said}：{row.title}" if language == "zh" else f"{said}: {row.title}",
        updated=row.loaded_at,
        author=row.publisher,
        summary=summary,
        category=row.change,
        links=links,
    )


CHANGE_LIST = ListResource(
    name="changes",
    singular=Text("change"),
    summary="What has changed",
    description=(
        "Documents added and superseded, newest first: each version once, with the one before. "
        "Also an Atom feed, paged like the list."
    ),
    listing=CHANGES,
    schema=ChangeSchema,
    filters=(
        Filter("change", "choice", "What happened.", "added", tuple(ChangeKind)),
        Filter("loaded_at", "time", "When it was first loaded.", "2024-03-01T00:00:00Z"),
        Filter("jurisdiction", "division", "Division code of GB/T 2260.", "110102"),
        Filter("department", "text", "Id of the department.", DEPARTMENT),
        Filter("fiscal_year", "whole", "Budget year.", 2024),
        Filter("scope", "choice", "Whose budget.", "department", tuple(Scope)),
        Filter("phase", "choice", "Phase of the budget.", "approved", tuple(Phase)),
        Filter("document", "text", "Id of the document, all its versions.", DOCUMENT),
        Filter("publisher", "text", "Who published it.", "北京市西城区法律援助中心"),
    ),
    sortable=("loaded_at", *COMMON_SORT),
    order=(Order("loaded_at", descending=True), Order("id")),
    present=present,
    detail_columns=(),
    example_id="",
    versioned=False,
    single=False,
    extra={"lang": LANGUAGE},
    formats={"atom": OtherFormat(None, answer_feed, paged=True)},
)
