"""How far scenarios lie from the baseline: a table, and the sentence that ranks them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from ..scenarios import Scenario
from .language import chance_shown, indicator_name, number, percent, quantity, texts
from .needed import rows_of
from .scenario_changes import labels_of
from .subject import indicator_row
from .tagged_numbers import tag

Row = Mapping[Any, Any]
#: The row of several levels together.
_JOINT = "all"


def plausibility_table(
    found: Iterable[pd.DataFrame],
    scenarios: Mapping[str, Scenario],
    indicators: pd.DataFrame,
    *,
    lang: str = "vi",
) -> pd.DataFrame:
    """Return for print how far each scenario lies from the baseline: its last year, and all years together.

    Parameters
    ----------
    found : iterable of pandas.DataFrame
        One for each scenario, as `scenarios.plausibility` returns it.
    scenarios : mapping of name to Scenario
        The scenarios, for their labels.
    indicators : pandas.DataFrame
        As `load_indicators` returns them.
    lang : {"vi", "en"}
        Language.

    Returns
    -------
    pandas.DataFrame
        Tagged text: scenario, indicator, level of the last year, share of the baseline paths that go so far,
        relative entropy, effective share of the paths, word.

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.pipeline import load_project
    >>> from sapa_analysis.reporting import plain, plausibility_table
    >>> project = load_project()
    >>> found = pd.DataFrame({"scenario": "high", "indicator": "tourist_arrivals", "year": [2024, 2025],
    ...                       "level": [3.9e6, 4.4e6], "beyond": [0.2, 0.15], "entropy": [0.3, 0.5],
    ...                       "effective": [0.7, 0.5], "word": "usual"})
    >>> table = plain(plausibility_table([found], project.scenarios, project.indicators, lang="en"))
    >>> table.iloc[0].to_dict()
    {'Scenario': 'High scenario', 'Indicator': 'Tourist arrivals', 'Level': '2025: 4.4 million visits',
     'Baseline paths that go so far': '15%', 'Entropy, nats': '0.50', 'Effective paths': '50%',
     'Seen from the baseline': 'usual'}
    """
    words = texts(lang)["plausibility"]
    heads = [texts(lang)["scenarios"]["scenario"], texts(lang)["scenarios"]["indicator"]]
    heads += [words[name] for name in ("level", "beyond", "entropy", "effective", "word")]
    last = {(row["scenario"], row["indicator"]): row for row in rows_of(found)}
    return pd.DataFrame([_row(row, scenarios, indicators, lang) for row in last.values()], columns=heads)


def _row(row: Row, scenarios: Mapping[str, Scenario], indicators: pd.DataFrame, lang: str) -> list[str]:
    words, key = texts(lang)["plausibility"], f"{row['scenario']}.{row['indicator']}.{row['year']}"
    together = row["indicator"] == _JOINT
    name, level = str(words["together"]), ""
    if not together:
        lever = indicator_row(row["indicator"], indicators)
        name = indicator_name(lever, lang)
        shown = quantity(row["level"], str(lever["unit"]), int(lever["decimals"]), lang, key=f"{key}.level")
        level = f"{row['year']}: {shown}"
    entropy = "∞" if math.isinf(row["entropy"]) else number(row["entropy"], 2, lang)
    return [
        scenarios[row["scenario"]].label[lang],
        name,
        level,
        tag(chance_shown(row["beyond"], lang), f"{key}.beyond", row["beyond"], "share"),
        tag(entropy, f"{key}.entropy", None if math.isinf(row["entropy"]) else row["entropy"], "nats"),
        percent(row["effective"], lang, f"{key}.effective"),
        words["words"][row["word"]],
    ]


def describe_plausibility(
    found: Iterable[pd.DataFrame], scenarios: Mapping[str, Scenario], *, lang: str = "vi"
) -> list[str]:
    """Return one sentence: which scenarios are how far from the baseline, the nearest first.

    Parameters
    ----------
    found, scenarios, lang
        As in `plausibility_table`.

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.pipeline import load_project
    >>> from sapa_analysis.reporting import describe_plausibility
    >>> found = pd.DataFrame({"scenario": ["low", "high"], "indicator": "tourist_arrivals",
    ...                       "word": ["usual", "rare"]})
    >>> describe_plausibility([found], load_project().scenarios, lang="en")
    ['Seen from the baseline: usual – low scenario; rare – high scenario.']
    """
    words, farthest = texts(lang)["plausibility"], dict[str, str]()
    order = list(words["words"])
    for row in rows_of(found):
        farthest[row["scenario"]] = max(farthest.get(row["scenario"], order[0]), row["word"], key=order.index)
    if not farthest:
        return []
    parts = [
        f"{words['words'][word]} – {labels_of(names, scenarios, lang)}"
        for word in order
        if (names := [name for name, far in farthest.items() if far == word])
    ]
    told = [str(words["ranked"]).format(parts="; ".join(parts))]
    return [*told, *([str(words["beyond_all"])] if "outside" in farthest.values() else [])]
