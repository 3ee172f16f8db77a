"""The notebooks of the site: executed by the project's own runner, then made ready for the page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sapa_analysis.runs import run_jobs

#: The notebooks that are shown executed, with their place: the tutorial in both languages, the others in one.
SHOWN = {
    ("00_start", "en"): "notebooks/00_start.ipynb",
    ("00_start", "vi"): "vi/00_start.ipynb",
    ("01_evidence", "en"): "notebooks/01_evidence.ipynb",
    ("02_trajectory", "en"): "notebooks/02_trajectory.ipynb",
    ("03_scenarios", "en"): "notebooks/03_scenarios.ipynb",
    ("04_targets", "en"): "notebooks/04_targets.ipynb",
    ("05_track_record", "en"): "notebooks/05_track_record.ipynb",
}
#: The notebooks that a page of ours speaks of: one moves, one writes files.
TOLD = {"06_explorer": "howto/open_explorer.md", "07_briefing": "howto/prepare_review.md"}


def executed(out: Path) -> dict[str, dict[str, Any]]:
    """Return each shown notebook, executed, by its place; what was done before is not run again.

    Raises
    ------
    RuntimeError
        When one fails: then there is no site.
    """
    jobs = [(name, {"lang": lang}) for name, lang in SHOWN]
    found = run_jobs(jobs, out)
    failed = [f"{run.notebook}: {run.error}" for run in found if not hasattr(run, "path")]
    if failed:
        raise RuntimeError("\n".join(failed))
    return {
        place: ready(json.loads(run.path.read_text(encoding="utf-8")))
        for place, run in zip(SHOWN.values(), found, strict=True)
    }


def ready(notebook: dict[str, Any]) -> dict[str, Any]:
    """Return a notebook for the page: what JupyterLab folds is folded, records for machines are left out.

    Examples
    --------
    >>> cell = {"cell_type": "code", "source": "x", "metadata": {"jupyter": {"source_hidden": True}}}
    >>> ready({"cells": [cell | {"outputs": []}], "metadata": {}})["cells"][0]["metadata"]
    {'tags': ['hide-input']}
    """
    return notebook | {"cells": [_ready(cell) for cell in notebook["cells"]], "metadata": _plain(notebook)}


def _plain(notebook: dict[str, Any]) -> dict[str, Any]:
    kept = ("kernelspec", "language_info")
    return {name: value for name, value in notebook["metadata"].items() if name in kept}


def _ready(cell: dict[str, Any]) -> dict[str, Any]:
    tags = set(cell["metadata"].get("tags", []))
    if cell["metadata"].get("jupyter", {}).get("source_hidden"):
        tags.add("hide-input")
    made = cell | {"metadata": {"tags": sorted(tags & {"hide-input"})}}
    if cell["cell_type"] == "code":
        made["outputs"] = [each for each in cell["outputs"] if not _is_record(each)]
    return made


def _is_record(output: dict[str, Any]) -> bool:
    return any(name.startswith("application/vnd.sapa") for name in output.get("data", {}))
