"""The tree of a cube: dimensions nested in the order in which they are asked for, with sums."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from sqlalchemy import Connection, select

from openbudget.budget.vocabulary import COORDINATE_SCHEMES
from openbudget.cubes.columns import Editions
from openbudget.cubes.dialect import Value
from openbudget.cubes.mistakes import CubeQueryError, QueryMistake
from openbudget.cubes.model import Dimension, dimensions, hierarchy_of, label_of, levels_of
from openbudget.cubes.nesting import Levels, Node, Source, flatten, nest, prune
from openbudget.cubes.query import CubeQuery, aggregate
from openbudget.storage.models import CodeRow
from openbudget.texts import Text

MAX_NODES = 10_000
NESTABLE = tuple(ref for own in dimensions().values() for ref in (own.name, own.key_ref))
"""What can be nested: a dimension (all levels of a hierarchy), or one level by its key."""


def hierarchies_of(refs: Sequence[str]) -> tuple[Levels, ...]:
    """Give the levels of what is nested, from the top.

    Raises:
        CubeQueryError: a level would stand in the tree twice.
    """
    found = tuple(levels_of(ref) for ref in refs)
    names = [level.name for levels in found for level in levels]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        detail = Text("{name!r} would stand in the tree twice", name=twice)
        whole, one = hierarchy_of(twice), dimensions()[twice].key_ref
        hint = Text("{whole} stands for all its levels, {one} for one.", whole=whole, one=one)
        raise CubeQueryError([QueryMistake("drilldown", detail, hint=hint)])
    return found


def tree(connection: Connection, query: CubeQuery, editions: Editions, depth: int) -> Node:
    """Add up the leaf lines of a cube as a tree, in four statements at most.

    A node is the sum of the nodes below it, exactly. `depth` levels are kept; what is nested below
    them is not read.

    Raises:
        CubeQueryError: money would be counted twice, or the tree has too many nodes.
    """
    nested = hierarchies_of(query.drilldown)[:depth]
    levels = [level for own in nested for level in own]
    refs = tuple(ref for level in levels for ref in _refs(level))
    asked = replace(query, drilldown=refs, page_size=MAX_NODES, nested=True)
    cells = aggregate(connection, asked, editions)
    if cells.total > MAX_NODES:
        raise _too_many(cells.total)
    root = Node(query.cube, None, None, label_of(query.cube), None)
    found = prune(nest(root, nested, cells.rows, _source(connection, levels)), depth)
    count = sum(1 for _ in flatten(found))
    if count > MAX_NODES:
        raise _too_many(count)
    return found


def _refs(level: Dimension) -> tuple[str, ...]:
    """Give the key of a level, and what its members are called."""
    labels = (ref for ref in level.refs if ref.rpartition(".")[2] in ("label", "label_en"))
    return (level.key_ref, *labels)


def _too_many(count: int) -> CubeQueryError:
    said = "the tree would have {count} nodes or more; at most {most} are answered"
    detail = Text(said, count=count, most=MAX_NODES)
    hint = Text("Add a cut, leave the last dimension out, or set depth=.")
    return CubeQueryError([QueryMistake("drilldown", detail, hint=hint)])


def _source(connection: Connection, levels: Sequence[Dimension]) -> Source:
    """Tell codes that a list has from those that are printed only."""
    columns = {level.column for level in levels if level.of == "code"}
    listed = _listed(connection, {COORDINATE_SCHEMES[column].value for column in columns})

    def source(level: Dimension, key: Value) -> str | None:
        if level.of != "code" or key is None:
            return None
        known = (COORDINATE_SCHEMES[level.column].value, key) in listed
        return "list" if known else "printed"

    return source


def _listed(connection: Connection, schemes: AbstractSet[str]) -> AbstractSet[tuple[str, Value]]:
    if not schemes:
        return set()
    codes = select(CodeRow.scheme, CodeRow.code).where(CodeRow.scheme.in_(sorted(schemes)))
    return {(scheme, code) for scheme, code in connection.execute(codes.distinct())}
