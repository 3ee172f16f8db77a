"""One quantified target: its fields, their rules, and the test whether a value attains it.

Source of the grammar: the method note of the project, section 3.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, Literal, Self

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from .document_tables import Targets
from .errors import Problem, Problems, TargetsError
from .wording import in_words

#: Share of a goal by which arithmetic alone may miss it.
_NOISE = 1e-9


class Target(BaseModel):
    """One quantified target, with the rules between its fields: those of `data/targets.csv`, and `where`.

    Attributes
    ----------
    id, document, clause : str
        Its own id, an id of `documents.csv`, and the number of its group or clause there.
    indicator_id, area : str
        What is to be reached, and for which boundary: ids of `indicators.csv` and `areas.csv`.
    measure : str
        `level` in the year `end`, `growth` in that year, `term_mean_growth` or `term_total` over
        `start` to `end`, or `yes_no`. A table row whose `level` or `growth` has a start before its end sets a
        goal for every year from start to end; `load_targets` makes one target per year.
    start, end : int
        Calendar years: the first of a term, which may be None, and the one by which it is due.
    sense, sense_inferred : str
        `more_than`, `less_than`, `at_least`, `at_most`, `between` (value to value_high) or `about`
        (value plus or minus tolerance); yes where the document prints a bare number.
    value, value_high, tolerance : float
        The number, the upper end of `between` and the half width of `about`, in `unit`; None where there is
        none.
    unit, fraction : str
        The indicator's one unit, and the fraction that is printed beside a percentage.
    printed, note : str
        The words of the document in Vietnamese, where we hold them, and remarks.
    field, unit_in_charge : str
        Field of policy, and who leads it as the office names it; blank: the usual unit.
    published : str
        When it was known: YYYY, YYYY-MM or YYYY-MM-DD.
    grade, cite_ok : str
        Grade of the page, A to C, and whether an official paper may cite it: yes or no.
    source_title, source_url, also_at : str
        The earliest page that states it, and others that repeat it.
    where : str
        File and line of its row.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)
    id: str
    document: str = ""
    clause: str = ""
    indicator_id: str
    area: str
    measure: Literal["level", "growth", "term_mean_growth", "term_total", "yes_no"]
    start: int | None = Field(default=None, ge=1900, le=2200)
    end: int = Field(ge=1900, le=2200)
    sense: Literal["more_than", "less_than", "at_least", "at_most", "between", "about"]
    sense_inferred: str = ""
    value: float
    value_high: float | None = None
    tolerance: float | None = None
    unit: str
    fraction: str = ""
    printed: str = ""
    field: str = ""
    unit_in_charge: str = ""
    published: str = ""
    grade: str = ""
    cite_ok: str = ""
    source_title: str = ""
    source_url: str = ""
    also_at: str = ""
    note: str = ""
    where: str = "targets:0"

    @model_validator(mode="before")
    @classmethod
    def _blank_is_none(cls, row: Any) -> Any:
        """Read blank cells of a table: no number, or an empty text."""
        cells = {name: None if _is_missing(value) else value for name, value in dict(row).items()}
        texts = [name for name, field in cls.model_fields.items() if field.default == ""]
        return cells | {name: "" for name in texts if name in cells and cells[name] is None}

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
        """Return the value to aim for; for a range, its point nearest to `current`.

        Parameters
        ----------
        current : float
            Where the quantity stands, in the unit of the target.

        Examples
        --------
        >>> from sapa_analysis.core import Target
        >>> goal = Target(id="mine", indicator_id="grdp_growth", area="sa_pa", measure="growth", end=2025,
        ...               sense="between", value=8.0, value_high=10.0, unit="percent")
        >>> goal.aim(7.1), goal.aim(9.5), goal.aim(12.0)
        (8.0, 9.5, 10.0)
        """
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

        Examples
        --------
        >>> from sapa_analysis.core import Target
        >>> goal = Target(id="mine", indicator_id="poverty_rate", area="sa_pa", measure="level", end=2025,
        ...               sense="about", value=4.0, unit="percent")
        >>> goal.attained([3.4, 3.8, 4.5], about=0.5).tolist()
        [False, True, True]
        """
        values = np.asarray(values, dtype=float)
        half = self.tolerance if self.tolerance is not None else about
        high = self.value_high if self.value_high is not None else math.inf
        # 100 x (114 / 100 - 1) is 14.000000000000012, and 4.0 - 3.9 is more than 0.1
        slack = _NOISE * max(1.0, abs(self.value))
        tests = {
            "more_than": values > self.value + slack,
            "less_than": values < self.value - slack,
            "at_least": values >= self.value - slack,
            "at_most": values <= self.value + slack,
            "between": (values >= self.value - slack) & (values <= high + slack),
            "about": np.abs(values - self.value) <= half + slack,
        }
        return np.asarray(tests[self.sense])


def _is_missing(value: Any) -> bool:
    return value is None or value is pd.NA or value == "" or (isinstance(value, float) and math.isnan(value))


def as_targets(targets: pd.DataFrame | Target | Iterable[Target]) -> list[Target]:
    """Return targets as they are, or the rows of a table of your own as targets.

    Parameters
    ----------
    targets : pandas.DataFrame, Target, or iterable of Target
        A table needs the columns id, indicator_id, area, measure, end, sense, value and unit.

    Raises
    ------
    TargetsError
        With every problem of every row; its number counts from 1.

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.core import as_targets
    >>> row = {"id": "mine", "indicator_id": "tourist_arrivals", "area": "sa_pa", "measure": "level",
    ...        "end": 2025, "sense": "at_least", "value": 4e6, "unit": "visits"}
    >>> [target] = as_targets(pd.DataFrame([row]))
    >>> target.attained([3.9e6, 4e6]).tolist()
    [False, True]
    """
    if isinstance(targets, pd.DataFrame):
        return _from_table(targets)
    if isinstance(targets, Target):
        return [targets]
    found = list(targets) if isinstance(targets, Iterable) else [targets]
    if strange := [type(each).__name__ for each in found if not isinstance(each, Target)]:
        raise TargetsError(f"wanted a table or objects of class Target; found {strange[0]}")
    return found


def _from_table(table: pd.DataFrame) -> list[Target]:
    problems, found = Problems(), []
    for number, row in enumerate(table.to_dict("records"), start=1):
        try:
            found.append(Target.model_validate(row))
        except ValidationError as error:
            for item in error.errors():
                column = str((*item["loc"], "")[0])
                problems.tell(Problem("table of targets", number, column, in_words(item)))
    if problems:
        raise TargetsError(problems)
    return found


def targets_table(targets: Iterable[Target]) -> pd.DataFrame:
    """Return targets as a table for print or selection, with the columns of `core.Targets` and `where`.

    Parameters
    ----------
    targets : iterable of Target
        Such as those of `Project.targets`.

    Examples
    --------
    >>> from sapa_analysis.core import Target, targets_table
    >>> goal = Target(id="mine", indicator_id="tourist_arrivals", area="sa_pa", measure="level", end=2025,
    ...               sense="at_least", value=4e6, unit="visits")
    >>> targets_table([goal])[["id", "end", "sense", "value"]]
         id   end     sense      value
    0  mine  2025  at_least  4000000.0
    """
    columns = Targets.to_schema().columns
    table = pd.DataFrame([target.model_dump() for target in targets], columns=[*columns, "where"])
    return table.astype({name: str(column.dtype) for name, column in columns.items()} | {"where": "str"})
