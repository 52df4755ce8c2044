"""Cells as a tree: one level under the other, each node the sum of those below it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from openbudget.cubes.dialect import Value
from openbudget.cubes.model import AMOUNT_SUM, COUNT, Dimension, node_names

Levels = Sequence[Dimension]
"""The levels that one hierarchy has in a tree, the highest first."""
Source = Callable[[Dimension, Value], str | None]
"""Says of a member that is a code whether the lists have it."""


@dataclass
class Node:
    """A node: a member of a dimension, among those of the nodes above it.

    `id` is also the cut that selects its lines. `key` is None of a node for lines without a value.
    """

    id: str
    dimension: str | None
    key: Value
    zh: str
    en: str | None
    source: str | None = None
    own: bool = False
    fen: int | None = None
    lines: int = 0
    children: list[Node] = field(default_factory=list)
    by_place: dict[tuple[Value, bool], Node] = field(default_factory=dict, repr=False)


def nest(root: Node, hierarchies: Sequence[Levels], rows: Iterable[Any], source: Source) -> Node:
    """Hang every cell into the tree, and add up amounts and lines from below."""
    for row in rows:
        at = root
        for levels in hierarchies:
            at = _descend(at, levels, row, source)
        at.fen, at.lines = row[AMOUNT_SUM], row[COUNT]
    _add_up(root)
    return root


def prune(node: Node, depth: int) -> Node:
    """Leave out what is more than `depth` levels below; sums stay what they are."""
    if depth == 0:
        node.children = []
    for child in node.children:
        prune(child, depth - 1)
    return node


def flatten(node: Node, parent: Node | None = None) -> Iterator[tuple[Node, Node | None]]:
    """Give every node with the one above it, from the top."""
    yield node, parent
    for child in node.children:
        yield from flatten(child, node)


def _descend(at: Node, levels: Levels, row: Mapping[str, Any], source: Source) -> Node:
    """Go down the levels of a hierarchy, as far as the cell has values there.

    A code stands under the codes that it begins with. Where the lowest key is that of a level
    above (a table that stops at 款, the office of a province), what it has is a node of its own
    beside the finer ones.
    """
    above = at.id if at.dimension else ""
    lowest = levels[-1]
    key = row[lowest.key_ref]
    for level in levels[:-1]:
        upper = row[level.key_ref]
        if upper is not None:
            at = _child(at, level, row, above, source)
        if upper is not None and upper == key:
            return _own_part(at, lowest, row, above)
    return _child(at, lowest, row, above, source)


def _child(at: Node, level: Dimension, row: Mapping[str, Any], above: str, source: Source) -> Node:
    key = row[level.key_ref]
    found = at.by_place.get((key, False))
    if found is None:
        zh, en = _names(level, row)
        known = source(level, key)
        found = Node(_cut(above, level, key), level.name, key, zh, en, known)
        _add(at, found)
    return found


def _own_part(at: Node, lowest: Dimension, row: Mapping[str, Any], above: str) -> Node:
    """Give the node of what a node itself has; a code that no list names gets its printed name."""
    if at.zh == at.key:
        at.zh, at.en = _names(lowest, row)
    found = at.by_place.get((at.key, True))
    if found is None:
        texts = node_names()["own_division" if lowest.of == "division" else "own"]
        zh = texts["zh"].format(name=at.zh)
        en = texts["en"].format(name=at.en) if at.en else None
        cut = _cut(above, lowest, at.key)
        found = Node(cut, lowest.name, at.key, zh, en, at.source, own=True)
        _add(at, found)
    return found


def _add(at: Node, child: Node) -> None:
    at.by_place[child.key, child.own] = child
    at.children.append(child)


def _names(level: Dimension, row: Mapping[str, Any]) -> tuple[str, str | None]:
    """Name a member in Chinese, and in English where the lists do; years are the same in both."""
    key = row[level.key_ref]
    if key is None:
        texts = node_names()["without"]
        names = {"label": level.label, "label_en": level.label_en}
        return texts["zh"].format(**names), texts["en"].format(**names)
    if isinstance(key, int):
        return str(key), str(key)
    return row.get(level.label_ref) or key, row.get(f"{level.name}.label_en")


def _cut(above: str, level: Dimension, key: Value) -> str:
    """Write the cut that selects the lines of a member, within those of the node above."""
    value = "" if key is None else json.dumps(str(key), ensure_ascii=False)
    return "|".join(filter(None, (above, f"{level.name}:{value}")))


def _add_up(node: Node) -> None:
    """Add up from below; a node whose only part is what it has itself needs no such part."""
    for child in node.children:
        _add_up(child)
    if len(node.children) == 1 and node.children[0].own:
        (own,) = node.children
        node.fen, node.lines, node.children = own.fen, own.lines, own.children
    elif node.children:
        stated = [child.fen for child in node.children if child.fen is not None]
        node.fen = sum(stated) if stated else None
        node.lines = sum(child.lines for child in node.children)
