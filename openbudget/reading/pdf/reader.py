"""PDF bytes to blocks: ruled tables as grids, all other text as paragraphs."""

from __future__ import annotations

from bisect import bisect_right
from time import monotonic
from typing import TYPE_CHECKING

from openbudget.blocks import Anchor, Cell, Grid, Paragraph
from openbudget.errors import LimitExceededError, UnreadableFileError
from openbudget.reading.pdf.lattice import NO_CELL, Lattice, lattice
from openbudget.reading.pdf.ruling import rulings
from openbudget.reading.pdf.texts import lines, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from openbudget.blocks import Block, Box
    from openbudget.reading.pdf.limits import PdfLimits
    from openbudget.reading.pdf.page import Edge, PageSource
    from openbudget.reading.pdf.runs import Run


def read_source(source: PageSource, limits: PdfLimits) -> tuple[Block, ...]:
    """Read every page of an open PDF into blocks, in reading order.

    Raises `LimitExceededError` for what is too large or too slow, and `UnreadableFileError` for
    what cannot be read or has no text. Time is looked at between pages only.
    """
    started = monotonic()
    pages = source.page_count()
    if pages == 0:
        raise UnreadableFileError("the PDF has no pages")
    _hold("pages", pages, limits.pages, "the PDF")
    blocks: list[Block] = []
    for page in range(pages):
        blocks.extend(_read_page(source, page, limits))
        if monotonic() - started > limits.seconds:
            raise LimitExceededError(f"reading the PDF took more than {limits.seconds:g} seconds")
    # A grid alone is no text: scans are framed, too.
    if not any(isinstance(block, Paragraph) or _prints(block) for block in blocks):
        raise UnreadableFileError("the PDF has no text, only pictures (if any): it needs OCR")
    return tuple(blocks)


def page_blocks(
    runs: Sequence[Run], edges: Sequence[Edge], page: int, most_crossings: int
) -> list[Block]:
    """Set what is printed on one page (1-based) into grids and paragraphs, in reading order.

    A box around text is no table: a grid has at least two cells.
    """
    lattices = [lattice(ruling) for ruling in rulings(edges, most_crossings)]
    tables = sorted((table for table in lattices if len(table.places) > 1), key=_area)
    inside, outside = _sorted_into(tables, runs)
    blocks: list[Block] = [
        _grid(table, texts, page) for table, texts in zip(tables, inside, strict=True)
    ]
    blocks.extend(Paragraph(line.text, Anchor(None, page, line.box)) for line in lines(outside))
    return sorted(blocks, key=_reading_order)


def _read_page(source: PageSource, page: int, limits: PdfLimits) -> list[Block]:
    place = f"page {page + 1} of the PDF"
    runs = source.runs(page)
    count = sum(len(run.text) for run in runs)
    _hold("characters", count, limits.characters_per_page, place)
    edges = source.edges(page)
    _hold("ruling lines", len(edges), limits.edges_per_page, place)
    return page_blocks(runs, edges, page + 1, limits.cells_per_page)


def _hold(what: str, count: int, most: int, place: str) -> None:
    if count > most:
        raise LimitExceededError(f"{place} has {count} {what}; at most {most} are read")


def _sorted_into(
    tables: Sequence[Lattice], runs: Sequence[Run]
) -> tuple[list[list[list[Run]]], Sequence[Run]]:
    """Give each character to the cell that its middle lies in; the smallest table comes first.

    Slanted text is a stamp or a watermark over the page and belongs to no cell.
    """
    inside = []
    rest = runs
    for table in tables:
        *cells, rest = _parted(table, rest)
        inside.append(cells)
    return inside, rest


def _parted(table: Lattice, runs: Sequence[Run]) -> list[list[Run]]:
    """Give the runs in each cell and, where `NO_CELL` points, those that are in none."""
    xs, ys, places, owners = table
    cells: list[list[Run]] = [[] for _ in (*places, NO_CELL)]
    for run in runs:
        _, lefts, rights, top, bottom, angle, _ = run
        if angle % 90:
            cells[NO_CELL].append(run)
            continue
        row = owners[bisect_right(ys, (top + bottom) / 2)]
        first = bisect_right(xs, (lefts[0] + rights[0]) / 2)
        last = bisect_right(xs, (lefts[-1] + rights[-1]) / 2)
        if first == last or len({*row[first : last + 1]}) == 1:  # as for nearly all
            cells[row[first]].append(run)
        else:
            for cell, part in _cut_at_lines(run, xs, row):
                cells[cell].append(part)
    return cells


def _cut_at_lines(
    run: Run, xs: Sequence[float], owners: Sequence[int]
) -> Iterable[tuple[int, Run]]:
    """Cut a run wherever the middle of a character lies in another cell than that before it."""
    middles = ((left + right) / 2 for left, right in zip(run.lefts, run.rights, strict=True))
    cells = [owners[bisect_right(xs, middle)] for middle in middles]
    cuts = [place for place in range(1, len(cells)) if cells[place] != cells[place - 1]]
    return zip([cells[place] for place in (0, *cuts)], run.parts(cuts), strict=True)


def _grid(table: Lattice, texts: Sequence[Sequence[Run]], page: int) -> Grid:
    # Anchors of thousands of cells: named arguments would take as long again.
    cells = [
        Cell(text_of(runs), row, column, Anchor(None, page, box), row_span, column_span)
        for (row, column, row_span, column_span, box), runs in sorted(
            zip(table.places, texts, strict=True)
        )
    ]
    return Grid(tuple(cells), Anchor(None, page, table.box))


def _prints(block: Block) -> bool:
    return isinstance(block, Grid) and any(cell.text for cell in block.cells)


def _area(table: Lattice) -> float:
    left, top, right, bottom = table.box
    return (right - left) * (bottom - top)


def _reading_order(block: Block) -> tuple[float, float]:
    left, top, _, _ = _box(block)
    return top, left


def _box(block: Block) -> Box:
    return block.anchor.box or (0.0, 0.0, 0.0, 0.0)
