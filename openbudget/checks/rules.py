"""The declarations of all rules, as read from `rules/*.yaml`.

A rule says what it is called, which check applies it and with which settings, what its findings
say, and where it comes from. `checks` modules know how to compare, never what.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

import yaml

from openbudget.budget.finding import Family, Message, Rule, Severity
from openbudget.errors import RuleError
from openbudget.yaml_files import load_yaml

_TEXTS = ("title", "text", "source", "example", "message")
_KEYS = frozenset(["id", "check", "family", "severity", "settings", *_TEXTS])


@dataclass(frozen=True)
class Declaration:
    """A rule with how it is applied.

    `check` names the comparison, `settings` are what it needs, `message` is the template of what
    its findings say: ``{subject}``, ``{printed}``, ``{counterpart}`` and others stand for figures.
    """

    rule: Rule
    check: str
    message: Message
    settings: Mapping[str, Any]


@cache
def load_declarations() -> tuple[Declaration, ...]:
    """Read every rule, in the order of files and of rules in them.

    Raises:
        RuleError: a file is malformed, or two rules have one id.
    """
    found = [_declaration(raw, path.name) for path in rule_files() for raw in _read(path)]
    ids = [declaration.rule.id for declaration in found]
    if len(ids) != len(set(ids)):
        raise RuleError(f"two rules have one id: {sorted({i for i in ids if ids.count(i) > 1})}")
    return tuple(found)


def find_declaration(rule: str) -> Declaration:
    """Give the declaration of a rule.

    Raises:
        RuleError: there is no such rule.
    """
    for declaration in load_declarations():
        if declaration.rule.id == rule:
            return declaration
    raise RuleError(f"there is no rule {rule}")


def load_rules() -> tuple[Rule, ...]:
    """Give what there is to know of every rule, by id."""
    rules = (declaration.rule for declaration in load_declarations())
    return tuple(sorted(rules, key=lambda rule: rule.id))


@cache
def rules_digest() -> str:
    """Hash everything that findings depend on besides documents and lists: rules and checks."""
    digest = hashlib.sha256()
    package = resources.files("openbudget.checks")
    code = (path for path in package.iterdir() if path.name.endswith((".py", ".yaml")))
    for path in sorted([*code, *rule_files()], key=lambda path: path.name):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def rule_files() -> list[Traversable]:
    """Give every file of rules, by name."""
    folder = resources.files("openbudget.checks") / "rules"
    found = [path for path in folder.iterdir() if path.name.endswith(".yaml")]
    return sorted(found, key=lambda path: path.name)


def _read(path: Traversable) -> list[Mapping[str, Any]]:
    try:
        return list(load_yaml(path.read_bytes()))
    except (yaml.YAMLError, TypeError) as error:
        raise RuleError(f"{path.name}: {error}") from error


def _declaration(raw: Mapping[str, Any], name: str) -> Declaration:
    try:
        unknown = set(raw) - _KEYS
        if unknown:
            raise RuleError(f"{name}: unknown keys {sorted(unknown)} in {raw.get('id')}")
        texts = {key: Message(raw[key]["zh"], raw[key]["en"]) for key in _TEXTS}
        message = texts.pop("message")
        rule = Rule(
            id=raw["id"],
            family=Family(raw["family"]),
            severity=Severity(raw["severity"]),
            **texts,
        )
        return Declaration(rule, raw["check"], message, raw.get("settings") or {})
    except (KeyError, TypeError, ValueError) as error:
        raise RuleError(f"{name}: {raw.get('id')}: {error!r}") from error
