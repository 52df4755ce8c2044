"""What a `source.yaml` says is read alike however it is written, and what is no YAML is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from openbudget.budget.document import DocumentIdentity, Origin
from openbudget.budget.vocabulary import Phase, Scope
from openbudget.errors import SourceDescriptionError
from openbudget.loading.source import SourceDescription, read_source

IDENTITY = DocumentIdentity(
    "310107", "400001", 2025, Scope.UNIT, Phase.APPROVED, "2025年单位预算", "上海市普陀区某局"
)
SAID = {
    "title": "2025年单位预算",
    "publisher": "上海市普陀区某局",
    "jurisdiction": "310107",
    "department": "400001",
    "fiscal_year": 2025,
    "scope": "unit",
    "phase": "approved",
    "origin": {"url": "https://example.org/", "notes": ["一", "二"]},
    "expect": {"tables": 9},
}
WRITTEN = {
    "JSON": json.dumps(SAID),
    "YAML": yaml.safe_dump(SAID, allow_unicode=True),
    "tabs between": yaml.safe_dump(SAID).replace(": ", ":\t"),
    "an anchor": yaml.safe_dump(SAID).replace("title:", "title: &name"),
}


@pytest.mark.parametrize("form", WRITTEN)
def test_a_description_says_the_same_in_every_form(tmp_path: Path, form: str) -> None:
    path = tmp_path / "source.yaml"
    path.write_text(WRITTEN[form], encoding="utf-8")
    origin = Origin("https://example.org/", notes=("一", "二"))
    assert read_source(path) == SourceDescription(IDENTITY, origin=origin, expect={"tables": 9})


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("origin:\n\turl: x\n", "found character that cannot start any token"),
        ("title: &a x\npublisher: *a\n", "it has an alias, and none is needed here"),
        ("title: [" * 5000, "it is nested too deep"),
        ("title: [x\n", "while parsing a flow sequence"),
        ("title: !!python/name:x y\n", "could not determine a constructor"),
    ],
    ids=["tab", "alias", "nesting", "not closed", "tag"],
)
def test_what_is_refused_is_said(tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "source.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SourceDescriptionError, match=sentence):
        read_source(path)
