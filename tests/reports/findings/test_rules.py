from __future__ import annotations

from openbudget.checks.rules import load_rules
from openbudget.reports.findings.rules import list_rules, rules_markdown
from tests.conftest import ROOT
from tests.reports.findings.made import RULES


def test_the_committed_reference_is_current() -> None:
    committed = (ROOT / "docs/rules.md").read_text(encoding="utf-8")
    assert committed == rules_markdown(load_rules()), "run `make generate`"


def test_a_rule_is_told_with_all_it_declares() -> None:
    text = rules_markdown(RULES)
    assert (
        "| [`column.total`](#rule-column-total) | `error` | A total and its rows | 合计与各行 |"
    ) in text
    _, section = text.split("## `column`: within a column · 一列之内\n")
    assert section.split("## `narrative`")[0] == (
        '\n<a id="rule-column-total"></a>\n\n'
        "### `column.total`: A total and its rows · 合计与各行\n\n"
        "`error`. A total equals the sum of its leaf rows.\n\n"
        "合计行应等于各明细行之和。\n\n"
        "- Source · 依据: The arithmetic of the form\n  表格自身的算术\n"
        "- Example · 示例: The total prints 3, the rows 1 and 1.\n  合计印为 3，各行为 1 和 1。\n\n"
    )


def test_rules_are_listed_in_columns() -> None:
    assert list(list_rules(RULES, "zh")) == [
        "column.total         矛盾  合计与各行",
        "narrative.operating  矛盾  机构运行经费与公用经费",
    ]
