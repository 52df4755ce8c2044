from __future__ import annotations

import pytest

from openbudget.budget.vocabulary import Phase
from openbudget.recognition.periods import Period, period_of

BUDGET = Period(2024, Phase.APPROVED)
ADJUSTED = Period(2024, Phase.ADJUSTED)
FINAL = Period(2024, Phase.EXECUTED)


@pytest.mark.parametrize(
    ("heading", "document", "expected"),
    [
        (["预算数"], BUDGET, BUDGET),
        (["预算数"], ADJUSTED, ADJUSTED),
        (["预算数"], FINAL, BUDGET),
        (["年初预算数"], FINAL, BUDGET),
        (["全年预算数"], FINAL, ADJUSTED),
        (["调整预算数"], FINAL, ADJUSTED),
        (["公务接待费", "决算数"], FINAL, FINAL),
        (["合计"], FINAL, FINAL),
        (["2024年预算数", "基本支出"], BUDGET, BUDGET),
        (["2023年执行数"], BUDGET, Period(2023, Phase.EXECUTED)),
        (["2016-执行数"], Period(2017, Phase.APPROVED), Period(2016, Phase.EXECUTED)),
        (["2023年预算数", "合计"], ADJUSTED, Period(2023, Phase.APPROVED)),
        (["上年执行数"], BUDGET, Period(2023, Phase.EXECUTED)),
        (["上年预算数"], BUDGET, Period(2023, Phase.APPROVED)),
        (["上年结转结余", "小计"], BUDGET, BUDGET),
        (["年初结转和结余"], FINAL, FINAL),
    ],
)
def test_the_period_of_a_column(heading: list[str], document: Period, expected: Period) -> None:
    assert period_of(heading, document) == expected
