"""SHA-256 of values and of files, as keys and journals write them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any


def digest_of(value: Any) -> str:
    """Return the SHA-256 of a value as JSON in one form.

    Examples
    --------
    >>> from sapa_analysis.runs.sums import digest_of
    >>> digest_of({"a": 1, "b": 2})[:12], digest_of({"b": 2, "a": 1})[:12]
    ('43258cff783f', '43258cff783f')
    """
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, or nothing where it cannot be read."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def digests_at(root: Path, names: Iterable[str]) -> dict[str, str]:
    """Return the SHA-256 of those files below a folder that can be read, by their paths in it."""
    found = {name.replace("\\", "/"): sha256_of(root / name.replace("\\", "/")) for name in names}
    return {name: digest for name, digest in found.items() if digest}
