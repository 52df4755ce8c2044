"""Codes and their names: against the list of the year, against their neighbours, and each other."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise, repeat

from openbudget.budget.classification import ClassificationCode, ClassificationEdition
from openbudget.budget.finding import Finding, Message, Operand, OperandRole
from openbudget.budget.identifiers import line_id
from openbudget.budget.table import BudgetLine, PrintedText
from openbudget.budget.vocabulary import Direction, Scheme
from openbudget.checks.coded import (
    CodedCell,
    CodeList,
    Standing,
    bare_name,
    code_list,
    coded_cells,
    group_cells,
    judge_cells,
    other_code,
    tables_named,
)
from openbudget.checks.context import AGREED, Context, Result, Skipped
from openbudget.checks.labels import coded_label, row_label, table_label
from openbudget.checks.names import names_of_list
from openbudget.checks.rules import Declaration
from openbudget.checks.sheets import Sheet
from openbudget.checks.writing import observation, same

_NO_CODES = Message(
    "文件没有印出科目编码，或没有该年度的科目列表",
    "the document prints no codes, or there is no list for its year",
)
_NO_LEVELS = Message("各表没有逐级印出科目编码", "no table prints the codes above its codes")
_NO_ITEMS = Message("没有按项目列出支出的表", "no table lists expenditure by item")
_NUMBERED = re.compile(r"^[一二三四五六七八九十]+[、.．]")
_NAMED = 3
_FIRST = 3
_MOST_ALONE = 0.2


def unknown_codes(declaration: Declaration, context: Context) -> Iterator[Result]:
    """Report codes that the list of the year does not have."""
    yield from _standing(declaration, context, Standing.UNKNOWN, lambda cell, codes: None)


def listed_names(declaration: Declaration, context: Context) -> Iterator[Result]:
    """Report codes whose printed name is not that of the list."""
    for result in _standing(declaration, context, Standing.OTHER_NAME, _own_row):
        if isinstance(result, Finding) and _printed_as_listed(result, context):
            continue  # two names in one document: that is reported as such
        yield result


def names_of_other_codes(declaration: Declaration, context: Context) -> Iterator[Result]:
    """Report codes whose printed name the list has under another code."""
    yield from _standing(declaration, context, Standing.OF_ANOTHER_CODE, other_code)


def own_numbering(declaration: Declaration, context: Context) -> Iterator[Result]:
    """Report tables that number the codes below another in a way of their own."""
    row = lambda cell, codes: other_code(cell, codes) or _own_row(cell, codes)  # noqa: E731
    yield from _standing(declaration, context, Standing.OWN_NUMBERING, row)


def malformed_codes(declaration: Declaration, context: Context) -> Iterator[Result]:
    """Report codes of a length that no code has: a leading zero is lost, or a digit."""
    yield from _standing(declaration, context, Standing.MALFORMED, lambda cell, codes: None)


def misprinted_codes(declaration: Declaration, context: Context) -> Iterator[Result]:
    """Report codes that break the pattern of the rows around them (7|11|02 under 210|11)."""
    cells = coded_cells(context)
    above = {id(cell): before for before, cell in pairwise(cells) if before.table is cell.table}
    for cell in cells:
        if cell.believed == cell.code:
            yield AGREED
    for own in group_cells(cell for cell in cells if cell.believed != cell.code):
        evidence = [above[id(cell)].operand(OperandRole.EVIDENCE) for cell in own]
        texts = {
            "tables": tables_named(own),
            "printed": same(own[0].coded.printed),
            "believed": same(coded_label(own[0].coded).replace(own[0].code, own[0].believed)),
            "above": same(above[id(own[0])].coded.printed),
        }
        operands = [*(cell.operand() for cell in own), *evidence]
        yield observation(declaration, operands, texts, own[0].code)
    if not cells:
        yield Skipped(_NO_CODES)


ListRow = Callable[[CodedCell, CodeList], ClassificationCode | None]


def _standing(
    declaration: Declaration, context: Context, standing: Standing, row: ListRow
) -> Iterator[Result]:
    """Report the codes of one standing, with the row of the list that each is held against."""
    judged = judge_cells(context)
    failed = [cell for cell, own in judged if own is standing]
    yield from repeat(AGREED, len(judged) - len(failed))
    for own in group_cells(failed, by_table=standing is Standing.OWN_NUMBERING):
        yield _write(declaration, own, context, row)
    if not judged:
        yield Skipped(_NO_CODES)


def _write(
    declaration: Declaration, cells: Sequence[CodedCell], context: Context, row: ListRow
) -> Finding:
    codes = code_list(cells[0].scheme, context)
    if codes is None:
        raise ValueError("cells are judged by a list only")
    first = {cell.code: cell for cell in reversed(cells)}
    pairs = [(first[code], row(first[code], codes)) for code in sorted(first)]
    edition = codes.edition.description
    title = Message(f"《{edition.title_zh}》", str(edition.title_en))
    listed = [_list_operand(code, title) for _, code in pairs if code is not None]
    texts = {
        "codes": _listing(pairs),
        "code": same(coded_label(cells[0].coded)),
        "above": same(cells[0].code[:-2]),
        "count": same(len(pairs)),
        "tables": tables_named(cells),
        "list": title,
    }
    own = cells[0].code if len(pairs) == 1 else f"{cells[0].table.key}-{cells[0].code[:-2]}"
    key = f"{cells[0].scheme}.{own}"
    return observation(declaration, [*(cell.operand() for cell in cells), *listed], texts, key)


def _listing(pairs: Sequence[tuple[CodedCell, ClassificationCode | None]]) -> Message:
    """Name codes as they are printed, each with what the list has, the first three of them."""
    zh, en = [], []
    for cell, code in pairs[:_NAMED]:
        printed = coded_label(cell.coded)
        own = f"{code.code} {code.name_zh}" if code else None
        zh.append(f"“{printed}”" + (f"（列表为“{own}”）" if own else ""))
        en.append(f"“{printed}”" + (f" (in the list: “{own}”)" if own else ""))
    more = len(pairs) - _NAMED
    return Message(
        "、".join(zh) + (f"等{len(pairs)}个科目" if more > 0 else ""),
        "; ".join(en) + (f" and {more} more" if more > 0 else ""),
    )


def _list_operand(code: ClassificationCode, title: Message) -> Operand:
    label = Message(f"{title.zh}{code.code}", f"{code.code} in the list: {title.en}")
    return Operand(OperandRole.COUNTERPART, label, text=f"{code.code} {code.name_zh}")


def _own_row(cell: CodedCell, codes: CodeList) -> ClassificationCode | None:
    return codes.edition.by_code.get(cell.code)


def _printed_as_listed(finding: Finding, context: Context) -> bool:
    """Whether the document prints the name of the list elsewhere for the code of a finding."""
    listed = [o.text for o in finding.operands if o.role is OperandRole.COUNTERPART]
    return len(listed) == 1 and listed[0] in context.once("names of the list", names_of_list)


def codes_without_parent(declaration: Declaration, context: Context) -> Iterator[Result]:
    """Report codes whose code one level up is not printed, in tables that print it for the rest."""
    tables: dict[tuple[str, str], list[CodedCell]] = defaultdict(list)
    for cell in coded_cells(context):
        tables[cell.table.key, cell.coordinate].append(cell)
    compared = False
    for cells in tables.values():
        printed = {cell.believed for cell in cells}
        lower = [cell for cell in cells if len(cell.believed) > _FIRST and cell.believed.isdigit()]
        alone = [cell for cell in lower if cell.believed[:-2] not in printed]
        if not lower or len(alone) > len(lower) * _MOST_ALONE:
            continue  # the table prints the lowest codes only
        compared = True
        yield from repeat(AGREED, len(lower) - len(alone))
        for own in group_cells(alone):
            parent = same(own[0].believed[:-2])
            yield observation(declaration, [c.operand() for c in own], {"parent": parent})
    if not compared:
        yield Skipped(_NO_LEVELS)


def former_names(declaration: Declaration, context: Context) -> Iterator[Result]:
    """Report items that are named as a 类 was named in former editions."""
    edition = context.lists.for_year(Scheme.FUNCTIONAL, context.document.identity.fiscal_year)
    items = list(_expenditure_items(context))
    if not items or edition is None:
        yield Skipped(_NO_ITEMS)
        return
    found: dict[str, list[Operand]] = defaultdict(list)
    for sheet, line, item in items:
        name = bare_name(_NUMBERED.sub("", "".join(item.text.split())))
        code = declaration.settings["names"].get(name)
        if code is None or bare_name(edition.by_code[code].name_zh) == name:
            yield AGREED
        else:
            found[code].append(_item_operand(sheet, line, item))
    for code, operands in found.items():
        yield _former(declaration, edition, code, operands)


def _expenditure_items(context: Context) -> Iterator[tuple[Sheet, BudgetLine, PrintedText]]:
    for sheet in context.sheets:
        rows = set()
        for line in sheet.lines:
            if line.item is None or line.ordinal in rows:
                continue
            if line.direction is Direction.EXPENDITURE:
                rows.add(line.ordinal)
                yield sheet, line, line.item


def _item_operand(sheet: Sheet, line: BudgetLine, item: PrintedText) -> Operand:
    name, row = table_label(sheet.table), row_label(sheet.table, line)
    return Operand(
        role=OperandRole.SUBJECT,
        label=Message(f"{name.zh}{row.zh}", f"{row.en} in {name.en}"),
        text=item.text,
        place=item.place,
        item=line_id(sheet.table.key, line),
        table=sheet.table.key,
    )


def _former(
    declaration: Declaration,
    edition: ClassificationEdition,
    code: str,
    operands: Sequence[Operand],
) -> Finding:
    listed = edition.by_code[code]
    title = Message(f"《{edition.description.title_zh}》", str(edition.description.title_en))
    texts = {
        "code": same(code),
        "name": same(listed.name_zh),
        "printed": same("".join((operands[0].text or "").split())),
    }
    return observation(declaration, [*operands, _list_operand(listed, title)], texts, code)
