"""All tables of a project, loaded together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from ..core import (
    Keyed,
    Params,
    ParamsError,
    Store,
    Target,
    apart,
    digest_of,
    file_digests,
    kept,
    last_day,
    open_store,
    project_root,
)
from ..evidence import (
    Office,
    Vintage,
    known_by,
    load_areas,
    load_covariates,
    load_definitions,
    load_documents,
    load_events,
    load_evidence,
    load_indicators,
    load_reference,
    load_whereabouts,
    with_definitions,
)
from ..scenarios import Scenario, load_scenarios
from ..targets import (
    DocumentText,
    Relations,
    Units,
    load_document_texts,
    load_relations,
    load_targets,
    load_units,
)
from .names import Names, unknown_names

#: The folders that the tables are read from.
_TABLES = ("data/", "params/")


@dataclass(frozen=True, eq=False, kw_only=True)
class Project(Vintage):
    """All tables of a project, loaded and checked once; `as_of` narrows them to what was known on a day.

    Attributes
    ----------
    root : pathlib.Path
        The folder that holds `data` and `params`.
    evidence, indicators, areas, covariates, definitions : pandas.DataFrame
        As the loaders of the same names return them; the evidence with `definition`, see `with_definitions`.
    documents, events, reference, whereabouts : pandas.DataFrame
        As the loaders of the same names return them.
    day : datetime.date or None
        The day to which they are narrowed; None for everything ever published.
    targets : sequence of Target
        Those of `data/targets.csv`.
    scenarios : dict of str to Scenario
        Those of `params/scenarios`, by name.
    relations : Relations
        Declared relations between the numbers of documents: `data/relations.yml`.
    texts : dict of str to DocumentText
        What documents say beyond their figures, by document: `data/documents`. Empty where none is held.
    units : Units
        The units that usually lead a field or an indicator: `params/units.yml`.
    office : Office or None
        What the office's workbook holds beside its figures; None without one.
    store : Store or None
        Where results are kept on disk; None keeps none, for tables that hold what must not be written down.
    """

    root: Path
    targets: Sequence[Target]
    documents: pd.DataFrame
    scenarios: dict[str, Scenario]
    relations: Relations
    texts: dict[str, DocumentText]
    units: Units
    events: pd.DataFrame
    reference: pd.DataFrame
    whereabouts: pd.DataFrame
    office: Office | None = None
    store: Store | None = None

    def _known(self, day: date) -> dict[str, Any]:
        targets = [each for each in self.targets if each.published and last_day(each.published) <= day]
        texts = {name: text for name, text in self.texts.items() if last_day(text.source.published) <= day}
        tables = ("events", "reference", "whereabouts")
        narrowed = {name: known_by(getattr(self, name), day) for name in tables}
        relations = self.relations.known_by(day)
        own: dict[str, Any] = {"targets": targets, "texts": texts, "relations": relations}
        own["office"] = self.office.as_of(day) if self.office else None
        return {**super()._known(day), **own, **narrowed}


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
    >>> list(project.scenarios)[:4]
    ['base', 'foreign_fast', 'foreign_slow', 'high']
    """
    folder = project_root(root)
    store = open_store(folder)
    read = ((name, digest) for name, digest in file_digests(folder).items() if name.startswith(_TABLES))
    tables = _tables(Keyed(digest_of(read), folder, store))
    return replace(apart(tables), root=folder, store=store)


@kept(size=2)
def _tables(asked: Keyed) -> Project:
    folder: Path = asked.things
    data = folder / "data"
    indicators, areas, definitions = load_indicators(data), load_areas(data), load_definitions(data)
    figures = load_evidence(data)
    return Project(
        root=folder,
        evidence=with_definitions(figures, definitions, indicators, areas),
        indicators=indicators,
        areas=areas,
        definitions=definitions,
        covariates=load_covariates(data),
        targets=load_targets(data),
        documents=load_documents(data),
        scenarios=load_scenarios(folder / "params/scenarios", indicators=indicators, areas=areas),
        relations=load_relations(data, figures=figures),
        texts=load_document_texts(data),
        units=load_units(folder / "params", indicators=indicators),
        events=load_events(data),
        reference=load_reference(data),
        whereabouts=load_whereabouts(data),
    )


def check_names(project: Project, params: Params, indicators: Iterable[str]) -> None:
    """Raise a ParamsError with every unknown indicator, area, document, scenario and method.

    Examples
    --------
    >>> from sapa_analysis.pipeline import check_names, open_project
    >>> project, params = open_project(as_of="2023-06-30")
    >>> check_names(project, params, ["tourist_arrival"])
    Traceback (most recent call last):
        ...
    sapa_analysis.core.errors.ParamsError: parameters has 1 problem
      indicator: "tourist_arrival" is unknown; did you mean tourist_arrivals?
    """
    tables = (project.indicators, project.areas, project.documents)
    indicators_known, areas, documents = (list(map(str, table.index)) for table in tables)
    known = Names(indicators_known, areas, documents, list(project.scenarios))
    chosen = {name: getattr(params, name) for name in type(params).model_fields}
    if unknown := unknown_names({"indicator": [*indicators], **chosen}, known):
        raise ParamsError(unknown)
