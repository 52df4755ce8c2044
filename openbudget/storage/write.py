"""Writing: one transaction a document; what was stored before stays whole if it fails."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import Engine, delete, insert, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from openbudget.budget.classification import CodeLists, Division
from openbudget.budget.document import BudgetDocument
from openbudget.budget.finding import CheckReport, Rule
from openbudget.budget.folding import fold
from openbudget.budget.identifiers import department_id, document_id, versioned
from openbudget.errors import StorageError
from openbudget.storage.aliases import add_alias
from openbudget.storage.models import (
    PART_MODELS,
    Base,
    CodeRow,
    DepartmentRow,
    DocumentRow,
    EditionRow,
    FactRow,
    FindingItemRow,
    JurisdictionRow,
    RuleRow,
    SourceRow,
)
from openbudget.storage.relating import Relate, forget_items, forget_related, relate
from openbudget.storage.rows import part_values
from openbudget.storage.rows.document import document_key, document_values
from openbudget.storage.rows.findings import Touching, checks_values, item_values, rule_values

DATA_VERSION = "data_version"
SEED_DIGEST = "seed_digest"
RULES_DIGEST = "rules_digest"
LAST_MODIFIED = "last_modified"
_BATCH = 500
_TOLD = ("reading_version", "checks_digest", "title", "publisher", "media_type", "origin")
"""What makes a version of the same bytes another one: how it was read and checked, and how it is
described."""


@dataclass(frozen=True)
class Beside:
    """What is stored beside a document.

    `report` is what was found in it, `check_related` holds it against others of its department,
    and `alias` is another id of its department.
    """

    report: CheckReport = field(default_factory=CheckReport)
    check_related: Relate | None = None
    alias: str | None = None


_ALONE = Beside()


class Outcome(StrEnum):
    """What storing a document did."""

    LOADED = "loaded"
    UNCHANGED = "unchanged"
    OUTDATED = "unchanged: another version has superseded it"
    SUPERSEDED = "superseded the version before"
    READ_ANEW = "read anew"


def store_document(
    engine: Engine,
    document: BudgetDocument,
    content: bytes,
    reading_version: str,
    clock: Callable[[], str],
    beside: Beside = _ALONE,
) -> Outcome:
    """Store a document with its published bytes and what was found in it, in one transaction.

    The same bytes about the same thing change nothing, unless readers or layouts have changed
    since; other bytes about the same thing supersede the version before, which stays readable.
    `clock` gives the present time as ISO 8601 text.

    Raises:
        StorageError: the database refused; it is as it was before.
    """
    try:
        with Session(engine) as session, session.begin():
            values = document_values(document, reading_version, clock()) | checks_values(
                beside.report
            )
            outcome = _store(session, document, content, values, beside.report)
            if outcome not in (Outcome.UNCHANGED, Outcome.OUTDATED):
                _relate(session, document, beside.check_related)
                _describe_department(session, document)
                if beside.alias is not None:
                    add_alias(session, beside.alias, document_key(document)["department"])
                _set_data_version(session, clock)
            return outcome
    except SQLAlchemyError as error:
        raise StorageError(f"the database refused: {str(error).partition(chr(10))[0]}") from error


def _store(
    session: Session,
    document: BudgetDocument,
    content: bytes,
    values: dict[str, Any],
    report: CheckReport,
) -> Outcome:
    known = {row.version: row for row in _versions(session, document)}
    mine = known.get(str(document_key(document)["version"]))
    if mine is not None and all(getattr(mine, name) == values[name] for name in _TOLD):
        return Outcome.UNCHANGED if mine.current else Outcome.OUTDATED
    if mine is not None:
        values |= {"loaded_at": mine.loaded_at, "current": mine.current}
        _delete_version(session, mine)
    elif known:
        _supersede(session, document)
    _insert(session, document, values, content, report)
    if mine is not None:
        return Outcome.READ_ANEW
    return Outcome.SUPERSEDED if known else Outcome.LOADED


def _versions(session: Session, document: BudgetDocument) -> Sequence[DocumentRow]:
    wanted = DocumentRow.document == document_id(document.identity)
    return session.scalars(select(DocumentRow).where(wanted)).all()


def _delete_version(session: Session, row: DocumentRow) -> None:
    models: tuple[type[Base], ...] = (*PART_MODELS, DocumentRow)
    for model in models:
        session.execute(delete(model).where(*_same_version(model, row.document, row.version)))
    forget_items(session, row, versioned(row.document, row.version))
    session.expunge(row)


def _same_version(model: Any, document: str, version: str) -> tuple[Any, ...]:
    return model.document == document, model.version == version


def _supersede(session: Session, document: BudgetDocument) -> None:
    base = document_id(document.identity)
    for model in (*PART_MODELS, DocumentRow):
        table: Any = model
        session.execute(
            update(table).where(table.document == base, table.current).values(current=False)
        )


def _insert(
    session: Session,
    document: BudgetDocument,
    values: dict[str, Any],
    content: bytes,
    report: CheckReport,
) -> None:
    if session.get(SourceRow, document.file.sha256) is None:
        source = {"sha256": document.file.sha256, "media_type": document.file.media_type}
        session.execute(insert(SourceRow).values(**source, content=content))
    session.execute(insert(DocumentRow).values(**values))
    for model, rows in part_values(document, report):
        _insert_rows(session, model, ({**row, "current": values["current"]} for row in rows))
    _insert_rows(session, FindingItemRow, _items(document, values, report))


def _insert_rows(session: Session, model: type[Base], rows: Iterable[dict[str, Any]]) -> None:
    found = list(rows)
    # Not by the model: that would be a statement for each set of columns that are not null.
    table: Any = model.__table__
    statement = insert(table)
    for start in range(0, len(found), _BATCH):
        session.execute(statement, found[start : start + _BATCH])


def _items(
    document: BudgetDocument, values: dict[str, Any], report: CheckReport
) -> Iterator[dict[str, Any]]:
    """Give what the findings of a document touch."""
    touching, stem = Touching(document), values["id"]
    for finding in report.findings:
        key = {**values, "id": f"{stem}.{finding.id}"}
        yield from item_values(key, stem, touching.items(finding))


def _relate(session: Session, document: BudgetDocument, check: Relate | None) -> None:
    """Hold a document against others, unless it is an older version that was read anew."""
    key = {name: document_key(document)[name] for name in ("document", "version")}
    if session.scalar(select(DocumentRow.current).filter_by(**key)):
        forget_related(session, key["document"])
        if check is not None:
            relate(session, document, key["version"], check)


# Departments -----------------------------------------------------------------------------------


def _describe_department(session: Session, document: BudgetDocument) -> None:
    """Describe a department anew by all its current documents, the newest year first."""
    identity = document.identity
    own = department_id(identity.jurisdiction, identity.department)
    rows = session.execute(
        select(DocumentRow.document, DocumentRow.fiscal_year, DocumentRow.described_department)
        .where(DocumentRow.department == own, DocumentRow.current)
        .order_by(DocumentRow.fiscal_year.desc(), DocumentRow.document)
    ).all()
    described = [row.described_department for row in rows]
    names = _merge(rows, "names")
    known = {described[0]["name"], *(name["name"] for name in names)}
    session.execute(delete(DepartmentRow).where(DepartmentRow.id == own))
    session.execute(
        insert(DepartmentRow).values(
            id=own,
            jurisdiction=identity.jurisdiction,
            code=identity.department,
            name=described[0]["name"],
            names=names,
            types=_merge(rows, "types"),
            supervising=_supervising(rows),
            fiscal_years=sorted({row.fiscal_year for row in rows}),
            search_text=" ".join(sorted(search_fold(name) for name in known)),
        )
    )


def _merge(rows: Sequence[Any], key: str) -> list[dict[str, Any]]:
    """Give each printed name once, with the first document that prints it."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        for entry in row.described_department[key]:
            found.setdefault(entry["name"], {**entry, "document": row.document})
    return list(found.values())


