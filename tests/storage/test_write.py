"""Storing: nothing twice, versions supersede, and a failure changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Engine, delete, func, select
from sqlalchemy.exc import OperationalError

from openbudget.api.app import create_app
from openbudget.api.common import DOCUMENT
from openbudget.budget.document import BudgetDocument
from openbudget.errors import StorageError
from openbudget.loading.seed import Seed
from openbudget.storage import write
from openbudget.storage.data_version import renew_data_version
from openbudget.storage.database import open_for_reading, open_for_writing
from openbudget.storage.models import PART_MODELS, Base, DocumentRow, FactRow
from openbudget.storage.prepared import prepare
from openbudget.storage.read import read_facts
from openbudget.storage.reference import store_seed
from openbudget.storage.write import Outcome, store_document
from tests.api.client import Api
from tests.checked import checked

FIRST_TIME, LATER = "2024-03-01T00:00:00Z", "2024-04-01T00:00:00Z"


@pytest.fixture
def url(tmp_path: Any) -> str:
    return f"sqlite:///{tmp_path}/own.sqlite"


@pytest.fixture
def engine(url: str, seed: Seed) -> Iterator[Engine]:
    engine = open_for_writing(url)
    store_seed(engine, seed.lists, seed.divisions, seed.digest, lambda: FIRST_TIME)
    yield engine
    engine.dispose()


def store(
    engine: Engine, document: BudgetDocument, reading: str = "r1", at: str = FIRST_TIME
) -> Outcome:
    prepared = prepare(document, checked(document))
    return store_document(engine, prepared, b"published bytes", reading, lambda: at)


def corrected(document: BudgetDocument) -> BudgetDocument:
    """Make another version: other bytes, and one table less."""
    file = replace(document.file, sha256="f" * 64)
    return replace(document, file=file, tables=document.tables[:-1], targets=document.targets[:-1])


def snapshot(engine: Engine) -> dict[str, list[Any]]:
    with engine.connect() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table)).all()]
            for table in Base.metadata.sorted_tables
        }


def data_version(engine: Engine) -> str | None:
    with engine.connect() as connection:
        return read_facts(connection).get("data_version")


def test_the_same_bytes_twice_change_nothing(
    engine: Engine, first_document: BudgetDocument
) -> None:
    assert store(engine, first_document) is Outcome.LOADED
    before = snapshot(engine)
    assert store(engine, first_document, at=LATER) is Outcome.UNCHANGED
    assert snapshot(engine) == before


def test_another_version_supersedes_and_the_older_stays_readable(
    engine: Engine, url: str, first_document: BudgetDocument
) -> None:
    store(engine, first_document)
    version = data_version(engine)
    assert store(engine, corrected(first_document), at=LATER) is Outcome.SUPERSEDED
    assert data_version(engine) != version
    reading = open_for_reading(url)
    api = Api(create_app(reading))
    old = f"{DOCUMENT}@{first_document.file.sha256[:12]}"
    assert api.json("/v1/tables")["meta"]["total"] == 13
    assert api.json("/v1/tables?versions=all")["meta"]["total"] == 27
    assert api.json(f"/v1/tables?document={old}")["meta"]["total"] == 14
    document = api.json(f"/v1/documents/{DOCUMENT}")["data"]
    assert [(v["id"][-12:], v["current"]) for v in document["versions"]] == [
        ("f" * 12, True),
        (first_document.file.sha256[:12], False),
    ]
    line = api.json(f"/v1/lines/{old}.expenditure.29.project")["data"]
    assert (line["id"], line["document"]) == (f"{old}.expenditure.29.project", old)
    assert line["anchor"]["table"] == f"{old}.expenditure"
    current = api.json(f"/v1/lines/{DOCUMENT}.expenditure.29.project")["data"]
    assert current["amount"] == line["amount"]
    assert api.json("/v1/documents?versions=all")["meta"]["total"] == 2
    reading.dispose()


def test_loading_a_superseded_version_again_changes_nothing(
    engine: Engine, first_document: BudgetDocument
) -> None:
    store(engine, first_document)
    store(engine, corrected(first_document), at=LATER)
    before = snapshot(engine)
    assert store(engine, first_document) is Outcome.OUTDATED
    assert snapshot(engine) == before


def test_changed_layouts_read_the_same_bytes_anew(
    engine: Engine, first_document: BudgetDocument
) -> None:
    store(engine, first_document)
    version = data_version(engine)
    assert store(engine, first_document, reading="r2", at=LATER) is Outcome.READ_ANEW
    assert data_version(engine) != version
    with engine.connect() as connection:
        counts = [
            connection.scalar(select(func.count()).select_from(m.__table__)) for m in PART_MODELS
        ]
        loaded = connection.scalars(select(DocumentRow.loaded_at)).all()
    assert counts == [20, 31, 14, 183, 5, 2, 2, 20, 3]
    assert loaded == [FIRST_TIME]


def test_the_data_version_does_not_depend_on_the_time(
    tmp_path: Any, seed: Seed, first_document: BudgetDocument
) -> None:
    versions = set()
    for number, at in enumerate((FIRST_TIME, LATER)):
        engine = open_for_writing(f"sqlite:///{tmp_path}/{number}.sqlite")
        store_seed(engine, seed.lists, seed.divisions, seed.digest, partial(str, at))
        store(engine, first_document, at=at)
        versions.add(data_version(engine))
        engine.dispose()
    assert len(versions) == 1


def test_the_data_version_is_that_of_the_data_however_they_came_to_be(
    engine: Engine, tmp_path: Any, seed: Seed, first_document: BudgetDocument
) -> None:
    identity = replace(first_document.identity, fiscal_year=2023)
    other = replace(first_document, identity=identity)
    for reading, document in (("r1", first_document), ("r1", other), ("r2", first_document)):
        store(engine, document, reading)
    store(engine, corrected(first_document))
    own = open_for_writing(f"sqlite:///{tmp_path}/other-order.sqlite")
    store_seed(own, seed.lists, seed.divisions, seed.digest, lambda: LATER)
    for reading, document in (("r2", first_document), ("r1", corrected(first_document))):
        store(own, document, reading)
    assert data_version(own) != data_version(engine)
    store(own, other)
    assert data_version(own) == data_version(engine)
    with engine.begin() as connection:
        connection.execute(delete(FactRow).where(FactRow.name.startswith("d")))
        renew_data_version(connection, lambda: LATER)
    assert data_version(own) == data_version(engine)
    own.dispose()


def test_a_superseded_version_that_is_read_anew_stays_superseded(
    engine: Engine, first_document: BudgetDocument
) -> None:
    store(engine, first_document)
    store(engine, corrected(first_document))
    assert store(engine, first_document, reading="r2") is Outcome.READ_ANEW
    old = first_document.file.sha256[:12]
    for table in (model.__table__ for model in (*PART_MODELS, DocumentRow)):
        with engine.connect() as connection:
            pairs = set(connection.execute(select(table.c.version, table.c.current)).all())
        assert pairs == {(old, False), ("f" * 12, True)}


def test_a_failure_in_the_middle_changes_nothing(
    engine: Engine, first_document: BudgetDocument, monkeypatch: pytest.MonkeyPatch
) -> None:
    store(engine, first_document)
    before = snapshot(engine)

    def fail(*_arguments: Any) -> None:
        raise OperationalError("insert", {}, Exception("disk full"))

    monkeypatch.setattr(write, "renew_department", fail)
    with pytest.raises(StorageError, match="disk full"):
        store(engine, corrected(first_document))
    assert snapshot(engine) == before


def test_the_serving_connection_cannot_write(
    engine: Engine, url: str, first_document: BudgetDocument
) -> None:
    store(engine, first_document)
    reading = open_for_reading(url)
    with reading.connect() as connection, pytest.raises(OperationalError, match="readonly"):
        connection.exec_driver_sql("DELETE FROM lines")
    reading.dispose()


def test_seed_lists_are_replaced_only_when_they_change(engine: Engine, seed: Seed) -> None:
    assert not store_seed(engine, seed.lists, seed.divisions, seed.digest, lambda: LATER)
    assert store_seed(engine, seed.lists, seed.divisions[:1], "other", lambda: LATER)
