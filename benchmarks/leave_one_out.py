"""Withhold the figures of one year of the town and see whether the joint series still holds them.

    python benchmarks/leave_one_out.py [--area sa_pa] [--as-of 2026-01-31]

For every year with a figure of the whole year, all figures of that indicator about that year are taken away,
parts of the year too; growth rates into or out of it stay, as do the figures of other indicators. Then those
of arrivals and of revenue are taken away together.
"""

from __future__ import annotations

import argparse
import os
from dataclasses import replace

os.environ.setdefault("OMP_NUM_THREADS", "1")

import pandas as pd

import sapa_analysis as sapa
from sapa_analysis.core.errors import NoEvidenceError
from sapa_analysis.core.params import Params
from sapa_analysis.core.types import YearlySeries
from sapa_analysis.core.yearly import row_of, years_of
from sapa_analysis.pipeline.area import lineage
from sapa_analysis.pipeline.project import Project
from sapa_analysis.series.family import find_family
from sapa_analysis.series.joint import build_joint

INDICATORS = ("tourist_arrivals", "tourism_revenue")


def main() -> None:
    """Print one row per withheld year, and how many the intervals held."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--area", default="sa_pa")
    asked.add_argument("--as-of", default="2026-01-31")
    args = asked.parse_args()
    project, params = sapa.open_project(area=args.area, as_of=args.as_of)
    whole = build(project, params, project.evidence)
    rows = []
    for indicator in INDICATORS:
        known = whole[indicator, args.area].table
        for year in years_of(known)[(known["basis"] == "year").to_numpy()]:
            for taken in ([indicator], list(INDICATORS)):
                evidence = without(project.evidence, taken, args.area, int(year))
                rows.append(
                    row(
                        project,
                        params,
                        evidence,
                        indicator,
                        int(year),
                        float(row_of(known, year)["best"]),
                        taken,
                    )
                )
    table = pd.DataFrame(rows)
    print(table.to_string(index=False))
    held = table[["held_80", "held_95"]].groupby([table["indicator"], table["taken"]]).agg(["sum", "count"])
    print(held.to_string())


def build(project: Project, params: Params, evidence: pd.DataFrame) -> dict[tuple[str, str], YearlySeries]:
    """Return the joint series of tourism."""
    known = replace(project, evidence=evidence).as_of(params.as_of)
    family = find_family(INDICATORS[0], project.indicators)
    few = params.with_values(n_paths=100, bridges=[], plans_inform=[])
    return build_joint(known, family, lineage(project, params.area), few)


def without(evidence: pd.DataFrame, indicators: list[str], area: str, year: int) -> pd.DataFrame:
    """Return the evidence without the figures of some indicators about one year."""
    mine = evidence["indicator_id"].isin(indicators) & (evidence["area"] == area)
    return evidence[~(mine & evidence["period"].str.startswith(str(year)) & (evidence["freq"] != "TERM"))]


def row(
    project: Project,
    params: Params,
    evidence: pd.DataFrame,
    indicator: str,
    year: int,
    published: float,
    taken: list[str],
) -> dict[str, object]:
    """Return what the series says of a withheld year."""
    said = {"indicator": indicator, "taken": "+".join(taken), "year": year, "published": published}
    try:
        table = build(project, params, evidence)[indicator, params.area].table
        found = row_of(table, year)
    except (NoEvidenceError, KeyError, IndexError):
        return said
    low, high = found["lower_80"], found["upper_80"]
    return said | {
        "estimate": round(found["estimate"]),
        "lower_80": round(low),
        "upper_80": round(high),
        "held_80": float(low <= published <= high),
        "held_95": float(found["lower_95"] <= published <= found["upper_95"]),
    }


if __name__ == "__main__":
    main()
