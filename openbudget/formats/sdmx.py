"""SDMX data messages: what is in them, and SDMX-CSV 1.0 and 2.0.

The columns are those of the field guides of SDMX-CSV: what the data are of, the dimensions in the
order of the structure, the value, the attributes. Members are identifiers, never labels. There is
no byte order mark: the guides have none, and readers take it for a part of the first heading.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

GENERIC = "application/vnd.sdmx.genericdata+xml;version=2.1"
STRUCTURE = "application/vnd.sdmx.structure+xml;version=2.1"
CSV_1 = "application/vnd.sdmx.data+csv;version=1.0.0"
CSV_2 = "application/vnd.sdmx.data+csv;version=2.0.0"
ALL_DIMENSIONS = "AllDimensions"
VALUE = "OBS_VALUE"


class Detail(StrEnum):
    """How much of the data is told, by the names of SDMX REST."""

    FULL = "full"
    DATA_ONLY = "dataonly"
    SERIES_KEYS_ONLY = "serieskeysonly"
    NO_DATA = "nodata"

    @property
    def series(self) -> bool:
        """Whether only series are told, without observations."""
        return self in (Detail.SERIES_KEYS_ONLY, Detail.NO_DATA)

    @property
    def attributes(self) -> bool:
        """Whether attributes are told."""
        return self in (Detail.FULL, Detail.NO_DATA)


@dataclass(frozen=True, slots=True)
class Dataflow:
    """What data are of: its dimensions in order, and the attributes of series and observations.

    Those of series have one value everywhere.
    """

    agency: str
    id: str
    version: str
    dimensions: tuple[str, ...]
    series_attributes: Mapping[str, str]
    observation_attributes: tuple[str, ...]

    @property
    def reference(self) -> str:
        """The reference of SDMX-CSV: agency, id and version."""
        return f"{self.agency}:{self.id}({self.version})"


@dataclass(frozen=True, slots=True)
class Observation:
    """A value in decimal digits, or None where it is missing.

    `key` has a member for each dimension; a series has none for that of the observations.
    """

    key: tuple[str, ...]
    value: str | None = None
    attributes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Message:
    """A data message: observations (or series, as `detail` says) in the order of their series.

    `at_observation` is the dimension that parts the observations of a series, `prepared` a date
    and time of ISO 8601.
    """

    flow: Dataflow
    observations: Iterable[Observation]
    at_observation: str
    prepared: str
    detail: Detail = Detail.FULL

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The dimensions of the keys that it has."""
        own = self.flow.dimensions
        return tuple(n for n in own if n != self.at_observation) if self.detail.series else own


def write_csv_1(message: Message) -> Iterator[bytes]:
    """Write a message as SDMX-CSV 1.0."""
    return _write(message, ["DATAFLOW"], [message.flow.reference])


def write_csv_2(message: Message) -> Iterator[bytes]:
    """Write a message as SDMX-CSV 2.0: its rows are information (action I)."""
    heads = ["STRUCTURE", "STRUCTURE_ID", "ACTION"]
    return _write(message, heads, ["dataflow", message.flow.reference, "I"])


def _write(message: Message, heads: Sequence[str], cells: Sequence[str]) -> Iterator[bytes]:
    detail, flow = message.detail, message.flow
    attributes = flow.series_attributes if detail.attributes else {}
    value = () if detail.series else (VALUE,)
    own = flow.observation_attributes if detail is Detail.FULL else ()
    yield _row([*heads, *message.dimensions, *value, *attributes, *own])
    for observation in message.observations:
        told = () if detail.series else (observation.value or "",)
        more = observation.attributes if own else ()
        yield _row([*cells, *observation.key, *told, *attributes.values(), *more])


def _row(cells: Sequence[str]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerow(cells)
    return buffer.getvalue().encode()
