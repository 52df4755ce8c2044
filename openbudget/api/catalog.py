"""Every endpoint of the API, in the order in which it is documented."""

from __future__ import annotations

from openbudget.api.endpoint import Endpoint
from openbudget.api.listing import ListResource
from openbudget.api.resources import classifications
from openbudget.api.resources.budgets import BUDGET
from openbudget.api.resources.changes import CHANGE_LIST
from openbudget.api.resources.citations import citation_endpoint
from openbudget.api.resources.claims import CLAIMS
from openbudget.api.resources.codes import CODES
from openbudget.api.resources.compare.endpoints import ENDPOINTS as COMPARISONS
from openbudget.api.resources.crosswalks import CROSSWALK_MAPPINGS, CROSSWALKS
from openbudget.api.resources.cubes.endpoints import ENDPOINTS as CUBES
from openbudget.api.resources.departments import DEPARTMENTS
from openbudget.api.resources.documents import DOCUMENTS, SOURCE
from openbudget.api.resources.findings import FINDINGS
from openbudget.api.resources.indicators import INDICATORS
from openbudget.api.resources.jurisdictions import JURISDICTION, JURISDICTIONS
from openbudget.api.resources.lines import LINES
from openbudget.api.resources.projects import PROJECTS
from openbudget.api.resources.rules import RULES
from openbudget.api.resources.sdmx.data import ENDPOINTS as SDMX_DATA
from openbudget.api.resources.sdmx.structures import ENDPOINTS as SDMX_STRUCTURES
from openbudget.api.resources.search import SEARCH
from openbudget.api.resources.sections import SECTIONS
from openbudget.api.resources.service_document import SERVICE
from openbudget.api.resources.tables import TABLES
from openbudget.api.resources.targets import TARGETS
from openbudget.api.resources.transfers import TRANSFERS
from openbudget.api.resources.trees import TREE

LISTS: tuple[ListResource, ...] = (
    DEPARTMENTS,
    DOCUMENTS,
    TABLES,
    LINES,
    PROJECTS,
    TRANSFERS,
    TARGETS,
    INDICATORS,
    FINDINGS,
    RULES,
    CLAIMS,
    CODES,
    CROSSWALKS,
    CROSSWALK_MAPPINGS,
)
ENDPOINTS: tuple[Endpoint, ...] = (
    SERVICE,
    JURISDICTIONS,
    JURISDICTION,
    *DEPARTMENTS.endpoints(),
    BUDGET,
    *DOCUMENTS.endpoints(),
    SOURCE,
    SECTIONS,
    *CLAIMS.endpoints(),
    *(endpoint for own in LISTS[2:] if own.within == "/v1" for endpoint in own.endpoints()),
    *classifications.ENDPOINTS,
    *CODES.endpoints(),
    TREE,
    *CUBES,
    *SDMX_DATA,
    *SDMX_STRUCTURES,
    *COMPARISONS,
    *SEARCH.endpoints(),
    *CHANGE_LIST.endpoints(),
    *(citation_endpoint(own) for own in LISTS if "citation" in own.include),
)
