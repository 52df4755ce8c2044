"""A report over the first document, made by hand: what the engine might say of it, and more."""

from __future__ import annotations

from dataclasses import replace

from openbudget.blocks import Anchor
from openbudget.budget.document import BudgetDocument
from openbudget.budget.finding import (
    CheckReport,
    Explanation,
    Family,
    Finding,
    Message,
    Operand,
    OperandRole,
    Rule,
    RuleOutcome,
    RuleStatus,
    Severity,
)
from openbudget.budget.table import BudgetLine, Place

SUBJECT, COUNTERPART, EVIDENCE = OperandRole


def line(document: BudgetDocument, item: str) -> tuple[str, BudgetLine]:
    key, ordinal, column = item.split(".")
    table = next(table for table in document.tables if table.key == key)
    found = (line for line in table.lines if (str(line.ordinal), line.column) == (ordinal, column))
    return key, next(found)


def figure(document: BudgetDocument, role: OperandRole, item: str, zh: str, en: str) -> Operand:
    table, found = line(document, item)
    return Operand(
        role,
        Message(zh, en),
        fen=found.amount.fen,
        text=found.amount.text,
        unit=found.amount.unit,
        place=found.place,
        item=item,
        table=table,
    )


def total(document: BudgetDocument, items: tuple[str, ...], zh: str, en: str) -> Operand:
    fen = sum(line(document, item)[1].amount.fen or 0 for item in items)
    return Operand(COUNTERPART, Message(zh, en), fen=fen, parts=items)


def said(number: int, fen: int | None, text: str, zh: str, en: str) -> Operand:
    """A figure of the narrative, at a line of the file."""
    place = Place(Anchor(line=number))
    return Operand(SUBJECT, Message(zh, en), fen=fen, text=text, unit="元", place=place)


def finding(rule: str, severity: Severity, *operands: Operand, zh: str, en: str) -> Finding:
    family = Family(rule.split(".", maxsplit=1)[0])
    printed, computed = (operands[0].fen, operands[1].fen) if len(operands) > 1 else (None, None)
    money = printed is not None and computed is not None
    return Finding(
        id=f"findings.{rule}.{operands[0].item or 'text'}",
        rule=rule,
        family=family,
        severity=severity,
        operands=operands,
        message=Message(zh, en),
        printed_fen=printed if money else None,
        computed_fen=computed if money else None,
        difference_fen=(printed or 0) - (computed or 0) if money else None,
    )


def column_total(document: BudgetDocument) -> Finding:
    rows = tuple(f"expenditure.{n}.total" for n in range(1, 32))
    return replace(
        finding(
            "column.total",
            Severity.ERROR,
            figure(
                document, SUBJECT, "expenditure.32.total", "03表的合计", "the total of table 03"
            ),
            total(document, rows, "03表各行之和", "its rows added up"),
            zh="支出预算总表的合计印为 1009.286396 万元，各行相加为 1009.754396 万元，"
            "相差 0.468 万元。",
            en="The total of the table of expenditure is printed as 1009.286396 (10,000 yuan); its "
            "rows add up to 1009.754396, a difference of 0.468.",
        ),
        cluster="4680.00",
        explanations=(
            Explanation(
                "same_difference",
                Message(
                    "同一差额 4,680.00 元也见于机构运行经费与公用经费之间。",
                    "The same difference of 4,680.00 yuan stands between the running costs in the "
                    "text and the operating expenses.",
                ),
                fen=468000,
                findings=("findings.narrative.operating.text",),
            ),
        ),
    )


def narrative_operating(document: BudgetDocument) -> Finding:
    return replace(
        finding(
            "narrative.operating",
            Severity.ERROR,
            said(43, 27274019, "272,740.19元", "文字中的机构运行经费", "running costs in the text"),
            replace(
                figure(
                    document,
                    COUNTERPART,
                    "general_public_budget_basic_expenditure.27.operating",
                    "07表的公用经费",
                    "operating expenses in table 07",
                ),
                difference_fen=-468000,
            ),
            replace(
                figure(
                    document,
                    COUNTERPART,
                    "general_public_budget_expenditure.9.operating",
                    "06表的公用经费",
                    "operating expenses in table 06",
                ),
                difference_fen=-6948000,
            ),
            zh="文字说明机构运行经费为 272,740.19 元，07表的公用经费为 277,420.19 元，"
            "相差 4,680.00 元。",
            en="The text gives 272,740.19 yuan of running costs, table 07 gives 277,420.19 yuan of "
            "operating expenses, a difference of 4,680.00 yuan.",
        ),
        cluster="4680.00",
    )


