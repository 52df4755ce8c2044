"""Where the figures of a finding are printed, and how they are printed there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from openbudget.budget.claim import Claim
from openbudget.budget.document import BudgetDocument, Section
from openbudget.budget.finding import Explanation, Finding, Operand
from openbudget.budget.performance import PerformanceTarget
from openbudget.budget.table import BudgetTable, Place, PrintedText
from openbudget.reports.findings.words import Lang, anchor_words, join, money, say

_YUAN = "元"


class Printed(NamedTuple):
    """Where something stands: its place, and the key of its table."""

    place: Place
    table: str | None


class Quote(NamedTuple):
    """A sentence of the narrative: the heading above it, its text, and where it stands."""

    heading: str | None
    text: str
    place: Place


@dataclass(frozen=True)
class DocumentIndex:
    """A document by the local ids that findings speak in."""

    document: BudgetDocument

    @cached_property
    def tables(self) -> Mapping[str, BudgetTable]:
        """The tables by key."""
        return {table.key: table for table in self.document.tables}

    @cached_property
    def items(self) -> Mapping[str, Printed]:
        """Where everything that has a local id is printed."""
        return dict(_items(self.document))

    @cached_property
    def claims(self) -> Mapping[str, Claim]:
        """The claims by local id."""
        return {f"claims.{claim.number}": claim for claim in self.document.claims}

    def find(self, operand: Operand) -> Printed | None:
        """Find where an operand is printed; None for a sum, and for another document."""
        if operand.document is not None:
            return None
        known = self.items.get(operand.item or "")
        if operand.place is None:
            return known
        return Printed(operand.place, operand.table or (known.table if known else None))

    def quote(self, operand: Operand) -> Quote | None:
        """Give the sentence of the narrative that an operand stands in."""
        found = self.find(operand)
        if found is None or found.table is not None:
            return None
        claim = self.claims.get(operand.item or "")
        if claim is not None:
            heading = self._headings.get(claim.section or 0)
            return Quote(heading, claim.sentence, found.place)
        return self._quote_at(found.place)

    def _quote_at(self, place: Place) -> Quote | None:
        for section in self.document.sections:
            heading = self._headings.get(section.number)
            for paragraph in _texts(section):
                if paragraph.place.anchor == place.anchor:
                    above = None if paragraph is section.heading else heading
                    return Quote(above, paragraph.text, place)
        return None

    @cached_property
    def _headings(self) -> Mapping[int, str | None]:
        return {s.number: s.heading.text if s.heading else None for s in self.document.sections}


def _texts(section: Section) -> Iterator[PrintedText]:
    if section.heading is not None:
        yield section.heading
    yield from section.paragraphs


def _items(document: BudgetDocument) -> Iterator[tuple[str, Printed]]:
    for table in document.tables:
        yield table.key, Printed(table.place, table.key)
        for line in table.lines:
            yield f"{table.key}.{line.ordinal}.{line.column}", Printed(line.place, table.key)
    for claim in document.claims:
        yield f"claims.{claim.number}", Printed(claim.place, None)
    for project in document.projects:
        yield f"projects.{project.number}", Printed(project.name.place, project.table)
    for transfer in document.transfers:
        yield f"transfers.{transfer.number}", Printed(transfer.place, transfer.table)
    for target in document.targets:
        yield from _target_items(target)


def _target_items(target: PerformanceTarget) -> Iterator[tuple[str, Printed]]:
    own = f"performance-targets.{target.number}"
    if target.name is not None:
        yield own, Printed(target.name.place, target.table)
    for indicator in target.indicators:
        yield f"{own}.indicators.{indicator.number}", Printed(indicator.place, target.table)


def printed_text(operand: Operand, lang: Lang) -> str:
    """Give the figure or text as printed with its unit; for a sum, its amount."""
    if operand.text is None:
        return money(operand.fen, lang) if operand.fen is not None else say("no_figure", lang)
    bare = " ".join(operand.text.split())
    if not bare:
        return say("no_figure", lang)
    unit = operand.unit or ""
    return bare if not unit or bare.endswith(unit) else f"{bare} {unit}"


def in_yuan(operand: Operand, lang: Lang) -> str:
    """Give the amount in yuan where that is not what is printed; else nothing."""
    if operand.fen is None or operand.text is None or operand.unit == _YUAN:
        return ""
    return money(operand.fen, lang)


def own_difference(operand: Operand, finding: Finding, lang: Lang) -> str:
    """Give what the subject differs from an operand, where it is not what the finding says."""
    if operand.difference_fen in (None, finding.difference_fen):
        return ""
    return money(operand.difference_fen or 0, lang)


def where(operand: Operand, index: DocumentIndex, lang: Lang) -> str:
    """Say where an operand is printed, in one line."""
    if operand.document is not None:
        return say("in_other", lang, operand.document)
    found = index.find(operand)
    quote = index.quote(operand)
    if quote is not None and quote.heading:
        return join((one_line(quote.heading), anchor_words(quote.place.anchor, lang)), lang)
    if found is not None:
        return place_words(found, index, lang)
    return ("；" if lang == "zh" else "; ").join(_where_parts(operand.parts, index, lang))


def place_words(found: Printed, index: DocumentIndex, lang: Lang) -> str:
    """Say a place: table, row and column, and where that is in the file."""
    table = index.tables.get(found.table or "")
    row, column = found.place.row, found.place.column
    parts = (
        one_line(table.title) if table else "",
        say("row", lang, row) if row and table else "",
        say("column", lang, column) if column and table else "",
        anchor_words(found.place.anchor, lang),
    )
    return join(filter(None, parts), lang)


def explained_by(explanation: Explanation, index: DocumentIndex, lang: Lang) -> str:
    """Say where the lines of an explanation are printed; nothing where it names none."""
    found = [index.items[line] for line in explanation.lines if line in index.items]
    return ("；" if lang == "zh" else "; ").join(place_words(one, index, lang) for one in found)


def _where_parts(parts: Sequence[str], index: DocumentIndex, lang: Lang) -> Iterator[str]:
    """Say where the figures of a sum are printed: rows and columns of each table."""
    by_table: dict[str, list[Place]] = {}
    for part in parts:
        found = index.items.get(part)
        if found is not None and found.table is not None:
            by_table.setdefault(found.table, []).append(found.place)
    for key, places in by_table.items():
        rows = _counted("row", (place.row for place in places), lang)
        columns = _counted("column", (place.column for place in places), lang)
        yield join(filter(None, (one_line(index.tables[key].title), rows, columns)), lang)


def _counted(key: str, numbers: Iterable[int | None], lang: Lang) -> str:
    """Name rows or columns by their numbers: ``row 5``, ``rows 5–35``."""
    found = ranges(numbers, "、" if lang == "zh" else ", ")
    if not found:
        return ""
    return say(key if found.isdigit() else f"{key}s", lang, found)


def ranges(numbers: Iterable[int | None], between: str = ", ") -> str:
    """Write whole numbers as ranges: ``5–7, 9``."""
    ordered = sorted({number for number in numbers if number is not None})
    if not ordered:
        return ""
    breaks = [second for first, second in pairwise(ordered) if second != first + 1]
    starts = [ordered[0], *breaks]
    ends = [max(n for n in ordered if n < start) for start in breaks] + [ordered[-1]]
    return between.join(f"{a}–{b}" if a != b else str(a) for a, b in zip(starts, ends, strict=True))


def one_line(text: str) -> str:
    """Put a text on one line."""
    return " ".join(text.split())
