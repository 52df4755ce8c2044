"""The client of Babbage, unchanged, from npm: it draws what it asks for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.clients.node import MODULES, missing, run_node

SCRIPT = """
const {Api} = require(process.argv[2] + '/lib/api/index.js');
const api = new Api(), endpoint = process.argv[3] + '/v1/', cube = 'expenditure';
(async () => {
  const model = (await api.getJson(endpoint + 'cubes/' + cube + '/model')).model;
  const query = {group: ['function_1.code'], filter: ['fiscal_year.year:"2024"']};
  const aggregate = await api.aggregate(endpoint, cube, query, model);
  const facts = await api.facts(endpoint, cube, {pagesize: 2}, model);
  const members = await api.getDimensionMembers(endpoint, cube, 'function_1');
  const dimensions = api.getDimensionsFromModel(model);
  console.log(JSON.stringify({aggregate, facts, members, dimensions}));
})();
"""


@pytest.mark.skipif(missing("babbage.ui"), reason="babbage.ui is not installed: `make npm`")
def test_the_client_of_babbage_works_unchanged(address: str, tmp_path: Path) -> None:
    script = tmp_path / "ask.cjs"
    script.write_text(SCRIPT, encoding="utf-8")
    found = json.loads(run_node(tmp_path, script.name, str(MODULES / "babbage.ui"), address))
    aggregate = found["aggregate"]
    assert aggregate["summary"] == {"amount.sum": 10097543.96}
    assert aggregate["currency"] == {"amount.sum": "CNY"}
    assert [cell["dimensions"][0]["nameValue"] for cell in aggregate["cells"]] == [
        *("公共安全支出", "住房保障支出", "社会保障和就业支出", "卫生健康支出")
    ]
    assert aggregate["cells"][0]["measures"][0]["value"] == 9092652.68
    assert found["facts"]["info"] == {"total": 31, "pageSize": 2, "page": 1}
    assert len(found["facts"]["columns"]) == 2
    assert found["members"]["total_member_count"] == 4
    steps = {own["id"]: own.get("drillDown") for own in found["dimensions"]}
    assert (steps["function_1"], steps["function_2"]) == ("function_2.code", "function.code")
