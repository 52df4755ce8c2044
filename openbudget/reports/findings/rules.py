"""The rules for reading: a list for a terminal, and the text of `docs/rules.md`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from openbudget.budget.finding import Family, Message, Rule
from openbudget.reports.findings.words import FAMILIES, SEVERITIES, SEVERITY_MEANINGS, Lang, spoken
from openbudget.reports.terminal import align

_HEAD = """\
# Rules

<!-- Written by `make generate` from the declarations of the rules; do not edit. -->

What `openbudget check` holds a document to. A finding is a fact about the published document:
things printed in it do not agree. It says neither why nor by whose doing. Equality is exact to the
fen; a difference that rounding can make is reported as `info`.

`openbudget check` 核对的内容。发现是所公布文件自身的事实：其中所印的内容互不一致。
发现不说明原因，也不评价任何人。金额精确到分；不超过四舍五入所能造成的差额列为 `info`。
"""


def list_rules(rules: Sequence[Rule], lang: Lang) -> Iterator[str]:
    """Give the rules in lines: id, severity, title."""
    rows = [
        (rule.id, spoken(SEVERITIES[rule.severity], lang), spoken(rule.title, lang))
        for rule in rules
    ]
    return align(rows)


def rules_markdown(rules: Sequence[Rule]) -> str:
    """Write every rule in both languages, by family, with what it compares and an example."""
    return "\n".join([_HEAD, *_severities(), *_contents(rules), *_families(rules)])


def _severities() -> Iterator[str]:
    yield "| severity | 程度 | meaning | 含义 |\n|---|---|---|---|"
    for severity, name in SEVERITIES.items():
        meaning = SEVERITY_MEANINGS[severity]
        yield f"| `{severity.value}` | {name.zh} | {meaning.en} | {meaning.zh} |"
    yield ""


def _contents(rules: Sequence[Rule]) -> Iterator[str]:
    yield "| rule | severity | compares | 核对内容 |\n|---|---|---|---|"
    for rule in rules:
        titles = f"{_cell(rule.title.en)} | {_cell(rule.title.zh)}"
        yield f"| [`{rule.id}`](#{_anchor(rule)}) | `{rule.severity.value}` | {titles} |"
    yield ""


def _families(rules: Sequence[Rule]) -> Iterator[str]:
    for family in Family:
        own = [rule for rule in rules if rule.family is family]
        if own:
            name = FAMILIES[family]
            yield f"## `{family.value}`: {name.en} · {name.zh}\n"
        for rule in own:
            yield from _rule(rule)


def _rule(rule: Rule) -> Iterator[str]:
    yield f'<a id="{_anchor(rule)}"></a>\n'
    yield f"### `{rule.id}`: {rule.title.en} · {rule.title.zh}\n"
    yield f"`{rule.severity.value}`. {rule.text.en}\n"
    yield f"{rule.text.zh}\n"
    yield _item("Source · 依据", rule.source)
    yield _item("Example · 示例", rule.example) + "\n"


def _item(name: str, text: Message) -> str:
    return f"- {name}: {' '.join(text.en.split())}\n  {' '.join(text.zh.split())}"


def _anchor(rule: Rule) -> str:
    return "rule-" + rule.id.replace(".", "-").replace("_", "-")


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
