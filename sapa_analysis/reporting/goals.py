"""Words for a target: what it is about, its goal and when it is due, as its document words them."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pandas as pd

from ..core import Target, as_targets
from ..pipeline import Project
from ..targets import unit_in_charge
from .language import indicator_name, quantity, texts
from .tagged_numbers import plain, tag, tag_quoted

#: What ends a goal in the wording of a document: its number, with the words that qualify it.
_GOAL = re.compile(r"(?:đạt (?:tỷ lệ )?)?(?:trên |dưới )?\d[\d.,]*(?!.*\d).*$")
#: The number of a goal, and what follows it.
_NUMBER = re.compile(r"\d.*")


def target_named(target: pd.Series, indicator: pd.Series, lang: str) -> str:
    """Return what a target is about: in Vietnamese as its document words it, else its indicator."""
    about = wording(str(target.get("printed") or ""))[0] if lang == "vi" else ""
    if about:
        return tag_quoted(about, f"{target['id']}.wording")
    return tag_quoted(indicator_name(indicator, lang), f"{target['indicator_id']}.name.{lang}")


def withheld_years(verdicts: pd.DataFrame) -> dict[int, str]:
    """Return the years due of which no forecast is told, and why: too wide, or only its own plan."""
    why = dict.fromkeys(verdicts.loc[verdicts["reason"] == "too_wide", "end"], "too_wide")
    own = verdicts["reason"].eq("own_plan").groupby(verdicts["end"]).all()
    return {int(year): reason for year, reason in (why | dict.fromkeys(own.index[own], "own_plan")).items()}


def goal(target: pd.Series, decimals: int, lang: str) -> str:
    """Return a target in words, its numbers tagged: "trên 14,5%".

    In Vietnamese it is as the document prints it, where we know its words. A sense that the document leaves
    open is not put into its mouth.
    """
    printed = str(target.get("printed") or "") if lang == "vi" else ""
    if wording(printed)[1]:
        key = f"{target['id']}.value"
        return _NUMBER.sub(
            lambda found: tag(found[0], key, target["value"], target["unit"]), wording(printed)[1]
        )
    if target["unit"] == "yes_no":
        return str(texts(lang)["units"]["yes_no"])
    open_sense = target["sense"] == "about" and target.get("sense_inferred") == "yes"
    form = texts(lang)["senses"]["at_least" if open_sense else target["sense"]]
    shown = {
        name: quantity(target[column], target["unit"], decimals, lang, key=f"{target['id']}.{column}")
        for name, column in (("value", "value"), ("high", "value_high"))
        if pd.notna(target[column])
    }
    return str(form).format(**shown)


def wording(printed: str) -> tuple[str, str]:
    """Return the wording of a target in two parts: what it is about, and the goal with its number.

    Joined by a space, they are the wording again. A wording without a number has no goal of its own.

    Examples
    --------
    >>> wording("Tổng lượt khách du lịch đến địa bàn 3,5 triệu lượt")
    ('Tổng lượt khách du lịch đến địa bàn', '3,5 triệu lượt')
    >>> wording("Số giường bệnh trên 1 vạn dân đạt 24,8 giường bệnh")
    ('Số giường bệnh trên 1 vạn dân', 'đạt 24,8 giường bệnh')
    """
    found = _GOAL.search(printed)
    if found is None:
        return printed, ""
    return printed[: found.start()].rstrip(), found[0]


def due(target: pd.Series, lang: str) -> str:
    """Return when a target is due: a year, or the term of its average or total."""
    words = texts(lang)["due"]
    measure = str(target["measure"])
    form = words["total" if measure == "term_total" else "term" if measure.startswith("term") else "year"]
    start = "" if pd.isna(target["start"]) else int(target["start"])
    return str(form).format(start=start, end=int(target["end"]))


def units_of(project: Project, targets: pd.DataFrame | Iterable[Target], lang: str) -> dict[str, str]:
    """Return by target the unit in charge, by custom or as the office wrote; without those of no unit.

    Examples
    --------
    >>> from sapa_analysis.pipeline import load_project
    >>> from sapa_analysis.reporting.goals import units_of
    >>> project = load_project()
    >>> units_of(project, project.targets, "en")["resolution-2023.03.forest_cover"]
    'the Forest Ranger Station'
    """
    told = {}
    for target in as_targets(targets):
        lead = unit_in_charge(target, project.units, project.indicators, project.areas)
        if lead is not None:
            told[target.id] = tag_quoted(lead.names[lang], f"{target.id}.unit")
    return told


def list_targets(project: Project, targets: pd.DataFrame, *, lang: str = "en") -> list[str]:
    """Return targets as lines: id, when due, measure, goal with its unit, and the unit that the office named.

    Parameters
    ----------
    project : Project
        Whose units and indicators are named.
    targets : pandas.DataFrame
        Rows of the targets, with the columns of `core.Targets`.
    lang : {"vi", "en"}
        Language; in English sense, measure and unit stand as in the tables.

    Examples
    --------
    >>> from sapa_analysis.core import targets_table
    >>> from sapa_analysis.pipeline import load_project
    >>> from sapa_analysis.reporting import list_targets
    >>> project = load_project()
    >>> table = targets_table(project.targets).head(1)
    >>> " ".join(list_targets(project, table, lang="vi")[0].split())
    'resolution-2023.01.grdp_growth 2023 tốc độ tăng của năm đạt trên 14,5%'
    >>> " ".join(list_targets(project, table)[0].split())
    'resolution-2023.01.grdp_growth 2023 growth more_than 14.5 percent'
    """
    return [_listed(project, row, lang) for _, row in targets.iterrows()]


def _listed(project: Project, row: pd.Series, lang: str) -> str:
    due_ = f"{row['start']}-{row['end']}" if str(row["measure"]).startswith("term") else str(row["end"])
    lead = f"; {row['unit_in_charge']}" if row["unit_in_charge"] else ""
    if lang == "vi":
        decimals = int(project.indicators["decimals"][row["indicator_id"]])
        said = plain(goal(row, decimals, lang))
        return (
            f"{row['id']:<58} {due_:<10} {texts(lang)['office']['measures'][row['measure']]:<33} {said}{lead}"
        )
    high = f" to {row['value_high']:,.10g}" if row["sense"] == "between" else ""
    said = f"{row['sense']:<10} {row['value']:,.10g}{high} {row['unit']}"
    return f"{row['id']:<58} {due_:<10} {row['measure']:<17} {said}{lead}"
