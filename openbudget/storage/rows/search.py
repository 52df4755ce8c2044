"""The entries of the search index: made of the rows of a document, so of nothing withheld."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from functools import lru_cache

from openbudget.budget.classification import ClassificationCode
from openbudget.frozen import dataclass
from openbudget.storage.rows.parts import CODED, Values
from openbudget.storage.terms import BREAK, NAME, index_terms, unit_texts, write_units

KEY = ("jurisdiction", "fiscal_year", "id")
NOWHERE: Values = {"jurisdiction": "", "fiscal_year": 0}
"""Key of what belongs to no place or year."""
_OWN = (*KEY, "document", "version", "current", "position")
_WHOSE = ("department", "scope", "phase")


class EntryKind(StrEnum):
    """What can be found, in the order in which equally good matches are listed."""

    DEPARTMENT = "department"
    PROJECT = "project"
    CODE = "code"
    DOCUMENT = "document"
    TRANSFER = "transfer"
    PERFORMANCE_TARGET = "performance_target"
    TABLE = "table"
    SECTION = "section"
    CLAIM = "claim"
    FINDING = "finding"
    INDICATOR = "indicator"
    LINE = "line"


@dataclass(frozen=True, slots=True)
class Searchable:
    """What of a thing is searched: its names, its other texts, and the title it is shown by."""

    kind: EntryKind
    title: str | None
    names: Sequence[str | None] = ()
    texts: Sequence[str | None] = ()


Projects = Mapping[str, str]
"""Names of the projects of a document by their local ids."""


def document_entries(
    document: Values, title: str, publisher: str, parts: Mapping[str, Iterable[Values]]
) -> Iterator[Values]:
    """Give the entries of a document and of everything in it, but for what they have in common."""
    own = Searchable(EntryKind.DOCUMENT, title, (title,), (publisher,))
    yield _entry(document, document, _told(own))
    projects = {_local(row["id"]): row["name"] for row in parts["projects"]}
    for table, rows in parts.items():
        if table in _SEARCHABLE:
            yield from _entries(document, table, rows, projects)


def _entries(
    document: Values, table: str, rows: Iterable[Values], projects: Projects
) -> Iterator[Values]:
    """Give the entries of rows; what is searched of the lines of a row is worked out once."""
    known: dict[tuple[int, str | None], Values] = {}
    for row in rows:
        own = id(row.get("coded", row)), row.get("project")
        if own not in known:
            known[own] = _told(_SEARCHABLE[table](row, projects))
        yield _entry(document, row, known[own])


def part_entry(table: str, row: Values, projects: Projects) -> Values:
    """Give the entry of a row of a table of the database."""
    return _whole(row, _SEARCHABLE[table](row, projects))


def department_entry(row: Values) -> Values:
    """Give the entry of a department, from its row."""
    supervising = row["supervising"]
    names = [row["name"], *(entry["name"] for entry in row["names"])]
    texts = [
        *(entry["name"] for entry in row["types"]),
        supervising and supervising["name"],
    ]
    whole = {
        **_unversioned(row["id"]),
        "jurisdiction": row["jurisdiction"],
        "department": row["id"],
    }
    found = Searchable(EntryKind.DEPARTMENT, row["name"], (*names, row["code"]), texts)
    return _whole(whole, found)


def code_entry(scheme: str, edition: str, code: ClassificationCode) -> Values:
    """Give the entry of a classification code."""
    names = (code.name_zh, code.name_en, code.code)
    found = Searchable(EntryKind.CODE, code.name_zh, names)
    return _whole(_unversioned(f"{scheme}/{edition}/{code.code}"), found)


def _unversioned(identifier: str) -> Values:
    nothing = dict.fromkeys(("document", "version", *_WHOSE))
    return {**NOWHERE, **nothing, "id": identifier, "current": True, "position": 0}


def entries_key(row: Values) -> Values:
    """Give what the entries of a document have in common, in the order of the columns."""
    return {name: row[name] for name in (*_OWN, *_WHOSE)}


def _whole(row: Values, found: Searchable) -> Values:
    return {**entries_key(row), **_entry(row, row, _told(found))}


def _entry(document: Values, row: Values, told: Values) -> Values:
    versioned = document["document"] is not None
    return {
        "id": row["id"],
        "position": row["position"],
        "own_year": row.get("own_year", document["fiscal_year"] if versioned else None),
        "own_phase": row.get("own_phase", document["phase"]),
        **told,
    }


def _told(found: Searchable) -> Values:
    """Give what an entry says of a thing."""
    names = _distinct(found.names)
    texts = _distinct([text for text in found.texts if text not in names])
    return {"kind": found.kind.value, "title": found.title, **_index(names, texts)}


@lru_cache(maxsize=1024)
def _index(names: tuple[str, ...], texts: tuple[str, ...]) -> Values:
    """Give some texts and what is indexed of them; many lines have the same."""
    named, told = list(map(unit_texts, names)), list(map(unit_texts, texts))
    own = NAME + "".join(f"{write_units(units)}{NAME}" for units in named)
    units = own + BREAK.join(map(write_units, told))
    terms = index_terms(named, told)
    return {"texts": [*texts, *names], "names": own, "units": units, "terms": terms}


def _distinct(texts: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys([text for text in texts if text and not text.isspace()]))


def _local(identifier: str) -> str:
    return identifier.partition(".")[2]


# What is searched of each kind of row ------------------------------------------------------------


def _section(row: Values, _projects: Projects) -> Searchable:
    heading = row["heading"]["text"] if row["heading"] else None
    paragraphs = [paragraph["text"] for paragraph in row["paragraphs"]]
    return Searchable(EntryKind.SECTION, heading, (heading,), paragraphs)


def _claim(row: Values, _projects: Projects) -> Searchable:
    return Searchable(EntryKind.CLAIM, row["label"], (), (row["sentence"],))


def _table(row: Values, _projects: Projects) -> Searchable:
    return Searchable(EntryKind.TABLE, row["title"], (row["title"],))


def _line(row: Values, projects: Projects) -> Searchable:
    texts, labels = [row["item"]], [row["item"]]
    for name in CODED:
        if coded := row["coded"].get(name):
            own = [coded["printed"]]
            own += [t for t in (coded["code"], coded["label"]) if t and t not in coded["printed"]]
            texts += own
            labels.append(coded["label"])
    texts.append(projects.get(row["project"] or ""))
    return Searchable(EntryKind.LINE, next(filter(None, labels), None), (), texts)


def _project(row: Values, _projects: Projects) -> Searchable:
    texts = (row["type_label"], row["type_code"], row["document_number"])
    return Searchable(EntryKind.PROJECT, row["name"], (row["name"],), texts)


def _transfer(row: Values, _projects: Projects) -> Searchable:
    texts = (row["document_number"], row["supervising_department"], row["fund_nature"])
    return Searchable(EntryKind.TRANSFER, row["name"], (row["name"],), texts)


def _target(row: Values, _projects: Projects) -> Searchable:
    objectives = [objective["text"] for objective in row["objectives"]]
    attributes = [printed["text"] for printed in row["attributes"].values() if printed]
    texts = (*objectives, *attributes)
    return Searchable(EntryKind.PERFORMANCE_TARGET, row["name"], (row["name"],), texts)


def _indicator(row: Values, _projects: Projects) -> Searchable:
    names = ("level_3", "activity", "level_2", "level_1", "value")
    texts = [row[name] for name in names]
    return Searchable(EntryKind.INDICATOR, next(filter(None, texts), None), (), texts)


def _finding(row: Values, _projects: Projects) -> Searchable:
    return Searchable(EntryKind.FINDING, None, (), (row["message"]["zh"], row["message"]["en"]))


_SEARCHABLE: Mapping[str, Callable[[Values, Projects], Searchable]] = {
    "sections": _section,
    "claims": _claim,
    "tables": _table,
    "lines": _line,
    "projects": _project,
    "transfers": _transfer,
    "performance_targets": _target,
    "indicators": _indicator,
    "findings": _finding,
}
