"""Small notebooks, cheap to run, and what runs leave in a folder."""

from __future__ import annotations

import json
from pathlib import Path

from conftest import Copy

ROOT = Path(__file__).parents[1]
_SAYS = "import sapa_analysis as sapa\nsapa.record(headline=[f'seed {seed}'])"
#: What each notebook does.
BODIES = {
    "answers": _SAYS,
    "counts": "import pandas as pd\nimport sapa_analysis as sapa\n"
              "about = {'area': area, 'as_of': as_of, 'scenario': 'base', 'indicator': 'x', 'unit': 'visits'}\n"
              "rows = [{**about, 'year': year, 'statistic': 'median', 'value': seed / 3} for year in (2024, 2025)]\n"
              "sapa.record(headline=[f'{shock_years} {n_paths}'], results=pd.DataFrame(rows))",
    "fails": "raise ValueError('no good')",
    "dies": "import os\nos.kill(os.getpid(), 9)",
    "ends": "import os\nos._exit(1)",
    "waits": f"import time\ntime.sleep(1)\n{_SAYS}",
    "writes": "import os\nfrom pathlib import Path\nimport sapa_analysis as sapa\n"
              "place = Path('build') / f'written-{seed}.txt'\nplace.parent.mkdir(exist_ok=True)\n"
              "_ = place.write_text(str(seed))\nsapa.record(headline=['written'], files=[str(place.resolve())])",
}  # fmt: skip


def furnish(project: Copy) -> Path:
    """Put the small notebooks into a project; return its folder."""
    folder = project.root / "notebooks"
    folder.mkdir()
    for name, body in BODIES.items():
        write_notebook(folder / f"{name}.ipynb", body)
    return project.root


def write_notebook(path: Path, body: str, **metadata: object) -> None:
    """Write a notebook of two cells: the parameters of `04_targets`, and a body."""
    whole = json.loads((ROOT / "notebooks/04_targets.ipynb").read_text(encoding="utf-8"))
    tagged = next(cell for cell in whole["cells"] if "parameters" in cell["metadata"].get("tags", []))
    cell = {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": body}
    content = {**whole, "cells": [{**tagged, "id": "a"}, {**cell, "id": "b"}]}
    content["metadata"] = {**content["metadata"], "sapa": {}, **metadata}
    path.write_text(json.dumps(content), encoding="utf-8")


def rows_of(folder: Path) -> list[dict]:
    """Return the runs in the journal of a folder, in order."""
    lines = (folder / "runs.jsonl").read_text(encoding="utf-8").splitlines()
    return [row for row in map(json.loads, lines) if "run" in row]


def hidden_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name.startswith("."))
