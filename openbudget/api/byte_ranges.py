"""Files and parts of files over HTTP: ranges, tags and times (RFC 9110, chapters 13 and 14)."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from http import HTTPStatus
from typing import IO

from flask import Response, request
from werkzeug.exceptions import RequestedRangeNotSatisfiable

_CHUNK = 1 << 16
_RANGE = re.compile(r"bytes=[ \t]*([0-9]{0,18})-([0-9]{0,18})[ \t]*")


def answer_file(file: IO[bytes], tag: str, modified: str) -> Response:
    """Answer an open file, or the part that the request asks for; closed with the answer.

    Raises:
        RequestedRangeNotSatisfiable: the part begins behind the end.
    """
    size = os.fstat(file.fileno()).st_size
    response = Response()
    response.call_on_close(file.close)
    response.set_etag(tag)
    response.headers["Last-Modified"] = modified
    response.headers["Accept-Ranges"] = "bytes"
    response.content_length = size
    response.make_conditional(request)
    if response.status_code != HTTPStatus.OK:
        del response.headers["Content-Length"]
        return response
    try:
        part = wanted_part(response, size)
    except RequestedRangeNotSatisfiable:
        file.close()
        raise
    start, stop = part or (0, size)
    if part:
        response.status_code = HTTPStatus.PARTIAL_CONTENT
        response.headers["Content-Range"] = f"bytes {start}-{stop - 1}/{size}"
    response.content_length = stop - start
    response.response = _parts(file, start, stop)
    return response


def wanted_part(response: Response, size: int) -> tuple[int, int] | None:
    """Give begin and end of the part that the request asks for; None for the whole.

    What is no single range of bytes is ignored, and so is a range of another version of the file.

    Raises:
        RequestedRangeNotSatisfiable: it begins behind the end.
    """
    found = _RANGE.fullmatch(request.headers.get("Range", ""))
    if request.method != "GET" or found is None or not _is_of(response):
        return None
    first, last = found.groups()
    if not first and not last:
        return None
    if first and last and int(last) < int(first):
        return None
    start = int(first) if first else max(0, size - int(last))
    stop = min(size, int(last) + 1) if first and last else size
    if start >= stop:
        raise RequestedRangeNotSatisfiable(size)
    return start, stop


def _is_of(response: Response) -> bool:
    """Tell whether If-Range names this version of the file: its strong tag, or its time."""
    asked = request.headers.get("If-Range")
    return asked in (None, response.headers["ETag"], response.headers["Last-Modified"])


def _parts(file: IO[bytes], start: int, stop: int) -> Iterator[bytes]:
    file.seek(start)
    left = stop - start
    while left and (part := file.read(min(left, _CHUNK))):
        left -= len(part)
        yield part
