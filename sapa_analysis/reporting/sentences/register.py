"""Sentences about issued verdicts and their outcomes."""

from __future__ import annotations

from datetime import date

import pandas as pd

from ..language import count, day, number, texts

#: With fewer different targets a caution is added.
_FEW_TARGETS = 20


def describe_kept(
    issued: pd.DataFrame,
    cases: pd.DataFrame,
    scores: pd.DataFrame,
    *,
    area: str,
    as_of: date,
    lang: str = "vi",
) -> list[str]:
    """Return sentences on the scores of the verdicts of a register.

    Parameters
    ----------
    issued, cases, scores : pandas.DataFrame
        As `verdicts.read_register`, `settle` and `brier_scores` return them.
    area : str
        Name of the area, in the language.
    as_of : datetime.date
        The date whose knowledge determines the outcomes.
    lang : {"vi", "en"}
        Language.

    Returns
    -------
    list of str
        The Brier score beside those of simple alternatives, the rules, and the limits of the evidence.

    Examples
    --------
    >>> from datetime import date
    >>> import pandas as pd
    >>> from sapa_analysis.reporting import describe_kept, plain
    >>> issued = pd.DataFrame({"id": ["a", "b"], "probability": [0.9, 0.4], "as_of": date(2019, 1, 1),
    ...                        "overdue": False, "hindsight": False})
    >>> scores = pd.DataFrame({"forecaster": ["probability", "base_rate", "coin"], "n": 2,
    ...                        "brier": [0.085, 0.5, 0.25]})
    >>> told = describe_kept(issued, issued, scores, area="Sa Pa", as_of=date(2021, 6, 30), lang="en")
    >>> print(*plain(told))
    Of 2 verdicts with a chance issued for Sa Pa up to 30/6/2021, 2 can be scored (2 targets). Their mean
    Brier score is 0.09; quoting the share of other targets met scores 0.50, saying one half 0.25. The lower
    the better. So few targets tell little.
    """
    words = texts(lang)["kept"]
    told = {"area": area, "as_of": day(as_of, lang)}
    if cases.empty:
        return [str(words["none"]).format(**told)]
    said = {name: number(value, 2, lang) for name, value in scores.set_index("forecaster")["brier"].items()}
    numbers = {
        "said": count(int(issued["probability"].notna().sum()), lang, "register.said"),
        "n": count(len(cases), lang, "register.settled"),
        "targets": count(cases["id"].nunique(), lang, "register.targets"),
    }
    sentences = [
        str(words["scored"]).format(
            brier=said["probability"], base=said["base_rate"], coin=said["coin"], **told, **numbers
        ),
        *_weakness(issued, scores, lang),
        *_rules(scores, lang),
    ]
    late = cases[cases["hindsight"].astype(bool)]
    if len(late):
        n = count(len(late), lang, "register.hindsight")
        sentences.append(str(words["hindsight"]).format(n=n, issued=day(late["issued"].max(), lang)))
    return [*sentences, *([str(words["few"])] if cases["id"].nunique() < _FEW_TARGETS else [])]


def _weakness(issued: pd.DataFrame, scores: pd.DataFrame, lang: str) -> list[str]:
    """Return whether a constant one half would have scored better, and how many outcomes are unknown."""
    words, brier = texts(lang)["kept"], scores.set_index("forecaster")["brier"]
    told = [str(words["worse"])] if brier["probability"] > brier["coin"] else []
    last = issued[issued["as_of"] == issued["as_of"].max()]
    unknown = int((last["overdue"].astype(bool) & last["probability"].notna()).sum())
    shown = count(unknown, lang, "register.unknown")
    return [*told, *([str(words["unknown"]).format(n=shown)] if unknown else [])]


def _rules(scores: pd.DataFrame, lang: str) -> list[str]:
    words, rows = texts(lang), scores[scores["forecaster"].isin(texts(lang)["rules"]) & (scores["n"] > 0)]
    if rows.empty:
        return []
    parts = [
        str(words["kept"]["rule"]).format(
            rule=words["rules"][row["forecaster"]], brier=number(row["brier"], 2, lang), n=row["n"]
        )
        for row in rows.to_dict("records")
    ]
    return [str(words["kept"]["rules"]).format(scores=", ".join(parts))]
