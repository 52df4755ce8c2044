"""/v1/compare: what it answers, what it refuses, and how it says so."""

from __future__ import annotations

import csv
import io
import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import event

from openbudget.api.app import create_app
from openbudget.api.common import DEPARTMENT, DOCUMENT
from openbudget.api.endpoint import CSV, NDJSON, XLSX
from openbudget.api.resources.compare.query import BETWEEN, parameters
from openbudget.api.service import AnswerCache, Service
from openbudget.cubes import sides
from openbudget.cubes.comparison import Change
from openbudget.cubes.sides import AXES
from openbudget.formats.csv import BYTE_ORDER_MARK
from openbudget.loading.seed import Seed
from openbudget.storage.database import open_for_reading, open_for_writing
from openbudget.storage.reference import store_seed
from tests.api.client import Api, parse
from tests.conftest import LOADED_AT
from tests.cubes.asking import Cubes
from tests.cubes.conftest import load_years
from tests.made.years import OFFICE

MOVED = "/v1/compare?between=fiscal_year&base=2016&other=2019&department=110102-nmm3v7mi2su"
MADE = (
    f"/v1/compare?between=fiscal_year&base=2023&other=2024&department={DEPARTMENT}"
    "&scope=department&phase=approved&period=own&table=expenditure"
)
YEARS = f"between=fiscal_year&base=2023&other=2024&department={DEPARTMENT}"
PARAMETERS = sorted(parameters())
PAGE_OF_LINES = (
    "/v1/lines?department=110102-nmm3v7mi2su&direction=expenditure&fiscal_year={year}"
    "&function={code}&phase=approved&role=leaf&scope=department&table=expenditure"
)


def rows(found: Any) -> list[dict[str, Any]]:
    return [row for change in found["data"]["counts"] for row in found["data"][change]]


def short(found: Any) -> list[tuple[Any, ...]]:
    """Give change, code of base and other, difference, how matched, and why not."""
    return [
        (
            row["change"],
            *((row[side] or {}).get("code") for side in ("base", "other")),
            row["difference"],
            (row["match"] or {}).get("method"),
            (row["note"] or {}).get("code"),
        )
        for row in rows(found)
    ]


def mistakes(api: Api, path: str) -> dict[str, Any]:
    return {error["parameter"]: error for error in api.problem(path, 400)["errors"]}


def test_a_row_whole(years: Cubes) -> None:
    found = years.api.json(f"{MOVED}&by=function")
    assert found["data"]["decreased"] == [
        {
            "change": "decreased",
            "code": "2210203",
            "label": {"zh": "购房补贴", "en": "Housing purchase subsidy"},
            "base": {
                "code": "2290303",
                "label": {"zh": "购房补贴", "en": None},
                "amount": Decimal("300000.00"),
                "lines": 1,
                "href": PAGE_OF_LINES.format(year=2016, code="2290303"),
            },
            "other": {
                "code": "2210203",
                "label": {"zh": "购房补贴", "en": "Housing purchase subsidy"},
                "amount": Decimal("200000.00"),
                "lines": 1,
                "href": PAGE_OF_LINES.format(year=2019, code="2210203"),
            },
            "difference": Decimal("-100000.00"),
            "rate": Decimal("-0.333333"),
            "match": {
                "method": "edition",
                "evidence": "functional 2009: 2290303 购房补贴 = functional 2024: 2210203 购房补贴",
            },
            "note": None,
        }
    ]


