"""The published documents, read once a run; they are looked for beside the checkout."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import pytest

from openbudget.budget.document import BudgetDocument
from openbudget.loading.pipeline import read_file
from openbudget.loading.seed import Seed
from tests.conftest import FIRST, ROOT

FOLDER = Path(os.environ.get("OPENBUDGET_SHARED", ROOT.parent / "shared")) / "documents"
NAMES = (
    "sh_putuo_gov_office_budget_dept_2025",
    "sh_putuo_gov_office_budget_unit_2025",
    "sh_putuo_commerce_budget_dept_2025",
    "sh_putuo_commerce_budget_unit_2025",
    "sh_putuo_wanli_street_budget_dept_2025",
    "sh_putuo_welfare_home_budget_unit_2024",
    "sh_putuo_planning_final_dept_2024",
)


def published(name: str, seed: Seed) -> BudgetDocument:
    """Read a published document, or skip the test where it is not there."""
    path = FOLDER / f"{name}.pdf"
    if not path.is_file():
        pytest.skip(f"{name} is not there")
    return _read(path, seed)


@cache
def _read(path: Path, seed: Seed) -> BudgetDocument:
    return read_file(path, seed).document


__all__ = ["FIRST", "FOLDER", "NAMES", "published"]
