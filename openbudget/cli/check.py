"""``openbudget check``: what does not add up in files, without a database."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import click

from openbudget.budget.finding import CheckReport, Family, Rule, Severity
from openbudget.checks.rules import load_rules
from openbudget.cli.ending import fail, settings_or_fail, write_or_fail
from openbudget.cli.options import (
    given_limits,
    identity_options,
    known_identity,
    language_option,
    limit_options,
)
from openbudget.errors import OpenBudgetError
from openbudget.loading.checking import CheckOptions, check_files
from openbudget.loading.folders import find_files
from openbudget.loading.limits import reading_limits
from openbudget.loading.seed import read_seed
from openbudget.reports.batch import readable
from openbudget.reports.findings.checked import CheckedFile, Selection, any_at_least
from openbudget.reports.findings.page import checks_page
from openbudget.reports.findings.plain import check_as_json
from openbudget.reports.findings.terminal import Style, check_summary, summarize_checks
from openbudget.reports.findings.words import Lang

NEVER = "never"
_WIDTHS = range(40, 121)
_PIPED_WIDTH = 100


@click.command("check")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE…")
@click.option("--source", type=click.Path(path_type=Path), help="A source.yaml that is elsewhere.")
@language_option
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line for each file.")
@click.option(
    "--html",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="OUT",
    help="Write a page that shows each finding with the cells it speaks of.",
)
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning", NEVER]),
    default="error",
    show_default=True,
    help="Exit with 1 when a finding is of this severity or worse.",
)
@click.option(
    "--severity",
    type=click.Choice([*map(str, Severity)]),
    default="info",
    show_default=True,
    help="The least severity of the findings to tell.",
)
@click.option(
    "--family", type=click.Choice([*map(str, Family)]), multiple=True, help="Only these families."
)
@click.option("--rule", multiple=True, metavar="ID", help="Only these rules; see openbudget rules.")
@click.option("--quiet", "-q", is_flag=True, help="One line for each document.")
@click.option("--verbose", "-v", is_flag=True, help="Also the rules that do not apply, and why.")
@click.option(
    "--jobs",
    "-j",
    type=click.IntRange(1, 256),
    metavar="N",
    help="Files checked at once; OPENBUDGET_JOBS sets the default, else the number of cores.",
)
@identity_options
@limit_options
def command(paths: tuple[Path, ...], **options: Any) -> None:
    """Say what does not add up in files, without a database.

    FILE is a file, an archive, or a folder, of which all is checked that may be a budget, as load
    takes it. The report goes to standard output; files that cannot be read are told on standard
    error.

    Exit codes: 0 where all was read and nothing is as severe as --fail-on says (by default: no
    error), 1 where something is, or a file could not be read, 2 for wrong usage. A blank form is
    told, and has nothing to check. Only findings that --severity, --family and --rule leave count.
    With --fail-on never, only files that could not be read end in 1.
    """
    rules = {rule.id: rule for rule in load_rules()}
    selection = _selection(options, rules)
    style = _style(options, rules)
    told = _Told()
    for file in _checked(paths, options):
        kept = replace(file, report=selection.of(file.report, rules))
        _tell(kept, options["lang"], options["as_json"], style, first=not told.count)
        told.add(kept, whole=options["html"] is not None)
    _close(told, options, style)


@dataclass
class _Told:
    """What was told so far; whole documents are kept for a page only, for they are large."""

    reports: list[CheckReport] = field(default_factory=list)
    files: list[CheckedFile] = field(default_factory=list)
    count: int = 0
    unread: int = 0

    def add(self, file: CheckedFile, *, whole: bool) -> None:
        """Keep of a file what is needed at the end."""
        self.count += 1
        self.unread += file.unread
        if file.document is not None:
            self.reports.append(file.report)
        if whole:
            self.files.append(file)


def _selection(options: Mapping[str, Any], rules: Mapping[str, Rule]) -> Selection:
    for rule in options["rule"]:
        if rule not in rules:
            raise click.BadParameter(
                f"there is no rule {rule!r}; openbudget rules lists them", param_hint="--rule"
            )
    families = frozenset(Family(family) for family in options["family"])
    return Selection(frozenset(options["rule"]), families, Severity(options["severity"]))


def _style(options: Mapping[str, Any], rules: Mapping[str, Rule]) -> Style:
    if options["quiet"] and options["verbose"]:
        raise click.UsageError("--quiet and --verbose exclude each other")
    shown = sys.stdout.isatty()
    columns = shutil.get_terminal_size().columns if shown else _PIPED_WIDTH
    return Style(
        width=min(max(columns, _WIDTHS.start), _WIDTHS[-1]),
        colour=shown and not os.environ.get("NO_COLOR"),
        quiet=options["quiet"],
        verbose=options["verbose"],
        rules=rules,
    )


def _checked(paths: tuple[Path, ...], options: dict[str, Any]) -> Iterator[CheckedFile]:
    settings = settings_or_fail()
    known = known_identity(options)
    limits = {name: text for name, text in options.items() if name.startswith("max_")}
    own = CheckOptions(
        jobs=options["jobs"] or settings.jobs,
        limits=reading_limits(given_limits(settings, limits)),
        source=options["source"],
        known=known,
    )
    try:
        seed = read_seed(settings.seed)
        yield from check_files(list(find_files(paths, _leave)), seed, own)
    except OpenBudgetError as error:
        fail(str(error))


def _leave(path: Path, reason: str) -> None:
    """Tell of a file that is not even looked at."""
    click.echo(f"openbudget: {readable(str(path))}: {reason}", err=True)


def _tell(file: CheckedFile, lang: Lang, as_json: bool, style: Style, *, first: bool) -> None:
    """Tell what became of a file, as soon as it is known."""
    if file.error is not None:
        click.echo(f"openbudget: {file.name}: {file.error}", err=True)
    if as_json:
        click.echo(check_as_json(file), nl=False)
    elif file.document is not None:
        if not (first or style.quiet):
            click.echo()
        for line in check_summary(file.document, file.report, lang, style, file.name):
            click.echo(line, color=style.colour)


def _close(told: _Told, options: Mapping[str, Any], style: Style) -> None:
    """Sum up several files, write the page, and end as `--fail-on` says."""
    lang: Lang = options["lang"]
    if told.count > 1 and not options["as_json"]:
        click.echo("" if style.quiet else "\n", nl=False)
        click.echo(summarize_checks(told.reports, told.unread, lang))
    if options["html"] is not None:
        write_or_fail(options["html"], checks_page(told.files, lang, style.rules).encode())
    wanted = options["fail_on"]
    failing = wanted != NEVER and any_at_least(told.reports, Severity(wanted))
    if told.unread or failing:
        sys.exit(1)
