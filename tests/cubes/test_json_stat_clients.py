"""Clients of JSON-stat, unchanged, read an aggregate from a real gunicorn.

`make npm` installs jsonstat-toolkit; `OPENBUDGET_NPM` names another folder with `node_modules`.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from pyjstat import pyjstat

from tests.conftest import ROOT

FOLDER = Path(os.environ.get("OPENBUDGET_NPM", ROOT / "var/npm")) / "node_modules/jsonstat-toolkit"
NODE = shutil.which("node")
QUERY = "drilldown=function|department_economic|fiscal_year"
KEYS = ("function.code", "department_economic.code", "fiscal_year.year")
NAMES = ("function", "department_economic", "fiscal_year")
MEASURES = ("amount.sum", "_count")
SCRIPT = """
const JSONstat = require(process.argv[2]);
JSONstat(process.argv[3]).then(dataset => {
  const labels = {};
  dataset.Dimension().forEach((dimension, i) => {
    labels[dataset.id[i]] = [dimension.label, dimension.role];
    dimension.Category().forEach((category, j) => {
      labels[dataset.id[i] + '=' + dimension.id[j]] = category.label;
    });
  });
  const rows = dataset.toTable({type: 'arrobj', content: 'id', status: true});
  const unit = dataset.Dimension('measure').Category('amount.sum').unit;
  console.log(JSON.stringify({label: dataset.label, labels, rows, unit}));
});
"""
Cells = dict[tuple[str, ...], float]


PATH = "/v1/cubes/expenditure/aggregate"


def ask(port: int, path: str) -> Any:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}") as answer:
        return json.load(answer)


@pytest.fixture(scope="module")
def cells(port: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = ask(port, f"{PATH}?{QUERY}")["cells"]
    return found


def values(cells: list[dict[str, Any]]) -> Cells:
    """Give every value by the ids of its members."""
    return {
        (*("_Z" if cell[key] is None else str(cell[key]) for key in KEYS), measure): cell[measure]
        for cell in cells
        for measure in MEASURES
    }


def labels(cells: list[dict[str, Any]]) -> dict[str, str]:
    members = {
        f"{name}={'_Z' if cell[key] is None else cell[key]}": cell.get(f"{name}.label", cell[key])
        for cell in cells
        for name, key in zip(NAMES, KEYS, strict=True)
    }
    found = {name: str(label) for name, label in members.items()}
    return {**found, "measure=amount.sum": "金额", "measure=_count": "行数"}


# It warns of a function of its own, which it calls itself.
@pytest.mark.filterwarnings("ignore:Shouldn't use this function anymore:DeprecationWarning")
def test_pyjstat_reads_values_labels_and_statuses(port: int, cells: list[dict[str, Any]]) -> None:
    dataset = pyjstat.Dataset.read(f"http://127.0.0.1:{port}{PATH}?{QUERY}&format=json-stat")
    table = dataset.write("dataframe", naming="id")
    assert list(table.columns) == [*NAMES, "measure", "value"]
    rows = [tuple(row) for row in table.itertuples(index=False)]
    assert {row[:-1]: row[-1] for row in rows if row[-1] == row[-1]} == values(cells)
    named = dataset.write("dataframe", naming="label")
    assert list(named.columns[:3]) == ["支出功能分类", "部门预算支出经济分类", "年度"]
    known = labels(cells)
    translated = [
        (*(known[f"{name}={key}"] for name, key in zip([*NAMES, "measure"], row, strict=False)),)
        for row in rows
    ]
    assert [tuple(row)[:-1] for row in named.itertuples(index=False)] == translated
    flagged = {rows[int(position)][:-1] for position in dataset["status"]}
    assert flagged <= set(values(cells))
    assert set(dataset["status"].values()) <= set(dataset["extension"]["status"]["label"])


@pytest.mark.skipif(NODE is None or not FOLDER.exists(), reason="jsonstat-toolkit is not installed")
def test_jsonstat_toolkit_reads_values_labels_and_statuses(
    port: int, cells: list[dict[str, Any]], tmp_path: Path
) -> None:
    script = tmp_path / "read.cjs"
    script.write_text(SCRIPT, encoding="utf-8")
    path = f"{PATH}.json-stat?{QUERY}"
    command = [str(NODE), str(script), str(FOLDER.resolve()), f"http://127.0.0.1:{port}{path}"]
    done = subprocess.run(command, capture_output=True, timeout=60, check=True)
    found = json.loads(done.stdout)
    assert found["label"] == "支出总表"
    assert found["unit"] == {"label": "元", "decimals": 2, "symbol": "¥", "position": "start"}
    rows = {
        (*(row[name] for name in NAMES), row["measure"]): (row["value"], row["status"])
        for row in found["rows"]
    }
    assert {place: value for place, (value, _) in rows.items() if value is not None} == values(
        cells
    )
    dataset = ask(port, path)
    places = list(rows)
    assert {place: status for place, (_, status) in rows.items() if status is not None} == {
        places[int(position)]: status for position, status in dataset["status"].items()
    }
    shown = found["labels"]
    assert [shown.pop(name) for name in (*NAMES, "measure")] == [
        *(["支出功能分类", "classification"], ["部门预算支出经济分类", "classification"]),
        *(["年度", "time"], ["指标", "metric"]),
    ]
    assert shown == labels(cells)
