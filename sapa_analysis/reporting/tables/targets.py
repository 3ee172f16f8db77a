"""Tables of a page on targets: those that are judged, the surest first, then the others by reason."""

from __future__ import annotations

import pandas as pd

from ...core import THIN_YEARS, address_problem, printable
from ...evidence import is_office
from ...pipeline import Project, Results
from ..goals import due, goal, target_named, units_of
from ..language import count, document_name, level_shown, percent, percent_in_steps, texts
from ..office import named, notes
from ..paces import PACE_STAR, base_told, pace_base, pace_needed, pace_own
from ..published import day_shown, latest_shown
from ..sentences.plans import describe_plans
from ..sentences.verdicts import open_reasons
from ..tagged_numbers import capital, tag, tag_quoted
from .verdicts import forecast_shown

#: From the best prospect to the worst; a plan that is known by itself only comes last.
_ORDER = ("met", "very_likely", "likely", "even", "unlikely", "very_unlikely", "missed", "plan_only")


def judged_table(project: Project, results: Results, *, lang: str = "vi") -> pd.DataFrame:
    """Return the targets of all documents that are judged, the best prospect first.

    Parameters
    ----------
    project : Project
        The tables.
    results : Results
        The results of the run.
    lang : {"vi", "en"}
        Language.

    Returns
    -------
    pandas.DataFrame
        Tagged text: the word of the verdict, its chance, the target with its goal, the latest figure with
        its page, the forecast of the year due with its 80 % band, the pace still needed with the own pace,
        and what the verdict rests on. A column of which nothing is known is left out.

    Examples
    --------
    >>> from sapa_analysis.pipeline import assess_targets, open_project
    >>> from sapa_analysis.reporting import judged_table, plain
    >>> project, params = open_project(as_of="2023-06-30", documents=["congress-2020"])
    >>> results = assess_targets(project, params.with_values(n_paths=100))
    >>> table = plain(judged_table(project, results, lang="en"))
    >>> table[table.iloc[:, 2].str.startswith("Tourist arrivals")].iloc[0, [0, 1, 2, 5]].to_list()
    ['Very unlikely', 'under 5%', 'Tourist arrivals: 5.8 million visits (2025; XXIII congress)',
     '32.5%; so far −0.4%* (2017–2022)']
    """
    verdicts = results.verdicts[results.verdicts["status"] != "not_assessed"]
    by_word = verdicts["status"].map(_ORDER.index)
    verdicts = verdicts.assign(by=by_word, chance=-verdicts["probability"].fillna(0.0))
    verdicts = verdicts.sort_values(["by", "chance"], kind="stable")
    heads, own = texts(lang)["table"], texts(lang)["targets_page"]["columns"]
    expected = heads["expected"].format(level=level_shown(80, lang))
    rows, aims = [], texts(lang)["picture_verdicts"]["target"]
    for _, row in verdicts.iterrows():
        indicator = project.indicators.loc[row["indicator_id"]]
        key = f"{row['id']}.probability"
        known = pd.notna(row["probability"])
        rows.append({
            heads["verdict"]: _word(row, lang),
            own["chance"]: percent_in_steps(row["probability"], lang, key) if known else "",
            aims: aim(row, indicator, lang),
            heads["latest"]: _latest(row, indicator, lang),
            expected: forecast_shown(row, indicator, lang),
            own["needed"]: _pace(row, lang),
            own["rests"]: capital("; ".join(_support(row, int(indicator["decimals"]), project, lang))),
        })  # fmt: skip
    table = pd.DataFrame(rows)
    return table.loc[:, (table != "").any()] if rows else table


def describe_signs(*tables: pd.DataFrame, lang: str = "vi") -> list[str]:
    """Return what the signs that stand in some tables mean: of an own pace, of figures of the office.

    Parameters
    ----------
    *tables : pandas.DataFrame
        Tables of text.
    lang : {"vi", "en"}
        Language.

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.reporting import describe_signs
    >>> describe_signs(pd.DataFrame({"Own pace a year": ["−0.4%* (2017–2022)"]}), lang="en")
    ['*: with years of an epidemic or a great disaster, or a year without a final figure.']
    >>> describe_signs(pd.DataFrame({"Own pace a year": ["2.4% (2017–2019)"]}), lang="en")
    []
    """
    told = [str(cell) for table in tables for cell in table.to_numpy().ravel()]
    stars = [str(texts(lang)["brief"]["matters"]["star"])]
    return [*(stars if any(PACE_STAR in cell for cell in told) else []), *notes(told, lang)]


