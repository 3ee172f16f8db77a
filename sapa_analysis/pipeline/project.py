"""All tables of a project, loaded together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
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
    fingerprint,
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
#: The tables of a workbook of the office.
_OWN = ("figures", "goals", "judgements", "causes", "projects")


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
    replaced : pandas.DataFrame
        Public rows in whose place figures of the office count.
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
    store : Store or None
        Where results are kept on disk; None keeps none, for tables that hold what must not be written down.
    office : Office or None
        The workbook of the office whose figures and goals stand among the others.
    corrected : mapping of str to Target
        The public targets in whose place goals of the office stand, by id; before these are known they count.
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
    store: Store | None = None
    office: Office | None = None
    corrected: Mapping[str, Target] = field(default_factory=dict)

    def __repr__(self) -> str:
        known = f"as of {self.day}" if self.day else "all that was published"
        counts = f"{len(self.evidence):,} figures, {len(self.targets):,} targets, {len(self.areas):,} areas"
        return f"<Project {self.root.name}: {counts}, {len(self.scenarios)} scenarios, {known}>"

    def _known(self, day: date) -> dict[str, Any]:
        targets = [each for target in self.targets if (each := self._then(target, day)) is not None]
        texts = {name: text for name, text in self.texts.items() if last_day(text.source.published) <= day}
        tables = ("events", "reference", "whereabouts")
        narrowed = {name: known_by(getattr(self, name), day) for name in tables}
        relations = self.relations.known_by(day)
        own: dict[str, Any] = {"targets": targets, "texts": texts, "relations": relations}
        own["office"] = self.office.as_of(day) if self.office else None
        return {**super()._known(day), **own, **narrowed}

    def _then(self, target: Target, day: date) -> Target | None:
        """Return a target as it was known on a day, before the office corrected it too."""
        versions = (target, self.corrected.get(target.id))
        return next(
            (each for each in versions if each and each.published and last_day(each.published) <= day), None
        )


def load_project(root: Path | str | None = None, *, office: Office | None = None) -> Project:
    """Return the tables of the project at or above `root` (default: the current folder).

    Parameters
    ----------
    root : path, optional
        A folder of the project.
    office : Office, optional
        A workbook of the office: its figures and goals stand among the public ones, and in their place where
        they say the same. With a row that must stay in the house nothing is kept on disk.

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
    read = [(name, digest) for name, digest in file_digests(folder).items() if name.startswith(_TABLES)]
    if office is not None:
        read.append(("office", _content(office)))
        store = None if office.has_internal else store
    tables = _tables(Keyed(digest_of(read), (folder, office), store))
    return replace(apart(tables), root=folder, store=store, office=office)


def _content(office: Office) -> str:
    """Return digits that follow from all that is read of a workbook; those of a part of it are others."""
    held = fingerprint({name: getattr(office, name) for name in _OWN})
    return repr((office.digest, office.name, office.area, office.day, [*office.leads.items()], held))


@kept(size=4)
def _tables(asked: Keyed) -> Project:
    folder, office = asked.things
    data = folder / "data"
    indicators, areas, definitions = load_indicators(data), load_areas(data), load_definitions(data)
    figures = load_evidence(data, overlay=office and office.figures)
    targets = load_targets(data, overlay=office and office.goals)
    return Project(
        root=folder,
        evidence=with_definitions(figures, definitions, indicators, areas),
        indicators=indicators,
        areas=areas,
        definitions=definitions,
        covariates=load_covariates(data),
        targets=[_led(target, office) for target in targets],
        documents=load_documents(data),
        scenarios=load_scenarios(folder / "params/scenarios", indicators=indicators, areas=areas),
        relations=load_relations(data, figures=figures),
        texts=load_document_texts(data),
        units=load_units(folder / "params", indicators=indicators),
        events=load_events(data),
        reference=load_reference(data),
        whereabouts=load_whereabouts(data),
        corrected=_corrected(data, targets, office) if office else {},
    )


def _led(target: Target, office: Office | None) -> Target:
    """Return a target with the unit in charge that the office names, if it does."""
    lead = office and office.leads.get(target.id)
    return target.model_copy(update={"unit_in_charge": lead}) if lead else target


def _corrected(data: Path, targets: Iterable[Target], office: Office) -> dict[str, Target]:
    rows = set(office.goals["where"])
    own = {target.id for target in targets if target.where in rows}
    return {target.id: _led(target, office) for target in load_targets(data) if target.id in own}


def check_names(project: Project, params: Params, indicators: Iterable[str]) -> None:
    """Raise a ParamsError with every unknown indicator, area, document, scenario and method.

    Parameters
    ----------
    project : Project
        The tables.
    params : Params
        Their area, documents, scenarios and method are looked up.
    indicators : iterable of str
        Ids that the run names.

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
