"""Model scales of indicators (log, logit, level, growth), each with its inverse."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .types import Array


@dataclass(frozen=True, slots=True)
class Scale:
    """A monotone map from the unit of an indicator to the scale of its model, and back.

    Attributes
    ----------
    name : str
        `log` (amounts and counts), `logit` (rates between 0 and 100 percent), `level` or `growth`.
    to_model, to_unit : callable
        The map and its inverse, elementwise on arrays.
    lower, upper : float
        The ends that values can come near to but have no place on the scale of the model, in the unit.
    """

    name: str
    to_model: Callable[[ArrayLike], Array]
    to_unit: Callable[[ArrayLike], Array]
    lower: float = -np.inf
    upper: float = np.inf


def _same(values: ArrayLike) -> Array:
    return np.asarray(values, dtype=np.float64)


def _log(values: ArrayLike) -> Array:
    return np.log(_same(values))


def _exp(values: ArrayLike) -> Array:
    return np.exp(_same(values))


#: Nearer to 0 or 100 percent than this is at the end: it keeps the logit finite and moves nothing else.
_EDGE = 1e-10


def _logit(percent: ArrayLike) -> Array:
    share = np.clip(_same(percent), _EDGE, 100 - _EDGE) / 100
    return np.log(share) - np.log1p(-share)


def _expit(values: ArrayLike) -> Array:
    return 100 * np.exp(-np.logaddexp(0, -_same(values)))


def in_units_of(size: float) -> Scale:
    """Return the scale of a level whose model takes values in units of a size.

    Parameters
    ----------
    size : float
        One of the model's units, in the unit of the level; above 0.

    Examples
    --------
    >>> from sapa_analysis.core import in_units_of
    >>> tens = in_units_of(10.0)
    >>> float(tens.to_model(120.0)), float(tens.to_unit(12.0))
    (12.0, 120.0)
    """
    return Scale("level", lambda values: _same(values) / size, lambda values: _same(values) * size)


SCALES = {
    "log": Scale("log", _log, _exp),
    "logit": Scale("logit", _logit, _expit, 0.0, 100.0),
    "level": Scale("level", _same, _same),
    "growth": Scale("growth", _same, _same),
}
