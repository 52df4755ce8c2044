"""Messages of SDMX, written whole in each format and at each level of detail."""

from __future__ import annotations

from typing import Any

import pytest
from lxml import etree

from openbudget.formats.sdmx import (
    ALL_DIMENSIONS,
    Dataflow,
    Detail,
    Message,
    Observation,
    write_csv_1,
    write_csv_2,
)
from openbudget.formats.sdmx_generic import write_generic

FLOW = Dataflow(
    "OPENBUDGET",
    "expenditure",
    "1.0.0",
    ("FREQ", "FUNCTION", "TIME_PERIOD"),
    {"UNIT_MEASURE": "CNY"},
    ("OBS_STATUS",),
)
OBSERVATIONS = [
    Observation(("A", "204", "2023"), "1800000.00", ("A",)),
    Observation(("A", "204", "2024"), None, ("O",)),
    Observation(("A", "_Z", "2024"), "-0.05", ("U",)),
]
SERIES = [Observation(("A", "204")), Observation(("A", "_Z"))]
HEADER = (
    "<message:Header><message:ID>expenditure</message:ID><message:Test>false</message:Test>"
    "<message:Prepared>2024-03-01T00:00:00Z</message:Prepared>"
    '<message:Sender id="OPENBUDGET"/>'
    '<message:Structure structureID="STRUCTURE" dimensionAtObservation="{}">'
    '<common:StructureUsage><Ref agencyID="OPENBUDGET" id="expenditure" version="1.0.0" '
    'class="Dataflow"/></common:StructureUsage></message:Structure>'
    "<message:DataSetAction>Information</message:DataSetAction></message:Header>"
)


def message(detail: Detail = Detail.FULL, at: str = "TIME_PERIOD") -> Message:
    told = SERIES if detail.series else OBSERVATIONS
    return Message(FLOW, told, at, "2024-03-01T00:00:00Z", detail)


def values(**found: str) -> str:
    return "".join(f'<generic:Value id="{n}" value="{v}"/>' for n, v in found.items())


def key(function: str) -> str:
    return f"<generic:SeriesKey>{values(FREQ='A', FUNCTION=function)}</generic:SeriesKey>"


def attributes(**found: str) -> str:
    return f"<generic:Attributes>{values(**found)}</generic:Attributes>"


def obs(year: str, value: str | None, status: str | None) -> str:
    amount = "" if value is None else f'<generic:ObsValue value="{value}"/>'
    more = "" if status is None else attributes(OBS_STATUS=status)
    return f'<generic:Obs><generic:ObsDimension value="{year}"/>{amount}{more}</generic:Obs>'


def series(*parts: str) -> str:
    return f"<generic:Series>{''.join(parts)}</generic:Series>"


def alone(function: str, year: str, value: str | None, status: str) -> str:
    place = values(FREQ="A", FUNCTION=function, TIME_PERIOD=year)
    amount = "" if value is None else f'<generic:ObsValue value="{value}"/>'
    more = attributes(UNIT_MEASURE="CNY", OBS_STATUS=status)
    return f"<generic:Obs><generic:ObsKey>{place}</generic:ObsKey>{amount}{more}</generic:Obs>"


UNIT = attributes(UNIT_MEASURE="CNY")
WRITTEN = {
    (Detail.FULL, "TIME_PERIOD"): [
        series(key("204"), UNIT, obs("2023", "1800000.00", "A"), obs("2024", None, "O")),
        series(key("_Z"), UNIT, obs("2024", "-0.05", "U")),
    ],
    (Detail.DATA_ONLY, "TIME_PERIOD"): [
        series(key("204"), obs("2023", "1800000.00", None), obs("2024", None, None)),
        series(key("_Z"), obs("2024", "-0.05", None)),
    ],
    (Detail.SERIES_KEYS_ONLY, "TIME_PERIOD"): [series(key("204")), series(key("_Z"))],
    (Detail.NO_DATA, "TIME_PERIOD"): [series(key("204"), UNIT), series(key("_Z"), UNIT)],
    (Detail.FULL, ALL_DIMENSIONS): [
        alone("204", "2023", "1800000.00", "A"),
        alone("204", "2024", None, "O"),
        alone("_Z", "2024", "-0.05", "U"),
    ],
}


