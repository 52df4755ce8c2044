"""Words that no finding, rule or report uses: they accuse, and a finding only states."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

_WORDS = yaml.safe_load(Path(__file__).with_name("accusing_words.yaml").read_text(encoding="utf-8"))
CHINESE = [word for line in _WORDS["zh"] for word in line.split()]
ENGLISH = [word for line in _WORDS["en"] for word in line.split()]
_PATTERN = re.compile("|".join([*CHINESE, rf"\b(?:{'|'.join(ENGLISH)})\b"]), re.IGNORECASE)


def accusations(text: str) -> list[str]:
    """Give the words of accusation in a text."""
    return _PATTERN.findall(text)
