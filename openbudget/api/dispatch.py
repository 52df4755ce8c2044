"""From a request to an answer: check the query, choose the format, answer from cache or data."""

from __future__ import annotations

import difflib
import gzip
import hashlib
import zlib
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from email.utils import format_datetime
from typing import Any

from flask import Response, current_app, request
from marshmallow import Schema, ValidationError
from sqlalchemy import Connection

from openbudget.api.endpoint import (
    EXTENSIONS,
    PACKED,
    BytesAnswer,
    Call,
    Endpoint,
    JsonAnswer,
    StreamAnswer,
    TextAnswer,
)
from openbudget.api.languages import CHINESE, asked_language
from openbudget.api.parameters import AnswerLanguage, mistake_of
from openbudget.api.problems import Mistake, ProblemError, bad_request
from openbudget.api.service import SCHEMA_VERSION, DataState, HeldAnswer, Service
from openbudget.cubes.model import resolve
from openbudget.formats.encoding import to_json
from openbudget.texts import Text, listed

GZIP_LEVEL = 5
GZIP_FROM = 500
GZIP_MARK = b"\x1f\x8b"
CACHE_CONTROL = "public, max-age=300, s-maxage=86400, stale-while-revalidate=604800"


def service() -> Service:
    """Give the state of the running app."""
    found: Service = current_app.extensions["openbudget"]
    return found


def view_of(endpoint: Endpoint) -> Callable[..., Response]:
    """Make the view function of an endpoint."""

    schema = endpoint.query()

    def view(**arguments: str) -> Response:
        media_type = negotiate(endpoint, arguments.pop("extension", None))
        response = _respond(endpoint, schema, arguments, media_type)
        if _speaks(endpoint, schema):
            response.vary.add("Accept-Language")
        return response

    view.__name__ = endpoint.operation_id
    return view


def check_query(schema: Schema, sent: dict[str, list[str]]) -> dict[str, Any]:
    """Check the query of a call. Which language it asks for is no part of what is found.

    Raises:
        ProblemError: parameters are unknown or malformed; all of them are named.
    """
    try:
        loaded: dict[str, Any] = schema.load(sent)
    except ValidationError as error:
        messages: Any = error.messages
        known, places = sorted(schema.fields), {name: place for place, name in enumerate(sent)}
        # What was sent stands in its order, then what is missing in that of the schema.
        wrong = sorted(messages, key=lambda name: places.get(name, len(places)))
        mistakes = [
            mistake_of(name, messages[name])
            if name in known
            else Mistake(name, Text("unknown parameter"), known, _hint(name, sent, known))
            for name in wrong
        ]
        raise bad_request(mistakes) from error
    loaded.pop("lang", None)
    return loaded


def _hint(name: str, sent: dict[str, list[str]], known: list[str]) -> Text:
    """Say what to do about an unknown parameter: in cubes, conditions are those of `cut`."""
    if "cut" in known and resolve(name):
        values = ";".join(sent[name]).replace(",", ";")
        cut = "|".join([*sent.get("cut", ()), f"{name}:{values}"])
        return Text("Write it as a condition: cut={cut}.", cut=cut)
    close = difflib.get_close_matches(name, known, 1)
    return Text("Did you mean {names}?", names=close[0]) if close else Text("Leave it out.")


def negotiate(endpoint: Endpoint, extension: str | None) -> str:
    """Choose the media type: path ending, then ``format=``, then ``Accept``.

    Raises:
        ProblemError: 400 where path ending and parameter differ, 406 where nothing offered is
            acceptable.
    """
    several = len(endpoint.media_types) > 1 or endpoint.ending
    wanted = request.args.get("format") if several else None
    if extension and wanted and extension != wanted:
        said = "is {wanted}, but the path ends in .{extension}"
        detail = Text(said, wanted=wanted, extension=extension)
        raise bad_request([Mistake("format", detail)])
    if chosen := EXTENSIONS.get(extension or wanted or ""):
        return chosen
    offered = list(endpoint.media_types)
    # A published file has the one media type it has, which no client knows beforehand.
    if endpoint.of_any_type or not request.accept_mimetypes:
        return offered[0]
    best = request.accept_mimetypes.best_match([*offered, *endpoint.aliases])
    if best is None:
        said = "None of the media types in Accept is offered here; offered: {offered}."
        detail = Text(said, offered=listed(offered))
        raise ProblemError(406, detail, [Mistake(None, Text("not acceptable"), offered)])
    return endpoint.aliases.get(best, best)


