"""Bulk files over HTTP: whole, in parts, under names that stay true, and nothing else."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from openbudget.api.app import create_app
from openbudget.config import read_settings
from openbudget.storage.database import open_for_reading
from tests.api.client import Api


@pytest.fixture
def own(database_url: str, exported: Path, tmp_path: Path) -> Api:
    """Serve a copy of the bulk files, which a test may change."""
    shutil.copytree(exported.parent, tmp_path / "bulk")
    return Api(create_app(open_for_reading(database_url), tmp_path / "bulk"))


@pytest.fixture
def lines(exported: Path) -> str:
    return f"/data/{exported.name}/lines.csv"


def test_the_index_lists_every_file_with_size_and_hash(api: Api, exported: Path) -> None:
    assert api.json("/v1")["data"]["documentation"]["bulk_files"] == "/data/"
    found = api.json("/data/")
    assert (found["data"]["current"], found["data"]["up_to_date"]) == (exported.name, True)
    assert found["meta"]["data_version"] == exported.name
    (version,) = found["data"]["versions"]
    assert {file["name"] for file in version["files"]} == {p.name for p in exported.iterdir()}
    for file in version["files"]:
        content = (exported / file["name"]).read_bytes()
        answer = api.call(file["href"])
        assert answer.data == content
        assert file["bytes"] == len(content) == answer.content_length
        assert file["sha256"] == hashlib.sha256(content).hexdigest()
        assert answer.headers["ETag"] == f'"{file["sha256"]}"'
        assert answer.headers["Content-Type"] == file["media_type"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Accept-Ranges"] == "bytes"
        assert answer.headers["Data-Version"] == exported.name
        assert "Content-Encoding" not in answer.headers


def test_media_types(api: Api, exported: Path) -> None:
    types = {
        "lines.csv": "text/csv; charset=utf-8",
        "lines.ndjson": "application/x-ndjson",
        "openbudget.sqlite": "application/vnd.sqlite3",
        "datapackage.json": "application/json",
        "SHA256SUMS": "text/plain; charset=utf-8",
    }
    for name, media_type in types.items():
        answer = api.call(f"/data/{exported.name}/{name}")
        assert answer.headers["Content-Type"] == media_type
    answer = api.call(f"/data/{exported.name}/lines.csv")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="lines.csv"'


def test_head_tells_what_get_answers(api: Api, lines: str) -> None:
    head, got = api.call(lines, "HEAD"), api.call(lines)
    assert (head.status_code, head.data) == (200, b"")
    kept = [(k, v) for k, v in head.headers if k != "Date"]
    assert kept == [(k, v) for k, v in got.headers if k != "Date"]
    part = api.call(lines, "HEAD", headers={"Range": "bytes=0-9"})
    assert (part.status_code, part.content_length) == (200, got.content_length)


@pytest.mark.parametrize(
    ("asked", "start", "stop"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=0-99", 0, 100),
        ("bytes=100-", 100, None),
        ("bytes=-100", -100, None),
        ("bytes=70000-140000000", 70000, None),
        ("bytes=-999999999", 0, None),
    ],
)
def test_a_part_is_that_part(
    api: Api, exported: Path, lines: str, asked: str, start: int, stop: int | None
) -> None:
    content = (exported / "lines.csv").read_bytes()
    wanted = content[start:stop]
    answer = api.call(lines, headers={"Range": asked})
    begin = len(content) + start if start < 0 else start
    span = f"bytes {begin}-{begin + len(wanted) - 1}/{len(content)}"
    assert (answer.status_code, answer.headers["Content-Range"]) == (206, span)
    assert (answer.data, answer.content_length) == (wanted, len(wanted))
    assert answer.headers["ETag"] == api.call(lines).headers["ETag"]


def test_the_parts_of_a_file_are_the_file(api: Api, exported: Path, lines: str) -> None:
    content = (exported / "lines.csv").read_bytes()
    parts = [
        api.call(lines, headers={"Range": f"bytes={at}-{at + 9999}"}).data
        for at in range(0, len(content), 10_000)
    ]
    assert b"".join(parts) == content


@pytest.mark.parametrize("asked", ["bytes=99999999-", "bytes=99999999-999999999", "bytes=-0"])
def test_a_part_behind_the_end_is_a_problem(
    api: Api, exported: Path, lines: str, asked: str
) -> None:
    answer = api.call(lines, headers={"Range": asked})
    size = (exported / "lines.csv").stat().st_size
    assert (answer.status_code, answer.headers["Content-Range"]) == (416, f"bytes */{size}")
    assert answer.mimetype == "application/problem+json"


@pytest.mark.parametrize(
    "asked", ["bytes=5-2", "bytes=a-b", "bytes=-", "lines=0-5", "bytes=0-1,5-6", "bytes", ""]
)
def test_what_is_no_single_part_is_ignored(api: Api, lines: str, asked: str) -> None:
    answer = api.call(lines, headers={"Range": asked})
    assert (answer.status_code, answer.data) == (200, api.call(lines).data)


def test_a_part_of_another_version_is_the_whole(api: Api, lines: str) -> None:
    whole = api.call(lines)
    for header in ("ETag", "Last-Modified"):
        sent = {"Range": "bytes=0-9", "If-Range": whole.headers[header]}
        assert api.call(lines, headers=sent).status_code == 206
    tag = whole.headers["ETag"]
    for other in ('"other"', f"W/{tag}", "Fri, 01 Mar 2024 00:00:00 GMT"):
        answer = api.call(lines, headers={"Range": "bytes=0-9", "If-Range": other})
        assert (answer.status_code, answer.data) == (200, whole.data)


def test_a_tag_that_the_client_holds_answers_304(api: Api, lines: str) -> None:
    tag = api.call(lines).headers["ETag"]
    answer = api.call(lines, headers={"If-None-Match": tag, "Range": "bytes=0-9"})
    assert (answer.status_code, answer.data, answer.headers["ETag"]) == (304, b"", tag)
    assert api.call(lines, headers={"If-Match": tag, "Range": "bytes=0-9"}).status_code == 206


@pytest.mark.parametrize("path", ["/data/lines.csv", "/data/current/lines.csv"])
def test_a_name_without_version_leads_to_the_current_one(api: Api, lines: str, path: str) -> None:
    answer = api.call(path)
    assert (answer.status_code, answer.headers["Location"]) == (302, lines)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert api.call(path, "HEAD").headers["Location"] == lines
    assert api.call(f"{path}?lang=zh").headers["Location"] == f"{lines}?lang=zh"


def test_the_package_names_files_from_where_it_stands(api: Api, exported: Path) -> None:
    described = api.json("/datapackage.json")
    stored = json.loads((exported / "datapackage.json").read_bytes())
    for entry in (*described["resources"], *described["otherFormats"]):
        assert api.call(f"/{entry['path']}").status_code == 200
        entry["path"] = entry["path"].removeprefix(f"data/{exported.name}/")
    assert described == stored


TRICKS = [
    "/data/../pyproject.toml",
    "/data/%2e%2e/current",
    "/data/%2e%2e%2fpyproject.toml",
    "/data/{version}/../current",
    "/data/{version}/..%2fcurrent",
    "/data/{version}/%2e%2e/current",
    "/data/{version}/../{version}/lines.csv",
    "/data/{version}//lines.csv",
    "/data//etc/passwd",
    "/data/{version}/%2fetc%2fpasswd",
    "/data/{version}/lines.csv%00",
    "/data/{version}/LINES.CSV",
    "/data/{version}/..\\current",
    "/data/{version}/",
    "/data/{version}",
    "/data/current",
    "/data/current/current",
    "/data/..",
    "/data/0123456789abcdef/lines.csv",
    "/data/{version}x/lines.csv",
    "/data/{version}/secret",
    "/data/.hidden/lines.csv",
]


@pytest.mark.parametrize("trick", TRICKS)
def test_no_path_leads_out_of_the_folder(own: Api, exported: Path, trick: str) -> None:
    root = own.app.extensions["openbudget"].data
    (root / exported.name / "secret").write_text("secret")
    (root / ".hidden").mkdir()
    own.problem(trick.format(version=exported.name), 404)


def test_a_link_is_not_followed(own: Api, exported: Path, tmp_path: Path) -> None:
    root = own.app.extensions["openbudget"].data
    (tmp_path / "secret").write_text("secret")
    (root / exported.name / "lines.csv").unlink()
    (root / exported.name / "lines.csv").symlink_to(tmp_path / "secret")
    own.problem(f"/data/{exported.name}/lines.csv", 404)
    other = "0" * 16
    (root / other).symlink_to(root / exported.name)
    own.problem(f"/data/{other}/rules.csv", 404)
    (root / exported.name / "rules.csv").unlink()
    os.mkfifo(root / exported.name / "rules.csv")
    own.problem(f"/data/{exported.name}/rules.csv", 404)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_nothing_can_be_written(api: Api, lines: str, method: str) -> None:
    for path in ("/data/", lines, "/data/lines.csv", "/datapackage.json"):
        answer = api.call(path, method)
        assert (answer.status_code, "GET" in answer.headers["Allow"]) == (405, True)


def test_an_unknown_parameter_is_named(api: Api, lines: str) -> None:
    for path in ("/data/", lines, "/data/lines.csv", "/datapackage.json"):
        (error,) = api.problem(f"{path}?page=2", 400)["errors"]
        assert error["parameter"] == "page"


def test_older_versions_stay(own: Api, exported: Path) -> None:
    root = own.app.extensions["openbudget"].data
    newer = "f" * 16
    shutil.copytree(root / exported.name, root / newer)
    (root / "current").write_text(f"{newer}\n")
    found = own.json("/data/")["data"]
    assert [version["data_version"] for version in found["versions"]] == [exported.name, newer]
    assert (found["current"], found["up_to_date"]) == (newer, False)
    assert own.call("/data/lines.csv").headers["Location"] == f"/data/{newer}/lines.csv"
    assert own.call(f"/data/{exported.name}/lines.csv").status_code == 200


def test_what_is_no_whole_export_is_not_listed(own: Api, exported: Path) -> None:
    root = own.app.extensions["openbudget"].data
    (root / ("a" * 16)).mkdir()
    shutil.copytree(root / exported.name, root / ("b" * 16))
    (root / ("b" * 16) / "lines.csv").unlink()
    found = own.json("/data/")["data"]["versions"]
    assert [version["data_version"] for version in found] == [exported.name]


def _problem(found: Any) -> tuple[str, str]:
    return found["detail"], found["errors"][0]["hint"]


def test_a_server_without_bulk_files_says_how_to_have_them(database_url: str) -> None:
    off = Api(create_app(open_for_reading(database_url)))
    assert "bulk_files" not in off.json("/v1")["data"]["documentation"]
    for path in ("/data/", "/data/lines.csv", f"/data/{'0' * 16}/lines.csv", "/datapackage.json"):
        detail, hint = _problem(off.problem(path, 404))
        assert detail == "This server has no bulk files."
        assert "OPENBUDGET_DATA" in hint
        assert "openbudget export" in hint


def test_before_the_first_export(database_url: str, tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "missing"):
        empty = Api(create_app(open_for_reading(database_url), folder))
        found = empty.json("/data/")["data"]
        assert found == {"current": None, "up_to_date": False, "versions": []}
        for path in ("/data/lines.csv", "/datapackage.json"):
            detail, hint = _problem(empty.problem(path, 404))
            assert detail == "Nothing has been exported yet."
            assert "openbudget export" in hint


def test_the_folder_is_a_setting() -> None:
    assert read_settings({}).data is None
    assert read_settings({"OPENBUDGET_DATA": "bulk"}).data == Path("bulk")