def table_operating(document: BudgetDocument) -> Finding:
    return replace(
        finding(
            "table.operating",
            Severity.ERROR,
            figure(
                document,
                SUBJECT,
                "general_public_budget_expenditure.9.operating",
                "06表的公用经费",
                "operating expenses in table 06",
            ),
            replace(
                figure(
                    document,
                    COUNTERPART,
                    "general_public_budget_basic_expenditure.27.operating",
                    "07表的公用经费",
                    "operating expenses in table 07",
                ),
                difference_fen=6480000,
            ),
            zh="公用经费在06表为 342,220.19 元，在07表为 277,420.19 元，相差 64,800.00 元。",
            en="Operating expenses are 342,220.19 yuan in table 06 and 277,420.19 yuan in table "
            "07, a difference of 64,800.00 yuan.",
        ),
        cluster="64800.00",
        explanations=(
            Explanation(
                "row",
                Message(
                    "07表“30239-其他交通费用”一行正好是 64,800.00 元，在07表列为人员经费。",
                    "One row of table 07, 30239-其他交通费用, is just 64,800.00 yuan; table 07 "
                    "counts it as personnel expenses.",
                ),
                fen=6480000,
                lines=("general_public_budget_basic_expenditure.2.personnel",),
            ),
        ),
    )


def unit_of_target(document: BudgetDocument) -> Finding:
    amount = document.targets[0].amounts[1]
    subject = Operand(
        SUBJECT,
        Message("绩效目标的年度资金总额", "the annual amount of the performance target"),
        fen=amount.amount.fen,
        text=amount.amount.text,
        unit=amount.amount.unit,
        place=amount.place,
        item="performance-targets.1",
        table=document.targets[0].table,
    )
    costs = Operand(
        EVIDENCE,
        Message("两项成本指标之和", "its two cost indicators added up"),
        fen=482500000,
        parts=("performance-targets.1.indicators.7", "performance-targets.1.indicators.8"),
    )
    return finding(
        "unit.target",
        Severity.WARNING,
        subject,
        figure(
            document, COUNTERPART, "project_expenditure.2.total", "04表该项目", "the project in 04"
        ),
        costs,
        zh="绩效目标印为 4825000 万元，是04表该项目 482.5 万元的一万倍。",
        en="The performance target prints 4825000 (10,000 yuan), ten thousand times the 482.5 that "
        "table 04 gives for the project.",
    )


def heading_year() -> Finding:
    place = Place(Anchor(line=59))
    subject = Operand(SUBJECT, Message("标题中的年份", "the year in a heading"), text="2023年")
    return finding(
        "year.heading",
        Severity.WARNING,
        replace(subject, place=place),
        zh="标题“第二部分、2023年部门预算表”印的是 2023 年，而文件是 2024 年的。",
        en="The heading 第二部分、2023年部门预算表 has the year 2023; the document is of 2024.",
    )


def missing_amount() -> Finding:
    return finding(
        "missing.amount",
        Severity.INFO,
        said(15, None, "", "2024年收入预算", "revenue of 2024"),
        zh="“2024年收入预算元”一句没有印出金额。",
        en="The sentence 2024年收入预算元 prints no amount.",
    )


def rounding(document: BudgetDocument) -> Finding:
    """A finding that the document does not have: small, and against another document."""
    counterpart = Operand(
        COUNTERPART,
        Message("去年文件的决算数", "the outturn in last year's document"),
        fen=930698797,
        text="9306987.97",
        unit="元",
        place=Place(Anchor(page=3)),
        item="revenue_and_expenditure.1.revenue",
        document="110102-231002-2023-department-executed",
    )
    return replace(
        finding(
            "row.total",
            Severity.INFO,
            said(15, 930698796, "9,306,987.96", "去年的收入", "last year's revenue"),
            counterpart,
            zh="去年的收入与去年文件相差 0.01 元。",
            en="Last year's revenue differs by 0.01 yuan from last year's document.",
        ),
        within_rounding=True,
    )


def made_report(document: BudgetDocument) -> CheckReport:
    return CheckReport(
        findings=(
            column_total(document),
            narrative_operating(document),
            table_operating(document),
            unit_of_target(document),
            heading_year(),
            missing_amount(),
            rounding(document),
        ),
        outcomes=(
            RuleOutcome("column.total", RuleStatus.FAILED, applied=9, failed=1),
            RuleOutcome("row.total", RuleStatus.PASSED, applied=120),
            RuleOutcome("unit.target", RuleStatus.FAILED, applied=1, failed=1),
            RuleOutcome(
                "table.funds",
                RuleStatus.NOT_APPLICABLE,
                reason=Message("08表是空表。", "Table 08 is empty."),
            ),
        ),
    )


RULES = (
    Rule(
        id="column.total",
        family=Family.COLUMN,
        severity=Severity.ERROR,
        title=Message("合计与各行", "A total and its rows"),
        text=Message("合计行应等于各明细行之和。", "A total equals the sum of its leaf rows."),
        source=Message("表格自身的算术", "The arithmetic of the form"),
        example=Message("合计印为 3，各行为 1 和 1。", "The total prints 3, the rows 1 and 1."),
    ),
    Rule(
        id="narrative.operating",
        family=Family.NARRATIVE,
        severity=Severity.ERROR,
        title=Message("机构运行经费与公用经费", "Running costs and operating expenses"),
        text=Message("文字与07表应一致。", "The text agrees with table 07."),
        source=Message("文字说明", "The narrative"),
        example=Message("文字为 2 元，表为 3 元。", "The text gives 2 yuan, the table 3."),
    ),
)
