"""Joint smoother of several yearly quantities, each independent or following another with a premium.

The unknowns are the yearly values of several components, on logs or logits. The steps of a component are
those of the component it follows plus a premium. The premium has a mean, returns to it, and has random
errors. A component that follows no other has only steps of its own. The size of the steps is estimated from
all measurements, component by component.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..core import Array
from .posterior import Posterior
from .smoother import Law, Measurements, law_of_steps, log_evidence, mix

#: Grid over the size of a component's steps, in standard deviations of its logarithm.
_GRID = np.linspace(-2.0, 2.0, 7)
#: Rounds that estimate the step size of each component, with the others held fixed.
_SWEEPS = 2
#: Number of joint draws of the step sizes of all components, from the weights that the rounds found.
_LAWS = 12
#: Standard deviation of the first year of a component around zero: only measurements say more.
_ANYWHERE = 20.0
#: Mixture components kept: in a joint system each is a matrix of some hundred rows.
_MOST = 80


@dataclass(frozen=True, slots=True)
class Component:
    """One yearly quantity of a joint system, on the scale of its model.

    Attributes
    ----------
    step, step_spread : float
        Median standard deviation of its own yearly steps (of its premium, where it follows another), and the
        standard deviation of the logarithm of that.
    drift, drift_sd : float
        Mean of the steps (the premium) and the standard deviation of that mean.
    shock : float
        Additional standard deviation of a step into a shock year.
    memory : float
        Correlation of the premium with that of the year before, 0 to below 1.
    follows : int or None
        Position of the component that it follows.
    bridge : float
        Standard deviation that the area's own way of measuring adds to every step.
    """

    step: float
    step_spread: float
    drift: float
    drift_sd: float
    shock: float
    memory: float = 0.0
    follows: int | None = None
    bridge: float = 0.0


def smooth_jointly(
    measured: Measurements,
    components: Sequence[Component],
    *,
    shock: NDArray[np.bool_],
    wrong: float,
    wrong_sd: Array,
    quick: bool = False,
) -> Posterior:
    """Return the posterior distribution of all yearly values given all measurements.

    Parameters
    ----------
    measured : Measurements
        Linear forms of the values of all components, component after component.
    components : sequence of Component
        The components, in the order of the unknowns.
    shock : array of bool, shape (years,) or (components, years)
        Which years are shock years, of all components or of each.
    wrong, wrong_sd
        As in `smoother.mix`.
    quick : bool
        Use the prior median of every step size and no wrong measurement: a first result, for linearization.
    """
    n = len(components)
    shock = np.broadcast_to(shock, (n, shock.shape[-1]))
    if quick:
        law = _joint([_component_law(components, b, 0.0, shock[b]) for b in range(n)])
        return mix(measured, [law], wrong=0.0, wrong_sd=wrong_sd)
    laws = [[_component_law(components, b, z, shock[b]) for z in _GRID] for b in range(n)]
    at, shares = np.full(n, len(_GRID) // 2), np.zeros((n, len(_GRID)))
    found: dict[tuple[int, ...], Array] = {}
    for _ in range(_SWEEPS):
        for b in range(n):
            others = (b, *np.delete(at, b).tolist())
            if others not in found:
                found[others] = _sizes(measured, laws, at, b, (wrong, wrong_sd))
            shares[b] = found[others]
            at[b] = int(np.argmax(shares[b]))
    drawn = [_joint([laws[b][place] for b, place in enumerate(places)]) for places in _places(shares)]
    return mix(measured, drawn, wrong=wrong, wrong_sd=wrong_sd, most=_MOST, level_laws=True)


def _sizes(
    measured: Measurements, laws: Sequence[Sequence[Law]], at: Array, b: int, doubt: tuple[float, Array]
) -> Array:
    """Return the weights of the step sizes of one component, with the others held fixed."""
    others = [laws[c][place] for c, place in enumerate(at) if c != b]
    found = np.array(
        [log_evidence(measured, _joint([*others, law]), wrong=doubt[0], wrong_sd=doubt[1]) for law in laws[b]]
    )
    weights = np.exp(found - found.max())
    return np.asarray(weights / weights.sum())


def _places(shares: Array) -> Array:
    """Return step sizes of all components, each drawn from its weights: evenly spread and reproducible."""
    n = len(shares)
    spread = (np.arange(_LAWS)[:, None] * _roots(n) + 0.5 / _LAWS) % 1.0
    levels = np.cumsum(shares, axis=1)
    return np.column_stack([np.searchsorted(levels[b], spread[:, b] * levels[b, -1]) for b in range(n)])


def _roots(n: int) -> Array:
    """Return the increments of the additive sequence that fills n dimensions evenly (Roberts 2018)."""
    root = 2.0
    for _ in range(40):
        root = (1 + root) ** (1 / (n + 1))
    return np.asarray(root ** -np.arange(1.0, n + 1))


def _component_law(components: Sequence[Component], b: int, z: float, shock: NDArray[np.bool_]) -> Law:
    component, years = components[b], len(shock)
    step = component.step * np.exp(component.step_spread * z)
    apart = np.abs(np.subtract.outer(np.arange(years - 1), np.arange(years - 1)))
    covariance = step**2 * component.memory**apart if component.memory else step**2 * np.eye(years - 1)
    covariance = (
        covariance + np.diag(component.bridge**2 + component.shock**2 * shock[1:]) + component.drift_sd**2
    )
    forms = np.zeros((years, len(components) * years))
    forms[: years - 1, b * years : (b + 1) * years] = np.diff(np.eye(years), axis=0)
    if component.follows is not None:
        at = component.follows
        forms[: years - 1, at * years : (at + 1) * years] = -np.diff(np.eye(years), axis=0)
    forms[-1, b * years] = 1.0
    whole = np.zeros((years, years))
    whole[:-1, :-1], whole[-1, -1] = covariance, _ANYWHERE**2
    means = np.append(np.full(years - 1, component.drift), 0.0)
    return law_of_steps(forms, means, whole, -(z**2) / 2)


def _joint(laws: Sequence[Law]) -> Law:
    """Return the joint prior of all components: the product of their priors."""
    forms, values = (np.concatenate([getattr(law, name) for law in laws]) for name in ("forms", "values"))
    return Law(forms, values, sum(law.log_weight for law in laws))
