"""The command line: one module a command, imported when that command runs.

Results go to standard output, messages to standard error. Exit codes: 0 done, 1 something could
not be read or stored, or `check` found what it should fail on, 2 wrong usage.
"""

from __future__ import annotations

import click

from openbudget import __version__
from openbudget.cli.late import LateCommand, LateGroup

COMMANDS = {
    "load": "Load files, and all that may be budgets below folders.",
    "show": "Show what would be loaded from FILE, without a database.",
    "check": "Say what does not add up in files, without a database.",
    "rules": "List the rules that files are checked by.",
    "export": "Write every list of the API into files, named by the data version.",
    "serve": "Serve the API with gunicorn, read-only.",
    "openapi": "Write the OpenAPI document of the API as YAML.",
    "schemas": "Write the JSON Schemas of all resources into OUTPUT/v1/.",
}
"""Every command with the first sentence of its help; ``command`` of its module is the command."""

EPILOG = (
    'Shell completion: eval "$(_OPENBUDGET_COMPLETE=bash_source openbudget)"; '
    "zsh_source and fish_source for these shells."
)


@click.group(cls=LateGroup, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="openbudget")
def main() -> None:
    """Published Chinese department budgets (部门预算) as data."""


for _name, _help in COMMANDS.items():
    main.add_command(LateCommand(_name, f"{__name__}.{_name}", _help))
