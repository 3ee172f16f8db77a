"""A scenario of play written as a file, with the reason and the source that files demand."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import yaml

from ..core import LANGUAGES, OutputError, ParamsError, Problem, project_root, write_whole
from ..evidence import load_areas
from .adjustment import ANYWHERE, Adjustment, Scenario
from .lever import known_indicators
from .scenario_file import checked

#: Where a scenario of one's own is written by default.
_FOLDER = "build/scenarios"
#: Characters of a file name that every system takes, with room for what writing puts beside it.
_LONGEST = 100
#: Signs of a name in play, and what an id has in their place.
_SIGNS = {"+": " plus ", "−": " minus ", "%": " percent ", "×": " x ", "đ": "d", "Đ": "d"}

_Words = str | Mapping[str, str]


def save_scenario(
    scenario: Scenario,
    path: Path | str | None = None,
    *,
    reason: _Words,
    source: str,
    label: _Words | None = None,
    quality: Literal["A", "B", "C"] = "C",
    impact: Literal["high", "medium", "low"] = "medium",
) -> Path:
    """Write a scenario as a file, which `load_scenario_file` reads back equal; nothing is overwritten.

    Parameters
    ----------
    scenario : Scenario
        As `scenario` returns it. What it says itself stays; what it leaves blank is filled in from here.
    path : path, optional
        A file `.yml`, or a folder; by default `build/scenarios` of the project. The file bears the name of
        the scenario, written as an id: "spend +10 %" becomes `spend_plus_10_percent`.
    reason : str or mapping of language to str
        Why these values; a text alone stands in both languages.
    source : str
        Where the reason can be looked up.
    label : str or mapping of language to str, optional
        What readers call it; by default as it is.
    quality, impact : str
        As in `Adjustment`.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    ParamsError
        With everything for which the file would be refused: an unknown indicator or area, a blank reason.
    OutputError
        When the file exists or cannot be written, or its name would be longer than 100 characters.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> import sapa_analysis as sapa
    >>> dearer = sapa.scenario("spend +10 %", spend_per_visit="+10%")
    >>> with TemporaryDirectory() as folder:
    ...     path = sapa.save_scenario(dearer, folder, reason="Rooms cost more.", source="a survey of 2023")
    ...     path.name, sapa.scenarios.load_scenario_file(path)
    ('spend_plus_10_percent.yml', {'spend_plus_10_percent': <Scenario spend_plus_10_percent: multiply
    spend_per_visit in every year ahead>})
    """
    place = _place(scenario.name, path)
    if len(place.stem) > _LONGEST:
        n = len(place.stem)
        raise OutputError(f"a name of {n} characters is too long for a file; write at most {_LONGEST}")
    if place.exists():
        raise OutputError(f"{place.name} exists; nothing was overwritten, write another name")
    filled = _filled(scenario, place.stem, reason, source, label, quality, impact)
    found: list[Problem] = []
    checked(filled, place, found, indicators=known_indicators(), areas=load_areas(project_root() / "data"))
    if found:
        raise ParamsError(Problem(each.file, 0, each.column, each.message) for each in found)
    return write_whole({place: _as_yaml(filled)})[0]


def scenario_text(scenario: Scenario, *, reason: _Words, source: str) -> str:
    """Return the text of the file that `save_scenario` would write, without a look at what is known.

    Parameters
    ----------
    scenario, reason, source
        As in `save_scenario`.

    Examples
    --------
    >>> import sapa_analysis as sapa
    >>> dearer = sapa.scenario("spend +10 %", spend_per_visit="+10%")
    >>> text = sapa.scenarios.scenario_text(dearer, reason="Rooms cost more.", source="a survey of 2023")
    >>> text.splitlines()[:4]
    ['name: spend_plus_10_percent', 'label:', '  vi: spend +10 %', '  en: spend +10 %']
    """
    return _as_yaml(_filled(scenario, _id(scenario.name), reason, source, None, "C", "medium"))


def _as_yaml(filled: Mapping[str, Any]) -> str:
    return str(yaml.safe_dump(filled, allow_unicode=True, sort_keys=False, width=110))


def _place(name: str, path: Path | str | None) -> Path:
    folder = project_root() / _FOLDER if path is None else Path(path)
    return folder if folder.suffix == ".yml" else folder / f"{_id(name)}.yml"


def _id(name: str) -> str:
    """Return a name as an id: the letters a to z, figures and underscores."""
    words = re.sub(r"(?<!\w)-(?=\d)", " minus ", name)
    for sign, said in _SIGNS.items():
        words = words.replace(sign, said)
    plain = unicodedata.normalize("NFKD", words.lower()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_") or "scenario"


def _filled(
    scenario: Scenario,
    name: str,
    reason: _Words,
    source: str,
    label: _Words | None,
    quality: str,
    impact: str,
) -> dict[str, Any]:
    """Return the entries of the file: what the scenario says, else what was given."""
    spoken = {"label": label, "reason": scenario.reason if any(scenario.reason.values()) else reason}
    whole: dict[str, Any] = {
        "name": name,
        "label": _in_each(scenario.label if spoken["label"] is None else spoken["label"]),
        "reason": _in_each(spoken["reason"] or ""),
        "area": scenario.area or ANYWHERE,
        "judged_on": scenario.judged_on.isoformat() if scenario.judged_on else ANYWHERE,
    }
    whole |= {} if scenario.weight is None else {"weight": scenario.weight}
    given = {"reason": reason, "source": source, "quality": quality, "impact": impact}
    return whole | {"adjustments": [_part(part, given) for part in scenario.adjustments]}


def _part(part: Adjustment, given: Mapping[str, Any]) -> dict[str, Any]:
    said: dict[str, Any] = {"indicator": part.indicator, "effect": part.effect}
    said |= {"of_year": part.of_year} if part.of_year else {}
    said |= {"values": dict(part.values)} if part.values else {"always": part.always}
    said |= {"shape": part.shape} if part.shape != "step" else {}
    said |= {"bold": True} if part.bold else {}
    own: dict[str, Any] = {"reason": part.reason if any(part.reason.values()) else None}
    own |= {"source": part.source, "quality": part.quality, "impact": part.impact}
    chosen = {key: own[key] or given[key] for key in given}
    return said | chosen | {"reason": _in_each(chosen["reason"])}


def _in_each(words: _Words) -> dict[str, str]:
    return dict.fromkeys(LANGUAGES, words) if isinstance(words, str) else dict(words)
