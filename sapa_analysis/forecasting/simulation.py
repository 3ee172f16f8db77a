"""Simulation of primary quantities, each from its own past or from its parent area plus a premium."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ..core import (
    SCALES,
    THIN_YEARS,
    Array,
    Forecast,
    Params,
    Premium,
    YearlySeries,
    row_of,
    stratified,
    stream,
    yearly_index,
    years_of,
)
from ..series import PRICES_NEEDED, deflate, inflate, price_factors
from .above import Above
from .borrowing import step_correlation
from .correlation import common_noise, matrix_of
from .derivation import Cumulated, derive_forecast, reach_back
from .error_law import both_signs
from .models import HEADLINE, MODELS, PREMIUM
from .settings import Settings
from .shocks import normal_years
from .single import simulate

#: Yearly step of a number of people, in logs, where neither figures nor params tell: as that of population.
_FEW_STEPS = 0.01


@dataclass(frozen=True, slots=True, eq=False)
class Simulation:
    """The inputs of one set of simulated paths, and the simulation of its primary quantities.

    `rates` holds the growth in volume of each amount that is forecast from it, by amount; `seen` is the last
    year of which any figure speaks; `broken` holds the shock years of each indicator.
    """

    series: Mapping[str, YearlySeries]
    params: Params
    indicators: pd.DataFrame
    prices: pd.Series
    above: Above | None
    seen: int
    rates: Mapping[str, str]
    broken: Mapping[str, tuple[int, ...]]

    def able(self, name: str) -> bool:
        """Return whether a quantity can be simulated, by the chosen method or by following the area above."""
        rate = self.rates.get(name, "")
        if rate in self.series:
            return self.able(rate)
        if self._follows(name):
            return True
        headline, known = self.params.method == "headline", self.series[name]
        own, normal = known.observed_years, normal_years(known, self.broken[name])
        few = max(len(normal), min(len(own), 1)) if headline else len(normal)
        needed = MODELS[HEADLINE if headline else self.params.method].min_years
        return min(len(own), few) >= max(self.params.min_years, needed)

    def simulate(self, names: Sequence[str], correlations: pd.DataFrame | None) -> dict[str, Forecast]:
        """Return forecasts of the primary quantities, with correlated innovations."""
        noise = self._noise(names, correlations)
        found: dict[str, Forecast] = {}
        for name in names:
            own = None if name not in noise else noise[name][-self._years_after(name) :]
            found[name] = self._following(name, own) if self._follows(name) else self._alone(name, own)
        return found

    def _years_after(self, name: str) -> int:
        """Return how many years after its origin a quantity is forecast."""
        return self.series[name].ended - self.series[name].origin + self.params.horizon

    def _noise(self, names: Sequence[str], correlations: pd.DataFrame | None) -> dict[str, Array]:
        paired = [] if correlations is None else [*correlations["first"], *correlations["second"]]
        linked = [name for name in dict.fromkeys(paired) if name in names]
        if correlations is None or not linked:
            return {}
        matrix = matrix_of(correlations, linked)
        ended = max(self.series[name].ended - self.series[name].origin for name in linked)
        asked = {name: getattr(self.params, name) for name in ("horizon", "n_paths", "seed")}
        asked |= {"ended": ended}
        own = common_noise(matrix, linked, area=_area(self.series), **asked)
        if self.above is None:
            return own
        theirs = common_noise(matrix, linked, area=_area(self.above.series), **asked)
        return {name: self._with_above(name, own[name], theirs[name]) for name in linked}

    def _with_above(self, name: str, own: Array, theirs: Array) -> Array:
        """Return innovations correlated with those of the area above, as the past steps were."""
        assert self.above is not None
        if name not in self.above.forecasts or self._follows(name):
            return own
        both = (self.series[name], self.above.series[name])
        pair = [known.with_running()["estimate"] for known in both]
        scale = SCALES[self.series[name].scale]
        steps = scale.to_model(pd.concat(pair, axis=1).dropna().to_numpy())
        rho = step_correlation(steps[:, 0], steps[:, 1])
        return np.asarray(rho * theirs + np.sqrt(1 - rho**2) * own)

    def _follows(self, name: str) -> bool:
        """Return whether a quantity follows the area above or continues its own steps (headline only).

        Numbers of people always do, growth in volume wherever there is an area above: they are steadier than
        the amounts of all kinds whose errors are pooled in the headline.
        """
        if self.params.method != "headline":
            return False
        known_above = self.above is not None and name in self.above.forecasts
        if name in self.rates.values():
            return known_above
        if self.indicators.loc[name, "steps"] == "people":
            return True
        return known_above and name in self.params.premiums and not self.series[name].observed_years

    def _alone(self, name: str, noise: Array | None) -> Forecast:
        """Return a forecast from the series' own past; amounts of money in the prices of the origin."""
        params, whole = self.params, self.series[name]
        shocks = (self.broken[name], params.gap_closing, params.shock_chance)
        how = Settings(params.horizon, params.n_paths, params.seed, *shocks)
        nominal = self._nominal(name)
        known = deflate(whole, self.prices) if nominal else whole
        made = simulate(known, params.method, how, parent=self._parent(name), noise=noise, seen=self.seen)
        if not nominal:
            return within_bounds(made, self.indicators)
        return inflate(made, self.prices, observed=whole, seed=params.seed)

    def _parent(self, name: str) -> Forecast | None:
        """Return the forecast of the area above at constant prices, if a short history borrows from it."""
        few = len(self.series[name].observed_years) < THIN_YEARS and self.params.method == "headline"
        if (
            not few
            or self.above is None
            or name not in self.above.forecasts
            or name not in self.params.premiums
        ):
            return None
        fan, known = self.above.forecasts[name], self.above.series[name]
        if self.series[name].scale != "log" or not known.observed_years:
            return None
        if not self._nominal(name):
            return replace(fan, observed=known)
        factors = price_factors(self.prices, known.origin, fan.paths, self.params.seed)
        without_shocks = None if fan.without_shocks is None else fan.without_shocks.div(factors)
        return replace(
            fan,
            observed=deflate(known, self.prices),
            paths=fan.paths.div(factors),
            without_shocks=without_shocks,
        )

    def _nominal(self, name: str) -> bool:
        return self.indicators.loc[name, "prices"] == "current" and len(self.prices) >= PRICES_NEEDED

    def _following(self, name: str, noise: Array | None) -> Forecast:
        """Return the forecast of the area above plus a premium; without that area, past steps continue."""
        params, own, rate = self.params, self.series[name], name in self.rates.values()
        rng = stream(params.seed, "premium", own.area, name)
        steps = self._steps(own)
        if self.above is not None and name in self.above.forecasts:
            steps = (steps - self._steps(self.above.series[name])).dropna()
            ahead, quiet = self._steps_above(name)
        else:
            ahead = quiet = np.zeros((self._years_after(name), params.n_paths))
        start = None if rate else np.log(self._last(own))
        prior = self._premium(name)
        law = _law_of(steps, params, prior, self.broken[name], rng)
        premium = _go_on(law, params, ahead, start, prior, noise, rng)
        levels = []
        for grown in (quiet + premium, ahead + premium):
            logs = grown if start is None else start + np.cumsum(grown, axis=0)
            levels.append(100 * np.expm1(logs) if rate else np.exp(logs))
        index = yearly_index(range(own.origin + 1, own.origin + len(ahead) + 1))
        without_shocks, paths = (pd.DataFrame(values, index=index) for values in levels)
        same = self.above is None or ahead is quiet
        result = Forecast(own, paths, PREMIUM, without_shocks=None if same else without_shocks)
        return within_bounds(self._priced(result), self.indicators)

    def _last(self, known: YearlySeries) -> Array:
        return np.resize(row_of(known.draws, known.origin).to_numpy(dtype=float), self.params.n_paths)

    def _steps(self, known: YearlySeries) -> pd.DataFrame:
        """Return past log steps, years x paths, in constant prices."""
        if known.scale == "growth":
            return (self._repeated(known.draws).dropna() / 100).transform(np.log1p)
        real = deflate(known, self.prices) if self._nominal(known.indicator_id) else known
        logs: pd.DataFrame = self._repeated(real.draws).transform(np.log)
        return logs.diff().dropna()

    def _repeated(self, draws: pd.DataFrame) -> pd.DataFrame:
        """Return the draws, repeated so that every path has one."""
        at = np.arange(self.params.n_paths) % draws.shape[1]
        return pd.DataFrame(draws.to_numpy(dtype=float)[:, at], index=draws.index)

    def _steps_above(self, name: str) -> tuple[Array, Array]:
        """Return later log steps of the area above in constant prices, with and without new shocks."""
        assert self.above is not None
        fan, known, origin = self.above.forecasts[name], self.above.series[name], self.series[name].origin
        real = deflate(known, self.prices) if self._nominal(name) else known
        found = []
        for paths in (fan.paths, fan.paths if fan.without_shocks is None else fan.without_shocks):
            if known.scale == "growth":
                steps = (reach_back(paths, known, origin + 1) / 100).transform(np.log1p)
            else:
                factors: Array | float = 1.0
                if self._nominal(name):
                    factors = price_factors(self.prices, known.origin, paths, self.params.seed)
                whole = reach_back(paths.div(factors), real, min(origin, known.origin))
                steps = whole.transform(np.log).diff()
            found.append(steps.loc[str(origin + 1) :].to_numpy(dtype=float))
        return found[0], found[1] if fan.without_shocks is not None else found[0]

    def _priced(self, real: Forecast) -> Forecast:
        if not self._nominal(real.observed.indicator_id):
            return real
        return inflate(real, self.prices, observed=real.observed, seed=self.params.seed)

    def _premium(self, name: str) -> Premium | None:
        of = {rate: level for level, rate in self.rates.items()}.get(name, name)
        return self.params.premiums.get(of)

    def cumulate(self, name: str, rate: Forecast) -> Forecast:
        """Return an amount computed from its growth in volume, in the prices of each year."""
        level = self.series[name]
        last = int(years_of(rate.paths)[-1])
        index = yearly_index(range(level.origin + 1, last + 1))
        base = pd.DataFrame(np.ones((len(index), self.params.n_paths)) * self._last(level), index=index)
        if self._nominal(name):
            base = base * price_factors(self.prices, level.origin, base, self.params.seed)
        own = rate.observed.indicator_id
        return derive_forecast(level, {own: rate}, Cumulated(own, base))


