"""Digests of what a result follows from: the package and its libraries, and the files of a project."""

from __future__ import annotations

import hashlib
import os
import platform
import sys
import time
from collections.abc import Iterable
from functools import cache
from importlib import metadata
from importlib.resources import files as resources
from pathlib import Path

#: When this process loaded the package. What was edited later is not what runs here.
_LOADED = time.time()
#: The libraries whose versions can change a digit or a page.
_LIBRARIES = (
    "ipykernel", "ipython", "jinja2", "markupsafe", "matplotlib", "numpy", "openpyxl", "pandas", "pandera",
    "papermill", "pydantic", "python-docx", "pyyaml", "scipy", "statsmodels", "threadpoolctl",
)  # fmt: skip
#: The folders of a project that notebooks read, and what in them no notebook reads.
_READ, _UNREAD = ("data", "params", "register"), ("params/batches", "params/schema.json")


def digest_of(parts: Iterable[tuple[str, str | bytes]]) -> str:
    """Return 64 hexadecimal digits that follow from named parts in their order.

    Parameters
    ----------
    parts : iterable of (str, str or bytes)
        Name and content of each.

    Examples
    --------
    >>> from sapa_analysis.core import digest_of
    >>> digest_of([("horizon", "3")])[:12], digest_of([("horizon", "4")])[:12]
    ('9ab20663d56b', '2be41ae357bd')
    """
    digest = hashlib.sha256()
    for name, content in parts:
        content = content.encode() if isinstance(content, str) else content
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def file_digests(root: Path) -> dict[str, str]:
    """Return the SHA-256 of every file that the notebooks of a project read, by its path in the project.

    They are the files of `data`, `params` and `register`; batches and the schema of parameters steer no
    notebook.

    Parameters
    ----------
    root : pathlib.Path
        The folder of the project.

    Examples
    --------
    >>> from sapa_analysis.core import file_digests, project_root
    >>> found = file_digests(project_root())
    >>> "data/targets.csv" in found, "params/baseline.yml" in found, "params/batches/core.yml" in found
    (True, True, False)
    >>> len(found["data/targets.csv"])
    64
    """
    paths = {
        path.relative_to(root).as_posix(): path
        for folder in _READ
        for path in sorted((root / folder).rglob("*"))
        if path.is_file() and not path.name.startswith((".", "~$"))
    }
    return {name: _sha256(path) for name, path in paths.items() if not name.startswith(_UNREAD)}


def package_digests() -> dict[str, str]:
    """Return the SHA-256 of every file of the package, by its path.

    Examples
    --------
    >>> from sapa_analysis.core import package_digests
    >>> len(package_digests()["sapa_analysis/core/digests.py"])
    64
    """
    return dict(_package())


@cache
def _package() -> tuple[tuple[str, str], ...]:
    return tuple((name, _sha256(path)) for name, path in _package_files())


def _package_files() -> list[tuple[str, Path]]:
    folder = Path(str(resources("sapa_analysis")))
    found = sorted(path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return [(f"sapa_analysis/{path.relative_to(folder).as_posix()}", path) for path in found]


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@cache
def source_digest() -> str:
    """Return 64 hexadecimal digits that follow from the package, its libraries and Python.

    A process in which the package was edited after it had been loaded has digits of its own: what it runs is
    in no file.

    Examples
    --------
    >>> from sapa_analysis.core import source_digest
    >>> len(source_digest()), source_digest() == source_digest()
    (64, True)
    """
    edited = max(path.stat().st_mtime for _, path in _package_files()) > _LOADED
    own = f"{os.getpid()} {_LOADED}" if edited else ""
    versions = " ".join(f"{name} {_version(name)}" for name in _LIBRARIES)
    return digest_of([*_package(), ("libraries", versions), ("python", sys.version), ("own", own)])


def _version(library: str) -> str:
    try:
        return metadata.version(library)
    except metadata.PackageNotFoundError:
        return "none"


@cache
def machine_digest() -> str:
    """Return 64 hexadecimal digits that follow from what can change the last digit between two machines.

    Linear algebra takes another path on another processor, or where the environment asks for one.

    Examples
    --------
    >>> from sapa_analysis.core import machine_digest
    >>> len(machine_digest())
    64
    """
    asked = {name: os.environ.get(name, "") for name in ("OPENBLAS_CORETYPE", "NPY_DISABLE_CPU_FEATURES")}
    return digest_of([("processor", _processor()), ("system", platform.platform()), *asked.items()])


def _processor() -> str:
    try:
        told = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").split("\n\n")[0]
    except OSError:
        return f"{platform.machine()} {platform.processor()}"
    return "\n".join(line for line in told.splitlines() if line.startswith(("model", "flags", "Features")))
