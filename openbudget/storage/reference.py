"""Writing what documents refer to, replaced as a whole: lists, crosswalks, divisions, rules."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, Engine, delete, insert
from sqlalchemy.exc import SQLAlchemyError

from openbudget.budget.classification import CodeLists, Division
from openbudget.budget.finding import Rule
from openbudget.errors import StorageError
from openbudget.storage.data_version import (
    RULES_DIGEST,
    SEED_DIGEST,
    read_fact,
    renew_data_version,
    set_fact,
)
from openbudget.storage.folding import search_fold
from openbudget.storage.models import (
    Base,
    CodeRow,
    CrosswalkMappingRow,
    CrosswalkRow,
    EditionRow,
    JurisdictionRow,
    RuleRow,
    SearchEntryRow,
)
from openbudget.storage.rows.crosswalks import crosswalk_values, mapping_values
from openbudget.storage.rows.findings import rule_values
from openbudget.storage.rows.search import EntryKind, code_entry
from openbudget.storage.search_index import index_new_entries

_BATCH = 500


def store_seed(
    engine: Engine,
    lists: CodeLists,
    divisions: Sequence[Division],
    digest: str,
    clock: Callable[[], str],
) -> bool:
    """Store lists, crosswalks and divisions over those before; False where nothing has changed.

    Raises:
        StorageError: the database refused; it is as it was before.
    """
    with _writing(engine) as connection:
        if read_fact(connection, SEED_DIGEST) == digest:
            return False
        for model in (CodeRow, EditionRow, JurisdictionRow, CrosswalkRow, CrosswalkMappingRow):
            connection.execute(delete(model))
        codes = SearchEntryRow.kind == EntryKind.CODE.value
        connection.execute(delete(SearchEntryRow).where(codes))
        _insert_rows(connection, JurisdictionRow, (asdict(division) for division in divisions))
        _insert_lists(connection, lists)
        _insert_rows(connection, CrosswalkRow, map(crosswalk_values, lists.crosswalks))
        for crosswalk in lists.crosswalks:
            _insert_rows(connection, CrosswalkMappingRow, mapping_values(crosswalk))
        index_new_entries(connection)
        set_fact(connection, SEED_DIGEST, digest)
        renew_data_version(connection, clock)
        return True


def store_rules(engine: Engine, rules: Sequence[Rule], clock: Callable[[], str]) -> bool:
    """Store the rules that documents are checked with; False where nothing has changed.

    Raises:
        StorageError: the database refused; it is as it was before.
    """
    digest = hashlib.sha256(repr(tuple(rules)).encode()).hexdigest()
    with _writing(engine) as connection:
        if read_fact(connection, RULES_DIGEST) == digest:
            return False
        connection.execute(delete(RuleRow))
        _insert_rows(connection, RuleRow, map(rule_values, rules))
        set_fact(connection, RULES_DIGEST, digest)
        renew_data_version(connection, clock)
        return True


@contextmanager
def _writing(engine: Engine) -> Iterator[Connection]:
    try:
        with engine.begin() as connection:
            yield connection
    except SQLAlchemyError as error:
        raise StorageError(f"the database refused: {str(error).partition(chr(10))[0]}") from error


def _insert_lists(connection: Connection, lists: CodeLists) -> None:
    for edition in lists.editions:
        described = asdict(edition.description)
        connection.execute(insert(EditionRow).values(**described, code_count=len(edition.codes)))
        key = {"scheme": described["scheme"], "edition": described["edition"]}
        rows = (
            {**key, **asdict(code), "search_text": search_fold(f"{code.name_zh} {code.name_en}")}
            for code in edition.codes
        )
        _insert_rows(connection, CodeRow, rows)
        entries = (code_entry(key["scheme"], key["edition"], code) for code in edition.codes)
        _insert_rows(connection, SearchEntryRow, entries)


def _insert_rows(connection: Connection, model: type[Base], rows: Iterable[dict[str, Any]]) -> None:
    found = list(rows)
    for start in range(0, len(found), _BATCH):
        connection.execute(insert(model), found[start : start + _BATCH])
