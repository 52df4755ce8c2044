"""Every operation of the committed OpenAPI document, with the examples that it gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.api.contract import read_yaml
from tests.conftest import ROOT

DOCUMENT = ROOT / "openapi.yaml"
_CONTENT = read_yaml(DOCUMENT.read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Operation:
    """An operation; `arguments` are the examples of all that it needs."""

    name: str
    path: str
    arguments: dict[str, Any]
    content: dict[str, Any]
    """What 200 holds, by media type; empty where it only leads on."""

    @property
    def model(self) -> str | None:
        """The schema of its answer, where clients read JSON first."""
        media_type, shown = next(iter(self.content.items()), ("", {}))
        if media_type != "application/json":
            return None
        return str(shown["schema"]["$ref"]).rpartition("/")[2]


def _read(path: str, described: dict[str, Any]) -> Operation:
    needed = {p["name"]: p["example"] for p in described["parameters"] if p["required"]}
    content = described["responses"].get("200", {}).get("content", {})
    return Operation(described["operationId"], path, needed, content)


OPERATIONS = [
    _read(path, described)
    for path, item in _CONTENT["paths"].items()
    for described in item.values()
]
