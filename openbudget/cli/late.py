"""Commands whose modules are imported only when they run.

A list of the commands, a completion or a version needs none of what the commands import (the API,
the readers, the database), which takes a second.
"""

from __future__ import annotations

from errno import EDQUOT, EIO, ENOSPC
from importlib import import_module
from typing import Any

import click

from openbudget.cli.ending import fail

_CANNOT_BE_WRITTEN = (EDQUOT, EIO, ENOSPC)


class LateCommand(click.Command):
    """Stands for a command in lists of commands: its name, and the first sentence of its help."""

    def __init__(self, name: str, module: str, sentence: str) -> None:
        """Stand for ``command`` of a module."""
        super().__init__(name, short_help=sentence)
        self.module = module

    def load(self) -> click.Command:
        """Import the command itself."""
        command: click.Command = import_module(self.module).command
        return command


class LateGroup(click.Group):
    """A group of commands, each imported when it is the one that was named."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that the arguments name, and import it."""
        name, command, rest = super().resolve_command(ctx, args)
        return name, command.load() if isinstance(command, LateCommand) else command, rest

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a full disk below standard output ends it with one sentence."""
        try:
            return super().invoke(ctx)
        except OSError as error:
            if error.errno not in _CANNOT_BE_WRITTEN:
                raise
            fail(f"the output cannot be written: {error.strerror}")
