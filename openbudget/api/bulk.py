"""``/data/``: the bulk files of `openbudget export`, from a folder that a setting names.

A folder is opened once for a request, and its files by their bare names in it, following no link:
so no name leads out of it, and tag and bytes are of one export even while another replaces it.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import formatdate
from pathlib import Path
from typing import IO, Any

import orjson
from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from openbudget.api.byte_ranges import answer_file
from openbudget.api.dispatch import check_query, service
from openbudget.api.parameters import QuerySchema
from openbudget.api.problems import Mistake, ProblemError, not_listed
from openbudget.api.service import SCHEMA_VERSION
from openbudget.formats.encoding import to_json
from openbudget.texts import Text

BLUEPRINT = Blueprint("bulk", __name__)
_LIST = "/data/"
CURRENT = "current"
PACKAGE = "datapackage.json"
SUMS = "SHA256SUMS"
VERSION_PATTERN = r"[0-9a-f]{16}"
NAME_PATTERN = r"[A-Za-z0-9][A-Za-z0-9-]*(?:\.[a-z]+)?"
MEDIA_TYPES = {
    ".csv": "text/csv; charset=utf-8",
    ".ndjson": "application/x-ndjson",
    ".json": "application/json",
    ".parquet": "application/vnd.apache.parquet",
    ".sqlite": "application/vnd.sqlite3",
    "": "text/plain; charset=utf-8",
}
_SHOWN = frozenset({".json", ""})
_CACHED = "public, max-age=300"
_CACHED_FILE = "public, max-age=86400"
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
_OFF = Text("Set OPENBUDGET_DATA to the folder that `openbudget export` writes into.")


@dataclass(frozen=True)
class _Version:
    """The folder of a version, open: `sums` are the sha256 of its files by name."""

    name: str
    handle: int
    sums: dict[str, str]

    def size(self, name: str) -> int:
        """Give the bytes of a file."""
        return os.stat(name, dir_fd=self.handle, follow_symlinks=False).st_size

    def read(self, name: str) -> bytes:
        """Read a small file whole."""
        return _read(name, self.handle)


@BLUEPRINT.get(_LIST)
def index() -> Response:
    """Answer which versions and files there are."""
    _check_query()
    root = _root()
    with service().engine.connect() as connection:
        served = service().data_state(connection).version
    current = _current(root)
    found = [described for name in _versions(root) if (described := _described(root, name))]
    body = {
        "data": {"current": current, "up_to_date": current == served, "versions": found},
        "links": {"self": _LIST},
        "meta": {"query": {}, "data_version": served, "schema_version": SCHEMA_VERSION},
    }
    return _json(body)


@BLUEPRINT.get("/datapackage.json")
def package() -> Response:
    """Answer the description of the current files, with paths that are right from here."""
    _check_query()
    root = _root()
    with _opened(root, _need_current(root)) as version:
        described: dict[str, Any] = orjson.loads(version.read(PACKAGE))
    for entry in (*described["resources"], *described["otherFormats"]):
        entry["path"] = f"data/{version.name}/{entry['path']}"
    return _json(described)


@BLUEPRINT.get("/data/<name>")
def current_file(name: str) -> BaseResponse:
    """Lead to a file of the current version."""
    return _lead(name)


@BLUEPRINT.get("/data/<version>/<name>")
def file(version: str, name: str) -> BaseResponse:
    """Answer a file, or the part of it that is asked for."""
    if version == CURRENT:
        return _lead(name)
    _check_query()
    with _opened(_root(), version) as found:
        _check_name(found, name)
        opened = _open(name, found.handle)
    ending = Path(name).suffix
    modified = formatdate(os.fstat(opened.fileno()).st_mtime, usegmt=True)
    response = answer_file(opened, found.sums[name], modified)
    response.content_type = MEDIA_TYPES[ending]
    response.headers["Cache-Control"] = _CACHED_FILE
    response.headers["Data-Version"] = found.name
    if ending not in _SHOWN:
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _lead(name: str) -> BaseResponse:
    _check_query()
    root = _root()
    with _opened(root, _need_current(root)) as version:
        _check_name(version, name)
    language = request.args.get("lang")  # that of errors behind it
    response = redirect(f"/data/{version.name}/{name}{f'?lang={language}' if language else ''}")
    response.headers["Cache-Control"] = _CACHED
    return response


def _check_query() -> None:
    check_query(QuerySchema(), request.args.to_dict(flat=False))


def _root() -> Path:
    root = service().data
    if root is None:
        detail = Text("This server has no bulk files.")
        raise ProblemError(404, detail, [Mistake(None, Text("not set up"), hint=_OFF)])
    return root


def _current(root: Path) -> str | None:
    """Read which version was exported last; None where there is none."""
    try:
        name = (root / CURRENT).read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return None
    return name if name in _versions(root) else None


def _need_current(root: Path) -> str:
    current = _current(root)
    if current is None:
        hint = Text("Run `openbudget export` with the folder that OPENBUDGET_DATA names.")
        mistake = Mistake(None, Text("not exported"), hint=hint)
        raise ProblemError(404, Text("Nothing has been exported yet."), [mistake])
    return current


def _versions(root: Path) -> list[str]:
    try:
        names = (path.name for path in root.iterdir())
        return sorted(name for name in names if re.fullmatch(VERSION_PATTERN, name))
    except OSError:
        return []


@contextmanager
def _opened(root: Path, name: str) -> Iterator[_Version]:
    """Open the folder of a version.

    Raises:
        ProblemError: there is none, or it holds no export.
    """
    missing = not_listed(Text("data version"), name, _LIST)
    if not re.fullmatch(VERSION_PATTERN, name):
        raise missing
    try:
        handle = os.open(root / name, _FOLDER)
    except OSError:
        raise missing from None
    try:
        yield _Version(name, handle, _sums(_read(SUMS, handle)))
    except OSError:
        raise missing from None
    finally:
        os.close(handle)


def _sums(content: bytes) -> dict[str, str]:
    """Read the sha256 of every file by its name, and add that of the list itself."""
    lines = content.decode("ascii").splitlines()
    return {line[66:]: line[:64] for line in lines} | {SUMS: hashlib.sha256(content).hexdigest()}


def _read(name: str, folder: int) -> bytes:
    with _open(name, folder) as opened:
        return opened.read()


def _open(name: str, folder: int) -> IO[bytes]:
    """Open a file by its bare name in an open folder.

    Raises:
        OSError: there is none, or it is a link, or no file.
    """
    handle = os.open(name, _FILE, dir_fd=folder)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError(f"{name} is no file")
    return os.fdopen(handle, "rb")


def _check_name(version: _Version, name: str) -> None:
    """Check that a file is one of the export.

    Raises:
        ProblemError: it is not.
    """
    if name not in version.sums:
        raise not_listed(Text("file"), name, _LIST)


def _described(root: Path, name: str) -> dict[str, Any] | None:
    """List the files of a version; None where the folder holds no whole export."""
    try:
        with _opened(root, name) as version:
            return {"data_version": name, "files": _files(version)}
    except ProblemError:
        return None


def _files(version: _Version) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "href": f"/data/{version.name}/{name}",
            "media_type": MEDIA_TYPES[Path(name).suffix],
            "bytes": version.size(name),
            "sha256": digest,
        }
        for name, digest in version.sums.items()
    ]


def _json(body: dict[str, Any]) -> Response:
    response = Response(to_json(body), mimetype="application/json")
    response.headers["Cache-Control"] = _CACHED
    response.add_etag()
    return response
