"""Declared table of verdicts: the result of a run for each target."""

from __future__ import annotations

import pandas as pd
import pandera.pandas as pa

from .likelihood import STATUSES
from .table_terms import MEASURES, SENSES


class Verdicts(pa.DataFrameModel):
    """The state of one target on one day; numbers are in the target's unit."""

    id: str = pa.Field(description="id of the target")
    document: str = pa.Field(description="document of the target")
    clause: str = pa.Field(description="clause of the target")
    indicator_id: str = pa.Field(description="indicator of the target")
    area: str = pa.Field(description="area of the target")
    measure: str = pa.Field(isin=MEASURES, description="measure of the target")
    sense: str = pa.Field(isin=SENSES, description="sense of the target")
    value: float = pa.Field(description="value of the target")
    value_high: float = pa.Field(nullable=True, description="upper end of `between`")
    unit: str = pa.Field(description="unit of the target")
    printed: str = pa.Field(description="the document's own words; blank where we have not seen them")
    sense_inferred: str = pa.Field(description="whether the document leaves the sense open: yes, no or blank")
    field: str = pa.Field(description="field of policy")
    start: pd.Int64Dtype = pa.Field(nullable=True, description="first year of the term")
    end: int = pa.Field(description="year by which it is due")
    latest_year: pd.Int64Dtype = pa.Field(nullable=True, description="last year with a figure")
    latest: float = pa.Field(nullable=True, description="the figure as printed, of `latest_period`")
    latest_period: str = pa.Field(description="its period, as printed")
    latest_freq: str = pa.Field(description="kind of that period")
    latest_through: str = pa.Field(description="its cut-off date, if the page states one")
    latest_bound: str = pa.Field(description="exact, over, under or about, as printed; blank if none")
    latest_kind: str = pa.Field(description="actual or estimate; blank if none")
    latest_basis: str = pa.Field(
        description="whole year, estimate of one, part of one, term; implied: others say it, none is printed"
    )
    latest_doubt: str = pa.Field(description="why it is doubted; blank if it is not")
    whole_year: float = pa.Field(
        nullable=True, description="what we make of a figure of six months or more for the whole year"
    )
    latest_source: str = pa.Field(description="title of the page that printed it first")
    latest_url: str = pa.Field(description="address of that page")
    latest_published: str = pa.Field(description="date of that page")
    latest_cite_ok: str = pa.Field(description="may an official paper cite it?")
    n_years: int = pa.Field(ge=0, description="years with a figure of their own")
    expected: float = pa.Field(nullable=True, description="median of the paths for the target's measure")
    lower_80: float = pa.Field(nullable=True, description="10 % of paths lie below")
    upper_80: float = pa.Field(nullable=True, description="10 % of paths lie above")
    gap: float = pa.Field(nullable=True, description="latest minus target (level and growth targets)")
    completion: float = pa.Field(
        nullable=True, description="latest, if of a whole year (or the term's total so far), over target"
    )
    pace: float = pa.Field(
        nullable=True, description="what each remaining year still needs; blank once due or passed"
    )
    pace_unit: str = pa.Field(description="percent a year, or the unit of the target a year")
    pace_arithmetic: float = pa.Field(
        nullable=True, description="the same where a mean growth is the plain average of yearly rates"
    )
    passed: bool = pa.Field(description="the last figure already attains the target, before the year due")
    pace_years: pd.Int64Dtype = pa.Field(nullable=True, description="years that remain")
    pace_percentile: float = pa.Field(
        nullable=True, description="episodes elsewhere that fell short of that pace, in percent"
    )
    own_pace: float = pa.Field(
        nullable=True, description="pace of the last observed years; blank once due, or with too few figures"
    )
    own_pace_unit: str = pa.Field(description="as `pace_unit`; blank without an own pace")
    own_pace_years: str = pa.Field(description="years whose figures make it: 2018–2022, or 2019, 2021–2022")
    own_pace_shocks: str = pa.Field(description="shock years that lie in it; blank if none")
    own_pace_unsettled: str = pa.Field(
        description="years of it whose figure is no result of a whole year; blank if none"
    )
    office: float = pa.Field(
        nullable=True, description="what the department expects of the year due, as printed"
    )
    office_bound: str = pa.Field(description="exact, over, under or about, as printed")
    office_published: str = pa.Field(description="date of its page")
    probability: float = pa.Field(
        nullable=True,
        in_range={"min_value": 0, "max_value": 1},
        description="share of paths that attain the target",
    )
    status: str = pa.Field(isin=STATUSES, description="the word for it, by fixed thresholds")
    reason: str = pa.Field(description="why it has no probability and no result")
    plans_met: pd.Int64Dtype = pa.Field(
        nullable=True, description="if only the plan itself is known: earlier plans that were fulfilled"
    )
    plans_known: pd.Int64Dtype = pa.Field(nullable=True, description="of how many with a known outcome")
    plans_outcomes: str = pa.Field(
        description="each earlier plan: area, year, and met, missed or unknown; blank if not of that kind"
    )
    level_of_plans: bool = pa.Field(description="no figure tells the level, only yearly plans do")
    overdue: bool = pa.Field(description="whether the year it is due has ended")
    stability: float = pa.Field(
        nullable=True,
        in_range={"min_value": 0.5, "max_value": 1},
        description="votes with the majority, published rules x base years",
    )
    stability_grade: str = pa.Field(description="stable, fairly_stable, unstable; blank with too few votes")
    flips: str = pa.Field(description="the votes against: rule and base year")

    class Config:
        """No column may be missing or unknown."""

        strict = True
