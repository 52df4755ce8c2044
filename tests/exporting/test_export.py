"""Bulk files are whole, described, the same each time, and there at once or not at all."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from frictionless import Package
from pyarrow.parquet import read_table
from sqlalchemy import create_engine, text

from openbudget.api.common import DOCUMENT
from openbudget.cli import main
from openbudget.cli.export import Progress
from openbudget.errors import ExportError, StorageError
from openbudget.exporting import export as exporting
from openbudget.exporting.resources import BULK
from openbudget.formats import parquet
from openbudget.formats.csv import BYTE_ORDER_MARK
from openbudget.loading.batch import load_files
from openbudget.loading.folders import find_files
from openbudget.loading.seed import Seed
from openbudget.storage.database import open_for_writing
from tests.api.client import Api
from tests.conftest import FIRST, GOLDEN, LOADED_AT, export

FOLDER = GOLDEN / "xicheng-legal-aid-center-2024" / "bulk"
READABLE = ["departments", "documents", "lines", "projects", "tables", "transfers"]
NAMES = [resource.name for resource in BULK]
TABLES = {name: name.replace("-", "_") for name in NAMES}


def rows(path: Path) -> list[dict[str, str]]:
    written = path.read_text(encoding="utf-8").removeprefix(BYTE_ORDER_MARK)
    return list(csv.DictReader(io.StringIO(written, newline="")))


def contents(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def package(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "datapackage.json").read_bytes())
    return found


@pytest.mark.parametrize("name", READABLE)
def test_the_first_document_is_the_golden_file(
    exported: Path, name: str, request: pytest.FixtureRequest
) -> None:
    written = (exported / f"{name}.csv").read_bytes()
    golden = FOLDER / f"{name}.csv"
    if request.config.getoption("--update-golden"):
        golden.parent.mkdir(parents=True, exist_ok=True)
        golden.write_bytes(written)
    assert written == golden.read_bytes()


def test_the_files_are_those_of_every_list(exported: Path) -> None:
    files = {f"{name}.{ending}" for name in NAMES for ending in ("csv", "ndjson")}
    beside = {"openbudget.sqlite", "datapackage.json", "metadata.json", "SHA256SUMS"}
    assert {path.name for path in exported.iterdir()} == files | beside
    assert [
        *("jurisdictions", "editions", "departments", "documents", "tables", "lines", "projects"),
        *("transfers", "performance-targets", "indicators", "findings", "rules", "claims", "codes"),
        *("crosswalks", "crosswalk-mappings"),
    ] == NAMES


@pytest.mark.parametrize(
    "name", ["tables", "lines", "findings", "rules", "performance-targets", "crosswalk-mappings"]
)
def test_a_file_is_what_the_list_of_the_api_answers(api: Api, exported: Path, name: str) -> None:
    for ending in ("csv", "ndjson"):
        assert (exported / f"{name}.{ending}").read_bytes() == api.call(f"/v1/{name}.{ending}").data


def test_claims_and_codes_are_those_of_every_document_and_edition(api: Api, exported: Path) -> None:
    claims = api.call(f"/v1/documents/{DOCUMENT}/claims.csv").data
    assert (exported / "claims.csv").read_bytes() == claims
    lists = [
        f"/v1/classifications/{edition['scheme']}/{edition['edition']}/codes.ndjson"
        for edition in sorted(rows(exported / "editions.csv"), key=lambda e: tuple(e.values())[:2])
    ]
    assert len(lists) == 6
    assert (exported / "codes.ndjson").read_bytes() == b"".join(api.call(p).data for p in lists)


def test_no_row_of_the_database_is_missing(exported: Path, database_url: str) -> None:
    engine = create_engine(database_url)
    described = {own["name"]: own["rowCount"] for own in package(exported)["resources"]}
    opened = sqlite3.connect(exported / "openbudget.sqlite")
    with engine.connect() as connection:
        for resource in BULK:
            table = TABLES.get(resource.name, resource.name)
            only = " WHERE current" if "current" in resource.listing.columns else ""
            stored = connection.scalar(text(f"SELECT count(*) FROM {table}{only}"))  # noqa: S608
            own = opened.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608
            lines = (exported / f"{resource.name}.ndjson").read_bytes().count(b"\n")
            found = {len(rows(exported / f"{resource.name}.csv")), lines, own}
            assert found == {stored} == {described[resource.name]}, resource.name
    opened.close()
    engine.dispose()


def test_a_second_export_is_the_same_to_the_byte(
    exported: Path, database_url: str, tmp_path: Path
) -> None:
    assert contents(export(database_url, tmp_path).folder) == contents(exported)


def test_other_processes_and_time_zones_write_the_same(
    exported: Path, database_url: str, tmp_path: Path
) -> None:
    environment = {
        **os.environ,
        "OPENBUDGET_DATABASE_URL": database_url,
        "PYTHONHASHSEED": "7",
        "TZ": "Asia/Shanghai",
    }
    program = "from openbudget.cli import main; main()"
    command = [sys.executable, "-c", program, "export", str(tmp_path)]
    subprocess.run(command, check=True, env=environment, capture_output=True)
    assert contents(tmp_path / exported.name) == contents(exported)


def test_no_file_says_when_anything_was_done(exported: Path) -> None:
    # The database says that the document was loaded on 2024-03-01.
    for path in exported.iterdir():
        content = path.read_bytes()
        assert b"2024-03-01" not in content, path.name
        assert b"loaded_at" not in content, path.name


def test_personal_data_is_in_no_file(exported: Path, first_lines: list[str]) -> None:
    labels = ("\t项目负责人", "\t联系电话")
    personal = [first_lines[first_lines.index(label) + 1].strip().encode() for label in labels]
    for path in exported.iterdir():
        assert not any(found in path.read_bytes() for found in personal), path.name


def test_csv_has_its_mark_and_codes_their_zeros(exported: Path) -> None:
    for name in NAMES:
        assert (exported / f"{name}.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    divisions = package(exported)["resources"][0]["schema"]["fields"]
    assert (divisions[0]["name"], divisions[0]["type"]) == ("code", "string")
    for resource in package(exported)["resources"]:
        for field in resource["schema"]["fields"]:
            if field["name"].endswith("code"):
                assert field["type"] == "string", (resource["name"], field["name"])


def test_blank_is_not_zero(exported: Path) -> None:
    opened = sqlite3.connect(exported / "openbudget.sqlite")
    query = "SELECT id, check_difference_fen, check_difference FROM lines"
    stored = {row[0]: row[1:] for row in opened.execute(query)}
    opened.close()
    written = {row["id"]: row["check_difference"] for row in rows(exported / "lines.csv")}
    assert {"", "0.00"} < set(written.values())
    for identifier, difference in written.items():
        wanted = (None, None) if difference == "" else (0, 0.0)
        if difference in ("", "0.00"):
            assert stored[identifier] == wanted


def test_the_database_is_whole_and_its_money_exact(exported: Path) -> None:
    opened = sqlite3.connect(exported / "openbudget.sqlite")
    assert opened.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert opened.execute("PRAGMA foreign_key_check").fetchall() == []
    amounts = dict(opened.execute("SELECT id, amount_fen FROM lines"))
    opened.close()
    for row in rows(exported / "lines.csv"):
        assert f"{amounts[row['id']] / 100:.2f}" == row["amount"]
    metadata = json.loads((exported / "metadata.json").read_bytes())
    tables = metadata["databases"]["openbudget"]["tables"]
    assert set(tables) == {name.replace("-", "_") for name in NAMES}
    assert tables["lines"]["columns"]["amount"].startswith("金额（元）: ")


def test_the_package_describes_every_file(exported: Path) -> None:
    described = package(exported)
    entries = [*described["resources"], *described["otherFormats"]]
    sums = dict(
        reversed(line.split("  "))
        for line in (exported / "SHA256SUMS").read_text(encoding="ascii").splitlines()
    )
    for entry in entries:
        path = exported / entry["path"]
        assert entry["bytes"] == path.stat().st_size
        assert entry["hash"] == f"sha256:{sums[entry['path']]}"
    assert sums == {k: v for k, v in contents(exported).items() if k != "SHA256SUMS"}
    assert described["version"] == exported.name
    assert {entry["path"] for entry in entries} == set(sums) - {"datapackage.json", "metadata.json"}


def test_every_reference_leads_to_a_record(exported: Path) -> None:
    resources = {own["name"]: own for own in package(exported)["resources"]}
    values = {name: rows(exported / f"{name}.csv") for name in resources}
    counted = 0
    for name, resource in resources.items():
        key = resource["schema"]["primaryKey"]
        keys = [tuple(row[part] for part in key) for row in values[name]]
        assert len(set(keys)) == len(keys), name
        for link in resource["schema"]["foreignKeys"]:
            other = link["reference"].get("resource", name)
            there = {tuple(row[p] for p in link["reference"]["fields"]) for row in values[other]}
            here = {tuple(row[part] for part in link["fields"]) for row in values[name]}
            assert {found for found in here if all(found)} <= there, (name, link)
            counted += 1
    assert counted == 47


def test_column_types_fit_and_are_used_once(exported: Path) -> None:
    for resource in package(exported)["resources"]:
        types = [f["columnType"] for f in resource["schema"]["fields"] if "columnType" in f]
        assert len(set(types)) == len(types), resource["name"]
    lines = next(own for own in package(exported)["resources"] if own["name"] == "lines")
    found = {f["name"]: f.get("columnType") for f in lines["schema"]["fields"]}
    assert (found["amount"], found["fiscal_year"]) == ("value", "date:fiscal-year")
    assert found["function_code"] == "functional-classification:generic:code"


def test_formulas_are_texts_in_every_format(database_url: str, tmp_path: Path) -> None:
    path = copied(database_url, tmp_path)
    with closing(sqlite3.connect(path)) as changed:
        changed.execute("UPDATE documents SET title = '=cmd|calc', publisher = '-1+1'")
        changed.commit()
    folder = export(f"sqlite:///{path}", tmp_path).folder
    (row,) = rows(folder / "documents.csv")
    assert (row["title"], row["publisher"]) == ("'=cmd|calc", "'-1+1")
    record = json.loads((folder / "documents.ndjson").read_bytes())
    assert (record["title"], record["publisher"]) == ("=cmd|calc", "-1+1")
    opened = sqlite3.connect(folder / "openbudget.sqlite")
    assert opened.execute("SELECT title FROM documents").fetchall() == [("=cmd|calc",)]
    opened.close()


def test_superseded_versions_are_in_no_file(database_url: str, tmp_path: Path, seed: Seed) -> None:
    path = copied(database_url, tmp_path)
    (tmp_path / "file").mkdir()
    described = (FIRST.parent / "source.yaml").read_text(encoding="utf-8")
    kept = [line for line in described.splitlines() if not line.startswith("sha256")]
    (tmp_path / "file" / "source.yaml").write_text("\n".join(kept), encoding="utf-8")
    (tmp_path / "file" / FIRST.name).write_bytes(FIRST.read_bytes() + b"\n")
    engine = open_for_writing(f"sqlite:///{path}")
    found = find_files([tmp_path / "file"])
    assert [r.error for r in load_files(engine, found, seed, None, lambda: LOADED_AT)] == [None]
    engine.dispose()
    after = export(f"sqlite:///{path}", tmp_path / "bulk")
    for resource in package(after.folder)["resources"]:
        content = (after.folder / resource["path"]).read_text(encoding="utf-8")
        assert f"{DOCUMENT}@" not in content, resource["name"]
    (document,) = rows(after.folder / "documents.csv")
    assert document["sha256"] != hashlib.sha256(FIRST.read_bytes()).hexdigest()
    assert len(rows(after.folder / "lines.csv")) == 183


def copied(database_url: str, folder: Path) -> Path:
    """Copy the database, so that a test may change it."""
    path = folder / "changed.sqlite"
    with (
        closing(sqlite3.connect(database_url.removeprefix("sqlite:///"))) as before,
        closing(sqlite3.connect(path)) as after,
    ):
        before.backup(after)
    return path


# What happens to the folder -----------------------------------------------------------------------


def test_what_is_there_is_not_written_again(database_url: str, tmp_path: Path) -> None:
    first = export(database_url, tmp_path)
    marked = first.folder / "lines.csv"
    marked.write_bytes(b"mine")
    again = export(database_url, tmp_path)
    assert (again.made, again.folder, marked.read_bytes()) == (False, first.folder, b"mine")
    anew = export(database_url, tmp_path, replace=True)
    assert (anew.made, marked.read_bytes()[:3]) == (True, b"\xef\xbb\xbf")
    assert {path.name for path in tmp_path.iterdir()} == {first.version, "current"}
    assert (tmp_path / "current").read_text() == f"{first.version}\n"


def test_an_export_that_fails_leaves_nothing(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(exporting, "describe", fail)
    with pytest.raises(ExportError, match="cannot be written: No space left on device"):
        export(database_url, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_of_another_kind_is_left_alone(database_url: str, tmp_path: Path) -> None:
    version = export(database_url, tmp_path / "a").version
    (tmp_path / "b" / version).mkdir(parents=True)
    with pytest.raises(ExportError, match="holds no export; take --replace"):
        export(database_url, tmp_path / "b")


def test_an_empty_database_has_nothing_to_export(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/empty.sqlite"
    open_for_writing(url).dispose()
    with pytest.raises(StorageError, match="nothing has been loaded"):
        export(url, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_terminal_sees_how_far_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    shown = Progress(quiet=False)
    shown.tell("lines", 500, 1234)
    shown.clear()
    assert capsys.readouterr().err == "\rlines: 500 of 1234\r"  # codes only on a terminal


def run(*arguments: str, **environment: str) -> tuple[int, str, str]:
    ended = CliRunner(env=environment).invoke(main, ["export", *arguments])
    return ended.exit_code, ended.stdout, ended.stderr


def test_the_command_says_what_it_did(database_url: str, tmp_path: Path, exported: Path) -> None:
    own = {"OPENBUDGET_DATABASE_URL": database_url}
    records = sum(resource["rowCount"] for resource in package(exported)["resources"])
    folder = tmp_path / exported.name
    said = f"{records} records written into {folder}\n"
    assert run(str(tmp_path), **own) == (0, said, "")
    assert run(str(tmp_path), **own) == (0, f"{folder} is there already; nothing written\n", "")


def test_the_command_ends_with_one_sentence(database_url: str, tmp_path: Path) -> None:
    own = {"OPENBUDGET_DATABASE_URL": database_url}
    (tmp_path / "file").write_text("")
    assert run(str(tmp_path / "file" / "below"), **own)[::2] == (
        1,
        f"openbudget: {tmp_path}/file/below cannot be written: Not a directory\n",
    )
    missing = {"OPENBUDGET_DATABASE_URL": f"sqlite:///{tmp_path}/none.sqlite"}
    code, _, said = run(str(tmp_path / "out"), **missing)
    assert (code, "there is no database at" in said) == (1, True)
    assert run(str(tmp_path / "file"), **own)[0] == 2


def test_parquet_without_pyarrow_says_what_to_install(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "find_spec", {}.get)
    own = {"OPENBUDGET_DATABASE_URL": database_url}
    said = "openbudget: Parquet needs pyarrow: install openbudget[parquet]\n"
    assert run(str(tmp_path), "--parquet", **own) == (1, "", said)


def test_parquet_holds_what_the_csv_holds(
    database_url: str, tmp_path: Path, exported: Path
) -> None:
    folder = export(database_url, tmp_path / "a", parquet=True).folder
    assert contents(folder) == contents(export(database_url, tmp_path / "b", parquet=True).folder)
    for name in NAMES:
        table = read_table(folder / f"{name}.parquet")
        written = rows(exported / f"{name}.csv")
        assert table.num_rows == len(written)
        for column in table.column_names:
            if column in ("id", "amount", "code", "title", "figure"):
                shown = ["" if v is None else str(v) for v in table[column].to_pylist()]
                assert shown == [row[column] for row in written], (name, column)


def test_frictionless_finds_no_error(exported: Path) -> None:
    report = Package(str(exported / "datapackage.json")).validate()
    assert report.flatten(["type", "message"]) == []
    assert [task.stats["rows"] for task in report.tasks] == [
        own["rowCount"] for own in package(exported)["resources"]
    ]
