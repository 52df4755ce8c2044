"""Finding entries of the search index, and ranking them: the same on every engine.

The full-text index gives the entries that hold all terms of a query. What is found, and how well it
matches, is then decided by the folded units of each entry alone, which no engine interprets.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    bindparam,
    case,
    func,
    select,
)
from sqlalchemy import Integer as IntegerType
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from openbudget.storage.models import SearchEntryRow
from openbudget.storage.read import Listing, table_columns
from openbudget.storage.rows.search import EntryKind
from openbudget.storage.selection import Condition, Order, ReferenceColumns, Selection, where
from openbudget.storage.terms import NAME, Query

RANKING = tuple(map(Order, ("match_rank", "kind_rank", "place", "newest", "id")))
"""How well it matches, what it is, how early it matches, the newest year, and the id."""
FACETS = ("kind", "jurisdiction", "department", "fiscal_year", "scope", "phase")
_OWN = SearchEntryRow.__table__.c


class MatchKind(StrEnum):
    """How an entry matches, the best first."""

    EXACT = "exact"
    BEGINNING = "beginning"
    NAME = "name"
    NAME_WORDS = "name_words"
    PHRASE = "phrase"
    WORDS = "words"


class position_of(FunctionElement[int]):  # noqa: N801 - a function of SQL
    """The place of a text in a column, from 1; 0 where it is not there."""

    inherit_cache = True
    type = IntegerType()
    name = "strpos"


class holds_terms(FunctionElement[bool]):  # noqa: N801 - a function of SQL
    """Whether the full-text index has all terms for an entry.

    Both engines take a blank between terms for "and" once each is told apart: SQLite as it is,
    PostgreSQL where it makes the query from plain text. Its type is left open: of a truth value
    SQLAlchemy asks SQLite whether it is 1, and no index answers that.
    """

    inherit_cache = True


@compiles(position_of)
def _strpos(element: Any, compiler: Any, **options: Any) -> str:
    return f"strpos({compiler.process(element.clauses, **options)})"


@compiles(position_of, "sqlite")
def _instr(element: Any, compiler: Any, **options: Any) -> str:
    return f"instr({compiler.process(element.clauses, **options)})"


@compiles(holds_terms)
def _tsquery(element: Any, compiler: Any, **options: Any) -> str:
    terms = compiler.process(element.clauses, **options)
    own = "to_tsvector('simple', search_entries.terms)"
    return f"{own} @@ plainto_tsquery('simple', {terms})"


@compiles(holds_terms, "sqlite")
def _match(element: Any, compiler: Any, **options: Any) -> str:
    terms = compiler.process(element.clauses, **options)
    # No text of a client is here: `terms` is the mark of a bound value.
    found = f"SELECT rowid FROM search_index WHERE search_index MATCH {terms}"  # noqa: S608
    return f"search_entries.number IN ({found})"


@lru_cache(maxsize=64)
def search_listing(query: Query) -> Listing:
    """Give the list of what a query finds, best first in the order of `RANKING`."""
    match_rank = _match_rank(query)
    ranks = {
        "match_rank": match_rank,
        "kind_rank": case({kind.value: n for n, kind in enumerate(EntryKind)}, value=_OWN.kind),
        "place": position_of(_OWN.units, query.words[0].needle),
        "newest": -func.coalesce(_OWN.own_year, 0),
    }
    for expression in ranks.values():
        expression.nullable = False  # as a column says it
    kept = ("kind", "jurisdiction", "department", "scope", "current", "id", "names", "units")
    columns = {
        **{name: _OWN[name] for name in kept},
        **ranks,
        "fiscal_year": _OWN.own_year,
        "phase": _OWN.own_phase,
        "document": ReferenceColumns(_OWN.document, _OWN.version, _OWN.current),
    }
    shown = table_columns(SearchEntryRow, without=("names", "units", "terms"))
    terms: Any = bindparam("terms", " ".join(query.terms), unique=True)
    return Listing(columns, [*shown, match_rank.label("match_rank")], (holds_terms(terms),))


def search_conditions(query: Query) -> tuple[Condition, ...]:
    """Give the conditions that every word is there: neighbours in a row, not just anywhere."""
    return tuple(
        Condition("names" if word.single else "units", "contains", (word.needle,))
        for word in query.words
    )


def _match_rank(query: Query) -> Any:
    """Number how well an entry matches, as `MatchKind` is numbered."""
    names, phrase = _OWN.names, query.phrase
    tests: Sequence[ColumnElement[bool]] = (
        position_of(names, f"{NAME}{phrase}{NAME}") > 0,
        position_of(names, f"{NAME}{phrase}") > 0,
        position_of(names, phrase) > 0,
        and_(*(position_of(names, word.needle) > 0 for word in query.words)),
        position_of(_OWN.units, phrase) > 0,
    )
    return case(*((test, n) for n, test in enumerate(tests)), else_=len(tests))


def count_facets(
    connection: Connection, listing: Listing, selection: Selection
) -> dict[str, Counter[Any]]:
    """Count what is found by each facet, in one statement."""
    columns = [listing.columns[name] for name in FACETS]
    wanted = select(func.count(), *columns).where(
        *listing.always, *where(selection.conditions, listing.columns)
    )
    found: dict[str, Counter[Any]] = {name: Counter() for name in FACETS}
    for count, *values in connection.execute(wanted.group_by(*columns)):
        for name, value in zip(FACETS, values, strict=True):
            found[name][value] += count
    return found
