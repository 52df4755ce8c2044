"""Reading YAML: that of the package and of the seed, and that which others have written."""

from __future__ import annotations

from typing import Any

import yaml

# By libyaml, where PyYAML was built with it, in an eighth of the time; every process waits for it.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

MOST_LEVELS = 50
"""How deep the YAML of others may be nested; what is read here has three levels."""


def load_yaml(content: bytes) -> Any:
    """Read YAML without tags; raises `yaml.YAMLError` where it is none."""
    return yaml.load(content, _LOADER)  # noqa: S506 - a SafeLoader


def load_foreign_yaml(content: bytes) -> Any:
    """Read YAML that may be meant to harm: a few lines of aliases can stand for gigabytes.

    Raises:
        yaml.YAMLError: it is none, has an alias, or more levels than `MOST_LEVELS`.
    """
    level = 0
    for event in yaml.parse(content, _LOADER):
        level += isinstance(event, yaml.CollectionStartEvent)
        level -= isinstance(event, yaml.CollectionEndEvent)
        if level > MOST_LEVELS:
            raise yaml.YAMLError("it is nested too deep")
        if isinstance(event, yaml.AliasEvent):
            raise yaml.YAMLError("it has an alias, and none is needed here")
    return load_yaml(content)
