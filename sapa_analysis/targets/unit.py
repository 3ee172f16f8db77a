"""The unit that leads a target: as the office names it, else the usual one of `params/units.yml`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, NamedTuple

import pandas as pd
from pydantic import AfterValidator, BaseModel, Field, StringConstraints, ValidationError

from ..core import (
    FIELDS,
    LANGUAGES,
    Lines,
    ParamsError,
    Problem,
    Target,
    label,
    last_day,
    loader,
    nearest,
    project_root,
    read_yaml,
    sound_text,
    tell,
    tell_invalid,
)
from ..evidence import load_indicators
from .declared_check import STRICT, Sentence

_Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2), AfterValidator(sound_text)]


def _is_day(text: str) -> str:
    return last_day(text).isoformat()


class Unit(BaseModel):
    """A unit with the fields and the single indicators that it usually leads, and why."""

    model_config = STRICT
    vi: _Name
    en: _Name
    fields: list[str] = []
    indicators: list[str] = []
    reason: Sentence


class Units(BaseModel):
    """The units of a town and those of a province; areas that began after `until` have none.

    Attributes
    ----------
    until : str
        The last day on which there were towns with such units, YYYY-MM-DD.
    district, province : list of Unit
        Those of a town, and those of a province.
    """

    model_config = STRICT
    until: Annotated[str, AfterValidator(_is_day)] = ""
    district: list[Unit] = Field(default=[])
    province: list[Unit] = Field(default=[])

    def leading(self, indicator: str, field: str, level: str) -> Unit | None:
        """Return the unit of a level for an indicator, else the one for its field, else None.

        Parameters
        ----------
        indicator : str
            An id of `indicators.csv`.
        field : str
            A field of policy.
        level : str
            `district` or `province`.
        """
        units = {"district": self.district, "province": self.province}.get(level, [])
        named = [unit for unit in units if indicator in unit.indicators]
        return next(iter([*named, *(unit for unit in units if field in unit.fields)]), None)


class Lead(NamedTuple):
    """Who leads a target.

    Attributes
    ----------
    names : dict of str to str
        The name of the unit by language.
    by_custom : bool
        Whether it is our custom; else the office named it in `targets.csv`.
    """

    names: dict[str, str]
    by_custom: bool


def unit_in_charge(
    target: Target, units: Units, indicators: pd.DataFrame, areas: pd.DataFrame
) -> Lead | None:
    """Return the unit that leads a target: what the office wrote, else what is usual; None where neither is.

    Parameters
    ----------
    target : Target
        Its `unit_in_charge` is the word of the office; blank where no one named a unit.
    units : Units
        As `load_units` returns them.
    indicators, areas : pandas.DataFrame
        As `load_indicators` and `load_areas` return them.

    Examples
    --------
    >>> from sapa_analysis.pipeline import load_project
    >>> from sapa_analysis.targets import unit_in_charge
    >>> project = load_project()
    >>> tables = {"indicators": project.indicators, "areas": project.areas}
    >>> goal = {each.id: each for each in project.targets}["resolution-2023.03.forest_cover"]
    >>> unit_in_charge(goal, project.units, **tables)
    Lead(names={'vi': 'Hạt Kiểm lâm', 'en': 'the Forest Ranger Station'}, by_custom=True)
    >>> goal = goal.model_copy(update={"unit_in_charge": "Phòng Kinh tế"})
    >>> unit_in_charge(goal, project.units, **tables)
    Lead(names={'vi': 'Phòng Kinh tế', 'en': 'Phòng Kinh tế'}, by_custom=False)
    """
    if target.unit_in_charge:
        return Lead(dict.fromkeys(LANGUAGES, target.unit_in_charge), by_custom=False)
    area = areas.loc[target.area]
    if units.until and str(area["valid_from"]) > units.until:
        return None
    field = str(indicators.at[target.indicator_id, "field"])
    unit = units.leading(target.indicator_id, field, str(area["level"]))
    return None if unit is None else Lead({lang: getattr(unit, lang) for lang in LANGUAGES}, by_custom=True)


@loader(ParamsError)
def load_units(folder: Path, problems: list[Problem], *, indicators: pd.DataFrame | None = None) -> Units:
    """Return the units of `units.yml`, checked against the fields and the indicators.

    Parameters
    ----------
    folder : path
        Holds `units.yml`; a folder without it has no unit.
    problems : list of Problem, optional
        Receives every problem, instead of an error.
    indicators : pandas.DataFrame, optional
        As `load_indicators` returns them; by default those of the project in which the folder lies.

    Raises
    ------
    ParamsError
        With every problem: unknown fields and indicators, two units for one of them.

    Examples
    --------
    >>> from sapa_analysis.core import project_root
    >>> from sapa_analysis.targets import load_units
    >>> units = load_units(project_root() / "params")
    >>> unit = units.leading("tourist_arrivals", "tourism", "district")
    >>> unit.vi, unit.en
    ('Phòng Văn hóa và Thông tin', 'the Culture and Information Division')
    """
    path = folder / "units.yml"
    if not path.exists():
        return Units()
    known = load_indicators(project_root(folder) / "data") if indicators is None else indicators
    entries, lines = read_yaml(path, problems)
    try:
        units = Units.model_validate({} if entries is None else entries)
    except ValidationError as error:
        names = [*Units.model_fields, *Unit.model_fields]
        tell_invalid(error, problems, file=label(path), lines=lines, known=names)
        return Units()
    tell(problems, *_faults(units, known.index, label(path), lines))
    return units


def _faults(units: Units, indicators: pd.Index, file: str, lines: Lines) -> Iterator[Problem]:
    """Yield unknown fields and indicators, and those that a level gives to two units."""
    known = {"fields": list(FIELDS), "indicators": list(indicators)}
    for level, held in (("district", units.district), ("province", units.province)):
        for part, words in known.items():
            names = [(n, place, name) for n, unit in enumerate(held)
                     for place, name in enumerate(getattr(unit, part))]  # fmt: skip
            count = Counter(name for _, _, name in names)
            for n, place, name in names:
                line = lines[(level, n, part, place)]
                if name not in words:
                    yield Problem(file, line, part, f'"{name}" is unknown; {nearest(name, words)}')
                elif count[name] > 1:
                    yield Problem(file, line, part, f'"{name}" stands more than once')
