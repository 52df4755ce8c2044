"""What a sentence, a form or a document promises and does not give."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import repeat
from typing import Any

from openbudget.budget.claim import Claim, ClaimKind
from openbudget.budget.finding import Message, Operand, OperandRole
from openbudget.budget.performance import PerformanceIndicator, PerformanceTarget
from openbudget.budget.table import BudgetTable, Place, TableCell
from openbudget.budget.vocabulary import TABLE_TITLES, TableKind
from openbudget.checks.context import AGREED, Context, Result, Skipped
from openbudget.checks.facts import Group, applicable, group
from openbudget.checks.figures import claim_figure, claim_operand, line_figure
from openbudget.checks.labels import (
    column_label,
    listed,
    load_labels,
    money_text,
    table_label,
    yuan_text,
)
from openbudget.checks.passages import passage_key, sentence_operand
from openbudget.checks.rules import Declaration, find_declaration
from openbudget.checks.sheets import Sheet
from openbudget.checks.witnesses import figures_of
from openbudget.checks.writing import observation, quoted, same

_NO_CLAIMS = Message("文字说明没有写出数据", "the narrative says no figures")
_NO_TARGETS = Message("没有绩效目标表", "there is no performance form")
_NO_COLUMN = Message("没有相应的栏目", "no table has the column")
_ONE_TABLE = Message(
    "文件只有个别表格，不是完整的预算或决算",
    "the file holds single tables, and no whole budget or final account",
)
_NO_ZERO = Message("文字说明没有写明该项为0元", "the narrative does not say that this is zero")
_NEARLY_ALL = 0.8
_SHORT = 16
"""Characters of a name of an indicator that is said in a message."""


def amounts_without_figure(declaration: Declaration, context: Context) -> Iterator[Result]:
    """Report amounts that a sentence promises and does not give, with what the tables say."""
    claims = [claim for claim in context.document.claims if claim.kind is ClaimKind.AMOUNT]
    for claim in claims:
        if claim.figure is not None:
            yield AGREED
            continue
        known = _known(declaration.settings["measures_of"], claim, context)
        finding = observation(declaration, [claim_operand(claim)], _promised(claim, known))
        if known is not None:
            evidence = [replace(f.operand, role=OperandRole.EVIDENCE) for f in known.figures]
            operands = (*finding.operands, *evidence)
            finding = replace(finding, operands=operands, computed_fen=known.fen)
        yield finding
    if not claims:
        yield Skipped(_NO_CLAIMS)


def _known(rule: str, claim: Claim, context: Context) -> Group | None:
    """Give what most tables say of a measure in the document's year, if they say one amount."""
    source = find_declaration(rule).settings["measures"].get(claim.measure)
    identity = context.document.identity
    if source is None or (claim.fiscal_year, claim.phase) != (identity.fiscal_year, identity.phase):
        return None
    named = find_declaration(source).settings if isinstance(source, str) else {"witnesses": source}
    figures = [figures_of(witness, context).get(()) for witness in applicable(named, context)]
    groups = group([figure for figure in figures if figure is not None])
    most = max(groups, key=lambda own: len(own.figures), default=None)
    count = sum(len(own.figures) for own in groups)
    return most if most and 2 * len(most.figures) > count else None


def _promised(claim: Claim, known: Group | None) -> Mapping[str, Message]:
    texts = {"sentence": quoted(claim.sentence)}
    if known is None:
        return {**texts, "known": Message("", "")}
    count = len(known.figures)
    zh = f"各表有 {count} 处印出该数据，为 {money_text(known.fen, '元')}。"
    places = "one place" if count == 1 else f"{count} places"
    return {
        **texts,
        "known": Message(zh, f" In {places} the tables give it as {yuan_text(known.fen)}."),
    }


def figures_without_unit(declaration: Declaration, context: Context) -> Iterator[Result]:
    """Report figures of the narrative that are printed without a unit."""
    claims = [claim for claim in context.document.claims if claim.figure is not None]
    for claim in claims:
        if claim.unit is not None or not any(map(str.isdigit, claim.text)):
            yield AGREED
            continue
        evidence = list(_related(claim, context))
        texts = {
            "figure": same(claim.text),
            "sentence": quoted(claim.sentence),
        }
        yield observation(declaration, [claim_operand(claim), *evidence], texts)
    if not claims:
        yield Skipped(_NO_CLAIMS)


def _related(claim: Claim, context: Context) -> Iterator[Operand]:
    """Give the growths that are measured against a figure: their units tell of its own."""
    for other in context.document.claims:
        if claim.number in (other.base, other.about) and claim_figure(other) is not None:
            yield claim_operand(other, OperandRole.EVIDENCE)


def reasons_without_text(declaration: Declaration, context: Context) -> Iterator[Result]:
    """Report sentences that announce a reason (主要原因是) and end there."""
    announced, missing = (re.compile(declaration.settings[key]) for key in ("words", "missing"))
    compared = False
    for passage in context.passages:
        for match in announced.finditer(passage.matching):
            compared = True
            if not missing.match(passage.matching, match.end()):
                yield AGREED
                continue
            operand = sentence_operand(passage, match.start())
            texts = {"sentence": quoted(operand.text or "")}
            yield observation(declaration, [operand], texts, passage_key(operand))
    if not compared:
        yield Skipped(_NO_CLAIMS)


# Performance forms --------------------------------------------------------------------------------


