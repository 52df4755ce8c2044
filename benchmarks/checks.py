"""Time the checks: the first document after start-up, and documents of ever more lines.

    python benchmarks/checks.py [--rounds 5]

Larger documents are the first one with the rows of every table repeated, each time under codes of
their own, and its totals multiplied. Prints milliseconds a check, and a line: if checks grow
linearly with the lines, the second figure stays as it is.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from openbudget.budget.document import BudgetDocument
from openbudget.budget.money import Amount
from openbudget.budget.table import BudgetLine, BudgetTable
from openbudget.budget.vocabulary import Role
from openbudget.checks.engine import check_document
from openbudget.loading.folders import find_files
from openbudget.loading.pipeline import read_file
from openbudget.loading.seed import read_seed

SEED = Path(__file__).resolve().parent.parent / "seed"
TIMES = (1, 2, 4, 8, 16, 32)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    seed = read_seed(SEED)
    (path,) = find_files([SEED])
    document = read_file(path, seed).document
    check_document(document, seed.lists)
    base = None
    for times in TIMES:
        larger = repeated(document, times)
        lines = sum(len(table.lines) for table in larger.tables)
        taken = statistics.median(timed(larger, seed.lists) for _ in range(rounds))
        base = base or taken / lines
        print(
            f"{lines:6,} lines: {taken * 1000:7.1f} ms a check, "
            f"{taken / lines * 1e6:6.1f} µs a line, {taken / lines / base:4.2f} of the first"
        )


def timed(document: BudgetDocument, lists: object) -> float:
    before = time.perf_counter()
    check_document(document, lists)  # type: ignore[arg-type]
    return time.perf_counter() - before


def repeated(document: BudgetDocument, times: int) -> BudgetDocument:
    """Repeat the rows of every table, and multiply its totals."""
    return replace(document, tables=tuple(_table(table, times) for table in document.tables))


def _table(table: BudgetTable, times: int) -> BudgetTable:
    return replace(table, lines=tuple(sorted(_lines(table, times), key=lambda ln: ln.ordinal)))


def _lines(table: BudgetTable, times: int) -> Iterator[BudgetLine]:
    last = max((line.ordinal for line in table.lines), default=0)
    for line in table.lines:
        if line.role is Role.TOTAL or line.item is not None:
            ordinal = line.ordinal + last * times
            yield replace(line, ordinal=ordinal, amount=_multiplied(line.amount, times))
            continue
        for number in range(times):
            yield _under_code(replace(line, ordinal=line.ordinal + last * number), number)


def _under_code(line: BudgetLine, number: int) -> BudgetLine:
    if line.function is None or not line.function.code:
        return line
    code = f"{line.function.code[:3]}{int(line.function.code[3:]) + 137 * number:04}"[:7]
    return replace(line, function=replace(line.function, code=code))


def _multiplied(amount: Amount, times: int) -> Amount:
    return replace(amount, fen=None if amount.fen is None else amount.fen * times)


if __name__ == "__main__":
    main()
