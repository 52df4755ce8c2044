"""What the checks say of documents as one page: no script, nothing from elsewhere.

Every finding stands with the figures it holds against each other, and with the cells they are
printed in, in an excerpt of their table. Personal data is not in a `BudgetDocument`, and so not on
the page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from openbudget.budget.document import BudgetDocument
from openbudget.budget.finding import (
    CheckReport,
    Explanation,
    Family,
    Finding,
    Operand,
    Rule,
    RuleStatus,
    Severity,
)
from openbudget.budget.identifiers import document_id
from openbudget.reports.findings.checked import (
    CheckedFile,
    RuleCounts,
    count_clusters,
    count_rules,
    count_severities,
    grouped,
    numbered,
)
from openbudget.reports.findings.excerpts import Excerpt, excerpts
from openbudget.reports.findings.places import (
    DocumentIndex,
    Quote,
    explained_by,
    in_yuan,
    one_line,
    own_difference,
    printed_text,
    where,
)
from openbudget.reports.findings.terminal import rule_name
from openbudget.reports.findings.words import (
    FAMILIES,
    MARKS,
    ROLES,
    SEVERITIES,
    SEVERITY_MEANINGS,
    TAGS,
    Lang,
    anchor_words,
    cluster_name,
    money,
    say,
    spoken,
)


@dataclass(frozen=True, slots=True)
class PageOperand:
    """One figure: its role, what it is, how it is printed, in yuan, and where it stands.

    `difference` is what the subject differs from it, where that is not what the finding says.
    """

    role: str
    role_name: str
    label: str
    printed: str
    yuan: str
    difference: str
    where: str


@dataclass(frozen=True, slots=True)
class PageExplanation:
    """What would explain a difference, where that is printed, and the findings it speaks of."""

    message: str
    where: str
    links: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PageFinding:
    """A finding with everything that is shown of it; `name` is its anchor on the page."""

    finding: Finding
    name: str
    message: str
    rule: str
    operands: tuple[PageOperand, ...]
    difference: str
    quotes: tuple[tuple[Quote, str], ...]
    excerpts: tuple[Excerpt, ...]
    explanations: tuple[PageExplanation, ...]


@dataclass(frozen=True, slots=True)
class PageGroup:
    """Findings under one heading: a shared difference, or a family."""

    heading: str
    findings: tuple[PageFinding, ...]


@dataclass(frozen=True, slots=True)
class PageSeverity:
    """Everything of one severity; `name` is its anchor on the page."""

    severity: Severity
    name: str
    count: int
    groups: tuple[PageGroup, ...]


@dataclass(frozen=True, slots=True)
class PageDocument:
    """A document with its findings; `clusters` are (difference, anchors of its findings)."""

    document: BudgetDocument
    identifier: str
    file: str
    name: str
    counts: Mapping[Severity, int]
    rules: RuleCounts
    severities: tuple[PageSeverity, ...]
    clusters: tuple[tuple[str, tuple[str, ...]], ...]
    reasons: tuple[tuple[str, str], ...]


def check_page(
    document: BudgetDocument,
    report: CheckReport,
    lang: Lang,
    rules: Mapping[str, Rule] | None = None,
) -> str:
    """Write the report of a document as a page of HTML, complete in itself."""
    return checks_page([CheckedFile("", document=document, report=report)], lang, rules)


def checks_page(
    files: Sequence[CheckedFile], lang: Lang, rules: Mapping[str, Rule] | None = None
) -> str:
    """Write the reports of several files as one page; those not read stand with their error."""
    documents = [
        _Writer(DocumentIndex(file.document), lang, rules or {}, f"d{number}").write(file)
        for number, file in enumerate(files, start=1)
        if file.document is not None
    ]
    return _template().render(
        documents=documents,
        unread=[file for file in files if file.document is None],
        lang=lang,
        tag=TAGS[lang],
        say=lambda key, *values: say(key, lang, *values),
        spoken=partial(spoken, lang=lang),
        severities=SEVERITIES,
        meanings=SEVERITY_MEANINGS,
        marks=MARKS,
    )


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("openbudget.reports", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("check.html")


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes what is shown of one document."""

    index: DocumentIndex
    lang: Lang
    rules: Mapping[str, Rule]
    name: str

    def write(self, file: CheckedFile) -> PageDocument:
        document, report = self.index.document, file.report
        names = {one: f"{self.name}-f{n}" for one, n in numbered(report.findings).items()}
        return PageDocument(
            document=document,
            identifier=document_id(document.identity),
            file=file.name,
            name=self.name,
            counts=count_severities(report.findings),
            rules=count_rules(report.outcomes),
            severities=tuple(self._severities(report, names)),
            clusters=tuple(self._clusters(report, names)),
            reasons=tuple(self._reasons(report)),
        )

    def _severities(self, report: CheckReport, names: Mapping[str, str]) -> Iterator[PageSeverity]:
        for severity, groups in grouped(report.findings):
            shown = tuple(
                PageGroup(
                    self._heading(group.cluster, group.family),
                    tuple(self._finding(finding, names) for finding in group.findings),
                )
                for group in groups
            )
            count = sum(len(group.findings) for group in shown)
            yield PageSeverity(severity, f"{self.name}-{severity.value}", count, shown)

    def _heading(self, cluster: str | None, family: Family) -> str:
        if cluster is None:
            return spoken(FAMILIES[family], self.lang)
        return say("same_difference", self.lang, cluster_name(cluster, self.lang))

    def _clusters(
        self, report: CheckReport, names: Mapping[str, str]
    ) -> Iterator[tuple[str, tuple[str, ...]]]:
        for cluster in count_clusters(report.findings):
            members = [f.id for f in report.findings if f.cluster == cluster]
            yield cluster_name(cluster, self.lang), tuple(names[one] for one in members)

    def _reasons(self, report: CheckReport) -> Iterator[tuple[str, str]]:
        for outcome in report.outcomes:
            if outcome.status is RuleStatus.NOT_APPLICABLE:
                reason = spoken(outcome.reason, self.lang) if outcome.reason else ""
                yield rule_name(outcome.rule, self.rules, self.lang), reason

    def _finding(self, finding: Finding, names: Mapping[str, str]) -> PageFinding:
        return PageFinding(
            finding=finding,
            name=names[finding.id],
            message=spoken(finding.message, self.lang),
            rule=rule_name(finding.rule, self.rules, self.lang),
            operands=tuple(self._operand(operand, finding) for operand in finding.operands),
            difference=self._difference(finding),
            quotes=tuple(self._quotes(finding)),
            excerpts=tuple(excerpts(finding, self.index)),
            explanations=tuple(self._explanation(e, names) for e in finding.explanations),
        )

    def _operand(self, operand: Operand, finding: Finding) -> PageOperand:
        lang = self.lang
        is_sum = operand.text is None and operand.fen is not None
        size = say("sum_of", lang, len(operand.parts)) if is_sum and operand.parts else ""
        return PageOperand(
            role=operand.role.value,
            role_name=spoken(ROLES[operand.role], lang),
            label=spoken(operand.label, lang),
            printed=size if is_sum else printed_text(operand, lang),
            yuan=money(operand.fen, lang)
            if is_sum and operand.fen is not None
            else in_yuan(operand, lang),
            difference=own_difference(operand, finding, lang),
            where=where(operand, self.index, lang),
        )

    def _difference(self, finding: Finding) -> str:
        return "" if finding.difference_fen is None else money(finding.difference_fen, self.lang)

    def _quotes(self, finding: Finding) -> Iterator[tuple[Quote, str]]:
        """Give the sentences that the operands stand in, each once, with their places."""
        found = (self.index.quote(operand) for operand in finding.operands)
        for quote in {(q.text, q.heading): q for q in found if q is not None}.values():
            heading = one_line(quote.heading or "")
            anchor = anchor_words(quote.place.anchor, self.lang)
            yield quote, " · ".join(filter(None, (heading, anchor)))

    def _explanation(self, explanation: Explanation, names: Mapping[str, str]) -> PageExplanation:
        return PageExplanation(
            message=spoken(explanation.message, self.lang),
            where=explained_by(explanation, self.index, self.lang),
            links=tuple(name for one, name in names.items() if one in explanation.findings),
        )