def _supervising(rows: Sequence[Any]) -> dict[str, Any] | None:
    for row in rows:
        if row.described_department["supervising"]:
            return {**row.described_department["supervising"], "document": row.document}
    return None


def search_fold(text: str) -> str:
    """Fold a text for searching: full-width forms, spaces, quotes and case say nothing."""
    return fold(text).casefold()


# Seed and data version -------------------------------------------------------------------------


def store_seed(
    engine: Engine,
    lists: CodeLists,
    divisions: Sequence[Division],
    digest: str,
    clock: Callable[[], str],
) -> bool:
    """Store code lists and divisions, replacing those before; False where nothing has changed.

    Raises:
        StorageError: the database refused; it is as it was before.
    """
    try:
        with Session(engine) as session, session.begin():
            if _fact(session, SEED_DIGEST) == digest:
                return False
            for model in (CodeRow, EditionRow, JurisdictionRow):
                session.execute(delete(model))
            _insert_rows(session, JurisdictionRow, (asdict(division) for division in divisions))
            _insert_lists(session, lists)
            _set_fact(session, SEED_DIGEST, digest)
            _set_data_version(session, clock)
            return True
    except SQLAlchemyError as error:
        raise StorageError(f"the database refused: {str(error).partition(chr(10))[0]}") from error


