"""Shared fixtures: the first document, read once."""

from __future__ import annotations

from pathlib import Path

import pytest

from openbudget.budget.document import BudgetDocument
from openbudget.loading.pipeline import read_file
from openbudget.loading.seed import Seed, read_seed

ROOT = Path(__file__).parent.parent
SEED = ROOT / "seed"
FIRST = SEED / "documents/110102/231002/2024/xicheng-legal-aid-center-2024.txt"
GOLDEN = ROOT / "tests/golden"


@pytest.fixture(scope="session")
def seed() -> Seed:
    return read_seed(SEED)


@pytest.fixture(scope="session")
def first_document(seed: Seed) -> BudgetDocument:
    return read_file(FIRST, seed).document


@pytest.fixture(scope="session")
def first_lines() -> list[str]:
    """Give the lines of the first document's file; line 1 is at index 0."""
    return FIRST.read_text(encoding="utf-8").split("\n")
