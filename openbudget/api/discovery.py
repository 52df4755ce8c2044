"""What describes the API itself: OpenAPI, schemas, docs, catalog, llms.txt, health."""

from __future__ import annotations

from functools import cache

import yaml
from flask import Blueprint, Response, abort, redirect, render_template
from werkzeug.wrappers import Response as BaseResponse

from openbudget.api.catalog import ENDPOINTS
from openbudget.api.dispatch import service
from openbudget.api.openapi import json_schemas, openapi_document
from openbudget.api.service import SCHEMA_VERSION
from openbudget.budget.vocabulary import TABLE_TITLES
from openbudget.errors import StorageError
from openbudget.formats.encoding import to_indented_json, to_json
from openbudget.texts import Text

BLUEPRINT = Blueprint("discovery", __name__, template_folder="templates", static_folder="static")
_CACHED = "public, max-age=300"


class _Writer(yaml.SafeDumper):
    """Writes YAML without anchors, so that every part can be read on its own."""

    def ignore_aliases(self, data: object) -> bool:
        return True


@cache
def openapi_yaml() -> str:
    """Write the OpenAPI document as YAML."""
    document = openapi_document()
    return yaml.dump(document, Dumper=_Writer, allow_unicode=True, sort_keys=False, width=100)


@cache
def _openapi_json() -> bytes:
    return to_json(openapi_document())


@BLUEPRINT.app_template_filter("readable")
def readable(value: object) -> str:
    """Write an example as JSON for reading, Chinese as it is."""
    return to_indented_json(value).decode()


@BLUEPRINT.app_template_filter("value")
def sent_value(value: object) -> str:
    """Write the example of a parameter as a client sends it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


@BLUEPRINT.get("/")
def root() -> BaseResponse:
    """Lead to the documentation."""
    return redirect("/docs")


@BLUEPRINT.get("/openapi.json")
def openapi_as_json() -> Response:
    """Answer the OpenAPI document as JSON."""
    return _described(_openapi_json(), "application/vnd.oai.openapi+json;version=3.1")


@BLUEPRINT.get("/openapi.yaml")
def openapi_as_yaml() -> Response:
    """Answer the OpenAPI document as YAML."""
    return _described(openapi_yaml().encode(), "application/vnd.oai.openapi;version=3.1")


@BLUEPRINT.get("/schemas/v1/")
def schema_index() -> Response:
    """Answer the list of schemas."""
    names = [f"/schemas/v1/{name}.schema.json" for name in json_schemas()]
    return _described(to_json({"schemas": names}), "application/json")


@BLUEPRINT.get("/schemas/v1/<name>.schema.json")
def schema(name: str) -> Response:
    """Answer one JSON Schema."""
    found = json_schemas().get(name)
    if found is None:
        abort(404)
    return _described(to_json(found), "application/schema+json")


@BLUEPRINT.get("/.well-known/api-catalog")
def api_catalog() -> Response:
    """Answer the catalog of RFC 9727: a link set."""
    linkset = [
        {
            "anchor": "/v1",
            "service-desc": [
                {"href": "/openapi.json", "type": "application/vnd.oai.openapi+json;version=3.1"}
            ],
            "service-doc": [{"href": "/docs", "type": "text/html"}],
            "status": [{"href": "/readyz", "type": "application/json"}],
        }
    ]
    return _described(to_json({"linkset": linkset}), "application/linkset+json")


@BLUEPRINT.get("/llms.txt")
def llms() -> Response:
    """Answer a guide in plain text."""
    text = render_template("llms.txt", endpoints=ENDPOINTS)
    return _described(text.encode(), "text/plain; charset=utf-8")


@BLUEPRINT.get("/docs")
def docs() -> Response:
    """Answer the documentation: one page that needs no other host and no script."""
    page = render_template(
        "docs.html", document=openapi_document(), version=SCHEMA_VERSION, kinds=TABLE_TITLES
    )
    response = _described(page.encode(), "text/html; charset=utf-8")
    policy = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'"
    response.headers["Content-Security-Policy"] = f"{policy}; frame-ancestors 'none'"
    return response


@BLUEPRINT.get("/healthz")
def healthz() -> Response:
    """Answer that the process runs."""
    return _uncached(to_json({"status": "ok"}))


@BLUEPRINT.get("/readyz")
def readyz() -> Response:
    """Answer whether there are data to serve.

    Raises:
        StorageError: nothing has been loaded, or the database cannot be reached.
    """
    with service().engine.connect() as connection:
        state = service().data_state(connection)
    if not state.version:
        raise StorageError(Text("nothing has been loaded yet"))
    return _uncached(to_json({"status": "ready", "data_version": state.version}))


def _described(body: bytes, media_type: str) -> Response:
    response = Response(body, content_type=media_type)
    response.headers["Cache-Control"] = _CACHED
    response.headers["Schema-Version"] = SCHEMA_VERSION
    response.add_etag()
    return response


def _uncached(body: bytes) -> Response:
    response = Response(body, mimetype="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response
