"""`openbudget load`: what it reports, and bad input."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from openbudget.cli import main
from tests.conftest import FIRST, SEED

Run = Callable[..., Result]


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "data" / "own.sqlite"


@pytest.fixture
def load(database: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("OPENBUDGET_DATABASE_URL", f"sqlite:///{database}")
    monkeypatch.setenv("OPENBUDGET_SEED", str(SEED))

    def run(*arguments: str | Path) -> Result:
        return CliRunner().invoke(main, ["load", *map(str, arguments)])

    return run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Copy the first document with its description."""
    return Path(shutil.copytree(FIRST.parent, tmp_path / "copy"))


def bytes_of(database: Path) -> str:
    return hashlib.sha256(database.read_bytes()).hexdigest()


def describe(folder: Path, **changes: object) -> None:
    source = folder / "source.yaml"
    raw = yaml.safe_load(source.read_text(encoding="utf-8"))
    source.write_text(yaml.safe_dump({**raw, **changes}, allow_unicode=True), encoding="utf-8")


def test_load_reports_what_was_read_and_says_when_nothing_changes(load: Run) -> None:
    first = load(SEED)
    assert first.exit_code == 0
    assert "14 tables, 183 lines, 5 projects" in first.stdout
    assert f"{FIRST}: loaded" in first.stdout
    assert "1 of 1 files are in the database" in first.stdout
    again = load(FIRST)
    assert again.exit_code == 0
    assert f"{FIRST}: unchanged" in again.stdout


@pytest.fixture
def own_seed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, load: Run) -> Path:
    """Copy the seed without documents; `load` loads with it from then on."""
    copy = tmp_path / "seed"
    shutil.copytree(SEED, copy, ignore=shutil.ignore_patterns("documents"))
    monkeypatch.setenv("OPENBUDGET_SEED", str(copy))
    return copy


def name_departments(seed: Path, *rows: str) -> None:
    header = "name,jurisdiction,department,valid_from,valid_to,note"
    (seed / "departments.csv").write_text("\n".join([header, *rows]), encoding="utf-8")


def test_a_changed_list_of_departments_has_documents_read_anew(load: Run, own_seed: Path) -> None:
    load(FIRST)
    assert f"{FIRST}: unchanged" in load(FIRST).stdout
    name_departments(own_seed, "某某局,110101,101,,,")
    assert f"{FIRST}: read anew" in load(FIRST).stdout


def test_a_name_in_the_list_of_departments_changes_the_id(
    load: Run, own_seed: Path, folder: Path
) -> None:
    (folder / "source.yaml").unlink()
    assert "loaded: 110102-231002-2024" in load(folder).stdout
    name_departments(own_seed, "北京市西城区法律援助中心,110102,nlegalaid00,,,")
    assert "loaded: 110102-nlegalaid00-2024" in load(folder).stdout


def test_a_changed_file_supersedes(load: Run, folder: Path) -> None:
    load(SEED)
    file = folder / FIRST.name
    file.write_bytes(file.read_bytes().replace(b"28.244400", b"28.244401"))
    describe(folder, sha256=None)
    assert "superseded the version before" in load(folder).stdout


BAD_INPUT = {
    "empty": (b"", "the file is empty"),
    "binary": (b"\x7fELF\x00\x01\x02\x00", "the file looks like an executable"),
    "no_table": ("没有表\n只有文字\n".encode(), "no budget table was found in the file"),
    "not_utf8": ("预算".encode() + b"\xff\xff\n", "the text is neither UTF-8 nor GB18030"),
}


@pytest.mark.parametrize("name", BAD_INPUT)
def test_bad_input_gets_one_sentence_and_leaves_the_database_alone(
    load: Run, database: Path, folder: Path, name: str
) -> None:
    load(SEED)
    before = bytes_of(database)
    content, sentence = BAD_INPUT[name]
    (folder / FIRST.name).write_bytes(content)
    describe(folder, sha256=None)
    result = load(folder / FIRST.name)
    assert result.exit_code == 1
    told, closing = result.stderr.splitlines()
    assert sentence in told
    assert closing == "openbudget: 1 of 1 files could not be loaded"
    assert bytes_of(database) == before


@pytest.mark.parametrize("share", [0.3, 0.5, 0.62, 0.7, 0.8, 0.9, 0.97, 0.99])
@pytest.mark.parametrize("described", [True, False])
def test_a_truncated_copy_is_refused(
    load: Run, database: Path, folder: Path, share: float, described: bool
) -> None:
    load(SEED)
    before = bytes_of(database)
    content = FIRST.read_bytes()
    (folder / FIRST.name).write_bytes(content[: int(len(content) * share)])
    if not described:
        describe(folder, sha256=None)
    result = load(folder / FIRST.name)
    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 2
    assert bytes_of(database) == before


def test_an_unreadable_path(load: Run, database: Path, tmp_path: Path) -> None:
    load(SEED)
    before = bytes_of(database)
    result = load(tmp_path / "none.txt")
    assert result.exit_code == 1
    assert "none.txt: the file is not there" in result.stderr
    empty = tmp_path / "empty"
    empty.mkdir()
    result = load(empty)
    assert result.exit_code == 1
    assert "there is no file to load in this folder or below" in result.stderr
    assert bytes_of(database) == before


