"""Reading the YAML of the package."""

from __future__ import annotations

from typing import Any

import yaml

# By libyaml, where PyYAML was built with it, in a quarter of the time; every process waits for it.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load_yaml(content: bytes) -> Any:
    """Read YAML without tags; raises `yaml.YAMLError` where it is none."""
    return yaml.load(content, _LOADER)  # noqa: S506 - a SafeLoader
