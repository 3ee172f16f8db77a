"""Declared table of verdicts: the result of a run for each target."""

from __future__ import annotations

import pandas as pd
import pandera.pandas as pa

from .likelihood import STATUSES
from .tables import MEASURES, SENSES


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
    field: str = pa.Field(description="field of policy")
    start: pd.Int64Dtype = pa.Field(nullable=True, description="first year of the term")
    end: int = pa.Field(description="year by which it is due")
    latest_year: pd.Int64Dtype = pa.Field(nullable=True, description="last year with a figure")
    latest: float = pa.Field(nullable=True, description="the estimate of that year")
    latest_basis: str = pa.Field(description="what that estimate rests on")
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
        nullable=True, description="latest (or the term's total so far) over target; 1 is the whole"
    )
    pace: float = pa.Field(nullable=True, description="what each remaining year still needs, in `pace_unit`")
    pace_unit: str = pa.Field(description="percent a year, or the unit of the target a year")
    pace_arithmetic: float = pa.Field(
        nullable=True, description="the same where a mean growth is the plain average of yearly rates"
    )
    pace_years: pd.Int64Dtype = pa.Field(nullable=True, description="years that remain")
    pace_percentile: float = pa.Field(
        nullable=True, description="episodes elsewhere that fell short of that pace, in percent"
    )
    office: float = pa.Field(nullable=True, description="what the department expects of the year due")
    office_published: str = pa.Field(description="date of its page")
    probability: float = pa.Field(
        nullable=True,
        in_range={"min_value": 0, "max_value": 1},
        description="share of paths that attain the target",
    )
    status: str = pa.Field(isin=STATUSES, description="the word for it, by fixed thresholds")
    reason: str = pa.Field(description="why it is not assessed")
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
