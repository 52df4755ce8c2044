"""What would explain a difference: looked for, bounded in time, and never said to be its cause."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from openbudget.budget.claim import Claim
from openbudget.budget.finding import Explanation, Family, Finding, Message, OperandRole
from openbudget.budget.identifiers import line_id
from openbudget.budget.money import FEN_PER_UNIT
from openbudget.budget.table import BudgetLine
from openbudget.budget.vocabulary import Role
from openbudget.checks.combining import adding_up
from openbudget.checks.context import Context
from openbudget.checks.labels import line_label, money_text, row_label, yuan_text
from openbudget.checks.sheets import Sheet, fen_of, grain_of

_FACTORS = (10_000, 100)
_MOST_ROWS = 60
"""Rows of a table among which twos and threes are tried: 60 make 34,220 threes."""
_MOST_LABELS = 3
_MOST_EQUAL = 100
"""Cells of one amount: of more than these none tells anything."""
_MOST_DIFFERENCES = 500
"""Differences of a document among which two are tried that add up to a third."""
_MOST_NAMED = 20


def explain(findings: Sequence[Finding], context: Context) -> list[Finding]:
    """Give every finding about a difference of money what would explain it."""
    search = _Search(context, findings)
    return [replace(finding, explanations=tuple(search.explain(finding))) for finding in findings]


@dataclass(frozen=True)
class _Search:
    context: Context
    findings: Sequence[Finding]

    def explain(self, finding: Finding) -> Iterator[Explanation]:
        difference = abs(finding.difference_fen or 0)
        yield from finding.explanations
        if not difference or finding.within_rounding:
            return
        rows = list(self._rows(finding, difference))
        yield from rows
        yield from self._same_amount(finding)
        yield from self._factor(finding)
        yield from self._exchanged(finding)
        yield from self._last_year(finding)
        yield from self._same_difference(finding, difference)
        if not rows:
            yield from self._sum_of_differences(difference)
            yield from self._combinations(finding, difference)

    # Rows ------------------------------------------------------------------------------------

    @cached_property
    def _by_amount(self) -> Mapping[int, Sequence[tuple[Sheet, BudgetLine]]]:
        found: dict[int, list[tuple[Sheet, BudgetLine]]] = defaultdict(list)
        for sheet in self.context.sheets:
            for line in sheet.lines:
                if line.role is Role.LEAF and fen_of(line):
                    found[abs(fen_of(line))].append((sheet, line))
        return found

    def _rows(self, finding: Finding, difference: int) -> Iterator[Explanation]:
        """Find single rows of just the difference, in the tables that are spoken of."""
        equal = self._by_amount.get(difference, ())
        if len(equal) > _MOST_EQUAL:
            return
        tables, printed = {operand.table for operand in finding.operands}, _printed(finding)
        fitting = [
            (sheet, line)
            for sheet, line in equal
            if sheet.table.key in tables and line_id(sheet.table.key, line) not in printed
        ]
        named = {row_label(sheet.table, line).zh for sheet, line in fitting}
        if not 0 < len(named) <= _MOST_LABELS:
            return
        yield Explanation(
            kind="row",
            message=_rows_message(fitting),
            fen=difference,
            lines=tuple(line_id(sheet.table.key, line) for sheet, line in fitting),
        )

    def _combinations(self, finding: Finding, difference: int) -> Iterator[Explanation]:
        """Find the only two or three rows of a sum that add up to the difference."""
        for operand in finding.operands:
            lines = self._lines(operand.parts)
            if not 2 < len(lines) <= _MOST_ROWS:  # noqa: PLR2004
                continue
            fitting = adding_up(lines, difference)
            if fitting:
                yield Explanation(
                    kind="rows",
                    message=_together_message(fitting),
                    fen=difference,
                    lines=tuple(line_id(sheet.table.key, line) for sheet, line in fitting),
                )
                return

    @cached_property
    def _by_id(self) -> Mapping[str, tuple[Sheet, BudgetLine]]:
        return {
            line_id(sheet.table.key, line): (sheet, line)
            for sheet in self.context.sheets
            for line in sheet.lines
        }

    def _lines(self, items: Sequence[str]) -> list[tuple[Sheet, BudgetLine]]:
        return [self._by_id[item] for item in items if item in self._by_id]

    # Other differences -------------------------------------------------------------------------

    @cached_property
    def _differences(self) -> Mapping[int, Sequence[Finding]]:
        """The findings by their difference, smallest first."""
        found: dict[int, list[Finding]] = defaultdict(list)
        for finding in self.findings:
            if finding.difference_fen and not finding.within_rounding:
                found[abs(finding.difference_fen)].append(finding)
        return dict(sorted(found.items()))

    def _same_difference(self, finding: Finding, difference: int) -> Iterator[Explanation]:
        own = self._differences[difference]
        others = [other for other in own[: _MOST_NAMED + 1] if other.id != finding.id]
        if others:
            count = len(own) - 1
            also = "1 more finding" if count == 1 else f"{count} more findings"
            verb = "differs" if count == 1 else "differ"
            yield Explanation(
                kind="same_difference",
                message=Message(
                    f"本文件另有{count}处相差同样的金额。",
                    f"{also} of this document {verb} by the same amount.",
                ),
                fen=difference,
                findings=tuple(other.id for other in others[:_MOST_NAMED]),
            )

    def _sum_of_differences(self, difference: int) -> Iterator[Explanation]:
        """Find two other differences whose sum this is, or one that a row explains less another."""
        sizes = list(self._differences)
        if len(sizes) > _MOST_DIFFERENCES:
            return
        for size in sizes:
            rest = difference - size
            if 0 < size < rest and rest in self._differences:
                yield self._combined(difference, size, rest, "＋", "+")
                return
        for size in sizes:
            rest = size - difference
            if 0 < rest < difference and rest in self._differences and size in self._by_amount:
                yield self._combined(difference, size, rest, "－", "-")
                return

    def _combined(self, fen: int, one: int, other: int, zh: str, en: str) -> Explanation:
        findings = [*self._differences[one], *self._differences[other]]
        unit = findings[0].operands[0].unit
        return Explanation(
            kind="sum_of_differences",
            message=Message(
                f"{money_text(fen, unit)} ＝ {money_text(one, unit)} {zh} "
                f"{money_text(other, unit)}，后两者是本文件的其他差额。",
                f"{yuan_text(fen)} = {yuan_text(one)} {en} {yuan_text(other)}, both of which are "
                "other differences of this document.",
            ),
            fen=fen,
            findings=tuple(finding.id for finding in findings[:_MOST_NAMED]),
        )

    # The printed figure itself -----------------------------------------------------------------

    def _factor(self, finding: Finding) -> Iterator[Explanation]:
        printed, computed = finding.printed_fen or 0, finding.computed_fen or 0
        for factor in _FACTORS:
            for one, other in ((printed, computed), (computed, printed)):
                if other and one == other * factor:
                    yield Explanation(
                        kind="factor",
                        message=Message(
                            f"前后两个数正好相差 {factor:,} 倍，单位可能不同。",
                            f"One is exactly {factor:,} times the other: the units may differ.",
                        ),
                        fen=computed,
                    )

    @cached_property
    def _sorted_lines(self) -> Sequence[tuple[Sheet, BudgetLine]]:
        """Every line with its table, by amount."""
        lines = ((sheet, line) for sheet in self.context.sheets for line in sheet.lines)
        return sorted(lines, key=lambda own: fen_of(own[1]))

    def _same_amount(self, finding: Finding) -> Iterator[Explanation]:
        """Find the other row of a table whose amount a figure of the narrative is."""
        subject, *_ = finding.operands
        if finding.family is not Family.NARRATIVE or subject.fen is None:
            return
        number = (subject.text or "").removesuffix(subject.unit or "")
        grain = grain_of(number, subject.unit)
        tables = {operand.table for operand in finding.operands}
        lines = self._sorted_lines
        first = bisect_left(lines, subject.fen - grain // 2, key=lambda own: fen_of(own[1]))
        last = bisect_right(lines, subject.fen + grain // 2, key=lambda own: fen_of(own[1]))
        fitting = [own for own in lines[first:last] if own[0].table.key in tables]
        labels = {row_label(sheet.table, line).zh for sheet, line in fitting}
        if subject.fen and len(labels) == 1:
            label = line_label(fitting[0][0].table, fitting[0][1])
            yield Explanation(
                kind="same_amount",
                message=Message(
                    f"文字说明中的数与{label.zh}相同。",
                    f"The figure of the narrative is that of {label.en}.",
                ),
                fen=subject.fen,
                lines=tuple(line_id(sheet.table.key, line) for sheet, line in fitting),
            )

    def _exchanged(self, finding: Finding) -> Iterator[Explanation]:
        printed, computed = str(finding.printed_fen or 0), str(finding.computed_fen or 0)
        if len(printed) != len(computed):
            return
        places = [n for n, (a, b) in enumerate(zip(printed, computed, strict=True)) if a != b]
        if len(places) != 2:  # noqa: PLR2004
            return
        first, second = places
        if (printed[first], printed[second]) == (computed[second], computed[first]):
            digits = printed[first], printed[second]
            yield Explanation(
                kind="exchanged_digits",
                message=Message(
                    f"两个数只差在两个数字“{digits[0]}”和“{digits[1]}”的位置互换。",
                    f"The two figures differ only by the digits {digits[0]} and {digits[1]} "
                    "exchanged.",
                ),
                fen=finding.computed_fen,
            )

    def _last_year(self, finding: Finding) -> Iterator[Explanation]:
        """Find the printed figure among those of the year before."""
        year, fen = self.context.document.identity.fiscal_year - 1, finding.printed_fen
        claim = self._claims_before.get(fen) if fen else None
        if claim is not None:
            yield Explanation(
                kind="last_year",
                message=Message(
                    f"印出的数与文字说明中 {year} 年的数（{claim.text}）相同。",
                    f"The printed figure is that of {year} in the narrative ({claim.text}).",
                ),
                fen=fen,
                lines=(f"claims.{claim.number}",),
            )

    @cached_property
    def _claims_before(self) -> Mapping[int, Claim]:
        """The amounts that the narrative says of the year before; without a unit, in 元."""
        year = self.context.document.identity.fiscal_year - 1
        found: dict[int, Claim] = {}
        for claim in self.context.document.claims:
            fen = claim.fen
            if fen is None and claim.figure is not None and claim.unit is None:
                fen = int(claim.figure * FEN_PER_UNIT["元"])
            if claim.fiscal_year == year and fen is not None:
                found.setdefault(fen, claim)
        return found


def _printed(finding: Finding) -> frozenset[str]:
    """Give the cells that are printed figures of the finding itself."""
    own = (operand for operand in finding.operands if operand.role is not OperandRole.EVIDENCE)
    return frozenset(operand.item for operand in own if operand.item)


def _rows_message(fitting: Sequence[tuple[Sheet, BudgetLine]]) -> Message:
    labels = [line_label(sheet.table, line) for sheet, line in fitting]
    return Message(
        f"差额与{'、'.join(label.zh for label in labels)}的金额相同。",
        f"The difference is the amount of {'; '.join(label.en for label in labels)}.",
    )


def _together_message(found: Sequence[tuple[Sheet, BudgetLine]]) -> Message:
    labels = [row_label(sheet.table, line) for sheet, line in found]
    return Message(
        f"差额等于{'、'.join(label.zh for label in labels)}{len(labels)}行之和。",
        f"The difference is the sum of the rows {', '.join(label.en for label in labels)}.",
    )
