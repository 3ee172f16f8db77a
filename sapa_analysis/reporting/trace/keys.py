"""Keys of numbers, taken apart: of which scenario, area, target, document or indicator they speak."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from ...core import Target
from ...pipeline import Project
from ..language import texts


@dataclass(frozen=True, slots=True)
class Subject:
    """What a key speaks of; what it does not name is blank.

    Attributes
    ----------
    kind : {"check", "target", "document", "indicator", "area", ""}
        The narrowest thing named, but for the scenario; `check` is a comparison of the numbers of documents,
        with its first target.
    scenario, area, target, document, indicator : str
        Their ids.
    rest : str
        What follows in the key.
    """

    kind: str
    rest: str
    scenario: str = ""
    area: str = ""
    target: str = ""
    document: str = ""
    indicator: str = ""


@dataclass(frozen=True, slots=True)
class Names:
    """The ids of a project by which keys begin."""

    scenarios: frozenset[str]
    areas: frozenset[str]
    targets: frozenset[str]
    documents: frozenset[str]
    indicators: frozenset[str]
    checks: frozenset[str]

    @classmethod
    def of(cls, project: Project, targets: Iterable[Target]) -> Names:
        """Return the ids of a project and of the targets of a run."""
        known = [*project.targets, *targets]
        return cls(
            frozenset({"base", *project.scenarios}),
            frozenset(project.areas.index),
            frozenset(target.id for target in known),
            frozenset({*project.documents.index, *(target.document for target in known)}),
            frozenset(project.indicators.index),
            frozenset(texts("en")["consistency"]["checks"]),
        )

    def subject(self, key: str) -> Subject:
        """Return what a key speaks of at its beginning.

        Examples
        --------
        >>> from sapa_analysis.pipeline import load_project
        >>> from sapa_analysis.reporting.trace.keys import Names
        >>> names = Names.of(load_project(), [])
        >>> said = names.subject("low.resolution-2023.09.tourist_arrivals.probability")
        >>> said.scenario, said.target, said.rest
        ('low', 'resolution-2023.09.tourist_arrivals', 'probability')
        """
        scenario, rest = _taken(key, self.scenarios)
        check, of = rest.partition(".")[::2]
        target, after = _taken(of, self.targets) if check in self.checks else ("", of)
        if target:
            return Subject("check", after, target=target)
        target, after = _taken(rest, self.targets)
        if target:
            return Subject("target", after, scenario, target=target)
        document, after = _taken(rest, self.documents)
        if document:
            return Subject("document", after, scenario, document=document)
        area, rest = _taken(rest, self.areas)
        indicator, after = _taken(rest, self.indicators)
        if indicator:
            return Subject("indicator", after, scenario, area=area, indicator=indicator)
        return Subject("area" if area else "", rest, scenario, area=area)

    def named_anywhere(self, key: str) -> Subject | None:
        """Return the first target, document or indicator that a key names anywhere, or None."""
        rest = key
        while rest:
            found = self.subject(rest)
            if found.kind not in ("", "area"):
                return found
            rest = rest.partition(".")[2]
        return None


def _taken(key: str, names: Collection[str]) -> tuple[str, str]:
    """Return the longest name at the start of a key and what follows it; blank and the key without one."""
    end = len(key)
    while end > 0:
        if key[:end] in names:
            return key[:end], key[end + 1 :]
        end = key.rfind(".", 0, end)
    return "", key
