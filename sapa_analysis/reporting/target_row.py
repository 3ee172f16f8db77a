"""The row of a target on paper: every cell of it in words, made once for the tables of all papers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from ..core import OUTLOOKS, THIN_YEARS
from ..pipeline import Project, Results, years_needed
from ..targets import unit_in_charge
from .as_written import Written, latest_written
from .compared import compared_as
from .goals import due, goal, target_named
from .lacking import WITHOUT_A_FIGURE, figures_asked
from .language import forecasts, reason, texts, unit_ending
from .office import expected_sign, sign_of
from .paces import base_told, pace_base, pace_needed, pace_own
from .published import (
    Cite,
    against_goal,
    day_shown,
    figure_printed,
    is_said,
    period_shown,
    published_key,
    rating_word,
)
from .tagged_numbers import tag, tag_quoted


@dataclass(frozen=True, slots=True)
class TargetRow:
    """A target in words, all tagged; a cell of which nothing is known is blank.

    Attributes
    ----------
    id, document, clause, field, indicator : str
        As in the verdicts.
    end : int
        The year by which it is due.
    name, goal, due : str
        What it is about and its goal, in Vietnamese as printed, a goal of the office with its sign; when
        it is due.
    latest, latest_when, against : str
        The figure as printed, with the mark of its page; its period; how it stands to the goal.
    office : str
        What the department expects of the year due, with the date of its page.
    middle, band : str
        The middle of the forecast; its 80 % band, "2,7–3,8 triệu lượt".
    word, short : str
        The judgement in full and for a table; its key is `{id}.word`.
    status, outlook : str
        Its status, and the outlook that counts it.
    own_pace, needed_pace : str
        The pace shown, and the pace needed.
    pace_base : str
        From what the pace needed starts, "cả năm 2022 ước 2,49 triệu lượt"; blank where from `latest`.
    lead : str
        Who is in charge, by custom or as the office wrote; blank where unknown.
    decimals : int
        Decimals that figures of its indicator have.
    why : str
        Why it is not assessed, and who is asked where no figure is known; blank where it is.
    own_lead : bool
        Whether the office named who is in charge.
    """

    id: str
    document: str
    clause: str
    field: str
    indicator: str
    end: int
    name: str
    goal: str
    due: str
    latest: str
    latest_when: str
    against: str
    office: str
    middle: str
    band: str
    word: str
    short: str
    status: str
    outlook: str
    own_pace: str
    needed_pace: str
    pace_base: str
    lead: str
    decimals: int
    why: str
    own_lead: bool = False


def target_rows(
    project: Project, results: Results, lang: str, *, cite: Cite | None = None
) -> list[TargetRow]:
    """Return the row of every verdict of a run, in its order."""
    targets = {target.id: target for target in results.targets}
    needed, rows = years_needed(results.params), []
    for _, verdict in results.verdicts.iterrows():
        indicator = project.indicators.loc[verdict["indicator_id"]]
        lead = unit_in_charge(targets[verdict["id"]], project.units, project.indicators, project.areas)
        middle, band = _forecast(verdict, indicator, lang)
        written = latest_written(results, verdict, int(indicator["decimals"]))
        latest, when = _latest(verdict, indicator, lang, cite, written)
        status = status_on_paper(verdict)
        rows.append(
            TargetRow(
                **{name: str(verdict[name]) for name in ("id", "document", "clause", "field")},
                indicator=str(verdict["indicator_id"]),
                end=int(verdict["end"]),
                name=target_named(verdict, indicator, lang),
                goal=goal(verdict, int(indicator["decimals"]), lang)
                + sign_of(targets[verdict["id"]].source_url),
                due=due(verdict, lang),
                latest=latest,
                latest_when=when,
                against=against_goal(verdict, lang) if latest else "",
                office=_office(verdict, lang, expected_sign(results, verdict)),
                middle=middle,
                band=band,
                word=_judgement(verdict, status, lang, "status", "overdue"),
                short=_judgement(verdict, status, lang, "short", "short_overdue"),
                status=status,
                outlook=next(name for name, statuses in OUTLOOKS.items() if status in statuses),
                own_pace=pace_own(verdict, lang) if pd.notna(verdict["own_pace"]) else "",
                needed_pace=str(texts(lang)["table"]["passed"])
                if verdict["passed"]
                else pace_needed(verdict, lang),
                pace_base=_base(verdict, int(indicator["decimals"]), lang),
                lead=tag_quoted(lead.names[lang], f"{verdict['id']}.unit") if lead else "",
                decimals=int(indicator["decimals"]),
                why=_why(verdict, lang, needed, lead.names[lang] if lead else ""),
                own_lead=bool(lead and not lead.by_custom),
            )
        )
    return rows


def status_on_paper(verdict: pd.Series) -> str:
    """Return the status of a verdict for a paper: on few figures it is never stronger than `unlikely`."""
    few = verdict["status"] == "very_unlikely" and verdict["n_years"] < THIN_YEARS
    return "unlikely" if few else str(verdict["status"])


def _judgement(verdict: pd.Series, status: str, lang: str, ahead: str, past: str) -> str:
    words: Mapping[str, str] = texts(lang)[ahead]
    over: Mapping[str, str] = texts(lang)[past]
    said = over.get(status, words[status]) if verdict["overdue"] else words[status]
    return tag(str(said), f"{verdict['id']}.{'word' if ahead == 'status' else 'short'}", status, "judgement")


def _forecast(verdict: pd.Series, indicator: pd.Series, lang: str) -> tuple[str, str]:
    """Return the middle of the forecast of the year due, and its 80 % band with the unit said once."""
    if pd.isna(verdict["expected"]):
        return "", ""
    said = is_said(unit_ending(str(verdict["unit"]), lang), str(indicator[f"name_{lang}"]))
    columns = {"middle": "expected", "lower": "lower_80", "upper": "upper_80"}
    shown = forecasts(
        {name: verdict[column] for name, column in columns.items()},
        str(verdict["unit"]),
        int(indicator["decimals"]),
        lang,
        keys={name: f"{verdict['id']}.{column}" for name, column in columns.items()},
        bare=("lower", "upper") if said else ("lower",),
    )
    return shown["middle"], f"{shown['lower']}–{shown['upper']}"


def _latest(
    verdict: pd.Series, indicator: pd.Series, lang: str, cite: Cite | None, written: Written
) -> tuple[str, str]:
    if pd.isna(verdict["latest"]):
        return "", ""
    key, freq = published_key(verdict), str(verdict["latest_freq"]) or "A"
    value = figure_printed(
        verdict["latest"], str(verdict["unit"]), lang, bound=str(verdict["latest_bound"]), key=key,
        written=written, named=str(indicator[f"name_{lang}"]),
    )  # fmt: skip
    period = str(verdict["latest_period"]) or str(verdict["latest_year"])
    stock = str(indicator.get("nature", "")) == "stock"
    when = period_shown(period, freq, lang, through=str(verdict["latest_through"]), stock=stock)
    told = [tag_quoted(when, f"{key}.period") if freq != "A" else when]
    words = texts(lang)["published"]
    told += [words["estimate"]] if verdict["latest_kind"] == "estimate" else []
    told += [words[verdict["latest_doubt"]]] if verdict["latest_doubt"] else []
    return value + (cite(verdict) if cite else sign_of(verdict["latest_url"])), "; ".join(told)


def _base(verdict: pd.Series, decimals: int, lang: str) -> str:
    base = pace_base(verdict, decimals, lang)
    return base_told(verdict, base, lang) if base else ""


def _office(verdict: pd.Series, lang: str, sign: str) -> str:
    if pd.isna(verdict["office"]):
        return ""
    value = figure_printed(
        verdict["office"], str(verdict["unit"]), lang, bound=str(verdict["office_bound"]),
        key=f"{verdict['id']}.office",
    ) + sign  # fmt: skip
    dated = day_shown(str(verdict["office_published"]), lang)
    return f"{value} ({dated})" if dated else value


def _why(verdict: pd.Series, lang: str, needed: int, unit: str) -> str:
    if verdict["status"] != "not_assessed":
        return ""
    if compared_as(verdict) == "rating":
        word, year = rating_word(verdict["latest"], lang), verdict["latest_year"]
        return str(texts(lang)["review_office"]["points"]["rating"]).format(word=word, year=year)
    if verdict["reason"] in WITHOUT_A_FIGURE:
        return figures_asked(str(verdict["reason"]), tag_quoted(unit, f"{verdict['id']}.unit"), lang)
    return reason(verdict["reason"], lang, verdict["indicator_id"], n=verdict["n_years"], needed=needed)
