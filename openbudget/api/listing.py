"""Lists that can be filtered, sorted, paged and exported; each resource declares one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice
from typing import Any

from marshmallow import Schema

from openbudget.api.columns import columns_of
from openbudget.api.common import PART_PATTERN
from openbudget.api.dumping import compile_dump
from openbudget.api.endpoint import (
    CSV,
    EXTENSIONS,
    JSON,
    NDJSON,
    XLSX,
    Answer,
    Call,
    Endpoint,
    JsonAnswer,
    PathParameter,
    StreamAnswer,
)
from openbudget.api.envelopes import key_paths, list_envelope, one_envelope
from openbudget.api.filters import Filter
from openbudget.api.including import Include, add_included, include_parameter, refuse_include
from openbudget.api.list_query import (
    FORMATS,
    applied_query,
    cursors_beside,
    filter_conditions,
    link,
    page_links,
    refuse_paging,
    refuse_too_many,
    select_page,
    special_parameters,
    without_page_size,
)
from openbudget.api.parameters import Parameter, QuerySchema, query_schema
from openbudget.api.problems import not_listed
from openbudget.formats.csv import write_csv
from openbudget.formats.ndjson import write_ndjson
from openbudget.formats.xlsx import write_xlsx
from openbudget.storage.read import EXPORT_BATCH, Found, Listing, read_by_id
from openbudget.storage.selection import Condition, Order, Selection
from openbudget.texts import Text

Record = dict[str, Any]
Present = Callable[[Found, Call], Record]
Write = Callable[[Mapping[str, Any]], Record]


@dataclass(frozen=True)
class OtherFormat:
    """A format that one list has besides those of every list: its schema, and what makes it.

    One that is `paged` holds a page, like JSON; a path may end in it.
    """

    schema: type[Schema] | None
    answer: Callable[[Call, Selection], Answer]
    paged: bool = False


@dataclass(frozen=True)
class ListResource:
    """A resource that is a list.

    `present` makes a record from a row of the list, `detail` from one with `detail_columns`. What
    belongs to a version of a document is `versioned`. `extra` are parameters that are no filters,
    `extra_conditions` what they mean. `find` finds one row where ids are not those of documents.
    `include` gives objects that a call may add to the records, under keys of the schema; `formats`
    are those by name that this list has besides the usual ones.
    A list may stand `within` another resource, whose path parameters give conditions of their own;
    a list without `single` answers no single records.
    """

    name: str
    singular: Text
    summary: str
    description: str
    listing: Listing
    schema: type[Schema]
    filters: Sequence[Filter]
    sortable: Sequence[str]
    order: Sequence[Order]
    present: Present
    detail_columns: Sequence[Any]
    example_id: str
    id_pattern: str = PART_PATTERN
    detail: Present | None = None
    detail_schema: type[Schema] | None = None
    versioned: bool = True
    extra: Mapping[str, Parameter] = field(default_factory=dict)
    extra_conditions: Callable[[Mapping[str, Any]], Iterator[Condition]] | None = None
    warnings: Callable[[Call, Selection], list[dict[str, str]]] | None = None
    find: Callable[[Call, str], Found | None] | None = None
    within: str = "/v1"
    within_parameters: tuple[PathParameter, ...] = ()
    within_conditions: Callable[[Call], Iterator[Condition]] | None = None
    single: bool = True
    include: Mapping[str, Include] = field(default_factory=dict)
    formats: Mapping[str, OtherFormat] = field(default_factory=dict)

    @property
    def path(self) -> str:
        """The path of the list."""
        return f"{self.within}/{self.name}"

    @property
    def _class_name(self) -> str:
        return "".join(word.title() for word in self.name.split("-"))

    @cached_property
    def query(self) -> type[QuerySchema]:
        """The schema of the list's query."""
        known = {name: par for own in self.filters for name, _, par in own.parameters}
        keys = [name for name in self.schema().fields if name not in self.include]
        special = special_parameters(
            self.sortable, keys, list(self.formats), versioned=self.versioned
        )
        own = {**known, **self.extra, **self._include_parameters, **special}
        return query_schema(f"{self._class_name}Query", own)

    @cached_property
    def _include_parameters(self) -> dict[str, Parameter]:
        return {"include": include_parameter(list(self.include))} if self.include else {}

    @cached_property
    def _other_formats(self) -> dict[str, OtherFormat]:
        return {EXTENSIONS[name]: own for name, own in self.formats.items()}

    def endpoints(self) -> Iterator[Endpoint]:
        """Give the endpoints: the list, the list with a path ending, and one record."""
        yield self._list_endpoint("", "", ())
        own = [name for name, other in self.formats.items() if other.paged]
        endings = "|".join((*(name for name in FORMATS if name != "xlsx"), *own))
        ending = PathParameter("extension", "Format of the answer.", "csv", f"^({endings})$")
        yield self._list_endpoint(".{extension}", "_as", (ending,))
        yield self._workbook_endpoint()
        if self.single:
            yield self._single_endpoint()

    def _workbook_endpoint(self) -> Endpoint:
        """Give the list as a workbook: a path of its own, since v1 promises the other endings."""
        whole = self._list_endpoint(".xlsx", "_as_xlsx", ())
        return replace(
            whole,
            summary=f"{self.summary}, as a workbook",
            media_types=(XLSX,),
            other_answers={},
            ending="xlsx",
        )

    def _single_endpoint(self) -> Endpoint:
        identifier = PathParameter(
            "id", f"Id of the {self.singular}.", self.example_id, self.id_pattern
        )
        schema = self.detail_schema or self.schema
        return Endpoint(
            path=f"{self.path}/{{id}}",
            operation_id=f"get_{self.singular.replace(' ', '_').replace('-', '_')}",
            summary=f"One {self.singular}",
            description=f"One {self.singular}, by its id.",
            view=self.answer_one,
            answers=one_envelope(schema, f"{self._class_name}One"),
            tag=self.name,
            query=query_schema(f"{self._class_name}OneQuery", self._include_parameters),
            parameters=(identifier,),
        )

    def _list_endpoint(
        self, ending: str, suffix: str, parameters: tuple[PathParameter, ...]
    ) -> Endpoint:
        others = {n: own for n, own in self._other_formats.items() if own.paged or not ending}
        return Endpoint(
            path=self.path + ending,
            operation_id=f"list_{self.name.replace('-', '_')}{suffix}",
            summary=self.summary + (", in the format that the path ends in" if ending else ""),
            description=self.description,
            view=self.answer_list,
            answers=self._list_schema,
            tag=self.name,
            query=without_page_size(self.query) if ending else self.query,
            parameters=(*self.within_parameters, *parameters),
            media_types=(*((CSV, NDJSON, JSON) if ending else (JSON, CSV, NDJSON, XLSX)), *others),
            other_answers={media_type: own.schema for media_type, own in others.items()},
        )

    @cached_property
    def _list_schema(self) -> type[Schema]:
        return list_envelope(self.schema, f"{self._class_name}List")

    def listing_for(self, _call: Call) -> Listing:
        """Give what the list is read from."""
        return self.listing

    def answer_list(self, call: Call) -> Answer:
        """Answer the list: a page in JSON, the whole list in other formats."""
        other = self._other_formats.get(call.media_type)
        if call.media_type != JSON and not (other and other.paged):
            refuse_paging(call.query)
        selection = self._selection(call)
        refuse_include(call, selection.page_size)
        if other:
            return other.answer(call, selection)
        listing = self.listing_for(call)
        total = listing.count(call.connection, selection)
        if call.media_type != JSON:
            return self._export(call, selection, total)
        page = listing.page(call.connection, selection)
        beside = cursors_beside(page, selection)
        path = self.path.format_map(call.arguments)
        links = page_links(path, call.sent, beside)
        body = {
            "data": list(self._records(call, page.rows)),
            "links": links,
            "meta": {
                "total": total,
                "page_size": selection.page_size,
                "query": applied_query(call.sent, selection, versioned=self.versioned),
            },
            "warnings": self.warnings(call, selection) if self.warnings else [],
        }
        return JsonAnswer(body, {name: links[name] for name in beside})

    def answer_one(self, call: Call) -> Answer:
        """Answer one record."""
        identifier = call.arguments["id"]
        row = (
            self.find(call, identifier)
            if self.find
            else read_by_id(call.connection, self.detail_columns, identifier)
        )
        if row is None:
            raise not_listed(self.singular, identifier, self.path)
        record = (self.detail or self.present)(row, call)
        add_included(self.include, call, [row], [record])
        schema = (self.detail_schema or self.schema)()
        links, meta = {"self": link(call.path, call.sent)}, {"query": dict(call.sent)}
        if "citation" in self.include:
            links["citation"] = f"{self.path}/{identifier}/citation"
        return JsonAnswer({"data": schema.dump(record), "links": links, "meta": meta})

    def _selection(self, call: Call) -> Selection:
        found = filter_conditions(self.filters, call)
        if self.extra_conditions:
            found += tuple(self.extra_conditions(call.query))
        if self.within_conditions:
            found += tuple(self.within_conditions(call))
        return select_page(
            call.query,
            found,
            self.sortable,
            self.order,
            self.listing_for(call).columns,
            versioned=self.versioned,
        )

    def _export(self, call: Call, selection: Selection, total: int) -> StreamAnswer:
        rows = self.listing_for(call).stream(call.connection, selection)
        records = self._records(call, rows)
        if call.media_type == CSV:
            paths = key_paths(self.schema, call.query.get("fields"), self.include)
            return StreamAnswer(write_csv(records, paths), CSV, total, f"{self.name}.csv")
        if call.media_type == XLSX:
            refuse_too_many(total)
            columns = columns_of(self.schema, call.query.get("fields"), self.include)
            book = write_xlsx(self.name, records, columns, total)
            return StreamAnswer(book, XLSX, total, f"{self.name}.xlsx")
        return StreamAnswer(write_ndjson(records), NDJSON, total, f"{self.name}.ndjson")

    def _records(self, call: Call, rows: Iterable[Found]) -> Iterator[Record]:
        """Write rows as records; what is included is read for many of them at once."""
        dump = self._dumper(call)
        if not call.query.get("include"):
            yield from (dump(self.present(row, call)) for row in rows)
            return
        waiting = iter(rows)
        while batch := list(islice(waiting, EXPORT_BATCH)):
            records = [self.present(row, call) for row in batch]
            add_included(self.include, call, batch, records)
            yield from map(dump, records)

    def _dumper(self, call: Call) -> Write:
        only = call.query.get("fields")
        if not only:
            return self._dump_whole
        return compile_dump(self.schema(only=(*only, *call.query.get("include", ()))))

    @cached_property
    def _dump_whole(self) -> Write:
        return compile_dump(self.schema())
