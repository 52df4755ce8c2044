"""Texts of problems in both languages: every one, whole, and in the language that is asked for."""

from __future__ import annotations

import ast
import copy
import pickle
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from string import Formatter
from typing import Any
from urllib.parse import quote

import pytest
import yaml

from openbudget.api import languages
from openbudget.api.languages import LANGUAGES, Catalogue, catalogue
from openbudget.api.openapi import openapi_document
from openbudget.loading.seed import Seed
from openbudget.texts import Text
from tests.api.bad_calls import BAD_CALLS, BadCall
from tests.api.bad_servers import bad_servers
from tests.api.client import Api, parse
from tests.conftest import GOLDEN, ROOT

TEXTS = GOLDEN / "problems.yaml"
CHINESE_CHARACTER = re.compile(r"[\u4e00-\u9fff]")
REQUEST_ID = re.compile(r"\b[0-9a-f]{16}(?=[.。]$)")
NEVER_TOLD = {"change", "claim", "hit"}
"""What lists hold whose records have no address of their own."""


class Recorder(dict[str, str]):
    """A catalogue that knows what was looked up in it."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        super().__init__(texts)
        self.asked: set[str] = set()

    def get(self, template: str, default: Any = None) -> Any:
        self.asked.add(template)
        return super().get(template, default)


@pytest.fixture(scope="module")
def servers(
    database_url: str, exported: Path, tmp_path_factory: pytest.TempPathFactory, seed: Seed
) -> Iterator[Mapping[str, Api]]:
    seeded = Path(database_url.removeprefix("sqlite:///"))
    with bad_servers(seeded, exported.parent, tmp_path_factory.mktemp("bad"), seed) as found:
        yield found


def texts(api: Api, bad: BadCall, language: str) -> dict[str, Any]:
    """Give what a problem says, without what the client sent and what is allowed instead."""
    headers = {**bad.headers, "Accept-Language": language}
    response = api.call(bad.path, bad.method, headers=headers, follow_redirects=True)
    assert response.status_code == bad.status, (str(bad), response.text)
    assert response.headers["Content-Language"] == language
    body = parse(response)
    told = body["context"]["problem"] if "context" in body else body
    found = {
        "title": told["title"],
        "detail": REQUEST_ID.sub("…", told["detail"]),
        "errors": [
            {name: own[name] for name in ("parameter", "detail", "hint") if own[name]}
            for own in told["errors"]
        ],
    }
    return found | ({"message": body["message"]} if "message" in body else {})


@pytest.fixture(scope="module")
def told(servers: Mapping[str, Api]) -> tuple[dict[str, Any], set[str]]:
    """Make every bad call in both languages; gives what was told, and by which templates."""
    found = {}
    recorder = Recorder(catalogue().texts)
    with pytest.MonkeyPatch.context() as always:
        always.setattr(languages, "catalogue", lambda: Catalogue(catalogue().statuses, recorder))
        for bad in BAD_CALLS:
            with pytest.MonkeyPatch.context() as patch:
                for name, value in bad.limits.items():
                    patch.setattr(name, value)
                own = {name: texts(servers[bad.server], bad, name) for name in LANGUAGES}
            found[str(bad)] = own
    return found, recorder.asked


def strings_of(problem: Any) -> Iterator[str]:
    """Give every text of a problem, but not the names of parameters."""
    for name, value in problem.items():
        if name == "errors":
            for own in value:
                yield from strings_of(own)
        elif name not in ("parameter", "allowed", "type", "instance", "status") and value:
            yield value


def test_every_bad_call_is_answered_with_the_same_texts(
    told: tuple[dict[str, Any], set[str]], pytestconfig: pytest.Config
) -> None:
    assert len(told[0]) == len(BAD_CALLS)
    if pytestconfig.getoption("update_golden"):
        written = yaml.safe_dump(told[0], allow_unicode=True, sort_keys=False, width=120)
        TEXTS.write_text(written, encoding="utf-8")
    assert told[0] == yaml.safe_load(TEXTS.read_text(encoding="utf-8"))


def test_no_text_stays_english(told: tuple[dict[str, Any], set[str]]) -> None:
    english = [
        (bad, said)
        for bad, own in told[0].items()
        for said in strings_of(own["zh"])
        if not CHINESE_CHARACTER.search(said)
    ]
    assert english == []


def test_the_bad_calls_know_every_text(told: tuple[dict[str, Any], set[str]]) -> None:
    assert set(templates()) - told[1] == NEVER_TOLD


def test_every_template_has_a_chinese_one_with_the_same_fields() -> None:
    known = catalogue().texts
    assert set(templates()) == set(known)
    for template, fields in templates().items():
        assert fields_of(template) == fields_of(known[template]) == fields, template
        puts_together = len(fields) > 1 or "detail" in fields or template in (", ", " ")
        assert CHINESE_CHARACTER.search(known[template]) or puts_together


def fields_of(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}


def test_every_status_has_a_chinese_title() -> None:
    described = openapi_document()["components"]["responses"]
    wanted = {int(name.removeprefix("Problem")) for name in described if name.startswith("Problem")}
    assert wanted | {405, 500} <= set(catalogue().statuses)


def templates() -> dict[str, set[str]]:
    """Find every template in the package, with the names of what fills it."""
    found: dict[str, set[str]] = {}
    for path in sorted((ROOT / "openbudget").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for scope in (tree, *(own for own in ast.walk(tree) if isinstance(own, ast.FunctionDef))):
            for call in _made_in(scope):
                template = _template(call, scope, path)
                found.setdefault(template, {str(own.arg) for own in call.keywords})
    return found


def _made_in(scope: ast.AST) -> Iterator[ast.Call]:
    """Give the calls that make a text in a scope, without those in functions inside it."""
    for child in ast.iter_child_nodes(scope):
        if isinstance(child, ast.Call) and getattr(child.func, "id", None) == "Text":
            yield child
        if not isinstance(child, ast.FunctionDef):
            yield from _made_in(child)


def _template(call: ast.Call, scope: ast.AST, path: Path) -> str:
    """Give a template that stands in the call, or in a name that was given it before."""
    (own,) = call.args
    if isinstance(own, ast.Name):
        given = [
            assign.value
            for assign in ast.walk(scope)
            if isinstance(assign, ast.Assign)
            and assign.lineno < call.lineno
            and [getattr(target, "id", None) for target in assign.targets] == [own.id]
        ]
        own = given[-1]
    assert isinstance(own, ast.Constant), f"{path.name}:{call.lineno}: no template"
    return str(own.value)


def test_what_is_wrong_with_a_parameter_can_be_told_in_both_languages() -> None:
    """A plain `ValidationError` holds a text that has no template."""
    made = [
        f"{path.name}:{call.lineno}"
        for path in sorted((ROOT / "openbudget/api").rglob("*.py"))
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and getattr(call.func, "id", None) == "ValidationError"
    ]
    assert made == []


OPERATIONS = [
    (path, item["get"]["parameters"])
    for path, item in openapi_document()["paths"].items()
    if item["get"]["parameters"]
]


@pytest.mark.parametrize(("path", "parameters"), OPERATIONS, ids=[path for path, _ in OPERATIONS])
def test_every_operation_is_refused_in_chinese(
    api: Api, path: str, parameters: list[dict[str, Any]]
) -> None:
    """Every parameter twice, as what it is not, and one that nothing takes."""
    for own in parameters:
        path = path.replace(f"{{{own['name']}}}", str(own["example"]))
    sent = [f"{own['name']}={quote('{x}')}" for own in parameters if own["in"] == "query"]
    query = "&".join([*sent, *sent, "%7Bnone%7D=%00"])
    response = api.call(f"{path}?{query}", headers={"Accept-Language": "zh-CN"})
    assert response.status_code in (400, 404)
    body = parse(response)
    problem = body["context"]["problem"] if "context" in body else body
    assert [said for said in strings_of(problem) if not CHINESE_CHARACTER.search(said)] == []


@pytest.mark.parametrize(
    ("query", "accepted", "language"),
    [
        ("", None, "en"),
        ("?lang=zh", None, "zh"),
        ("?lang=zh", "en", "zh"),
        ("?lang=en", "zh-CN", "en"),
        ("?lang=zh&lang=en", None, "zh"),
        ("?lang=fr", "zh-CN", "zh"),
        ("?lang=fr", None, "en"),
        ("?lang=", "zh", "zh"),
        ("", "zh", "zh"),
        ("", "zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("", "zh-Hant-TW", "zh"),
        ("", "ZH-cn", "zh"),
        ("", "en-US,en;q=0.9,zh;q=0.8", "en"),
        ("", "en;q=0.2, zh;q=0.7", "zh"),
        ("", "fr-FR, de;q=0.9, zh;q=0.1", "zh"),
        ("", "fr", "en"),
        ("", "*", "en"),
        ("", "zh;q=0", "en"),
        ("", "en;q=0, zh;q=0.1", "zh"),
        ("", ";;q=,", "en"),
    ],
)
@pytest.mark.parametrize("path", ["/v1/nothing", "/v1/cubes/nothing/model"])
def test_the_language_that_is_asked_for(
    api: Api, path: str, query: str, accepted: str | None, language: str
) -> None:
    headers = {"Accept-Language": accepted} if accepted else {}
    response = api.call(path + query, headers=headers)
    assert response.headers["Content-Language"] == language
    assert "Accept-Language" in response.headers["Vary"]
    body = parse(response)
    title = body["context"]["problem"]["title"] if "context" in body else body["title"]
    assert bool(CHINESE_CHARACTER.search(title)) == (language == "zh")


def test_a_language_that_is_not_there_is_refused_everywhere(api: Api) -> None:
    for path in ("/v1", "/v1/lines", "/v1/findings", "/data/", "/datapackage.json"):
        (error,) = api.problem(f"{path}?lang=fr", 400)["errors"]
        assert error == {
            "parameter": "lang",
            "detail": "'fr' is not allowed",
            "allowed": ["zh", "en"],
            "hint": None,
        }


@pytest.mark.parametrize("path", ["/v1/jurisdictions", "/v1/cubes/expenditure/aggregate"])
def test_any_number_of_mistakes_is_told_in_both_languages(api: Api, path: str) -> None:
    names = [f"p{number}" for number in range(700)]
    said = {
        language: parse(api.call(f"{path}?lang={language}&{'&'.join(names)}"))
        for language in LANGUAGES
    }
    for answer in said.values():
        problem = answer.get("context", {}).get("problem", answer)
        assert sorted(mistake["parameter"] for mistake in problem["errors"]) == sorted(names)
    assert said["zh"] != said["en"]


def test_answers_without_errors_are_the_same_in_both_languages(api: Api) -> None:
    for path in ("/v1/lines?page_size=3", "/v1/departments", "/v1/classifications"):
        plain = api.json(path)
        for language in LANGUAGES:
            sent = f"{path}{'&' if '?' in path else '?'}lang={language}"
            found = api.call(sent)
            assert parse(found)["data"] == plain["data"]
            assert f"lang={language}" in parse(found)["links"]["self"]
            assert found.headers["Vary"] == "Accept, Accept-Encoding"


def test_a_text_is_english_and_keeps_what_it_is_made_from() -> None:
    inner = Text("{name} {{codes}}", name="{function}")
    text = Text("there is no {what!r} of {whose}", what="a\nb", whose=inner)
    assert text == "there is no 'a\\nb' of {function} {codes}"
    for same in (text, copy.copy(text), copy.deepcopy(text), pickle.loads(pickle.dumps(text))):  # noqa: S301
        assert (same, same.template, same.fields) == (text, text.template, text.fields)
        assert same.fields["whose"].template == "{name} {{codes}}"
