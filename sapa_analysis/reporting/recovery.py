"""A recovery in words: where the area stood, what the forecast says from there, and where others are."""

from __future__ import annotations

import pandas as pd

from ..core import years_of
from ..pipeline import LEARNED_ON, Recovery
from .language import count, day, level_shown, quantity, texts
from .peers import LEAST


def describe_recovery(recovery: Recovery, *, area: str, lang: str = "vi") -> list[str]:
    """Return what stands under the figure of a recovery, or why there is none to show.

    Parameters
    ----------
    recovery : Recovery
        As `pipeline.peer_recovery` returns it.
    area : str
        Name of the area in the language.
    lang : {"vi", "en"}
        Language.

    Returns
    -------
    list of str
        Sentences, their numbers tagged; the last one says on what the law was learned. One sentence where
        there is nothing to show.

    Examples
    --------
    >>> from sapa_analysis.pipeline import assess_indicator, open_project, peer_recovery
    >>> from sapa_analysis.reporting import describe_recovery, plain
    >>> project, params = open_project(as_of="2022-06-30")
    >>> params = params.with_values(n_paths=100)
    >>> found = peer_recovery(project, params, assess_indicator(project, params, "tourist_arrivals"))
    >>> print(*plain(describe_recovery(found, area="Sa Pa town", lang="en")))
    On 30/6/2022 the break had not ended: there is no recovery to show.
    """
    words = texts(lang)["recovery"]
    named = {"area": area, "base": recovery.base, "start": recovery.start, "as_of": day(recovery.as_of, lang)}
    if recovery.reason:
        return [str(words[recovery.reason]).format(**named)]
    last, ends = int(years_of(recovery.fan)[-1]), recovery.fan.iloc[-1]
    shown = {name: _percent(ends[name], f"recovery.{last}.{name}", lang)
             for name in ("median", "lower_80", "upper_80")}  # fmt: skip
    told = str(words["told"]).format(
        level=_percent(recovery.level, "recovery.level", lang),
        last=last,
        median=shown["median"],
        lower=shown["lower_80"],
        upper=shown["upper_80"],
        interval=level_shown(80, lang),
        **named,
    )
    learned = {name: count(n, lang, f"recovery.{name}") for name, n in LEARNED_ON.items()}
    return [told, *_peers(recovery.peers, named, lang), str(words["honest"]).format(area=area, **learned)]


def _peers(peers: pd.DataFrame, named: dict[str, object], lang: str) -> list[str]:
    """Return where the other places were in the latest year that most of them have; few are no class."""
    years = peers["year"].value_counts() if len(peers) else pd.Series(dtype=int)
    if years.empty or years.max() < LEAST:
        return []
    year = int(years[years == years.max()].index.max())
    shares, key = peers.loc[peers["year"] == year, "share"], f"recovery.peers.{year}"
    ends = {"lowest": shares.min(), "highest": shares.max(), "middle": shares.median()}
    shown = {name: _percent(share, f"{key}.{name}", lang) for name, share in ends.items()}
    n = count(len(shares), lang, f"{key}.n")
    return [str(texts(lang)["recovery"]["peers"]).format(n=n, year=year, base=named["base"], **shown)]


def _percent(share: float, key: str, lang: str) -> str:
    return quantity(share, "percent", 0, lang, key=key)