def store_rules(engine: Engine, rules: Sequence[Rule], clock: Callable[[], str]) -> bool:
    """Store the rules that documents are checked with; False where nothing has changed.

    Raises:
        StorageError: the database refused; it is as it was before.
    """
    digest = hashlib.sha256(repr(tuple(rules)).encode()).hexdigest()
    try:
        with Session(engine) as session, session.begin():
            if _fact(session, RULES_DIGEST) == digest:
                return False
            session.execute(delete(RuleRow))
            _insert_rows(session, RuleRow, map(rule_values, rules))
            _set_fact(session, RULES_DIGEST, digest)
            _set_data_version(session, clock)
            return True
    except SQLAlchemyError as error:
        raise StorageError(f"the database refused: {str(error).partition(chr(10))[0]}") from error


def _insert_lists(session: Session, lists: CodeLists) -> None:
    for edition in lists.editions:
        described = asdict(edition.description)
        session.execute(insert(EditionRow).values(**described, code_count=len(edition.codes)))
        key = {"scheme": described["scheme"], "edition": described["edition"]}
        rows = (
            {**key, **asdict(code), "search_text": search_fold(f"{code.name_zh} {code.name_en}")}
            for code in edition.codes
        )
        _insert_rows(session, CodeRow, rows)


def _set_data_version(session: Session, clock: Callable[[], str]) -> None:
    """Name the data by what they are made of: versions, how they were read, lists and rules.

    What was found between two documents follows from these.
    """
    told = (DocumentRow.title, DocumentRow.publisher, DocumentRow.media_type, DocumentRow.origin)
    read = (DocumentRow.reading_version, DocumentRow.checks_digest)
    columns = (DocumentRow.id, DocumentRow.current, *read, *told)
    facts = [_fact(session, name) or "" for name in (SEED_DIGEST, RULES_DIGEST)]
    digest = hashlib.sha256("".join(facts).encode())
    for row in session.execute(select(*columns).order_by(DocumentRow.id)):
        digest.update(repr(tuple(row)).encode())
    version = digest.hexdigest()[:16]
    if _fact(session, DATA_VERSION) != version:
        _set_fact(session, DATA_VERSION, version)
        _set_fact(session, LAST_MODIFIED, clock())


def _fact(session: Session, name: str) -> str | None:
    return session.scalar(select(FactRow.value).where(FactRow.name == name))


def _set_fact(session: Session, name: str, value: str) -> None:
    session.execute(delete(FactRow).where(FactRow.name == name))
    session.execute(insert(FactRow).values(name=name, value=value))
