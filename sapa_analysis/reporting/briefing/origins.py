"""Where the numbers of a briefing come from: their pages, and bridges from other boundaries."""

from __future__ import annotations

import pandas as pd

from ...core import Bridge
from ...pipeline import Project, Results
from ..language import name_shown
from ..published import Cite, Verdict, published_key
from ..sentences.verdicts import met_key
from ..tagged_numbers import tag


def citing(citable: pd.DataFrame) -> Cite:
    """Return how the page of a figure is marked: by its number among the sources, or as not to be cited."""
    pages = zip(citable["source_title"], citable["source_url"], strict=True)
    places = {page: place for place, page in enumerate(pages, start=1)}

    def cite(verdict: Verdict) -> str:
        place = places.get((verdict["latest_source"], verdict["latest_url"]))
        if place is not None:
            return " " + tag(f"[{place}]", f"sources.{place}.mark", place, "source")
        return "†" if verdict["latest_source"] else ""

    return cite


def bridges_used(project: Project, results: Results, lang: str) -> dict[str, Bridge]:
    """Return the bridges over which figures of another boundary came into these results, by indicator."""
    params = results.params
    carried = {
        name
        for outcome in results.outcomes.values()
        if outcome.observed is not None
        for name, area, _ in outcome.observed.support
        if area == params.area
    }
    names = dict(project.indicators.iterrows())
    return {
        name_shown(names[bridge.indicator], lang): bridge
        for bridge in params.bridges
        if bridge.to == params.area and f"{bridge.indicator}.bridge" in carried
    }


def origins_of(results: Results, counts: pd.DataFrame) -> dict[str, str]:
    """Return the page behind each published number, each goal and each count of targets met, by its key."""
    found = {}
    for row in results.verdicts.to_dict("records"):
        page = (row["latest_source"], row["latest_published"], row["latest_url"])
        found[published_key(row)] = "; ".join(part for part in page if part)
    for target in results.targets:
        page = (target.source_title, target.published, target.source_url)
        found[f"{target.id}.value"] = "; ".join(part for part in page if part)
    for row in counts.to_dict("records"):
        page = (row["source_title"], row["published"], row["source_url"])
        found |= {
            f"{met_key(row)}.{name}": "; ".join(part for part in page if part) for name in ("met", "of")
        }
    return found
