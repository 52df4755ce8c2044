"""Departments and budgetary units."""

from __future__ import annotations

from dataclasses import dataclass

from openbudget.budget.table import Place


@dataclass(frozen=True, slots=True)
class PrintedName:
    """A name of a department as one document prints it, where it first stands."""

    name: str
    place: Place


@dataclass(frozen=True, slots=True)
class DepartmentName:
    """A name that is known to be of a department, in the years from and to where they are known.

    `department` is its code, so that ``{jurisdiction}-{department}`` is its id.
    """

    name: str
    jurisdiction: str
    department: str
    valid_from: int | None = None
    valid_to: int | None = None


@dataclass(frozen=True, slots=True)
class SupervisingDepartment:
    """主管部门: the printed name and the unified social credit code beside it, where printed."""

    name: str
    credit_code: str | None
    place: Place


@dataclass(frozen=True, slots=True)
class Department:
    """A department or budgetary unit: `{jurisdiction}-{code}`.

    `name` is the publisher's name, `names` every printed name, `types` the printed types
    (22-公益一类).
    """

    jurisdiction: str
    code: str
    name: str
    names: tuple[PrintedName, ...] = ()
    types: tuple[PrintedName, ...] = ()
    supervising: SupervisingDepartment | None = None
