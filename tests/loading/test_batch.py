from __future__ import annotations

import io
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from openbudget.cli import main
from openbudget.loading.batch import BatchOptions, LoadResult, load_files, now
from openbudget.loading.progress import Progress
from openbudget.reports.batch import FileOutcome, FileReport
from openbudget.storage.database import open_for_writing
from tests.conftest import FIRST, SEED
from tests.loading import any_format
from tests.loading.copies import BLANK_FORM, LINES, copy_first, describe, stored
from tests.reading.office_files import zipped

if TYPE_CHECKING:
    from collections.abc import Generator

    from openbudget.loading.seed import Seed

COUNTED = "(14 tables, 183 lines)"


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "database" / "openbudget.sqlite"
    monkeypatch.setenv("OPENBUDGET_DATABASE_URL", f"sqlite:///{path}")
    monkeypatch.setenv("OPENBUDGET_SEED", str(SEED))
    return path


def load(*arguments: str | Path) -> tuple[int, str, str]:
    result = CliRunner().invoke(main, ["load", *map(str, arguments)], catch_exceptions=False)
    return result.exit_code, result.stdout, result.stderr


def identifier(number: int) -> str:
    return f"110102-{231002 + number}-2024-department-approved"


def test_a_batch_from_the_first_run_to_the_last(database: Path, tmp_path: Path) -> None:
    folder = tmp_path / "documents"
    paths = copy_first(folder, 4)
    first = load("--jobs", "2", folder)
    assert first[0] == 0
    assert first[2] == ""
    assert first[1].splitlines() == [
        *(
            f"[{number + 1}/4] {path}: loaded: {identifier(number)} {COUNTED}"
            for number, path in enumerate(paths)
        ),
        "",
        "outcome  files  tables  not recognised  lines  unmapped cells  seconds",
        *(line for line in first[1].splitlines() if line.startswith(("loaded", "all "))),
        "4 of 4 files are in the database",
    ]
    assert stored(database) == {identifier(number): LINES for number in range(4)}

    # One changes, one is about another department now; the others need not be read again.
    paths[1].write_bytes(FIRST.read_bytes() + b"\n" * 9)
    describe(paths[2].parent, "231009")
    report = tmp_path / "report.json"
    assert load("--report", report, folder)[0] == 0
    outcomes = [file["outcome"] for file in json.loads(report.read_bytes())["files"]]
    assert outcomes == ["unchanged", "superseded", "loaded", "unchanged"]


def test_the_report_says_all_of_each_file(database: Path, tmp_path: Path) -> None:
    folder, report = tmp_path / "documents", tmp_path / "report.json"
    copy_first(folder, 1)
    (folder / "231002" / "sheet.png").write_bytes(b"\x89PNG\r\n")
    code, out, err = load("--report", report, "--max-seconds", "30", folder)
    assert code == 1
    assert "1 of 2 files are in the database" in out
    assert err.splitlines()[-1] == "openbudget: 1 of 2 files could not be loaded"
    whole = json.loads(report.read_bytes())
    assert whole["limits"]["seconds"] == 30
    assert (whole["not_reached"], whole["outcomes"]["loaded"]) == (0, 1)
    good, bad = whole["files"]
    assert good.pop("seconds") > 0
    assert good == {
        "path": str(folder / "231002" / "budget.txt"),
        "outcome": "loaded",
        "member": None,
        "document": identifier(0),
        "sha256": "a21bb77f8bacdb575aaa0db4ada1eb584c48cf460f44c410678dfa8f45aa4d1d",
        "tables_recognised": 14,
        "tables_not_recognised": [],
        "lines": 183,
        "coverage": {
            "cells": 837,
            "used": 813,
            "ignored": {"personal data": 2, "text of the blank form": 22},
            "unmapped": 0,
        },
        "error": None,
    }
    assert (bad["document"], bad["lines"], bad["coverage"]) == (None, 0, None)
    assert bad["error"]
    assert [path.name for path in tmp_path.iterdir() if "report" in path.name] == ["report.json"]
    assert stored(database) == {identifier(0): LINES}


def test_what_is_unchanged_is_reported_as_it_is_stored(database: Path, tmp_path: Path) -> None:
    reports = []
    for number in range(2):
        path = tmp_path / f"report-{number}.json"
        load("--report", path, FIRST)
        reports.append(json.loads(path.read_bytes())["files"][0])
        reports[-1].pop("seconds")
    assert [report.pop("outcome") for report in reports] == ["loaded", "unchanged"]
    assert reports[0] == reports[1]
    assert len(stored(database)) == 1


def test_other_bytes_of_the_same_size_are_read(database: Path, tmp_path: Path) -> None:
    (path,) = copy_first(tmp_path / "in", 1)
    reports = []
    for ending in (b"\n\n", b"\n ", b"\n "):
        path.write_bytes(FIRST.read_bytes() + ending)
        load("--report", tmp_path / "report.json", path)
        reports.append(json.loads((tmp_path / "report.json").read_bytes())["files"][0]["outcome"])
    assert reports == ["loaded", "superseded", "unchanged"]
    assert len(stored(database)) == 1


def test_a_report_that_cannot_be_written_is_said_so(database: Path, tmp_path: Path) -> None:
    code, _, err = load("--report", tmp_path / "absent" / "report.json", FIRST)
    assert code == 1
    assert "report.json cannot be written" in err
    assert len(stored(database)) == 1


