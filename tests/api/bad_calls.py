"""Calls that cannot be answered: at least one for every text that an error may have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from openbudget.api.common import DEPARTMENT, DOCUMENT

NO_VERSION = "0" * 16
OFFICE = "110102-nmm3v7mi2su"
MOVED = f"/v1/compare?between=fiscal_year&base=2016&other=2019&department={OFFICE}"
SIDES = "/v1/compare?between=fiscal_year&base=2023&other=2024&by=function"
AGGREGATE = "/v1/cubes/expenditure/aggregate"
TREE = "/v1/classifications/functional/2024/tree"
CUT = f"period:own|scope:department|phase:approved|fiscal_year:2024|department:{DEPARTMENT}"


@dataclass(frozen=True)
class BadCall:
    """A call of a server (see `test_problem_texts`), and which limits are lower than usual."""

    path: str
    status: int = 400
    server: str = "many"
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    limits: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        known = "" if self.server == "many" else f" ({self.server})"
        limits = "".join(f" {name.rpartition('.')[2]}={n}" for name, n in self.limits.items())
        sent = "".join(f" {name}: {value}" for name, value in self.headers.items())
        return f"{self.method} {self.path}{known}{sent}{limits}"


PARAMETERS = (
    "/v1/lines?functon=204",
    "/v1/lines?xyz=1",
    "/v1/lines?lang=zh-TW",
    "/v1/lines?phase=final",
    "/v1/lines?page_size=0&role=x&nope=1",
    "/v1/lines?page_size=5&page_size=6",
    "/v1/lines?page_size=",
    "/v1/departments?q=%00",
    "/v1/lines?function=" + ",".join(["204"] * 201),
    "/v1/lines?amount__gte=1e6",
    "/v1/lines?amount=1,000,000",
    "/v1/lines?amount=99999999999999999999",
    "/v1/lines?function=abc",
    "/v1/lines?jurisdiction=1101",
    "/v1/lines?order=-",
    "/v1/lines?order=size",
    "/v1/lines?cursor=xyz",
    "/v1/lines?cursor=WyJ4IixmYWxzZSxbXV0",
    "/v1/lines?table_id=expenditure",
    "/v1/lines?document=expenditure",
    "/v1/lines?project=1",
    "/v1/indicators?performance_target=1",
    "/v1/findings?item=1",
    "/v1/findings?rule=nothing",
    "/v1/findings?rule=R-T01-F0",
    "/v1/findings?rule=columntotal",
    "/v1/findings?format=frictionless-report&fields=id",
    "/v1/changes?loaded_at__gte=yesterday",
    "/v1/search?q=%2C",
    "/v1/search?department=1",
    "/v1/crosswalk-mappings?target_code=01.1.2",
    "/v1/lines.csv?page_size=5&cursor=x",
    "/v1/lines.csv?include=findings",
    "/v1/lines?include=findings&page_size=101",
    "/v1/lines.csv?format=ndjson",
    f"/v1/lines/{DOCUMENT}.expenditure.29.project/citation?accessed=20240630",
)
CUBES = (
    AGGREGATE + "?fiscal_year=2024",
    AGGREGATE + "?drildown=scope",
    AGGREGATE + "?cut=scope:unit&cut=fiscal_year:2024",
    AGGREGATE + "?page=1&page=2",
    AGGREGATE + "?sum_across=scope,phase",
    AGGREGATE + "?sum_across=nothing",
    AGGREGATE + "?drilldown=nothing",
    AGGREGATE + "?order=nothing",
    AGGREGATE + "?order=amount.sum:up",
    AGGREGATE + "?cut=scope",
    AGGREGATE + "?cut=scope=unit",
    AGGREGATE + "?cut=nothing:1",
    AGGREGATE + "?cut=scope:%22unit",
    AGGREGATE + "?cut=scope:%22unit%22x",
    AGGREGATE + "?cut=scope:office",
    AGGREGATE + "?cut=fiscal_year:24",
    AGGREGATE + "?cut=fiscal_year:2023,2024",
    AGGREGATE + f"?cut=document:{DOCUMENT}@aaaaaaaaaaaa",
    AGGREGATE + "?cut=jurisdiction:" + ";".join(map(str, range(201))),
    AGGREGATE,
    "/v1/cubes/revenue_and_expenditure/aggregate",
    "/v1/cubes/three_public_expenses/aggregate",
    "/v1/cubes/expenditure/tree?drilldown=function",
    "/v1/cubes/expenditure/tree",
    "/v1/cubes/expenditure/tree?drilldown=function|function_1",
    AGGREGATE + f".csv?cut={CUT}&page=1",
    AGGREGATE + f".json-stat?cut={CUT}&drilldown=function.label",
)
COMPARISONS = (
    "/v1/compare",
    "/v1/compare?between=fiscal_year&base=2024&other=2024&by=function",
    "/v1/compare?between=department&base=商务&other=110102-231002&by=function",
    "/v1/compare?between=fiscal_year&base=99&other=2024&by=function",
    SIDES + "&fiscal_year=2024",
    SIDES + "&level=0",
    "/v1/compare?between=fiscal_year&base=2023&other=2024&by=project&level=1",
    "/v1/compare?between=fiscal_year&base=2023&other=2024&by=department_economic&level=3",
    SIDES,
    SIDES + "&table=expenditure",
    "/v1/compare?between=scope&base=department&other=unit&by=function&table=expenditure",
    "/v1/compare?between=phase&base=approved&other=executed&by=function&table=expenditure",
    f"{MOVED}&table=expenditure&by=project",
    f"{MOVED}&table=expenditure&by=item",
    f"{MOVED}&table=expenditure&by=revenue",
    "/v1/compare?between=fiscal_year&base=2021&other=2024&by=function&table=expenditure",
    "/v1/compare?between=fiscal_year&base=2021&other=2022&by=function&table=expenditure",
    "/v1/compare?between=fiscal_year&base=2021&other=2022&by=project",
    "/v1/compare?between=fiscal_year&base=2021&other=2022&by=function",
)
TREES = (
    TREE + "?table=expenditure",
    TREE + "?department=110102-231002",
    "/v1/classifications/functional/2009/tree?document=" + DOCUMENT + "&table=expenditure",
    TREE + "?table=expenditure&fiscal_year=2021",
    TREE + "?table=three_public_expenses&fiscal_year=2021&department__not=110102-231002",
    TREE + "?table=three_public_expenses&department__not=110102-231002",
    TREE + "?depth=0&root=A",
)
SDMX = (
    "/sdmx/data/expenditure/A.110102",
    "/sdmx/data/expenditure/M..........",
    "/sdmx/data/expenditure/_T..........",
    "/sdmx/data/expenditure/A......_T+204....",
    "/sdmx/data/expenditure/A." + "+".join(map(str, range(201))) + ".........",
    "/sdmx/data/expenditure?detail=all",
    "/sdmx/data/expenditure?dimensionAtObservation=ITEM",
    "/sdmx/data/expenditure?dimensionAtObservation=1",
    "/sdmx/data/expenditure?dimensionAtObservation=AllDimensions&detail=nodata",
    "/sdmx/data/expenditure?startPeriod=2024-Q1",
    "/sdmx/data/expenditure/A..._T.._T._T._T._T._T._T",
)
MISSING = (
    "/nothing",
    "/v1/nothing?lang=fr",
    "/v1/lines.ods",
    "/v1/lines/none",
    "/v1/lines/none/citation",
    "/v1/tables/none",
    "/v1/projects/none",
    "/v1/transfers/none",
    "/v1/performance-targets/none",
    "/v1/indicators/none",
    "/v1/findings/none",
    "/v1/rules/none",
    "/v1/crosswalks/none",
    "/v1/crosswalk-mappings/none",
    "/v1/documents/none",
    "/v1/documents/none/source",
    "/v1/documents/none/sections",
    "/v1/documents/none/claims",
    "/v1/departments/none",
    "/v1/departments/none/budgets/2024",
    f"/v1/departments/{DEPARTMENT}/budgets/1999",
    "/v1/jurisdictions/999999",
    "/v1/classifications/none",
    "/v1/classifications/functional/1999",
    "/v1/classifications/functional/2024/codes/999",
    TREE + "?root=999",
    "/v1/cubes/cofog/model",
    "/v1/cubes/expenditure/nothing",
    "/sdmx/data/nothing",
    "/sdmx/data/expenditure?startPeriod=2090",
    "/sdmx/dataflow/OPENBUDGET/none/latest",
    "/schemas/v1/none.schema.json",
    f"/data/{NO_VERSION}/lines.csv",
    "/data/none.csv",
)
BAD_CALLS = (
    *map(BadCall, (*PARAMETERS, *CUBES, *COMPARISONS, *TREES, *SDMX)),
    *(BadCall(path, 404) for path in MISSING),
    BadCall("/v1/lines", 405, method="POST"),
    BadCall("/v1/cubes", 405, method="DELETE"),
    BadCall("/v1/lines", 406, headers={"Accept": "image/png"}),
    BadCall("/data/current/lines.csv", 416, headers={"Range": "bytes=999999999-"}),
    BadCall("/data/", 404, "without bulk files"),
    BadCall("/data/lines.csv", 404, "before the first export"),
    *(
        BadCall(path, server="with other items and codes")
        for path in (
            f"{MOVED}&by=department_economic",
            f"{MOVED}&by=government_economic",
            "/v1/cubes/three_public_expenses/aggregate?cut=fiscal_year:2024",
            SIDES + "&table=three_public_expenses",
            TREE + "?table=three_public_expenses&fiscal_year=2024",
        )
    ),
    BadCall("/v1", 503, "empty"),
    BadCall("/readyz", 503, "empty"),
    BadCall("/readyz", 503, "without a version"),
    BadCall("/v1/cubes", 503, "without a database"),
    BadCall("/readyz", 500, "broken"),
    BadCall(f"/v1/documents/{DOCUMENT}/source", 404, "without published bytes"),
    BadCall(AGGREGATE, 400, "with amounts too large"),
    BadCall("/v1/lines.xlsx", limits={"openbudget.api.list_query.MAX_RECORDS": 9}),
    BadCall(
        "/v1/findings?format=frictionless-report",
        limits={"openbudget.api.resources.frictionless.MOST_FINDINGS": 9},
    ),
    *(
        BadCall(
            f"{AGGREGATE}.json-stat?drilldown=function&cut={CUT}",
            limits={"openbudget.api.resources.cubes.formats.MOST_POSITIONS": most},
        )
        for most in (3, 9)
    ),
    BadCall(
        f"/v1/cubes/expenditure/tree?drilldown=function&cut={CUT}",
        limits={"openbudget.cubes.trees.MAX_NODES": 9},
    ),
    BadCall(f"{MOVED}&by=function&period=own", limits={"openbudget.cubes.sides.MAX_ENTRIES": 2}),
)
