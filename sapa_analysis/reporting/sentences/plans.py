"""The sentence about earlier yearly plans, beside a plan that is known by itself only."""

from __future__ import annotations

import pandas as pd

from ...core import years_text
from ..language import count, earlier_plans, known_areas, texts


def describe_plans(verdicts: pd.DataFrame, places: pd.DataFrame, lang: str) -> list[str]:
    """Return whose earlier plans have a known outcome, how many, of which years, and how many were kept.

    One sentence for each different list of plans (`plans_outcomes` of `core.Verdicts`); none where no outcome
    is known.
    """
    mine = verdicts[verdicts["status"] == "plan_only"].drop_duplicates(["area", "plans_outcomes"])
    return [_told(row, places, lang) for _, row in mine[mine["plans_known"].fillna(0) > 0].iterrows()]


def _told(row: pd.Series, places: pd.DataFrame, lang: str) -> str:
    words, areas = texts(lang)["plans"], known_areas(row["plans_outcomes"])
    plans = [(year, kept) for area, year, kept in earlier_plans(row["plans_outcomes"]) if area in areas]
    numbers = {"n": len(plans), "met": int(row["plans_met"]), "known": int(row["plans_known"])}
    shown = {name: count(n, lang, f"{row['id']}.plans.{name}") for name, n in numbers.items()}
    shown["areas"] = ", ".join(str(places.loc[area, f"name_{lang}"]) for area in areas)
    shown["years"] = years_text(year for year, kept in plans if kept != "unknown")
    shown |= {"first": str(min(plans)[0]), "last": str(max(plans)[0])}
    sentence = str(words["whose"]).format(**shown)
    if row["area"] in areas:
        return sentence
    own = str(words["not_own"]).format(area=places.loc[row["area"], f"name_{lang}"])
    return f"{sentence} {own}"
