"""Tables beside the verdicts: what the published rules say, and how yearly plans turned out."""

from __future__ import annotations

import pandas as pd

from ..language import count, level_shown, name_shown, percent, quantity, texts
from ..published import completion_shown
from ..tagged_numbers import capital, tag
from .targets import aim, votes_shown


def rules_table(
    readings: pd.DataFrame, verdicts: pd.DataFrame, indicators: pd.DataFrame, *, lang: str = "vi"
) -> pd.DataFrame:
    """Return how the published rules read each target from its base year, and how far they agree.

    Parameters
    ----------
    readings : pandas.DataFrame
        As `read_rules` returns them.
    verdicts : pandas.DataFrame
        As `judge_targets` returns them, of the same targets.
    indicators : pandas.DataFrame
        As `load_indicators` returns them.
    lang : {"vi", "en"}
        Language.

    Returns
    -------
    pandas.DataFrame
        Tagged text, one row per target: the agreement of the rules over three base years, the target
        with its goal, the base year, and the word of each rule from that year.

    Examples
    --------
    >>> from sapa_analysis.pipeline import assess_targets, open_project
    >>> from sapa_analysis.reporting import plain, rules_table
    >>> project, params = open_project(as_of="2023-06-30", documents=["congress-2020"])
    >>> results = assess_targets(project, params.with_values(n_paths=100))
    >>> table = plain(rules_table(results.readings, results.verdicts, project.indicators, lang="en"))
    >>> table.iloc[0, [0, 1, 2, 3, 6]].to_list()
    ['stable (100% agree)', 'Tourist arrivals: 5.8 million visits (2025; XXIII congress)', '2017',
     'deteriorating', 'thunderstorm (wrong way)']
    """
    words = texts(lang)["targets_page"]
    told = {str(row["id"]): row for _, row in verdicts.iterrows()}
    rows = []
    for name, mine in readings[readings["shift"] == 0].groupby("id", sort=False):
        row = told[str(name)]
        indicator: pd.Series = indicators.loc[row["indicator_id"]]
        rows.append(
            {
                words["columns"]["agree"]: votes_shown(row, lang),
                texts(lang)["picture_verdicts"]["target"]: aim(row, indicator, lang),
                words["columns"]["base"]: str(mine["base"].iloc[0]),
            }
            | {
                capital(texts(lang)["rules"][reading["rule"]]): _label(reading["label"], lang)
                for reading in mine.to_dict("records")
            }
        )
    return pd.DataFrame(rows)


def _label(label: str, lang: str) -> str:
    """Return the category of a rule in words."""
    return str(texts(lang)["targets_page"]["readings"].get(label) or texts(lang)["bands"][label])


def plans_table(pairs: pd.DataFrame, indicators: pd.DataFrame, *, lang: str = "vi") -> pd.DataFrame:
    """Return the yearly plans with their outcomes.

    Parameters
    ----------
    pairs : pandas.DataFrame
        As `plan_pairs` returns them.
    indicators : pandas.DataFrame
        As `load_indicators` returns them.
    lang : {"vi", "en"}
        Language.

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.pipeline import load_project
    >>> from sapa_analysis.reporting import plain, plans_table
    >>> pair = {"id": "plan-2018.tourist_arrivals", "indicator_id": "tourist_arrivals", "year": 2018,
    ...         "plan": 2.5e6, "outcome": 2.4e6, "ratio": 0.96}
    >>> plain(plans_table(pd.DataFrame([pair]), load_project().indicators, lang="en")).iloc[0].to_list()
    ['96%', 'Tourist arrivals', '2018', '2.5 million visits', '2.4 million visits']
    """
    heads, named = texts(lang)["targets_page"]["columns"], texts(lang)["table"]["indicator"]
    rows = []
    for row in pairs.to_dict("records"):
        indicator: pd.Series = indicators.loc[row["indicator_id"]]
        unit, decimals = str(indicator["unit"]), int(indicator["decimals"])
        amounts = {
            name: quantity(row[name], unit, decimals, lang, key=f"{row['id']}.{name}")
            for name in ("plan", "outcome")
        }
        share = tag(completion_shown(row["ratio"], lang), f"{row['id']}.ratio", row["ratio"], "share")
        rows.append(
            {
                heads["share"]: share,
                named: name_shown(indicator, lang),
                heads["year"]: str(row["year"]),
                heads["plan"]: amounts["plan"],
                heads["outcome"]: amounts["outcome"],
            }
        )
    columns = [heads["share"], named, heads["year"], heads["plan"], heads["outcome"]]
    return pd.DataFrame(rows, columns=columns)


def fulfilment_table(bias: pd.DataFrame, indicators: pd.DataFrame, *, lang: str = "vi") -> pd.DataFrame:
    """Return how yearly plans were usually fulfilled, per indicator and for all together.

    Parameters
    ----------
    bias : pandas.DataFrame
        As `plan_bias` returns it.
    indicators : pandas.DataFrame
        As `load_indicators` returns them.
    lang : {"vi", "en"}
        Language.

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.pipeline import load_project
    >>> from sapa_analysis.reporting import fulfilment_table, plain
    >>> told = {"indicator_id": ["tourist_arrivals", "all"], "n": [8, 9], "met": [0.625, None],
    ...         "ratio": [0.8765, None], "lower": [0.4826, None], "upper": [1.592, None]}
    >>> plain(fulfilment_table(pd.DataFrame(told), load_project().indicators, lang="en")).iloc[0].to_list()
    ['Tourist arrivals', '8', '62%', '88%', '48% to 159%']
    """
    words = texts(lang)["targets_page"]
    heads, named = dict(words["columns"]), texts(lang)["table"]["indicator"]
    heads["range"] = heads["range"].format(level=level_shown(80, lang))
    rows = []
    for row in bias.to_dict("records"):
        name = str(row["indicator_id"])
        names = [name_shown(mine, lang) for _, mine in indicators.loc[indicators.index == name].iterrows()]
        shares = {
            part: percent(row[part], lang, f"plans.{name}.{part}")
            for part in ("met", "ratio", "lower", "upper")
            if pd.notna(row[part])
        }
        rows.append(
            {
                named: names[0] if names else words["all_plans"],
                heads["n_plans"]: count(int(row["n"]), lang, f"plans.{name}.n"),
                heads["kept"]: shares.get("met", words["too_few_plans"]),
                heads["mean"]: shares.get("ratio", ""),
                heads["range"]: texts(lang)["sheet"]["between"].format(**shares) if "lower" in shares else "",
            }
        )
    table = pd.DataFrame(
        rows, columns=[named, *(heads[part] for part in ("n_plans", "kept", "mean", "range"))]
    )
    return table.loc[:, (table != "").any()] if rows else table
