"""Serves the API with gunicorn."""

from __future__ import annotations

import errno
import socket
from typing import Any

from gunicorn.app.base import BaseApplication

from openbudget.api.app import create_app
from openbudget.config import Settings
from openbudget.errors import OpenBudgetError
from openbudget.storage.database import open_for_reading

TIMEOUT_SECONDS = 60


class AddressError(OpenBudgetError):
    """The address to serve on cannot be bound; it says how to choose another one."""

    def __init__(self, host: str, port: int, error: OSError) -> None:
        """Name the address and the reason."""
        used = error.errno == errno.EADDRINUSE
        reason = "is in use" if used else f"cannot be bound ({error.strerror})"
        another = "stop what serves there, or choose" if used else "choose"
        super().__init__(f"{host}:{port} {reason}: {another} another one by --port or PORT")


class Server(BaseApplication):
    """gunicorn with our settings; each worker opens the database for itself."""

    def __init__(self, settings: Settings) -> None:
        """Take the settings to serve with."""
        self.settings = settings
        super().__init__()

    def load_config(self) -> None:
        """Set what gunicorn would read from a file."""
        own = self.settings
        options: dict[str, Any] = {
            "bind": f"{own.host}:{own.port}",
            "workers": own.workers,
            "threads": own.threads,
            "worker_class": "gthread",
            "timeout": TIMEOUT_SECONDS,
            "control_socket_disable": True,
            "limit_request_line": 8190,
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Make the application, in the worker."""
        own = self.settings
        return create_app(open_for_reading(own.database_url), own.data, own.public_address)


def check_address(host: str, port: int) -> None:
    """Bind an address for a moment: gunicorn would try five times, and then tell of itself.

    Raises:
        AddressError: it is in use, or cannot be bound for another reason.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host.strip("[]"), port, type=socket.SOCK_STREAM
        )[0]
        with socket.socket(family, kind, protocol) as tried:
            # As gunicorn does: an address that a server has just left is free.
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind(address)
    except OSError as error:
        raise AddressError(host, port, error) from error


def serve(settings: Settings) -> None:
    """Check the database and the address, then serve until told to stop.

    Raises:
        StorageError: there is no database of the present version.
        AddressError: the address is in use, or cannot be bound for another reason.
    """
    open_for_reading(settings.database_url).dispose()
    check_address(settings.host, settings.port)
    Server(settings).run()
