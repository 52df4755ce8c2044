"""The application factory."""

from __future__ import annotations

import re
from http import HTTPStatus
from pathlib import Path

from flask import Flask, Response, request
from sqlalchemy import Engine

from openbudget.api import bulk
from openbudget.api.catalog import ENDPOINTS
from openbudget.api.discovery import BLUEPRINT
from openbudget.api.dispatch import view_of
from openbudget.api.endpoint import Endpoint
from openbudget.api.problems import register_problems
from openbudget.api.service import Service, build_hash

EXPOSED = (
    *("ETag", "Last-Modified", "Cache-Control", "Link", "Data-Version", "Schema-Version"),
    *("X-Total-Count", "Content-Disposition", "Retry-After", "Allow"),
    *("Accept-Ranges", "Content-Range", "Content-Length"),
)
_STRICT = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": ", ".join(EXPOSED),
    "Cross-Origin-Resource-Policy": "cross-origin",
}
_POLICY = "default-src 'none'; frame-ancestors 'none'"
_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": (
        "Accept, Accept-Language, Content-Type, If-None-Match, If-Range, Range"
    ),
    "Access-Control-Max-Age": "86400",
}
MAX_REQUEST_BYTES = 1024


def create_app(engine: Engine, data: Path | None = None, public_address: str = "") -> Flask:
    """Make the application over a database opened for reading, and a folder of bulk files.

    `public_address` is what links in citations begin with; without it they are relative.
    """
    app = Flask("openbudget.api", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_REQUEST_BYTES
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    build = build_hash(public_address)
    service = Service(engine, build, data=data, public_address=public_address)
    app.extensions["openbudget"] = service
    for endpoint in ENDPOINTS:
        named = {"extension": endpoint.ending} if endpoint.ending else None
        rule, view = _rule(endpoint), view_of(endpoint)
        app.add_url_rule(rule, endpoint.operation_id, view, defaults=named)
    app.register_blueprint(BLUEPRINT)
    app.register_blueprint(bulk.BLUEPRINT)
    register_problems(app)
    app.after_request(_finish)
    return app


def _rule(endpoint: Endpoint) -> str:
    """Turn an OpenAPI path into a rule of werkzeug; endings are a closed set."""
    rule = endpoint.path
    for parameter in endpoint.parameters:
        if parameter.name == "extension" and parameter.pattern:
            names = parameter.pattern.strip("^()$").split("|")
            endings = ",".join(f'"{name}"' for name in names)
            rule = rule.replace("{extension}", f"<any({endings}):extension>")
    return re.sub(r"\{(\w+)\}", r"<\1>", rule)


def _finish(response: Response) -> Response:
    """Add the headers that every answer has, and answer a tag that the client holds with 304."""
    for name, value in _STRICT.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Content-Security-Policy", _POLICY)
    response.headers.setdefault("Cache-Control", "no-store")
    if request.method == "OPTIONS":
        response.headers.update(_PREFLIGHT)
    elif response.status_code == HTTPStatus.OK and "Data-Version" not in response.headers:
        response.make_conditional(request)
    return response
