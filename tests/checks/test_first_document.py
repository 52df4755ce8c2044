"""What the first document must yield, row by row of the specification, and what it must not."""

from __future__ import annotations

from dataclasses import replace

import orjson
import pytest

from openbudget.budget.document import BudgetDocument
from openbudget.budget.finding import CheckReport, Finding, OperandRole, Severity
from openbudget.checks.engine import check_document
from openbudget.loading.seed import Seed
from openbudget.reports.plain import to_plain
from tests.checks.mended import mended
from tests.conftest import GOLDEN


@pytest.fixture(scope="module")
def report(first_document: BudgetDocument, seed: Seed) -> CheckReport:
    return check_document(first_document, seed.lists)


def of(report: CheckReport, rule: str, subject: str) -> Finding:
    """Give the one finding of a rule about a subject."""
    found = [f for f in report.findings if f.id == f"findings.{rule}.{subject}"]
    assert len(found) == 1, [finding.id for finding in report.findings if finding.rule == rule]
    return found[0]


def told(finding: Finding, role: OperandRole) -> list[str]:
    """Give the operands of a role: a printed figure at its line of the file, or a sum."""
    return [
        f"{operand.text.strip()} @{operand.place.anchor.line}"
        if operand.text and operand.place
        else f"sum of {len(operand.parts)} = {operand.fen}"
        for operand in finding.operands
        if operand.role is role
    ]


AMOUNTS = {
    "a": (
        ("item-total", "revenue_and_expenditure.25.revenue"),
        (930698796, 1009286396, -78587600),
        ["930.698796 @195", "930.698796 @205"],
        [
            "1009.286396 @75",
            "1009.286396 @207",
            "1009.286396 @252",
            "1009.286396 @613",
            "1009.286396 @890",
            "1009.286396 @892",
            "1009.286396 @1010",
            "1009.286396 @1758",
            "1009.286396 @253",
        ],
    ),
    "b": (
        ("column-total", "expenditure.32.total"),
        (1009286396, 1009754396, -468000),
        ["1009.286396 @613"],
        ["sum of 31 = 1009754396"],
    ),
    "c, s": (
        ("column-total", "expenditure.32.basic"),
        (314670558, 315138558, -468000),
        ["314.670558 @614", "3,146,705.58元 @19"],
        ["sum of 26 = 315138558", "315.138558 @1229"],
    ),
    "d": (
        ("row-total", "general_public_budget_expenditure.9.total"),
        (1009286396, 1010042396, -756000),
        ["1009.286396 @1010"],
        ["sum of 2 = 1010042396", "sum of 8 = 1010042396"],
    ),
    "e": (
        ("basic-expenditure", "general_public_budget_expenditure.9.basic"),
        (315426558, 315138558, 288000),
        ["315.426558 @1011", "315.426558 @1760"],
        ["315.138558 @1229"],
    ),
    "e, function 2080505": (
        ("function-basic", "expenditure.10.basic"),
        (23988976, 24276976, -288000),
        ["23.988976 @394", "23.988976 @1103"],
        ["24.276976 @981"],
    ),
    "f": (
        ("operating-expenses", "general_public_budget_expenditure.9.operating"),
        (34222019, 27742019, 6480000),
        ["34.222019 @1013"],
        ["27.742019 @1231"],
    ),
    "g, v": (
        ("narrative-amount", "claims.13"),
        (27274019, 27742019, -468000),
        ["272,740.19元 @43"],
        ["27.742019 @1231", "34.222019 @1013"],
    ),
    "h": (
        ("function-class", "revenue_and_expenditure.4.expenditure"),
        (908797268, 909265268, -468000),
        ["908.797268 @92", "908.797268 @777"],
        ["sum of 26 = 909265268", "sum of 3 = 909265268"],
    ),
    "i": (
        ("function-class", "revenue_and_expenditure.8.expenditure"),
        (35983464, 36271464, -288000),
        ["35.983464 @112", "35.983464 @797", "sum of 2 = 35983464"],
        ["sum of 2 = 36271464"],
    ),
    "r": (
        ("classified-twice", "expenditure.29.project"),
        (2351038, 0, 2351038),
        ["2.351038 @585", "2.351038 @994", "sum of 4 = 692264800", "692.2648 @934"],
        ["sum of 0 = 0", "sum of 5 = 694615838"],
    ),
    "s, t": (
        ("basic-expenditure", "expenditure.32.basic"),
        (314670558, 315426558, -756000),
        ["314.670558 @614", "3,146,705.58元 @19"],
        ["315.426558 @1011", "315.426558 @1760"],
    ),
    "u": (
        ("personnel-expenses", "general_public_budget_expenditure.9.personnel"),
        (281204539, 287396539, -6192000),
        ["281.204539 @1012"],
        ["287.396539 @1230"],
    ),
}


@pytest.mark.parametrize("row", AMOUNTS)
def test_amounts_that_do_not_agree(report: CheckReport, row: str) -> None:
    (rule, subject), amounts, subjects, counterparts = AMOUNTS[row]
    finding = of(report, rule, subject)
    assert (finding.printed_fen, finding.computed_fen, finding.difference_fen) == amounts
    assert told(finding, OperandRole.SUBJECT) == subjects
    assert told(finding, OperandRole.COUNTERPART) == counterparts
    assert finding.severity is Severity.ERROR
    assert not finding.within_rounding


