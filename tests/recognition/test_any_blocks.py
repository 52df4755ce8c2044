"""Whatever the blocks are, reading them gives an account of every piece, or one of our errors."""

from __future__ import annotations

from contextlib import suppress

from hypothesis import given, settings
from hypothesis import strategies as st

from openbudget.blocks import Anchor, Block, Cell, Grid, Paragraph
from openbudget.budget.classification import CodeLists
from openbudget.budget.document import DocumentIdentity, PublishedFile
from openbudget.budget.vocabulary import Phase, Scope
from openbudget.errors import OpenBudgetError
from openbudget.recognition.identity import find_identity
from openbudget.recognition.places import Places
from openbudget.recognition.recognize import Surroundings, recognize

TEXTS = st.sampled_from(
    [
        *("收支总表", "支出总表", "支出决算表", "项目支出绩效目标申报表", "“三公”经费预算表"),
        *("单位：万元", "编制部门：上海市水务局 单位：元", "目 录", "收入总表……3", "公开01表"),
        *("科目编码", "科目名称", "合计", "基本支出", "项目支出", "项目", "预算数", "收入", "支出"),
        *("项目负责人", "联系电话", "绩效指标", "一级指标", "指标值", "栏次", "1", "2"),
        *("201", "20101", "7", "5.00", "1,000", "—", "0", "……", "一、财政拨款收入", "人数（人）"),
        *(
            "注：空表。",
            "第一部分 概况",
            "- 3 -",
            "上海市水务局2024年部门预算",
            "",
            "",
            "\n",
            "x\ny",
        ),
    ]
)
SPANS = st.sampled_from([1, 1, 1, 2, 3])
IDENTITY = DocumentIdentity("310000", "1", 2024, Scope.UNIT, Phase.EXECUTED, "title", "office")


@st.composite
def grids(draw: st.DrawFn, page: int) -> Grid:
    width, height = draw(st.integers(1, 6)), draw(st.integers(1, 6))
    boxed, ragged = draw(st.booleans()), draw(st.booleans())
    cells = []
    for row in range(height):
        column = 0
        while column < width:
            span = min(draw(SPANS), width - column)
            box = (column * 10.0, row * 10.0, (column + span) * 10.0, row * 10.0 + 10)
            anchor = Anchor(page=page, box=box if boxed else None)
            cells.append(Cell(draw(TEXTS), row, column, anchor, 1, span))
            column += span
    return Grid(tuple(cells), Anchor(page=page), ragged)


@st.composite
def documents(draw: st.DrawFn) -> list[Block]:
    blocks: list[Block] = []
    for page in range(1, draw(st.integers(2, 6))):
        texts = draw(st.lists(TEXTS, max_size=4))
        blocks.extend(Paragraph(text, Anchor(page=page)) for text in texts)
        blocks.append(draw(grids(page)))
    return blocks


@settings(deadline=None, max_examples=150)
@given(documents())
def test_any_blocks_are_accounted_for(blocks: list[Block]) -> None:
    file = PublishedFile("0" * 64, "application/pdf", 0)
    with suppress(OpenBudgetError):
        document = recognize(blocks, IDENTITY, file, Surroundings(CodeLists()))
        coverage = document.coverage
        parts = coverage.used + sum(n for _, n in coverage.ignored) + len(coverage.unmapped)
        assert parts == coverage.cells
        ids = [(t.key, line.ordinal, line.column) for t in document.tables for line in t.lines]
        assert len(ids) == len(set(ids))


@settings(deadline=None, max_examples=100)
@given(documents())
def test_identities_are_found_or_asked_for(blocks: list[Block]) -> None:
    with suppress(OpenBudgetError):
        identity = find_identity(blocks, Places(()))
        assert identity.department
