"""The rules that are no sums, over documents as they were published.

Every finding was read beside the document and judged; those below are all there are. The files
are looked for as in `tests.recognition.test_real_documents`.
"""

from __future__ import annotations

import pytest

from openbudget.checks import (
    classified,
    codes,
    missing,
    names,
    promises,
    targets,
    templates,
    transfers,
    years,
)
from openbudget.checks.engine import CHECKS
from openbudget.checks.rules import load_declarations
from openbudget.loading.pipeline import read_file
from openbudget.loading.seed import Seed
from tests.checks.applying import apply
from tests.recognition.test_real_documents import BUDGETS, PLANNING, WELFARE, published

MODULES = {
    own.__name__
    for own in (
        *(classified, codes, missing, names, promises),
        *(targets, templates, transfers, years),
    )
}
BASIC = "department-economic.general_public_budget_basic_expenditure-302"

FOUND = {
    WELFARE: {
        "findings.code-name.department-economic.30108": "“30108 机关事业单位基本养老保险费”",
        "findings.code-name.department-economic.303": "“303 离退休人员经费”",
        "findings.code-of-another-name.department-economic.30301": "（列表为“30302 退休费”）",
        f"findings.code-own-numbering.{BASIC}": "302 之下有 11 个科目",
        "findings.code-pattern.71102": "印为“7|11|02”，而上一行是“210|11”；据上下行应为“2101102",
        "findings.code-former-name.210": "“三、医疗卫生与计划生育支出”使用了以前年度的科目名称",
        "findings.reason-missing.sections.6.16": "与2023年预算持平，主要原因是”没有写出原因",
        "findings.template-sentences.sections.10.16": "留有范本的文字“(增加内容)”",
    },
    PLANNING: {
        "findings.unit-missing.claims.20": "中的数字 13.95 没有单位",
        "findings.template-sentences.sections.15.25": "留有范本的文字“下降(增长)”",
    },
}


@pytest.mark.parametrize("name", [*BUDGETS, PLANNING])
def test_every_finding_is_known_and_right(name: str, seed: Seed) -> None:
    document = read_file(published(f"{name}.pdf"), seed).document
    rules = [
        own.rule.id
        for own in load_declarations()
        if own.check in CHECKS and CHECKS[own.check].__module__ in MODULES
    ]
    found = {
        finding.id: finding.message.zh
        for rule in rules
        for finding in apply(rule, document, seed.lists).findings
    }
    known = FOUND.get(name, {})
    assert set(found) == set(known)
    for finding, words in known.items():
        assert words in found[finding]