def test_the_sides_whole(years: Cubes) -> None:
    found = years.api.json(f"{MOVED}&by=function")
    whole = {name: value for name, value in found["data"].items() if name not in list(Change)}
    lines = "department=110102-nmm3v7mi2su&direction=expenditure&fiscal_year={}&phase=approved"
    common = {"lines": 3, "departments": 1}
    assert whole == {
        "between": "fiscal_year",
        "by": "function",
        "level": None,
        "follow": True,
        "base": {
            "value": "2016",
            "label": {"zh": None, "en": None},
            "amount": Decimal("1040000.00"),
            "edition": "2009",
            "documents": ["110102-nmm3v7mi2su-2016-department-approved"],
            "href": f"/v1/lines?{lines.format(2016)}&role=leaf&scope=department&table=expenditure",
            **common,
        },
        "other": {
            "value": "2019",
            "label": {"zh": None, "en": None},
            "amount": Decimal("1120000.00"),
            "edition": "2024",
            "documents": ["110102-nmm3v7mi2su-2019-department-approved"],
            "href": f"/v1/lines?{lines.format(2019)}&role=leaf&scope=department&table=expenditure",
            **common,
            "lines": 4,
        },
        "difference": Decimal("80000.00"),
        "rate": Decimal("0.076923"),
        "counts": {"increased": 2, "decreased": 1, "added": 1, "removed": 0, "unchanged": 0},
    }
    assert found["meta"]["query"] == {
        "follow": True,
        "between": "fiscal_year",
        "base": "2016",
        "other": "2019",
        "by": "function",
        "department": "110102-nmm3v7mi2su",
        "table": "expenditure",
        "direction": "expenditure",
        "scope": "department",
        "phase": "approved",
    }
    assert [warning["code"] for warning in found["warnings"]] == ["editions_differ"]
    assert years.api.json("/v1/departments/110102-nmm3v7mi2su")["data"]["name"] == OFFICE


FOLLOWED = {
    "by=function": [
        ("increased", "2120101", "2120101", 50000, "code", None),
        ("increased", "2100401", "2101101", 10000, "edition", None),
        ("decreased", "2290303", "2210203", -100000, "edition", None),
        ("added", None, "2100401", 120000, None, "moved"),
    ],
    "by=function&follow=false": [
        ("increased", "2120101", "2120101", 50000, "code", None),
        ("decreased", "2100401", "2100401", -120000, "code", None),
        ("added", None, "2101101", 250000, None, None),
        ("added", None, "2210203", 200000, None, None),
        ("removed", "2290303", None, -300000, None, None),
    ],
    "by=function&level=2": [
        ("increased", "21201", "21201", 50000, "code", None),
        ("decreased", "21004", "21004", -120000, "code", None),
        ("decreased", "22903", "22102", -100000, "edition", None),
        ("added", None, "21011", 250000, None, None),
    ],
    "by=function&level=1": [
        ("increased", "210", "210", 130000, "code", None),
        ("increased", "212", "212", 50000, "code", None),
        ("added", None, "221", 200000, None, None),
        ("removed", "229", None, -300000, None, None),
    ],
    "by=department_economic": [
        ("increased", "30101", "30101", 10000, "code", None),
        ("increased", "30311", "30113", 10000, "edition", None),
        ("added", None, "30311", 20000, None, None),
    ],
}


@pytest.mark.parametrize("query", FOLLOWED)
def test_codes_that_moved_or_mean_another_thing_are_followed(years: Cubes, query: str) -> None:
    assert short(years.api.json(f"{MOVED}&{query}")) == FOLLOWED[query]


def test_one_code_with_two_names_is_one_row_with_both(years: Cubes) -> None:
    row = years.api.json(f"{MOVED}&by=function&level=1")["data"]["increased"][0]
    names = [row[side]["label"]["zh"] for side in ("base", "other")]
    assert names == ["医疗卫生", "卫生健康支出"]
    assert row["label"]["zh"] == names[1]


def test_projects_are_followed_by_their_folded_names(years: Cubes) -> None:
    found = years.api.json(f"{MOVED}&by=project")
    stem = "110102-nmm3v7mi2su-{}-department-approved.projects.{}"
    assert short(found) == [
        ("increased", stem.format(2016, 1), stem.format(2019, 1), 20000, "name", None),
        ("added", None, stem.format(2019, 3), 40000, None, None),
        ("unchanged", stem.format(2016, 2), stem.format(2019, 2), 0, "name", None),
    ]
    row = found["data"]["increased"][0]
    assert row["match"]["evidence"] == "老旧小区改造 = 老旧 小区改造"
    (line,) = years.api.json(row["other"]["href"])["data"]
    assert (line["project"], line["amount"]) == (row["code"], row["other"]["amount"])
    apart = years.api.json(f"{MOVED}&by=project&follow=false")["data"]["counts"]
    assert apart == {"increased": 0, "decreased": 0, "added": 3, "removed": 2, "unchanged": 0}


