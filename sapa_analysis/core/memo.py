"""What a cache needs: a key that follows the content of tables, and results that cannot be poisoned."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Any, TypeVar

import numpy as np
import pandas as pd

Kept = TypeVar("Kept")


@dataclass(frozen=True)
class Keyed:
    """An argument of a cached function: the key says whether two are the same, the things are at hand."""

    key: Hashable
    things: Any = field(compare=False)


def fingerprint(tables: Mapping[str, pd.DataFrame]) -> str:
    """Return 64 hexadecimal digits that follow from the names, columns, types and cells of tables.

    Equal tables have equal fingerprints in every process; the order of their rows counts.

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.core import fingerprint
    >>> visits = pd.DataFrame({"value": [3.2e6, 3.5e6]}, index=[2018, 2019])
    >>> same, other = visits.copy(), visits.replace(3.5e6, 3.6e6)
    >>> fingerprint({"visits": visits}) == fingerprint({"visits": same})
    True
    >>> fingerprint({"visits": visits}) == fingerprint({"visits": other})
    False
    """
    digest = hashlib.sha256()
    for name, table in tables.items():
        columns = [(str(column), str(dtype)) for column, dtype in table.dtypes.items()]
        digest.update(repr((name, len(table), columns)).encode())
        digest.update(pd.util.hash_pandas_object(table).to_numpy().tobytes())
    return digest.hexdigest()


def apart(kept: Kept) -> Kept:
    """Return a copy whose tables can be changed without changing what a cache keeps; numbers are shared.

    Goes through mappings and frozen objects; arrays are returned as they are, and can only be read.

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.core import apart
    >>> kept = {"visits": pd.DataFrame({"value": [3.2e6]})}
    >>> mine = apart(kept)
    >>> mine["visits"].loc[0, "value"] = 0.0
    >>> float(kept["visits"].loc[0, "value"])
    3200000.0
    """
    copied: Kept = _apart(kept, {})
    return copied


def _apart(kept: Any, done: dict[int, Any]) -> Any:
    # what several hold together, they hold together in the copy too
    if id(kept) not in done:
        done[id(kept)] = _copied(kept, done)
    return done[id(kept)]


def _copied(kept: Any, done: dict[int, Any]) -> Any:
    if isinstance(kept, pd.DataFrame | pd.Series):
        return kept.copy(deep=False)
    if isinstance(kept, np.ndarray):
        kept.setflags(write=False)
        return kept
    if isinstance(kept, Mapping):
        return {name: _apart(each, done) for name, each in kept.items()}
    if is_dataclass(kept) and not isinstance(kept, type):
        return replace(kept, **{each.name: _apart(getattr(kept, each.name), done) for each in fields(kept)})
    return kept
