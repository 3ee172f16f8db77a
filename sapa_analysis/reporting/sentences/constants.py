"""Sentences about the constants of the method: which could not have been known on the day."""

from __future__ import annotations

from datetime import date

import pandas as pd

from ..language import count, day, texts


def describe_constants(constants: pd.DataFrame, *, as_of: date, lang: str = "vi") -> list[str]:
    """Return how many of the constants could not have been known on the day, by name, and what they rest on.

    All constants of the method count, also those that no number of the edition uses: a law of recovery where
    no series lies in a break.

    Parameters
    ----------
    constants : pandas.DataFrame
        As `pipeline.constants_used` returns them.
    as_of : datetime.date
        The day of the edition.
    lang : {"vi", "en"}
        Language.

    Examples
    --------
    >>> from datetime import date
    >>> from sapa_analysis.pipeline import constants_used
    >>> from sapa_analysis.reporting import describe_constants, plain
    >>> day = date(2025, 6, 30)
    >>> print(plain(describe_constants(constants_used(day), as_of=day, lang="en"))[0])
    Of the 22 constants of the method, 3 could not have been known on 30/6/2025: how visits come back after a
    break; how far spend per visit departs from that of the area above; how parts of a year are read as the
    whole.
    """
    words, late = texts(lang)["constants"], constants[constants["hindsight"].astype(bool)]
    told = {"n": count(len(constants), lang, "constants.used"), "as_of": day(as_of, lang)}
    if late.empty:
        return [str(words["known"]).format(**told), str(words["rest"])]
    names = "; ".join(words["names"][name] for name in late["name"])
    told |= {"late": count(len(late), lang, "constants.hindsight"), "names": names}
    return [str(words["hindsight"]).format(**told), str(words["rest"])]
