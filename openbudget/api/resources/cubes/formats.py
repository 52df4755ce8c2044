"""Aggregates of cubes in other formats than Babbage's: CSV, and JSON-stat with finding flags."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from marshmallow import fields

from openbudget.api.endpoint import CSV, Call, StreamAnswer, TextAnswer
from openbudget.api.fields import ResponseSchema, choice, string, strings
from openbudget.api.languages import LANGUAGES
from openbudget.api.list_query import link
from openbudget.api.problems import Mistake, bad_request
from openbudget.api.service import SCHEMA_VERSION
from openbudget.cubes.columns import newest_editions
from openbudget.cubes.flags import Flags, read_flags
from openbudget.cubes.model import Dimension as CubeDimension
from openbudget.cubes.model import dimensions, label_of, resolve
from openbudget.cubes.query import Cells, CubeQuery
from openbudget.cubes.statistics import role_of, vocabulary
from openbudget.formats.csv import write_csv
from openbudget.formats.json_stat import (
    VERSION,
    Category,
    Cell,
    Dataset,
    Dimension,
    Unit,
    count_positions,
    write_dataset,
)
from openbudget.texts import Text

MOST_POSITIONS = 100_000
"""The largest cube in JSON-stat: it lists every combination of the members, used or not."""
NO_MEMBER = "_Z"
"""The id of the member of what has no value: not applicable, as SDMX writes it."""
_LIKE_NONE = re.compile("_+Z")
MEASURE = "measure"
_PAGE = ("page", "pagesize")
_OF_A_PAGE = (*_PAGE, "format")
Record = dict[str, Any]
Present = Callable[[Mapping[str, Any]], Record]

_EXAMPLE_DIMENSION = {
    "label": "支出功能分类（类）",
    "category": {"index": ["204"], "label": {"204": "公共安全支出"}},
}
_NUMBERS = "Numbers with the decimals of their unit: an array, or an object by position."
JsonStatSchema = ResponseSchema.from_dict(
    {
        "version": choice("Version of JSON-stat.", (VERSION,), VERSION),
        "class": choice("Class of JSON-stat.", ("dataset",), "dataset"),
        "label": string("Usual title of these tables.", "支出总表"),
        "id": strings("The dimensions, in order; the last one varies quickest.", ["function_1"]),
        "size": fields.List(
            fields.Integer(),
            metadata={"description": "How many categories each has.", "example": [1]},
        ),
        "role": fields.Dict(
            keys=fields.String(),
            metadata={
                "description": "Which dimensions are `time`, `geo` and `metric`.",
                "example": {"metric": [MEASURE]},
            },
        ),
        "dimension": fields.Dict(
            keys=fields.String(),
            metadata={
                "description": "The dimensions with index and labels of their categories.",
                "example": {"function_1": _EXAMPLE_DIMENSION},
            },
        ),
        "value": fields.Raw(metadata={"description": _NUMBERS, "example": [9087972.68]}),
        "status": fields.Dict(
            keys=fields.String(),
            metadata={
                "description": "The worst severity of the findings that touch the lines of a cell, "
                "by position; left out where there is none.",
                "example": {"0": "error"},
            },
        ),
        "extension": fields.Dict(
            keys=fields.String(),
            metadata={
                "description": "Currency, versions, warnings, meanings of statuses, the query.",
                "example": {"currency": "CNY"},
            },
        ),
    },
    name="JsonStatSchema",
)


def refuse_pages(call: Call) -> None:
    """Refuse the parameters of a page for an answer that holds every cell.

    Raises:
        ProblemError: there are some.
    """
    hint = Text("Leave it out: csv and json-stat hold every cell.")
    mistakes = [
        Mistake(name, Text("has no meaning for csv and json-stat"), hint=hint)
        for name in _PAGE
        if name in call.query
    ]
    if mistakes:
        raise bad_request(mistakes)


def answer_csv(cells: Cells, name: str, present: Present) -> StreamAnswer:
    """Answer the cells as rows; columns are called as the keys of the cells in JSON."""
    rows = write_csv(map(present, cells.rows), [(ref,) for ref in cells.refs])
    return StreamAnswer(rows, CSV, cells.total, f"{name}.csv")


def whole_dimensions(query: CubeQuery) -> CubeQuery:
    """Ask for whole dimensions, so that each member has its key and its labels.

    Raises:
        ProblemError: cells are grouped by an attribute that identifies no member.
    """
    names = _dimension_names(query)
    if len(names) < len(query.drilldown):
        allowed = [ref for own in dimensions().values() for ref in (own.name, own.key_ref)]
        detail = Text("json-stat has dimensions and their members: an attribute is neither")
        raise bad_request([Mistake("drilldown", detail, allowed, Text("Name its dimension."))])
    return replace(query, drilldown=tuple(dict.fromkeys(names)))


def _dimension_names(query: CubeQuery) -> list[str]:
    """Give the dimensions whose members the cells are of."""
    found = [resolve(ref) for ref in query.drilldown]
    return [own.name for own, part in filter(None, found) if part in (None, own.key)]


def format_links(call: Call, query: CubeQuery) -> dict[str, str]:
    """Link to all cells in the other formats that can hold them."""
    path = call.path.removesuffix("/").removesuffix(".json")
    kept = {name: value for name, value in call.sent.items() if name not in _OF_A_PAGE}
    names = ["csv"]
    if len(_dimension_names(query)) == len(query.drilldown):
        names.append("json-stat")
    return {name: link(f"{path}.{name}", kept) for name in names}


def answer_json_stat(
    call: Call, query: CubeQuery, cells: Cells, present: Present, about: Mapping[str, Any]
) -> TextAnswer:
    """Answer the cells as one data set; `about` is what its extension says of this answer.

    Raises:
        ProblemError: the cube is too large.
    """
    if cells.total > MOST_POSITIONS:
        raise _too_large(Text("{count} cells", count=cells.total), query)
    rows = list(cells.rows)
    made = _Dataset(query, LANGUAGES.index(call.language))
    found = made.dimensions(rows)
    if (size := count_positions(found)) > MOST_POSITIONS:
        sizes = " × ".join(f"{len(own.categories)} ({own.id})" for own in found)
        raise _too_large(Text("{count} positions, {sizes}", count=size, sizes=sizes), query)
    flags = read_flags(call.connection, query, newest_editions(call.names.editions))
    data = made.cells(rows, map(present, rows), flags)
    extension = {**_about(call, made), **about}
    return TextAnswer(write_dataset(Dataset(label_of(query.cube), found, data, extension)))


def _too_large(size: Text, query: CubeQuery) -> Exception:
    said = "the cube has {size}: json-stat takes {most} positions at most"
    detail = Text(said, size=size, most=MOST_POSITIONS)
    hint = Text("Name fewer dimensions, cut some of their members away, or ask for csv.")
    allowed = [f"drilldown={name}" for name in query.drilldown]
    return bad_request([Mistake("drilldown", detail, allowed, hint)])


def _about(call: Call, made: _Dataset) -> dict[str, Any]:
    statuses = {name: made.text(said) for name, said in vocabulary().statuses.items()}
    return {
        "currency": "CNY",
        "status": {"label": statuses},
        "links": {"self": link(call.path, call.sent)},
        "query": dict(call.sent),
        "data_version": call.state.version,
        "schema_version": SCHEMA_VERSION,
    }


@dataclass(frozen=True)
class _Dataset:
    """Makes the parts of a data set in one language."""

    query: CubeQuery
    language: int

    def text(self, words: Sequence[str | None]) -> str:
        """Give a text in the language of the answer; in Chinese where there is no other."""
        return words[self.language] or str(words[0])

    def dimensions(self, rows: Sequence[Mapping[str, Any]]) -> list[Dimension]:
        """Give the dimensions with the members that cells have, and that of the measures."""
        named = [dimensions()[name] for name in self.query.drilldown]
        return [*(self._dimension(own, rows) for own in named), self._measures()]

    def _dimension(self, own: CubeDimension, rows: Sequence[Mapping[str, Any]]) -> Dimension:
        """Sort members by their keys; where an order is asked for they stand as they come."""
        members = {row[own.key_ref]: row for row in rows}
        if self.query.order is None:
            keys = sorted(members, key=lambda key: (key is None, key))
        else:
            keys = list(dict.fromkeys(row[own.key_ref] for row in rows))
        categories = [Category(_id(key), self._label(own, members[key])) for key in keys]
        return Dimension(own.name, self.text((own.label, own.label_en)), categories, role_of(own))

    def _label(self, own: CubeDimension, row: Mapping[str, Any]) -> str:
        if row[own.key_ref] is None:
            return self.text(vocabulary().none)
        labels = (row[own.label_ref], row.get(f"{own.name}.label_en"))
        return str(self.text(labels))

    def _measures(self) -> Dimension:
        categories = []
        for ref in self.query.aggregates:
            own = vocabulary().measures[ref]
            unit = Unit(self.text(own.unit), own.decimals, own.symbol)
            categories.append(Category(ref, self.text(own.label), unit))
        return Dimension(MEASURE, self.text(vocabulary().measure), categories, "metric")

    def cells(
        self, rows: Sequence[Mapping[str, Any]], written: Iterator[Record], flags: Flags
    ) -> Iterator[Cell]:
        """Give the cells, one for each aggregate of a row."""
        refs = [dimensions()[name].key_ref for name in self.query.drilldown]
        for row, record in zip(rows, written, strict=True):
            keys = tuple(row[ref] for ref in refs)
            place = tuple(map(_id, keys))
            for aggregate in self.query.aggregates:
                yield Cell((*place, aggregate), record[aggregate], flags.get(keys))


def _id(key: Any) -> str:
    return NO_MEMBER if key is None else member_id(str(key))


def member_id(key: str) -> str:
    """Give the id of a member: its key, with one more underscore where it would be `NO_MEMBER`."""
    return f"_{key}" if _LIKE_NONE.fullmatch(key) else key