@pytest.mark.parametrize(("asked", "expected"), WRITTEN.items(), ids=str)
def test_generic_data_are_written_whole(asked: tuple[Detail, str], expected: list[str]) -> None:
    written = b"".join(write_generic(message(*asked)))
    assert written.startswith(b"<?xml version='1.0' encoding='utf-8'?>\n<message:GenericData ")
    schemas = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1"
    names = {"message": "message", "common": "common", "generic": "data/generic"}
    declared = " ".join(f'xmlns:{name}="{schemas}/{path}"' for name, path in names.items())
    whole = (
        f"<message:GenericData {declared}>{HEADER.format(asked[1])}"
        '<message:DataSet structureRef="STRUCTURE" action="Information">'
        f"{''.join(expected)}</message:DataSet></message:GenericData>"
    )
    assert canonical(written) == canonical(whole.encode())


def canonical(text: bytes) -> Any:
    return etree.tostring(etree.fromstring(text), method="c14n")


def test_what_xml_marks_up_is_escaped() -> None:
    odd = Observation(("A", '<"&>', "2024"), "1.00", ("A",))
    told = Message(FLOW, [odd], "TIME_PERIOD", "2024-03-01T00:00:00Z")
    root = etree.fromstring(b"".join(write_generic(told)))
    assert [v for v in root.xpath("//@value") if "<" in v] == ['<"&>']


def test_a_long_message_is_given_in_parts() -> None:
    many = [Observation(("A", str(n), "2024"), "1.00", ("A",)) for n in range(500)]
    told = Message(FLOW, iter(many), "TIME_PERIOD", "2024-03-01T00:00:00Z")
    parts = list(write_generic(told))
    assert len(parts) > 2
    root = etree.fromstring(b"".join(parts))
    assert root.xpath("count(//*[local-name()='Obs'])") == 500


def test_csv_1_is_written_whole() -> None:
    assert b"".join(write_csv_1(message())).decode().split("\r\n") == [
        "DATAFLOW,FREQ,FUNCTION,TIME_PERIOD,OBS_VALUE,UNIT_MEASURE,OBS_STATUS",
        "OPENBUDGET:expenditure(1.0.0),A,204,2023,1800000.00,CNY,A",
        "OPENBUDGET:expenditure(1.0.0),A,204,2024,,CNY,O",
        "OPENBUDGET:expenditure(1.0.0),A,_Z,2024,-0.05,CNY,U",
        "",
    ]


CSV_2 = {
    Detail.FULL: [
        "FREQ,FUNCTION,TIME_PERIOD,OBS_VALUE,UNIT_MEASURE,OBS_STATUS",
        *("A,204,2023,1800000.00,CNY,A", "A,204,2024,,CNY,O", "A,_Z,2024,-0.05,CNY,U"),
    ],
    Detail.DATA_ONLY: [
        "FREQ,FUNCTION,TIME_PERIOD,OBS_VALUE",
        *("A,204,2023,1800000.00", "A,204,2024,", "A,_Z,2024,-0.05"),
    ],
    Detail.SERIES_KEYS_ONLY: ["FREQ,FUNCTION", "A,204", "A,_Z"],
    Detail.NO_DATA: ["FREQ,FUNCTION,UNIT_MEASURE", "A,204,CNY", "A,_Z,CNY"],
}


@pytest.mark.parametrize(("detail", "rows"), CSV_2.items())
def test_csv_2_is_written_whole(detail: Detail, rows: list[str]) -> None:
    head, *data = rows
    assert b"".join(write_csv_2(message(detail))).decode().split("\r\n") == [
        f"STRUCTURE,STRUCTURE_ID,ACTION,{head}",
        *(f"dataflow,OPENBUDGET:expenditure(1.0.0),I,{row}" for row in data),
        "",
    ]
