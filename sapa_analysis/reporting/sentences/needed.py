"""Sentences on what a target takes: the turn of each lever at each chance, and how rare such a pace was."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

import pandas as pd

from ...core import Target, as_targets
from ..language import indicator_name, quantity, texts
from ..needed import Row, chance_tagged, is_met, rarity, rows_of, turn, why_none
from ..scenario_changes import inside, target_names
from ..subject import indicator_row


def describe_needed(
    needed: Iterable[pd.DataFrame],
    targets: pd.DataFrame | Iterable[Target],
    indicators: pd.DataFrame,
    *,
    lang: str = "vi",
) -> list[str]:
    """Return for each target what it takes, one sentence a lever.

    Parameters
    ----------
    needed : iterable of pandas.DataFrame
        One for each target, as `pipeline.what_it_takes` returns it.
    targets : iterable of Target, or pandas.DataFrame
        The targets, for their words and sense.
    indicators : pandas.DataFrame
        As `load_indicators` returns them.
    lang : {"vi", "en"}
        Language.

    Examples
    --------
    >>> import sapa_analysis as sapa
    >>> project, params = sapa.open_project(as_of="2023-06-30")
    >>> params = params.with_values(n_paths=1_000)
    >>> base = {"tourist_arrivals": sapa.assess_indicator(project, params, "tourist_arrivals")}
    >>> goals = sapa.pipeline.known_targets(project, params, "tourist_arrivals")
    >>> needed = sapa.what_it_takes(project, params, base, goals[1])
    >>> len(sapa.reporting.describe_needed([needed], goals, project.indicators, lang="en"))
    1
    """
    words, named = texts(lang)["needed"], target_names(targets, indicators, lang)
    sense = {target.id: target.sense for target in as_targets(targets)}
    told = []
    for (target, lever), rows in groupby(rows_of(needed), key=lambda row: (row["target"], row["lever"])):
        parts = [_part(row, sense.get(target, ""), lang) for row in rows]
        if not lever:
            told.append(words["sentence_none"].format(target=named[target], reason=parts[0]))
            continue
        name = inside(indicator_name(indicator_row(lever, indicators), lang))
        told.append(words["sentence"].format(target=named[target], lever=name, parts="; ".join(parts)))
    return told


def _part(row: Row, sense: str, lang: str) -> str:
    words = texts(lang)["needed"]
    if row["reason"] and not row["lever"]:
        return why_none(row, lang)
    if row["reason"] or is_met(row, sense):
        return str(words["part_none"]).format(chance=chance_tagged(row, lang), reason=why_none(row, lang))
    facts = {"chance": chance_tagged(row, lang), "turn": turn(row, lang)}
    if pd.isna(row["growth"]):
        return str(words["part_level"]).format(**facts)
    for name in ("growth", "baseline_growth"):
        key = f"{row['target']}.{row['lever']}.{row['chance']:g}.{name}"
        facts[name] = quantity(row[name], "percent", 1, lang, key=key)
    form = words["part" if pd.notna(row["rarer_than"]) else "part_growth"]
    return str(form).format(**facts, rarer=rarity(row, lang))
