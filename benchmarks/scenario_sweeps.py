"""Processor time of scenarios beside that of one fit, in one thread.

    python benchmarks/scenario_sweeps.py

Sa Pa as known on 2023-06-30, with the paths of the baseline. It prints seconds of the processor, the least of
several rounds: one fit of the area; one scenario applied, and told; a sweep of 1,024 scenarios (32 factors of
arrivals x 32 of spend), one of 1,000 that all differ for every indicator, and one in which output follows
tourism revenue; what a target takes; a frontier of nine mixes. Last, the largest relative difference of a
sweep to the same scenarios applied one by one.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from typing import Any

os.environ["OPENBLAS_NUM_THREADS"] = "1"
os.environ["OMP_NUM_THREADS"] = "1"
os.environ["SAPA_STORE"] = "off"  # a fit that is found on disk is none
sys.path.insert(0, os.getcwd())

import numpy as np

import sapa_analysis as sapa

INDICATORS = ["tourist_arrivals", "spend_per_visit", "tourism_revenue"]
LINKED = ["tourism_revenue", "grdp_growth", "grdp"]
TARGET = "congress-2020.tourism_revenue"
ROUNDS = 3


def seconds(call: Callable[[], Any], rounds: int = ROUNDS) -> tuple[float, Any]:
    """Return the least processor time of several calls, and what the last one returned."""
    least, found = np.inf, None
    for _ in range(rounds):
        start = time.process_time()
        found = call()
        least = min(least, time.process_time() - start)
    return least, found


def one_by_one(
    base: dict[str, Any], scenarios: dict[str, Any], targets: list[Any]
) -> dict[tuple[Any, ...], float]:
    """Return the numbers of a sweep, each scenario applied and told by itself."""
    found = {}
    for name, scenario in scenarios.items():
        after = sapa.apply_scenario({key: base[key] for key in INDICATORS}, scenario)
        for indicator in INDICATORS:
            table = after[indicator].summary((80,))
            for year, row in zip(sapa.core.years_of(table), table.to_dict("records"), strict=True):
                found |= {(name, indicator, "", int(year), what): value for what, value in row.items()}
        attained = sapa.verdicts.attained_paths(after, targets)
        for target in targets:
            key = (name, target.indicator_id, target.id, target.end, "probability")
            found[key] = float(attained[target.id].mean())
    return found


def main() -> None:
    """Measure and print."""
    project, params = sapa.open_project(as_of="2023-06-30")
    fit, base = seconds(lambda: sapa.forecast_area(project, params), rounds=1)
    targets = [target for name in INDICATORS for target in sapa.pipeline.known_targets(project, params, name)]
    rows: list[tuple[str, float]] = [(f"one fit of {len(base)} indicators, {params.n_paths:,} paths", fit)]
    small = sapa.scenarios.grid_scenarios(base, {"tourist_arrivals": [1.2], "spend_per_visit": [1.1]})
    [scenario] = small.values()
    three = {name: base[name] for name in INDICATORS}
    cost, _ = seconds(lambda: sapa.apply_scenario(three, scenario))
    rows.append(("one scenario applied to three indicators", cost))
    cost, _ = seconds(lambda: sapa.apply_scenario(base, scenario, links=params.links))
    rows.append((f"one scenario applied to all {len(base)}, links followed", cost))
    cost, _ = seconds(lambda: one_by_one(base, small, targets))
    rows.append(("one scenario, three indicators, applied and told", cost))
    grid = {"tourist_arrivals": np.linspace(0.5, 2, 32), "spend_per_visit": np.linspace(0.5, 2, 32)}
    cost, table = seconds(lambda: sapa.sweep(base, grid, indicators=INDICATORS, targets=targets))
    rows.append(("1,024 scenarios of a grid, three indicators and their targets", cost))
    drawn = np.random.default_rng(1).uniform(0.6, 1.8, size=(1_000, 2))
    lists = [
        sapa.scenarios.turn_levers(
            base, dict(zip(grid, turns, strict=True)), shape="step", until=2025, name=f"{number}"
        )
        for number, turns in enumerate(drawn)
    ]
    cost, _ = seconds(lambda: sapa.sweep(base, lists, indicators=INDICATORS, targets=targets))
    rows.append(("1,000 scenarios that differ for each, three indicators and their targets", cost))
    cost, _ = seconds(lambda: sapa.sweep(base, grid, indicators=LINKED, links=params.links))
    rows.append(("1,024 scenarios of a grid, three indicators of which two follow by a link", cost))
    cost, _ = seconds(lambda: sapa.what_it_takes(project, params, base, TARGET))
    rows.append(("what a target takes: two levers, two chances", cost))
    cost, _ = seconds(lambda: sapa.frontier(project, params, base, TARGET))
    rows.append(("a frontier of nine mixes", cost))
    for what, cost in rows:
        print(f"{what:<75} {cost:8.4f} s  {cost / fit:7.3f} fits")
    few = dict(list(sapa.scenarios.grid_scenarios(base, grid).items())[::37])
    alone = one_by_one(base, few, targets)
    keys = ["scenario", "indicator", "target", "year", "statistic"]
    together = table.set_index(keys)["value"]
    off = max(abs(together[key] / value - 1) if value else abs(together[key]) for key, value in alone.items())
    print(
        f"largest relative difference to one by one ({len(few)} scenarios, {len(alone)} numbers): {off:.1e}"
    )


if __name__ == "__main__":
    main()
