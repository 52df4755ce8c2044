from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from openbudget.cli import main
from tests.conftest import FIRST, GOLDEN


def run(*arguments: str | Path) -> tuple[int, str, str]:
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    return result.exit_code, result.stdout, result.stderr


def test_show_summarizes_a_document() -> None:
    code, out, err = run("show", FIRST)
    assert (code, err) == (0, "")
    assert "14 tables, 183 lines, 5 projects, 2 transfers" in out
    assert "837 cells and paragraphs: 813 used, ignored: 2 personal data" in out


def test_show_as_json_is_the_golden_document() -> None:
    code, out, _ = run("show", "--json", FIRST)
    golden = GOLDEN / "xicheng-legal-aid-center-2024" / "document.json"
    assert code == 0
    assert json.loads(out) == json.loads(golden.read_text(encoding="utf-8"))


def test_show_prints_tables_row_by_row() -> None:
    code, out, _ = run("show", "--tables", FIRST)
    assert code == 0
    assert "2040650-事业运行" in out
    assert "[withheld]" in out


@pytest.mark.parametrize("command", [[], ["show"]])
def test_every_command_has_a_help_text(command: list[str]) -> None:
    code, out, _ = run(*command, "--help")
    assert code == 0
    assert "Usage:" in out


def test_a_file_without_description_is_read_by_what_it_says(tmp_path: Path) -> None:
    copy = shutil.copy(FIRST, tmp_path)
    code, out, err = run("show", copy)
    assert (code, err) == (0, "")
    assert "14 tables, 183 lines, 5 projects, 2 transfers" in out


def test_options_say_whose_budget_a_file_is_before_what_it_says() -> None:
    said = ("--year", "2023", "--scope", "unit", "--phase", "executed", "--department", "9")
    code, out, err = run("show", "--jurisdiction", "110101", *said, FIRST)
    assert (code, err) == (0, "")
    assert "(110101-9-2023-unit-executed)" in out.splitlines()[0]
