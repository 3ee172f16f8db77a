"""Registry of drawing functions for `.plot()`, so that core imports no higher package."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

_DRAWERS: dict[str, Callable[..., Any]] = {}


def attach_plot(type_name: str, draw: Callable[..., Any]) -> None:
    """Register `draw` as the `.plot()` method of a class, as pandas accessors do.

    Parameters
    ----------
    type_name : str
        Name of a class that inherits from `Plottable`.
    draw : callable
        Takes the object first, then the arguments of `.plot()`.

    Examples
    --------
    >>> from sapa_analysis.core import Plottable, attach_plot
    >>> class Rain(Plottable):
    ...     days = 12
    >>> attach_plot("Rain", lambda rain, colour: f"{rain.days} {colour} bars")
    >>> Rain().plot("blue")
    '12 blue bars'
    """
    _DRAWERS[type_name] = draw


class Plottable:
    """An object that can draw itself once a function has been attached to its type."""

    __slots__ = ()

    def plot(self, *args: Any, **options: Any) -> Any:
        """Draw the object; the functions of `reporting.figures` are attached here.

        Parameters
        ----------
        *args
            Of a forecast: targets of its indicator, which are drawn too. Of a scenario: the baselines by
            indicator, the indicator to draw, and targets of it. A series takes none.
        **options
            `lang`: language of all words, `vi` (default) or `en`; `ax`: matplotlib axes to draw into, by
            default of a new figure.

        Returns
        -------
        matplotlib.axes.Axes
        """
        return _DRAWERS[type(self).__name__](self, *args, **options)
