"""Faults put into a document one at a time: a figure, a code, a year, a unit or a name changed."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from openbudget.budget.claim import ClaimKind
from openbudget.budget.document import BudgetDocument
from openbudget.budget.identifiers import line_id
from openbudget.budget.money import FEN_PER_UNIT, Amount, State
from openbudget.budget.performance import PerformanceTarget
from openbudget.budget.table import BudgetLine, BudgetTable

KINDS = ("figure", "code", "name", "unit", "year")


@dataclass(frozen=True)
class Fault:
    """A changed document: what kind of change, in which table, to what (ids), and from what."""

    kind: str
    place: str
    items: frozenset[str]
    told: str
    document: BudgetDocument


def faults(document: BudgetDocument, random_: random.Random, each: int) -> Iterator[Fault]:
    """Give up to `each` faults of every kind for every table, and for narrative and targets."""
    for table in document.tables:
        for kind, make in _TABLE_FAULTS.items():
            yield from _sample(make(document, table), random_, each, kind, table.key)
    for kind, make_any in _OTHER_FAULTS:
        place = make_any.__name__.removeprefix("_").split("_")[0]
        yield from _sample(make_any(document), random_, 4 * each, kind, place)


Change = tuple[frozenset[str], str, BudgetDocument]


def _sample(
    changes: Iterator[Callable[[], Change]],
    random_: random.Random,
    each: int,
    kind: str,
    place: str,
) -> Iterator[Fault]:
    made = list(changes)
    for make in random_.sample(made, min(each, len(made))):
        items, told, document = make()
        yield Fault(kind, place, items, told, document)


# Tables ----------------------------------------------------------------------------------------


def _table_figures(d: BudgetDocument, table: BudgetTable) -> Iterator[Callable[[], Change]]:
    for number, line in enumerate(table.lines):
        if line.amount.fen:
            yield lambda n=number, ln=line: _with_lines(d, table, {n: _other_figure(ln)})


def _other_figure(line: BudgetLine) -> BudgetLine:
    return replace(line, amount=other_amount(line.amount))


def other_amount(amount: Amount) -> Amount:
    """Change the first digit of a figure: 314.67 becomes 414.67, 9 becomes 8."""
    text = amount.text
    at = next(n for n, character in enumerate(text) if character in "123456789")
    digit = "8" if text[at] == "9" else str(int(text[at]) + 1)
    step = int(digit) - int(text[at])
    whole = text[at:].partition(".")[0]
    figures = sum(character.isdigit() for character in whole)
    decimals = text[:at].partition(".")[2]
    per_unit = FEN_PER_UNIT[amount.unit or "元"]
    if "." in text[:at]:
        change = step * per_unit // 10 ** (len(decimals) + 1)
    else:
        change = step * 10 ** (figures - 1) * per_unit
    return replace(
        amount,
        text=text[:at] + digit + text[at + 1 :],
        fen=(amount.fen or 0) + change,
        state=State.PRINTED,
    )


def _table_codes(d: BudgetDocument, table: BudgetTable) -> Iterator[Callable[[], Change]]:
    for name in ("function", "department_economic", "government_economic"):
        for ordinal, numbers in _rows(table, name).items():
            del ordinal
            yield lambda own=numbers, n=name: _with_lines(
                d, table, {k: _other_code(table.lines[k], n) for k in own}
            )


def _other_code(line: BudgetLine, name: str) -> BudgetLine:
    coded = getattr(line, name)
    code = coded.code[:-1] + ("1" if coded.code[-1] != "1" else "2")
    printed = coded.printed.replace(coded.code, code)
    if "|" in printed:
        printed = printed[:-1] + code[-1]
    return replace(line, **{name: replace(coded, code=code, printed=printed)})


def _table_names(d: BudgetDocument, table: BudgetTable) -> Iterator[Callable[[], Change]]:
    for name in ("function", "department_economic", "government_economic"):
        for numbers in _rows(table, name).values():
            if not getattr(table.lines[numbers[0]], name).label:
                continue
            yield lambda own=numbers, n=name: _with_lines(
                d, table, {k: _other_name(table.lines[k], n) for k in own}
            )


def _other_name(line: BudgetLine, name: str) -> BudgetLine:
    coded = getattr(line, name)
    label = coded.label[:-1] + "款"
    return replace(line, **{name: replace(coded, label=label)})


def _rows(table: BudgetTable, name: str) -> Mapping[int, Sequence[int]]:
    """Give the lines of each row that carries a printed code, by the ordinal of the row."""
    found: dict[int, list[int]] = {}
    for number, line in enumerate(table.lines):
        coded = getattr(line, name)
        if coded is not None and coded.code and coded.source.value == "printed":
            found.setdefault(line.ordinal, []).append(number)
    return found


def _table_unit(d: BudgetDocument, table: BudgetTable) -> Iterator[Callable[[], Change]]:
    if table.unit is not None and any(line.amount.fen for line in table.lines):
        yield lambda: _in_other_unit(d, table)


def _in_other_unit(d: BudgetDocument, table: BudgetTable) -> Change:
    """Take 万元 for 元 or 元 for 万元 in a whole table, down to whole fen."""
    unit = table.lines[0].amount.unit or "元"
    other = "元" if unit == "万元" else "万元"
    lines = {
        number: replace(line, amount=_restated(line.amount, other))
        for number, line in enumerate(table.lines)
    }
    return _with_lines(d, table, lines)


def _restated(amount: Amount, unit: str) -> Amount:
    if amount.fen is None:
        return replace(amount, unit=unit)
    scaled = amount.fen * FEN_PER_UNIT[unit] // FEN_PER_UNIT[amount.unit or "元"]
    return replace(amount, fen=scaled, unit=unit)


def _table_year(d: BudgetDocument, table: BudgetTable) -> Iterator[Callable[[], Change]]:
    year = str(d.identity.fiscal_year)
    if year in table.title:
        title = table.title.replace(year, str(d.identity.fiscal_year - 2))
        yield lambda: (
            frozenset([table.key]),
            f"{table.key}: {title}",
            _with_table(d, replace(table, title=title)),
        )


_TABLE_FAULTS = {
    "figure": _table_figures,
    "code": _table_codes,
    "name": _table_names,
    "unit": _table_unit,
    "year": _table_year,
}


def _with_lines(d: BudgetDocument, table: BudgetTable, lines: Mapping[int, BudgetLine]) -> Change:
    items = frozenset(line_id(table.key, line) for line in lines.values())
    changed = tuple(lines.get(number, line) for number, line in enumerate(table.lines))
    first = next(iter(lines))
    told = f"{line_id(table.key, table.lines[first])}: {_shown(lines[first])}"
    return items, told, _with_table(d, replace(table, lines=changed))


def _shown(line: BudgetLine) -> str:
    codes = (line.function, line.department_economic, line.government_economic)
    printed = [f"{coded.code} {coded.label}" for coded in codes if coded]
    return " / ".join([line.amount.text.strip(), line.amount.unit or "", *printed])


def _with_table(d: BudgetDocument, table: BudgetTable) -> BudgetDocument:
    tables = tuple(table if own.key == table.key else own for own in d.tables)
    return replace(d, tables=tables)


# Narrative and targets ---------------------------------------------------------------------------


def _claims_figures(d: BudgetDocument) -> Iterator[Callable[[], Change]]:
    for number, claim in enumerate(d.claims):
        if claim.figure and claim.kind is not ClaimKind.COUNT:
            yield lambda n=number: _with_claim(d, n, Decimal("1.1"))


def _with_claim(d: BudgetDocument, number: int, factor: Decimal) -> Change:
    claim = d.claims[number]
    figure = (claim.figure or Decimal(0)) * factor
    places = claim.figure.as_tuple().exponent if claim.figure else 0
    figure = figure.quantize(Decimal(1).scaleb(int(places)))
    fen = None
    if claim.fen is not None:
        fen = int(figure * FEN_PER_UNIT[claim.unit or "元"])
    text = f"{figure:f}{claim.unit or ''}"
    changed = replace(claim, figure=figure, fen=fen, text=text)
    claims = (*d.claims[:number], changed, *d.claims[number + 1 :])
    return frozenset([f"claims.{claim.number}"]), f"claim {text}", replace(d, claims=claims)


def _claims_units(d: BudgetDocument) -> Iterator[Callable[[], Change]]:
    for number, claim in enumerate(d.claims):
        if claim.fen and claim.unit in ("元", "万元"):
            yield lambda n=number: _with_unit(d, n)


def _with_unit(d: BudgetDocument, number: int) -> Change:
    claim = d.claims[number]
    unit = "元" if claim.unit == "万元" else "万元"
    fen = int((claim.figure or Decimal(0)) * FEN_PER_UNIT[unit])
    text = claim.text.replace(claim.unit or "", unit)
    changed = replace(claim, unit=unit, fen=fen, text=text)
    claims = (*d.claims[:number], changed, *d.claims[number + 1 :])
    return frozenset([f"claims.{claim.number}"]), f"claim {text}", replace(d, claims=claims)


def _sections_years(d: BudgetDocument) -> Iterator[Callable[[], Change]]:
    year = str(d.identity.fiscal_year)
    for number, section in enumerate(d.sections):
        if section.heading and year in section.heading.text:
            yield lambda n=number: _with_heading(d, n)


def _with_heading(d: BudgetDocument, number: int) -> Change:
    section = d.sections[number]
    year, other = str(d.identity.fiscal_year), str(d.identity.fiscal_year - 3)
    assert section.heading is not None
    heading = replace(section.heading, text=section.heading.text.replace(year, other))
    changed = replace(section, heading=heading)
    sections = (*d.sections[:number], changed, *d.sections[number + 1 :])
    item = f"sections.{section.number}"
    return frozenset([item]), f"heading {heading.text}", replace(d, sections=sections)


def _targets_figures(d: BudgetDocument) -> Iterator[Callable[[], Change]]:
    for number, target in enumerate(d.targets):
        for place, money in enumerate(target.amounts):
            if money.amount.fen:
                yield lambda n=number, p=place: _with_target_amount(d, n, p)


def _with_target_amount(d: BudgetDocument, number: int, place: int) -> Change:
    target = d.targets[number]
    money = target.amounts[place]
    changed = replace(money, amount=other_amount(money.amount))
    amounts = (*target.amounts[:place], changed, *target.amounts[place + 1 :])
    return _with_target(d, number, replace(target, amounts=amounts), changed.amount.text)


def _targets_names(d: BudgetDocument) -> Iterator[Callable[[], Change]]:
    for number, target in enumerate(d.targets):
        if target.kind == "project" and target.name is not None and target.match is not None:
            yield lambda n=number: _with_target_name(d, n)


def _with_target_name(d: BudgetDocument, number: int) -> Change:
    target = d.targets[number]
    assert target.name is not None
    assert target.match is not None
    name = replace(target.name, text=target.name.text[2:])
    match = replace(target.match, method="name_without_place_and_office")
    return _with_target(d, number, replace(target, name=name, match=match), name.text)


def _targets_years(d: BudgetDocument) -> Iterator[Callable[[], Change]]:
    year = str(d.identity.fiscal_year)
    for number, target in enumerate(d.targets):
        if target.year_text and year in target.year_text.text:
            yield lambda n=number: _with_target_year(d, n)


def _with_target_year(d: BudgetDocument, number: int) -> Change:
    target = d.targets[number]
    assert target.year_text is not None
    year, other = str(d.identity.fiscal_year), str(d.identity.fiscal_year - 1)
    text = replace(target.year_text, text=target.year_text.text.replace(year, other))
    return _with_target(d, number, replace(target, year_text=text), text.text)


def _with_target(d: BudgetDocument, number: int, target: PerformanceTarget, told: str) -> Change:
    targets = (*d.targets[:number], target, *d.targets[number + 1 :])
    item = f"performance-targets.{target.number}"
    return frozenset([item]), f"target {told}", replace(d, targets=targets)


_OTHER_FAULTS: Sequence[tuple[str, Callable[[BudgetDocument], Iterator[Callable[[], Change]]]]] = (
    ("figure", _claims_figures),
    ("unit", _claims_units),
    ("year", _sections_years),
    ("figure", _targets_figures),
    ("name", _targets_names),
    ("year", _targets_years),
)
