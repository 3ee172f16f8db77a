"""A recovery in words: where the area stood, what the forecast says from there, and where others are."""

from __future__ import annotations

from ..core import row_of, years_of
from ..forecasting import LEAST_GAP, recovery_table
from ..pipeline import Recovery
from .language import count, day, level_shown, percent, quantity, texts
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
        Sentences, their numbers tagged: where the area stood and what the forecast said, where other places
        lay, on what the law was learned or that it does not apply, and what came of the area. One sentence
        where there is nothing to show.

    Examples
    --------
    >>> from sapa_analysis.pipeline import assess_indicator, open_project, peer_recovery
    >>> from sapa_analysis.reporting import describe_recovery, plain
    >>> project, params = open_project(as_of="2022-06-30")
    >>> params = params.with_values(n_paths=100)
    >>> visits = assess_indicator(project, params, "tourist_arrivals")
    >>> found = peer_recovery(project, params, "tourist_arrivals", visits)
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
    return [told, *_peers(recovery, named, lang), _law(recovery, lang), *_came(recovery, named, lang)]


def _peers(recovery: Recovery, named: dict[str, object], lang: str) -> list[str]:
    """Return where the other places were in the latest year that enough of them have; few are no class.

    Years after the break are compared with the median of the forecast; without such a year, the last year of
    the break is told.
    """
    if recovery.peers.empty:
        return []
    places = recovery.peers.groupby(["year", "place"])["share"].median()
    found = places.groupby("year").size()
    year = max(found.index[found >= LEAST], default=None)
    if year is None:
        return []
    shares, key = places.loc[year], f"recovery.peers.{year}"
    of_places = {"lowest": shares.min(), "highest": shares.max(), "middle": shares.median()}
    shown = {name: _percent(share, f"{key}.{name}", lang) for name, share in of_places.items()}
    shown["n"] = count(len(shares), lang, f"{key}.n")
    if year in years_of(recovery.fan):
        median = float(row_of(recovery.fan, year)["median"])
        shown["median"] = _percent(median, f"recovery.{year}.median", lang)
        shown["above"] = count(int((shares > median).sum()), lang, f"{key}.above")
    form = "peers_later" if "median" in shown else "peers"
    return [str(texts(lang)["recovery"][form]).format(**{**named, **shown, "year": year})]


def _law(recovery: Recovery, lang: str) -> str:
    """Return on what the law was learned, or that the forecast behind the fan does not follow it."""
    words = texts(lang)["recovery"]
    if not recovery.law:
        deep = recovery.level <= 100 * (1 - LEAST_GAP)
        return str(words["few" if deep else "shallow"]).format(
            gap=_percent(100 - recovery.level, "recovery.gap", lang)
        )
    learned = recovery_table().iloc[0]
    shown = {name: count(int(learned[name]), lang, f"recovery.{name}") for name in ("provinces", "countries")}
    return str(words["law"]).format(share=percent(recovery.law, lang, "recovery.law"), **shown)


def _came(recovery: Recovery, named: dict[str, object], lang: str) -> list[str]:
    """Return what came of the area beside the forecast of each year, if anything is known of it."""
    words, said = texts(lang)["recovery"], []
    for row in recovery.own.to_dict("records"):
        year, share = int(row["year"]), float(row["share"])
        of_year = row_of(recovery.fan, year)
        inside = of_year["lower_80"] <= share <= of_year["upper_80"]
        form = str(words["came_year"]).format(
            year=year,
            share=_percent(share, f"recovery.own.{year}", lang),
            side=words["above" if share > of_year["median"] else "below"],
            median=_percent(of_year["median"], f"recovery.{year}.median", lang),
            band=words["inside" if inside else "outside"],
            interval=level_shown(80, lang),
        )
        said.append(form)
    if not said:
        return []
    told = [str(words["came"]).format(**named, years="; ".join(said))]
    after = recovery.own["after"].astype(bool)
    notes = {"came_known": not after.all(), "came_after": after.any()}
    return [" ".join([*told, *(str(words[name]).format(**named) for name, holds in notes.items() if holds)])]


def _percent(share: float, key: str, lang: str) -> str:
    return quantity(share, "percent", 0, lang, key=key)
