from __future__ import annotations

import json
from decimal import Decimal

from openbudget.budget.document import BudgetDocument
from openbudget.budget.finding import CheckReport
from openbudget.reports.findings.checked import CheckedFile
from openbudget.reports.findings.plain import check_as_json

OWN = "110102-231002-2024-department-approved"


def test_a_finding_has_whole_ids_anchors_and_exact_amounts(
    first_document: BudgetDocument, report: CheckReport
) -> None:
    line = check_as_json(CheckedFile("a.zip", "b.txt", first_document, report))
    assert line.count(b"\n") == 1
    whole = json.loads(line, parse_float=Decimal)
    assert (whole["file"], whole["member"], whole["document"]) == ("a.zip", "b.txt", OWN)
    assert whole["error"] is None
    assert whole["findings_by_severity"] == {"error": 3, "warning": 2, "info": 2}
    assert whole["rules_by_status"] == {
        "applied": 3,
        "passed": 1,
        "failed": 2,
        "not_applicable": 1,
    }
    finding = next(one for one in whole["findings"] if one["rule"] == "table.operating")
    message = finding.pop("message")
    explanation = finding["explanations"].pop()
    for operand in finding["operands"]:
        assert set(operand.pop("label")) == {"zh", "en"}
    assert set(message) == {"zh", "en"}
    assert finding == {
        "id": f"{OWN}.findings.table.operating.general_public_budget_expenditure.9.operating",
        "rule": "table.operating",
        "family": "table",
        "severity": "error",
        "within_rounding": False,
        "department": "110102-231002",
        "document": OWN,
        "year": 2024,
        "operands": [
            {
                "role": "subject",
                "amount": Decimal("342220.19"),
                "difference": None,
                "printed": {"text": "34.222019", "unit": "万元"},
                "document": OWN,
                "table": f"{OWN}.general_public_budget_expenditure",
                "item": f"{OWN}.general_public_budget_expenditure.9.operating",
                "parts": [],
                "place": {"row": 14, "column": 7, "anchor": {"line": 1013}},
            },
            {
                "role": "counterpart",
                "amount": Decimal("277420.19"),
                "difference": Decimal("64800.00"),
                "printed": {"text": "27.742019", "unit": "万元"},
                "document": OWN,
                "table": f"{OWN}.general_public_budget_basic_expenditure",
                "item": f"{OWN}.general_public_budget_basic_expenditure.27.operating",
                "parts": [],
                "place": {"row": 32, "column": 6, "anchor": {"line": 1231}},
            },
        ],
        "printed": Decimal("342220.19"),
        "computed": Decimal("277420.19"),
        "difference": Decimal("64800.00"),
        "cluster": "64800.00",
        "explanations": [],
    }
    assert explanation["amount"] == Decimal("64800.00")
    assert explanation["lines"] == [f"{OWN}.general_public_budget_basic_expenditure.2.personnel"]


def test_a_rule_says_what_became_of_it(first_document: BudgetDocument, report: CheckReport) -> None:
    rules = json.loads(check_as_json(CheckedFile("a", document=first_document, report=report)))[
        "rules"
    ]
    assert rules[-1] == {
        "rule": "table.funds",
        "status": "not_applicable",
        "applied": 0,
        "failed": 0,
        "reason": {"zh": "08表是空表。", "en": "Table 08 is empty."},
    }


def test_a_file_that_cannot_be_read_is_an_object_too() -> None:
    assert json.loads(check_as_json(CheckedFile("a", error="the file is empty"))) == {
        "file": "a",
        "member": None,
        "document": None,
        "error": "the file is empty",
    }
