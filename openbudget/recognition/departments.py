"""What a document prints about the department whose budget it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from openbudget.budget.document import DocumentIdentity
from openbudget.budget.organization import Department, PrintedName, SupervisingDepartment
from openbudget.budget.performance import PerformanceTarget
from openbudget.budget.table import CodedLabel
from openbudget.recognition.tables import ReadTable

_NAME_AND_CREDIT_CODE = re.compile(r"(?P<name>.+?)\s*(?P<code>[0-9A-Z]{18})", re.DOTALL)


def describe_department(
    identity: DocumentIdentity, tables: Sequence[ReadTable], targets: Iterable[PerformanceTarget]
) -> Department:
    """Collect the printed names and types of the department, and who supervises it."""
    units = [unit for unit in _coded(tables, "budgetary_unit") if unit.code == identity.department]
    return Department(
        jurisdiction=identity.jurisdiction,
        code=identity.department,
        name=identity.publisher,
        names=_distinct((unit.label or "", unit) for unit in units),
        types=_distinct((kind.printed.strip(), kind) for kind in _coded(tables, "type")),
        supervising=next(_supervising(targets), None),
    )


def _coded(tables: Iterable[ReadTable], role: str) -> Iterator[CodedLabel]:
    for read in tables:
        for row in read.body:
            if role in row.coded:
                yield row.coded[role]


def _distinct(found: Iterable[tuple[str, CodedLabel]]) -> tuple[PrintedName, ...]:
    first: dict[str, PrintedName] = {}
    for name, coded in found:
        if name:
            first.setdefault(name, PrintedName(name, coded.place))
    return tuple(first.values())


def _supervising(targets: Iterable[PerformanceTarget]) -> Iterator[SupervisingDepartment]:
    for target in targets:
        printed = dict(target.attributes).get("supervising_department")
        if printed is None:
            continue
        match = _NAME_AND_CREDIT_CODE.fullmatch(printed.text.strip())
        name, code = (match["name"], match["code"]) if match else (printed.text.strip(), None)
        yield SupervisingDepartment(name, code, printed.place)
