"""Years that are not the document's, where only its own can be meant."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from openbudget.budget.finding import Message, Operand, OperandRole
from openbudget.budget.passages import Passage
from openbudget.budget.table import BudgetTable, Place, PrintedText
from openbudget.checks.context import AGREED, Context, Result, Skipped
from openbudget.checks.labels import table_label
from openbudget.checks.passages import is_heading, passage_key, sentence_operand
from openbudget.checks.promises import form_label
from openbudget.checks.rules import Declaration
from openbudget.checks.writing import observation, quoted, same

_YEAR = re.compile(r"(?<!\d)(20\d\d)\s*(?=年|—|-|－)")
_AROUND = ("caption", "note")
_NO_YEARS = Message("没有印出年份", "no year is printed there")
_HEADING = Message("标题", "a heading")


class _Printed(NamedTuple):
    """A printed text with a year, what it is called, and what it is a part of."""

    label: Message
    text: PrintedText
    item: str | None = None
    table: str | None = None


def heading_years(declaration: Declaration, context: Context) -> Iterator[Result]:
    """Report headings and titles of tables that bear another year, and not the document's."""
    about = re.compile(declaration.settings["about"])
    compared = False
    for own in (*_headings(context), *_titles(context)):
        if _YEAR.search(own.text.text) and about.search(own.text.text):
            compared = True
            yield _judge(declaration, context, own)
    if not compared:
        yield Skipped(_NO_YEARS)


def _headings(context: Context) -> Iterator[_Printed]:
    for section in context.document.sections:
        if section.heading and is_heading(section.heading.text):
            yield _Printed(_HEADING, section.heading, f"sections.{section.number}")


def _titles(context: Context) -> Iterator[_Printed]:
    """Give the titles of tables, and the notes around them."""
    for table in context.document.tables:
        label = table_label(table)
        yield _Printed(label, PrintedText(table.title, table.place), table=table.key)
        for row in table.rows:
            for cell in row.cells if row.part in _AROUND else ():
                place = Place(cell.anchor, row.number, cell.column)
                yield _Printed(label, PrintedText(cell.text or "", place), table=table.key)


def _judge(declaration: Declaration, context: Context, own: _Printed) -> Result:
    years = [int(year) for year in _YEAR.findall("".join(own.text.text.split()))]
    fiscal_year = context.document.identity.fiscal_year
    if fiscal_year in years:
        return AGREED
    operand = Operand(
        role=OperandRole.SUBJECT,
        label=own.label,
        text=own.text.text,
        place=own.text.place,
        item=own.item,
        table=own.table,
    )
    return observation(declaration, [operand], _texts(own.text.text, years[0], fiscal_year))


def _texts(text: str, year: int, fiscal_year: int) -> Mapping[str, Message]:
    return {
        "text": quoted(text),
        "year": same(year),
        "fiscal_year": same(fiscal_year),
    }


def target_years(declaration: Declaration, context: Context) -> Iterator[Result]:
    """Report performance forms that print another year than the document's."""
    compared = False
    for target in context.document.targets:
        if target.year_text and _YEAR.search("".join(target.year_text.text.split())):
            compared = True
            item = f"performance-targets.{target.number}"
            form = _Printed(form_label(target), target.year_text, item, target.table)
            yield _judge(declaration, context, form)
    if not compared:
        yield Skipped(_NO_YEARS)


def column_years(declaration: Declaration, context: Context) -> Iterator[Result]:
    """Report tables whose columns of money bear years, but never the document's."""
    compared = False
    for table in context.document.tables:
        headings = _dated_headings(table)
        if not headings:
            continue
        compared = True
        fiscal_year = context.document.identity.fiscal_year
        years = [int(year) for text, _ in headings for year in _YEAR.findall(text)]
        if fiscal_year in years:
            yield AGREED
            continue
        operands = [
            Operand(
                OperandRole.SUBJECT, table_label(table), text=text, place=place, table=table.key
            )
            for text, place in headings
        ]
        texts = _texts("、".join(text for text, _ in headings), years[0], fiscal_year)
        yield observation(declaration, operands, texts, table.key)
    if not compared:
        yield Skipped(_NO_YEARS)


def _dated_headings(table: BudgetTable) -> list[tuple[str, Place]]:
    """Give the printed headings with a year."""
    return [
        (cell.text, Place(cell.anchor, row.number, cell.column))
        for row in table.rows
        if row.part == "header"
        for cell in row.cells
        if cell.text and _YEAR.search("".join(cell.text.split()))
    ]


def sentence_years(declaration: Declaration, context: Context) -> Iterator[Result]:
    """Report years of the narrative that its words allow another for: 比2023年, 截至2023年底."""
    settings = declaration.settings
    pattern = re.compile(settings["pattern"])
    unless = re.compile(settings["unless"]) if "unless" in settings else None
    fiscal_year = context.document.identity.fiscal_year
    allowed = [fiscal_year + offset for offset in settings["offsets"]]
    compared = False
    for passage in context.once("paragraphs", _paragraphs):
        for match in pattern.finditer(passage.matching):
            start, year = match.start("year"), int(match["year"])
            sentence = passage.sentence(start)
            if settings.get("opens") and not _opens(passage.matching, match.start()):
                continue
            compared = True
            if year in allowed or _excused(sentence, unless, fiscal_year, settings):
                yield AGREED
                continue
            texts = {**_texts(sentence, year, fiscal_year), "expected": _expected(allowed)}
            operand = sentence_operand(passage, start)
            yield observation(declaration, [operand], texts, passage_key(operand))
    if not compared:
        yield Skipped(_NO_YEARS)


def _paragraphs(context: Context) -> list[Passage]:
    """Give the narrative without its headings, which another rule looks at."""
    headings = [section.heading for section in context.document.sections if section.heading]
    known = {"".join(own.text.split()) for own in headings if is_heading(own.text)}
    return [own for own in context.passages if "".join(own.text.split()) not in known]


def _opens(text: str, start: int) -> bool:
    """Whether a place is where a sentence begins."""
    front = text[:start].rstrip()
    return not front or front[-1] in "。！？；:：、)）"


def _excused(
    sentence: str, unless: re.Pattern[str] | None, fiscal_year: int, settings: Mapping[str, Any]
) -> bool:
    """Whether a sentence is about another year by its words, or about the document's as well."""
    if unless is not None and unless.search(sentence):
        return True
    return bool(settings.get("opens")) and str(fiscal_year) in sentence


def _expected(years: Sequence[int]) -> Message:
    return Message("或".join(f"{year}年" for year in years), " or ".join(map(str, years)))


def target_periods(declaration: Declaration, context: Context) -> Iterator[Result]:
    """Report indicators of the year that promise something for another one."""
    year, compared = str(context.document.identity.fiscal_year), False
    for target in context.document.targets:
        for indicator in target.indicators:
            if indicator.term != "annual" or not indicator.quantities:
                continue
            compared = True
            periods = [q.period for q in indicator.quantities if not _within(q.period, year)]
            if not periods:
                yield AGREED
                continue
            operand = Operand(
                OperandRole.SUBJECT,
                form_label(target),
                text=indicator.value,
                place=indicator.place,
                item=f"performance-targets.{target.number}.indicators.{indicator.number}",
                table=target.table,
            )
            texts = {
                **_texts(indicator.value or "", int(year), int(year)),
                "period": same(periods[0]),
            }
            yield observation(declaration, [operand], texts)
    if not compared:
        yield Skipped(_NO_YEARS)


def _within(period: str, year: str) -> bool:
    return all(part.startswith(year) for part in period.split("/"))
