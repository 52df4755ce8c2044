"""The list of commands is right without their modules, which only a command that runs imports."""

from __future__ import annotations

import errno
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from openbudget import cli
from openbudget.cli.late import LateCommand, LateGroup
from tests.conftest import ROOT

SHARED = {"late", "options", "ending"}


def loaded(name: str) -> click.Command:
    listed = cli.main.commands[name]
    assert isinstance(listed, LateCommand)
    return listed.load()


def test_every_module_is_a_command_that_is_listed() -> None:
    modules = {path.stem for path in (ROOT / "openbudget" / "cli").glob("[a-z]*.py")}
    assert modules - SHARED == set(cli.COMMANDS)


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_a_command_is_listed_as_it_describes_itself(name: str) -> None:
    command = loaded(name)
    assert command.name == name
    assert (command.help or "").splitlines()[0] == cli.COMMANDS[name]


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_the_help_of_a_command_is_its_own(name: str) -> None:
    result = CliRunner().invoke(cli.main, [name, "--help"])
    assert result.exit_code == 0
    assert f"Usage: main {name} " in result.stdout
    assert cli.COMMANDS[name] in " ".join(result.stdout.split())


def test_an_unknown_command_is_wrong_usage() -> None:
    result = CliRunner().invoke(cli.main, ["nothing"])
    assert (result.exit_code, "No such command 'nothing'" in result.stderr) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "unneeded"),
    [
        (["--version"], {"flask", "marshmallow", "sqlalchemy", "yaml", "lxml"}),
        (["--help"], {"flask", "marshmallow", "sqlalchemy", "yaml", "lxml"}),
        (["show", "--help"], {"flask", "marshmallow", "sqlalchemy", "gunicorn"}),
        (["load", "--help"], {"flask", "marshmallow", "gunicorn"}),
        (["check", "--help"], {"flask", "marshmallow", "sqlalchemy", "gunicorn"}),
        (["rules", "--help"], {"flask", "marshmallow", "sqlalchemy", "lxml", "gunicorn"}),
    ],
)
def test_a_command_imports_what_it_needs(arguments: list[str], unneeded: set[str]) -> None:
    program = (
        "import sys; from openbudget.cli import main; main(standalone_mode=False)\n"
        "print(*sys.modules, file=sys.stderr)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=True
    )
    assert unneeded.intersection(ended.stderr.split()) == set()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is always full")
@pytest.mark.parametrize("arguments", [["rules"], ["show", "--help"]])
def test_output_that_cannot_be_written_ends_with_one_sentence(arguments: list[str]) -> None:
    program = [sys.executable, "-c", "from openbudget.cli import main; main()", *arguments]
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(program, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    told = "openbudget: the output cannot be written: No space left on device\n"
    assert (ended.returncode, ended.stderr) == (1, told)


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EIO])
def test_a_command_that_cannot_write_ends_with_one_sentence(code: int) -> None:
    ended = CliRunner().invoke(failing(OSError(code, "no room")), ["fail"])
    told = "openbudget: the output cannot be written: no room\n"
    assert (ended.exit_code, ended.stderr) == (1, told)


def test_another_fault_is_not_hidden() -> None:
    fault = PermissionError(errno.EACCES, "no")
    assert CliRunner().invoke(failing(fault), ["fail"]).exception is fault


def failing(fault: OSError) -> click.Group:
    def fail() -> None:
        raise fault

    return LateGroup("all", {"fail": click.Command("fail", callback=fail)})
