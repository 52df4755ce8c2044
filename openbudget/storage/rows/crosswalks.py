"""The rows of crosswalks and their mappings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from openbudget.budget.classification import CodeName, Crosswalk, MappedCode, MappingStatus


def crosswalk_values(own: Crosswalk) -> dict[str, Any]:
    """Give the row of a crosswalk."""
    official = [m for m in own.mappings if m.status is MappingStatus.OFFICIAL]
    return {
        "id": own.id,
        "title_zh": own.title_zh,
        "title_en": own.title_en,
        **_ends(own),
        "status": own.status,
        "origin": own.origin,
        "mapping_count": len(own.mappings),
        "official_count": len(official),
    }


def mapping_values(own: Crosswalk) -> Iterator[dict[str, Any]]:
    """Give the rows of the mappings of a crosswalk."""
    ends = _ends(own)
    for mapping in own.mappings:
        codes = [mapping.source.own.code, *([mapping.target.own.code] if mapping.target else [])]
        yield {
            **ends,
            "id": ".".join([own.id, *codes]),
            "crosswalk": own.id,
            "source_code": codes[0],
            "source": _names(mapping.source),
            "target_code": mapping.target.own.code if mapping.target else None,
            "target": _names(mapping.target) if mapping.target else None,
            "condition": mapping.condition or None,
            "confidence": mapping.confidence,
            "status": mapping.status,
            "note": mapping.note,
        }


def _ends(own: Crosswalk) -> dict[str, str]:
    return {
        "source_scheme": own.source.scheme,
        "source_edition": own.source.edition,
        "target_scheme": own.target.scheme,
        "target_edition": own.target.edition,
    }


def _names(code: MappedCode) -> dict[str, Any]:
    """Give the names of a code, and the code above it with its names."""
    above = code.parent
    return {
        "label": _label(code.own),
        "parent": above.code if above else None,
        "parent_label": _label(above) if above else None,
    }


def _label(code: CodeName) -> dict[str, str | None]:
    return {"zh": code.zh, "en": code.en}
