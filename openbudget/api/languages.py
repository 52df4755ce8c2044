"""In which language a client is answered, and the texts of errors in another one than English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from importlib import resources
from typing import Any

from flask import request

from openbudget.texts import Joined, Text
from openbudget.yaml_files import load_yaml

LANGUAGES = ("zh", "en")
CHINESE, ENGLISH = LANGUAGES


@dataclass(frozen=True)
class Catalogue:
    """Texts of one language: by their English template; titles and details also by status."""

    statuses: Mapping[int, tuple[str, str]]
    texts: Mapping[str, str]


@cache
def catalogue() -> Catalogue:
    """Read the Chinese texts."""
    source = resources.files("openbudget.api") / "texts.zh.yaml"
    found = load_yaml(source.read_bytes())
    statuses = {status: (title, said) for status, (title, said) in found["statuses"].items()}
    return Catalogue(statuses, found["texts"])


def asked_language() -> str | None:
    """Give the language that a request asks for: by ``lang=``, then by ``Accept-Language``."""
    wanted = request.args.get("lang")
    if wanted in LANGUAGES:
        return wanted
    # By the first part of a tag, the most wanted first: zh-CN is Chinese.
    asked = (tag.partition("-")[0].lower() for tag, quality in request.accept_languages if quality)
    return next((language for language in asked if language in LANGUAGES), None)


def in_language(text: Any, language: str) -> Any:
    """Tell a text, and what fills it, in a language; what is no text of ours stays as it is."""
    if language == ENGLISH or not isinstance(text, (Text, Joined)):
        return text
    if isinstance(text, Joined):
        parts = [in_language(part, language) for part in text.parts]
        return str(in_language(text.between, language)).join(parts)
    fields = {name: in_language(value, language) for name, value in text.fields.items()}
    return catalogue().texts.get(text.template, text.template).format(**fields)


def status_texts(status: int, language: str) -> tuple[str, str]:
    """Give the title of a status, and what it means where no more is known."""
    if language == CHINESE and status in catalogue().statuses:
        return catalogue().statuses[status]
    known = HTTPStatus(status)
    return known.phrase, known.description or known.phrase
