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
    """

    name: str
    to_model: Callable[[ArrayLike], Array]
    to_unit: Callable[[ArrayLike], Array]


def _same(values: ArrayLike) -> Array:
    return np.asarray(values, dtype=np.float64)


def _log(values: ArrayLike) -> Array:
    return np.log(_same(values))


def _exp(values: ArrayLike) -> Array:
    return np.exp(_same(values))


#: A printed 0 % or 100 % is rounded: half a unit of its last digit keeps the logit finite.
_EDGE = 0.5


def _logit(percent: ArrayLike) -> Array:
    share = np.clip(_same(percent), _EDGE, 100 - _EDGE) / 100
    return np.log(share) - np.log1p(-share)


def _expit(values: ArrayLike) -> Array:
    return 100 * np.exp(-np.logaddexp(0, -_same(values)))


SCALES = {
    "log": Scale("log", _log, _exp),
    "logit": Scale("logit", _logit, _expit),
    "level": Scale("level", _same, _same),
    "growth": Scale("growth", _same, _same),
}
