"""A comparison as JSON-stat: rows by the two sides, with the flags of findings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from openbudget.api.endpoint import Call, TextAnswer
from openbudget.api.languages import LANGUAGES
from openbudget.api.list_query import link
from openbudget.api.resources.compare.compared import Compared, side_lines
from openbudget.api.resources.compare.records import row_records, side_records
from openbudget.api.resources.compare.warnings import warnings_of
from openbudget.api.resources.cubes.formats import NO_MEMBER, member_id
from openbudget.api.service import SCHEMA_VERSION
from openbudget.budget.money import format_yuan
from openbudget.cubes.comparison import ComparedRow
from openbudget.cubes.flags import Flags
from openbudget.cubes.model import AMOUNT_SUM, dimensions
from openbudget.cubes.sides import read_severities
from openbudget.cubes.statistics import role_of, vocabulary
from openbudget.formats.encoding import exact_number
from openbudget.formats.json_stat import (
    Category,
    Cell,
    Dataset,
    Dimension,
    Unit,
    write_dataset,
)

MEASURE = "measure"
ONLY_BASE = "@base"
"""Behind the id of a row that the base alone has, where another row has its key."""


def answer_json_stat(found: Compared, call: Call) -> TextAnswer:
    """Answer a comparison as one data set: its rows, the two sides, the amount."""
    rows, language = found.comparison.rows, LANGUAGES.index(call.language)
    ids = row_ids(rows)
    records = list(row_records(rows, found, call))
    data = Dataset(
        vocabulary().comparison[language],
        [
            _rows(found, ids, records, language),
            _sides(found, call, language),
            _measure(language),
        ],
        _cells(found, ids, [_flags(found, call, place) for place in (0, 1)]),
        _about(found, call, dict(zip(ids, records, strict=True)), language),
    )
    return TextAnswer(write_dataset(data))


def row_ids(rows: Sequence[ComparedRow]) -> list[str]:
    """Give each row an id of its own: its key, on the other side where it has one.

    A code that means something else on each side is two rows.
    """
    taken = {row.key for row in rows if row.other}
    return [
        f"{_id(row)}{ONLY_BASE}" if row.other is None and row.key in taken else _id(row)
        for row in rows
    ]


def _id(row: ComparedRow) -> str:
    return NO_MEMBER if row.key is None else member_id(row.key)


def _said(words: Sequence[str | None], language: int) -> str | None:
    return words[language] or words[0]


def _rows(
    found: Compared, ids: Sequence[str], records: Sequence[Mapping[str, Any]], language: int
) -> Dimension:
    axis = dimensions()[found.asked.axis.name]
    none = vocabulary().none[language]
    labels = [_said((own["label"]["zh"], own["label"]["en"]), language) for own in records]
    categories = [
        Category(identifier, label or (none if identifier.startswith(NO_MEMBER) else identifier))
        for identifier, label in zip(ids, labels, strict=True)
    ]
    return Dimension(axis.name, str(_said((axis.label, axis.label_en), language)), categories)


def _sides(found: Compared, call: Call, language: int) -> Dimension:
    """Give the two values of what is compared, the base first."""
    own = dimensions()[found.asked.between]
    name = str(_said((own.label, own.label_en), language))
    named = ((side["value"], side["label"]) for side in side_records(found, call))
    categories = [
        Category(value, _said((label["zh"], label["en"]), language) or value)
        for value, label in named
    ]
    return Dimension(own.name, name, categories, role_of(own))


def _measure(language: int) -> Dimension:
    amount = vocabulary().measures[AMOUNT_SUM]
    unit = Unit(amount.unit[language], amount.decimals, amount.symbol)
    category = Category(AMOUNT_SUM, amount.label[language], unit)
    return Dimension(MEASURE, vocabulary().measure[language], [category], "metric")


def _flags(found: Compared, call: Call, place: int) -> Flags:
    if not found.settled.comparable:
        return {}
    lines = side_lines(found.asked, place, found.settled.chosen)
    return read_severities(call.connection, lines, found.asked.axis)


def _cells(found: Compared, ids: Sequence[str], flags: Sequence[Flags]) -> Iterator[Cell]:
    """Give a cell for each side of each row; one that a side does not have has no value."""
    values = [str(side.value) for side in found.sides]
    for identifier, row in zip(ids, found.comparison.rows, strict=True):
        for value, entry, own in zip(values, (row.base, row.other), flags, strict=True):
            if entry is not None:
                amount = None if entry.fen is None else exact_number(format_yuan(entry.fen))
                yield Cell((identifier, value, AMOUNT_SUM), amount, own.get((entry.key,)))


def _about(
    found: Compared, call: Call, rows: Mapping[str, Mapping[str, Any]], language: int
) -> dict[str, Any]:
    """Say what the data set has no room for: what became of each row, and why it is one."""
    changes = {
        identifier: {name: own[name] for name in ("change", "match", "note")}
        for identifier, own in rows.items()
    }
    return {
        "currency": "CNY",
        "rows": changes,
        "status": {"label": {name: said[language] for name, said in vocabulary().statuses.items()}},
        "links": {"self": link(call.path, call.sent)},
        "query": {**call.sent, **found.settled.chosen},
        "warnings": warnings_of(found),
        "data_version": call.state.version,
        "schema_version": SCHEMA_VERSION,
    }
