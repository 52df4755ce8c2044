"""Codes and amounts of any table survive from the text of a file to its lines."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from openbudget.budget.document import DocumentIdentity, PublishedFile
from openbudget.budget.money import format_yuan
from openbudget.budget.vocabulary import Phase, Role, Scope
from openbudget.reading.text import read_text
from openbudget.recognition.recognize import Surroundings, recognize

IDENTITY = DocumentIdentity("110102", "231002", 2024, Scope.UNIT, Phase.APPROVED, "t", "p")
FILE = PublishedFile("0" * 64, "text/plain", 0)
HEAD = [
    "支出功能分类科目",
    "政府支出经济分类科目",
    "部门支出经济分类科目",
    "合计",
    "基本支出",
    "项目支出",
    "其中",
]
BELOW = ["", "", "", "", "", "", "事业单位经营支出", "上缴上级支出", "对附属单位补助支出"]

CODES = st.text("0123456789", min_size=3, max_size=9)
LABELS = st.text("公共安全支出法律服务（）办费", min_size=1, max_size=8)
ROWS = st.lists(
    st.tuples(CODES, LABELS, CODES, CODES, st.integers(0, 10**15), st.booleans()),
    min_size=1,
    max_size=12,
)
Row = tuple[str, str, str, str, int, bool]


def cells(row: Row) -> list[str]:
    function, label, government, department, fen, basic = row
    amount = format_yuan(fen)
    split = [amount, ""] if basic else ["", amount]
    coded = [f"{code}-{label}" for code in (function, government, department)]
    return [*coded, amount, *split, "", "", ""]


def table(rows: list[Row]) -> bytes:
    total = format_yuan(sum(row[4] for row in rows))
    printed = [["支出预算总表"], ["", "单位：元"], HEAD, BELOW, *map(cells, rows)]
    printed.append(["合计", "", "", total, "", "", "", "", ""])
    return "\n\n".join("\n".join(f"\t{cell}" for cell in row) for row in printed).encode()


@given(ROWS)
def test_codes_labels_and_amounts_are_kept(rows: list[Row]) -> None:
    document = recognize(read_text(table(rows)), IDENTITY, FILE, Surroundings())
    (found,) = document.tables
    leaves = [line for line in found.lines if line.role is Role.LEAF]
    kept = [
        (
            line.function.code,
            line.function.label,
            line.government_economic.code,
            line.department_economic.code,
            line.amount.fen,
            line.expenditure_type == "basic",
        )
        for line in leaves
        if line.function and line.government_economic and line.department_economic
    ]
    assert kept == rows
    assert [line.amount.fen for line in found.lines if line.role is Role.TOTAL] == [
        sum(row[4] for row in rows)
    ]
    assert document.coverage.unmapped == ()
    ignored = sum(count for _, count in document.coverage.ignored)
    assert document.coverage.used + ignored == document.coverage.cells
