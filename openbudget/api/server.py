"""Serves the API with gunicorn."""

from __future__ import annotations

from typing import Any

from gunicorn.app.base import BaseApplication

from openbudget.api.app import create_app
from openbudget.config import Settings
from openbudget.storage.database import open_for_reading

TIMEOUT_SECONDS = 60


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


def serve(settings: Settings) -> None:
    """Check the database, then serve until told to stop.

    Raises:
        StorageError: there is no database of the present version.
    """
    open_for_reading(settings.database_url).dispose()
    Server(settings).run()
