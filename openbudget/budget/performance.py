"""Performance targets (绩效目标) and their indicators (绩效指标)."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from openbudget.budget.money import Amount
from openbudget.budget.table import Place, PrintedText
from openbudget.frozen import dataclass

Comparator = Literal["=", ">", ">=", "<", "<=", "≈"]


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number that an indicator promises: ``> 90 %`` within an ISO 8601 period.

    `value` is exact, in `unit` as printed (5万人次 is 50000 人次); `subject` is the printed text
    that the number stands behind; `period` is ``2024`` or ``2024-01/2024-06``.
    """

    comparator: Comparator
    value: Decimal
    unit: str
    subject: str | None
    period: str


@dataclass(frozen=True, slots=True)
class PerformanceIndicator:
    """One indicator. Levels are filled down from the merged cells above.

    `term` is `annual` or `mid_term`; `value` is the printed value (None where blank), `label` the
    printed number in front of the text (指标1); `printed_unit` and `activity` are the columns
    度量单位 and 活动 where a form has them.
    """

    number: int
    term: str
    level_1: str | None
    level_2: str | None
    level_3: str | None
    label: str | None
    activity: str | None
    value: str | None
    printed_unit: str | None
    quantities: tuple[Quantity, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class TargetAmount:
    """Money of a performance form: `item` and `period` name it. Never a line, in no sum."""

    item: str
    period: str
    label: str
    amount: Amount
    place: Place


@dataclass(frozen=True, slots=True)
class Objective:
    """An objective: the period it is for (`annual`, `mid_term`), and its text as printed."""

    period: str
    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class ProjectMatch:
    """Why a target belongs to a project: the method and what was compared."""

    project: int
    method: str
    evidence: str


@dataclass(frozen=True, slots=True)
class PerformanceTarget:
    """A performance form: of one project, or of the whole department.

    `attributes` are the other labelled fields as (key, printed text with its place).
    """

    number: int
    kind: Literal["project", "department"]
    table: str
    name: PrintedText | None
    year_text: PrintedText | None
    objectives: tuple[Objective, ...]
    amounts: tuple[TargetAmount, ...]
    attributes: tuple[tuple[str, PrintedText], ...]
    withheld: tuple[str, ...]
    indicators: tuple[PerformanceIndicator, ...]
    match: ProjectMatch | None = None
