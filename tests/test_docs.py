"""Pages need no other host; what the documentation shows is true."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.api.client import Api

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
PAGES = ["/docs", "/static/docs.css", "/llms.txt"]


class Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.found += [value or "" for name, value in attrs if name in ("href", "src", "action")]


def test_no_page_names_another_host(api: Api) -> None:
    for path in PAGES:
        response = api.call(path)
        assert response.status_code == 200, path
        assert re.findall(r"(?:https?:)?//[\w.-]+", response.text) == [], path


def test_the_documentation_lists_every_operation_and_its_links_lead_on(api: Api) -> None:
    response = api.call("/docs")
    links = Links()
    links.feed(response.text)
    assert "script" not in links.tags
    for link in set(links.found):
        assert link.startswith(("/", "#")), link
        if link.startswith("/"):
            assert api.call(link, follow_redirects=True).status_code == 200, link
    operations = [line for line in links.found if line.startswith("#")]
    assert len(operations) == len(api.json("/openapi.json")["paths"])


@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
def test_the_documentation_opens_in_a_browser_without_another_host(
    address: str, tmp_path: Path
) -> None:
    log = tmp_path / "net.json"
    flags = [
        *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
        *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
        *("--disable-default-apps", "--disable-extensions", "--disable-domain-reliability"),
        f"--user-data-dir={tmp_path / 'profile'}",
        f"--log-net-log={log}",
        "--dump-dom",
    ]
    command = [str(CHROMIUM), *flags, f"{address}/docs"]
    environment = {**os.environ, "HOME": str(tmp_path)}
    page = subprocess.run(command, capture_output=True, timeout=120, check=True, env=environment)
    assert "get_tree" in page.stdout.decode()
    events = json.loads(log.read_text(encoding="utf-8"))["events"]
    started = [e["params"] for e in events if {"url", "initiator"} <= set(e.get("params", {}))]
    # The browser's own calls home have no page as their initiator.
    by_page = {params["url"] for params in started if params["initiator"] == address}
    assert f"{address}/docs" in {params["url"] for params in started}
    assert f"{address}/static/docs.css" in by_page
    assert {url for url in by_page if not url.startswith(address)} == set()
