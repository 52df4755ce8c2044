"""The types that openapi-typescript makes of the document hold programs to it, and these run."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.clients.node import MODULES, missing, run_node
from tests.clients.operations import DOCUMENT, OPERATIONS, Operation
from tests.documented import ADDRESS, snippets

(PROGRAM,) = (own for own in snippets("clients.md") if own.language == "ts")
MISTAKES = {
    "key": ("line.amount", "line.amuont"),
    "word": ('["leaf"]', '["leaves"]'),
    "path": ('"/v1/lines"', '"/v1/line"'),
    "null": ("line.amount?.", "line.amount."),
}
STRICT = ("--strict", "--module", "nodenext", "--target", "es2022", "--lib", "es2022,dom")
pytestmark = pytest.mark.skipif(
    missing("openapi-typescript", "openapi-fetch", "typescript"),
    reason="openapi-typescript is not installed: `make npm`",
)


def statement(operation: Operation) -> str:
    """Write the call of an operation with its examples."""
    own = {k: v for k, v in operation.arguments.items() if f"{{{k}}}" in operation.path}
    query = {k: v for k, v in operation.arguments.items() if k not in own}
    parameters = {**({"path": own} if own else {}), **({"query": query} if query else {})}
    options = {"params": parameters} if parameters else {}
    given = json.dumps({**options, "parseAs": "arrayBuffer"}, ensure_ascii=False)
    return f'said.push(await client.GET("{operation.path}", {given}));'


def program_of_all() -> str:
    """Write a program that calls every operation and prints the status of each answer."""
    return "\n".join(
        [
            'import createClient from "openapi-fetch";',
            'import type { paths } from "./api.js";',
            f'const client = createClient<paths>({{ baseUrl: "{ADDRESS}" }});',
            "const said = [];",
            *map(statement, OPERATIONS),
            "console.log(JSON.stringify(said.map((own) => own.response.status)));",
        ]
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, gunicorn: str) -> Path:
    """Make the types, and the programs that use them."""
    made = tmp_path_factory.mktemp("typescript")
    (made / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    generator = str(MODULES / "openapi-typescript/bin/cli.js")
    run_node(made, generator, str(DOCUMENT), "--output", "api.d.ts")
    programs = {"shown": PROGRAM.code, "all": program_of_all()}
    for name, (right, wrong) in MISTAKES.items():
        assert PROGRAM.code.count(right) == 1, name
        programs[f"mistaken_{name}"] = PROGRAM.code.replace(right, wrong)
    for name, code in programs.items():
        (made / f"{name}.ts").write_text(code.replace(ADDRESS, gunicorn), encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def compiled(folder: Path) -> list[str]:
    """Compile all programs at once; gives the names of those that have errors."""
    compiler = str(MODULES / "typescript/bin/tsc")
    programs = [path.name for path in folder.glob("*.ts") if path.name != "api.d.ts"]
    said = run_node(folder, compiler, *STRICT, *programs, check=False)
    return sorted(set(re.findall(r"^([\w./]+)\(\d+,\d+\): error TS", said, re.MULTILINE)))


def test_mistakes_do_not_compile_and_all_else_does(compiled: list[str]) -> None:
    assert compiled == sorted(f"mistaken_{name}.ts" for name in MISTAKES)


def test_every_operation_is_called(folder: Path, compiled: list[str]) -> None:
    assert json.loads(run_node(folder, "all.js")) == [200] * len(OPERATIONS)


def test_the_program_of_the_documentation_prints_what_stands_below_it(
    folder: Path, compiled: list[str]
) -> None:
    assert run_node(folder, "shown.js") == PROGRAM.output