def _word(row: pd.Series, lang: str) -> str:
    words = texts(lang)
    past = words["short_overdue"] if row["overdue"] else {}
    word = past.get(row["status"], words["short"][row["status"]])
    return tag(str(word), f"{row['id']}.short", row["status"], "judgement")


def aim(row: pd.Series, indicator: pd.Series, lang: str) -> str:
    """Return what a target is about with its goal, when it is due and its document, for one cell.

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.pipeline import load_project
    >>> from sapa_analysis.reporting import plain
    >>> from sapa_analysis.reporting.tables.targets import aim
    >>> row = pd.Series({"id": "a", "indicator_id": "forest_cover", "measure": "level", "start": None,
    ...                  "end": 2025, "sense": "at_least", "value": 66.0, "value_high": None,
    ...                  "unit": "percent", "document": "plan-2025"})
    >>> plain(aim(row, load_project().indicators.loc["forest_cover"], "en"))
    'Forest cover: 66% (2025; plan 2025)'
    """
    return str(texts(lang)["targets_page"]["aim"]).format(
        name=capital(target_named(row, indicator, lang)).rstrip(": "),
        goal=goal(row, int(indicator["decimals"]), lang),
        due=due(row, lang),
        document=document_name(row["document"], lang),
    )


def _pace(row: pd.Series, lang: str) -> str:
    """Return the pace still needed, and the own one behind it."""
    words = texts(lang)
    needed = words["table"]["passed"] if row["passed"] else pace_needed(row, lang, brief=True)
    own = pace_own(row, lang, brief=True)
    told = [words["targets_page"]["own_pace"].format(pace=own)] if own else []
    return "; ".join([each for each in (needed, *told) if each])


def _latest(row: pd.Series, indicator: pd.Series, lang: str) -> str:
    figure, source = latest_shown(row, indicator, lang), _source(row, lang)
    form = texts(lang)["targets_page"]["latest"]
    return str(form).format(figure=figure, source=source) if figure and source else figure


def _source(row: pd.Series, lang: str) -> str:
    """Return the page of the latest figure: its address if an official paper may cite it, and its day."""
    if not row["latest_source"]:
        return ""
    source = printable(str(row["latest_source"]))
    if row["latest_cite_ok"] != "yes":
        source = texts(lang)["sheet"]["uncited"]
    elif is_office(row["latest_url"]):
        source = named(source, lang)
    elif not address_problem(row["latest_url"]):
        source = str(row["latest_url"])
    key, dated = f"{row['id']}.page", day_shown(str(row["latest_published"]), lang)
    told = texts(lang)["targets_page"]["dated"].format(source=source, day=dated) if dated else source
    return tag_quoted(told, key)


def _support(row: pd.Series, decimals: int, project: Project, lang: str) -> list[str]:
    """Return what a verdict rests on: years with figures, the published rules, how rare the pace is."""
    words, every = texts(lang)["targets_page"]["support"], texts(lang)
    if row["status"] == "plan_only":
        return describe_plans(row.to_frame().T, project.areas, lang) or [every["targets_page"]["no_plan"]]
    told = []
    if pd.notna(row["probability"]):
        years = count(int(row["n_years"]), lang, f"{row['id']}.n_years")
        form = words["few" if row["n_years"] < THIN_YEARS else "years"]
        told += [every["plans"]["level"]] if row["level_of_plans"] else [form.format(n=years)]
    if row["stability_grade"]:
        told.append(words["rules"].format(votes=votes_shown(row, lang)))
    if not row["passed"] and (base := pace_base(row, decimals, lang)):
        told.append(words["base"].format(base=base_told(row, base, lang)))
    if pd.notna(row["pace_percentile"]):
        share = percent(row["pace_percentile"] / 100, lang, f"{row['id']}.pace_percentile")
        told.append(words["rarity"].format(share=share))
    return told


