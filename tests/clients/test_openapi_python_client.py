"""The client that openapi-python-client makes of the document, as it is, against gunicorn."""

from __future__ import annotations

import enum
import importlib
import json
import os
import pkgutil
import subprocess
import sys
import typing
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.clients.operations import DOCUMENT, OPERATIONS, Operation
from tests.conftest import ROOT
from tests.documented import ADDRESS, snippets

PACKAGE = "openbudget_client"
CONFIG = ROOT / "docs/openapi-python-client.yaml"


def generate(folder: Path) -> None:
    """Make the client; a warning of the generator, which then leaves something out, is an error."""
    command = [
        *(sys.executable, "-m", "openapi_python_client", "generate", "--fail-on-warning"),
        *("--path", str(DOCUMENT), "--config", str(CONFIG), "--output-path", str(folder)),
    ]
    # It runs ruff, which stands beside this Python.
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    own = {**os.environ, "PATH": path}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=own)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("generated") / "client"
    generate(made)
    return made


@pytest.fixture(scope="module")
def modules(folder: Path) -> Iterator[dict[str, Any]]:
    """Give the module of each operation, by its name."""
    sys.path.insert(0, str(folder))
    try:
        api = importlib.import_module(f"{PACKAGE}.api")
        found = pkgutil.walk_packages(api.__path__, f"{PACKAGE}.api.")
        names = [own.name for own in found if not own.ispkg]
        yield {name.rpartition(".")[2]: importlib.import_module(name) for name in names}
    finally:
        sys.path.remove(str(folder))


@pytest.fixture(scope="module")
def client(modules: dict[str, Any], gunicorn: str) -> Iterator[Any]:
    with importlib.import_module(PACKAGE).Client(gunicorn, follow_redirects=True) as made:
        yield made


def typed(value: Any, hint: Any) -> Any:
    """Give an argument as the client wants it: words of an enumeration are members of it."""
    if isinstance(value, list):
        own = [part for part in typing.get_args(hint) if typing.get_origin(part) is list]
        (inner,) = typing.get_args(own[0] if own else hint)
        return [typed(each, inner) for each in value]
    for part in (hint, *typing.get_args(hint)):
        if isinstance(part, type) and issubclass(part, enum.Enum):
            return part(value)
    return value


def call(module: Any, client: Any, arguments: dict[str, Any]) -> Any:
    function: Callable[..., Any] = module.sync_detailed
    hints = typing.get_type_hints(function)
    given = {name: typed(value, hints[name]) for name, value in arguments.items()}
    return function(client=client, **given)


def test_every_operation_has_a_function(modules: dict[str, Any]) -> None:
    assert sorted(modules) == sorted(operation.name for operation in OPERATIONS)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda own: own.name)
def test_every_operation_is_called_and_read(
    modules: dict[str, Any], client: Any, operation: Operation
) -> None:
    answer = call(modules[operation.name], client, operation.arguments)
    assert answer.status_code == 200, answer.content
    if operation.model:
        assert type(answer.parsed).__name__ == operation.model
        assert answer.parsed.to_dict() == json.loads(answer.content)
        assert list(undescribed(answer.parsed, operation.model)) == []
    elif not operation.content:
        assert (answer.parsed, len(answer.content) > 0) == (None, True)
    elif isinstance(answer.parsed, str):
        assert answer.parsed == answer.content.decode()
    else:
        assert answer.parsed.payload.read() == answer.content


def undescribed(value: Any, where: str) -> Iterator[str]:
    """Give the keys of an answer that the document does not describe."""
    if isinstance(value, list):
        for each in value:
            yield from undescribed(each, f"{where}[]")
    elif hasattr(value, "additional_properties"):
        described = {name.rstrip("_"): own for name, own in vars_of(value).items()}
        # What describes no key at all is a map, whose keys are data.
        if described:
            yield from (f"{where}.{key}" for key in value.additional_properties)
        for name, own in described.items():
            yield from undescribed(own, f"{where}.{name}")


def vars_of(value: Any) -> dict[str, Any]:
    names = [own.name for own in type(value).__attrs_attrs__]
    return {n: getattr(value, n) for n in names if n != "additional_properties"}


def test_what_is_not_described_is_seen() -> None:
    part = SimpleNamespace
    inner = type("Inner", (part,), {"__attrs_attrs__": [part(name="known")]})
    answer = inner(
        known=[inner(known=1, additional_properties={"new": 2})], additional_properties={}
    )
    assert list(undescribed(answer, "Answer")) == ["Answer.known[].new"]


def test_lists_are_filtered_and_followed_to_their_end(modules: dict[str, Any], client: Any) -> None:
    asked = {"role": ["leaf", "subtotal"], "table": ["expenditure"]}
    page = call(modules["list_lines"], client, {**asked, "page_size": 20}).parsed
    ids = [line.id for line in page.data]
    while page.links.next_:
        cursor = parse_qs(urlsplit(page.links.next_).query)["cursor"][0]
        following = {**asked, "page_size": 20, "cursor": cursor}
        page = call(modules["list_lines"], client, following).parsed
        ids += [line.id for line in page.data]
    whole = call(modules["list_lines_as"], client, {**asked, "extension": "ndjson"}).parsed
    assert ids == [json.loads(line)["id"] for line in whole.splitlines()]
    assert len(ids) == page.meta.total > 20


def test_a_mistake_is_read_as_a_problem(modules: dict[str, Any], client: Any) -> None:
    answer = call(modules["list_lines"], client, {"page_size": 5000})
    assert (answer.status_code, type(answer.parsed).__name__) == (400, "Problem")
    assert [mistake.parameter for mistake in answer.parsed.errors] == ["page_size"]


def test_the_program_of_the_documentation_prints_what_stands_below_it(
    folder: Path, gunicorn: str
) -> None:
    (shown,) = (own for own in snippets("clients.md") if own.language == "python")
    program = shown.code.replace(ADDRESS, gunicorn)
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=folder, capture_output=True, check=True
    )
    assert done.stdout.decode() == shown.output
