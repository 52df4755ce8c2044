"""Rows as they are handed over: by column, and once what all of them have."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event

from openbudget.budget.finding import CheckReport
from openbudget.budget.vocabulary import Role
from openbudget.storage.database import open_for_writing
from openbudget.storage.departments import renew_department
from openbudget.storage.prepared import PreparedDocument, PreparedRows, prepare, under_department
from openbudget.storage.related import read_related
from openbudget.storage.rows.parts import value_of

if TYPE_CHECKING:
    from pathlib import Path

    from openbudget.budget.document import BudgetDocument


@pytest.fixture(scope="module")
def prepared(first_document: BudgetDocument) -> PreparedDocument:
    return prepare(first_document, CheckReport())


def part(prepared: PreparedDocument, table: str) -> PreparedRows:
    return next(found for found in prepared.parts if found.table == table)


def test_rows_are_made_of_columns() -> None:
    rows = PreparedRows("some", ("document", "id", "item"), 2, (("a",), ("a.1", "a.2"), (None,)))
    assert rows.rows == [("a", "a.1", None), ("a", "a.2", None)]


def test_what_all_rows_have_is_kept_once(prepared: PreparedDocument) -> None:
    for table in ("lines", "search_entries"):
        rows = part(prepared, table)
        columns = dict(zip(rows.columns, rows.values, strict=True))
        assert {len(values) for values in columns.values()} == {1, rows.count}
        document = prepared.values["document"]
        assert (columns["document"], columns["current"]) == ((document,), (True,))
        assert columns["id"] == tuple(row[rows.columns.index("id")] for row in rows.rows)


def test_equal_json_is_one_text(prepared: PreparedDocument) -> None:
    lines = part(prepared, "lines")
    coded = lines.values[lines.columns.index("coded")]
    assert len(set(map(id, coded))) == len(set(coded)) < lines.count


def test_a_document_under_another_code_has_the_same_rows(prepared: PreparedDocument) -> None:
    moved = under_department(prepared, "7")
    assert moved.identity == replace(prepared.identity, department="7")
    for before, after in zip(prepared.parts, moved.parts, strict=True):
        own = [
            tuple(v.replace("110102-231002", "110102-7") if isinstance(v, str) else v for v in row)
            for row in before.rows
        ]
        assert after.rows == own


def test_a_word_of_the_vocabulary_becomes_a_plain_text() -> None:
    assert [(value_of(word), type(value_of(word))) for word in (Role.LEAF, None)] == [
        ("leaf", str),
        (None, type(None)),
    ]


def test_documents_of_a_department_are_found_by_their_ids(
    prepared: PreparedDocument, tmp_path: Path
) -> None:
    """Their number must not matter: a scan reads all of them for each one that is stored."""
    engine, plans = open_for_writing(f"sqlite:///{tmp_path}/own.sqlite"), list[str]()

    def explain(_connection: Any, cursor: Any, statement: str, given: Any, *_: Any) -> None:
        found = cursor.execute(f"EXPLAIN QUERY PLAN {statement}", given)
        plans.append(" ".join(str(row[-1]) for row in found))

    with engine.connect() as connection:
        event.listen(engine, "before_cursor_execute", explain)
        assert read_related(connection, prepared.identity) == []
        with pytest.raises(IndexError):  # there is no document to describe it by
            renew_department(connection, prepared.identity)
    engine.dispose()
    by_id = "SEARCH documents USING INDEX ix_documents_document_current (document>? AND document<?)"
    assert [plan.startswith(by_id) for plan in plans] == [True, True], plans
