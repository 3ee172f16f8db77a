"""All tables of a project, loaded together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from ..core import Target, last_day, project_root
from ..evidence import (
    Vintage,
    known_by,
    load_areas,
    load_covariates,
    load_documents,
    load_events,
    load_evidence,
    load_indicators,
    load_reference,
)
from ..scenarios import Scenario, load_scenarios
from ..targets import Relations, load_relations, load_targets


@dataclass(frozen=True, eq=False, kw_only=True)
class Project(Vintage):
    """All tables of a project, loaded and checked once; `as_of` narrows them to what was known on a day.

    Attributes
    ----------
    root : pathlib.Path
        The folder that holds `data` and `params`.
    evidence, indicators, areas, covariates, documents, events, reference : pandas.DataFrame
        As the loaders of the same names return them.
    day : datetime.date or None
        The day to which they are narrowed; None for everything ever published.
    targets : sequence of Target
        Those of `data/targets.csv`.
    scenarios : dict of str to Scenario
        Those of `params/scenarios`, by name.
    relations : Relations
        Declared relations between the numbers of documents: `data/relations.yml`.
    """

    root: Path
    targets: Sequence[Target]
    documents: pd.DataFrame
    scenarios: dict[str, Scenario]
    relations: Relations
    events: pd.DataFrame
    reference: pd.DataFrame

    def _known(self, day: date) -> dict[str, Any]:
        targets = [each for each in self.targets if each.published and last_day(each.published) <= day]
        narrowed = {name: known_by(getattr(self, name), day) for name in ("events", "reference")}
        relations = self.relations.known_by(day)
        return {**super()._known(day), "targets": targets, "relations": relations, **narrowed}


def load_project(root: Path | str | None = None) -> Project:
    """Return the tables of the project at or above `root` (default: the current folder).

    Raises
    ------
    SapaError
        With every problem of the first kind of table that has one; `sapa check` reports all of them.

    Examples
    --------
    >>> from sapa_analysis.pipeline import load_project
    >>> project = load_project()
    >>> project.areas.loc["sa_pa", "name_en"], project.indicators.loc["forest_cover", "unit"]
    ('Sa Pa town', 'percent')
    >>> list(project.scenarios)
    ['base', 'high', 'low']
    """
    folder = project_root(root)
    data = folder / "data"
    indicators = load_indicators(data)
    return Project(
        root=folder,
        evidence=load_evidence(data),
        indicators=indicators,
        areas=load_areas(data),
        covariates=load_covariates(data),
        targets=load_targets(data),
        documents=load_documents(data),
        scenarios=load_scenarios(folder / "params/scenarios", indicators=indicators),
        relations=load_relations(data),
        events=load_events(data),
        reference=load_reference(data),
    )
