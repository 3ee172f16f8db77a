"""Fair shares of a change among its causes: Shapley values, exact, over all orders of the causes.

Source: L. S. Shapley (1953), A value for n-person games; where one cause cannot come before another:
U. Faigle and W. Kern (1992), The Shapley value for cooperative games under precedence constraints.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import cache
from itertools import combinations

import numpy as np

from ..core import Array, SapaError

#: Causes that are shared out at most: n of them need 2^n evaluations.
MOST_CAUSES = 8


def fair_shares(
    causes: Sequence[str],
    value: Callable[[frozenset[str]], Array | float],
    *,
    after: Collection[tuple[str, str]] = (),
) -> dict[str, Array]:
    """Return the share of each cause in the change from no cause to all causes.

    The share of a cause is what it adds, averaged over all orders in which the causes can come. The shares
    sum to the whole change, do not depend on the order in which the causes are written, are equal for causes
    that do the same, and zero for a cause that does nothing.

    Parameters
    ----------
    causes : sequence of str
        Names, each once, 8 at most.
    value : callable
        The result, a number or an array, when just these causes are at work; asked once for each set.
    after : collection of (str, str)
        Pairs of causes of which the second can only come after the first.

    Raises
    ------
    SapaError
        When there are more than 8 causes, or one stands twice.

    Examples
    --------
    >>> from sapa_analysis.scenarios import fair_shares
    >>> revenue = {"": 10.0, "visits": 15.0, "spend": 12.0, "spend visits": 18.0}
    >>> shares = fair_shares(["visits", "spend"], lambda at_work: revenue[" ".join(sorted(at_work))])
    >>> {name: float(share) for name, share in shares.items()}
    {'visits': 5.5, 'spend': 2.5}
    """
    names = list(causes)
    if len(set(names)) < len(names):
        raise SapaError(f"a cause stands twice among {', '.join(names)}")
    if len(names) > MOST_CAUSES:
        raise SapaError(f"{len(names)} causes; at most {MOST_CAUSES} can be shared out exactly")
    needs = {name: frozenset(first for first, then in after if then == name) for name in names}
    whole = frozenset(names)
    found = {part: np.asarray(value(part), dtype=float) for part in _reachable(names, needs)}

    @cache
    def orders_to(part: frozenset[str]) -> int:
        """Return the number of orders in which just these causes can have come."""
        if not part:
            return 1
        return sum(orders_to(part - {name}) for name in part if part - {name} in found)

    @cache
    def orders_from(part: frozenset[str]) -> int:
        if part == whole:
            return 1
        return sum(orders_from(part | {name}) for name in whole - part if part | {name} in found)

    total, shares = orders_from(frozenset()), {}
    for name in names:
        steps = [part for part in found if name not in part and part | {name} in found]
        weighted = [
            orders_to(part) * orders_from(part | {name}) / total * (found[part | {name}] - found[part])
            for part in steps
        ]
        shares[name] = np.asarray(np.sum(weighted, axis=0))
    return shares


def _reachable(names: Sequence[str], needs: dict[str, frozenset[str]]) -> list[frozenset[str]]:
    """Return the sets of causes that can be at work together, the smaller first."""
    parts = (frozenset(some) for size in range(len(names) + 1) for some in combinations(sorted(names), size))
    return [part for part in parts if all(needs[name] <= part for name in part)]
