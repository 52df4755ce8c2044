"""The same money under two codes: what one code has more, another has less."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from openbudget.budget.finding import Finding, Message, OperandRole
from openbudget.checks.context import Result
from openbudget.checks.labels import money_text, table_of, yuan_text
from openbudget.checks.rules import Declaration
from openbudget.checks.writing import fill, same

Keyed = tuple[tuple[str, ...], Result]
_Mirror = tuple[int, tuple[tuple[OperandRole, str | None], ...]]
"""A difference and the tables it is between."""


def join_moved(declaration: Declaration, results: Sequence[Keyed]) -> Iterator[Result]:
    """Join two findings of opposite differences between the same tables into one."""
    mirrors: dict[_Mirror, deque[int]] = defaultdict(deque)
    for number, (_, result) in enumerate(results):
        if isinstance(result, Finding):
            mirrors[_mirror(result)].append(number)
    taken: set[int] = set()
    for number, (key, result) in enumerate(results):
        if number in taken:
            continue
        taken.add(number)
        twin = _twin(result, mirrors, taken) if isinstance(result, Finding) else None
        if twin is None:
            yield result
            continue
        taken.add(twin)
        yield _joined(declaration, (key, result), results[twin])


def _twin(
    finding: Finding, mirrors: Mapping[_Mirror, deque[int]], taken: Collection[int]
) -> int | None:
    """Give the number of the first finding left that has the opposite difference."""
    difference, tables = _mirror(finding)
    waiting = mirrors.get((-difference, tables)) if difference else None
    while waiting and waiting[0] in taken:
        waiting.popleft()
    return waiting[0] if waiting else None


def _mirror(finding: Finding) -> _Mirror:
    tables = tuple((operand.role, operand.table) for operand in finding.operands)
    return finding.difference_fen or 0, tables


def _joined(declaration: Declaration, one: Keyed, other: Keyed) -> Finding:
    """Write that money is under one code in some tables and under another in the others."""
    found = sorted((one, other), key=lambda keyed: -_difference(keyed))
    (more_key, more), (less_key, less) = found
    if not isinstance(more, Finding) or not isinstance(less, Finding):
        raise TypeError("only findings are joined")
    subject = next(o for o in more.operands if o.role is OperandRole.SUBJECT)
    counterpart = next(o for o in more.operands if o.role is OperandRole.COUNTERPART)
    fen = more.difference_fen or 0
    texts = {
        "subject": table_of(subject.label),
        "counterpart": table_of(counterpart.label),
        "one": _code_name(more_key, more),
        "other": _code_name(less_key, less),
        "difference": Message(money_text(fen, subject.unit), yuan_text(fen)),
    }
    return replace(
        more,
        id=f"findings.{declaration.rule.id}.{more.id.split('.', 2)[2]}",
        rule=declaration.rule.id,
        family=declaration.rule.family,
        severity=declaration.rule.severity,
        operands=(*more.operands, *less.operands),
        message=fill(declaration.message, texts),
    )


def _code_name(key: Sequence[str], finding: Finding) -> Message:
    """Give the code of a finding with its name, as the label of one of its figures has it."""
    code = "/".join(key)
    labels = (operand.label.zh.partition(f"“{code} ") for operand in finding.operands)
    name = next((after.partition("”")[0] for _, mark, after in labels if mark), "")
    return same(f"{code} {name}".strip())


def _difference(keyed: Keyed) -> int:
    result = keyed[1]
    return (result.difference_fen or 0) if isinstance(result, Finding) else 0