LAST_YEAR = (
    "/v1/compare?between=fiscal_year&base=2023&other=2024&by=function"
    "&table=general_public_budget_expenditure&jurisdiction=100000"
)


def test_last_years_accounts_in_a_budget_are_compared_on_purpose_only(years: Cubes) -> None:
    """The made ministry prints 2023年执行数 beside 2024年预算数."""
    (mistake,) = years.api.problem(LAST_YEAR, 400)["errors"]
    assert (mistake["parameter"], mistake["allowed"]) == ("phase", ["approved", "executed"])
    found = years.api.json(f"{LAST_YEAR}&phase=approved,executed")
    assert short(found) == [
        ("increased", "2010101", "2010101", 50000, "code", None),
        ("increased", "2080505", "2080505", 10000, "code", None),
    ]
    assert [found["data"][side]["amount"] for side in ("base", "other")] == [890000, 950000]
    codes = [warning["code"] for warning in found["warnings"]]
    assert codes == ["printed_for_comparison", "sides_differ"]
    alone = years.api.json(f"{LAST_YEAR}&phase=approved")
    assert rows(alone) == []
    assert [warning["code"] for warning in alone["warnings"]] == ["no_lines"]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("base=1999&other=2024", "base (fiscal_year=1999)"),
        ("base=2024&other=1999", "other (fiscal_year=1999)"),
    ],
)
def test_a_side_without_lines_is_told_and_nothing_is_compared(
    api: Api, query: str, said: str
) -> None:
    found = api.json(f"/v1/compare?between=fiscal_year&{query}&by=function&table=expenditure")
    assert rows(found) == []
    assert sorted(found["data"][side]["lines"] for side in ("base", "other")) == [0, 31]
    assert (found["data"]["difference"], found["data"]["rate"]) == (None, None)
    detail = (
        f"{said} has no lines for this query: nothing is compared. fiscal_year with lines: 2024."
    )
    assert found["warnings"] == [{"code": "no_lines", "detail": detail}]


def test_what_would_be_mixed_is_asked_back_with_the_choices(made: Cubes) -> None:
    found = mistakes(made.api, f"/v1/compare?{YEARS}&by=function")
    assert found["table"]["allowed"] == [
        "expenditure",
        "fiscal_appropriation",
        "general_public_budget_basic_expenditure",
        "general_public_budget_expenditure",
        "project_expenditure",
        "revenue_and_expenditure",
        "transfer_payments",
    ]
    assert found["scope"]["allowed"] == ["department", "unit"]
    assert found["scope"]["hint"] == "Add scope=department, or another one."
    assert found["phase"]["allowed"] == ["approved", "executed"]
    assert set(found) == {"table", "scope", "phase", "document"}


def test_one_figure_in_two_documents_is_never_taken_twice(made: Cubes) -> None:
    """The executed budget of 2024 prints figures of the approved one, which is there as well."""
    query = MADE.replace("&period=own", "")
    (mistake,) = made.api.problem(f"{query}&by=function", 400)["errors"]
    executed = f"{DEPARTMENT}-2024-department-executed"
    own = [f"{DEPARTMENT}-2023-department-approved", DOCUMENT, executed]
    assert (mistake["parameter"], mistake["allowed"]) == ("document", own)
    assert mistake["hint"].startswith("Add period=own")
    answer = made.api.json(f"{query}&by=function&period=own")
    assert [answer["data"][side]["documents"] for side in ("base", "other")] == [[own[0]], [own[1]]]
    both = (
        f"/v1/compare?between=phase&base=approved&other=executed&document={executed}&by=function"
        "&table=expenditure"
    )
    found = made.api.json(both)
    assert [found["data"][side]["documents"] for side in ("base", "other")] == [[executed]] * 2
    assert [warning["code"] for warning in found["warnings"]] == ["printed_for_comparison"]


