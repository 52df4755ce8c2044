"""The worked example of docs/layouts.md is a layout, and reads the table it is written for."""

from __future__ import annotations

import re

from openbudget.blocks import Anchor
from openbudget.recognition.layout import TableLayout
from openbudget.recognition.layout_files import parse_family
from openbudget.recognition.pieces import Piece, Row
from openbudget.recognition.table_shape import fit_layout
from tests.conftest import ROOT

GUIDE = (ROOT / "docs" / "layouts.md").read_text(encoding="utf-8")


def example() -> TableLayout:
    blocks = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)
    ((layout,), forms, aliases) = parse_family("".join(blocks).encode(), "docs/layouts.md")
    assert (forms, aliases) == ([], {})
    return layout


FIRST_HEADER = [
    ("科目编码", 0, 1),
    ("科目名称", 1, 1),
    ("2025年预算数", 2, 3),
    ("比上年增减%", 5, 1),
]


def row(number: int, *cells: tuple[str, int, int]) -> Row:
    pieces = [
        Piece((0, column, 0), text, Anchor(), number, column, column_span=span)
        for text, column, span in cells
    ]
    return Row(tuple(pieces), in_grid=True)


def test_the_example_fits_its_table() -> None:
    header = [
        row(0, ("支出预算分资金来源表", 0, 6)),
        row(1, *FIRST_HEADER),
        row(2, ("合计", 2, 1), ("财政拨款", 3, 1), ("自有资金", 4, 1)),
        row(3, ("201", 0, 1), ("一般公共服务支出", 1, 1), ("12.00", 2, 1)),
    ]
    shape = fit_layout(header, [example()])
    assert shape is not None
    assert [column.layout.key for column in shape.header.columns if column.layout] == [
        "function_code",
        "function_label",
        "total",
        "fiscal_appropriation",
        "unit_funds",
        "change_rate",
    ]
    assert (shape.first, shape.last, shape.header.missing) == (1, 3, 0)
