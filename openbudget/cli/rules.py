"""``openbudget rules``: what files are checked by."""

from __future__ import annotations

from pathlib import Path

import click

from openbudget.checks.rules import load_rules
from openbudget.cli.ending import write_or_fail
from openbudget.cli.options import language_option
from openbudget.reports.findings.rules import list_rules, rules_markdown
from openbudget.reports.findings.words import Lang


@click.command("rules")
@language_option
@click.option("--markdown", is_flag=True, help="Every rule in both languages, with an example.")
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A file; else standard output.",
)
def command(lang: Lang, markdown: bool, output: Path | None) -> None:
    """List the rules that files are checked by."""
    rules = load_rules()
    text = rules_markdown(rules) if markdown else "".join(f"{x}\n" for x in list_rules(rules, lang))
    if output is None:
        click.echo(text, nl=False)
    else:
        write_or_fail(output, text.encode())
