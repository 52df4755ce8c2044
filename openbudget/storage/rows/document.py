"""The row of a document, and those of its narrative."""

from __future__ import annotations

from openbudget.budget.document import BudgetDocument, DocumentIdentity, Origin, Section
from openbudget.budget.identifiers import VERSION_LENGTH, department_id, document_id, versioned
from openbudget.budget.table import Place
from openbudget.storage.rows.parts import Values, place_of, printed_of


def document_key(document: BudgetDocument) -> Values:
    """Give what every row of a document version has, but for its own id and position."""
    return version_key(document.identity, document.file.sha256[:VERSION_LENGTH])


def version_key(identity: DocumentIdentity, version: str) -> Values:
    """Give what every row of a current version of a document has, but for id and position."""
    return {
        "jurisdiction": identity.jurisdiction,
        "fiscal_year": identity.fiscal_year,
        "document": document_id(identity),
        "version": version,
        "current": True,
        "department": department_id(identity.jurisdiction, identity.department),
        "scope": identity.scope.value,
        "phase": identity.phase.value,
    }


def document_values(document: BudgetDocument) -> Values:
    """Give the row of the document itself, but for how and when it was read."""
    coverage = document.coverage
    return {
        **document_key(document),
        "id": versioned(document_id(document.identity), document.file.sha256),
        "position": 0,
        "title": document.identity.title,
        "publisher": document.identity.publisher,
        "sha256": document.file.sha256,
        "media_type": document.file.media_type,
        "size": document.file.size,
        "origin": origin_values(document.file.origin),
        "staff": [_staff(document, number) for number in range(len(document.staff))],
        "described_department": describe_department(document),
        "cells": coverage.cells,
        "used": coverage.used,
        "ignored": [{"reason": reason, "count": count} for reason, count in coverage.ignored],
        "unmapped": [
            {"text": cell.text, "reason": cell.reason, "place": place_of(Place(cell.anchor))}
            for cell in coverage.unmapped
        ],
        "table_count": len(document.tables),
        "line_count": sum(len(table.lines) for table in document.tables),
    }


def origin_values(origin: Origin) -> Values:
    """Give where a file is from, as it is said beside it."""
    known = {"url": origin.url, "published": origin.published, "terms": origin.terms}
    return {**known, "notes": list(origin.notes)}


def _staff(document: BudgetDocument, number: int) -> Values:
    staff = document.staff[number]
    return {
        "count": staff.count,
        "label": staff.label,
        "text": staff.text,
        "place": place_of(staff.place),
    }


def describe_department(document: BudgetDocument) -> Values:
    """Give what a document prints about its department."""
    department = document.department
    supervising = department.supervising
    return {
        "code": department.code,
        "name": department.name,
        "names": [{"name": n.name, "place": place_of(n.place)} for n in department.names],
        "types": [{"name": n.name, "place": place_of(n.place)} for n in department.types],
        "supervising": supervising
        and {
            "name": supervising.name,
            "credit_code": supervising.credit_code,
            "place": place_of(supervising.place),
        },
    }


def section_values(section: Section) -> Values:
    """Give the row of a section."""
    return {
        "id": f"sections.{section.number}",
        "number": section.number,
        "level": section.level,
        "heading": printed_of(section.heading),
        "parent": section.parent,
        "paragraphs": [printed_of(paragraph) for paragraph in section.paragraphs],
    }
