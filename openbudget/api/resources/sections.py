"""The narrative of a document, by heading."""

from __future__ import annotations

from openbudget.api.common import DOCUMENT, DOCUMENT_PATTERN
from openbudget.api.endpoint import Call, Endpoint, JsonAnswer, PathParameter
from openbudget.api.envelopes import one_envelope
from openbudget.api.resources.documents import SectionsSchema, find_document, present_sections
from openbudget.storage.models import SectionRow
from openbudget.storage.read import read_rows, table_columns

_KEYS = ("jurisdiction", "fiscal_year", "document", "version")


def sections(call: Call) -> JsonAnswer:
    """Answer the sections of a document."""
    row = find_document(call)
    keys = {name: getattr(row, name) for name in _KEYS}
    found = read_rows(call.connection, table_columns(SectionRow), keys, ["position"])
    record = SectionsSchema().dump(present_sections(row, list(found)))
    return JsonAnswer({"data": record, "links": {"self": call.path}, "meta": {"query": {}}})


SECTIONS = Endpoint(
    path="/v1/documents/{id}/sections",
    operation_id="get_document_sections",
    summary="The narrative of a document",
    description="The narrative by heading, in printed order, each paragraph with its place.",
    view=sections,
    answers=one_envelope(SectionsSchema, "SectionsOne"),
    tag="documents",
    parameters=(PathParameter("id", "Id of the document.", DOCUMENT, DOCUMENT_PATTERN),),
)
