from __future__ import annotations

import json
import shutil
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner

from openbudget.cli import main
from openbudget.config import default_language
from openbudget.loading.checking import CheckOptions
from tests.conftest import FIRST, GOLDEN
from tests.loading.copies import BLANK_FORM
from tests.loading.test_checking import check_as_made
from tests.reports.findings.made import RULES


def run(*arguments: str | Path, **environment: str) -> tuple[int, str, str]:
    bare = dict.fromkeys(("LC_ALL", "LC_MESSAGES", "LANG"))
    own = {**bare, **environment}
    result = CliRunner().invoke(main, [str(argument) for argument in arguments], env=own)
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the command find what `made_report` says, and know its rules."""
    monkeypatch.setattr(
        "openbudget.cli.check.CheckOptions", partial(CheckOptions, check=check_as_made)
    )
    monkeypatch.setattr("openbudget.cli.check.load_rules", lambda: RULES)


@pytest.mark.usefixtures("made")
def test_the_report_is_in_the_language_of_the_locale() -> None:
    for lang, locale in (("zh", "zh_CN.UTF-8"), ("en", "C.UTF-8")):
        code, out, err = run("check", "--verbose", FIRST, LANG=locale)
        golden = (GOLDEN / "check-report" / f"{lang}.txt").read_text(encoding="utf-8")
        assert (code, err) == (1, "")
        assert out == golden.replace("a.txt", str(FIRST))
    assert (
        run("check", "--verbose", FIRST, LANG="C", LC_ALL="zh_CN")[1].count("矛盾 3，存疑 2") == 1
    )
    assert run("check", "--verbose", "--lang", "zh", FIRST)[1].count("矛盾 3，存疑 2") == 1


def test_a_blank_form_has_nothing_to_check(tmp_path: Path) -> None:
    form = tmp_path / "form.tsv"
    form.write_text(BLANK_FORM, encoding="utf-8")
    sentence = "the file is a blank form: its tables hold no figures"
    assert run("check", form) == (0, "", f"openbudget: {form}: {sentence}\n")
    other = Path(shutil.copy(form, tmp_path / "other.tsv"))
    code, out, err = run("check", "--lang", "en", form, other)
    told = [f"openbudget: {path}: {sentence}" for path in (form, other)]
    assert (code, err.splitlines()) == (0, told)
    assert out == "\nDocument 0, error 0, warning 0, info 0\n"


def test_the_locale_counts_in_its_order() -> None:
    assert default_language({}) == "en"
    assert default_language({"LANG": "zh_TW.UTF-8"}) == "zh"
    assert default_language({"LC_ALL": "", "LC_MESSAGES": "zh", "LANG": "en_US"}) == "zh"
    assert default_language({"LC_ALL": "C", "LANG": "zh_CN"}) == "en"


@pytest.mark.usefixtures("made")
@pytest.mark.parametrize(
    ("options", "code"),
    [
        ([], 1),
        (["--fail-on", "error"], 1),
        (["--fail-on", "warning"], 1),
        (["--fail-on", "never"], 0),
        (["--family", "year"], 0),
        (["--family", "year", "--fail-on", "warning"], 1),
        (["--family", "year", "--family", "missing", "--fail-on", "warning"], 1),
        (["--family", "missing", "--fail-on", "warning"], 0),
        (["--rule", "narrative.operating"], 1),
        (["--severity", "error", "--family", "year", "--fail-on", "warning"], 0),
    ],
)
def test_the_exit_code_is_for_scripts(options: list[str], code: int) -> None:
    assert run("check", "--quiet", *options, FIRST)[0] == code


@pytest.mark.usefixtures("made")
def test_filters_leave_what_is_asked_for() -> None:
    _, out, _ = run("check", "--quiet", "--rule", "column.total", "--lang", "zh", FIRST)
    assert out == f"{FIRST}: 矛盾 1，存疑 0，提示 0\n"
    _, out, _ = run("check", "--quiet", "--severity", "warning", "--lang", "zh", FIRST)
    assert out == f"{FIRST}: 矛盾 3，存疑 2，提示 0\n"


@pytest.mark.usefixtures("made")
@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--rule", "nothing"], "there is no rule 'nothing'"),
        (["--family", "nothing"], "'nothing' is not one of 'row'"),
        (["--quiet", "--verbose"], "exclude each other"),
        (["--fail-on", "info"], "'info' is not one of"),
        (["--lang", "fr"], "'fr' is not one of"),
    ],
)
def test_wrong_usage_is_told(options: list[str], words: str) -> None:
    code, out, err = run("check", *options, FIRST)
    assert (code, out) == (2, "")
    assert words in err


@pytest.mark.usefixtures("made")
def test_every_file_is_one_object_of_json(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text("")
    shutil.copy(FIRST, tmp_path / "first.txt")
    code, out, err = run("check", "--json", "--fail-on", "never", "--jobs", "1", tmp_path)
    empty, first = map(json.loads, out.splitlines())
    assert code == 1
    assert err == f"openbudget: {tmp_path / 'empty.txt'}: the file is empty\n"
    assert (empty["document"], empty["error"]) == (None, "the file is empty")
    assert (len(first["findings"]), first["error"]) == (7, None)


@pytest.mark.usefixtures("made")
def test_several_files_are_summed_up_and_are_one_page(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text("")
    shutil.copy(FIRST, tmp_path / "first.txt")
    page = tmp_path / "page.html"
    code, out, _ = run("check", "-q", "--html", page, "--jobs", "1", tmp_path, LANG="zh_CN")
    assert code == 1
    assert out == (
        f"{tmp_path / 'first.txt'}: 矛盾 3，存疑 2，提示 2\n"
        "文件 1，未能读取的文件 1，矛盾 3，存疑 2，提示 2\n"
    )
    text = page.read_text(encoding="utf-8")
    assert 'lang="zh-Hans"' in text
    assert "empty.txt: the file is empty" in text


def test_a_file_that_cannot_be_read_is_one_sentence(tmp_path: Path) -> None:
    absent = tmp_path / "absent.txt"
    for never in ([], ["--fail-on", "never"]):
        code, out, err = run("check", *never, absent)
        assert (code, out) == (1, "")
        assert err == f"openbudget: {absent}: the file is not there\n"
    code, out, err = run("check", tmp_path)
    assert (code, out) == (1, "")
    assert "there is no file to load in this folder" in err


def test_limits_and_identity_are_as_for_show() -> None:
    code, out, err = run("check", "--max-bytes", "1K", FIRST)
    assert (code, out) == (1, "")
    assert "larger than 1024 bytes" in err
    code, out, _ = run("check", "--year", "2023", "--json", "--fail-on", "never", FIRST)
    assert (code, json.loads(out)["document"]) == (0, "110102-231002-2023-department-approved")


def test_a_page_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    code, _, err = run("check", "--html", tmp_path / "absent" / "page.html", FIRST)
    assert code == 1
    assert "page.html cannot be written" in err


def test_rules_are_listed_and_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("openbudget.cli.rules.load_rules", lambda: RULES)
    code, out, _ = run("rules", "--lang", "en")
    assert (code, out.splitlines()[0]) == (0, "column.total         error  A total and its rows")
    target = tmp_path / "rules.md"
    assert run("rules", "--markdown", "--output", target) == (0, "", "")
    assert target.read_text(encoding="utf-8") == run("rules", "--markdown")[1]
