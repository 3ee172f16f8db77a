"""Write what an assessment of the town answers as one .npz file: `python answers.py FILE`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import numpy as np

import sapa_analysis as sapa
from sapa_analysis.pipeline import judge, known_targets


def answers() -> dict[str, np.ndarray]:
    """Return draws and paths in the indicators' units, growth as factors, and the chances of targets."""
    assert str(sapa.__file__).startswith(os.environ.get("SAPA_FROM", "")), sapa.__file__
    project, params = sapa.open_project(as_of="2023-06-30")
    subjects = {
        "growth": ["grdp_growth", "grdp_per_capita"],
        "tourism": ["tourist_arrivals", "tourism_revenue"],
    }
    few = params.with_values(n_paths=100, subjects=subjects)
    outcomes = {name: sapa.assess_indicator(project, few, name) for name in [*few.core, "forest_cover"]}
    goals = [goal for goal in known_targets(project, few) if goal.indicator_id in outcomes]
    found = {"chances": judge(project, outcomes, goals, few)["probability"].to_numpy(dtype=float)}
    for name, outcome in outcomes.items():
        tables = {"draws": outcome.observed.draws} if outcome.observed is not None else {}
        if isinstance(outcome, sapa.Forecast):
            tables["paths"] = outcome.paths
        growth = outcome.observed is not None and outcome.observed.scale == "growth"
        for kind, table in tables.items():
            values = table.to_numpy(dtype=float)
            found[f"{name} {kind}"] = 1 + values / 100 if growth else values
    return found


if __name__ == "__main__":
    np.savez(Path(sys.argv[1]), **answers())
