"""Asks a cube through the API, and knows the same lines by their CSV and by plain SQL."""

from __future__ import annotations

import csv
import io
import sqlite3
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.api.client import Api, operation_for, parse, validate

Row = dict[str, str]


@dataclass
class Cubes:
    api: Api
    path: Path

    def ask(self, path: str, status: int = 200, **query: Any) -> Any:
        sent = {name: value for name, value in query.items() if value is not None}
        url = f"/v1/cubes/{path}" + (f"?{urlencode(sent)}" if sent else "")
        response = self.api.call(url)
        assert operation_for(url.replace("/?", "?").rstrip("/")) is not None
        validate(url, response)
        assert response.status_code == status, response.text
        assert response.mimetype == "application/json"
        return parse(response)

    def refused(self, path: str, **query: Any) -> list[dict[str, Any]]:
        body = self.ask(path, 400, **query)
        assert body["status"] == "error"
        problem = body["context"]["problem"]
        assert problem["status"] == 400
        assert all(mistake["detail"] in body["message"] for mistake in problem["errors"])
        errors: list[dict[str, Any]] = problem["errors"]
        return errors

    @cached_property
    def lines(self) -> list[Row]:
        text = self.api.call("/v1/lines.csv").text.removeprefix("\ufeff")
        return list(csv.DictReader(io.StringIO(text)))

    def sql(self, statement: str, parameters: Any = ()) -> list[tuple[Any, ...]]:
        with sqlite3.connect(f"file:{self.path}?mode=ro", uri=True) as connection:
            found = connection.execute(statement, parameters).fetchall()
        connection.close()
        return found
