"""How money is classified: the two economic classifications, and the kind of the unit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from openbudget.budget.document import Staff
from openbudget.budget.finding import Message, Operand, OperandRole
from openbudget.budget.folding import fold
from openbudget.budget.identifiers import line_id
from openbudget.budget.organization import PrintedName
from openbudget.budget.table import BudgetLine, BudgetTable
from openbudget.budget.vocabulary import CodeSource, ExpenditureType, Scheme
from openbudget.checks.coded import CodedCell, bare_name, coded_cells, tables_named
from openbudget.checks.context import AGREED, Context, Result, Skipped
from openbudget.checks.figures import line_figure
from openbudget.checks.labels import coded_label, listed, table_label
from openbudget.checks.rules import Declaration
from openbudget.checks.sheets import Sheet
from openbudget.checks.writing import observation, quoted, same

_NO_PAIRS = Message(
    "没有同时印出两套经济分类科目的表", "no table prints both economic classifications"
)
_NO_STAFF = Message(
    "文字说明没有提到参照公务员管理的人员，或各表没有政府经济分类科目",
    "the narrative tells of no staff managed like the civil service, or no table prints "
    "government economic codes",
)
_NO_CODES = Message("没有按科目列出基本支出的表", "no table lists basic expenditure by code")
_LEVEL_2 = 5


def crosswalk_pairs(declaration: Declaration, context: Context) -> Iterator[Result]:
    """Hold the economic codes of each row against the crosswalk of the two classifications."""
    allowed: dict[str, list[str]] = defaultdict(list)
    for pair in context.lists.mappings(Scheme.DEPARTMENT_ECONOMIC, Scheme.GOVERNMENT_ECONOMIC):
        if pair.target is not None:
            allowed[pair.source.own.code].append(pair.target.own.code)
    failed: dict[tuple[str, str], list[CodedCell]] = defaultdict(list)
    compared = False
    for cell in coded_cells(context):
        government = cell.line.government_economic
        known = cell.coordinate == "department_economic" and cell.code in allowed
        if not known or government is None or len(government.code or "") != _LEVEL_2:
            continue
        compared = True
        if government.code in allowed[cell.code]:
            yield AGREED
        else:
            failed[cell.code, government.code or ""].append(cell)
    for (department, other), cells in failed.items():
        texts = _pair_texts(cells, allowed[department])
        operands = [operand for cell in cells for operand in _pair_operands(cell)]
        yield observation(declaration, operands, texts, f"{department}-{other}")
    if not compared:
        yield Skipped(_NO_PAIRS)


def _pair_texts(cells: Sequence[CodedCell], allowed: Sequence[str]) -> Mapping[str, Message]:
    government = cells[0].line.government_economic
    return {
        "tables": tables_named(cells),
        "department": same(coded_label(cells[0].coded)),
        "government": same(coded_label(government) if government else ""),
        "allowed": Message("、".join(allowed), ", ".join(allowed)),
    }


def _pair_operands(cell: CodedCell) -> Iterator[Operand]:
    yield cell.operand()
    government = cell.line.government_economic
    if government is not None:
        beside = CodedCell(cell.table, cell.line, "government_economic", government, "")
        yield beside.operand(OperandRole.COUNTERPART)


# Units that are managed like the civil service ----------------------------------------------------


def civil_service_codes(declaration: Declaration, context: Context) -> Iterator[Result]:
    """Hold staff managed like the civil service against the codes of public institutions."""
    settings = declaration.settings
    staff = [own for own in context.document.staff if _says(own, settings["words"])]
    types = [own for own in context.document.department.types if _says(own, settings["types"])]
    cells = [cell for cell in coded_cells(context) if cell.coordinate == "government_economic"]
    institution = [cell for cell in cells if cell.code.startswith(tuple(settings["codes"]))]
    if not staff or not cells:
        yield Skipped(_NO_STAFF)
    elif not institution:
        yield AGREED
    else:
        codes = _by_code(institution)
        operands = [
            _staff_operand(staff[0]),
            *map(_type_operand, types),
            *(_codes_operand(own) for own in codes),
        ]
        labels = list(dict.fromkeys(coded_label(own[0].coded) for own in codes))
        texts = {
            "staff": quoted(staff[0].text),
            "types": _types_said(types),
            "codes": Message("、".join(labels), ", ".join(labels)),
        }
        yield observation(declaration, operands, texts)


def _says(own: Staff | PrintedName, words: Sequence[str]) -> bool:
    text = f"{own.label}{own.text}" if isinstance(own, Staff) else own.name
    return any(word in fold(text) for word in words)


def _types_said(types: Sequence[PrintedName]) -> Message:
    if not types:
        return Message("", "")
    name = types[0].name
    return Message(f"单位类型印为“{name}”，", f"the type of unit is printed as “{name}” and ")


def _by_code(cells: Sequence[CodedCell]) -> list[list[CodedCell]]:
    """Group cells by table and code, so that each group is one operand."""
    groups: dict[tuple[str, str], list[CodedCell]] = defaultdict(list)
    for cell in cells:
        groups[cell.table.key, cell.code].append(cell)
    return list(groups.values())


def _staff_operand(staff: Staff) -> Operand:
    label = Message("文字说明中的人员情况", "the staff in the narrative")
    return Operand(OperandRole.SUBJECT, label, text=staff.text, place=staff.place)


def _type_operand(name: PrintedName) -> Operand:
    label = Message("表中印出的单位类型", "the printed type of the unit")
    return Operand(OperandRole.COUNTERPART, label, text=name.name, place=name.place)


def _codes_operand(cells: Sequence[CodedCell]) -> Operand:
    first, name = cells[0], table_label(cells[0].table)
    text, count = coded_label(first.coded), len(cells)
    return Operand(
        role=OperandRole.COUNTERPART,
        label=Message(f"{name.zh}“{text}”（{count}行）", f"“{text}” in {name.en} ({count} rows)"),
        text=first.coded.printed,
        place=first.coded.place,
        table=first.table.key,
        parts=tuple(line_id(cell.table.key, cell.line) for cell in cells),
    )


# Rows that are printed twice ----------------------------------------------------------------------


class _Row(NamedTuple):
    sheet: Sheet
    line: BudgetLine


_Key = tuple[str, ...]


def repeated_rows(declaration: Declaration, context: Context) -> Iterator[Result]:
    """Report rows of basic expenditure that repeat the codes of another row of their table."""
    found: dict[tuple[_Key, tuple[int, ...]], list[_Row]] = defaultdict(list)
    compared = False
    for sheet in context.sheets:
        for key, lines in _basic_rows(sheet, declaration.settings["columns"]).items():
            compared = True
            if len(lines) == 1:
                yield AGREED
            else:
                amounts = tuple(sorted(line.amount.fen or 0 for line in lines))
                found[key, amounts] += [_Row(sheet, line) for line in lines]
    for (key, _), rows in found.items():
        texts = {
            "codes": same(" / ".join(key[:-1])),
            "name": same(bare_name(_deepest(rows[0].line))),
            "amounts": _amounts(rows),
            "tables": _tables(rows),
        }
        operands = [line_figure(row.sheet, row.line).operand for row in rows]
        yield observation(declaration, operands, texts, "-".join(key[:-1]))
    if not compared:
        yield Skipped(_NO_CODES)


def _basic_rows(sheet: Sheet, columns: Mapping[str, str]) -> dict[_Key, list[BudgetLine]]:
    """Give the rows of the column of basic expenditure by all their codes and their unit."""
    found: dict[_Key, list[BudgetLine]] = defaultdict(list)
    column = columns.get(sheet.table.kind.value)
    for line in sheet.by_column.get(column, ()) if column else ():
        coded = (line.function, line.government_economic, line.department_economic)
        codes = [own.code for own in coded if own is not None and own.code]
        printed = all(own is None or own.source is CodeSource.PRINTED for own in coded)
        if codes and printed and line.expenditure_type is not ExpenditureType.PROJECT:
            unit = line.budgetary_unit.printed if line.budgetary_unit else ""
            found[(*codes, unit)].append(line)
    return found


def _deepest(line: BudgetLine) -> str:
    for coded in (line.department_economic, line.government_economic, line.function):
        if coded is not None and coded.label:
            return coded.label
    return ""


def _amounts(rows: Sequence[_Row]) -> Message:
    first = [row.line.amount for row in rows if row.sheet is rows[0].sheet]
    unit = first[0].unit or ""
    texts = [amount.text.strip() for amount in first]
    return Message(f"{'、'.join(texts)} {unit}", f"{' and '.join(texts)} {unit}")


def _tables(rows: Sequence[_Row]) -> Message:
    tables: list[BudgetTable] = list(
        {row.sheet.table.key: row.sheet.table for row in rows}.values()
    )
    labels = [table_label(table) for table in tables]
    return listed(labels)
