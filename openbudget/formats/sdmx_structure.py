"""SDMX-ML 2.1, structures: dataflows, and what their dimensions, attributes and codes mean.

Each dataflow has a data structure of its own name. Dimensions without a code list take any member.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lxml import etree

from openbudget.formats.sdmx import VALUE, Dataflow

_SCHEMAS = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1"
_NAMESPACES = {
    "message": f"{_SCHEMAS}/message",
    "structure": f"{_SCHEMAS}/structure",
    "common": f"{_SCHEMAS}/common",
}
_MESSAGE, _STRUCTURE, _COMMON = (f"{{{name}}}" for name in _NAMESPACES.values())
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_CONCEPTS = "CONCEPTS"
_TIME = "TIME_PERIOD"
Names = Mapping[str, str]
"""A name by its language."""


@dataclass(frozen=True, slots=True)
class Component:
    """A dimension, an attribute or the value: its names, and its codes where they are closed."""

    names: Names
    codes: Mapping[str, Names]


@dataclass(frozen=True, slots=True)
class Structures:
    """What a structure message tells: flows with their names, and components by their ids.

    `dataflows` and `datastructures` say which of the two it tells; `references` whether it also
    tells the concepts and code lists that structures refer to.
    """

    flows: Sequence[tuple[Dataflow, Names]]
    components: Mapping[str, Component]
    prepared: str
    dataflows: bool
    datastructures: bool
    references: bool


def write_structures(told: Structures) -> bytes:
    """Write a structure message; its parts stand in the order of the schema."""
    root = etree.Element(f"{_MESSAGE}Structure", nsmap=_NAMESPACES)
    agency = told.flows[0][0].agency
    header = etree.SubElement(root, f"{_MESSAGE}Header")
    for name, text in (("ID", "STRUCTURES"), ("Test", "false"), ("Prepared", told.prepared)):
        etree.SubElement(header, f"{_MESSAGE}{name}").text = text
    etree.SubElement(header, f"{_MESSAGE}Sender", id=agency)
    body = etree.SubElement(root, f"{_MESSAGE}Structures")
    if told.dataflows:
        parent = _part(body, "Dataflows")
        for flow, names in told.flows:
            own = _maintained(parent, "Dataflow", flow, flow.id, names)
            _reference(_part(own, "Structure"), flow, flow.id, "DataStructure")
    if told.references:
        _lists(body, told)
    if told.datastructures:
        parent = _part(body, "DataStructures")
        for flow, names in told.flows:
            own = _maintained(parent, "DataStructure", flow, flow.id, names)
            _data_structure(_part(own, "DataStructureComponents"), flow, told.components)
    found: bytes = etree.tostring(root, xml_declaration=True, encoding="utf-8")
    return found


def _lists(body: Any, told: Structures) -> None:
    """Write the code lists, and the concepts."""
    flow = told.flows[0][0]
    codelists = _part(body, "Codelists")
    for name, component in told.components.items():
        if component.codes:
            own = _maintained(codelists, "Codelist", flow, _list_of(name), component.names)
            for code, names in component.codes.items():
                _named(_part(own, "Code", id=code), names)
    concepts = _part(body, "Concepts")
    scheme = {"zh": "概念", "en": "Concepts"}
    own = _maintained(concepts, "ConceptScheme", flow, _CONCEPTS, scheme)
    for name, component in told.components.items():
        _named(_part(own, "Concept", id=name), component.names)


def _data_structure(parent: Any, flow: Dataflow, components: Mapping[str, Component]) -> None:
    dimensions = _part(parent, "DimensionList", id="DimensionDescriptor")
    for position, name in enumerate(flow.dimensions, 1):
        kind = "TimeDimension" if name == _TIME else "Dimension"
        own = _part(dimensions, kind, id=name, position=str(position))
        _represented(own, flow, name, components[name])
    attributes = _part(parent, "AttributeList", id="AttributeDescriptor")
    series = [name for name in flow.dimensions if name != _TIME]
    for name in (*flow.series_attributes, *flow.observation_attributes):
        own = _part(attributes, "Attribute", id=name, assignmentStatus="Conditional")
        _represented(own, flow, name, components[name])
        related = _part(own, "AttributeRelationship")
        if name in flow.series_attributes:
            for dimension in series:
                etree.SubElement(_part(related, "Dimension"), "Ref", id=dimension)
        else:
            etree.SubElement(_part(related, "PrimaryMeasure"), "Ref", id=VALUE)
    measures = _part(parent, "MeasureList", id="MeasureDescriptor")
    _represented(_part(measures, "PrimaryMeasure", id=VALUE), flow, VALUE, components[VALUE])


def _represented(own: Any, flow: Dataflow, name: str, component: Component) -> None:
    """Say what a component is of, and which values it takes."""
    identity = _part(own, "ConceptIdentity")
    reference = {
        "id": name,
        "maintainableParentID": _CONCEPTS,
        "maintainableParentVersion": flow.version,
        "agencyID": flow.agency,
        "package": "conceptscheme",
        "class": "Concept",
    }
    etree.SubElement(identity, "Ref", reference)
    local = _part(own, "LocalRepresentation")
    if component.codes:
        _reference(_part(local, "Enumeration"), flow, _list_of(name), "Codelist")
    else:
        types = {_TIME: "ObservationalTimePeriod", VALUE: "Decimal"}
        _part(local, "TextFormat", textType=types.get(name, "String"))


def _list_of(name: str) -> str:
    return f"CL_{name}"


def _reference(parent: Any, flow: Dataflow, identifier: str, kind: str) -> None:
    package = "codelist" if kind == "Codelist" else "datastructure"
    known = {"id": identifier, "version": flow.version, "agencyID": flow.agency}
    etree.SubElement(parent, "Ref", {**known, "package": package, "class": kind})


def _maintained(parent: Any, kind: str, flow: Dataflow, identifier: str, names: Names) -> Any:
    known = {"id": identifier, "agencyID": flow.agency, "version": flow.version}
    own = _part(parent, kind, **known, isFinal="true")
    _named(own, names)
    return own


def _named(own: Any, names: Names) -> None:
    for language, name in names.items():
        etree.SubElement(own, f"{_COMMON}Name", {_LANGUAGE: language}).text = name


def _part(parent: Any, name: str, **attributes: str) -> Any:
    return etree.SubElement(parent, f"{_STRUCTURE}{name}", attributes)
