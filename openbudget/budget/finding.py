"""Findings: what in a published document does not agree, with the figures that show it."""

from __future__ import annotations

from dataclasses import field, replace
from enum import StrEnum

from openbudget.budget.table import Place
from openbudget.frozen import dataclass


class Severity(StrEnum):
    """`error`: two printed figures cannot both be right; `warning`: probably wrong; `info`."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Family(StrEnum):
    """What kind of agreement a rule looks for."""

    ROW = "row"
    COLUMN = "column"
    TABLE = "table"
    NARRATIVE = "narrative"
    UNIT = "unit"
    YEAR = "year"
    MISSING = "missing"
    TEMPLATE = "template"
    CODE = "code"
    CLASSIFICATION = "classification"
    TARGET = "target"
    NAME = "name"


class OperandRole(StrEnum):
    """`subject`: what the finding is about; `counterpart`: what it is held against.

    `evidence` is what else speaks for it.
    """

    SUBJECT = "subject"
    COUNTERPART = "counterpart"
    EVIDENCE = "evidence"


class RuleStatus(StrEnum):
    """What became of a rule on a document."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class Message:
    """A text in Chinese and in English."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Operand:
    """One side of a comparison: a printed figure or text, or a sum of printed figures.

    `fen` is the amount, None where it is not about money; `text` the figure or text as printed,
    None for a sum, and `unit` its printed unit. `place` says where it is printed, `item` is the
    local id of what it is (``expenditure.32.total``, ``claims.4``, ``performance-targets.1``), and
    `table` the key of its table. `parts` are the local ids of the figures a sum is made of.
    `document` is the id of another document that it stands in, None for the document itself.
    `difference_fen` is the amount of the subject less this one, where both are amounts.
    """

    role: OperandRole
    label: Message
    fen: int | None = None
    text: str | None = None
    unit: str | None = None
    place: Place | None = None
    item: str | None = None
    table: str | None = None
    parts: tuple[str, ...] = ()
    document: str | None = None
    difference_fen: int | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """What would explain a difference; never said to be its cause.

    `kind` is one of ``row``, ``rows``, ``same_amount``, ``same_difference``,
    ``sum_of_differences``, ``last_year``, ``exchanged_digits``, ``factor``. `lines` are local ids
    of lines (and of a claim, where it is a claim that explains),
    `findings` those of other findings, `fen` the amount.
    """

    kind: str
    message: Message
    fen: int | None = None
    lines: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One contradiction of a document, with all its operands.

    `id` is local: ``findings.{rule}.{subject}``. `printed_fen`, `computed_fen` and `difference_fen`
    (printed - computed) are None where it is not about money. Findings of a document whose
    differences are equal share a `cluster`, which is named by that difference in yuan.
    """

    id: str
    rule: str
    family: Family
    severity: Severity
    operands: tuple[Operand, ...]
    message: Message
    within_rounding: bool = False
    printed_fen: int | None = None
    computed_fen: int | None = None
    difference_fen: int | None = None
    cluster: str | None = None
    explanations: tuple[Explanation, ...] = ()

    @property
    def items(self) -> tuple[str, ...]:
        """Local ids of everything of this document that the finding speaks of, each once."""
        own = [operand for operand in self.operands if operand.document is None]
        found = [item for operand in own for item in (operand.item, *operand.parts) if item]
        return tuple(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class RelatedFinding:
    """A finding between two documents, as the one that is checked tells it.

    `document` is the id of the other one, as its operands name it.
    """

    document: str
    finding: Finding

    def told_by_other(self, own: str) -> Finding:
        """Give the finding as the other document tells it; `own` is the id of the checked one."""

        def turn(operand: Operand) -> Operand:
            if operand.document == self.document:
                return replace(operand, document=None)
            return replace(operand, document=operand.document or own)

        operands = tuple(turn(operand) for operand in self.finding.operands)
        told = tuple(_of_document(given, own) for given in self.finding.explanations)
        return replace(self.finding, operands=operands, explanations=told)


def _of_document(given: Explanation, document: str) -> Explanation:
    """Name lines and findings of an explanation whole, for another document to tell it."""
    lines = tuple(f"{document}.{local}" for local in given.lines)
    findings = tuple(f"{document}.{local}" for local in given.findings)
    return replace(given, lines=lines, findings=findings)


@dataclass(frozen=True, slots=True)
class RuleOutcome:
    """What became of a rule: how often it was applied and failed, or why it does not apply."""

    rule: str
    status: RuleStatus
    applied: int = 0
    failed: int = 0
    reason: Message | None = None


@dataclass(frozen=True, slots=True)
class TotalCheck:
    """A printed total held against its parts; `line` is its local id.

    `computed_fen` is the first sum that differs, else the sum it agrees with.
    """

    line: str
    computed_fen: int
    difference_fen: int
    findings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckReport:
    """Everything the checks say of one document."""

    findings: tuple[Finding, ...] = ()
    outcomes: tuple[RuleOutcome, ...] = ()
    totals: tuple[TotalCheck, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: what is held against what, and why that should agree.

    `severity` is what its findings have unless a difference is within rounding. `title` names it,
    `text` says what it compares, `source` where it comes from (a regulation, the arithmetic of the
    form, the narrative), `example` shows a finding.
    """

    id: str
    family: Family
    severity: Severity
    title: Message
    text: Message
    source: Message
    example: Message
