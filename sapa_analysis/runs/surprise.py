"""The surprise of a run: what moved most against the last edition that had been issued before."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from ..scenarios import BASELINE

#: Quantities of a target that are compared, and what of an edition with them.
_NEW, _OLD = ("probability", "met", "expected"), ("probability", "expected", "lower_80", "upper_80")


def surprise_of(results: pd.DataFrame, register: pd.DataFrame) -> dict[str, Any] | None:
    """Return the largest moves of a run against the newest edition of its area before its day.

    Parameters
    ----------
    results : pandas.DataFrame
        As `key_results` returns them; what is of another scenario than the base does not count.
    register : pandas.DataFrame
        As `read_register` returns it.

    Returns
    -------
    dict or None
        None where nothing can be compared. Else `edition` (its day), and, each None if it cannot be compared:
        `probability`: target, from, to, and points (to minus from, in percentage points). A target that is
        met by now counts as 1, one that is missed as 0, and `settled` says so.
        `expected`: target, from, to, unit, and half_widths (to minus from, in half-widths of the old 80 %
        interval).

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.core import project_root
    >>> from sapa_analysis.runs import surprise_of
    >>> from sapa_analysis.verdicts import REGISTER, read_register
    >>> register = read_register(project_root() / REGISTER, area="sa_pa")
    >>> visits = {"area": "sa_pa", "as_of": "2023-06-30", "scenario": "base", "unit": "probability",
    ...           "target": "congress-2020.tourist_arrivals", "statistic": "probability", "value": 0.2}
    >>> surprise_of(pd.DataFrame([visits]), register)["probability"]
    {'target': 'congress-2020.tourist_arrivals', 'from': 0.3365, 'to': 0.2, 'points': -13.7, 'settled': False}
    """
    mine = results[(results["scenario"] == BASELINE) & (results["target"] != "")]
    if mine.empty:
        return None
    as_of, days = str(mine["as_of"].iloc[0]), register["as_of"].astype(str)
    before = register[(days < as_of) & register["area"].isin(set(mine["area"]))]
    if before.empty:
        return None
    edition = str(before["as_of"].astype(str).max())
    old = before[before["as_of"].astype(str) == edition].set_index("id")
    values = mine.pivot_table(index="target", columns="statistic", values="value", aggfunc="first")
    found = values.reindex(columns=list(_NEW)).join(old[list(_OLD)].add_prefix("old_"), how="inner")
    found = found.astype(float)
    units = mine[mine["statistic"] == "expected"].set_index("target")["unit"]
    chance, level = _chance_moved(found), _level_moved(found, units)
    if chance is None and level is None:
        return None
    return {"edition": edition, "probability": chance, "expected": level}


def _largest(moved: pd.Series) -> str | None:
    """Return the target that moved most, the first of equals; None where none can be compared."""
    known = moved[np.isfinite(moved)]
    return None if known.empty else str(known.abs().idxmax())


def _chance_moved(found: pd.DataFrame) -> dict[str, Any] | None:
    old, new = found["old_probability"], found["met"].fillna(found["probability"])
    moved = 100 * (new - old)
    target = _largest(moved)
    if target is None:
        return None
    settled = bool(pd.notna(found["met"][target]))
    return {"target": target, "from": float(old[target]), "to": round(float(new[target]), 4),
            "points": round(float(moved[target]), 1), "settled": settled}  # fmt: skip


def _level_moved(found: pd.DataFrame, units: pd.Series) -> dict[str, Any] | None:
    old, new = found["old_expected"], found["expected"]
    half = (found["old_upper_80"] - found["old_lower_80"]) / 2
    moved = (new - old) / half.where(half > 0)
    target = _largest(moved)
    if target is None:
        return None
    return {"target": target, "from": float(old[target]), "to": float(f"{new[target]:.6g}"),
            "unit": str(units[target]), "half_widths": round(float(moved[target]), 2)}  # fmt: skip
