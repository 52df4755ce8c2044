"""Snippets of the documentation, each with the output that stands below it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tests.conftest import ROOT

ADDRESS = "http://127.0.0.1:8000"
"""Where the documentation says that the server is."""
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_OUTPUT = "text"


@dataclass(frozen=True)
class Snippet:
    """A fenced snippet; `output` is the fence of text behind it, None where there is none."""

    heading: str
    language: str
    code: str
    output: str | None

    def write_output(self, document: str, printed: str) -> None:
        """Put what it prints below it."""
        path = ROOT / "docs" / document
        before = f"{self.code}```\n\n```{_OUTPUT}\n"
        text = path.read_text(encoding="utf-8")
        assert text.count(before) == 1, self.heading
        path.write_text(text.replace(f"{before}{self.output}", before + printed), encoding="utf-8")


def snippets(document: str) -> list[Snippet]:
    """Read the snippets of a file in docs/, in their order."""
    text = (ROOT / "docs" / document).read_text(encoding="utf-8")
    fences = list(_FENCE.finditer(text))
    found = []
    for at, fence in enumerate(fences):
        following = fences[at + 1] if at + 1 < len(fences) else None
        shown = following is not None and following[1] == _OUTPUT
        output = following[2] if following and shown else None
        if fence[1] != _OUTPUT:
            heading = _heading_above(text[: fence.start()])
            found.append(Snippet(heading, fence[1], fence[2], output))
    return found


def _heading_above(before: str) -> str:
    # A comment in a snippet looks like a heading.
    return _HEADING.findall(_FENCE.sub("", before))[-1]
