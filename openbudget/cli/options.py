"""Options that several commands have, and what they mean."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import click

from openbudget.budget.vocabulary import Phase, Scope
from openbudget.cli.ending import fail
from openbudget.config import LIMITS, Settings, default_language, parse_limit
from openbudget.errors import OpenBudgetError
from openbudget.recognition.identity import KnownIdentity


def limit_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add ``--max-…`` options for every limit of reading; the environment sets their defaults."""
    for name, meaning in reversed(LIMITS.items()):
        command = click.option(
            f"--max-{name}", metavar="N", help=meaning, expose_value=True, default=None
        )(command)
    return command


def language_option(command: Callable[..., None]) -> Callable[..., None]:
    """Add ``--lang``; LC_ALL, LC_MESSAGES or LANG sets its default, the first that is not empty."""
    return click.option(
        "--lang",
        type=click.Choice(["zh", "en"]),
        default=default_language,
        help="Language of the report; the locale sets the default.",
    )(command)


def identity_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that say whose budget a file is, where it does not say so itself."""
    options = (
        click.option("--jurisdiction", metavar="CODE", help="Division code of GB/T 2260."),
        click.option("--department", metavar="CODE", help="Code of the department or unit."),
        click.option("--year", type=click.IntRange(1978, 2100), help="Budget year."),
        click.option("--phase", type=click.Choice([*map(str, Phase)]), help="Phase of the budget."),
        click.option("--scope", type=click.Choice([*map(str, Scope)]), help="Department or unit."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def known_identity(options: dict[str, Any]) -> KnownIdentity | None:
    """Take what is known of whose budget a file is out of the options; None for nothing."""
    phase, scope = options.pop("phase"), options.pop("scope")
    known = KnownIdentity(
        jurisdiction=options.pop("jurisdiction"),
        department=options.pop("department"),
        fiscal_year=options.pop("year"),
        phase=Phase(phase) if phase else None,
        scope=Scope(scope) if scope else None,
    )
    return None if known == KnownIdentity() else known


def given_limits(settings: Settings, given: Mapping[str, str | None]) -> dict[str, int]:
    """Give the limits that are set: on the command line, else in the environment."""
    limits = dict(settings.limits)
    try:
        for option, text in given.items():
            name = option.removeprefix("max_")
            if text is not None:
                limits[name] = parse_limit(name, text)
    except OpenBudgetError as error:
        fail(str(error))
    return limits
