"""What was checked, what of it is asked for, and in which order it is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from openbudget.budget.document import BudgetDocument
from openbudget.budget.finding import (
    CheckReport,
    Family,
    Finding,
    Rule,
    RuleOutcome,
    RuleStatus,
    Severity,
)
from openbudget.errors import Refusal

_ORDER = {severity: number for number, severity in enumerate(Severity)}


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file, or a member of an archive: a document with its report, or one sentence of error.

    `refusal` tells what became of a file that gives an error.
    """

    path: str
    member: str | None = None
    document: BudgetDocument | None = None
    report: CheckReport = field(default_factory=CheckReport)
    error: str | None = None
    refusal: Refusal = "failed"

    @property
    def unread(self) -> bool:
        """Whether it could not be read; a blank form was, though there is nothing to check."""
        return self.error is not None and self.refusal != "blank_form"

    @property
    def name(self) -> str:
        """The path, with the name of the member in an archive."""
        return f"{self.path} ({self.member})" if self.member else self.path


@dataclass(frozen=True, slots=True)
class Selection:
    """Which findings are asked for; an empty set is all, `severity` the least that counts."""

    rules: frozenset[str] = frozenset()
    families: frozenset[Family] = frozenset()
    severity: Severity = Severity.INFO

    def of(self, report: CheckReport, rules: Mapping[str, Rule]) -> CheckReport:
        """Keep the findings that are asked for, and the outcomes of rules that are."""
        return replace(
            report,
            findings=tuple(finding for finding in report.findings if self._wants(finding)),
            outcomes=tuple(
                outcome for outcome in report.outcomes if self._wants_rule(outcome, rules)
            ),
        )

    def _wants(self, finding: Finding) -> bool:
        wanted = not self.rules or finding.rule in self.rules
        kept = not self.families or finding.family in self.families
        return wanted and kept and at_least(finding.severity, self.severity)

    def _wants_rule(self, outcome: RuleOutcome, rules: Mapping[str, Rule]) -> bool:
        rule = rules.get(outcome.rule)
        kept = not self.families or (rule is not None and rule.family in self.families)
        return kept and (not self.rules or outcome.rule in self.rules)


class RuleCounts(NamedTuple):
    """What became of the rules: applied = passed + failed; the others do not apply."""

    applied: int
    passed: int
    failed: int
    not_applicable: int


class Group(NamedTuple):
    """Findings of one severity that share a difference (`cluster`), or else a family."""

    cluster: str | None
    family: Family
    findings: tuple[Finding, ...]


def at_least(severity: Severity, least: Severity) -> bool:
    """Whether a severity is that or worse."""
    return _ORDER[severity] <= _ORDER[least]


def any_at_least(reports: Iterable[CheckReport], least: Severity) -> bool:
    """Whether a finding of any report is of that severity or worse."""
    return any(at_least(f.severity, least) for report in reports for f in report.findings)


def count_rules(outcomes: Sequence[RuleOutcome]) -> RuleCounts:
    """Count what became of the rules."""
    counts = Counter(outcome.status for outcome in outcomes)
    passed, failed = counts[RuleStatus.PASSED], counts[RuleStatus.FAILED]
    return RuleCounts(passed + failed, passed, failed, counts[RuleStatus.NOT_APPLICABLE])


def count_severities(findings: Sequence[Finding]) -> dict[Severity, int]:
    """Count findings by severity, worst first; those that did not occur too."""
    counts = Counter(finding.severity for finding in findings)
    return {severity: counts[severity] for severity in Severity}


def count_clusters(findings: Sequence[Finding]) -> dict[str, int]:
    """Count the findings of every cluster that has several, in the order of their first."""
    counts = Counter(finding.cluster for finding in findings if finding.cluster)
    return {cluster: count for cluster, count in counts.items() if count > 1}


def grouped(findings: Sequence[Finding]) -> Iterator[tuple[Severity, list[Group]]]:
    """Give findings by severity, worst first, and in it by what they have in common.

    That is their cluster, else their family. All keep the order in which the checks tell them.
    """
    shared = count_clusters(findings)
    for severity in Severity:
        own = [finding for finding in findings if finding.severity is severity]
        if own:
            yield severity, _groups(own, shared)


def numbered(findings: Sequence[Finding]) -> dict[str, int]:
    """Number findings as they are told, from 1, by their ids."""
    told = (f for _, groups in grouped(findings) for group in groups for f in group.findings)
    return {finding.id: number for number, finding in enumerate(told, start=1)}


def _groups(findings: Sequence[Finding], shared: Mapping[str, int]) -> list[Group]:
    members: dict[object, list[Finding]] = {}
    for finding in findings:
        cluster = finding.cluster if finding.cluster in shared else None
        members.setdefault((cluster or finding.family, finding.within_rounding), []).append(finding)
    return [_group(found, shared) for found in members.values()]


def _group(findings: Sequence[Finding], shared: Mapping[str, int]) -> Group:
    first = findings[0]
    cluster = first.cluster if first.cluster in shared else None
    return Group(cluster, first.family, tuple(findings))
