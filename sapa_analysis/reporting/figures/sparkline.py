"""Sparkline of one target: past figures, the goal, and the forecast of the year due."""

from __future__ import annotations

from html import escape

import numpy as np
import pandas as pd

from ...core import YearlySeries, years_of
from .style import BLUE, GOAL, GREY

#: Width and height in pixels, and the margin that leaves room for marks.
_WIDTH, _HEIGHT, _MARGIN = 132, 30, 4
#: Number of years drawn before the year due.
_YEARS = 12


def sparkline(observed: YearlySeries | None, verdict: pd.Series, *, title: str = "") -> str:
    """Return a small SVG figure of one target.

    Parameters
    ----------
    observed : YearlySeries or None
        Its figures: one dot each, joined where years are consecutive.
    verdict : pandas.Series
        Its row of `core.Verdicts`. For a level or growth, the goal (dashed) and the 80 % interval of the year
        due (whisker) are drawn; for a mean or total over a term only the figures.
    title : str
        Text alternative for readers who cannot see it.

    Returns
    -------
    str
        One SVG element; empty without any figure.

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.forecasting import forecast
    >>> from sapa_analysis.reporting.figures import sparkline
    >>> visits = pd.Series([100, 110, 119, 132, 140], index=range(2015, 2020), name="visits", dtype=float)
    >>> observed = forecast(visits, horizon=2, n_paths=200, seed=1).observed
    >>> verdict = {"measure": "level", "end": 2021, "value": 160.0, "lower_80": 135.5, "upper_80": 171.7}
    >>> svg = sparkline(observed, pd.Series(verdict), title="Visits")
    >>> svg[:4], svg.count("<circle"), svg.count("<polyline")  # lines: figures, goal, interval
    ('<svg', 5, 3)
    """
    figures = _figures(observed, verdict)
    if figures.empty:
        return ""
    drawn = verdict["measure"] == "level" or (verdict["measure"] == "growth" and _is_growth(observed))
    heights = [*figures, *(verdict[["value", "lower_80", "upper_80"]].dropna() if drawn else [])]
    low, high = min(heights), max(heights)
    span = [int(verdict["end"]), *figures.index]
    years = [min(span), max(span)]

    def place(year: float, value: float) -> tuple[str, str]:
        across = (year - years[0]) / max(years[1] - years[0], 1)
        up = (value - low) / (high - low) if high > low else 0.5
        x, y = _MARGIN + across * (_WIDTH - 2 * _MARGIN), _HEIGHT - _MARGIN - up * (_HEIGHT - 2 * _MARGIN)
        return f"{x:.1f}", f"{y:.1f}"

    parts = [_line([place(*point) for point in run], BLUE) for run in _runs(figures) if len(run) > 1]
    parts += [_dot(*place(*point)) for point in figures.items()]  # type: ignore[arg-type]
    if drawn:
        goal = [place(years[0], verdict["value"]), place(years[1], verdict["value"])]
        parts.append(_line(goal, GOAL, dashed=True))
    if drawn and pd.notna(verdict["lower_80"]):
        whisker = [place(verdict["end"], verdict[name]) for name in ("lower_80", "upper_80")]
        parts.append(_line(whisker, GREY, width=3))
    size = f'width="{_WIDTH}" height="{_HEIGHT}" viewBox="0 0 {_WIDTH} {_HEIGHT}"'
    head = f'<svg role="img" {size} style="min-width:{_WIDTH}px">'
    return f"{head}<title>{escape(title)}</title>{''.join(parts)}</svg>"


def _figures(observed: YearlySeries | None, verdict: pd.Series) -> pd.Series:
    if observed is None or not observed.observed_years:
        return pd.Series(dtype=float)
    own = observed.published
    found = pd.Series(own.to_numpy(dtype=float), index=years_of(own)).dropna()
    return found[found.index > min(int(verdict["end"]), int(found.index[-1])) - _YEARS]


def _is_growth(observed: YearlySeries | None) -> bool:
    return observed is not None and observed.scale == "growth"


def _runs(figures: pd.Series) -> list[list[tuple[float, float]]]:
    """Return the figures in runs of consecutive years."""
    breaks = np.cumsum(np.diff(figures.index, prepend=figures.index[0]) > 1)
    return [list(run.items()) for _, run in figures.groupby(breaks)]  # type: ignore[arg-type]


def _line(points: list[tuple[str, str]], color: str, *, dashed: bool = False, width: float = 1.3) -> str:
    path = " ".join(",".join(point) for point in points)
    dash = ' stroke-dasharray="3 2"' if dashed else ""
    return f'<polyline points="{path}" fill="none" stroke="{color}" stroke-width="{width:g}"{dash}/>'


def _dot(x: str, y: str) -> str:
    return f'<circle cx="{x}" cy="{y}" r="1.8" fill="{BLUE}"/>'
