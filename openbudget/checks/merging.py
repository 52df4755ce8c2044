"""One contradiction is one finding: what says the same of the same figures is put together."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from openbudget.budget.finding import Family, Finding, Message, Operand, OperandRole
from openbudget.budget.money import format_yuan
from openbudget.checks.labels import listed, money_text, yuan_text

_SUMS = frozenset([Family.ROW, Family.COLUMN])
_NAMED = 3


def merge(findings: Iterable[Finding]) -> list[Finding]:
    """Merge findings that repeat each other, then give each an id of its own."""
    found = list(findings)
    sums = _merge_repeated([finding for finding in found if finding.family in _SUMS])
    said = _merge_repeated([finding for finding in found if finding.family is Family.NARRATIVE])
    merged = frozenset([*_SUMS, Family.NARRATIVE])
    numbers = _by_amounts(sums)
    others = []
    absorbed: dict[int, list[Finding]] = defaultdict(list)
    for finding in [*(own for own in found if own.family not in merged), *said]:
        number = _absorbing(sums, numbers, finding)
        if number is None:
            others.append(finding)
        else:
            absorbed[number].append(finding)
    whole = [_absorb(own, absorbed.get(number, ())) for number, own in enumerate(sums)]
    return _with_own_ids([*whole, *others])


def cluster(findings: Sequence[Finding]) -> list[Finding]:
    """Name the findings that share a difference by it, in yuan; rounding makes no cluster."""
    counts = Counter(_magnitude(finding) for finding in findings)
    return [
        replace(finding, cluster=format_yuan(size))
        if (size := _magnitude(finding)) and counts[size] > 1
        else finding
        for finding in findings
    ]


def _magnitude(finding: Finding) -> int:
    return 0 if finding.within_rounding else abs(finding.difference_fen or 0)


# The same total that does not add up, in a row and in its column, or in several tables ------------


def _merge_repeated(findings: Sequence[Finding]) -> list[Finding]:
    groups: dict[object, list[Finding]] = {}
    for finding in findings:
        amounts = finding.printed_fen, finding.computed_fen
        groups.setdefault(finding.id if None in amounts else amounts, []).append(finding)
    return [_together(group) for group in groups.values()]


def _together(findings: Sequence[Finding]) -> Finding:
    """Put findings of equal figures together; what stands elsewhere is named in the message."""
    first, *rest = findings
    known = {operand.item or operand.parts for operand in first.operands}
    new: dict[object, Operand] = {}
    for operand in (operand for finding in rest for operand in finding.operands):
        if (operand.item or operand.parts) not in known:
            new.setdefault(operand.item or operand.parts, operand)
    subjects = [operand for operand in new.values() if operand.role is OperandRole.SUBJECT]
    message = _also(first, subjects) if subjects else first.message
    return replace(first, operands=_ordered([*first.operands, *new.values()]), message=message)


def _also(finding: Finding, operands: Sequence[Operand]) -> Message:
    message, name = finding.message, finding.operands[0].label
    others = [operand for operand in operands if operand.label != name]
    if not others:
        zh, en = "同样的内容在文件中不止一处。", "The document says so more than once."
        return Message(message.zh + zh, f"{message.en} {en}")
    names = _names(others)
    zh, en = f"同样的差异还见于{names.zh}。", f"The same difference is found at {names.en}."
    return Message(message.zh + zh, f"{message.en} {en}")


def _names(operands: Sequence[Operand]) -> Message:
    """Name the first three operands, and say how many there are."""
    labels = [operand.label for operand in operands[:_NAMED]]
    return listed(labels, len(operands) - len(labels))


# A total that neither adds up nor agrees with another table, by one amount ------------------------


_Amounts = frozenset[int | None]


def _by_amounts(sums: Sequence[Finding]) -> Mapping[_Amounts, Sequence[int]]:
    """Give the numbers of sums by their two amounts."""
    found: dict[_Amounts, list[int]] = defaultdict(list)
    for number, own in enumerate(sums):
        found[_amounts(own)].append(number)
    return found


def _amounts(finding: Finding) -> _Amounts:
    return frozenset([finding.printed_fen, finding.computed_fen])


def _absorbing(
    sums: Sequence[Finding], numbers: Mapping[_Amounts, Sequence[int]], finding: Finding
) -> int | None:
    """Find the sum whose total is a figure of a finding with the same two amounts."""
    if finding.printed_fen is None:
        return None
    items = {operand.item for operand in finding.operands if operand.item}
    same = numbers.get(_amounts(finding), ())
    return next((number for number in same if items & set(_subjects(sums[number]))), None)


def _subjects(finding: Finding) -> list[str | None]:
    return [o.item for o in finding.operands if o.role is OperandRole.SUBJECT]


def _absorb(own: Finding, findings: Sequence[Finding]) -> Finding:
    """Take the figures of other findings into that of a sum, each on its side."""
    known: set[object] = {operand.item for operand in own.operands if operand.item}
    new = []
    for operand in (operand for finding in findings for operand in finding.operands):
        if (operand.item or operand.parts) not in known:
            known.add(operand.item or operand.parts)
            new.append(_on_its_side(own, operand))
    operands = _ordered([*own.operands, *new])
    others = [operand for operand in new if operand.role is OperandRole.COUNTERPART]
    return replace(own, operands=operands, message=_with_counterparts(own, others))


def _on_its_side(own: Finding, operand: Operand) -> Operand:
    if operand.role is OperandRole.EVIDENCE or operand.fen is None:
        return operand
    difference = (own.printed_fen or 0) - operand.fen
    if operand.fen == own.printed_fen:
        return replace(operand, role=OperandRole.SUBJECT, difference_fen=None)
    return replace(operand, role=OperandRole.COUNTERPART, difference_fen=difference)


def _with_counterparts(own: Finding, others: Sequence[Operand]) -> Message:
    if not others or own.computed_fen is None:
        return own.message
    names, unit = _names(others), own.operands[0].unit
    zh = f"{names.zh}也为 {money_text(own.computed_fen, unit)}。"
    en = f"{yuan_text(own.computed_fen)} is also the figure of {names.en}."
    return Message(own.message.zh + zh, f"{own.message.en} {en}")


def _ordered(operands: Sequence[Operand]) -> tuple[Operand, ...]:
    roles = list(OperandRole)
    return tuple(sorted(operands, key=lambda operand: roles.index(operand.role)))


def _with_own_ids(findings: Sequence[Finding]) -> list[Finding]:
    """Number the findings of one rule about one thing, from the second on."""
    counts: Counter[str] = Counter()
    found = []
    for finding in findings:
        counts[finding.id] += 1
        number = counts[finding.id]
        found.append(finding if number == 1 else replace(finding, id=f"{finding.id}-{number}"))
    return found
