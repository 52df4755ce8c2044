"""Clients read bulk files by address from a real gunicorn, in parts."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import urllib.request
from decimal import Decimal
from pathlib import Path
from typing import Any

import frictionless
import pandas as pd
import polars as pl
import pytest

LEAVES = Decimal("10097543.96")


@pytest.fixture
def folder(gunicorn: str, exported: Path) -> str:
    return f"{gunicorn}/data/{exported.name}"


def call(port: int, method: str, path: str, **headers: str) -> tuple[Any, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request(method, path, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer, body


def test_a_file_is_read_in_parts_on_one_connection(port: int, exported: Path) -> None:
    path, content = f"/data/{exported.name}/lines.csv", (exported / "lines.csv").read_bytes()
    head, body = call(port, "HEAD", path)
    assert (head.status, int(head.headers["Content-Length"]), body) == (200, len(content), b"")
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    parts = []
    for at in range(0, len(content), 50_000):
        headers = {"Range": f"bytes={at}-{at + 49_999}", "If-Range": head.headers["ETag"]}
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        assert answer.status == 206
        parts.append(answer.read())
    connection.close()
    assert b"".join(parts) == content
    behind, body = call(port, "GET", path, Range="bytes=99999999-")
    assert (behind.status, json.loads(body)["status"]) == (416, 416)


@pytest.mark.parametrize(
    "path", ["/data/../current", "/data/%2e%2e/current", "/data/{}/..%2fcurrent", "//etc/passwd"]
)
def test_no_raw_path_leads_out_of_the_folder(port: int, exported: Path, path: str) -> None:
    assert call(port, "GET", path.format(exported.name))[0].status == 404


def test_a_redirect_leads_to_the_file(port: int, exported: Path) -> None:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/data/lines.ndjson") as answer:
        assert answer.url.endswith(f"/data/{exported.name}/lines.ndjson")
        assert answer.read() == (exported / "lines.ndjson").read_bytes()


def test_pandas_reads_csv_and_ndjson(folder: str) -> None:
    lines = pd.read_csv(f"{folder}/lines.csv", dtype=str)
    leaves = lines[(lines.role == "leaf") & (lines.table == "expenditure")]
    assert sum(map(Decimal, leaves.amount)) == LEAVES
    assert len(pd.read_json(f"{folder}/lines.ndjson", lines=True)) == len(lines)


def test_polars_reads_csv_and_ndjson(folder: str) -> None:
    for scan, ending in ((pl.scan_csv, "csv"), (pl.scan_ndjson, "ndjson")):
        lines = scan(f"{folder}/lines.{ending}")
        leaves = lines.filter(role="leaf", table="expenditure").select("amount").collect()
        assert round(Decimal(leaves["amount"].sum()), 2) == LEAVES


def test_frictionless_reads_the_package(gunicorn: str) -> None:
    report = frictionless.Package(f"{gunicorn}/datapackage.json").validate()
    assert report.flatten(["type", "message"]) == []


def test_datasette_opens_the_database(exported: Path) -> None:
    command = [
        *(sys.executable, "-m", "datasette", str(exported / "openbudget.sqlite")),
        *("--metadata", str(exported / "metadata.json")),
        *("--get", "/openbudget/lines.json?_shape=array&role=leaf&table=expenditure&_size=max"),
    ]
    ended = subprocess.run(command, capture_output=True, check=True)
    amounts = [row["amount_fen"] for row in json.loads(ended.stdout)]
    assert Decimal(sum(amounts)) / 100 == LEAVES
