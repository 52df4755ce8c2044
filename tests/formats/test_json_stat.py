"""Data sets of JSON-stat: written whole, dense and sparse, and every cell at its position."""

from __future__ import annotations

import json
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openbudget.budget.money import format_yuan
from openbudget.formats.encoding import exact_number
from openbudget.formats.json_stat import (
    Category,
    Cell,
    Dataset,
    Dimension,
    Unit,
    count_positions,
    write_dataset,
)

YEARS = Dimension("year", "年度", [Category("2023", "2023"), Category("2024", "2024")], "time")
MEASURES = Dimension(
    "measure",
    "指标",
    [
        Category("amount", "金额", Unit("元", 2, "¥")),
        Category("count", "行数", Unit("行", 0)),
    ],
    "metric",
)


def test_a_data_set_is_written_whole() -> None:
    cells = [
        Cell(("2023", "amount"), exact_number("1800000.00"), "error"),
        Cell(("2023", "count"), 2, "error"),
        Cell(("2024", "amount"), None),
        Cell(("2024", "count"), 1),
    ]
    written = write_dataset(Dataset("支出总表", [YEARS, MEASURES], cells, {"currency": "CNY"}))
    assert b"1800000.00" in written
    assert json.loads(written) == {
        "version": "2.0",
        "class": "dataset",
        "label": "支出总表",
        "id": ["year", "measure"],
        "size": [2, 2],
        "role": {"time": ["year"], "metric": ["measure"]},
        "dimension": {
            "year": {
                "label": "年度",
                "category": {
                    "index": ["2023", "2024"],
                    "label": {"2023": "2023", "2024": "2024"},
                },
            },
            "measure": {
                "label": "指标",
                "category": {
                    "index": ["amount", "count"],
                    "label": {"amount": "金额", "count": "行数"},
                    "unit": {
                        "amount": {
                            "label": "元",
                            "decimals": 2,
                            "symbol": "¥",
                            "position": "start",
                        },
                        "count": {"label": "行", "decimals": 0},
                    },
                },
            },
        },
        "value": [1800000.0, 2, None, 1],
        "status": {"0": "error", "1": "error"},
        "extension": {"currency": "CNY"},
    }


def test_few_values_are_written_by_position_and_no_status_is_left_out() -> None:
    written = json.loads(
        write_dataset(Dataset("表", [YEARS, MEASURES], [Cell(("2024", "count"), 7)]))
    )
    assert written["value"] == {"3": 7}
    assert "status" not in written


def test_a_member_that_no_dimension_has_is_an_error() -> None:
    with pytest.raises(KeyError):
        write_dataset(Dataset("表", [YEARS], [Cell(("2025",), 1)]))


SIZES = st.lists(st.integers(1, 4), min_size=1, max_size=4)


@given(SIZES, st.data())
def test_every_cell_is_found_where_the_specification_counts_it(
    sizes: list[int], data: st.DataObject
) -> None:
    dimensions = [
        Dimension(f"d{n}", f"D{n}", [Category(f"{n}-{m}", f"M{m}") for m in range(size)])
        for n, size in enumerate(sizes)
    ]
    places = list(product(*([own.id for own in one.categories] for one in dimensions)))
    fens = data.draw(st.dictionaries(st.sampled_from(places), st.integers(-(10**17), 10**17)))
    marks = data.draw(
        st.dictionaries(st.sampled_from(sorted(fens)), st.just("info")) if fens else st.just({})
    )
    cells = [
        Cell(place, exact_number(format_yuan(fen)), marks.get(place)) for place, fen in fens.items()
    ]
    text = write_dataset(Dataset("表", dimensions, cells))
    written: dict[str, Any] = json.loads(text, parse_float=Decimal)
    assert count_positions(dimensions) == len(places)
    # In row-major order, the last dimension quickest: the order of itertools.product.
    values = written["value"]
    by_position = dict(enumerate(values)) if isinstance(values, list) else values
    found = {places[int(n)]: value for n, value in by_position.items() if value is not None}
    assert found == {place: Decimal(fen) / 100 for place, fen in fens.items()}
    assert {places[int(n)]: s for n, s in written.get("status", {}).items()} == marks
