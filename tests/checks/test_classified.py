"""How money is classified."""

from __future__ import annotations

from dataclasses import replace

from openbudget.budget.document import BudgetDocument
from openbudget.budget.table import BudgetLine
from openbudget.loading.seed import Seed
from tests.checks.applying import apply, operands, the_only, with_code, with_lines


def test_staff_like_the_civil_service_and_codes_of_institutions(
    first_document: BudgetDocument, seed: Seed
) -> None:
    finding = the_only("civil-service-codes", first_document, seed.lists)
    assert finding.severity.value == "warning"
    assert operands(finding) == [
        ("subject", "西城区法律援助中心共有参照公务员管理人员编制人员9人。", 11),
        ("counterpart", "22-公益一类", 665),
        ("counterpart", "50501-工资福利支出", 301),
        ("counterpart", "50502-商品和服务支出", 311),
        ("counterpart", "50502-商品和服务支出", 668),
        ("counterpart", "50501-工资福利支出", 1038),
        ("counterpart", "50502-商品和服务支出", 1045),
        ("counterpart", "50502-商品和服务支出", 1412),
    ]
    assert [len(operand.parts) for operand in finding.operands] == [0, 0, 10, 20, 5, 10, 15, 2]
    assert finding.message.zh == (
        "文字说明称“西城区法律援助中心共有参照公务员管理人员编制人员9人”，"
        "而单位类型印为“22-公益一类”，各表使用事业单位的政府经济分类科目"
        "（50501 工资福利支出、50502 商品和服务支出）；"
        "参照公务员管理的单位对应 501、502 等机关科目。"
    )
    assert finding.message.en == (
        "The narrative says “西城区法律援助中心共有参照公务员管理人员编制人员9人”, but the type of "
        "unit is printed as “22-公益一类” and the tables use government economic codes of public "
        "institutions (50501 工资福利支出, 50502 商品和服务支出); units managed like the civil "
        "service go with those of agencies (501, 502)."
    )


def test_a_unit_without_such_staff_is_not_judged(
    first_document: BudgetDocument, seed: Seed
) -> None:
    told = apply("civil-service-codes", replace(first_document, staff=()), seed.lists)
    assert (told.findings, told.passed, len(told.skipped)) == ([], 0, 1)


def test_codes_of_agencies_agree(first_document: BudgetDocument, seed: Seed) -> None:
    def change(line: BudgetLine) -> BudgetLine:
        coded = line.government_economic
        if coded is None or coded.code is None or not coded.code.startswith("505"):
            return line
        return replace(line, government_economic=replace(coded, code="50101"))

    mended = first_document
    for table in first_document.tables:
        mended = with_lines(mended, table.key, change)
    assert apply("civil-service-codes", mended, seed.lists) == ([], 1, [])


def test_a_row_is_printed_twice(first_document: BudgetDocument, seed: Seed) -> None:
    finding = the_only("repeated-row", first_document, seed.lists)
    assert finding.id == "findings.repeated-row.2040601-50502-30228"
    assert operands(finding) == [
        ("subject", "0.916460", 514),
        ("subject", "2.138408", 544),
        ("subject", "0.916460", 1187),
        ("subject", "2.138408", 1208),
    ]
    assert finding.message.zh == (
        "《预算03表 支出预算总表》、《预算07表 一般公共预算财政拨款基本支出表》"
        "把科目 2040601 / 50502 / 30228（工会经费）印了不止一行：0.916460、2.138408 万元。"
    )


def test_rows_of_their_own_agree(first_document: BudgetDocument, seed: Seed) -> None:
    mended = first_document
    for table in ("expenditure", "general_public_budget_basic_expenditure"):
        mended = with_code(mended, table, 25, "department_economic", "30226", "劳务费")
    told = apply("repeated-row", mended, seed.lists)
    assert (told.findings, told.passed) == ([], 59)


def test_the_pairs_of_the_first_document_are_those_of_the_crosswalk(
    first_document: BudgetDocument, seed: Seed
) -> None:
    assert apply("code-crosswalk", first_document, seed.lists) == ([], 64, [])


def test_a_pair_that_the_crosswalk_does_not_have(
    first_document: BudgetDocument, seed: Seed
) -> None:
    changed = with_code(
        first_document, "expenditure", 16, "government_economic", "50901", "社会福利和救助"
    )
    finding = the_only("code-crosswalk", changed, seed.lists)
    assert finding.severity.value == "info"
    assert operands(finding) == [
        ("subject", "30201-办公费", 452),
        ("counterpart", "50901-社会福利和救助", 451),
    ]
    assert finding.message.zh == (
        "《预算03表 支出预算总表》把部门经济分类科目“30201 办公费”与政府经济分类科目"
        "“50901 社会福利和救助”印在同一行，对照表中前者对应50201、50502。"
    )
