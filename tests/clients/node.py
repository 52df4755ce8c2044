"""What `make npm` installs; `OPENBUDGET_NPM` names another folder with `node_modules`."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from tests.conftest import ROOT

NODE = shutil.which("node")
MODULES = Path(os.environ.get("OPENBUDGET_NPM", ROOT / "var/npm")).resolve() / "node_modules"


def missing(*packages: str) -> bool:
    """Tell whether node, or one of these packages, is not there."""
    return NODE is None or not all((MODULES / name).exists() for name in packages)


def run_node(folder: Path, *arguments: str, check: bool = True) -> str:
    """Run node in a folder where it finds the packages; gives what it writes."""
    if not (folder / "node_modules").exists():
        (folder / "node_modules").symlink_to(MODULES)
    command = [str(NODE), *arguments]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0 or not check, done.stdout + done.stderr
    return done.stdout
