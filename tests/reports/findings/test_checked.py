from __future__ import annotations

from dataclasses import replace

from openbudget.budget.finding import CheckReport, Family, Severity
from openbudget.reports.findings.checked import (
    Selection,
    any_at_least,
    count_clusters,
    count_rules,
    grouped,
)
from tests.reports.findings.made import RULES

NAMED = {rule.id: rule for rule in RULES}


def rules(report: CheckReport) -> list[str]:
    return [finding.rule for finding in report.findings]


def test_findings_are_told_by_severity_and_by_what_they_have_in_common(report: CheckReport) -> None:
    told = [
        (severity.value, group.cluster, group.family.value, [f.rule for f in group.findings])
        for severity, groups in grouped(report.findings)
        for group in groups
    ]
    assert told == [
        ("error", "4680.00", "column", ["column.total", "narrative.operating"]),
        ("error", None, "table", ["table.operating"]),
        ("warning", None, "unit", ["unit.target"]),
        ("warning", None, "year", ["year.heading"]),
        ("info", None, "missing", ["missing.amount"]),
        ("info", None, "row", ["row.total"]),
    ]


def test_groups_keep_the_order_in_which_the_checks_tell_them(report: CheckReport) -> None:
    (_, groups), *_ = grouped(report.findings[::-1])
    assert [group.cluster for group in groups] == [None, "4680.00"]
    assert count_clusters(report.findings) == {"4680.00": 2}


def test_a_cluster_over_severities_is_told_in_each(report: CheckReport) -> None:
    findings = [
        replace(f, severity=Severity.INFO) if f.rule == "column.total" else f
        for f in report.findings
    ]
    shared = [(s.value, g.cluster, len(g.findings)) for s, gs in grouped(findings) for g in gs]
    assert shared[0] == ("error", "4680.00", 1)
    assert ("info", "4680.00", 1) in shared


def test_a_selection_keeps_what_is_asked_for(report: CheckReport) -> None:
    assert Selection().of(report, NAMED) == report
    severe = Selection(severity=Severity.WARNING).of(report, NAMED)
    assert len(severe.findings) == 5
    assert severe.outcomes == report.outcomes
    family = Selection(families=frozenset({Family.COLUMN})).of(report, NAMED)
    assert rules(family) == ["column.total"]
    assert [outcome.rule for outcome in family.outcomes] == ["column.total"]
    rule = Selection(rules=frozenset({"row.total", "year.heading"})).of(report, NAMED)
    assert rules(rule) == ["year.heading", "row.total"]
    assert count_rules(rule.outcomes) == (1, 1, 0, 0)


def test_a_severity_is_reached_by_worse_ones(report: CheckReport) -> None:
    mild = Selection(families=frozenset({Family.UNIT})).of(report, NAMED)
    assert not any_at_least([mild], Severity.ERROR)
    assert any_at_least([mild], Severity.WARNING)
    assert any_at_least([CheckReport(), report], Severity.ERROR)
    assert not any_at_least([CheckReport()], Severity.INFO)
