"""Errors as RFC 9457 problems that say how to mend the call, in the language of the client."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from openbudget.api.languages import ENGLISH, asked_language, in_language, status_texts
from openbudget.errors import StorageError
from openbudget.formats.encoding import to_json
from openbudget.texts import Text, following, listed

MEDIA_TYPE = "application/problem+json"
_CUBES = "/v1/cubes/"
_LOG = logging.getLogger("openbudget.api")
_HINTS = {
    404: (
        Text("Not Found"),
        Text("GET /v1 lists the resources; GET /openapi.json describes every path."),
    ),
    405: (
        Text("Method Not Allowed"),
        Text("The API is read-only: use GET, HEAD or OPTIONS."),
    ),
}
"""What is wrong, and how to mend it, by status."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing wrong with a call: the parameter, what is wrong, what is allowed, a hint."""

    parameter: str | None
    detail: Text
    allowed: Sequence[Any] | None = None
    hint: Text | None = None


@dataclass
class ProblemError(Exception):
    """An answer that is not what was asked for; without a detail, that of its status."""

    status: int
    detail: Text | None
    mistakes: list[Mistake] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)


def bad_request(mistakes: list[Mistake]) -> ProblemError:
    """Give the problem of a call with mistakes, all of them named."""
    names = sorted({m.parameter for m in mistakes if m.parameter}) or [Text("errors")]
    detail = Text("The call cannot be answered as it is: see {names}.", names=listed(names))
    return ProblemError(400, detail, mistakes)


def not_found(what: Text, identifier: str, hint: Text) -> ProblemError:
    """Give the problem of an id that names nothing."""
    detail = Text("There is no {what} {identifier!r}.", what=what, identifier=identifier)
    return ProblemError(404, detail, [Mistake(None, Text("unknown id"), hint=hint)])


def not_listed(what: Text, identifier: str, path: str) -> ProblemError:
    """Give the problem of an id that names nothing in the list at a path."""
    return not_found(what, identifier, Text("GET {path} lists those there are.", path=path))


def register_problems(app: Flask) -> None:
    """Answer every error of the app as a problem."""
    app.register_error_handler(ProblemError, answer_problem)
    app.register_error_handler(HTTPException, _answer_http_exception)
    app.register_error_handler(StorageError, _answer_storage_error)
    app.register_error_handler(SQLAlchemyError, _answer_database_error)
    app.register_error_handler(Exception, _answer_unexpected)


def answer_problem(problem: ProblemError) -> Response:
    """Write a problem as JSON, in the language that the client asks for, else in English."""
    language = asked_language() or ENGLISH
    body = _body(problem, language)
    media_type = MEDIA_TYPE
    if _in_cubes(request.path):
        message = in_language(_message(body), language)
        body = {"status": "error", "message": message, "context": {"problem": body}}
        media_type = "application/json"
    response = Response(to_json(body), problem.status, mimetype=media_type)
    response.headers.update(problem.headers)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Language"] = language
    response.vary.add("Accept-Language")
    return response


def _body(problem: ProblemError, language: str) -> dict[str, Any]:
    title, described = status_texts(problem.status, language)
    return {
        "type": "about:blank",
        "title": title,
        "status": problem.status,
        "detail": in_language(problem.detail, language) or described,
        "instance": request.path,
        "errors": [
            {
                "parameter": m.parameter,
                "detail": in_language(m.detail, language),
                "allowed": m.allowed,
                "hint": in_language(m.hint, language),
            }
            for m in problem.mistakes
        ],
    }


def _in_cubes(path: str) -> bool:
    """Whether errors have the body that clients of Babbage expect."""
    return f"{path}/".startswith(_CUBES)


def _message(body: Mapping[str, Any]) -> str:
    """Say everything in one text, which is all that a client of Babbage shows."""
    return following([body["detail"], *map(_said, body["errors"])])


def _said(mistake: Mapping[str, Any]) -> str:
    """Say what is wrong in sentences."""
    detail = mistake["detail"].removesuffix(".").removesuffix("。")
    if mistake["parameter"]:
        said = Text("At {parameter}: {detail}.", parameter=mistake["parameter"], detail=detail)
    else:
        said = Text("{detail}.", detail=f"{detail[:1].upper()}{detail[1:]}")
    return following(filter(None, [said, mistake["hint"]]))


def _answer_http_exception(error: HTTPException) -> Response:
    """Keep werkzeug's own headers (Allow, Retry-After): only the body becomes a problem."""
    status = error.code or 500
    if status < HTTPStatus.BAD_REQUEST:
        return Response(status=status, headers=list(error.get_headers()))
    known = _HINTS.get(status)
    mistakes = [Mistake(None, known[0], hint=known[1])] if known else []
    kept = {k: v for k, v in error.get_headers() if k.lower() not in ("content-type", "location")}
    return answer_problem(ProblemError(status, _plain(status), mistakes, kept))


def _plain(status: int) -> Text | None:
    if status == HTTPStatus.NOT_FOUND:
        return Text("There is nothing at {path}.", path=request.path)
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        return Text("{method} is not allowed here.", method=request.method)
    return None


def _answer_storage_error(error: StorageError) -> Response:
    detail = Text("The data are not available: {reason}.", reason=error.args[0])
    return answer_problem(ProblemError(503, detail, headers={"Retry-After": "5"}))


def _answer_database_error(error: SQLAlchemyError) -> Response:
    if "integer overflow" in str(error):
        detail = Text(
            "the sum of these amounts is larger than 64 bits hold (92,233,720,368,547,758.07 yuan)"
        )
        hint = Text("Sum fewer of them: some figure in the documents is not what is meant.")
        return answer_problem(bad_request([Mistake(None, detail, hint=hint)]))
    _LOG.error("the database does not answer", exc_info=error)
    return _answer_storage_error(StorageError(Text("the database does not answer")))


def _answer_unexpected(error: Exception) -> Response:
    """Tell a request id and nothing of the inside; the log has the rest under that id."""
    identifier = secrets.token_hex(8)
    _LOG.error("request %s failed", identifier, exc_info=error)
    detail = Text("Something went wrong here. Request id: {identifier}.", identifier=identifier)
    return answer_problem(ProblemError(500, detail))
