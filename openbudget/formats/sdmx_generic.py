"""SDMX-ML 2.1, generic data: any structure in one schema, written while it is read."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from lxml import etree

from openbudget.formats.sdmx import ALL_DIMENSIONS, Message, Observation

_SCHEMAS = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1"
_NAMESPACES = {
    "message": f"{_SCHEMAS}/message",
    "common": f"{_SCHEMAS}/common",
    "generic": f"{_SCHEMAS}/data/generic",
}
_MESSAGE, _COMMON, _GENERIC = (f"{{{name}}}" for name in _NAMESPACES.values())
_STRUCTURE = "STRUCTURE"
_PART_BYTES = 32_768
Pairs = Iterable[tuple[str, str]]
File = Any
"""What lxml writes into: its type has no name."""


class _Parts:
    """Collects what is written until it is taken."""

    def __init__(self) -> None:
        self._buffer = io.BytesIO()

    def write(self, data: bytes) -> int:
        return self._buffer.write(data)

    def flush(self) -> None:
        """Nothing waits below."""

    @property
    def full(self) -> bool:
        return self._buffer.tell() > _PART_BYTES

    def take(self) -> bytes:
        found, self._buffer = self._buffer.getvalue(), io.BytesIO()
        return found


def write_generic(message: Message) -> Iterator[bytes]:
    """Write a message as generic data: series with their observations, or observations alone."""
    parts = _Parts()
    with etree.xmlfile(parts, encoding="utf-8") as file:
        file.write_declaration()
        with file.element(f"{_MESSAGE}GenericData", nsmap=_NAMESPACES):
            _header(file, message)
            data = {"structureRef": _STRUCTURE, "action": "Information"}
            with file.element(f"{_MESSAGE}DataSet", data):
                for _ in _written(file, message):
                    file.flush()
                    if parts.full:
                        yield parts.take()
    yield parts.take()


def _header(file: File, message: Message) -> None:
    flow = message.flow
    with file.element(f"{_MESSAGE}Header"):
        _text(file, "ID", flow.id)
        _text(file, "Test", "false")
        _text(file, "Prepared", message.prepared)
        _leaf(file, f"{_MESSAGE}Sender", id=flow.agency)
        at = {"structureID": _STRUCTURE, "dimensionAtObservation": message.at_observation}
        with file.element(f"{_MESSAGE}Structure", at), file.element(f"{_COMMON}StructureUsage"):
            reference = {"agencyID": flow.agency, "id": flow.id, "version": flow.version}
            _leaf(file, "Ref", **reference, **{"class": "Dataflow"})
        _text(file, "DataSetAction", "Information")


def _text(file: File, name: str, text: str) -> None:
    with file.element(f"{_MESSAGE}{name}"):
        file.write(text)


def _leaf(file: File, name: str, **attributes: str) -> None:
    with file.element(name, attributes):
        pass


def _written(file: File, message: Message) -> Iterator[None]:
    """Write the data, and stop behind each series or observation that stands alone."""
    if message.at_observation == ALL_DIMENSIONS:
        for observation in message.observations:
            with file.element(f"{_GENERIC}Obs"):
                _values(file, "ObsKey", zip(message.dimensions, observation.key, strict=True))
                _observed(file, message, observation, message.flow.series_attributes.items())
            yield
        return
    dimensions = message.dimensions
    last = None if message.detail.series else dimensions.index(message.at_observation)
    for key, found in groupby(message.observations, lambda own: _parted(own.key, last)[0]):
        with file.element(f"{_GENERIC}Series"):
            _values(file, "SeriesKey", zip(_parted(dimensions, last)[0], key, strict=True))
            if message.detail.attributes:
                _values(file, "Attributes", message.flow.series_attributes.items())
            if last is not None:
                _observations(file, message, found, last)
        yield


def _parted(key: tuple[str, ...], last: int | None) -> tuple[tuple[str, ...], str]:
    """Part a key into that of its series, and the member of the observation."""
    if last is None:
        return key, ""
    return (*key[:last], *key[last + 1 :]), key[last]


def _observations(file: File, message: Message, found: Iterable[Observation], last: int) -> None:
    for own in found:
        with file.element(f"{_GENERIC}Obs"):
            _leaf(file, f"{_GENERIC}ObsDimension", value=own.key[last])
            _observed(file, message, own, ())


def _observed(file: File, message: Message, own: Observation, more: Pairs) -> None:
    if own.value is not None:
        _leaf(file, f"{_GENERIC}ObsValue", value=own.value)
    if message.detail.attributes:
        names = message.flow.observation_attributes
        _values(file, "Attributes", [*more, *zip(names, own.attributes, strict=True)])


def _values(file: File, name: str, pairs: Pairs) -> None:
    with file.element(f"{_GENERIC}{name}"):
        for identifier, value in pairs:
            _leaf(file, f"{_GENERIC}Value", id=identifier, value=value)
