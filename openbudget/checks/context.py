"""What a check is given, and what it gives back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from functools import cached_property
from typing import TypeVar, cast

from openbudget.budget.claim import Claim, ClaimKind
from openbudget.budget.classification import CodeLists
from openbudget.budget.document import BudgetDocument
from openbudget.budget.finding import Finding, Message
from openbudget.budget.passages import Passage
from openbudget.budget.table import BudgetLine
from openbudget.budget.vocabulary import (
    COORDINATE_SCHEMES,
    Direction,
    ExpenditureType,
    FundingSource,
    Role,
    TableKind,
)
from openbudget.checks.figures import Figure, sheets_of
from openbudget.checks.passages import passages_of
from openbudget.checks.rules import Declaration
from openbudget.checks.sheets import Sheet, fen_of
from openbudget.frozen import dataclass

_APPROPRIATION = frozenset(
    [
        FundingSource.FISCAL_APPROPRIATION,
        FundingSource.GENERAL_PUBLIC_BUDGET,
        FundingSource.GOVERNMENT_FUND_BUDGET,
        FundingSource.STATE_CAPITAL_OPERATIONS_BUDGET,
    ]
)
_GENERAL = frozenset([FundingSource.FISCAL_APPROPRIATION, FundingSource.GENERAL_PUBLIC_BUDGET])
_OTHER_BUDGETS = (
    TableKind.GOVERNMENT_FUND_BUDGET_EXPENDITURE,
    TableKind.STATE_CAPITAL_OPERATIONS_BUDGET_EXPENDITURE,
)

T = TypeVar("T")

_INSTITUTION = "50"
_WHOLE_CODE = 7


@dataclass(frozen=True, slots=True)
class Passed:
    """A comparison that agrees, with the figures that were compared.

    `total` is whether the first of them is a printed total that was held against its parts.
    """

    figures: tuple[Figure, ...] = ()
    total: bool = False

    @property
    def items(self) -> tuple[str, ...]:
        """Local ids of all that was compared, sums taken apart."""
        operands = [figure.operand for figure in self.figures]
        return tuple(item for own in operands for item in (own.item, *own.parts) if item)


@dataclass(frozen=True, slots=True)
class Skipped:
    """A comparison that could not be made, and why."""

    reason: Message


AGREED = Passed()
"""An agreement of which no more is told than that it is one."""

Result = Finding | Passed | Skipped


@dataclass(frozen=True)
class Context:
    """A document with its tables by kind, and the code lists of its year."""

    document: BudgetDocument
    lists: CodeLists
    figures: dict[tuple[object, ...], tuple[object, Mapping[tuple[str, ...], Figure]]] = field(
        default_factory=dict, repr=False, compare=False
    )
    """Witnesses that were looked up before, each with its figures."""
    known: dict[str, object] = field(default_factory=dict, repr=False, compare=False)
    """What checks have worked out before, by its name."""

    def once(self, name: str, make: Callable[[Context], T]) -> T:
        """Give what `make` works out of the document; of one name it is worked out once."""
        if name not in self.known:
            self.known[name] = make(self)
        return cast(T, self.known[name])

    def forget(self) -> None:
        """Let go of what was made on the way.

        Figures know the tables and the context that keep them: in such circles the whole document
        would stay in memory until they are looked for.
        """
        self.figures.clear()
        self.known.clear()
        for sheet in self.sheets:
            sheet.known.clear()

    @cached_property
    def sheets(self) -> tuple[Sheet, ...]:
        """The recognised tables, in printed order."""
        return sheets_of(self.document)

    @property
    def whole_sheets(self) -> Iterator[Sheet]:
        """The recognised tables that no other table goes on with."""
        return (sheet for sheet in self.sheets if not sheet.partial)

    @cached_property
    def by_kind(self) -> Mapping[TableKind, Sequence[Sheet]]:
        """The recognised tables of each kind that are whole."""
        found: dict[TableKind, list[Sheet]] = {}
        for sheet in self.whole_sheets:
            found.setdefault(sheet.table.kind, []).append(sheet)
        return found

    @cached_property
    def passages(self) -> tuple[Passage, ...]:
        """The narrative, its lines put together again."""
        return passages_of(self.document.sections)

    def code_name(self, coordinate: str, code: str) -> str:
        """Name a code: as the document prints it, else as the list of its year does."""
        name = self._printed_names.get((coordinate, code))
        if name is None:
            scheme, year = COORDINATE_SCHEMES[coordinate], self.document.identity.fiscal_year
            edition = self.lists.for_year(scheme, year)
            known = edition.by_code.get(code) if edition else None
            name = known.name_zh if known else ""
        return f"{code} {name}".strip()

    @cached_property
    def _printed_names(self) -> Mapping[tuple[str, str], str]:
        found: dict[tuple[str, str], str] = {}
        for sheet in self.sheets:
            for line in sheet.table.lines:
                for name in COORDINATE_SCHEMES:
                    coded = getattr(line, name)
                    if coded is not None and coded.code and coded.label:
                        found.setdefault((name, coded.code), "".join(coded.label.split()))
        return found

    def claims(self, *measures: str) -> Iterator[Claim]:
        """Give the amounts that the narrative says of some measures, of the document's year."""
        found = [
            claim for measure in dict.fromkeys(measures) for claim in self._claims.get(measure, ())
        ]
        yield from found if len(measures) == 1 else sorted(found, key=_number)

    @cached_property
    def _claims(self) -> Mapping[str | None, Sequence[Claim]]:
        """The amounts of the document's year and phase by their measures."""
        found: dict[str | None, list[Claim]] = defaultdict(list)
        year, phase = self.document.identity.fiscal_year, self.document.identity.phase
        for claim in self.document.claims:
            own = claim.fiscal_year in (None, year) and claim.phase in (None, phase)
            if own and claim.kind is ClaimKind.AMOUNT:
                found[claim.measure].append(claim)
        return found

    def holds(self, conditions: Iterable[str]) -> bool:
        """Tell whether the conditions of a rule hold of the document."""
        return all(getattr(self, condition) for condition in conditions)

    @cached_property
    def no_carryover(self) -> bool:
        """Whether no money is carried over from the year before or into the next."""
        return all(line.carryover is None for line in self._summary_lines())

    @cached_property
    def no_appropriation_carryover(self) -> bool:
        """Whether the table of fiscal appropriation carries no money over."""
        lines = self._lines_of(TableKind.FISCAL_APPROPRIATION)
        return all(line.carryover is None for line in lines)

    @cached_property
    def appropriation_of_year(self) -> bool:
        """Whether the table of fiscal appropriation lists, code by code, money of the year alone.

        Final accounts spend what was carried over in every table; in a budget the general public
        budget is that of the year, and what is carried over stands in the summaries only.
        """
        return self.executed or self.no_appropriation_carryover

    @cached_property
    def only_appropriation(self) -> bool:
        """Whether fiscal appropriation is the only revenue."""
        return self.no_carryover and self._funded_by(_APPROPRIATION)

    @cached_property
    def only_general_public_budget(self) -> bool:
        """Whether the general public budget is the only revenue."""
        others = (sheet for sheet in self.sheets if sheet.table.kind in _OTHER_BUDGETS)
        none_else = not any(fen_of(line) for sheet in others for line in sheet.lines)
        return none_else and self.no_carryover and self._funded_by(_GENERAL)

    @cached_property
    def only_agencies(self) -> bool:
        """Whether no basic expenditure is that of a public institution (事业运行, 项 50)."""
        kinds = (TableKind.EXPENDITURE, TableKind.GENERAL_PUBLIC_BUDGET_EXPENDITURE)
        return not any(
            line.expenditure_type is ExpenditureType.BASIC
            and line.function is not None
            and (line.function.code or "").endswith(_INSTITUTION)
            and len(line.function.code or "") == _WHOLE_CODE
            and fen_of(line)
            for sheet in self.sheets
            if sheet.table.kind in kinds
            for line in sheet.lines
        )

    @cached_property
    def approved(self) -> bool:
        """Whether the document is a budget, and no final account."""
        return self.document.identity.phase.value != "executed"

    @cached_property
    def executed(self) -> bool:
        """Whether the document is a final account."""
        return not self.approved

    def _funded_by(self, sources: frozenset[FundingSource]) -> bool:
        """Whether the summary table prints revenue, and only of these sources."""
        revenue = [
            line
            for line in self._summary_lines()
            if line.direction is Direction.REVENUE and line.role is Role.LEAF
        ]
        return bool(revenue) and all(line.funding_source in sources for line in revenue)

    def _summary_lines(self) -> Iterator[BudgetLine]:
        """Give the lines of the summary table that are above zero."""
        return self._lines_of(TableKind.REVENUE_AND_EXPENDITURE)

    def _lines_of(self, kind: TableKind) -> Iterator[BudgetLine]:
        for sheet in self.sheets:
            if sheet.table.kind is kind:
                yield from (line for line in sheet.lines if fen_of(line))


def _number(claim: Claim) -> int:
    return claim.number


Check = Callable[[Declaration, Context], Iterator[Result]]