def test_scopes_are_compared_across_sides_on_purpose_only(made: Cubes) -> None:
    query = (
        "/v1/compare?between=department&base=310107-nabcdefghij&other=310000-nkkkkkkkkkk"
        "&by=function&table=expenditure&fiscal_year=2024"
    )
    assert set(mistakes(made.api, query)) == {"scope"}
    found = made.api.json(f"{query}&scope=department,unit")
    detail = (
        "The sides differ in more than one way: scope=department in base and scope=unit in other."
    )
    assert found["warnings"] == [{"code": "sides_differ", "detail": detail}]
    within = query.replace("310000-nkkkkkkkkkk", DEPARTMENT)
    assert "scope" in mistakes(
        made.api, f"{within}&scope=department,unit&phase=approved&period=own"
    )


@contextmanager
def changed(cubes: Cubes, folder: Path, statement: str) -> Iterator[Api]:
    """Serve a copy of a database in which lines have been changed."""
    path = folder / "changed.sqlite"
    shutil.copyfile(cubes.path, path)
    with sqlite3.connect(path) as connection:
        assert connection.execute(statement).rowcount > 0
    connection.close()
    engine = open_for_reading(f"sqlite:///{path}")
    yield Api(create_app(engine))
    engine.dispose()


def test_a_code_that_is_printed_with_two_names_is_one_row(made: Cubes, tmp_path: Path) -> None:
    statement = (
        "UPDATE lines SET coded = json_set(coded, '$.function.label', '公共 法务') WHERE id LIKE "
        "'110102-231002-2023-department-approved@a%.expenditure.13.basic'"
    )
    before = made.api.json(f"{MADE}&by=function")["data"]
    with changed(made, tmp_path, statement) as api:
        after = api.json(f"{MADE}&by=function")["data"]
    assert after["counts"] == before["counts"]
    rows = [
        next(row for row in found["increased"] + found["decreased"] if row["code"] == "2040607")
        for found in (before, after)
    ]
    assert [row["base"].pop("label") for row in rows] == [
        {"zh": "公共法律服务", "en": "Public legal services"},
        {"zh": "公共 法务", "en": None},
    ]
    assert rows[0] == rows[1]
    assert rows[0]["base"]["lines"] > 1


def test_the_two_economic_classifications_are_not_comparable(years: Cubes, tmp_path: Path) -> None:
    statement = (
        "UPDATE lines SET government_economic = '50101', department_economic = NULL "
        "WHERE fiscal_year = 2019 AND department_economic IS NOT NULL"
    )
    with changed(years, tmp_path, statement) as api:
        one = mistakes(api, f"{MOVED}&by=department_economic")
        other = mistakes(api, f"{MOVED}&by=government_economic")
    said = "the two economic classifications are not comparable"
    assert one["by"]["detail"] == (
        "the lines of other (fiscal_year=2019) have no department_economic codes, "
        f"but government_economic codes: {said}"
    )
    assert other["by"]["detail"] == (
        "the lines of base (fiscal_year=2016) have no government_economic codes, "
        f"but department_economic codes: {said}"
    )
    assert one["by"]["allowed"] == other["by"]["allowed"] == []
    hint = "Both sides have nothing to compare these lines by: take another table=."
    assert one["by"]["hint"] == other["by"]["hint"] == hint


def test_what_lines_do_not_have_cannot_be_compared_by(api: Api, years: Cubes) -> None:
    found = mistakes(years.api, f"{MOVED}&table=expenditure&by=project")
    assert found["by"]["detail"].endswith("(fiscal_year=2019) have no projects, but function codes")
    assert found["by"]["allowed"] == ["function"]


