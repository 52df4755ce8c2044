"""Writes findings: operands, amounts, and a sentence that can be quoted as it stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from string import Formatter

from openbudget.budget.finding import Finding, Message, Operand, OperandRole, Severity
from openbudget.checks.figures import Figure, Verdict, roles
from openbudget.checks.labels import listed, money_text, yuan_text
from openbudget.checks.rules import Declaration

Texts = Mapping[str, Message]
_SAID = 3
_WITHIN_ROUNDING = Message("（在四舍五入的范围内）", " (within rounding)")


def contradiction(
    declaration: Declaration,
    verdict: Verdict,
    subjects: Sequence[Figure],
    counterparts: Sequence[Figure],
    beside: Sequence[Figure] = (),
) -> Finding:
    """Write the finding that two groups of figures, each of one amount, do not agree.

    Figures `beside` do not agree with the subjects either, by other amounts.
    """
    subject, other = subjects[0], counterparts[0]
    rounded = verdict is Verdict.ROUNDED
    difference = subject.fen - other.fen
    unit = subject.operand.unit or other.operand.unit
    within = _WITHIN_ROUNDING if rounded else Message("", "")
    texts = {
        "subject": _names(subjects),
        "counterpart": _names(counterparts),
        "is": _being(subjects),
        "other_is": _being(counterparts),
        "printed": _money(subject, unit),
        "computed": _money(other, unit),
        "difference": Message(
            f"{'多' if difference > 0 else '少'} {money_text(abs(difference), unit)}{within.zh}",
            f"{yuan_text(abs(difference))} {'more' if difference > 0 else 'less'}{within.en}",
        ),
    }
    return Finding(
        id=finding_id(declaration, subject.operand),
        rule=declaration.rule.id,
        family=declaration.rule.family,
        severity=Severity.INFO if rounded else declaration.rule.severity,
        operands=roles(subjects, [*counterparts, *beside]),
        message=fill(declaration.message, texts),
        within_rounding=rounded,
        printed_fen=subject.fen,
        computed_fen=other.fen,
        difference_fen=difference,
    )


def observation(
    declaration: Declaration,
    operands: Sequence[Operand],
    texts: Texts | None = None,
    key: str | None = None,
) -> Finding:
    """Write a finding that is not about two amounts; the first operand is its subject."""
    return Finding(
        id=f"findings.{declaration.rule.id}.{key}" if key else finding_id(declaration, operands[0]),
        rule=declaration.rule.id,
        family=declaration.rule.family,
        severity=declaration.rule.severity,
        operands=tuple(operands),
        message=fill(declaration.message, {"subject": operands[0].label, **(texts or {})}),
    )


def finding_id(declaration: Declaration, operand: Operand) -> str:
    """Make the local id of a finding from its rule and what it is about."""
    place = operand.place
    cell = f"{operand.table}.r{place.row}c{place.column}" if place and operand.table else None
    return f"findings.{declaration.rule.id}.{operand.item or cell or operand.table or 'document'}"


def fill(template: Message, texts: Texts) -> Message:
    """Fill the places of a template, each language with its own texts."""
    names = {name for _, name, _, _ in Formatter().parse(template.zh) if name}
    names |= {name for _, name, _, _ in Formatter().parse(template.en) if name}
    known = {name: texts[name] for name in names}
    zh = template.zh.format_map({name: text.zh for name, text in known.items()})
    en = template.en.format_map({name: text.en for name, text in known.items()})
    return Message(zh, en[:1].upper() + en[1:])


def same(text: str | int) -> Message:
    """Give a text that is the same in both languages: a code, a printed name, a number."""
    return Message(str(text), str(text))


def quoted(text: str) -> Message:
    """Give a printed sentence as it is quoted: without spaces, nor the full stop at its end."""
    return same("".join(text.split()).rstrip("。；;"))


def text_operand(
    label: Message,
    text: str | None,
    *,
    role: OperandRole = OperandRole.SUBJECT,
    operand: Operand | None = None,
) -> Operand:
    """Make the operand of a printed text, at the place of another operand if one is given."""
    if operand is None:
        return Operand(role, label, text=text)
    return Operand(role, label, None, text, None, operand.place, operand.item, operand.table)


def _names(figures: Sequence[Figure]) -> Message:
    """Name some figures of one amount: the first three, and how many there are."""
    labels = [figure.operand.label for figure in figures[:_SAID]]
    return listed(labels, len(figures) - len(labels))


def _being(figures: Sequence[Figure]) -> Message:
    """Give the verb that goes with the names of some figures."""
    return Message("均", "are each") if len(figures) > 1 else Message("", "is")


def _money(figure: Figure, unit: str | None) -> Message:
    """Write an amount with the places it is printed with, if it is in the same unit."""
    operand = figure.operand
    number = (operand.text or "").removesuffix(operand.unit or "").strip()
    places = len(number.partition(".")[2]) if operand.unit == unit else 0
    return Message(money_text(figure.fen, unit, places), yuan_text(figure.fen))
