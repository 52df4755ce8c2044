"""Transfer payments against the projects of their document numbers."""

from __future__ import annotations

from dataclasses import replace

from openbudget.budget.document import BudgetDocument
from openbudget.budget.money import parse_amount
from openbudget.budget.table import BudgetLine
from openbudget.loading.seed import Seed
from tests.checks.applying import apply, operands, the_only, with_lines


def test_both_transfers_of_the_first_document_agree(
    first_document: BudgetDocument, seed: Seed
) -> None:
    assert apply("transfer-amount", first_document, seed.lists) == ([], 2, [])
    assert apply("transfer-codes", first_document, seed.lists) == ([], 6, [])
    assert apply("transfer-without-project", first_document, seed.lists) == ([], 2, [])


def test_a_transfer_of_another_amount(first_document: BudgetDocument, seed: Seed) -> None:
    def change(line: BudgetLine) -> BudgetLine:
        return replace(line, amount=parse_amount("90", "万元")) if line.ordinal == 1 else line

    changed = with_lines(first_document, "transfer_payments", change)
    finding = the_only("transfer-amount", changed, seed.lists)
    assert (finding.severity.value, finding.difference_fen) == ("error", 30 * 10**6)
    assert operands(finding) == [("subject", "90", 1408), ("counterpart", "60", 718)]
    assert finding.message.zh.endswith("为 60 万元，前者多 30 万元。")
    assert "项目“京财公检法指[2023]2154号法援案件补贴”" in finding.message.zh


def test_a_transfer_under_another_code(first_document: BudgetDocument, seed: Seed) -> None:
    first, second = first_document.transfers
    assert first.function is not None
    function = replace(first.function, code="2040650", label="事业运行")
    moved = replace(first, function=replace(function, printed="2040650-事业运行"))
    changed = replace(first_document, transfers=(moved, second))
    finding = the_only("transfer-codes", changed, seed.lists)
    assert operands(finding) == [
        ("subject", "2040650-事业运行", 1410),
        ("counterpart", "2040607-公共法律服务", 715),
    ]
    assert finding.message.zh == (
        "《预算12表 上级转移支付细化明细表》“2040650 事业运行”印在转移支付表中，"
        "而同一文号的项目在项目支出表中归入“2040607 公共法律服务”。"
    )


def test_a_transfer_of_a_number_that_no_project_carries(
    first_document: BudgetDocument, seed: Seed
) -> None:
    first, second = first_document.transfers
    assert first.document_number is not None
    number = replace(first.document_number, text="京财公检法指[2023]2155号")
    lost = replace(first, document_number=number, project=None)
    changed = replace(first_document, transfers=(lost, second))
    finding = the_only("transfer-without-project", changed, seed.lists)
    assert operands(finding) == [("subject", "60", 1408)]
    assert finding.message.zh == (
        "转移支付表的文号“京财公检法指[2023]2155号”在项目支出表中没有对应的项目。"
    )


def test_a_document_without_transfers_is_not_judged(
    first_document: BudgetDocument, seed: Seed
) -> None:
    bare = replace(first_document, transfers=())
    for rule in ("transfer-amount", "transfer-codes", "transfer-without-project"):
        told = apply(rule, bare, seed.lists)
        assert (told.findings, told.passed, len(told.skipped)) == ([], 0, 1)
