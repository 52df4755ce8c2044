"""Completion as `openbudget --help` tells to set it up, in a bash that has it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from openbudget.cli import COMMANDS, EPILOG

BASH = shutil.which("bash")
SHOWN = """
COMP_WORDS=({words}) COMP_CWORD={at} COMPREPLY=()
_openbudget_completion openbudget
printf '%s\\n' "${{COMPREPLY[@]}}"
"""


@pytest.mark.skipif(BASH is None, reason="there is no bash")
@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("openbudget ''", sorted(COMMANDS)),
        ("openbudget s", ["schemas", "serve", "show"]),
        ("openbudget load --ph", ["--phase"]),
        ("openbudget show --scope u", ["unit"]),
        ("openbudget c", ["check"]),
        ("openbudget check --fail-on ''", ["error", "never", "warning"]),
    ],
)
def test_words_are_completed_in_bash(words: str, expected: list[str]) -> None:
    told = re.search(r'eval "[^"]+"', EPILOG)
    assert told is not None
    script = told[0] + SHOWN.format(words=words, at=len(words.split()) - 1)
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    ended = subprocess.run(
        [BASH or "", "-c", script],
        env={**os.environ, "PATH": programs},
        capture_output=True,
        text=True,
        check=True,
    )
    assert (sorted(ended.stdout.split()), ended.stderr) == (expected, "")
