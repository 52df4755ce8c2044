"""The Python client that openapi-generator makes of the document, as it is, against gunicorn."""

from __future__ import annotations

import importlib
import inspect
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.clients.operations import DOCUMENT, OPERATIONS, Operation
from tests.conftest import ROOT

JAVA = shutil.which("java")
JAR = ROOT / "var/clients/openapi_generator_cli/openapi-generator.jar"
PACKAGE = "openbudget_by_generator"
# It says these of any document of OpenAPI 3.1, and leaves nothing out.
USUAL = ("OpenAPI 3.1 support is still in beta", "Failed to get the schema name: null")
pytestmark = [
    pytest.mark.skipif(JAVA is None, reason="Java is not installed"),
    pytest.mark.skipif(not JAR.exists(), reason="it is not installed: `make clients`"),
]


def generate(folder: Path) -> None:
    """Make the client; a warning of the generator is an error."""
    command = [
        *(str(JAVA), "-jar", str(JAR), "generate", "--generator-name", "python"),
        *("--package-name", PACKAGE, "--input-spec", str(DOCUMENT), "--output", str(folder)),
        *("--global-property", "apiTests=false,modelTests=false,apiDocs=false,modelDocs=false"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    said = (done.stdout + done.stderr).splitlines()
    assert done.returncode == 0, said
    wrong = [line for line in said if " WARN " in line or " ERROR " in line]
    assert [line for line in wrong if not any(usual in line for usual in USUAL)] == []


@pytest.fixture(scope="module")
def functions(
    tmp_path_factory: pytest.TempPathFactory, gunicorn: str
) -> Iterator[dict[str, Callable[..., Any]]]:
    """Give the function of each operation, by its name."""
    folder = tmp_path_factory.mktemp("generator")
    generate(folder)
    sys.path.insert(0, str(folder))
    try:
        package = importlib.import_module(PACKAGE)
        with package.ApiClient(package.Configuration(host=gunicorn)) as client:
            yield dict(functions_of(package, client))
    finally:
        sys.path.remove(str(folder))


def functions_of(package: Any, client: Any) -> Iterator[tuple[str, Callable[..., Any]]]:
    ending = "_with_http_info"
    for name, part in inspect.getmembers(package, inspect.isclass):
        if name.endswith("Api"):
            for method, function in inspect.getmembers(part(client), inspect.ismethod):
                if method.endswith(ending):
                    yield method.removesuffix(ending), function


def test_every_operation_has_a_function(functions: dict[str, Any]) -> None:
    assert sorted(functions) == sorted(operation.name for operation in OPERATIONS)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda own: own.name)
def test_every_operation_is_called_and_read(
    functions: dict[str, Callable[..., Any]], operation: Operation
) -> None:
    answer = functions[operation.name](**operation.arguments)
    assert answer.status_code == 200
    if operation.model:
        assert type(answer.data).__name__ == operation.model
        assert without_nulls(answer.data.to_dict()) == without_nulls(json.loads(answer.raw_data))
    elif not operation.content:
        assert (answer.data, len(answer.raw_data) > 0) == (None, True)
    elif isinstance(answer.data, str):
        assert answer.data == answer.raw_data.decode()
    else:
        assert answer.data == answer.raw_data


def test_other_texts_are_read_as_bytes(functions: dict[str, Any]) -> None:
    lines = functions["list_lines_as"].__self__
    whole = lines.list_lines_as_without_preload_content("ndjson").read().decode()
    page = lines.list_lines(page_size=1000)
    assert [json.loads(line)["id"] for line in whole.splitlines()] == [own.id for own in page.data]


def without_nulls(value: Any) -> Any:
    """Leave out keys that are null: this client adds those that an answer leaves out."""
    if isinstance(value, dict):
        return {key: without_nulls(own) for key, own in value.items() if own is not None}
    return [without_nulls(own) for own in value] if isinstance(value, list) else value
