"""Many budgets made of the first document: other offices, years, scopes, phases, and a former
version; amounts differ, so that no two sums are alike by chance."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from openbudget.api.common import DOCUMENT

CURRENT_VERSION = 1


class Copy(NamedTuple):
    jurisdiction: str
    office: str
    year: int
    scope: str
    phase: str
    current: int = CURRENT_VERSION

    @property
    def department(self) -> str:
        return f"{self.jurisdiction}-{self.office}"

    @property
    def document(self) -> str:
        return f"{self.department}-{self.year}-{self.scope}-{self.phase}"

    @property
    def version(self) -> str:
        return "a" * 12 if self.current else "b" * 12


COPIES = (
    Copy("110102", "231002", 2024, "unit", "approved"),
    Copy("110102", "231002", 2024, "department", "executed"),
    Copy("110102", "231002", 2023, "department", "approved"),
    Copy("110102", "231002", 2023, "department", "approved", 0),
    Copy("310107", "nabcdefghij", 2024, "department", "approved"),
    Copy("310107", "nabcdefghij", 2025, "unit", "adjusted"),
    Copy("310000", "nkkkkkkkkkk", 2024, "unit", "approved"),
)
PARTS = ("lines", "projects", "documents")


def add_copies(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.row_factory = sqlite3.Row
        for number, copy in enumerate(COPIES, 2):
            for table in PARTS:
                _copy(connection, table, copy, number)
            connection.execute(
                "INSERT OR IGNORE INTO departments SELECT ?, ?, ?, name || ?, names, types, "
                "supervising, fiscal_years, search_text FROM departments LIMIT 1",
                (copy.department, copy.jurisdiction, copy.office, copy.office),
            )
        _make_comparisons(connection)
    connection.close()


def _copy(connection: sqlite3.Connection, table: str, copy: Copy, number: int) -> None:
    found = connection.execute(
        " ".join(["SELECT * FROM", table, "WHERE document = ?"]), (DOCUMENT,)
    )
    for row in list(found):
        values = {**dict(row), **dict(_changed(row, copy, number))}
        names = ", ".join(f'"{name}"' for name in values)
        marks = ", ".join("?" * len(values))
        statement = " ".join(["INSERT INTO", table, f"({names}) VALUES ({marks})"])
        connection.execute(statement, tuple(values.values()))


def _changed(row: sqlite3.Row, copy: Copy, number: int) -> Iterator[tuple[str, object]]:
    _, dot, local = str(row["id"]).partition(".")
    yield "id", f"{copy.document}@{copy.version}{dot}{local}"
    yield from {
        "jurisdiction": copy.jurisdiction,
        "fiscal_year": copy.year,
        "document": copy.document,
        "version": copy.version,
        "current": copy.current,
        "department": copy.department,
        "scope": copy.scope,
        "phase": copy.phase,
    }.items()
    if "own_year" in row.keys():  # noqa: SIM118 - a row of sqlite3 is no mapping
        yield "own_year", copy.year
        yield "own_phase", copy.phase
        if row["amount_fen"] is not None:
            yield "amount_fen", row["amount_fen"] * number + row["position"]


def _make_comparisons(connection: sqlite3.Connection) -> None:
    """Let some columns of the executed document be of the approved budget, for comparison."""
    connection.execute(
        "UPDATE lines SET own_phase = 'approved' "
        "WHERE phase = 'executed' AND scope = 'department' AND position % 3 = 0"
    )
    connection.execute("UPDATE lines SET carryover = 'opening' WHERE position % 17 = 5")
