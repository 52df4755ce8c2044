"""What the checks say of a document, for reading in a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import click

from openbudget.budget.document import BudgetDocument
from openbudget.budget.finding import CheckReport, Finding, Operand, Rule, RuleStatus, Severity
from openbudget.budget.identifiers import document_id
from openbudget.reports.findings.checked import (
    Group,
    count_clusters,
    count_rules,
    count_severities,
    grouped,
    numbered,
)
from openbudget.reports.findings.places import (
    DocumentIndex,
    explained_by,
    in_yuan,
    own_difference,
    printed_text,
    where,
)
from openbudget.reports.findings.words import (
    FAMILIES,
    ROLES,
    SEVERITIES,
    SEVERITY_MEANINGS,
    Lang,
    cluster_name,
    join,
    money,
    say,
    spoken,
)
from openbudget.reports.findings.wrapping import plain, wrap
from openbudget.reports.terminal import display_width

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}
_INDENT = "  "
_LABELS: Mapping[Lang, int] = {"zh": 6, "en": 13}
"""How wide the column of roles is: the widest is 所述 with two spaces, or ``counterpart``."""


@dataclass(frozen=True, slots=True)
class Style:
    """How a report is written: its width in columns, whether in colour, and how much of it.

    `rules` names rules by their titles; those it lacks are named by their ids.
    """

    width: int = 100
    colour: bool = False
    quiet: bool = False
    verbose: bool = False
    rules: Mapping[str, Rule] = field(default_factory=dict)


def check_summary(
    document: BudgetDocument,
    report: CheckReport,
    lang: Lang,
    style: Style | None = None,
    name: str | None = None,
) -> Iterator[str]:
    """Give the report of a document in lines; `name` is that of its file."""
    style = style or Style()
    identifier = document_id(document.identity)
    if style.quiet:
        yield f"{plain(name or identifier)}: {_counts(report, lang)}"
        return
    yield _bold(plain(document.identity.title), style)
    publisher = plain(document.identity.publisher)
    whose = "" if publisher in plain(document.identity.title) else publisher
    yield join(filter(None, (whose, identifier, plain(name or ""))), lang)
    yield _counts(report, lang)
    yield from wrap(_rule_counts(report, lang), style.width)
    if any(finding.difference_fen is not None for finding in report.findings):
        yield from wrap(say("difference_meaning", lang), style.width)
    yield from _Findings(DocumentIndex(document), lang, style, numbered(report.findings)).of(report)
    if style.verbose:
        yield from _reasons(report, lang, style)


def rule_name(rule: str, rules: Mapping[str, Rule], lang: Lang) -> str:
    """Name a rule: its id, and its title where that is known."""
    known = rules.get(rule)
    return say("bracketed", lang, rule, spoken(known.title, lang)) if known else rule


def _counts(report: CheckReport, lang: Lang) -> str:
    """Count findings by severity, in one line."""
    counts = count_severities(report.findings)
    counted = (f"{spoken(SEVERITIES[severity], lang)} {n}" for severity, n in counts.items())
    return join(counted, lang)


def _rule_counts(report: CheckReport, lang: Lang) -> str:
    counts = count_rules(report.outcomes)._asdict()
    counted = (f"{say(key, lang)} {number}" for key, number in counts.items())
    return f"{say('rules', lang)}{'：' if lang == 'zh' else ': '}{join(counted, lang)}"


def _bold(text: str, style: Style) -> str:
    return click.style(text, bold=True) if style.colour else text


def _paint(text: str, severity: Severity, style: Style) -> str:
    return click.style(text, fg=_COLOURS[severity], bold=True) if style.colour else text


@dataclass(frozen=True, slots=True)
class _Findings:
    """Writes findings in groups."""

    index: DocumentIndex
    lang: Lang
    style: Style
    numbers: Mapping[str, int]

    def of(self, report: CheckReport) -> Iterator[str]:
        shared = count_clusters(report.findings)
        for severity, groups in grouped(report.findings):
            count = sum(len(group.findings) for group in groups)
            yield ""
            yield self._severity(severity, count)
            for group in groups:
                yield ""
                yield _bold(_INDENT + self._group(group, shared), self.style)
                for finding in group.findings:
                    yield ""
                    yield from self._finding(finding)
        if not report.findings:
            yield ""
            yield say("none", self.lang)

    def _severity(self, severity: Severity, count: int) -> str:
        name = spoken(SEVERITIES[severity], self.lang)
        meaning = spoken(SEVERITY_MEANINGS[severity], self.lang)
        return f"{_paint(f'{name} ({count})', severity, self.style)}  {meaning}"

    def _group(self, group: Group, shared: Mapping[str, int]) -> str:
        """Head a group; of a cluster also count what of it has another severity."""
        if group.cluster is None:
            return spoken(FAMILIES[group.family], self.lang)
        name = say("same_difference", self.lang, cluster_name(group.cluster, self.lang))
        count, own = shared[group.cluster], len(group.findings)
        return f"{name} ({own})" if count == own else f"{name} ({own}/{count})"

    def _finding(self, finding: Finding) -> Iterator[str]:
        severity = spoken(SEVERITIES[finding.severity], self.lang)
        name = f"[{severity} {self.numbers[finding.id]}]"
        painted = _paint(name, finding.severity, self.style)
        lines = wrap(
            spoken(finding.message, self.lang), self.style.width, f"{_INDENT}{name} ", _INDENT * 2
        )
        yield next(lines).replace(name, painted, 1)
        yield from lines
        for operand in finding.operands:
            yield from self._operand(operand, finding)
        yield from self._difference(finding)
        yield from self._explanations(finding)
        rule = rule_name(finding.rule, self.style.rules, self.lang)
        yield from self._labelled(say("rule", self.lang), rule)

    def _operand(self, operand: Operand, finding: Finding) -> Iterator[str]:
        lang = self.lang
        is_sum = operand.fen is not None and operand.parts
        size = say("sum_of", lang, len(operand.parts)) if is_sum else ""
        own = own_difference(operand, finding, lang)
        differs = f"{say('difference', lang)} {own}" if own else ""
        more = join(filter(None, (in_yuan(operand, lang), size, differs)), lang)
        printed = printed_text(operand, lang)
        figure = say("bracketed", lang, printed, more) if more else printed
        colon = "：" if lang == "zh" else ": "
        role = spoken(ROLES[operand.role], lang)
        yield from self._labelled(role, f"{spoken(operand.label, lang)}{colon}{figure}")
        place = where(operand, self.index, lang)
        if place:
            yield from self._labelled("", place)

    def _difference(self, finding: Finding) -> Iterator[str]:
        if finding.difference_fen is None:
            return
        amount = money(finding.difference_fen, self.lang)
        rounding = say("within_rounding", self.lang) if finding.within_rounding else ""
        text = join(filter(None, (amount, rounding)), self.lang)
        yield from self._labelled(say("difference", self.lang), text)

    def _explanations(self, finding: Finding) -> Iterator[str]:
        if finding.explanations:
            yield from wrap(say("explanations", self.lang), self.style.width, _INDENT * 2)
        for explanation in finding.explanations:
            message = spoken(explanation.message, self.lang)
            named = [self.numbers[one] for one in explanation.findings if one in self.numbers]
            if named:
                numbers = ", ".join(map(str, sorted(named)))
                message = say("bracketed", self.lang, message, say("see", self.lang, numbers))
            yield from wrap(message, self.style.width, f"{_INDENT * 3}- ")
            place = explained_by(explanation, self.index, self.lang)
            if place:
                yield from wrap(place, self.style.width, _INDENT * 4)

    def _labelled(self, label: str, text: str) -> Iterator[str]:
        padding = " " * (_LABELS[self.lang] - display_width(label))
        return wrap(text, self.style.width, f"{_INDENT * 2}{label}{padding}")


def _reasons(report: CheckReport, lang: Lang, style: Style) -> Iterator[str]:
    """Give the rules that do not apply, each with its reason."""
    outcomes = [o for o in report.outcomes if o.status is RuleStatus.NOT_APPLICABLE]
    if outcomes:
        yield ""
        yield _bold(say("reasons", lang), style)
    for outcome in outcomes:
        name = rule_name(outcome.rule, style.rules, lang)
        reason = f": {spoken(outcome.reason, lang)}" if outcome.reason else ""
        yield from wrap(f"{name}{reason}", style.width, _INDENT, _INDENT * 2)


def summarize_checks(reports: Sequence[CheckReport], unread: int, lang: Lang) -> str:
    """Count documents and findings of several files, in one line."""
    findings = [finding for report in reports for finding in report.findings]
    parts = [f"{say('document', lang)} {len(reports)}"]
    parts += [f"{say('unread', lang)} {unread}"] if unread else []
    return join([*parts, _counts(CheckReport(tuple(findings)), lang)], lang)