@pytest.mark.parametrize(
    ("query", "parameter", "detail", "allowed"),
    [
        ("", "between", "is required", BETWEEN),
        ("", "base", "is required", None),
        ("", "by", "is required", AXES),
        ("between=year", "between", "'year' is not allowed", BETWEEN),
        ("between=fiscal_year&base=99", "base", "'99' is not a whole number", None),
        (
            "between=phase&base=x",
            "base",
            "'x' is not allowed",
            ["approved", "adjusted", "executed"],
        ),
        ("between=scope&other=x", "other", "'x' is not allowed", ["department", "unit"]),
        ("between=department&base=x", "base", "'x' is not the id of a department", None),
        ("base=2024", "other", "is the same fiscal_year as base", None),
        ("fiscal_year=2024", "fiscal_year", "fiscal_year is what is compared", None),
        ("fiscal_year__gte=2024", "fiscal_year__gte", "fiscal_year is what is compared", None),
        ("level=0", "level", "'0' is not a whole number from 1 to 3", None),
        ("by=department_economic&level=3", "level", "department_economic has no level 3", [1, 2]),
        ("by=project&level=1", "level", "project has no level 1", []),
        ("by=cofog", "by", "'cofog' is not allowed", AXES),
        ("follow=no", "follow", "'no' is not allowed", ["true", "false"]),
        ("role=leaf", "role", "unknown parameter", PARAMETERS),
    ],
)
def test_mistakes_are_named(
    api: Api, query: str, parameter: str, detail: str, allowed: list[Any] | None
) -> None:
    whole = {"between": "fiscal_year", "base": "2023", "other": "2024", "by": "function"}
    sent = whole | dict(part.split("=") for part in query.split("&")) if query else {}
    found = mistakes(api, f"/v1/compare?{urlencode(sent)}")[parameter]
    assert found["detail"].startswith(detail)
    assert found["allowed"] == (None if allowed is None else list(allowed))


@pytest.mark.parametrize(
    ("query", "parameter", "hint"),
    [
        ("", "between", "Add it, such as between=department."),
        ("?between=fiscal_year&base=2023&other=2024&by=project&level=1", "level", "Leave it out."),
        ("?between=department&other=x", "base", "Add it, such as base=110102-231002."),
        (
            "?between=department&base=商务&other=110102-231002&by=function",
            "base",
            "Look the id up with /v1/departments?q=商务.",
        ),
    ],
)
def test_mistakes_say_how_to_mend_them(api: Api, query: str, parameter: str, hint: str) -> None:
    assert mistakes(api, f"/v1/compare{query}")[parameter]["hint"] == hint


def test_a_comparison_links_to_its_other_formats(years: Cubes) -> None:
    query = f"{MOVED}&by=function"
    links = years.api.json(query)["links"]
    assert sorted(links) == ["csv", "json-stat", "ndjson", "self", "xlsx"]
    assert years.api.json(links["json-stat"])["class"] == "dataset"


def test_where_nothing_has_lines_the_warning_says_so(api: Api) -> None:
    query = "between=fiscal_year&base=2023&other=2024&by=function&department=110102-999999"
    said = [own["detail"] for own in api.json(f"/v1/compare?{query}")["warnings"]]
    assert said == [
        f"{side} has no lines for this query: nothing is compared. No fiscal_year has lines for it."
        for side in ("base (fiscal_year=2023)", "other (fiscal_year=2024)")
    ]


def test_every_format_holds_the_same_rows(years: Cubes) -> None:
    query = f"{MOVED}&by=function".partition("?")[2]
    whole = years.api.json(f"/v1/compare?{query}")
    answer = years.api.call(f"/v1/compare.ndjson?{query}")
    assert (answer.mimetype, answer.headers["X-Total-Count"]) == (NDJSON, "4")
    lines = [json.loads(line, parse_float=Decimal) for line in answer.text.splitlines()]
    assert lines == rows(whole)
    answer = years.api.call(f"/v1/compare?{query}&format=csv")
    assert answer.text == years.api.call(whole["links"]["csv"]).text
    assert answer.headers["Content-Disposition"] == 'attachment; filename="compare.csv"'
    text = answer.text.removeprefix(BYTE_ORDER_MARK)
    found = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [(row["change"], row["base_code"], row["rate"]) for row in found] == [
        ("increased", "2120101", "0.100000"),
        ("increased", "2100401", "0.041667"),
        ("decreased", "2290303", "-0.333333"),
        ("added", "", ""),
    ]
    by_accept = years.api.call(f"/v1/compare?{query}", headers={"Accept": CSV})
    assert by_accept.text == answer.text
    book = years.api.call(f"/v1/compare.xlsx?{query}")
    assert book.mimetype == XLSX
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(book.data)).get_sheet_by_index(0)
    titles, *cells = sheet.to_python(skip_empty_area=False)
    assert [title.split("\n")[0] for title in titles] == list(found[0])
    assert all("\n" in title for title in titles)
    assert [row[0] for row in cells] == [row["change"] for row in found]
    assert [row[1] for row in cells] == [row["code"] for row in found]


