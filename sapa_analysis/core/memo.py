"""Caches: a key that follows the content of tables, results that cannot be poisoned, refusals remembered."""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Callable, Hashable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields, is_dataclass, replace
from functools import lru_cache, wraps
from typing import Any, Generic, TypeVar

import numpy as np
import pandas as pd

from .errors import SapaError
from .store import Store

Kept = TypeVar("Kept")


@dataclass(frozen=True)
class Keyed:
    """An argument of a cached function: the key says whether two are the same, the things are at hand.

    Attributes
    ----------
    key : hashable
        Two with equal keys have equal answers.
    things : object
        What the function works with.
    store : Store or None
        Where what is found is kept on disk too; the `repr` of the key is its name there.
    """

    key: Hashable
    things: Any = field(compare=False)
    store: Store | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class _Refused:
    error: SapaError


class _Cache(Generic[Kept]):
    """A function of a `Keyed` that answers from memory, from disk, or anew."""

    def __init__(self, function: Callable[[Keyed], Kept], size: int) -> None:
        self._function = function
        self._found = lru_cache(maxsize=size)(self._find)
        self.cache_clear = self._found.cache_clear
        wraps(function)(self)

    def __call__(self, asked: Keyed) -> Kept:
        found = self._found(asked)
        if isinstance(found, _Refused):
            raise copy.copy(found.error)  # the same error raised twice would hold both calls
        return found

    def _find(self, asked: Keyed) -> Kept | _Refused:
        if asked.store is None:
            return self._try(asked)
        name = f"{self._function.__module__}.{self._function.__qualname__} {asked.key!r}"
        with suppress(KeyError):
            return self._read(asked.store, name)
        with asked.store.alone(name):
            with suppress(KeyError):  # another process may have found it meanwhile
                return self._read(asked.store, name)
            found = self._try(asked)
            asked.store.write(name, found)
        return found

    def _read(self, store: Store, name: str) -> Kept | _Refused:
        found: Kept | _Refused = store.read(name)
        return found

    def _try(self, asked: Keyed) -> Kept | _Refused:
        try:
            return self._function(asked)
        except SapaError as error:
            return _Refused(error.with_traceback(None))


def kept(*, size: int) -> Callable[[Callable[[Keyed], Kept]], _Cache[Kept]]:
    """Return a decorator for functions of a `Keyed`: equal keys get the answer, or the refusal, found before.

    Parameters
    ----------
    size : int
        Answers that are kept in memory; those in a store are bounded by its size.

    Examples
    --------
    >>> from sapa_analysis.core import Keyed, SapaError, kept
    >>> @kept(size=2)
    ... def doubled(asked):
    ...     print("computed")
    ...     return 2 * asked.things
    >>> doubled(Keyed("three", 3)), doubled(Keyed("three", 3))
    computed
    (6, 6)
    """
    return lambda function: _Cache(function, size)


def fingerprint(tables: Mapping[str, pd.DataFrame]) -> str:
    """Return 64 hexadecimal digits that follow from the names, columns, types and cells of tables.

    Equal tables have equal fingerprints in every process; the order of their rows counts.

    Parameters
    ----------
    tables : mapping of str to pandas.DataFrame
        Tables by name.

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
        digest.update(_written(table.index))
        for _, cells in table.items():
            digest.update(_written(cells))
    return digest.hexdigest()


def _written(cells: pd.Index | pd.Series) -> bytes:
    """Return the cells of a column as bytes: equal cells alike, the two zeros and all NaN among them."""
    dtype = cells.dtype
    if isinstance(dtype, np.dtype) and dtype.kind in "biuf":
        numbers = cells.to_numpy()
        return (
            np.where(np.isnan(numbers), np.nan, numbers) + 0.0 if dtype.kind == "f" else numbers
        ).tobytes()
    return repr(cells.tolist()).encode("utf-8", "surrogatepass")


def untouched(table: pd.DataFrame, copy: pd.DataFrame) -> bool:
    """Return whether a table holds what it held when `apart` copied it.

    Parameters
    ----------
    table : pandas.DataFrame
        The table as it is now.
    copy : pandas.DataFrame
        What `apart` returned of it.

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.core import apart, untouched
    >>> visits = pd.DataFrame({"value": [3.2e6, 3.5e6]})
    >>> copy = apart(visits)
    >>> before = untouched(visits, copy)
    >>> visits.loc[0, "value"] = 0.0
    >>> before, untouched(visits, copy)
    (True, False)
    """
    return _share_all(table, copy) or table.equals(copy)


def _share_all(table: pd.DataFrame, copy: pd.DataFrame) -> bool:
    """Return whether two tables lie in the same place of memory: pandas moves what is written to."""
    mine, theirs = (getattr(getattr(each, "_mgr", None), "blocks", ()) for each in (table, copy))
    same_place = len(mine) == len(theirs) and all(
        one.refs is other.refs and _place(one.values) == _place(other.values) is not None
        for one, other in zip(mine, theirs, strict=True)
    )
    axes = zip(table.axes, copy.axes, strict=True)
    return bool(mine) and same_place and all(one.identical(other) for one, other in axes)


def _place(values: Any) -> tuple[Any, ...] | None:
    """Return where and how cells lie in memory; views that share it may show other rows or another order."""
    named = (values, *(getattr(values, name, None) for name in ("_ndarray", "_data", "_mask")))
    cells = [each.__array_interface__ for each in named if isinstance(each, np.ndarray)]
    return tuple((each["data"][0], each["shape"], each["strides"]) for each in cells) or None


def apart(kept: Kept) -> Kept:
    """Return a copy whose tables can be changed without changing what a cache keeps; numbers are shared.

    Goes through lists, mappings and frozen objects; arrays are returned as they are, and can only be read.

    Parameters
    ----------
    kept : object
        A table, a frozen object, or a list or mapping of these.

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
    if isinstance(kept, list):
        return [_apart(each, done) for each in kept]
    if isinstance(kept, Mapping):
        return {name: _apart(each, done) for name, each in kept.items()}
    if is_dataclass(kept) and not isinstance(kept, type):
        return replace(kept, **{each.name: _apart(getattr(kept, each.name), done) for each in fields(kept)})
    return kept
