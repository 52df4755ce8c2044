"""What is left of the blank form, and how its tables are numbered."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise, repeat

from openbudget.budget.finding import Message, Operand, OperandRole
from openbudget.budget.sought import sought
from openbudget.budget.table import BudgetTable, Place, TableCell
from openbudget.checks.context import AGREED, Context, Result, Skipped
from openbudget.checks.labels import table_label
from openbudget.checks.passages import passage_key, sentence_operand
from openbudget.checks.rules import Declaration
from openbudget.checks.writing import observation, quoted, same

_DIGITS = re.compile(r"\d+")
_NUMERAL = re.compile(r"[一二三四五六七八九十]+")
_NOT_NUMBERED = Message("各表没有编号", "the tables are not numbered")
_NO_NARRATIVE = Message("没有文字说明", "there is no narrative")
_MOST_DIFFERENT = 0.5


def template_cells(declaration: Declaration, context: Context) -> Iterator[Result]:
    """Report, once a table, cells that still hold the text of the blank form."""
    words = sought(declaration.settings["words"], declaration.settings["sign"])
    reason = declaration.settings["reason"]
    for table in context.document.tables:
        cells = [
            (row.number, cell)
            for row in table.rows
            for cell in row.cells
            if cell.text and (cell.reason == reason or words.within(cell.text))
        ]
        if not cells:
            yield AGREED
            continue
        name = table_label(table)
        operands = [_cell_operand(table, row, cell) for row, cell in cells]
        texts = {"table": name, "count": same(len(cells)), "samples": _samples(cells)}
        yield observation(declaration, operands, texts, table.key)


def _cell_operand(table: BudgetTable, row: int, cell: TableCell) -> Operand:
    place = Place(cell.anchor, row, cell.column)
    label = table_label(table)
    return Operand(OperandRole.SUBJECT, label, text=cell.text, place=place, table=table.key)


def _samples(cells: Sequence[tuple[int, TableCell]]) -> Message:
    texts = list(dict.fromkeys("".join((cell.text or "").split()) for _, cell in cells))
    return Message("、".join(f"“{t}”" for t in texts), ", ".join(f"“{t}”" for t in texts))


def template_sentences(declaration: Declaration, context: Context) -> Iterator[Result]:
    """Report passages of the narrative with a choice not made or a blank not filled in."""
    words = sought(declaration.settings["words"], declaration.settings["sign"])
    passages = context.passages
    for passage in passages:
        found = list(words.find(passage.matching))
        if not found:
            yield AGREED
        for match in found:
            operand = sentence_operand(passage, match.start())
            texts = {"words": same(match[0]), "sentence": quoted(operand.text or "")}
            yield observation(declaration, [operand], texts, passage_key(operand))
    if not passages:
        yield Skipped(_NO_NARRATIVE)


# Numbers of tables --------------------------------------------------------------------------------


def table_numbers(declaration: Declaration, context: Context) -> Iterator[Result]:
    """Report tables that have no number, or one of another form, where most have one."""
    forms = Counter(_form(table) for table in context.document.tables if table.number)
    if not forms:
        yield Skipped(_NOT_NUMBERED)
        return
    usual, count = forms.most_common(1)[0]
    if count <= len(context.document.tables) * _MOST_DIFFERENT:
        yield Skipped(_NOT_NUMBERED)
        return
    odd = [table for table in context.document.tables if _form(table) != usual]
    yield from repeat(AGREED, len(context.document.tables) - len(odd))
    if odd:
        example = next(table for table in context.document.tables if _form(table) == usual)
        operands = [_number_operand(table) for table in odd]
        example_operand = _number_operand(example, OperandRole.COUNTERPART)
        texts = {"tables": _numbered(odd), "usual": same(example.number or "")}
        yield observation(declaration, [*operands, example_operand], texts)


def _form(table: BudgetTable) -> str:
    """Give the form of a number: 预算03表 is 预算#表."""
    bare = "".join((table.number or "").split())
    return _NUMERAL.sub("#", _DIGITS.sub("#", bare))


def _number_operand(table: BudgetTable, role: OperandRole = OperandRole.SUBJECT) -> Operand:
    name = table_label(table)
    label = Message(f"{name.zh}的编号", f"the number of {name.en}")
    return Operand(role, label, text=table.number, place=table.place, table=table.key)


def _numbered(tables: Sequence[BudgetTable]) -> Message:
    zh = [
        f"{table_label(table).zh}" + (f"印为“{table.number}”" if table.number else "没有编号")
        for table in tables
    ]
    en = [
        f"{table_label(table).en} is "
        + (f"numbered “{table.number}”" if table.number else "not numbered")
        for table in tables
    ]
    return Message("，".join(zh), "; ".join(en))


def number_sequence(declaration: Declaration, context: Context) -> Iterator[Result]:
    """Report numbers of tables that do not count on from the one before."""
    tables = [table for table in context.document.tables if _DIGITS.search(table.number or "")]
    numbers = [int(_DIGITS.findall(table.number or "")[-1]) for table in tables]
    if len(numbers) < 2:  # noqa: PLR2004
        yield Skipped(_NOT_NUMBERED)
        return
    for (above, before), (table, own) in pairwise(zip(tables, numbers, strict=True)):
        if own > before:
            yield AGREED
            continue
        operands = [_number_operand(table), _number_operand(above, OperandRole.COUNTERPART)]
        texts = {"above": same(above.number or ""), "number": same(table.number or "")}
        yield observation(declaration, operands, texts, table.key)