def test_money_and_rates_are_written_digit_by_digit(years: Cubes) -> None:
    text = years.api.call(f"{MOVED}&by=function").text
    assert '"difference":-100000.00,"rate":-0.333333' in text
    assert '"amount":300000.00' in text


def test_more_rows_than_an_answer_holds_are_refused(
    years: Cubes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sides, "MAX_ENTRIES", 2)
    found = mistakes(years.api, f"{MOVED}&by=function&level=1&period=own")["by"]
    assert found["detail"] == "base (fiscal_year=2016) has more than 2 rows"


@pytest.mark.parametrize("query", ["by=function", "by=function&level=2", "by=government_economic"])
def test_few_statements_however_many_lines(made: Cubes, query: str) -> None:
    statements = asked(made, f"{MADE}&{query}")
    assert len([own for own, _ in statements if " lines" in own]) == 6
    assert len(statements) <= 10, statements


@pytest.mark.parametrize("query", ["by=function", "by=department_economic&level=1"])
def test_every_statement_over_lines_is_served_by_an_index(made: Cubes, query: str) -> None:
    for statement, values in asked(made, f"{MADE}&follow=false&{query}"):
        if "FROM lines" in statement:
            plan = [str(row[-1]) for row in made.sql(f"EXPLAIN QUERY PLAN {statement}", values)]
            steps = [step for step in plan if "lines" in step]
            assert [step.startswith("SEARCH lines USING INDEX") for step in steps] == [True], plan


def asked(cubes: Cubes, path: str) -> list[tuple[str, Any]]:
    service: Service = cubes.api.app.extensions["openbudget"]
    engine, service.answers = service.engine, AnswerCache()
    seen: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        seen.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    response = cubes.api.call(path)
    event.remove(engine, "before_cursor_execute", note)
    assert response.status_code == 200, response.text
    return seen


def test_both_engines_give_the_same_answers(
    years: Cubes, other_url: str, seed: Seed, tmp_path: Path
) -> None:
    engine = open_for_writing(other_url)
    store_seed(engine, seed.lists, seed.divisions, seed.digest, lambda: LOADED_AT)
    engine.dispose()
    load_years(other_url, tmp_path, seed)
    engine = open_for_reading(other_url)
    other = Api(create_app(engine))
    for query in (*FOLLOWED, "by=project", "by=item"):
        path = f"{MOVED}&{query}"
        answers = [parse(api.call(path)) for api in (years.api, other)]
        assert answers[0].get("data") == answers[1].get("data"), path
        assert answers[0].get("errors") == answers[1].get("errors"), path
    engine.dispose()


def test_period_filters_lines_and_trees(made: Cubes) -> None:
    """What documents print for comparison can be left out of lists, and looked for."""
    path = f"/v1/lines?document={DEPARTMENT}-2024-department-executed&page_size=1000"
    whole = made.api.json(path)["meta"]["total"]
    parts = {p: made.api.json(f"{path}&period={p}") for p in ("own", "comparison")}
    assert sum(part["meta"]["total"] for part in parts.values()) == whole
    assert {line["phase"] for line in parts["own"]["data"]} == {"executed"}
    assert {line["phase"] for line in parts["comparison"]["data"]} == {"approved"}
    tree = f"/v1/classifications/functional/2024/tree?department={DEPARTMENT}&table=expenditure"
    query = "&scope=department&fiscal_year=2024&phase=approved"
    assert made.api.json(f"{tree}{query}&period=own")["data"]["value"] == Decimal("10097543.96")
