from __future__ import annotations

import gc
import pickle
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from openbudget.budget.document import BudgetDocument
from openbudget.budget.finding import CheckReport
from openbudget.errors import UnreadableFileError
from openbudget.loading.departments import Stated
from openbudget.loading.handover import PreparedFile, prepare_file, read_prepared
from openbudget.loading.pipeline import ReadFile, read_file
from openbudget.loading.task import Answer
from openbudget.reports.batch import report_stored
from openbudget.reports.terminal import summarize
from openbudget.storage.prepared import prepare
from tests.conftest import FIRST

if TYPE_CHECKING:
    from openbudget.loading.seed import Seed

PATH = Path("a\nbudget.txt")


def test_what_is_handed_over_comes_through_unchanged(first_document: BudgetDocument) -> None:
    answer = Answer(prepare_file(PATH, ReadFile(b"\0\xff", first_document)), seconds=0.5)
    assert pickle.loads(pickle.dumps(answer)) == answer  # noqa: S301 - packed right here
    assert answer.value is not None
    assert answer.value.content == b"\0\xff"
    assert answer.value.document == prepare(first_document, CheckReport())
    assert answer.value.report == report_stored("a\\nbudget.txt", "loaded", first_document)
    assert answer.value.summary == tuple(summarize(first_document))


def test_rows_are_texts_and_numbers(first_document: BudgetDocument) -> None:
    parts = prepare(first_document, CheckReport()).parts
    kinds = {type(value) for part in parts for row in part.rows for value in row}
    assert kinds == {str, int, bool, type(None)}
    assert [(part.table, len(part.rows)) for part in parts] == [
        ("sections", 20),
        ("claims", 31),
        ("tables", 14),
        ("lines", 183),
        ("projects", 5),
        ("transfers", 2),
        ("performance_targets", 2),
        ("indicators", 20),
        ("search_entries", 278),
    ]


def test_whether_a_file_is_described_is_handed_over(seed: Seed, tmp_path: Path) -> None:
    given = tmp_path / "budget.txt"
    given.write_bytes(FIRST.read_bytes())
    for path, described in ((FIRST, True), (given, False)):
        read = read_prepared(read_file, path, seed=seed)
        assert isinstance(read, PreparedFile)
        assert read.described is described
        assert Stated(None, None, ()).names_department(path, read) is described


def test_members_keep_their_names_and_errors(first_document: BudgetDocument) -> None:
    error = UnreadableFileError("it is damaged")
    members = [("a.txt", ReadFile(b"a", first_document)), ("b.txt", error)]

    def read(path: Path, *, option: int) -> list[tuple[str, ReadFile | UnreadableFileError]]:
        assert (path, option) == (PATH, 1)
        return list(members)

    found = read_prepared(read, PATH, option=1)
    prepared = prepare_file(PATH, ReadFile(b"a", first_document))
    assert found == [("a.txt", prepared), ("b.txt", error)]


def test_errors_of_the_reader_go_through() -> None:
    def read(_path: Path) -> ReadFile:
        raise UnreadableFileError("it is damaged")

    with pytest.raises(UnreadableFileError, match="damaged"):
        read_prepared(read, PATH)


def test_a_document_is_freed_as_soon_as_its_rows_are_made(seed: Seed) -> None:
    def documents() -> int:
        return sum(isinstance(thing, BudgetDocument) for thing in gc.get_objects())

    read_prepared(read_file, FIRST, seed=seed)  # what is kept is made
    gc.collect()
    gc.disable()  # which would free circles, too
    try:
        before = documents()
        read_prepared(read_file, FIRST, seed=seed)
        assert documents() == before
    finally:
        gc.enable()
