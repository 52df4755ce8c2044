from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from openbudget.api.common import DOCUMENT
from tests.api.client import Api


def test_a_line_whole(api: Api) -> None:
    assert api.json(f"/v1/lines/{DOCUMENT}.expenditure.29.project")["data"] == {
        "id": f"{DOCUMENT}.expenditure.29.project",
        "jurisdiction": "110102",
        "department": "110102-231002",
        "document": DOCUMENT,
        "fiscal_year": 2024,
        "scope": "department",
        "phase": "approved",
        "table": "expenditure",
        "table_id": f"{DOCUMENT}.expenditure",
        "row": 29,
        "column": "project",
        "role": "leaf",
        "direction": "expenditure",
        "function": _coded("2040650", "事业运行", "Public institution operation", 580, 1),
        "government_economic": _coded(
            "50502", "商品和服务支出", "Goods and services expenditure", 581, 2
        ),
        "department_economic": _coded(
            "30299", "其他商品和服务支出", "Other goods and services expenditure", 582, 3
        ),
        "revenue": None,
        "expenditure_type": "project",
        "funding_source": None,
        "carryover": None,
        "item": None,
        "item_key": None,
        "budgetary_unit": None,
        "project": None,
        "amount": Decimal("23510.38"),
        "state": "printed",
        "printed": {"text": "2.351038", "unit": "万元"},
        "anchor": _anchor(585, 6),
        "check": None,
        "links": {"findings": f"/v1/findings?item={DOCUMENT}.expenditure.29.project"},
    }


def _anchor(line: int, column: int) -> dict[str, Any]:
    table = f"{DOCUMENT}.expenditure"
    return {"document": DOCUMENT, "table": table, "row": 33, "column": column, "line": line}


def _coded(code: str, zh: str, en: str, line: int, column: int) -> dict[str, Any]:
    return {
        "code": code,
        "label": {"zh": zh, "en": en},
        "printed": f"{code}-{zh}",
        "code_source": "printed",
        "anchor": _anchor(line, column),
    }


def test_money_has_two_decimals_and_no_binary_float(api: Api) -> None:
    text = api.call("/v1/lines?table=transfer_payments&fields=id,amount").text
    assert '"amount":600000.00' in text
    assert '"amount":1200000.00' in text


@pytest.mark.parametrize(
    ("query", "total"),
    [
        ("", 183),
        ("role=leaf", 85),
        ("table=expenditure", 65),
        ("table=expenditure,revenue", 68),
        ("table=expenditure&table=revenue", 68),
        ("table__not=expenditure", 118),
        ("function=2040650", 4),
        ("function__under=208", 16),
        ("function__prefix=21", 9),
        ("function__isnull=true&role=leaf", 3),
        ("role=leaf&table=expenditure&amount__gte=1000000", 3),
        ("role=leaf&table=expenditure&amount__lte=2550.00", 3),
        ("amount=4825000.00", 4),
        ("expenditure_type=basic&table=general_public_budget_expenditure", 8),
        ("expenditure_type__under=basic&table=general_public_budget_expenditure", 18),
        ("jurisdiction__under=110000", 183),
        ("jurisdiction__under=310000", 0),
        (f"table_id={DOCUMENT}.revenue", 3),
        (f"document={DOCUMENT}", 183),
        (f"project={DOCUMENT}.projects.4", 3),
        ("item__contains=总计", 4),
        ("state=printed", 183),
        ("fiscal_year__gte=2025", 0),
    ],
)
def test_filters(api: Api, query: str, total: int) -> None:
    answer = api.json(f"/v1/lines?{query}&page_size=1000")
    assert answer["meta"]["total"] == len(answer["data"]) == total


def test_pages_go_forth_and_back_over_every_line(api: Api) -> None:
    whole = [line["id"] for line in api.json("/v1/lines?page_size=1000")["data"]]
    path, pages = "/v1/lines?page_size=40", []
    while path:
        answer = api.json(path)
        pages.append([line["id"] for line in answer["data"]])
        path, last = answer["links"]["next"], answer
    assert [identifier for page in pages for identifier in page] == whole
    back = [pages[-1]]
    while path := last["links"]["prev"]:
        last = api.json(path)
        back.append([line["id"] for line in last["data"]])
    assert back[::-1] == pages


@pytest.mark.parametrize(
    "order",
    [
        "amount:desc",
        "amount:asc",
        "function:desc,amount:asc",
        "function:asc",
        "carryover:desc,role",
    ],
)
def test_every_order_is_total_and_pages_alike(api: Api, order: str) -> None:
    whole = api.json(f"/v1/lines?page_size=1000&order={order}")["data"]
    path, found = f"/v1/lines?page_size=7&order={order}", []
    while path:
        answer = api.json(path)
        found += answer["data"]
        path = answer["links"]["next"]
    assert found == whole
    if order.startswith("amount"):
        amounts = [line["amount"] for line in whole]
        assert amounts == sorted(amounts, reverse=order == "amount:desc")
    if order.startswith("function"):
        codes = [line["function"] and line["function"]["code"] for line in whole]
        present = [code for code in codes if code is not None]
        assert codes == present + [None] * (len(codes) - len(present))


def test_fields_narrow_each_record(api: Api) -> None:
    answer = api.json("/v1/lines?fields=id,amount&page_size=2")
    assert [set(line) for line in answer["data"]] == [{"id", "amount"}] * 2


def test_meta_names_the_query_as_applied(api: Api) -> None:
    meta = api.json("/v1/lines?table=revenue&page_size=2")["meta"]
    assert meta["query"] == {
        "versions": "current",
        "table": "revenue",
        "page_size": 2,
        "order": "document_key:asc,position:asc,id:asc",
    }
    assert (meta["total"], meta["page_size"]) == (3, 2)


def test_a_list_of_mixed_roles_warns(api: Api) -> None:
    def warnings(query: str) -> list[str]:
        return [w["detail"] for w in api.json(f"/v1/lines?{query}")["warnings"]]

    (both,) = warnings("")
    assert "mix roles (totals beside their parts), tables that print the same money" in both
    assert "mix tables that print the same money." in warnings("role=leaf")[0]
    assert "mix roles" in warnings("role=leaf,total&table=expenditure")[0]
    assert "versions" in warnings("role=leaf&table=expenditure&versions=all")[0]
    assert warnings("role=leaf&table=expenditure") == []
    assert warnings("fiscal_year=2023") == []


def test_link_header_leads_to_the_next_page(api: Api) -> None:
    response = api.call("/v1/lines?page_size=100")
    assert response.headers["Link"].endswith('; rel="next"')


@pytest.mark.parametrize("name", ["amount", "amount__not"])
@pytest.mark.parametrize(
    ("text", "part"), [("1,000,000", "000"), ("1,050.00", "050.00"), ("-1,-007", "-007")]
)
def test_thousands_commas_of_an_amount_are_refused(
    api: Api, name: str, text: str, part: str
) -> None:
    assert api.problem(f"/v1/lines?{name}={text}", 400)["errors"] == [
        {
            "parameter": name,
            "detail": f"{part!r} begins with a zero too many",
            "allowed": None,
            "hint": "Write amounts without thousands commas, 1000000 and not 1,000,000.",
        }
    ]


@pytest.mark.parametrize("text", ["0", "0.5", "-0.50", "100", "0,1"])
def test_amounts_without_a_needless_zero_are_read(api: Api, text: str) -> None:
    assert api.call(f"/v1/lines?amount={text}").status_code == 200