def votes_shown(verdict: pd.Series, lang: str) -> str:
    """Return how far the published rules agree on a verdict, tagged; blank where they are too few.

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.reporting import plain
    >>> from sapa_analysis.reporting.tables.targets import votes_shown
    >>> plain(votes_shown(pd.Series({"id": "a", "stability": 0.917, "stability_grade": "stable"}), "en"))
    'stable (92% agree)'
    """
    if not verdict["stability_grade"]:
        return ""
    words = texts(lang)
    share = percent(verdict["stability"], lang, f"{verdict['id']}.stability")
    return str(words["sheet"]["votes"]).format(
        grade=words["stability"][verdict["stability_grade"]], share=share
    )


def reasons_table(verdicts: pd.DataFrame, *, needed: int, lang: str = "vi") -> pd.DataFrame:
    """Return why targets are not judged: each reason, the commonest first, with what a judgement needs.

    Parameters
    ----------
    verdicts : pandas.DataFrame
        As `judge_targets` returns them.
    needed : int
        Years with a figure that a forecast needs.
    lang : {"vi", "en"}
        Language.

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.reporting import plain, reasons_table
    >>> open_ = {"status": "not_assessed", "reason": ["too_wide", "no_evidence", "no_evidence"]}
    >>> table = plain(reasons_table(pd.DataFrame(open_), needed=1, lang="en"))
    >>> table.iloc[0].to_list()
    ['No figure', '2', 'needs results of whole years (1 or more)']
    """
    words = texts(lang)["targets_page"]
    heads, reasons = words["columns"], open_reasons(verdicts).value_counts()
    years = count(needed, lang, "years_needed")
    needs = texts(lang)["needs"] | {"rated": words["rated_needs"]}
    rows = [
        {
            heads["reason"]: capital(words["reasons"][code]),
            heads["n"]: count(int(n), lang, f"needed.{code}"),
            heads["needs"]: str(needs[code]).format(needed=years),
        }
        for code, n in reasons.items()
    ]
    return pd.DataFrame(rows, columns=[heads[name] for name in ("reason", "n", "needs")])


def unjudged_table(project: Project, results: Results, *, lang: str = "vi") -> pd.DataFrame:
    """Return the targets that are not judged by reason, the commonest first, with who usually leads them.

    Parameters
    ----------
    project : Project
        The tables.
    results : Results
        The results of the run.
    lang : {"vi", "en"}
        Language.

    Returns
    -------
    pandas.DataFrame
        Tagged text: reason, target with its goal, latest figure if any, unit in charge. A column of which
        nothing is known is left out.

    Examples
    --------
    >>> from sapa_analysis.pipeline import assess_targets, open_project
    >>> from sapa_analysis.reporting import plain, unjudged_table
    >>> project, params = open_project(as_of="2021-06-30", documents=["congress-2020"])
    >>> results = assess_targets(project, params.with_values(n_paths=100))
    >>> plain(unjudged_table(project, results, lang="en")).iloc[0, :2].to_list()
    ['No figure', 'GRDP per capita: 145 million VND (2025; XXIII congress)']
    """
    reasons = open_reasons(results.verdicts)
    common = {code: place for place, code in enumerate(reasons.value_counts().index)}
    order = reasons.map(common).sort_values(kind="stable").index
    words, heads, units = (
        texts(lang)["targets_page"],
        texts(lang)["table"],
        units_of(project, results.targets, lang),
    )
    rows = []
    for place in order:
        row = results.verdicts.loc[place]
        indicator = project.indicators.loc[row["indicator_id"]]
        rows.append({
            words["columns"]["reason"]: capital(words["reasons"][reasons[place]]),
            texts(lang)["picture_verdicts"]["target"]: aim(row, indicator, lang),
            heads["latest"]: latest_shown(row, indicator, lang),
            words["columns"]["lead"]: capital(units.get(row["id"], "")),
        })  # fmt: skip
    table = pd.DataFrame(rows)
    return table.loc[:, (table != "").any()] if rows else table
