"""Facts of a document as they stand in its golden file: counts, totals, sums, what is unmapped."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from openbudget.budget.document import BudgetDocument
from openbudget.budget.identifiers import document_id
from openbudget.budget.money import format_yuan
from openbudget.budget.table import BudgetLine, BudgetTable
from openbudget.budget.vocabulary import Role


def facts(document: BudgetDocument) -> dict[str, Any]:
    """Give the facts of a document; amounts are in yuan."""
    coverage = document.coverage
    return {
        "id": document_id(document.identity),
        "title": document.identity.title,
        "publisher": document.identity.publisher,
        "media_type": document.file.media_type,
        "sha256": document.file.sha256,
        "tables": {table.key: table_facts(table) for table in document.tables},
        "coverage": {
            "cells": coverage.cells,
            "used": coverage.used,
            "ignored": dict(coverage.ignored),
            "unmapped": [[cell.text, cell.reason] for cell in coverage.unmapped],
        },
    }


def table_facts(table: BudgetTable) -> dict[str, Any]:
    leaves = [line for line in table.lines if line.role is Role.LEAF]
    coded = [c for line in table.lines for c in (line.function, line.department_economic) if c]
    return {
        "kind": table.kind.value,
        "title": table.title,
        "number": table.number,
        "unit": table.unit.text if table.unit else None,
        "layout": table.layout,
        "empty": table.empty,
        "pages": sorted({c.anchor.page for r in table.rows for c in r.cells if c.anchor.page}),
        "columns": [column.key for column in table.columns],
        "roles": dict(sorted(Counter(line.role.value for line in table.lines).items())),
        "periods": _periods(table.lines),
        "coded_rows": len({line.ordinal for line in table.lines if _is_coded(line)}),
        "codes": sorted({c.code for c in coded if c.code}),
        "lines": len(table.lines),
        "leaves": len(leaves),
        "leaf_sums": _sums(leaves),
        "totals": _sums(line for line in table.lines if line.role is Role.TOTAL),
    }


def _is_coded(line: BudgetLine) -> bool:
    return bool(line.function or line.department_economic)


def _periods(lines: Iterable[BudgetLine]) -> dict[str, int]:
    found = Counter(f"{line.fiscal_year} {line.phase.value}" for line in lines)
    return dict(sorted(found.items()))


def _sums(lines: Iterable[BudgetLine]) -> dict[str, str]:
    sums: dict[str, int] = {}
    for line in lines:
        sums[line.column] = sums.get(line.column, 0) + (line.amount.fen or 0)
    return {column: format_yuan(fen) for column, fen in sorted(sums.items())}


def as_text(found: dict[str, Any]) -> str:
    return json.dumps(found, ensure_ascii=False, indent=2) + "\n"


def check(found: dict[str, Any], path: Path, update: bool) -> None:
    """Compare facts with a golden file, or write it anew.

    What explains an unmapped cell stands in the file only, under `explained`.
    """
    if update:
        path.parent.mkdir(parents=True, exist_ok=True)
        known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        extra = {key: value for key, value in known.items() if key in ("made", "explained")}
        path.write_text(as_text({**extra, **found}), encoding="utf-8")
    expected = json.loads(path.read_text(encoding="utf-8"))
    explained = expected.pop("explained", {})
    expected.pop("made", None)
    found = {key: value for key, value in found.items() if key != "made"}
    assert found == expected
    for text, _ in found["coverage"]["unmapped"]:
        assert text in explained, f"nobody has explained why {text!r} is unmapped"