def _area(series: Mapping[str, YearlySeries]) -> str:
    return next(iter(series.values())).area


def _go_on(
    law: tuple[Array, Array, Array],
    params: Params,
    above: Array,
    start: Array | None,
    prior: Premium | None,
    noise: Array | None,
    rng: np.random.Generator,
) -> Array:
    """Return later steps (or premiums), years x paths; each path has its own mean and size.

    `above` is what they are added to, `start` the log of the level in which they add up, if they do: in every
    year they are spread evenly over the paths by that sum.
    """
    mean, size, last = law
    half = rng.standard_normal((len(above), -(-params.n_paths // 2))) if noise is None else noise
    drawn = both_signs(half, params.n_paths)
    memory, ahead = prior.memory if prior else 0.0, np.empty(above.shape)
    apart, reached = last - mean, 0.0 if start is None else start
    for year, upper in enumerate(above):
        expected = mean + memory * apart
        apart = memory * apart + np.sqrt(1 - memory**2) * size * stratified(
            drawn[year], reached + upper + expected
        )
        ahead[year] = mean + apart
        reached = reached if start is None else reached + upper + ahead[year]
    return ahead


def _law_of(
    steps: pd.DataFrame,
    params: Params,
    prior: Premium | None,
    broken: Sequence[int],
    rng: np.random.Generator,
) -> tuple[Array, Array, Array]:
    """Return mean, size and last of the steps of normal years, per path.

    Fewer than two steps do not tell how far steps go: the prior does, and around no growth if there is none.
    """
    mean_sd, step = (prior.mean_sd, prior.step) if prior else (_FEW_STEPS, _FEW_STEPS)
    if steps.empty:
        mean = mean_sd * stratified(rng.standard_normal(params.n_paths))
        return mean, np.full(params.n_paths, step), mean
    normal = steps[~np.isin(years_of(steps), broken)]
    normal = steps if normal.empty else normal
    mean, size = normal.mean().to_numpy(), normal.std(ddof=0).to_numpy()
    size = np.full(params.n_paths, step) if len(normal) < 2 else size
    mean = mean + size / np.sqrt(len(normal)) * stratified(rng.standard_normal(params.n_paths), mean)
    return mean, size, steps.iloc[-1].to_numpy() if steps.index[-1] == normal.index[-1] else mean


def within_bounds(outcome: Forecast, indicators: pd.DataFrame) -> Forecast:
    """Clip a level or growth rate to the bounds of its indicator: of 19 criteria at most 19 can be met."""
    observed = outcome.observed
    if observed.scale not in ("level", "growth"):
        return outcome
    lower, upper = (float(indicators.loc[observed.indicator_id, end]) for end in ("lower", "upper"))  # type: ignore[arg-type]

    def held(values: pd.DataFrame) -> pd.DataFrame:
        cells = values.to_numpy()
        cells = np.where(cells > upper, upper, np.where(cells < lower, lower, cells))
        return pd.DataFrame(cells, index=values.index, columns=values.columns)

    without_shocks = None if outcome.without_shocks is None else held(outcome.without_shocks)
    return replace(outcome, paths=held(outcome.paths), without_shocks=without_shocks)
