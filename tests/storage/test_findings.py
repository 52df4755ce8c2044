"""Findings are stored with their documents, and between documents with both."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from openbudget.api.common import DOCUMENT
from openbudget.budget.document import BudgetDocument, RelatedDocument
from openbudget.budget.finding import CheckReport
from openbudget.budget.identifiers import document_id
from openbudget.budget.vocabulary import Phase
from openbudget.storage.database import open_for_writing
from openbudget.storage.models import DocumentRow, FindingItemRow, FindingRow, LineRow, RuleRow
from openbudget.storage.prepared import prepare
from openbudget.storage.read import read_facts
from openbudget.storage.reference import store_rules
from openbudget.storage.related import read_related
from openbudget.storage.write import Beside, Outcome, store_document
from tests.checked import COLUMN, RULES, checked, held_against

BEFORE, EXECUTED = f"{DOCUMENT}".replace("2024", "2023"), DOCUMENT.replace("approved", "executed")


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_for_writing(f"sqlite:///{tmp_path}/own.sqlite")
    yield engine
    engine.dispose()


def store(
    engine: Engine, document: BudgetDocument, report: CheckReport | None = None, **more: Any
) -> Outcome:
    prepared = prepare(document, report or checked(document))
    return store_document(engine, prepared, b"bytes", "r1", lambda: "2024", Beside(**more))


def another(document: BudgetDocument, sha256: str, **changes: Any) -> BudgetDocument:
    """Give the document as that of another year or phase, or as another version."""
    file = replace(document.file, sha256=sha256 * 64)
    return replace(document, file=file, identity=replace(document.identity, **changes))


def rows(engine: Engine, model: Any) -> list[Any]:
    with Session(engine) as session:
        return list(session.scalars(select(model)).all())


def data_version(engine: Engine) -> str | None:
    with engine.connect() as connection:
        return read_facts(connection).get("data_version")


def items(engine: Engine, finding: str) -> set[str]:
    found = [row for row in rows(engine, FindingItemRow) if row.id.endswith(finding)]
    return {row.item.partition(".")[2] for row in found}


def test_a_report_is_stored_with_its_document(
    engine: Engine, first_document: BudgetDocument
) -> None:
    store(engine, first_document)
    stem = f"{DOCUMENT}@{first_document.file.sha256[:12]}"
    found = {row.id.removeprefix(f"{stem}."): row for row in rows(engine, FindingRow)}
    column = found[COLUMN]
    assert (column.printed_fen, column.computed_fen) == (1009286396, 1009754396)
    assert (column.difference_fen, column.magnitude_fen) == (-468000, 468000)
    assert column.operands[0]["place"]["row"] == 36
    assert len(column.operands[1]["parts"]) == 31
    (document,) = rows(engine, DocumentRow)
    assert [o["status"] for o in document.checks["outcomes"]] == [
        *("failed", "not_applicable", "passed")
    ]
    totals = {row.id.partition(".")[2]: row.total_check for row in rows(engine, LineRow)}
    assert totals["expenditure.32.total"]["findings"] == [COLUMN]
    assert totals["expenditure.1.total"] is None


def test_a_finding_touches_lines_tables_projects_and_targets(
    engine: Engine, first_document: BudgetDocument
) -> None:
    store(engine, first_document)
    rows_of_03 = {f"expenditure.{n}.total" for n in range(1, 33)}
    assert items(engine, COLUMN) == {"expenditure", *rows_of_03}
    assert items(engine, "indicators.2") == {
        "performance-targets.1",
        "performance-targets.1.indicators.2",
        "project_performance_target",
    }
    assert items(engine, "claims.4") == {
        *("claims.4", "project_expenditure", "project_expenditure.2.total", "projects.2")
    }


def test_another_report_is_stored_anew(engine: Engine, first_document: BudgetDocument) -> None:
    assert store(engine, first_document) is Outcome.LOADED
    version = data_version(engine)
    assert store(engine, first_document) is Outcome.UNCHANGED
    whole = checked(first_document)
    less = replace(whole, findings=whole.findings[:1])
    assert store(engine, first_document, less) is Outcome.READ_ANEW
    assert data_version(engine) != version
    assert [row.rule for row in rows(engine, FindingRow)] == ["column_total"]
    assert len(rows(engine, FindingItemRow)) == 33


def test_rules_are_replaced_only_when_they_change(engine: Engine) -> None:
    assert store_rules(engine, RULES, lambda: "2024")
    version = data_version(engine)
    assert not store_rules(engine, RULES, lambda: "2025")
    assert store_rules(engine, RULES[:1], lambda: "2025")
    assert data_version(engine) != version
    (rule,) = rows(engine, RuleRow)
    assert rule.title == {"zh": "合计与各行之和", "en": "total against rows"}


def test_documents_come_back_as_they_were_read(
    engine: Engine, first_document: BudgetDocument
) -> None:
    """All but what columns and items are made of, which is not stored."""
    store(engine, first_document)
    tables = [
        replace(
            table,
            rows=(),
            columns=tuple(replace(c, parts=(), side="") for c in table.columns),
            lines=tuple(replace(line, item_role=None, item_parts=()) for line in table.lines),
        )
        for table in first_document.tables
    ]
    identity, version = first_document.identity, first_document.file.sha256[:12]
    wanted = RelatedDocument(
        document_id(identity), version, identity, tuple(tables), first_document.claims
    )
    with engine.connect() as session:
        near = another(first_document, "a", fiscal_year=2025).identity
        assert read_related(session, near) == [wanted]
        assert read_related(session, first_document.identity) == []
        far = another(first_document, "a", fiscal_year=2025, phase=Phase.EXECUTED).identity
        assert len(read_related(session, far)) == 1
        assert read_related(session, replace(far, fiscal_year=2026)) == []
        assert read_related(session, replace(far, department="23100")) == []


def related(engine: Engine) -> set[tuple[str, str]]:
    found = [row for row in rows(engine, FindingRow) if row.related]
    assert all(row.current for row in found)
    touched = {row.id for row in rows(engine, FindingItemRow)}
    assert {row.id for row in found} <= touched
    return {(row.document, row.related) for row in found}


def test_findings_between_documents_are_stored_with_both(
    engine: Engine, first_document: BudgetDocument
) -> None:
    store(engine, another(first_document, "a", fiscal_year=2023), check_related=held_against)
    assert related(engine) == set()
    store(engine, first_document, check_related=held_against)
    assert related(engine) == {(DOCUMENT, BEFORE), (BEFORE, DOCUMENT)}
    told = {row.document: row for row in rows(engine, FindingRow) if row.related}
    assert told[DOCUMENT].id.endswith("expenditure.32.total.2023-department-approved")
    assert [o["document"] for o in told[DOCUMENT].operands] == [None, BEFORE]
    assert [o["document"] for o in told[BEFORE].operands] == [DOCUMENT, None]
    assert told[DOCUMENT].explanations[0]["lines"] == ["expenditure.1.total"]
    assert told[BEFORE].explanations[0]["lines"] == [f"{DOCUMENT}.expenditure.1.total"]
    executed = another(first_document, "b", phase=Phase.EXECUTED)
    store(engine, executed, check_related=held_against)
    assert len(related(engine)) == 6


def test_findings_between_documents_are_of_current_versions_only(
    engine: Engine, first_document: BudgetDocument
) -> None:
    for document in (first_document, another(first_document, "a", fiscal_year=2023)):
        store(engine, document, check_related=held_against)
    corrected = another(first_document, "c")
    assert store(engine, corrected, check_related=held_against) is Outcome.SUPERSEDED
    assert related(engine) == {(DOCUMENT, BEFORE), (BEFORE, DOCUMENT)}
    found = {row.document: row for row in rows(engine, FindingRow) if row.related}
    assert found[DOCUMENT].version == "c" * 12
    before = len(rows(engine, FindingItemRow))
    assert store(engine, another(first_document, "d"), check_related=None) is Outcome.SUPERSEDED
    assert related(engine) == set()
    own = len(checked(first_document).findings)
    assert len(rows(engine, FindingRow)) == own * 4
    # Two findings between documents went, each with its line and its table; 40 of the new one came.
    assert len(rows(engine, FindingItemRow)) == before - 4 + 40


def test_findings_between_documents_stand_in_one_order_whichever_was_loaded_first(
    tmp_path: Path, first_document: BudgetDocument
) -> None:
    documents = [
        first_document,
        another(first_document, "a", fiscal_year=2023),
        another(first_document, "b", phase=Phase.EXECUTED),
    ]
    orders = []
    for number, order in enumerate((documents, documents[::-1])):
        engine = open_for_writing(f"sqlite:///{tmp_path}/{number}.sqlite")
        for document in order:
            store(engine, document, check_related=held_against)
        found = [row for row in rows(engine, FindingRow) if row.related]
        orders.append({(row.document, row.position, row.id) for row in found})
        engine.dispose()
    assert len(orders[0]) == 6
    assert orders[0] == orders[1]
