"""One thread of linear algebra in our own calls: the same digits everywhere, and no fight over cores."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from threading import Lock
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class _Pin:
    """The pin of a process, which has one number of threads: the first call sets it, the last restores it."""

    def __init__(self) -> None:
        self._lock, self._calls = Lock(), 0
        self._limit: Any = None

    def __enter__(self) -> None:
        with self._lock:
            if not self._calls:
                libraries = _libraries()
                _take_over()
                self._limit = libraries.limit(limits=1)
            self._calls += 1

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._calls -= 1
            if not self._calls:
                _take_over()
                self._limit.restore_original_limits()
                _take_over()


def _take_over() -> None:
    """Let the next thread that sets a limit be heard: threadpoolctl obeys the one that set the last."""
    from threadpoolctl import OpenBLASController

    OpenBLASController.clear_controlling_thread(force=True)


@cache
def _libraries() -> Any:
    """Return what sets the threads of the libraries that numpy and scipy bring; asking for it loads both."""
    import scipy.linalg  # noqa: F401
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


_PIN = _Pin()


def one_thread(function: Callable[P, R]) -> Callable[P, R]:
    """Return a function whose linear algebra runs in one thread, whatever the caller has set.

    With several threads sums are formed in another order, and the last digits differ from machine to machine.
    When the outermost call ends, the caller's setting is as it was.

    Parameters
    ----------
    function : callable
        What is to be computed so.

    Examples
    --------
    >>> import numpy as np
    >>> from threadpoolctl import threadpool_info
    >>> from sapa_analysis.core import one_thread
    >>> threads = one_thread(lambda: {library["num_threads"] for library in threadpool_info()})
    >>> threads()
    {1}
    """

    @wraps(function)
    def pinned(*args: P.args, **kwargs: P.kwargs) -> R:
        with _PIN:
            return function(*args, **kwargs)

    return pinned
