"""The tables of the database.

Rows of one version of a document never change: a newer version only takes away their `current`.
The primary key of every large table begins with jurisdiction and fiscal year, on both engines, so
that it can be partitioned by them; `id` is ``{document}@{version}.{local id}``.
"""

from openbudget.storage.models.base import Base
from openbudget.storage.models.reference import (
    CodeRow,
    CrosswalkMappingRow,
    CrosswalkRow,
    DepartmentAliasRow,
    DepartmentRow,
    EditionRow,
    FactRow,
    JurisdictionRow,
    RuleRow,
    SourceRow,
)
from openbudget.storage.models.search import SearchEntryRow
from openbudget.storage.models.versioned import (
    PART_MODELS,
    ClaimRow,
    DocumentRow,
    FindingItemRow,
    FindingRow,
    IndicatorRow,
    LineRow,
    ProjectRow,
    SectionRow,
    TableRow,
    TargetRow,
    TransferRow,
)

__all__ = [
    "PART_MODELS",
    "Base",
    "ClaimRow",
    "CodeRow",
    "CrosswalkMappingRow",
    "CrosswalkRow",
    "DepartmentAliasRow",
    "DepartmentRow",
    "DocumentRow",
    "EditionRow",
    "FactRow",
    "FindingItemRow",
    "FindingRow",
    "IndicatorRow",
    "JurisdictionRow",
    "LineRow",
    "ProjectRow",
    "RuleRow",
    "SearchEntryRow",
    "SectionRow",
    "SourceRow",
    "TableRow",
    "TargetRow",
    "TransferRow",
]
