"""Errors as RFC 9457 problems that say how to mend the call."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from openbudget.errors import StorageError
from openbudget.formats.encoding import to_json

MEDIA_TYPE = "application/problem+json"
_CUBES = "/v1/cubes/"
_LOG = logging.getLogger("openbudget.api")
_HINTS = {
    404: "GET /v1 lists the resources; GET /openapi.json describes every path.",
    405: "The API is read-only: use GET, HEAD or OPTIONS.",
}


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing wrong with a call: the parameter, what is wrong, what is allowed, a hint."""

    parameter: str | None
    detail: str
    allowed: Sequence[Any] | None = None
    hint: str | None = None


@dataclass
class ProblemError(Exception):
    """An answer that is not what was asked for."""

    status: int
    detail: str
    mistakes: list[Mistake] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The phrase of the status."""
        return HTTPStatus(self.status).phrase


def bad_request(mistakes: list[Mistake]) -> ProblemError:
    """Give the problem of a call with mistakes, all of them named."""
    names = ", ".join(sorted({m.parameter for m in mistakes if m.parameter}))
    return ProblemError(
        400, f"The call cannot be answered as it is: see {names or 'errors'}.", mistakes
    )


def not_found(what: str, identifier: str, hint: str) -> ProblemError:
    """Give the problem of an id that names nothing."""
    return ProblemError(
        404, f"There is no {what} {identifier!r}.", [Mistake(None, "unknown id", hint=hint)]
    )


def register_problems(app: Flask) -> None:
    """Answer every error of the app as a problem."""
    app.register_error_handler(ProblemError, answer_problem)
    app.register_error_handler(HTTPException, _answer_http_exception)
    app.register_error_handler(StorageError, _answer_storage_error)
    app.register_error_handler(SQLAlchemyError, _answer_database_error)
    app.register_error_handler(Exception, _answer_unexpected)


def answer_problem(problem: ProblemError) -> Response:
    """Write a problem as JSON."""
    body = {
        "type": "about:blank",
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        "instance": request.path,
        "errors": [
            {"parameter": m.parameter, "detail": m.detail, "allowed": m.allowed, "hint": m.hint}
            for m in problem.mistakes
        ],
    }
    media_type = MEDIA_TYPE
    if _in_cubes(request.path):
        context = {"problem": body}
        body = {"status": "error", "message": _message(problem), "context": context}
        media_type = "application/json"
    response = Response(to_json(body), problem.status, mimetype=media_type)
    response.headers.update(problem.headers)
    response.headers["Cache-Control"] = "no-store"
    return response


def _in_cubes(path: str) -> bool:
    """Whether errors have the body that clients of Babbage expect."""
    return f"{path}/".startswith(_CUBES)


def _message(problem: ProblemError) -> str:
    """Say everything in one text, which is all that a client of Babbage shows."""
    return " ".join([problem.detail, *map(_said, problem.mistakes)])


def _said(mistake: Mistake) -> str:
    """Say what is wrong in sentences."""
    detail = mistake.detail.removesuffix(".")
    if mistake.parameter:
        said = f"At {mistake.parameter}: {detail}."
    else:
        said = f"{detail[:1].upper()}{detail[1:]}."
    return f"{said} {mistake.hint or ''}".strip()


def _answer_http_exception(error: HTTPException) -> Response:
    """Keep werkzeug's own headers (Allow, Retry-After): only the body becomes a problem."""
    status = error.code or 500
    if status < HTTPStatus.BAD_REQUEST:
        return Response(status=status, headers=list(error.get_headers()))
    hint = _HINTS.get(status)
    mistakes = [Mistake(None, error.name, hint=hint)] if hint else []
    kept = {k: v for k, v in error.get_headers() if k.lower() not in ("content-type", "location")}
    return answer_problem(ProblemError(status, _plain(error), mistakes, kept))


def _plain(error: HTTPException) -> str:
    if error.code == HTTPStatus.NOT_FOUND:
        return f"There is nothing at {request.path}."
    if error.code == HTTPStatus.METHOD_NOT_ALLOWED:
        return f"{request.method} is not allowed here."
    return HTTPStatus(error.code or 500).description or error.name


def _answer_storage_error(error: StorageError) -> Response:
    headers = {"Retry-After": "5"}
    return answer_problem(
        ProblemError(503, f"The data are not available: {error}.", headers=headers)
    )


def _answer_database_error(error: SQLAlchemyError) -> Response:
    if "integer overflow" in str(error):
        detail = (
            "the sum of these amounts is larger than 64 bits hold (92,233,720,368,547,758.07 yuan)"
        )
        hint = "Sum fewer of them: some figure in the documents is not what is meant."
        return answer_problem(bad_request([Mistake(None, detail, hint=hint)]))
    _LOG.error("the database does not answer", exc_info=error)
    return _answer_storage_error(StorageError("the database does not answer"))


def _answer_unexpected(error: Exception) -> Response:
    """Tell a request id and nothing of the inside; the log has the rest under that id."""
    identifier = secrets.token_hex(8)
    _LOG.error("request %s failed", identifier, exc_info=error)
    return answer_problem(
        ProblemError(500, f"Something went wrong here. Request id: {identifier}.")
    )