def test_the_worst_and_largest_come_first(report: CheckReport) -> None:
    order = [(finding.severity.value, finding.rule) for finding in report.findings]
    assert order[:5] == [
        ("error", "target-project-unit"),
        ("error", "item-total"),
        ("error", "personnel-expenses"),
        ("error", "operating-expenses"),
        ("error", "classified-twice"),
    ]
    assert [severity for severity, _ in order] == ["error"] * 15 + ["warning"] * 4 + ["info"] * 12
    clusters = [finding.cluster for finding in report.findings if finding.cluster]
    assert clusters == ["7560.00"] * 3 + ["4680.00"] * 4 + ["2880.00"] * 3


def test_every_operand_tells_what_it_differs_by(report: CheckReport) -> None:
    finding = of(report, "narrative-amount", "claims.13")
    assert [operand.difference_fen for operand in finding.operands] == [None, -468000, -6948000]


def test_equal_differences_are_clusters(report: CheckReport) -> None:
    clusters: dict[str | None, list[str]] = {}
    for finding in report.findings:
        clusters.setdefault(finding.cluster, []).append(finding.id.split(".", 1)[1])
    del clusters[None]
    assert {name: sorted(found) for name, found in clusters.items()} == {
        "4680.00": [
            "column-total.expenditure.32.basic",
            "column-total.expenditure.32.total",
            "function-class.revenue_and_expenditure.4.expenditure",
            "narrative-amount.claims.13",
        ],
        "7560.00": [
            "basic-expenditure.expenditure.32.basic",
            "row-total.general_public_budget_expenditure.9.total",
            "target-parts.performance-targets.2",
        ],
        "2880.00": [
            "basic-expenditure.general_public_budget_expenditure.9.basic",
            "function-basic.expenditure.10.basic",
            "function-class.revenue_and_expenditure.8.expenditure",
        ],
    }


def test_what_explains_the_differences(report: CheckReport) -> None:
    told = {
        finding.id.split(".", 1)[1]: [
            (explanation.kind, explanation.message.zh) for explanation in finding.explanations
        ]
        for finding in report.findings
    }
    assert told["operating-expenses.general_public_budget_expenditure.9.operating"] == [
        (
            "row",
            "差额与《预算07表 一般公共预算财政拨款基本支出表》“30239 其他交通费用”"  # noqa: ISC003
            + "的“本年预算数·人员经费”的金额相同。",
        )
    ]
    assert (
        "sum_of_differences",
        "0.756 万元 ＝ 0.288 万元 ＋ 0.468 万元，后两者是本文件的其他差额。",
    ) in (told["row-total.general_public_budget_expenditure.9.total"])
    assert told["personnel-expenses.general_public_budget_expenditure.9.personnel"] == [
        ("sum_of_differences", "6.192 万元 ＝ 6.48 万元 － 0.288 万元，后两者是本文件的其他差额。")
    ]
    assert told["item-total.revenue_and_expenditure.25.revenue"] == [
        ("last_year", "印出的数与文字说明中 2023 年的数（9,306,987.96）相同。")
    ]
    assert told["classified-twice.expenditure.29.project"] == [
        (
            "row",
            "差额与《预算04表 项目支出表》“法援中心预留机动费”"  # noqa: ISC003
            + "的“本年拨款·一般公共预算”的金额相同。",
        )
    ]


def test_nothing_is_found_where_figures_agree(report: CheckReport) -> None:
    """02, 05, 04 against 03, the rows of 07, 12 against 04, shares and growths, one target."""
    assert len(report.findings) < 60
    passed = {outcome.rule: (outcome.applied, outcome.failed) for outcome in report.outcomes}
    assert passed["fiscal-appropriation"] == (1, 0)
    assert passed["project-expenditure"] == (1, 0)
    assert passed["narrative-growth"] == (4, 0)
    assert passed["narrative-share"] == (2, 0)
    assert passed["economic-basic"][1] == 0
    totals = {check.line: check.difference_fen for check in report.totals}
    wrong = {line for line, difference in totals.items() if difference}
    assert {line for line in totals if line.startswith(("revenue.", "fiscal_appropriation."))}
    assert wrong == {
        "revenue_and_expenditure.25.revenue",
        "revenue_and_expenditure.27.revenue",
        "expenditure.32.total",
        "expenditure.32.basic",
        "general_public_budget_expenditure.9.total",
    }


def test_the_report_is_the_same_every_time(
    report: CheckReport, first_document: BudgetDocument, seed: Seed
) -> None:
    assert check_document(first_document, seed.lists) == report


def test_the_whole_report(report: CheckReport, request: pytest.FixtureRequest) -> None:
    golden = GOLDEN / "xicheng-legal-aid-center-2024" / "findings.json"
    made = orjson.dumps(to_plain(report), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    if request.config.getoption("--update-golden"):
        golden.write_bytes(made)
    assert made == golden.read_bytes()


def test_a_figure_of_the_narrative_that_is_another_row_is_explained(seed: Seed) -> None:
    """The narrative gives as basic expenditure what the table prints as project expenditure."""
    document = mended(seed)
    claims = tuple(
        replace(claim, fen=694615838, text="6,946,158.38元") if claim.number == 7 else claim
        for claim in document.claims
    )
    found = check_document(replace(document, claims=claims), seed.lists)
    explanations = of(found, "narrative-amount", "claims.7").explanations
    assert [(own.kind, own.message.zh) for own in explanations] == [
        (
            "same_amount",
            "文字说明中的数与《预算03表 支出预算总表》合计行的“项目支出”相同。",
        )
    ]
