"""Sentences about the evidence: published figures, conflicts, missing years."""

from __future__ import annotations

import pandas as pd

from ...core import YearlySeries, years_of, years_text
from ..language import count, percent, quantity, texts
from ..office import end_sign
from .doubt import describe_doubts


def describe_coverage(covered: pd.DataFrame, *, lang: str = "vi") -> list[str]:
    """Return for how many indicators with a target figures have been published.

    Parameters
    ----------
    covered : pandas.DataFrame
        As `evidence.coverage` returns it.
    lang : {"vi", "en"}
        Language.

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.reporting import describe_coverage, plain
    >>> covered = pd.DataFrame({"n_targets": [2, 1, 0], "n_statements": [9, 0, 3], "n_years": [5, 0, 1]})
    >>> print(*plain(describe_coverage(covered, lang="en")))
    Of 2 indicators with a target, 1 have no published figure and 1 have at least one figure of a whole
    year.
    """
    goals = covered[covered["n_targets"] > 0]
    counts = {
        "n": len(goals),
        "none": (goals["n_statements"] == 0).sum(),
        "whole": (goals["n_years"] > 0).sum(),
    }
    shown = {name: count(n, lang, f"coverage.{name}") for name, n in counts.items()}
    return [str(texts(lang)["evidence"]["covered"]).format(**shown)]


def describe_evidence(
    observed: YearlySeries | None,
    conflicts: pd.DataFrame,
    known: pd.DataFrame,
    indicator: pd.Series,
    *,
    telling: tuple[int, float] | None = None,
    definitions: pd.DataFrame | None = None,
    lang: str = "vi",
) -> list[str]:
    """Return how much has been published, where figures disagree, and which years are missing.

    Parameters
    ----------
    observed : YearlySeries or None
        The series; None if no year has a figure.
    conflicts : pandas.DataFrame
        As `find_conflicts` returns them.
    known : pandas.DataFrame
        The statements, with `n_pages` as `merge_repeats` counts them.
    indicator : pandas.Series
        Its row of `indicators.csv`.
    telling : tuple of int and float, optional
        As `most_telling_year` returns it.
    definitions : pandas.DataFrame, optional
        As `load_definitions` returns them: names of other definitions that some statements follow.
    lang : {"vi", "en"}
        Language.

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.forecasting import forecast
    >>> from sapa_analysis.reporting import describe_evidence, plain
    >>> visits = pd.Series([100.0, 110.0, 132.0], index=[2015, 2016, 2018], name="visits")
    >>> observed = forecast(visits, horizon=1, n_paths=100, seed=1).observed
    >>> conflicts, known = pd.DataFrame(), pd.DataFrame({"n_pages": [2, 1, 1]})
    >>> told = describe_evidence(observed, conflicts, known, pd.Series({"indicator_id": "visits"}), lang="en")
    >>> print(*plain(told))
    3 statements on 4 pages. Figures of one whole year do not disagree. No figure of the years 2017.
    """
    words, own = texts(lang)["evidence"], str(indicator["indicator_id"])
    if known.empty:
        return [words["nothing"]]
    pages = count(int(known["n_pages"].sum()), lang, f"{own}.pages")
    told = words["told"].format(statements=count(len(known), lang, f"{own}.statements"), pages=pages)
    apart = _counted_otherwise(known, definitions, own, lang)
    if observed is None:
        return [told, *apart]
    sentences = [told, *apart, *describe_doubts(observed, lang)]
    sentences += [_disagreement(observed, conflicts, indicator, lang), _missing_years(observed, lang)]
    if telling is None:
        return sentences
    share = percent(telling[1], lang, f"{own}.telling")
    return [*sentences, words["telling"].format(year=telling[0], share=share)]


def _counted_otherwise(
    known: pd.DataFrame, definitions: pd.DataFrame | None, own: str, lang: str
) -> list[str]:
    """Return which statements follow another definition, if any do."""
    if definitions is None or not (known["definition"] != "").any():
        return []
    ids = known.loc[known["definition"] != "", "definition"]
    names = definitions.set_index("definition")[f"name_{lang}"]
    shown = {"n": count(len(ids), lang, f"{own}.apart"), "names": "; ".join(names[sorted(set(ids))])}
    return [str(texts(lang)["evidence"]["counted_otherwise"]).format(**shown)]


def _disagreement(observed: YearlySeries, conflicts: pd.DataFrame, indicator: pd.Series, lang: str) -> str:
    words, own = texts(lang)["evidence"], str(indicator["indicator_id"])
    if conflicts.empty:
        return str(words["agree"])
    unit, decimals = str(indicator["unit"]), int(indicator["decimals"])
    years = [
        words["disagreement"].format(
            year=row["year"],
            **{end: quantity(row[end], unit, decimals, lang, key=f"{own}.{row['year']}.{end}")
               + end_sign(observed, row["year"], row[end])
               for end in ("lowest", "highest")},
        )
        for row in conflicts.to_dict("records")
    ]  # fmt: skip
    n = count(len(conflicts), lang, f"{own}.conflicts")
    return str(words["disagree"]).format(n=n, years="; ".join(years))


def _missing_years(observed: YearlySeries, lang: str) -> str:
    words, own = texts(lang)["evidence"], observed.observed_years
    first, last = int(years_of(observed.table)[0]), observed.origin
    missing = [year for year in range(first, last + 1) if year not in own]
    form = words["missing" if missing else "complete"]
    return str(form).format(years=years_text(missing), first=first, last=last)
