"""How messages list the names of figures."""

from openbudget.budget.finding import Message
from openbudget.checks.labels import listed, table_of

REVENUE = Message("《预算01表》“收入”", "“收入” in the summary (预算01表)")
TOTAL = Message("《预算01表》“总计”", "“总计” in the summary (预算01表)")
SAID = Message("文字说明中“收入”", "“收入” in the narrative")


def test_the_table_of_several_figures_is_said_once() -> None:
    assert listed([REVENUE]) == REVENUE
    assert listed([REVENUE, TOTAL]) == Message(
        "《预算01表》“收入”、“总计”", "“收入” and “总计” in the summary (预算01表)"
    )


def test_figures_of_several_tables_keep_them() -> None:
    assert listed([REVENUE, SAID]) == Message(
        "《预算01表》“收入”、文字说明中“收入”",
        "“收入” in the summary (预算01表) and “收入” in the narrative",
    )


def test_what_is_left_out_is_counted() -> None:
    found = listed([REVENUE, SAID], 3)
    assert found.zh.endswith("、文字说明中“收入”等5处")
    assert found.en.endswith(", “收入” in the narrative and 3 more")


def test_a_figure_names_its_table() -> None:
    assert table_of(TOTAL) == Message("《预算01表》", "the summary (预算01表)")
