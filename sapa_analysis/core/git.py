"""The commit that a project stands at, and the version of the package."""

from __future__ import annotations

import os
import subprocess
from importlib import import_module
from pathlib import Path


def commit_of(root: Path) -> str:
    """Return the commit of a project and whether files differ from it, or nothing where there is none.

    Parameters
    ----------
    root : pathlib.Path
        The folder of the project.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from sapa_analysis.core import commit_of
    >>> with TemporaryDirectory() as folder:
    ...     commit_of(Path(folder))
    ''
    """
    try:
        top, commit = _git(root, "rev-parse", "--show-toplevel", "HEAD").split("\n")
        if not os.path.samefile(top, root):
            return ""
        return commit + ("+changes" if _git(root, "status", "--porcelain") else "")
    except (OSError, ValueError, subprocess.SubprocessError):
        return ""


def package_version() -> str:
    """Return the version of the package; the rooms ask here, for its top knows them all.

    Examples
    --------
    >>> import sapa_analysis as sapa
    >>> from sapa_analysis.core import package_version
    >>> package_version() == sapa.__version__, package_version().count(".")
    (True, 2)
    """
    return str(import_module(__name__.partition(".")[0]).__version__)


def _git(root: Path, *words: str) -> str:
    done = subprocess.run(
        ["git", "-C", str(root), *words], capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL
    )
    return done.stdout.strip()
