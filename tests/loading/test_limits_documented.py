from __future__ import annotations

from openbudget.config import LIMITS, limit_variable
from openbudget.reading.limits import DEFAULT_LIMITS
from tests.conftest import ROOT

TEXT = (ROOT / "docs" / "limits.md").read_text(encoding="utf-8")


def test_every_limit_is_documented_with_its_default() -> None:
    rows = [line for line in TEXT.splitlines() if line.startswith("| ")][1:]
    defaults = {
        "bytes": "64 MiB",
        "unpacked": "256 MiB",
        "part": "64 MiB",
        "ratio": str(DEFAULT_LIMITS.ratio),
        "members": f"{DEFAULT_LIMITS.members:,}",
        "nesting": str(DEFAULT_LIMITS.nesting),
        "pages": str(DEFAULT_LIMITS.pages),
        "cells": f"{DEFAULT_LIMITS.cells:,}",
        "memory": "1 GiB",
        "seconds": f"{DEFAULT_LIMITS.seconds:g}",
    }
    for name, row in zip(LIMITS, rows, strict=True):
        end = f"`{limit_variable(name)}` | `--max-{name}` | {defaults[name]} |"
        assert row.endswith(end)
    sizes = (DEFAULT_LIMITS.content_bytes, DEFAULT_LIMITS.part_bytes)
    assert sizes == (64 << 20, 64 << 20)
    assert (DEFAULT_LIMITS.decompressed_bytes, DEFAULT_LIMITS.memory_bytes) == (256 << 20, 1 << 30)
