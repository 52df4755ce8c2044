"""Files are checked one by one, members of archives too; what cannot be read is told."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from openbudget.budget.classification import CodeLists
from openbudget.budget.document import BudgetDocument
from openbudget.budget.finding import CheckReport
from openbudget.loading.checking import CheckOptions, check_files
from openbudget.loading.seed import Seed
from openbudget.recognition.identity import KnownIdentity
from openbudget.reports.findings.checked import CheckedFile
from tests.conftest import FIRST
from tests.reports.findings.made import made_report


def check_as_made(document: BudgetDocument, lists: CodeLists) -> CheckReport:
    """Found by its name in other processes."""
    assert lists.editions
    return made_report(document)


def told(files: list[CheckedFile]) -> list[tuple[str, str | None, int, str | None]]:
    return [(Path(f.path).name, f.member, len(f.report.findings), f.error) for f in files]


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "budgets.zip"
    with zipfile.ZipFile(path, "w") as file:
        file.write(FIRST, "a/first.txt")
        file.writestr("b/empty.txt", "")
    return path


def test_a_file_is_read_and_checked(seed: Seed, first_document: BudgetDocument) -> None:
    (checked,) = check_files([FIRST], seed, CheckOptions(check=check_as_made))
    assert checked == CheckedFile(
        str(FIRST), None, first_document, made_report(first_document), None
    )


def test_members_of_an_archive_are_checked_each(seed: Seed, archive: Path) -> None:
    files = list(check_files([archive], seed, CheckOptions(check=check_as_made)))
    assert told(files) == [
        ("budgets.zip", "first.txt", 7, None),
        ("budgets.zip", "empty.txt", 0, "the file is empty"),
    ]


def test_several_files_are_checked_in_processes_of_their_own(seed: Seed, archive: Path) -> None:
    absent = archive.with_name("absent\n.txt")
    options = CheckOptions(jobs=2, check=check_as_made)
    files = list(check_files([archive, absent, FIRST], seed, options))
    assert told(files) == [
        ("budgets.zip", "first.txt", 7, None),
        ("budgets.zip", "empty.txt", 0, "the file is empty"),
        ("absent\\n.txt", None, 0, "the file is not there"),
        (FIRST.name, None, 7, None),
    ]


def test_what_is_known_of_a_file_counts(seed: Seed) -> None:
    options = CheckOptions(known=KnownIdentity(fiscal_year=2023))
    (checked,) = check_files([FIRST], seed, options)
    assert checked.document is not None
    assert checked.document.identity.fiscal_year == 2023
