"""Documents added and superseded, newest first: a list, and an Atom feed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from lxml import etree

from openbudget.api.app import create_app
from openbudget.api.common import DOCUMENT
from openbudget.budget.document import BudgetDocument
from openbudget.budget.vocabulary import Phase
from openbudget.formats.atom import Entry, Feed, Link, write_feed
from openbudget.storage.database import open_for_reading, open_for_writing
from openbudget.storage.prepared import prepare
from openbudget.storage.write import store_document
from tests.api.client import Api
from tests.checked import checked

ATOM = "application/atom+xml"
NAMES = {"a": "http://www.w3.org/2005/Atom"}
TITLE = "预算 <b>&\"'\x0b"
FIRST, SECOND, THIRD = (f"2024-0{month}-01T00:00:00Z" for month in (3, 4, 5))


@pytest.fixture(scope="module")
def changed(
    tmp_path_factory: pytest.TempPathFactory, first_document: BudgetDocument
) -> Iterator[Api]:
    """Load a document, correct it twice, and load its final accounts at the time of the last."""
    url = f"sqlite:///{tmp_path_factory.mktemp('changes')}/own.sqlite"
    engine = open_for_writing(url)
    identity = replace(first_document.identity, phase=Phase.EXECUTED, title=TITLE)
    for document, sha256, at in (
        (first_document, None, FIRST),
        (first_document, "f", SECOND),
        (first_document, "0", THIRD),
        (replace(first_document, identity=identity), "e", THIRD),
    ):
        file = replace(document.file, sha256=sha256 * 64) if sha256 else document.file
        own = replace(document, file=file)
        store_document(engine, prepare(own, checked(own)), b"", "r1", at.__str__)
    engine.dispose()
    reading = open_for_reading(url)
    yield Api(create_app(reading))
    reading.dispose()


def ids(found: Any) -> list[str]:
    return [change["id"] for change in found["data"]]


VERSIONS = [
    *(f"{DOCUMENT}@{'0' * 12}", f"{DOCUMENT.replace('approved', 'executed')}@{'e' * 12}"),
    *(f"{DOCUMENT}@{'f' * 12}", f"{DOCUMENT}@a21bb77f8bac"),
]


def test_each_version_is_a_change_and_the_newest_comes_first(changed: Api) -> None:
    found = changed.json("/v1/changes")
    assert ids(found) == VERSIONS
    assert [(c["change"], c["current"], c["supersedes"]) for c in found["data"]] == [
        ("superseded", True, VERSIONS[2]),
        ("added", True, None),
        ("superseded", False, VERSIONS[3]),
        ("added", False, None),
    ]
    for change in found["data"]:
        assert changed.json(change["href"])["data"]["sha256"] == change["sha256"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("change=added", [VERSIONS[1], VERSIONS[3]]),
        ("loaded_at__gte=2024-04-01", VERSIONS[:3]),
        (f"loaded_at__lte={FIRST}", VERSIONS[3:]),
        (f"document={DOCUMENT}&change=superseded", [VERSIONS[0], VERSIONS[2]]),
        ("phase=executed", VERSIONS[1:2]),
        ("order=loaded_at", [VERSIONS[3], VERSIONS[2], *VERSIONS[:2]]),
    ],
)
def test_changes_are_filtered(changed: Api, query: str, found: list[str]) -> None:
    assert ids(changed.json(f"/v1/changes?{query}")) == found


def test_changes_are_paged(changed: Api) -> None:
    path, found = "/v1/changes?page_size=3", []
    while path:
        page = changed.json(path)
        found += ids(page)
        path = page["links"]["next"]
    assert found == VERSIONS


def test_the_feed_is_chosen_by_ending_parameter_or_header(changed: Api) -> None:
    answers = [
        changed.call("/v1/changes.atom"),
        changed.call("/v1/changes?format=atom"),
        changed.call("/v1/changes", headers={"Accept": ATOM}),
        changed.call("/v1/changes", headers={"Accept": f"text/html, {ATOM};q=0.9, */*;q=0.1"}),
    ]
    for answer in answers:
        assert answer.mimetype == ATOM
        assert len(entries(answer.data)) == 4
    assert changed.call("/v1/changes").mimetype == "application/json"
    assert changed.app.test_client().get("/v1/lines.atom").status_code == 404
    changed.problem("/v1/lines?format=atom", 400)


def entries(feed: bytes) -> list[Any]:
    return list(etree.fromstring(feed).findall("a:entry", NAMES))


def test_the_feed_is_valid(changed: Api) -> None:
    feed = etree.fromstring(changed.call("/v1/changes.atom").data)
    held_to_atom(feed)
    assert feed.findtext("a:updated", namespaces=NAMES) == THIRD
    assert links(feed, "self") == ["/v1/changes.atom"]
    entry = feed.findall("a:entry", NAMES)[0]
    assert links(entry, "alternate") == [f"/v1/documents/{VERSIONS[0]}"]
    assert links(entry, "enclosure") == [f"/v1/documents/{VERSIONS[0]}/source"]
    assert links(entry, "predecessor-version") == [f"/v1/documents/{VERSIONS[2]}"]
    for href in (link.get("href") for link in feed.iter(f"{{{NAMES['a']}}}link")):
        assert changed.call(href).status_code == 200


def held_to_atom(feed: Any) -> None:
    """Hold a feed to what RFC 4287 asks of feeds and entries (4.1.1, 4.1.2)."""
    assert feed.tag == f"{{{NAMES['a']}}}feed"
    holders = [feed, *feed.findall("a:entry", NAMES)]
    for holder in holders:
        for name in ("id", "title", "updated"):
            assert len(holder.findall(f"a:{name}", NAMES)) == 1
        assert holder.findtext("a:id", namespaces=NAMES).startswith("urn:uuid:")
        assert holder.findtext("a:author/a:name", namespaces=NAMES)
        assert len(links(holder, "alternate")) == 1
        updated = holder.findtext("a:updated", namespaces=NAMES)
        assert len(updated) == len(FIRST)
        assert updated.endswith("Z")
    names = [holder.findtext("a:id", namespaces=NAMES) for holder in holders]
    assert len(set(names)) == len(names)
    assert len(links(feed, "self")) == 1


def links(holder: Any, rel: str) -> list[str]:
    return [link.get("href") for link in holder.findall(f"a:link[@rel='{rel}']", NAMES)]


def test_the_feed_is_paged_and_ids_stay(changed: Api) -> None:
    path, found = "/v1/changes.atom?page_size=3", []
    while path:
        feed = etree.fromstring(changed.call(path).data)
        held_to_atom(feed)
        found += [
            entry.findtext("a:id", namespaces=NAMES) for entry in entries(etree.tostring(feed))
        ]
        path = next(iter(links(feed, "next")), "")
    whole = entries(changed.call("/v1/changes?format=atom&lang=en").data)
    assert found == [entry.findtext("a:id", namespaces=NAMES) for entry in whole]
    assert links(etree.fromstring(changed.call("/v1/changes.atom").data), "previous") == []


@pytest.mark.parametrize(
    ("query", "headers", "title"),
    [
        ("", {}, "新增：预算 <b>&\"'\ufffd"),
        ("?lang=en", {}, "Added: 预算 <b>&\"'\ufffd"),
        ("", {"Accept-Language": "en-GB"}, "Added: 预算 <b>&\"'\ufffd"),
    ],
)
def test_titles_are_escaped_and_in_the_language_asked_for(
    changed: Api, query: str, headers: dict[str, str], title: str
) -> None:
    found = entries(changed.call(f"/v1/changes.atom{query}", headers=headers).data)
    assert found[1].findtext("a:title", namespaces=NAMES) == title


def test_an_answer_that_the_client_holds_is_not_sent_again(changed: Api) -> None:
    client = changed.app.test_client()
    for path in ("/v1/changes", "/v1/changes.atom"):
        tag = client.get(path).headers["ETag"]
        assert client.get(path, headers={"If-None-Match": tag}).status_code == 304


def test_no_changes_are_an_empty_feed(changed: Api) -> None:
    answer = changed.call("/v1/changes.atom?fiscal_year=1999")
    held_to_atom(etree.fromstring(answer.data))
    assert entries(answer.data) == []


def test_any_text_is_written_as_xml() -> None:
    every = "".join(map(chr, [*range(0x300), 0xFFFE, 0xFFFF, 0x1F600]))
    link = Link("alternate", every, "text/plain")
    entry = Entry("x", every, FIRST, every, every, every, [link])
    feed = write_feed(Feed("y", every, FIRST, every, "zh", [link], [entry]))
    assert etree.fromstring(feed).findtext("a:title", namespaces=NAMES).endswith("\U0001f600")


def test_the_first_document_was_added(api: Api) -> None:
    assert [change["change"] for change in api.json("/v1/changes")["data"]] == ["added"]
