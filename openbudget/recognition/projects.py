"""Projects, transfers, and what links them: the document number, or the name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from openbudget.budget.document import Project, Transfer
from openbudget.budget.folding import fold
from openbudget.budget.money import State
from openbudget.budget.performance import PerformanceTarget, ProjectMatch
from openbudget.budget.table import BudgetLine, BudgetTable
from openbudget.budget.vocabulary import TableKind
from openbudget.recognition.table_rows import BodyRow, join_lines
from openbudget.recognition.tables import ReadTable
from openbudget.recognition.words import load_words


def find_projects(tables: Iterable[ReadTable]) -> tuple[Project, ...]:
    """Collect the projects of the project tables: one for each name and budgetary unit."""
    found: dict[tuple[str, str, str], Project] = {}
    for read in tables:
        if read.table.kind is not TableKind.PROJECT_EXPENDITURE:
            continue
        for row in read.body:
            if "project" in row.texts and not row.total:
                _add_project(found, read.table.key, row)
    return tuple(found.values())


def _add_project(found: dict[tuple[str, str, str], Project], table: str, row: BodyRow) -> None:
    name = row.texts["project"]
    unit = row.coded.get("budgetary_unit")
    key = (table, fold(unit.printed) if unit else "", fold(name.text))
    known = found.get(key)
    if known is not None:
        found[key] = replace(known, ordinals=(*known.ordinals, row.ordinal))
        return
    number = document_number(name.text)
    found[key] = Project(len(found) + 1, name, row.coded.get("type"), number, table, (row.ordinal,))


def document_number(text: str) -> str | None:
    """Find the number of an official document in a text: ``京财公检法指[2023]2154号``."""
    match = load_words().document_number.search(join_lines(text))
    return match[0] if match else None


def find_transfers(
    tables: Iterable[ReadTable], projects: Sequence[Project]
) -> tuple[Transfer, ...]:
    """Collect the rows of the transfer tables, each with the project that names its document.

    A row whose amount is blank has no line and stands in its table only.
    """
    by_number = {fold(p.document_number): p.number for p in projects if p.document_number}
    found: list[Transfer] = []
    for read in tables:
        if read.table.kind is not TableKind.TRANSFER_PAYMENTS:
            continue
        for row in read.body:
            if _prints_amount(row) and not row.total:
                found.append(_transfer(len(found) + 1, read, row, by_number))
    return tuple(found)


def _prints_amount(row: BodyRow) -> bool:
    return "amount" in row.amounts and row.amounts["amount"][1].state is not State.BLANK


def _transfer(number: int, read: ReadTable, row: BodyRow, by_number: dict[str, int]) -> Transfer:
    printed = row.texts.get("document_number")
    line = next(line for line in read.table.lines if line.ordinal == row.ordinal)
    unit = row.coded.get("budgetary_unit")
    amount = row.amounts["amount"][1]
    return Transfer(
        number=number,
        table=read.table.key,
        ordinal=row.ordinal,
        document_number=printed,
        name=row.texts.get("name"),
        supervising_department=row.texts.get("supervising_department"),
        fund_nature=row.texts.get("fund_nature"),
        budgetary_unit=unit,
        amount=amount,
        place=line.place,
        function=row.coded.get("function"),
        government_economic=row.coded.get("government_economic"),
        department_economic=row.coded.get("department_economic"),
        project=by_number.get(fold(printed.text)) if printed else None,
    )


def link_lines(
    table: BudgetTable, projects: Sequence[Project], transfers: Sequence[Transfer]
) -> BudgetTable:
    """Give the lines of a table the number of the project their money is for."""
    numbers: dict[int, int | None] = {
        ordinal: project.number
        for project in projects
        if project.table == table.key
        for ordinal in project.ordinals
    }
    numbers |= {t.ordinal: t.project for t in transfers if t.table == table.key}
    if not numbers:
        return table
    lines: tuple[BudgetLine, ...] = tuple(
        replace(line, project=numbers.get(line.ordinal)) for line in table.lines
    )
    return replace(table, lines=lines)


def link_target(
    target: PerformanceTarget, projects: Sequence[Project], prefixes: Iterable[str]
) -> PerformanceTarget:
    """Link a project target to its project by name, without place and office in front.

    A name that fits no project, or several, leaves the target unlinked.
    """
    if target.kind != "project" or target.name is None:
        return target
    ordered = sorted({fold(prefix) for prefix in prefixes if prefix}, key=len, reverse=True)
    wanted = _bare_name(target.name.text, ordered)
    fitting = [p for p in projects if _bare_name(p.name.text, ordered) == wanted]
    if len(fitting) != 1:
        return target
    project = fitting[0]
    same = fold(project.name.text) == fold(target.name.text)
    method = "name" if same else "name_without_place_and_office"
    evidence = f"{target.name.text.strip()} = {project.name.text.strip()}"
    return replace(target, match=ProjectMatch(project.number, method, evidence))


def _bare_name(text: str, prefixes: Sequence[str]) -> str:
    bare = fold(text)
    while prefix := next((p for p in prefixes if bare.startswith(p) and bare != p), None):
        bare = bare[len(prefix) :]
    return bare
