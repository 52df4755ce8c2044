from __future__ import annotations

import pytest

from openbudget.budget.folding import fold
from openbudget.budget.vocabulary import TableKind
from openbudget.errors import LayoutError
from openbudget.recognition.titles import TitleIndex, fold_title, title_index

TITLES = [
    ("收支总表", TableKind.REVENUE_AND_EXPENDITURE, None),
    ("预算01表 收支总表", TableKind.REVENUE_AND_EXPENDITURE, "预算01表"),
    ("表一、部门收支总体情况表", TableKind.REVENUE_AND_EXPENDITURE, "表一"),
    ("公开01表 收入支出决算总表", TableKind.REVENUE_AND_EXPENDITURE, "公开01表"),
    ("附件2-1：部门收入总表", TableKind.REVENUE, "附件2-1："),
    ("2025年预算单位收入预算总表", TableKind.REVENUE, None),
    ("二、收入决算表", TableKind.REVENUE, "二、"),
    ("上海市水务局2024年度支出决算表", TableKind.EXPENDITURE, None),
    ("德江县统计局收支总表", TableKind.REVENUE_AND_EXPENDITURE, None),
    ("2025年部门“三公”经费和机关运行经费预算表", TableKind.THREE_PUBLIC_EXPENSES, None),
    ("台创园2017-度部门“三公”经费预算情况表", TableKind.THREE_PUBLIC_EXPENSES, None),
    ("嶽陽縣文聯2017-度“三公”經費預算表", TableKind.THREE_PUBLIC_EXPENSES, None),
    ("⽀出总表", TableKind.EXPENDITURE, None),
    ("收入总表  单位：万元", TableKind.REVENUE, None),
    ("政府性基金预算（财政拨款）支出表", TableKind.GOVERNMENT_FUND_BUDGET_EXPENDITURE, None),
    ("国有资本经营预算预算支出表", TableKind.STATE_CAPITAL_OPERATIONS_BUDGET_EXPENDITURE, None),
    ("年度项目支出绩效目标表", TableKind.PROJECT_PERFORMANCE_TARGET, None),
]


@pytest.mark.parametrize(("text", "kind", "number"), TITLES)
def test_titles_are_matched_by_alias(text: str, kind: TableKind, number: str | None) -> None:
    match = title_index().match(text)
    assert match is not None
    assert (match.kind, match.number, match.title) == (kind, number, text.strip())


@pytest.mark.parametrize(
    "text",
    [
        "部门收支总表……………………5",
        "收入总表 .......... 3",
        "我们编制了收支总表",
        "人员情况表",
        "一般公共预算财政拨款支出决算情况说明",
        "收支总表反映单位全部收入和支出。",
        "",
    ],
)
def test_other_texts_are_no_titles(text: str) -> None:
    assert title_index().match(text) is None


def test_a_title_of_two_kinds_is_refused() -> None:
    with pytest.raises(LayoutError, match="收入预算总表 is a title of expenditure and of another"):
        TitleIndex([("收入总表", TableKind.REVENUE), ("收入预算总表", TableKind.EXPENDITURE)])


def test_folding_goes_character_by_character() -> None:
    assert fold("單 位：萬元 ⻓ ⽬錄“三公”") == "单位:万元长目录三公"
    assert fold_title("2024年部门（单位）收入预算总表") == "收入总表"