def test_one_file_is_shown_in_full(database: Path) -> None:
    code, out, _ = load(FIRST)
    assert code == 0
    assert "\n  14 tables, 183 lines, 5 projects, 2 transfers" in out
    assert len(stored(database)) == 1


def test_quiet_says_the_closing_line_only(database: Path, tmp_path: Path) -> None:
    copy_first(tmp_path / "documents", 2)
    out = "2 of 2 files are in the database\n"
    assert load("--quiet", tmp_path / "documents") == (0, out, "")
    assert len(stored(database)) == 2


def test_names_that_would_act_on_a_terminal_are_escaped(database: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    folder = os.fsencode(tmp_path) + b"/in"
    os.mkdir(folder)  # noqa: PTH102 - a path of bytes
    with open(folder + b"/\x1b[2J\n\xff.txt", "wb") as file:  # noqa: PTH123
        file.write(b"x")
    code, _, err = load("--report", report, tmp_path / "in")
    assert code == 1
    assert "/\\x1b[2J\\n\\udcff.txt: " in err
    assert json.loads(report.read_bytes())["files"][0]["path"].endswith("\\x1b[2J\\n\\udcff.txt")
    assert stored(database) == {}


@pytest.mark.parametrize(
    ("option", "value", "sentence"),
    [
        ("--max-bytes", "1K", "the file is larger than 1,024 bytes"),
        ("--max-seconds", "0", "OPENBUDGET_MAX_SECONDS='0' is not a whole number above 0"),
        ("--max-bytes", "much", "OPENBUDGET_MAX_BYTES='much' is not a size such as 64MiB"),
    ],
)
def test_limits_are_set_by_options(database: Path, option: str, value: str, sentence: str) -> None:
    code, _, err = load(option, value, FIRST)
    assert code == 1
    assert sentence in err
    assert not database.exists() or stored(database) == {}


def test_a_worker_out_of_memory_costs_its_file(database: Path) -> None:
    code, _, err = load("--max-memory", "1M", FIRST)
    assert code == 1
    assert "memory" in err
    assert stored(database) == {}


def test_archives_give_a_result_for_each_member(tmp_path: Path, seed: Seed) -> None:
    describe(tmp_path, "231002")
    content = zipped({"a/预算.txt": FIRST.read_bytes(), "b.png": b"\x89PNG\r\n", "c.txt": "x"})
    (tmp_path / "all.zip").write_bytes(content)
    engine = open_for_writing(f"sqlite:///{tmp_path}/db.sqlite")
    options = BatchOptions(read=any_format.read)
    results = [*load_files(engine, [tmp_path / "all.zip"], seed, None, now, options)]
    engine.dispose()
    found = [(result.report.member, result.report.outcome, result.last) for result in results]
    assert found == [
        ("预算.txt", "loaded", False),
        ("b.png", "unknown_format", False),
        ("c.txt", "failed", True),
    ]
    assert stored(tmp_path / "db.sqlite") == {identifier(0): LINES}


def test_a_blank_form_is_told_and_no_failure(database: Path, tmp_path: Path) -> None:
    form = tmp_path / "form.tsv"
    form.write_text(BLANK_FORM, encoding="utf-8")
    (tmp_path / "forms.zip").write_bytes(zipped({"a/form.tsv": BLANK_FORM.encode()}))
    report = tmp_path / "report.json"
    code, out, err = load(form, tmp_path / "forms.zip", FIRST, "--report", report)
    sentence = "the file is a blank form: its tables hold no figures"
    assert (code, err) == (0, "")
    assert f"[1/3] {form}: {sentence}\n" in out
    assert f"[2/3] {tmp_path / 'forms.zip'} (form.tsv): {sentence}\n" in out
    assert out.endswith("1 of 3 files are in the database\n")
    told = json.loads(report.read_bytes())
    assert told["outcomes"]["blank_form"] == 2
    assert [file["outcome"] for file in told["files"]] == ["blank_form", "blank_form", "loaded"]
    assert [file["lines"] for file in told["files"]] == [0, 0, LINES]


def results_of(*outcomes: FileOutcome) -> Generator[LoadResult]:
    for number, outcome in enumerate(outcomes):
        error = f"no {number}" if outcome in ("failed", "unknown_format") else None
        yield LoadResult(Path(f"{number}"), FileReport(f"{number}", outcome, error=error))


@pytest.mark.parametrize(("skip", "failures"), [(False, 2), (True, 1)])
def test_files_of_no_format_may_be_skipped(
    skip: bool, failures: int, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = Progress(skip_unknown=skip)
    shown.follow(results_of("loaded", "unknown_format", "failed"), 3, BatchOptions(), "r1")
    assert shown.failures == failures
    out, err = capsys.readouterr()
    assert err.splitlines() == [f"openbudget: {n}: no {n}" for n in (1, 2)[2 - failures :]]
    assert ("[2/3] 1: no 1" in out) is skip
    assert out.endswith("1 of 3 files are in the database\n")


def test_a_terminal_gets_a_bar_and_the_errors_after_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    screen = Terminal()
    monkeypatch.setattr("sys.stderr", screen)
    shown = Progress()
    shown.follow(results_of("loaded", "failed", "unchanged"), 3, BatchOptions(), "r1")
    bar, _, rest = screen.getvalue().rpartition("100%")
    assert bar.count("Loading") >= 3
    assert "openbudget: 1: no 1\n" in rest


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True
