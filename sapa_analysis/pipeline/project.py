"""All tables of a project, loaded together."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from ..core import project_root
from ..evidence import (
    load_areas,
    load_covariates,
    load_documents,
    load_events,
    load_evidence,
    load_indicators,
)
from ..scenarios import Scenario, load_scenarios
from ..targets import Relations, load_relations, load_targets


@dataclass(frozen=True, slots=True, eq=False)
class Project:
    """All tables of a project, loaded and checked once.

    Attributes
    ----------
    root : pathlib.Path
        The folder that holds `data` and `params`.
    evidence, indicators, areas, covariates, targets, documents, events : pandas.DataFrame
        As the loaders of the same names return them.
    scenarios : dict of str to Scenario
        Those of `params/scenarios`, by name.
    relations : Relations
        Declared relations between the numbers of documents: `data/relations.yml`.
    """

    root: Path
    evidence: pd.DataFrame
    indicators: pd.DataFrame
    areas: pd.DataFrame
    covariates: pd.DataFrame
    targets: pd.DataFrame
    documents: pd.DataFrame
    scenarios: dict[str, Scenario]
    relations: Relations
    events: pd.DataFrame


def load_project(root: Path | str | None = None) -> Project:
    """Return the tables of the project at or above `root` (default: the current folder).

    Raises
    ------
    SapaError
        With every problem of the first kind of table that has one; `sapa check` reports all of them.
    """
    folder = project_root(root)
    data = folder / "data"
    return Project(
        folder,
        load_evidence(data),
        load_indicators(data),
        load_areas(data),
        load_covariates(data),
        load_targets(data),
        load_documents(data),
        load_scenarios(folder / "params/scenarios"),
        load_relations(data),
        load_events(data),
    )
