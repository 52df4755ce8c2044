"""Runs the command `openbudget serve`, a gunicorn of its own, on a port that is free."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

PROGRAM = "from openbudget.cli import main; main()"


@contextmanager
def serving(database_url: str, data: str) -> Iterator[str]:
    """Serve a database and a folder of bulk files; gives the address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = [sys.executable, "-c", PROGRAM, "serve", "--port", str(port), "--workers", "1"]
    own = {"OPENBUDGET_DATABASE_URL": database_url, "OPENBUDGET_DATA": data}
    server = subprocess.Popen(command, env={**os.environ, **own}, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=30)


def _wait_for(port: int) -> None:
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError("the server does not answer")
