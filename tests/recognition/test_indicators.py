from __future__ import annotations

import pytest

from openbudget.budget.document import BudgetDocument
from openbudget.recognition.quantities import parse_quantities

YEAR = "2024"
FIRST_HALF, SECOND_HALF = "2024-01/2024-06", "2024-07/2024-12"
ACCESS = "进一步降低法律援助的准入门槛、扩大法律援助的受案范围，使更多的居民能够从法律援助中受益"
QUALITY = "提高法律援助服务质量，扩大法律援助案件范围，维护困难群体合法权益"
PROGRESS = (
    "法律援助案件补贴及法律援助值班律师补贴是固定项支出，根据受理的案件量和值班工作量的不同，"
    "依据《北京市法律援助补贴办法》支付相应的案件补贴费用。"
)
OUTPUT, EFFECT, SATISFACTION = "产出指标", "效果指标", "服务对象满意度指标"

PROJECT = [
    (OUTPUT, "数量指标", ACCESS, None, None, [("=", "1200", "件", YEAR)]),
    (OUTPUT, "数量指标", ACCESS, None, None, [(">", "4800", "人", YEAR)]),
    (OUTPUT, "数量指标", ACCESS, None, None, [("=", "20", "次", YEAR)]),
    (OUTPUT, "质量指标", QUALITY, None, None, []),
    (OUTPUT, "进度指标", PROGRESS, None, None, [("=", "50", "%", FIRST_HALF)]),
    (OUTPUT, "进度指标", PROGRESS, None, None, [("=", "100", "%", SECOND_HALF)]),
    (OUTPUT, "成本指标", "法律援助案件补贴", "指标1", None, [("=", "2380000", "元", YEAR)]),
    (OUTPUT, "成本指标", "法律援助值班补贴", "指标2", None, [("=", "2445000", "元", YEAR)]),
    (EFFECT, "效益指标", "经济效益指标", "指标1", None, []),
    (
        EFFECT,
        "效益指标",
        "案件效益指标",
        "指标2",
        None,
        [("=", "1100", "人次", YEAR), ("=", "500", "人次", YEAR)],
    ),
    (
        EFFECT,
        "效益指标",
        "咨询效益指标",
        "指标3",
        None,
        [("=", "50000", "人次", YEAR), ("=", "20000", "人次", YEAR)],
    ),
    (EFFECT, "效益指标", "上门服务指标", "指标4", None, [("=", "20", "人次", YEAR)]),
    (EFFECT, SATISFACTION, "咨询满意度", "指标1", None, [(">", "90", "%", YEAR)]),
]
DEPARTMENT = [
    (OUTPUT, "数量指标", None, None, "件", [("=", "1200", "件", YEAR)]),
    (OUTPUT, "数量指标", None, None, "人次", [(">", "4800", "人", YEAR)]),
    (OUTPUT, "质量指标", None, None, None, []),
    (EFFECT, "经济效益指标", None, None, None, []),
    (
        EFFECT,
        "社会效益指标",
        None,
        None,
        "人次",
        [("=", number, "人次", YEAR) for number in ("1100", "500", "50000", "20000")],
    ),
    (EFFECT, "可持续影响指标", None, None, None, []),
    (EFFECT, SATISFACTION, None, None, None, [(">", "99", "%", YEAR)]),
]


@pytest.mark.parametrize(("position", "expected"), [(0, PROJECT), (1, DEPARTMENT)])
def test_all_twenty_indicators_whole(
    first_document: BudgetDocument, position: int, expected: list[tuple[object, ...]]
) -> None:
    found = [
        (
            indicator.level_1,
            indicator.level_2,
            indicator.level_3,
            indicator.label,
            indicator.printed_unit,
            [(q.comparator, str(q.value), q.unit, q.period) for q in indicator.quantities],
        )
        for indicator in first_document.targets[position].indicators
    ]
    assert found == expected


def test_indicator_values_stand_on_their_line(
    first_document: BudgetDocument, first_lines: list[str]
) -> None:
    indicators = [i for target in first_document.targets for i in target.indicators]
    assert len(indicators) == 20
    for indicator in indicators:
        line = first_lines[(indicator.place.anchor.line or 0) - 1]
        assert (indicator.value or indicator.level_3 or "") in line


def test_the_activity_is_kept(first_document: BudgetDocument) -> None:
    assert {i.activity for i in first_document.targets[1].indicators} == {"法律援助"}


def test_money_of_a_form_is_as_printed(first_document: BudgetDocument) -> None:
    amounts = {(a.item, a.period): a.amount for a in first_document.targets[0].amounts}
    annual = amounts["total", "annual"]
    assert (annual.fen, annual.text, annual.unit) == (4_825_000_000_000, "4825000", "万元")
    assert amounts["total", "mid_term"].state == "blank"


def test_objectives_and_match(first_document: BudgetDocument) -> None:
    project, department = first_document.targets
    assert [(o.period, o.text[:6]) for o in project.objectives] == [
        ("mid_term", "无"),
        ("annual", "不断降低法律"),
    ]
    assert [(o.period, o.text[:6]) for o in department.objectives] == [("annual", "法律援助覆盖")]
    assert project.match is not None
    assert project.match.project == 2
    assert project.match.method == "name_without_place_and_office"
    assert project.match.evidence == "法律援助补贴经费 = 西城区法律援助补贴经费"
    assert department.match is None


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        ("不低于95%", None, [(">=", "95", "%")]),
        ("≥95", "%", [(">=", "95", "%")]),
        ("3000人次以上", None, [(">=", "3000", "人次")]),
        ("控制在1,234.5万元以内", None, [("<=", "12345000", "元")]),
        ("拨打12348热线", None, []),
        ("2024年12月底前完成", None, []),
        ("1.5万人次", None, [("=", "15000", "人次")]),
    ],
)
def test_quantities(value: str, unit: str | None, expected: list[tuple[str, str, str]]) -> None:
    found = parse_quantities(value, unit, 2024)
    assert [(q.comparator, str(q.value), q.unit) for q in found] == expected