def _respond(
    endpoint: Endpoint, schema: Schema, arguments: dict[str, str], media_type: str
) -> Response:
    """Answer with 304, from the cache, or from the data, in that order.

    Only answers to calls that were checked are held, so a held answer needs no check.
    """
    own = service()
    connection = own.engine.connect()
    streaming = False
    try:
        state = own.data_state(connection)
        packed = media_type not in PACKED and request.accept_encodings.quality("gzip") > 0
        encoding = "gzip" if packed else "identity"
        speaks = _speaks(endpoint, schema) and media_type in endpoint.other_answers
        language = (asked_language() if speaks else None) or CHINESE
        tag = _tag(state, own.build, media_type, encoding, language)
        if request.if_none_match.is_weak(tag) or request.if_none_match.is_strong(tag):
            return _finish(Response(status=304), state, tag)
        held = own.answers.get(tag)
        if held is None:
            query = check_query(schema, _values())
            path, sent = request.path, _sent()
            call = Call(connection, own, state, path, arguments, query, sent, media_type, language)
            answer = endpoint.view(call)
            if isinstance(answer, StreamAnswer):
                streaming = True
                return _finish(_stream(answer, connection, encoding), state, tag)
            if isinstance(answer, BytesAnswer):
                return _finish(_bytes(answer), state, tag)
            held = _hold(answer, state, encoding)
            own.answers.put(tag, held)
        return _finish(_held_response(held, media_type), state, tag)
    finally:
        if not streaming:
            connection.close()


def _sent() -> dict[str, str]:
    """Give the query as sent, in one order: answers to one query must not differ."""
    return {name: ",".join(values) for name, values in _values().items()}


def _values() -> dict[str, list[str]]:
    """Give the values of every parameter."""
    found: dict[str, list[str]] = {}
    for name, value in _arguments():
        found.setdefault(name, []).append(value)
    return found


def _arguments() -> list[tuple[str, str]]:
    """Give the parameters in one order, in which they are checked and answered, too."""
    return sorted(request.args.items(multi=True))


def _speaks(endpoint: Endpoint, schema: Schema) -> bool:
    """Whether an endpoint has answers with room for texts in one language only."""
    return bool(endpoint.other_answers) and isinstance(schema.fields["lang"], AnswerLanguage)


def _tag(state: DataState, build: str, media_type: str, encoding: str, language: str) -> str:
    """Make the tag of an answer from everything that decides its bytes."""
    query = _arguments()
    representation = (media_type, encoding, language)
    parts = (state.version, SCHEMA_VERSION, build, request.path, query, *representation)
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]


def _hold(answer: JsonAnswer | TextAnswer, state: DataState, encoding: str) -> HeldAnswer:
    if isinstance(answer, TextAnswer):
        return HeldAnswer(_encode(answer.content, encoding), None)
    return HeldAnswer(_encode(_body(answer, state), encoding), _link_header(answer))


def _body(answer: JsonAnswer, state: DataState) -> bytes:
    meta = {
        **answer.body.get("meta", {}),
        "data_version": state.version,
        "schema_version": SCHEMA_VERSION,
    }
    return to_json({**answer.body, "meta": meta})


def _encode(body: bytes, encoding: str) -> bytes:
    if encoding == "gzip" and len(body) >= GZIP_FROM:
        return gzip.compress(body, GZIP_LEVEL, mtime=0)
    return body


def _link_header(answer: JsonAnswer) -> str | None:
    return ", ".join(f'<{href}>; rel="{name}"' for name, href in answer.links.items()) or None


def _held_response(held: HeldAnswer, media_type: str) -> Response:
    response = Response(held.body, mimetype=media_type)
    if held.body.startswith(GZIP_MARK):
        response.headers["Content-Encoding"] = "gzip"
    if held.link:
        response.headers["Link"] = held.link
    return response


def _stream(answer: StreamAnswer, connection: Connection, encoding: str) -> Response:
    parts = _gzip_parts(answer.parts) if encoding == "gzip" else answer.parts
    response = Response(parts, mimetype=answer.media_type)
    # Not when the stream ends: a HEAD, or a client that leaves, never begins it.
    response.call_on_close(connection.close)
    if encoding == "gzip":
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Content-Disposition"] = f'attachment; filename="{answer.file_name}"'
    response.headers["X-Total-Count"] = str(answer.total)
    return response


def _gzip_parts(parts: Iterable[bytes]) -> Iterator[bytes]:
    packer = zlib.compressobj(GZIP_LEVEL, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    for part in parts:
        if packed := packer.compress(part):
            yield packed
    yield packer.flush()


def _bytes(answer: BytesAnswer) -> Response:
    response = Response(answer.content, mimetype=None, content_type=answer.media_type)
    response.headers.update(dict(answer.headers))
    return response


def _finish(response: Response, state: DataState, tag: str) -> Response:
    """Add the headers that every answer from the data has."""
    response.set_etag(tag)
    modified = datetime.fromisoformat(state.last_modified)
    response.headers["Last-Modified"] = format_datetime(modified, usegmt=True)
    response.headers["Cache-Control"] = CACHE_CONTROL
    response.headers["Data-Version"] = state.version
    response.headers["Schema-Version"] = SCHEMA_VERSION
    response.headers["Vary"] = "Accept, Accept-Encoding"
    return response
