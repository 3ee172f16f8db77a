"""One quantified target: its fields, their rules, and the test whether a value attains it.

Source of the grammar: the method note of the project, section 3.
"""

from __future__ import annotations

import math
from typing import Any, Literal, Self

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, model_validator


class Target(BaseModel):
    """One quantified target, with the rules between its fields.

    Attributes
    ----------
    measure : str
        `level` in the year `end`, `growth` in that year, `term_mean_growth` or `term_total` over
        `start` to `end`, or `yes_no`. A table row whose `level` or `growth` has a start before its end sets a
        goal for every year from start to end; `load_targets` makes one target per year.
    sense : str
        `more_than`, `less_than`, `at_least`, `at_most`, `between` (value to value_high) or `about`
        (value plus or minus tolerance).
    """

    model_config = ConfigDict(frozen=True, extra="ignore")
    id: str
    indicator_id: str
    area: str
    measure: Literal["level", "growth", "term_mean_growth", "term_total", "yes_no"]
    sense: Literal["more_than", "less_than", "at_least", "at_most", "between", "about"]
    value: float
    value_high: float | None = None
    tolerance: float | None = None
    unit: str
    start: int | None = None
    end: int

    @model_validator(mode="before")
    @classmethod
    def _blank_is_none(cls, row: Any) -> Any:
        return {key: None if _is_missing(value) else value for key, value in dict(row).items()}

    @model_validator(mode="after")
    def _fields_fit(self) -> Self:
        if self.sense == "between" and (self.value_high is None or self.value_high <= self.value):
            raise ValueError("sense between needs a value_high above value")
        if self.sense != "between" and self.value_high is not None:
            raise ValueError(f"sense {self.sense} takes no value_high")
        if self.sense != "about" and self.tolerance is not None:
            raise ValueError(f"sense {self.sense} takes no tolerance")
        if self.tolerance is not None and self.tolerance < 0:
            raise ValueError(f"tolerance {self.tolerance:g} lies below 0")
        if self.measure.startswith("term") and (self.start is None or self.start >= self.end):
            raise ValueError(f"measure {self.measure} needs a start before its end")
        if self.start is not None and self.start > self.end:
            raise ValueError(f"start {self.start} lies after end {self.end}")
        return self

    def aim(self, current: float) -> float:
        """Return the value to aim for; for a range, its point nearest to `current`."""
        return min(max(current, self.value), self.value_high) if self.value_high is not None else self.value

    def attained(self, values: np.ndarray | float, *, about: float = 0.0) -> np.ndarray:
        """Return for each value whether it attains the target.

        Parameters
        ----------
        values : array or float
            In the unit of the target.
        about : float
            Half width for `about` where the document prints none, in the unit of the target.

        Returns
        -------
        numpy.ndarray of bool
        """
        values = np.asarray(values, dtype=float)
        half = self.tolerance if self.tolerance is not None else about
        high = self.value_high if self.value_high is not None else math.inf
        tests = {
            "more_than": values > self.value,
            "less_than": values < self.value,
            "at_least": values >= self.value,
            "at_most": values <= self.value,
            "between": (values >= self.value) & (values <= high),
            "about": np.abs(values - self.value) <= half,
        }
        return np.asarray(tests[self.sense])


def _is_missing(value: Any) -> bool:
    return value is None or value is pd.NA or value == "" or (isinstance(value, float) and math.isnan(value))
