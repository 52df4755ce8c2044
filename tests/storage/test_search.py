"""The search index follows what is stored, is used, and answers alike on both engines."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from alembic import command
from sqlalchemy import Engine, create_engine, select, text
from sqlalchemy.engine import make_url

from openbudget.api.app import create_app
from openbudget.api.common import DOCUMENT
from openbudget.budget.document import BudgetDocument
from openbudget.loading.seed import Seed
from openbudget.storage import database
from openbudget.storage.database import open_for_reading, open_for_writing
from openbudget.storage.models import (
    PART_MODELS,
    CodeRow,
    DepartmentRow,
    DocumentRow,
    SearchEntryRow,
)
from openbudget.storage.prepared import prepare
from openbudget.storage.read import read_facts
from openbudget.storage.reference import store_seed
from openbudget.storage.search import search_conditions, search_listing
from openbudget.storage.selection import Selection
from openbudget.storage.terms import parse_query
from openbudget.storage.write import Beside, Outcome, store_document
from tests.api.client import Api
from tests.checked import checked, held_against

AT = "2024-03-01T00:00:00Z"
POSTGRESQL = os.environ.get("OPENBUDGET_TEST_POSTGRESQL")
QUERIES = (
    *("法律", "法律援助", "西城區", "法", "2024", "2040607", "援助 补贴", "预算 2024年", "budget"),
    *("收入", "经费", "785,876", "合计", "公共 budget", "NOT 法律", "没有这样的话"),
)


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/own.sqlite"


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    engine = open_for_writing(url)
    yield engine
    engine.dispose()


def store(engine: Engine, document: BudgetDocument, **more: Any) -> Outcome:
    prepared = prepare(document, checked(document))
    return store_document(engine, prepared, b"bytes", "r1", lambda: AT, Beside(**more))


def corrected(document: BudgetDocument, sha256: str = "f") -> BudgetDocument:
    """Make another version: other bytes, and one project renamed."""
    project = document.projects[0]
    renamed = replace(project, name=replace(project.name, text="社区矫正经费"))
    file = replace(document.file, sha256=sha256 * 64)
    return replace(document, file=file, projects=(renamed, *document.projects[1:]))


def entries(engine: Engine) -> dict[str, bool]:
    with engine.connect() as connection:
        columns = (SearchEntryRow.id, SearchEntryRow.current)
        return {row.id: row.current for row in connection.execute(select(*columns))}


def stored(engine: Engine) -> dict[str, bool]:
    """Give the ids of everything that can be found, with whether it is current."""
    with engine.connect() as connection:
        models: tuple[Any, ...] = (*PART_MODELS, DocumentRow)
        found = {
            row.id: row.current
            for model in models
            for row in connection.execute(select(model.id, model.current))
        }
        departments = connection.scalars(select(DepartmentRow.id)).all()
        codes = connection.execute(select(CodeRow.scheme, CodeRow.edition, CodeRow.code))
        return {
            **found,
            **dict.fromkeys(departments, True),
            **{"/".join(code): True for code in codes},
        }


def indexed(engine: Engine) -> None:
    """Hold the full-text index against the entries."""
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO search_index(search_index, rank) VALUES ('integrity-check', 1)"
        )


def test_everything_has_its_entry_and_goes_with_it(
    engine: Engine, seed: Seed, first_document: BudgetDocument
) -> None:
    store_seed(engine, seed.lists, seed.divisions, seed.digest, lambda: AT)
    before = replace(
        first_document,
        identity=replace(first_document.identity, fiscal_year=2023),
        file=replace(first_document.file, sha256="e" * 64),
    )
    for document in (first_document, before, corrected(first_document)):
        store(engine, document, check_related=held_against)
        assert entries(engine) == stored(engine)
        indexed(engine)
    assert set(entries(engine).values()) == {True, False}
    prepared = prepare(first_document, checked(first_document))
    again = store_document(engine, prepared, b"bytes", "r2", lambda: AT)
    assert again is Outcome.READ_ANEW
    assert entries(engine) == stored(engine)
    store_seed(engine, seed.lists, seed.divisions, "another", lambda: AT)
    assert entries(engine) == stored(engine)
    indexed(engine)


def test_superseded_versions_are_found_only_when_asked_for(
    engine: Engine, url: str, first_document: BudgetDocument
) -> None:
    store(engine, first_document)
    store(engine, corrected(first_document))
    reading = open_for_reading(url)
    api = Api(create_app(reading))
    version = first_document.file.sha256[:12]

    def ids(**query: str) -> list[str]:
        found = api.json(f"/v1/search?{urlencode({'kind': 'project', **query})}")["data"]
        assert all(api.json(hit["href"])["data"]["id"] == hit["id"] for hit in found)
        return [hit["id"] for hit in found]

    old = f"{DOCUMENT}@{version}"
    assert ids(q="社区矫正") == [f"{DOCUMENT}.projects.1"]
    assert ids(q="法律援助工作") == []
    assert ids(q="法律援助工作", versions="all") == [f"{old}.projects.1"]
    assert ids(q="法律援助工作", document=old) == [f"{old}.projects.1"]
    reading.dispose()


def test_a_failure_leaves_the_index_as_it_was(
    engine: Engine, first_document: BudgetDocument, monkeypatch: pytest.MonkeyPatch
) -> None:
    store(engine, first_document)
    before = entries(engine)

    def fail(*_arguments: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr("openbudget.storage.write.renew_data_version", fail)
    with pytest.raises(RuntimeError):
        store(engine, corrected(first_document))
    assert entries(engine) == before
    indexed(engine)


def test_a_database_of_before_is_indexed_by_the_next_load(
    engine: Engine, seed: Seed, first_document: BudgetDocument
) -> None:
    store_seed(engine, seed.lists, seed.divisions, seed.digest, lambda: AT)
    store(engine, first_document)
    before = entries(engine)
    with engine.connect() as connection:
        version = read_facts(connection)["data_version"]
    with engine.begin() as connection:
        config = database._alembic()
        config.attributes["connection"] = connection
        command.downgrade(config, "0004")
    database.migrate(engine)
    assert entries(engine) == {}
    assert store_seed(engine, seed.lists, seed.divisions, seed.digest, lambda: AT)
    assert store(engine, first_document) is Outcome.READ_ANEW
    assert entries(engine) == before
    with engine.connect() as connection:
        assert read_facts(connection)["data_version"] == version


def test_the_index_is_used(engine: Engine) -> None:
    plan = explained(engine, "EXPLAIN QUERY PLAN ")
    assert any("search_index VIRTUAL TABLE INDEX" in line for line in plan)
    assert any("SEARCH search_entries USING INTEGER PRIMARY KEY" in line for line in plan)
    assert not any("SCAN search_entries" in line for line in plan)


def explained(engine: Engine, explain: str, before: str = "SELECT 1") -> list[str]:
    query = parse_query("法律 援助")
    assert query is not None
    listing = search_listing(query)
    selection = Selection(search_conditions(query), (), 50)
    statement = listing._statement(selection)
    with engine.connect() as connection:
        compiled = statement.compile(
            engine, compile_kwargs={"literal_binds": True, "render_postcompile": True}
        )
        connection.execute(text(before))
        rows = connection.execute(text(explain + str(compiled).replace(":", "\\:")))
        return [str(row[-1]) for row in rows]


# PostgreSQL --------------------------------------------------------------------------------------


@pytest.fixture
def other_url() -> Iterator[str]:
    """Give a database of its own on the server of `OPENBUDGET_TEST_POSTGRESQL`."""
    if POSTGRESQL is None:
        pytest.skip("OPENBUDGET_TEST_POSTGRESQL names no server")
    pytest.importorskip("psycopg", reason="psycopg is not installed")
    name = f"openbudget_test_{uuid.uuid4().hex}"
    server = create_engine(POSTGRESQL, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield make_url(POSTGRESQL).set(database=name).render_as_string(hide_password=False)
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


def longest(document: BudgetDocument) -> BudgetDocument:
    """Make a section of so many different words that no engine may keep a term for each."""
    (section, *others) = document.sections
    assert section.heading is not None
    text = "".join(chr(0x4E00 + n % 20_000) + chr(0x3400 + n % 6_000) for n in range(120_000))
    paragraphs = (*section.paragraphs, replace(section.heading, text=text))
    file = replace(document.file, sha256="d" * 64)
    return replace(document, file=file, sections=(replace(section, paragraphs=paragraphs), *others))


def test_both_engines_find_the_same_in_the_same_order(
    url: str, other_url: str, seed: Seed, first_document: BudgetDocument
) -> None:
    answers = []
    for own in (url, other_url):
        engine = open_for_writing(own)
        store_seed(engine, seed.lists, seed.divisions, seed.digest, lambda: AT)
        for document in (first_document, longest(first_document), corrected(first_document)):
            assert store(engine, document) in (Outcome.LOADED, Outcome.SUPERSEDED)
        if own == other_url:
            plan = explained(engine, "EXPLAIN ", "SET LOCAL enable_seqscan = off")
            assert any("ix_search_entries_terms" in line for line in plan), plan
        engine.dispose()
        reading = open_for_reading(own)
        api = Api(create_app(reading))
        answers.append(
            [
                api.call(f"/v1/search?{urlencode({'q': q, 'page_size': 1000, **more})}").text
                for q in QUERIES
                for more in ({}, {"versions": "all"}, {"kind": "line,code"})
            ]
        )
        reading.dispose()
    assert answers[0] == answers[1]