def test_one_bad_file_does_not_stop_the_rest(load: Run, folder: Path) -> None:
    (folder / FIRST.name).write_bytes(b"")
    result = load(folder, FIRST)
    assert result.exit_code == 1
    assert "1 of 2 files are in the database" in result.stdout
    assert f"{FIRST}: loaded" in result.stdout


BAD_DESCRIPTIONS = [
    ({"jurisdiction": 110102}, "jurisdiction 110102 must be a quoted string"),
    ({"fiscal_year": "2024"}, "fiscal_year '2024' must be a whole number from 1978 to 2100"),
    ({"scope": "city"}, "scope 'city' is none of department, unit"),
    ({"colour": "red"}, "has unknown keys: colour"),
    ({"title": None}, "title None must be a text"),
    ({"file": ["a"]}, "file ['a'] must be a text"),
    ({"origin": "abc"}, "origin must be a mapping"),
    ({"media_type": "text/html\r\nX-Evil: 1"}, "must be a text of printable characters"),
    ({"jurisdiction": "١١٠١٠٢"}, "must be a quoted string"),
    ({"expect": {"lines": 182}}, "expects 182 lines, but 183 were read"),
    ({"sha256": "0" * 64}, "the file is not the one that source.yaml describes"),
]


@pytest.mark.parametrize(("changes", "sentence"), BAD_DESCRIPTIONS)
def test_a_bad_description_is_told(
    load: Run, folder: Path, changes: dict[str, object], sentence: str
) -> None:
    describe(folder, **changes)
    result = load(folder / FIRST.name)
    assert result.exit_code == 1
    assert sentence in result.stderr


def test_a_description_cannot_lead_out_of_its_folder(load: Run, folder: Path) -> None:
    describe(folder, file="../../outside.txt")
    result = load(folder)
    assert result.exit_code == 1
    assert "copy/outside.txt: the file is not there" in result.stderr


@pytest.mark.parametrize(
    "text",
    [
        "a: &x [1]\nb: *x\n",
        "[" * 20000,
        "title: " + "x" * 70000,
        "fiscal_year: " + "1" * 5001,
        "\x00",
    ],
    ids=["alias", "nesting", "size", "number", "control character"],
)
def test_a_hostile_description_is_one_sentence(load: Run, folder: Path, text: str) -> None:
    (folder / "source.yaml").write_text(text, encoding="utf-8")
    result = load(folder / FIRST.name)
    assert result.exit_code == 1
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert "source.yaml" in result.stderr


def test_a_database_that_cannot_be_made_is_told(load: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENBUDGET_DATABASE_URL", f"sqlite:///{FIRST}/below/a.sqlite")
    result = load(SEED)
    assert result.exit_code == 1
    assert "cannot be made" in result.stderr


def test_a_mended_description_is_stored(load: Run, folder: Path) -> None:
    load(folder)
    describe(folder, publisher="北京市西城区法律援助中心（更正）")
    assert load(folder).exit_code == 0
    shown = load(folder)
    assert shown.exit_code == 0
    assert "unchanged" in shown.stdout


@pytest.mark.parametrize(
    "change",
    [
        {"origin": {"url": "https://example.org/moved"}},
        {"media_type": "text/plain; charset=utf-8; of=2024"},
    ],
)
def test_what_a_description_says_anew_is_stored(
    load: Run, folder: Path, change: dict[str, object]
) -> None:
    load(folder)
    describe(folder, **change)
    assert "read anew" in load(folder).stdout
    assert "unchanged" in load(folder).stdout


@pytest.mark.parametrize("name", ["tables", "lines", "cells"])
def test_what_a_description_expects_anew_is_held_to(load: Run, folder: Path, name: str) -> None:
    load(folder)
    describe(folder, expect={name: 1})
    result = load(folder)
    assert result.exit_code == 1
    assert f"source.yaml expects 1 {name}, but" in result.stderr


def test_a_transfer_without_an_amount_stands_in_its_table_only(
    load: Run, folder: Path, database: Path
) -> None:
    lines = FIRST.read_text(encoding="utf-8").split("\n")
    assert lines[1407] == "\t60"
    lines[1407] = "\t"
    (folder / FIRST.name).write_text("\n".join(lines), encoding="utf-8")
    describe(folder, sha256=None, expect={})
    assert load(folder).exit_code == 0
    with closing(sqlite3.connect(database)) as connection:
        transfers = connection.execute("SELECT name, printed_text FROM transfers").fetchall()
    assert len(transfers) == 1
    assert transfers[0][1] != ""


def test_keys_that_are_no_texts_are_told(load: Run, folder: Path) -> None:
    with (folder / "source.yaml").open("a", encoding="utf-8") as source:
        source.write("\n1: 2\ncolour: red\n")
    result = load(folder / FIRST.name)
    assert result.exit_code == 1
    assert "has unknown keys: 1, colour" in result.stderr
