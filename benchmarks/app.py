"""The API with a constant answer beside it, to measure against."""

from __future__ import annotations

from flask import Flask, Response

from openbudget.api.app import create_app
from openbudget.api.service import AnswerCache
from openbudget.storage.database import open_for_reading


def make(url: str, *, cached: bool) -> Flask:
    app = create_app(open_for_reading(url))
    if not cached:
        app.extensions["openbudget"].answers = AnswerCache(limit=0)

    @app.get("/constant")
    def constant() -> Response:
        return Response(b'{"constant":true}', mimetype="application/json")

    return app
