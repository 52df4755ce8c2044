"""One query over everything, on the first document."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openbudget.api.common import DEPARTMENT, DOCUMENT
from openbudget.api.resources.search import MAX_LENGTH
from openbudget.storage.rows.search import EntryKind
from openbudget.storage.search import FACETS, MatchKind
from tests.api.client import Api

NOTHING: list[Any] = []


def search(api: Api, q: str, **more: Any) -> Any:
    return api.json(f"/v1/search?{urlencode({'q': q, **more})}")


def everything(api: Api, q: str, **more: Any) -> list[Any]:
    found = search(api, q, **{"page_size": 1000, **more})
    assert found["meta"]["total"] == len(found["data"])
    return list(found["data"])


def marked(hit: Any) -> str:
    return "".join(f"[{p['text']}]" if p["match"] else p["text"] for p in hit["excerpt"]["parts"])


def test_a_word_of_two_characters_is_found_everywhere(api: Api) -> None:
    hits = everything(api, "法律")
    assert {hit["kind"] for hit in hits} == {
        *("department", "project", "code", "document", "performance_target", "section"),
        *("claim", "finding", "indicator", "line"),
    }
    assert all("[法律]" in marked(hit) or "[法 律]" in marked(hit) for hit in hits)


def test_the_best_match_comes_first(api: Api) -> None:
    hits = everything(api, "西城区法律援助补贴经费")
    assert hits[0] == {
        "id": f"{DOCUMENT}.projects.2",
        "kind": "project",
        "title": "西城区法律援助补贴经费",
        "match": "exact",
        "excerpt": {
            "text": "西城区法律援助补贴经费",
            "parts": [{"text": "西城区法律援助补贴经费", "match": True}],
            "cut_start": False,
            "cut_end": False,
        },
        "jurisdiction": "110102",
        "department": DEPARTMENT,
        "document": DOCUMENT,
        "fiscal_year": 2024,
        "scope": "department",
        "phase": "approved",
        "href": f"/v1/projects/{DOCUMENT}.projects.2",
    }
    ranks = [list(MatchKind).index(hit["match"]) for hit in hits]
    assert ranks == sorted(ranks)


def test_one_of_each_kind_is_led_to(api: Api) -> None:
    words = ("法律", "预算 表", "经费", "转移支付", "专项资金", "追加", "京财")
    hits = [hit for word in words for hit in everything(api, word)]
    seen = {hit["kind"]: hit for hit in hits}
    assert set(seen) == {kind.value for kind in EntryKind}
    for kind, hit in seen.items():
        found = api.json(hit["href"])["data"]
        if kind == "code":
            assert f"{found['scheme']}/{found['edition']}/{found['code']}" == hit["id"]
        elif kind == "claim":
            assert hit["id"] in [claim["id"] for claim in found]
        elif kind == "section":
            assert hit["id"] in [section["id"] for section in found["sections"]]
        else:
            assert found["id"] == hit["id"]


@pytest.mark.parametrize(
    ("query", "same"),
    [
        ("西城區法律援助", "西城区法律援助"),
        ("２０４０６０７", "2040607"),
        ("收    入", "收入"),
        ("“法律援助”", "法律援助"),
        ("《法律援助》", "法律援助"),
        ("BUDGET", "budget"),
        ("⼀般公共預算", "一般公共预算"),
        ("785,876", "785，876"),
    ],
)
def test_forms_fold_together(api: Api, query: str, same: str) -> None:
    hits = everything(api, query)
    assert hits == everything(api, same)
    assert len(hits) > 0


def test_all_words_must_be_there_and_neighbours_are_in_a_row(api: Api) -> None:
    both = {hit["id"] for hit in everything(api, "援助 补贴")}
    each = [{hit["id"] for hit in everything(api, word)} for word in ("援助", "补贴")]
    assert both == each[0] & each[1]
    assert everything(api, "援助律法") == NOTHING
    # Every two neighbours are in the index, but not in a row.
    assert everything(api, "法律法律援助") == NOTHING


def test_one_character_is_looked_for_in_names_and_codes_only(api: Api) -> None:
    hits = everything(api, "律")
    assert {hit["kind"] for hit in hits} == {
        *("department", "document", "project", "performance_target", "code")
    }
    assert {hit["match"] for hit in hits} <= {"exact", "beginning", "name"}


def test_a_code_is_found_before_the_lines_that_print_it(api: Api) -> None:
    hits = everything(api, "2040607", order="kind")
    assert {hit["kind"] for hit in hits} == {"code", "finding", "line"}
    best = search(api, "2040607")["data"][:2]
    assert [(hit["id"], hit["match"]) for hit in best] == [
        ("functional/2009/2040607", "exact"),
        ("functional/2024/2040607", "exact"),
    ]


def test_facets_add_up(api: Api) -> None:
    found = search(api, "法律")
    assert list(found["meta"]["facets"]) == list(FACETS)
    for name, facet in found["meta"]["facets"].items():
        counts = [value["count"] for value in facet["values"]]
        assert counts == sorted(counts, reverse=True), name
        assert sum(counts) + facet["other"] == found["meta"]["total"], name
        for value in facet["values"]:
            if value["value"] is not None:
                narrowed = search(api, "法律", **{name: value["value"]})
                assert narrowed["meta"]["total"] == value["count"]
                assert {hit[name] for hit in narrowed["data"]} == {value["value"]}


def test_pages_hold_each_hit_once_in_one_order(api: Api) -> None:
    whole = [hit["id"] for hit in everything(api, "法律")]
    paged: list[str] = []
    path = f"/v1/search?{urlencode({'q': '法律', 'page_size': 7})}"
    while path:
        page = api.json(path)
        paged += [hit["id"] for hit in page["data"]]
        path = page["links"]["next"]
    assert paged == whole
    assert len(set(whole)) == len(whole)


def test_a_cursor_belongs_to_its_query(api: Api) -> None:
    cursor = search(api, "法律 援助", page_size=3)["links"]["next"].partition("cursor=")[2]
    path = f"/v1/search?q={quote('援助 法律')}&page_size=3&cursor={cursor}"
    problem = api.problem(path, 400)
    assert problem["errors"][0]["parameter"] == "cursor"


def test_exports_hold_every_hit(api: Api) -> None:
    query = urlencode({"q": "法律"})
    lines = api.call(f"/v1/search.ndjson?{query}").text.splitlines()
    rows = api.call(f"/v1/search.csv?{query}&fields=id,match,href").text.splitlines()
    total = len(everything(api, "法律"))
    assert (len(lines), len(rows)) == (total, total + 1)


@pytest.mark.parametrize("query", ["", " ", "*", '"', "、。", "-", "法" * (MAX_LENGTH + 1), "\0"])
def test_a_query_without_anything_to_look_for_is_refused(api: Api, query: str) -> None:
    problem = api.problem(f"/v1/search?q={quote(query)}", 400)
    assert problem["errors"][0]["parameter"] == "q"


def test_a_query_is_needed(api: Api) -> None:
    assert api.problem("/v1/search", 400)["errors"][0]["parameter"] == "q"


@pytest.mark.parametrize(
    "query",
    [
        *('法律" OR "预算', "terms:法律", "法律 NOT 援助", "NEAR(法律 援助)", "法律*", "^法律"),
        *("法律'); DROP TABLE search_entries; --", "法律 & !援助", "法律:*", "法律 <-> 援助"),
        *(
            "%法律",
            "法律_援助",
            "法律\\",
            "x6cd5x5f8b",
            "{terms}",
            "法律 | 援助",
            "<mark>法律</mark>",
        ),
    ],
)
def test_signs_and_syntax_are_only_text(api: Api, query: str) -> None:
    words = "".join(c if c.isalnum() else " " for c in query)
    plain = everything(api, words)
    assert {hit["id"] for hit in everything(api, query)} == {hit["id"] for hit in plain}


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.text(alphabet=st.characters(), max_size=MAX_LENGTH))
def test_any_query_is_answered(api: Api, query: str) -> None:
    response = api.call("/v1/search?" + urlencode({"q": query}, errors="replace"))
    assert response.status_code in (200, 400)


def test_a_query_of_many_words_is_answered(api: Api) -> None:
    for begin in ("a", "法"):
        words = " ".join(chr(ord(begin) + n) for n in range(20)) + " 法律" * 50
        assert search(api, words[:MAX_LENGTH])["meta"]["total"] == 0
    many = " ".join(f"{n:02}" for n in range(66))
    assert search(api, many)["meta"]["total"] == 0


@pytest.mark.parametrize(
    "unit", ["法律", "a ", "法 ", "法1", "%_", "预算", "“", "\U0002a6d6", "é ", "budget "]
)
def test_the_longest_query_is_answered(api: Api, unit: str) -> None:
    query = (unit * MAX_LENGTH)[:MAX_LENGTH]
    response = api.call("/v1/search?" + urlencode({"q": query}))
    assert response.status_code in (200, 400)


def test_answers_are_marked_by_data_version(app: Flask) -> None:
    client = app.test_client()
    path = f"/v1/search?q={quote('法律')}"
    response = client.get(path)
    again = client.get(path, headers={"If-None-Match": response.headers["ETag"]})
    assert (response.status_code, again.status_code) == (200, 304)


def test_markup_in_a_text_stays_text(api: Api) -> None:
    """Parts are plain JSON texts: nothing wraps a match, and what is printed is not escaped."""
    (hit,) = everything(api, "法律援助中心", kind="department")
    assert hit["excerpt"]["text"] == "北京市西城区法律援助中心"
    assert "<" not in str(hit)
