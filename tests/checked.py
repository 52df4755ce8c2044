"""A report on the first document made by hand, so that tests need no rules."""

from __future__ import annotations

from dataclasses import replace

from openbudget.blocks import Anchor
from openbudget.budget.document import BudgetDocument, RelatedDocument
from openbudget.budget.finding import (
    CheckReport,
    Explanation,
    Family,
    Finding,
    Message,
    Operand,
    OperandRole,
    RelatedFinding,
    Rule,
    RuleOutcome,
    RuleStatus,
    Severity,
    TotalCheck,
)
from openbudget.budget.table import BudgetLine, Place


def say(zh: str, en: str) -> Message:
    return Message(zh, en)


def _rule(name: str, family: Family, severity: Severity, zh: str, en: str) -> Rule:
    text = say(f"{zh}。", f"{en}.")
    source = say("表式本身", "the form itself")
    return Rule(name, family, severity, say(zh, en), text, source, text)


RULES = (
    _rule("column_total", Family.COLUMN, Severity.ERROR, "合计与各行之和", "total against rows"),
    _rule("missing_value", Family.MISSING, Severity.INFO, "指标缺值", "indicator without a value"),
    _rule("narrative_sum", Family.NARRATIVE, Severity.WARNING, "文字与表", "text against tables"),
)
COLUMN, MISSING, NARRATIVE = (
    "findings.column_total.expenditure.32.total",
    "findings.missing_value.performance-targets.1.indicators.2",
    "findings.narrative_sum.claims.4",
)


def checked(document: BudgetDocument) -> CheckReport:
    """Find three things in the first document: in a column, in a target, and in the text."""
    return CheckReport(
        (column_finding(document), _missing(), _narrative()),
        (
            RuleOutcome("column_total", RuleStatus.FAILED, 4, 1),
            RuleOutcome(
                "missing_value",
                RuleStatus.NOT_APPLICABLE,
                reason=say("没有绩效目标表。", "There is no table of targets."),
            ),
            RuleOutcome("narrative_sum", RuleStatus.PASSED, 2),
        ),
        (
            TotalCheck("expenditure.32.total", 1009_754396, -468000, (COLUMN,)),
            TotalCheck("project_expenditure.1.total", 180000000, 0),
        ),
    )


def column_finding(document: BudgetDocument) -> Finding:
    lines = {
        f"{table.key}.{line.ordinal}.{line.column}": line
        for table in document.tables
        for line in table.lines
    }
    parts = tuple(f"expenditure.{n}.total" for n in range(1, 32))
    total = lines["expenditure.32.total"]
    computed = sum(lines[part].amount.fen or 0 for part in parts)
    printed = total.amount.fen or 0
    counterpart = Operand(
        OperandRole.COUNTERPART,
        say("31行之和", "sum of 31 rows"),
        fen=computed,
        table="expenditure",
        parts=parts,
    )
    return Finding(
        id=COLUMN,
        rule="column_total",
        family=Family.COLUMN,
        severity=Severity.ERROR,
        operands=(subject(total, "expenditure.32.total", "expenditure"), counterpart),
        message=say("03表合计比各行之和少0.468万元。", "The total is 0.468 below its rows."),
        printed_fen=printed,
        computed_fen=computed,
        difference_fen=printed - computed,
        cluster="4680.00",
        explanations=(
            Explanation(
                "row",
                say("第29行为此数。", "Row 29 is that figure."),
                468000,
                ("expenditure.29.project",),
                (NARRATIVE,),
            ),
        ),
    )


def subject(line: BudgetLine, item: str, table: str) -> Operand:
    return Operand(
        OperandRole.SUBJECT,
        say("合计", "total"),
        line.amount.fen,
        line.amount.text,
        line.amount.unit,
        line.place,
        item,
        table,
    )


def _missing() -> Finding:
    item = "performance-targets.1.indicators.2"
    operand = Operand(
        OperandRole.SUBJECT,
        say("质量指标", "quality"),
        text="",
        place=Place(Anchor(line=1524), 16, 8),
        item=item,
        table="project_performance_target",
    )
    return Finding(
        id=MISSING,
        rule="missing_value",
        family=Family.MISSING,
        severity=Severity.INFO,
        operands=(operand,),
        message=say("质量指标没有指标值。", "The indicator of quality has no value."),
    )


def _narrative() -> Finding:
    told = Operand(
        OperandRole.SUBJECT,
        say("机构运行经费", "operating expenses"),
        27274019,
        "272,740.19",
        "元",
        Place(Anchor(line=43)),
        "claims.4",
    )
    line = Operand(
        OperandRole.COUNTERPART,
        say("法律援助补贴经费", "legal aid subsidies"),
        482500000,
        "482.5",
        "万元",
        None,
        "project_expenditure.2.total",
        "project_expenditure",
    )
    return Finding(
        id=NARRATIVE,
        rule="narrative_sum",
        family=Family.NARRATIVE,
        severity=Severity.WARNING,
        operands=(told, line),
        message=say("文字与表不一致。", "The text and the table differ."),
        within_rounding=True,
        printed_fen=27274019,
        computed_fen=27742019,
        difference_fen=-468000,
        cluster="4680.00",
    )


def held_against(
    own: RelatedDocument, others: tuple[RelatedDocument, ...]
) -> tuple[RelatedFinding, ...]:
    """Hold the total of 03 of a document against that of each other one."""
    return tuple(_related(own, other) for other in others)


def _related(own: RelatedDocument, other: RelatedDocument) -> RelatedFinding:
    mine, theirs = _operand(own), replace(_operand(other), document=other.document_id)
    finding = Finding(
        id="findings.other_total.expenditure.32.total",
        rule="other_total",
        family=Family.TABLE,
        severity=Severity.WARNING,
        operands=(mine, replace(theirs, role=OperandRole.COUNTERPART)),
        message=say("两份文件的合计不同。", "The totals of two documents differ."),
        explanations=(Explanation("row", say("无", "none"), None, ("expenditure.1.total",)),),
    )
    return RelatedFinding(other.document_id, finding)


def _operand(document: RelatedDocument) -> Operand:
    (table,) = (table for table in document.tables if table.key == "expenditure")
    (total,) = (line for line in table.lines if (line.ordinal, line.column) == (32, "total"))
    return subject(total, "expenditure.32.total", "expenditure")
