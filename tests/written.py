"""Small notebooks and scenarios of one's own for tests."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]


def write_notebook(
    path: Path, *bodies: str, parameters: str = "seed: int = 7", tags: Sequence[str] = (), **metadata: object
) -> Path:
    """Write a notebook of a cell of parameters and others with the same tags; return its path."""
    whole = json.loads((ROOT / "notebooks/04_targets.ipynb").read_text(encoding="utf-8"))
    cells = [
        {"cell_type": "code", "execution_count": None, "metadata": {"tags": [*tagged]}, "outputs": [], "source": text, "id": f"c{place}"}
        for place, (tagged, text) in enumerate([(["parameters"], parameters), *((tags, body) for body in bodies)])
    ]  # fmt: skip
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {**whole, "metadata": {**whole["metadata"], **metadata}, "cells": cells}
    path.write_text(json.dumps(content, indent=1), encoding="utf-8")
    return path


def outputs_of(copy: Path) -> list[list[dict]]:
    """Return the outputs of each cell."""
    return [cell.get("outputs", []) for cell in json.loads(copy.read_text(encoding="utf-8"))["cells"]]


def printed(copy: Path) -> str:
    """Return what the cells have printed."""
    streams = (out for cell in outputs_of(copy) for out in cell if out["output_type"] == "stream")
    return "".join("".join(out["text"]) for out in streams)


def own_scenario(name: str, change: str = "+10%") -> str:
    """Return a file of a scenario of the town that changes spend per visit in 2024; the change stands in line 8."""
    return f"""\
name: {name}
label: {{vi: Chi tiêu tăng, en: Spend more}}
reason: {{vi: Thử, en: A try}}
area: sa_pa
judged_on: 2023-06-30
adjustments:
  - indicator: spend_per_visit
    values: {{2024: "{change}"}}
    reason: {{vi: Thử, en: A try}}
    source: judgement
    quality: C
    impact: medium
"""
