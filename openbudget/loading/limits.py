"""From limits as they are set to limits as readers take them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from openbudget.reading.limits import DEFAULT_LIMITS, ReadingLimits

FIELDS = {
    "bytes": "content_bytes",
    "unpacked": "decompressed_bytes",
    "part": "part_bytes",
    "ratio": "ratio",
    "members": "members",
    "nesting": "nesting",
    "pages": "pages",
    "cells": "cells",
    "memory": "memory_bytes",
    "seconds": "seconds",
}
"""The field of `ReadingLimits` for each name in `config.LIMITS`."""


def reading_limits(settings: Mapping[str, int]) -> ReadingLimits:
    """Give the limits of readers: those that are set, the others by default."""
    return replace(DEFAULT_LIMITS, **{FIELDS[name]: value for name, value in settings.items()})
