"""Figures of an office, made up: three steady years for every indicator that the documents set a goal for."""

from datetime import date
from functools import cache

import pandas as pd

from sapa_analysis.core import Observations, Targets
from sapa_analysis.evidence import Office
from sapa_analysis.pipeline import known_targets, open_project

DAY = date(2023, 6, 15)


def figure(indicator, year, value, unit, **other):
    """Return a row of the evidence as the reader of a workbook makes it."""
    row = {
        "id": f"office.figures.{indicator}.{year}", "indicator_id": indicator, "area": "sa_pa",
        "period": str(year), "freq": "A", "value": value, "unit": unit, "kind": "actual", "bound": "exact",
        "digits": max(1, len(f"{value:.12g}".replace(".", "").strip("0"))), "through": "",
        "published": DAY.isoformat(), "grade": "A", "cite_ok": "yes", "source_title": "Số liệu của cơ quan",
        "source_url": "office:Số liệu của cơ quan", "statement": "Số liệu của cơ quan", "note": "",
        "where": f"so_lieu.xlsx, trang Số liệu, ô F{year - 2000}:{year - 2000}", "internal": False,
    }  # fmt: skip
    return row | other


def office(figures, **other):
    """Return what a workbook holds, of rows that `figure` makes."""
    shared = ["where", "internal"]
    table = pd.DataFrame(list(figures), columns=[*Observations.to_schema().columns, *shared])
    goals = pd.DataFrame(columns=[*Targets.to_schema().columns, *shared])
    fields = {"name": "so_lieu.xlsx", "area": "sa_pa", "day": DAY, "figures": table, "goals": goals}
    return Office(**(fields | {"digest": "0" * 64} | other))


@cache
def steady():
    """Return three steady years, 2020 to 2022, on the way to each goal of the documents as of 2023-06-30."""
    project, params = open_project(as_of="2023-06-30")
    rows = {}
    for goal in known_targets(project, params):
        concept = project.indicators.loc[goal.indicator_id]
        for back, year in enumerate((2022, 2021, 2020), start=1):
            rows.setdefault((goal.indicator_id, year), figure(
                goal.indicator_id, year, _on_the_way(goal, concept, back), str(concept["unit"])
            ))  # fmt: skip
    return office(rows.values())


def _on_the_way(goal, concept, back):
    """Return a value so many years before the goal is met, at a pace of three percent of it a year."""
    if goal.measure == "yes_no":
        return goal.value
    if concept["scale"] == "growth":
        return round(goal.value - 0.3 * back, 2)
    value = goal.value * (1 - 0.03 * back * (-1 if concept["better"] == "less" else 1))
    value = min(max(value, concept["lower"]), concept["upper"])
    whole = concept["decimals"] == 0 and concept["unit"] != "percent"
    return float(round(value)) if whole and value >= 20 else float(f"{value:.4g}")
