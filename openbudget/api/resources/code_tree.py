"""Codes as a tree: built from a flat list, given amounts, pruned, and written as records."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from openbudget.budget.folding import fold
from openbudget.storage.read import Found
from openbudget.storage.trees import CodeAmount


@dataclass
class Node:
    """A node while the tree is built."""

    code: str
    name: str
    name_en: str | None
    source: str = "list"
    own: int = 0
    lines: int = 0
    children: list[Node] = field(default_factory=list)
    total: tuple[int, int] = (0, 0)

    def add_up(self) -> tuple[int, int]:
        """Add up amounts and lines of the node and everything below, before it is pruned."""
        below = [child.add_up() for child in self.children]
        fen, lines = (sum(own) for own in zip((self.own, self.lines), *below, strict=True))
        self.total = fen, lines
        return self.total


def nodes_of(rows: Iterable[Found]) -> dict[str, Node]:
    """Make a node of every code."""
    return {row.code: Node(row.code, row.name_zh, row.name_en) for row in rows}


def add_amounts(nodes: dict[str, Node], amounts: Iterable[CodeAmount]) -> None:
    """Put amounts on their codes; a code absent from the list stands under its prefix."""
    for found in amounts:
        node = nodes.setdefault(
            found.code, Node(found.code, found.label or found.code, None, "printed")
        )
        node.own, node.lines = found.fen, found.lines


def link_nodes(nodes: Mapping[str, Node]) -> list[Node]:
    """Hang every node under the longest code that it begins with."""
    roots: list[Node] = []
    for code, node in sorted(nodes.items()):
        above = next(
            (nodes[code[:n]] for n in range(len(code) - 1, 0, -1) if code[:n] in nodes), None
        )
        (roots if above is None else above.children).append(node)
    return roots


def prune(nodes: Iterable[Node], wanted: Callable[[Node], bool]) -> list[Node]:
    """Keep the nodes that are wanted, and those above them."""
    kept = []
    for node in nodes:
        node.children = prune(node.children, wanted)
        if node.children or wanted(node):
            kept.append(node)
    return kept


def searchable(node: Node) -> str:
    """Give what a search looks at, folded."""
    return fold(f"{node.code} {node.name} {node.name_en or ''}").casefold()


def record_of(node: Node, depth: int, *, amounts: bool) -> dict[str, Any]:
    """Make the record of a node, with `depth` levels in all."""
    fen, lines = node.total
    below = node.children if depth > 1 else []
    return {
        "name": node.name,
        "code": node.code,
        "level": (len(node.code) - 1) // 2,
        "label": {"zh": node.name, "en": node.name_en},
        "source": node.source,
        "value": fen if amounts else None,
        "line_count": lines if amounts else None,
        "children": [record_of(child, depth - 1, amounts=amounts) for child in below],
    }
