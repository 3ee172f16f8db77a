"""The commit that a project stands at."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path


def commit_of(root: Path) -> str:
    """Return the commit of a project and whether files differ from it, or nothing where there is none."""
    try:
        top, commit = _git(root, "rev-parse", "--show-toplevel", "HEAD").split("\n")
        if not os.path.samefile(top, root):
            return ""
        return commit + ("+changes" if _git(root, "status", "--porcelain") else "")
    except (OSError, ValueError, subprocess.SubprocessError):
        return ""


def _git(root: Path, *words: str) -> str:
    done = subprocess.run(
        ["git", "-C", str(root), *words], capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL
    )
    return done.stdout.strip()
