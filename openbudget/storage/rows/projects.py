"""The rows of projects and transfers."""

from __future__ import annotations

from openbudget.budget.document import BudgetDocument, Project, Transfer
from openbudget.budget.identifiers import line_id
from openbudget.budget.performance import PerformanceTarget
from openbudget.budget.vocabulary import Role
from openbudget.storage.rows.parts import (
    CODED,
    Values,
    amount_of,
    code_of,
    coded_of,
    place_of,
    text_of,
)


def project_values(document: BudgetDocument, project: Project) -> Values:
    """Give the row of a project, with the local ids of what belongs to it."""
    own = [(t.key, ln) for t in document.tables for ln in t.lines if ln.project == project.number]
    leaves = [ln.amount.fen for key, ln in own if key == project.table and ln.role is Role.LEAF]
    targets = [t for t in document.targets if t.match and t.match.project == project.number]
    target = targets[0] if targets else None
    return {
        "id": f"projects.{project.number}",
        "name": project.name.text,
        "type_code": project.type.code if project.type else None,
        "type_label": project.type.label if project.type else None,
        "document_number": project.document_number,
        "table_key": project.table,
        "leaf_sum_fen": sum(fen for fen in leaves if fen is not None) if leaves else None,
        "place": place_of(project.name.place),
        "lines": [line_id(key, line) for key, line in own],
        "transfers": [
            f"transfers.{t.number}" for t in document.transfers if t.project == project.number
        ],
        "target": f"performance-targets.{target.number}" if target else None,
        "match": match_of(target) if target else None,
    }


def match_of(target: PerformanceTarget) -> Values | None:
    """Give why a target belongs to its project."""
    match = target.match
    return {"method": match.method, "evidence": match.evidence} if match else None


def transfer_values(document: BudgetDocument, transfer: Transfer) -> Values:
    """Give the row of a transfer payment."""
    table = next(table for table in document.tables if table.key == transfer.table)
    line = next(line for line in table.lines if line.ordinal == transfer.ordinal)
    coded = {name: coded_of(found) for name in CODED if (found := getattr(transfer, name, None))}
    return {
        "id": f"transfers.{transfer.number}",
        "document_number": text_of(transfer.document_number),
        "name": text_of(transfer.name),
        "supervising_department": text_of(transfer.supervising_department),
        "fund_nature": text_of(transfer.fund_nature),
        "function": code_of(transfer.function),
        "government_economic": code_of(transfer.government_economic),
        "department_economic": code_of(transfer.department_economic),
        "table_key": transfer.table,
        "line": line_id(transfer.table, line),
        "project": f"projects.{transfer.project}" if transfer.project else None,
        **amount_of(transfer.amount),
        "place": place_of(transfer.place),
        "coded": coded,
    }
