from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from openbudget.budget.document import BudgetDocument
from openbudget.budget.finding import CheckReport
from tests.conftest import GOLDEN
from tests.reports.findings.made import made_report


@pytest.fixture(scope="session")
def report(first_document: BudgetDocument) -> CheckReport:
    return made_report(first_document)


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Hold a text to a golden file, or write that anew."""

    def hold(name: str, text: str) -> None:
        path: Path = GOLDEN / "check-report" / name
        if request.config.getoption("--update-golden"):
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert text == path.read_text(encoding="utf-8")

    return hold
