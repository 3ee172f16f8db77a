"""Write what a checkout says of every edition into a folder, to compare two checkouts byte by byte.

    OPENBLAS_NUM_THREADS=1 python benchmarks/fingerprint.py BEFORE   # in one checkout
    OPENBLAS_NUM_THREADS=1 python benchmarks/fingerprint.py AFTER    # in the other
    diff -r BEFORE AFTER                                             # no line: no published number moved

Per edition and area: hashes of paths, draws and tables of every indicator, under every scenario too; verdicts
with all digits; the file that the register would get; readings of the published rules. For the town also the
briefing with `results.csv` and `results.json`, track record scores, plans, documents compared, methods. About
ten minutes.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import tempfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import sapa_analysis as sapa

TOWN, AREAS = "sa_pa", ("sa_pa", "lao_cai")
COLUMNS = ["estimate", "sd", "lower_80", "upper_80", "lower_95", "upper_95", "n_observations", "best"]


def digest(frame: pd.DataFrame) -> str:
    """Return a hash of the bytes of all numbers of a table, and its shape."""
    values = np.ascontiguousarray(frame.to_numpy(dtype=float))
    return f"{hashlib.sha256(values.tobytes()).hexdigest()[:16]} {frame.shape}"


def exact(frame: pd.DataFrame) -> str:
    """Return a table as CSV with all digits of every number."""
    return frame.to_csv(float_format=lambda value: repr(float(value)), lineterminator="\n")


def facts_of(outcome: sapa.Forecast | sapa.NotAssessed) -> dict[str, Any]:
    """Return what one outcome rests on and says."""
    if isinstance(outcome, sapa.NotAssessed):
        return {"reason": outcome.reason, "needed": outcome.needed}
    series, quiet = outcome.observed, outcome.without_shocks
    table = series.with_running()
    return {
        "paths": digest(outcome.paths),
        "without_shocks": None if quiet is None else digest(quiet),
        "draws": digest(series.draws),
        "table": digest(table[COLUMNS]),
        "basis": list(table["basis"]),
        "support": [list(source) for source in series.support],
        "medians": [repr(median) for median in outcome.summary()["median"]],
        "method": outcome.method,
        "fit_health": list(outcome.fit_health),
    }


def facts_by_name(outcomes: Mapping[str, sapa.Forecast | sapa.NotAssessed]) -> dict[str, Any]:
    """Return the facts of many outcomes by indicator."""
    return {name: facts_of(outcome) for name, outcome in outcomes.items()}


def write_edition(out: Path, area: str, day: str) -> None:
    """Write the files of one area and day."""
    project, params = sapa.open_project(area=area, as_of=day)
    results = sapa.evaluation.judge_edition(project, params)
    scenarios = sapa.under_scenarios(project, params, results.outcomes) if area == TOWN else {}
    facts = {
        "outcomes": facts_by_name(results.outcomes),
        "forecast_area": facts_by_name(sapa.forecast_area(project, params)),
        "scenarios": {name: facts_by_name(under) for name, under in scenarios.items()},
        "correlations": exact(sapa.pipeline.correlations_of(project, params)),
        "readings": exact(results.readings),
        "attained": digest(results.attained),
    }
    stem = out / f"{area}-{day}"
    stem.with_suffix(".json").write_text(json.dumps(facts, indent=1, sort_keys=True))
    Path(f"{stem}-verdicts.csv").write_text(exact(results.verdicts))
    with tempfile.TemporaryDirectory() as folder:
        issued = sapa.verdicts.issue_verdicts(
            Path(folder), results.verdicts, results.readings,
            area=area, as_of=params.as_of, issued=date(2026, 11, 25),
        )  # fmt: skip
        Path(f"{stem}-register.csv").write_bytes(issued.read_bytes())
    if area == TOWN:
        write_town(stem, project, params, results)


def write_town(
    stem: Path, project: sapa.pipeline.Project, params: sapa.core.Params, results: sapa.pipeline.Results
) -> None:
    """Write what only the town has: papers, scores, plans, documents, methods."""
    scores = sapa.evaluation.score_subjects(project, params, params.core)
    sapa.write_papers(project, sapa.assess_targets(project, params), Path(f"{stem}-briefing"))
    tables = {
        **{f"scores-{name}": table for name, table in scores.items()},
        "settled": sapa.evaluation.score_editions(project, params).cases,
        "plans": sapa.evaluation.plan_record(project, params, known=results.outcomes),
        "methods": sapa.pipeline.compare_methods(project, params, "tourist_arrivals"),
        "compared": sapa.pipeline.compare_papers(project, params),
        "consistency": sapa.pipeline.check_papers(project, params),
        "running_year": sapa.pipeline.nowcast_year(
            project, params, "tourist_arrivals", params.as_of.year - 1
        ),
    }
    for name, table in tables.items():
        Path(f"{stem}-{name}.csv").write_text(exact(table))


def main() -> None:
    """Write all editions, or the days given."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", type=Path, help="folder to write to")
    parser.add_argument(
        "days", nargs="*", help="days, YYYY-MM-DD (default: the editions of params/baseline.yml)"
    )
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    project = sapa.pipeline.load_project()
    editions = sapa.core.load_params(project.root / "params/baseline.yml").editions
    for day in arguments.days or [str(edition) for edition in editions]:
        for area in AREAS:
            write_edition(arguments.out, area, day)
            print(area, day, flush=True)


if __name__ == "__main__":
    main()
