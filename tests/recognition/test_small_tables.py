"""Small 三公 tables of other places, and the first rows of final accounts with 行次."""

from __future__ import annotations

from dataclasses import replace

import pytest

from openbudget.budget.document import BudgetDocument
from openbudget.budget.table import BudgetLine
from openbudget.budget.vocabulary import Phase, Scope
from openbudget.errors import IdentityError
from openbudget.loading.pipeline import KnownIdentity, read_content, read_file
from openbudget.loading.seed import Seed
from tests.recognition.test_real_documents import published

BUDGET = KnownIdentity("430600", "n0000000000", 2017, Phase.APPROVED, Scope.DEPARTMENT)
FINAL = KnownIdentity(None, None, 2019, Phase.EXECUTED, Scope.UNIT)


def read(name: str, seed: Seed, known: KnownIdentity) -> BudgetDocument:
    return read_file(published(name), seed, known=known).document


def lines(document: BudgetDocument) -> list[tuple[str | None, str, str, int | None]]:
    (table,) = document.tables
    return [(line.item_key, line.column, line.role.value, line.amount.fen) for line in table.lines]


def in_units(entries: list[tuple[str, str, str, str]], fen: int) -> list[tuple[str, str, str, int]]:
    return [(key, column, role, round(float(text) * fen)) for key, column, role, text in entries]


def test_one_amount_for_each_item(seed: Seed) -> None:
    known = replace(BUDGET, jurisdiction="500105", fiscal_year=2021)
    document = read("cq_jiangbei_three_public_2021.tsv", seed, known)
    assert document.coverage.unmapped == ()
    assert lines(document) == in_units(
        [
            ("three_public_expenses", "budget", "total", "4432"),
            ("official_overseas_visits", "budget", "leaf", "39"),
            ("official_hospitality", "budget", "leaf", "323"),
            ("official_vehicles", "budget", "subtotal", "4070"),
            ("official_vehicle_operation", "budget", "leaf", "2648"),
            ("official_vehicle_purchase", "budget", "leaf", "1422"),
        ],
        1_000_000,
    )


def test_two_years_and_counts_in_yuan(seed: Seed) -> None:
    document = read("hn_yueyang_taichuangyuan_three_public_2017.tsv", seed, BUDGET)
    assert document.coverage.unmapped == ()
    assert lines(document) == in_units(
        [
            ("three_public_expenses", "budget", "total", "250000"),
            ("official_hospitality", "budget", "leaf", "150000"),
            ("official_vehicles", "budget", "subtotal", "100000"),
            ("official_vehicle_operation", "budget", "leaf", "100000"),
        ],
        100,
    )
    (table,) = document.tables
    assert [c.heading[-1] for c in table.columns] == ["项目", "2016-执行数", "2017-预算数"]
    assert table.unit is not None
    assert table.unit.text == "元"


def test_traditional_characters_are_matched_and_kept(seed: Seed) -> None:
    document = read("hn_yueyang_wenlian_three_public_2017_trad.tsv", seed, BUDGET)
    assert document.identity.publisher == "嶽陽縣文聯"
    assert document.coverage.unmapped == ()
    (table,) = document.tables
    assert table.title == "嶽陽縣文聯2017-度“三公”經費預算表"
    assert table.unit is not None
    assert table.unit.text == "萬元"
    found = {
        (line.item_key, line.column): (line.amount.fen, line.role.value) for line in table.lines
    }
    assert found["three_public_expenses", "total"] == (4_900_000, "total")
    assert found["official_hospitality", "total"] == (1_800_000, "leaf")
    assert found["official_vehicles", "total"] == (3_100_000, "subtotal")
    assert found["official_vehicles", "general_public_budget"] == (0, "leaf")
    assert found["official_vehicle_operation", "total"] == (3_100_000, "leaf")
    assert [line.item.text for line in table.lines if line.item][4] == "1、因公出國(境)費用"


def test_final_accounts_with_numbered_lines(seed: Seed) -> None:
    document = read("hb_nanzhang_investment_final_gk01_2019_partial.tsv", seed, FINAL)
    assert document.identity.jurisdiction == "420624"
    assert document.identity.publisher == "南漳县招商服务中心"
    assert document.coverage.unmapped == ()
    (table,) = document.tables
    assert (table.number, table.layout) == ("公开01表", "final_accounts")
    assert [summary(line) for line in table.lines] == [
        ("general_public_budget", None, "440.55", "executed"),
        (None, "201", "423.20", "executed"),
        ("government_fund_budget", None, "0.00", "executed"),
        (None, "202", "0.00", "executed"),
        ("superior_subsidy_revenue", None, "10.00", "executed"),
        (None, "203", "0.00", "executed"),
        ("public_service_revenue", None, "0.00", "executed"),
        (None, "204", "0.00", "executed"),
    ]


def summary(line: BudgetLine) -> tuple[str | None, str | None, str, str]:
    code = line.function.code if line.function else None
    return (line.item_key, code, line.amount.text, line.phase.value)


def test_a_table_may_say_itself_whose_it_is(seed: Seed) -> None:
    document = read("hn_yueyang_wenlian_three_public_2017_trad.tsv", seed, KnownIdentity())
    assert (document.identity.jurisdiction, document.identity.scope) == ("430621", Scope.UNIT)
    assert document.file.media_type == "text/tab-separated-values; charset=utf-8"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030"])
def test_a_table_is_the_same_in_every_encoding(seed: Seed, encoding: str) -> None:
    path = published("hb_nanzhang_investment_final_gk01_2019_partial.tsv")
    content = path.read_text(encoding="utf-8").encode(encoding)
    read = read_content(content, seed, known=FINAL).document
    assert read.tables == read_file(path, seed, known=FINAL).document.tables


@pytest.mark.parametrize(
    ("name", "missing"),
    [
        (
            "cq_jiangbei_three_public_2021.tsv",
            (
                "the place (--jurisdiction), the office (--department), "
                "whether it is of a department or of one unit (--scope)"
            ),
        ),
        (
            "hb_nanzhang_investment_final_gk01_2019_partial.tsv",
            "the year (--year), whether it is of a department or of one unit (--scope)",
        ),
    ],
)
def test_what_a_table_alone_does_not_say_is_asked_for(seed: Seed, name: str, missing: str) -> None:
    with pytest.raises(IdentityError) as caught:
        read_file(published(name), seed)
    assert str(caught.value) == (
        f"the file does not say whose budget it is; not known: {missing}. "
        "Name it with the option, or in a source.yaml beside the file"
    )
