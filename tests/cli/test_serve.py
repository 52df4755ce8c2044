"""``openbudget serve`` where it cannot serve."""

from __future__ import annotations

import socket

import pytest
from click.testing import CliRunner

from openbudget import cli


@pytest.fixture
def stored(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENBUDGET_DATABASE_URL", database_url)


@pytest.mark.usefixtures("stored")
def test_an_address_in_use_ends_with_one_sentence() -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        port = held.getsockname()[1]
        ended = CliRunner().invoke(cli.main, ["serve", "--host", "127.0.0.1", "--port", str(port)])
    how = "stop what serves there, or choose another one by --port or PORT"
    told = f"openbudget: 127.0.0.1:{port} is in use: {how}\n"
    assert (ended.exit_code, ended.stderr) == (1, told)


@pytest.mark.usefixtures("stored")
def test_an_address_of_another_host_ends_with_one_sentence() -> None:
    # An address that is kept for documentation is none of this machine.
    ended = CliRunner().invoke(cli.main, ["serve", "--host", "192.0.2.1", "--port", "8000"])
    assert ended.exit_code == 1
    assert ended.stderr.startswith("openbudget: 192.0.2.1:8000 cannot be bound (")
    assert ended.stderr.endswith("): choose another one by --port or PORT\n")
