"""Any table of spans, drawn and printed, is found again exactly."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from openbudget.reading.pdf import read_pdf_here
from openbudget.reading.pdf.reader import page_blocks
from openbudget.reading.pdf.runs import Character, runs_of
from tests.reading.pdf_making import Edge, facts, grids, one_page, text_at

LEFT, TOP = 40.0, 60.0


@dataclass(frozen=True)
class Drawn:
    """A table: where its lines run, and its cells as text, row, column and spans."""

    xs: list[float]
    ys: list[float]
    cells: list[tuple[str, int, int, int, int]]

    def box(self, cell: tuple[str, int, int, int, int]) -> tuple[float, float, float, float]:
        _, row, column, row_span, column_span = cell
        left, right = self.xs[column], self.xs[column + column_span]
        return left, self.ys[row], right, self.ys[row + row_span]


@st.composite
def tables(draw: st.DrawFn) -> Drawn:
    height, width = draw(st.integers(1, 7)), draw(st.integers(2, 7))
    free = {(row, column) for row in range(height) for column in range(width)}
    cells = []
    for row, column in sorted(free):
        if (row, column) not in free:
            continue
        row_span, column_span = draw(st.integers(1, height - row)), draw(st.integers(1, width))
        area = {(row, column)}
        for columns in range(1, column_span + 1):
            wider = {(row, column + step) for step in range(columns)}
            if not wider <= free:
                break
            area = wider
        while len({r for r, _ in area}) < row_span:
            lower = {(max(r for r, _ in area) + 1, c) for _, c in area}
            if not lower <= free:
                break
            area |= lower
        free -= area
        spans = len({r for r, _ in area}), len({c for _, c in area})
        text = draw(st.sampled_from(["", "0", "1,234.50", "12\n345", "0.00 "]))
        cells.append((text, row, column, *spans))
    xs, ys = [LEFT], [TOP]
    for _ in range(width):
        xs.append(xs[-1] + draw(st.integers(40, 70)))
    for _ in range(height):
        ys.append(ys[-1] + draw(st.integers(28, 50)))
    return Drawn(xs, ys, cells)


def expected(table: Drawn) -> list[tuple[str, int, int, int, int]]:
    """Count rows and columns only where a cell begins: nothing else is printed of them."""
    rows = sorted({row for _, row, *_ in table.cells})
    columns = sorted({column for _, _, column, *_ in table.cells})
    return [
        (
            text,
            rows.index(row),
            columns.index(column),
            sum(row <= other < row + row_span for other in rows),
            sum(column <= other < column + column_span for other in columns),
        )
        for text, row, column, row_span, column_span in table.cells
    ]


def edges_of(table: Drawn, shift: float) -> list[Edge]:
    """Draw each cell by itself, every other one a little off, as spreadsheets do."""
    edges = []
    for number, cell in enumerate(table.cells):
        off = shift * (number % 2)
        left, top, right, bottom = (side + off for side in table.box(cell))
        edges += [Edge(left, y, right, y) for y in (top, bottom)]
        edges += [Edge(x, top, x, bottom) for x in (left, right)]
    return edges


def characters_of(table: Drawn) -> list[Character]:
    found = []
    for cell in table.cells:
        left, top, _, _ = table.box(cell)
        for number, line in enumerate(cell[0].split("\n")):
            found += text_at(line, left + 3, top + 4 + 11 * number, size=9)
    return found


@given(tables(), st.floats(-1.4, 1.4))
@settings(deadline=None)
def test_lines_and_characters_give_the_table_back(table: Drawn, shift: float) -> None:
    blocks = page_blocks(runs_of(characters_of(table)), edges_of(table, shift), 1, 10_000)
    wanted = expected(table)
    assert [facts(grid) for grid in grids(blocks)] == ([wanted] if len(wanted) > 1 else [])


@given(tables(), st.sampled_from([b"S", b"thin"]))
@settings(deadline=None, max_examples=25)
def test_both_back_ends_read_the_table_out_of_a_pdf(table: Drawn, paint: bytes) -> None:
    drawing = [b"0.5 w"]
    for edge in edges_of(table, 0):
        left, top, right, bottom = edge.left, 800 - edge.top, edge.right, 800 - edge.bottom
        if paint == b"S":
            drawing.append(b"%f %f m %f %f l S" % (left, top, right, bottom))
        else:
            size = (right - left or 0.7, bottom - top or -0.7)
            drawing.append(b"%f %f %f %f re f" % (left, top, *size))
    for cell in table.cells:
        left, top, _, _ = table.box(cell)
        for number, line in enumerate(cell[0].split("\n")):
            where = (left + 3, 800 - top - 12 - 11 * number)
            drawing.append(b"BT /F 9 Tf %f %f Td (%s) Tj ET" % (*where, line.encode()))
    drawing.append(b"BT /F 9 Tf 20 20 Td (7) Tj ET")
    wanted = expected(table)
    content = one_page(b"\n".join(drawing))
    for back_end in ("oxide", "pdfium"):
        found = [facts(grid) for grid in grids(read_pdf_here(content, back_end=back_end))]
        assert found == ([wanted] if len(wanted) > 1 else [])
