"""What a command needs and writes; where that fails, it ends with one sentence and exit code 1."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NoReturn

import click

from openbudget.config import Settings, read_settings
from openbudget.errors import OpenBudgetError
from openbudget.reports.files import write_whole


def settings_or_fail() -> Settings:
    """Read the settings from the environment."""
    try:
        return read_settings()
    except OpenBudgetError as error:
        fail(str(error))


def write_or_fail(path: Path, content: bytes) -> None:
    """Write a file that a command was asked for."""
    try:
        write_whole(path, content)
    except OSError as error:
        fail(f"{path} cannot be written: {error.strerror}")


def fail(message: str) -> NoReturn:
    """Say what went wrong in one sentence and exit with 1."""
    click.echo(f"openbudget: {message}", err=True)
    sys.exit(1)