def indicators_without_value(declaration: Declaration, context: Context) -> Iterator[Result]:
    """Report, once a form, the indicators whose value has no number."""
    compared = False
    for target in context.document.targets:
        missing = [own for own in target.indicators if not own.quantities]
        compared = compared or bool(target.indicators)
        yield from repeat(AGREED, len(target.indicators) - len(missing))
        if missing:
            operands = [_indicator_operand(target, own) for own in missing]
            names = [_indicator_name(own) for own in missing]
            texts = {
                "form": _form_name(target, context),
                "count": same(len(missing)),
                "names": Message("、".join(names), ", ".join(names)),
            }
            yield observation(declaration, operands, texts, f"performance-targets.{target.number}")
    if not compared:
        yield Skipped(_NO_TARGETS)


def _indicator_operand(target: PerformanceTarget, indicator: PerformanceIndicator) -> Operand:
    name = _indicator_name(indicator)
    form = load_labels()["tables"][f"{target.kind}_performance_target"]
    return Operand(
        role=OperandRole.SUBJECT,
        label=Message(f"指标“{name}”", f"the indicator “{name}” in {form}"),
        text=indicator.value,
        place=indicator.place,
        item=f"performance-targets.{target.number}.indicators.{indicator.number}",
        table=target.table,
    )


def _indicator_name(indicator: PerformanceIndicator) -> str:
    """Name an indicator by its second level, and its third where that is short."""
    names = [name for name in (indicator.level_2, indicator.level_3) if name]
    short = [name for name in names if len(name) <= _SHORT]
    return "·".join("".join(name.split()) for name in short) or f"{indicator.number}"


def _form_name(target: PerformanceTarget, context: Context) -> Message:
    table = next(table for table in context.document.tables if table.key == target.table)
    return table_label(table)


# Tables -------------------------------------------------------------------------------------------


def blank_columns(declaration: Declaration, context: Context) -> Iterator[Result]:
    """Report columns that are blank throughout beside a column that they are a part of."""
    compared = False
    for sheet in context.sheets:
        for key, whole in declaration.settings["columns"].items():
            beside = [line for line in sheet.by_column.get(whole, ()) if line.amount.fen]
            if key not in sheet.columns or not beside:
                continue
            compared = True
            if sheet.by_column.get(key):
                yield AGREED
                continue
            rows = {line.place.row for line in beside}
            cells = [_blank_operand(sheet, key, *own) for own in _cells(sheet, key, rows)]
            printed = [
                replace(line_figure(sheet, line).operand, role=OperandRole.COUNTERPART)
                for line in beside
            ]
            texts = {
                "table": table_label(sheet.table),
                "column": column_label(sheet.table, key),
                "beside": column_label(sheet.table, whole),
                "count": same(len(beside)),
            }
            yield observation(declaration, [*cells, *printed], texts, f"{sheet.table.key}.{key}")
    if not compared:
        yield Skipped(_NO_COLUMN)


def _cells(sheet: Sheet, key: str, rows: set[int | None]) -> Iterator[tuple[int, TableCell]]:
    for row in sheet.table.rows:
        if row.number in rows:
            yield from ((row.number, cell) for cell in row.cells if cell.column_key == key)


def _blank_operand(sheet: Sheet, key: str, row: int, cell: TableCell) -> Operand:
    name, column = table_label(sheet.table), column_label(sheet.table, key)
    return Operand(
        role=OperandRole.SUBJECT,
        label=Message(f"{name.zh}“{column.zh}”的空格", f"a blank cell of {column.en} in {name.en}"),
        text=cell.text,
        place=Place(cell.anchor, row, cell.column),
        table=sheet.table.key,
    )


def absent_tables(declaration: Declaration, context: Context) -> Iterator[Result]:
    """Report the tables that documents of this kind and layout hold, and this one does not."""
    settings = declaration.settings
    present = {table.kind for table in context.document.tables}
    always = [TableKind(kind) for kind in settings["always"]]
    if len(present.intersection(always)) < settings["least"]:
        yield Skipped(_ONE_TABLE)
        return
    expected = list(dict.fromkeys([*always, *_of_the_form(settings["forms"], context)]))
    yield from repeat(AGREED, sum(kind in present for kind in expected))
    absent = [kind for kind in expected if kind not in present]
    if absent:
        operands = [_absent_operand(kind) for kind in absent]
        names = listed([operand.label for operand in operands])
        yield observation(declaration, operands, {"names": names})


def _of_the_form(
    forms: Mapping[str, Mapping[str, Sequence[Any]]], context: Context
) -> list[TableKind]:
    """Give the tables of a local form, where nearly all tables are of its layout and year."""
    tables = context.document.tables
    layout, count = Counter(table.layout for table in tables).most_common(1)[0]
    form = forms.get(layout)
    if form is None or count < _NEARLY_ALL * len(tables):
        return []
    first, last = form["years"]
    fits = first <= context.document.identity.fiscal_year <= last
    return [TableKind(kind) for kind in form["tables"]] if fits else []


def _absent_operand(kind: TableKind) -> Operand:
    english = load_labels()["tables"][kind.value]
    return Operand(OperandRole.SUBJECT, Message(f"《{TABLE_TITLES[kind]}》", english))


def zeros_left_blank(declaration: Declaration, context: Context) -> Iterator[Result]:
    """Report tables that are blank where the narrative says zero."""
    kinds: Mapping[str, str] = declaration.settings["measures"]
    compared = False
    for claim in context.claims(*kinds):
        table = _table(context, TableKind(kinds[claim.measure or ""]))
        if claim.fen != 0 or table is None:
            continue
        compared = True
        if not table.empty:
            yield AGREED
            continue
        operand = Operand(
            OperandRole.COUNTERPART, table_label(table), place=table.place, table=table.key
        )
        texts = {"figure": same(claim.text), "table": table_label(table)}
        yield observation(declaration, [claim_operand(claim), operand], texts)
    if not compared:
        yield Skipped(_NO_ZERO)


def _table(context: Context, kind: TableKind) -> BudgetTable | None:
    return next((table for table in context.document.tables if table.kind is kind), None)
