"""Parallel calls, in threads of this process or wherever an executor takes them; and how they are stopped."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, Executor, Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from queue import Empty, SimpleQueue
from typing import Any, NoReturn, TypeVar

from .forks import held, keep

T = TypeVar("T")
#: Seconds after which a waiting caller looks up: Windows tells of Ctrl-C only then.
_PAUSE = 1.0


class Terminated(KeyboardInterrupt):
    """The process was told to end by SIGTERM."""


class Stops:
    """What ends the calls that run; a call that begins later does not begin.

    Examples
    --------
    >>> from sapa_analysis.runs.pool import Stops
    >>> stops, ended = Stops(), []
    >>> with stops.by(lambda: ended.append(1)):
    ...     stops.stop()
    >>> ended
    [1]
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: list[Callable[[], None]] = []
        self._stopped = False

    @contextmanager
    def by(self, stop: Callable[[], None]) -> Iterator[None]:
        """Let `stop` end what runs inside."""
        with self._lock:
            if self._stopped:
                raise CancelledError
            self._running.append(stop)
        try:
            yield
        finally:
            with self._lock:
                self._running.remove(stop)

    def stop(self) -> None:
        """End all that runs, and let nothing begin."""
        with self._lock:
            self._stopped = True
            running = [*self._running]
        for stop in running:
            stop()


class _OfThread(threading.local):
    stops = Stops()


_of_thread = _OfThread()


def stopped_by(stop: Callable[[], None]) -> Any:
    """Return a context whose content `stop` ends when the calls of this thread are stopped."""
    return _of_thread.stops.by(stop)


def call_all(
    function: Callable[..., T],
    calls: Sequence[Sequence[Any]],
    *,
    jobs: int,
    executor: Executor | None = None,
) -> Iterator[tuple[int, T | Exception]]:
    """Yield the number and the result of each call as it finishes.

    When the caller stops (Ctrl-C, an error, it closes the iterator), what runs in threads of this process is
    ended, and what an executor has not begun is taken back from it; what it runs it brings to its end.

    Parameters
    ----------
    function : callable
        Defined at module level, and picklable with its arguments where an executor is given.
    calls : sequence of sequence
        The arguments of each call.
    jobs : int
        Number of threads of this process; without meaning for an executor.
    executor : concurrent.futures.Executor, optional
        What makes the calls: a pool of processes, or workers on other machines.

    Yields
    ------
    tuple of int and object
        Position in `calls`, and the returned value or the error of the call.
    """
    if not calls:
        return
    stops, ended = Stops(), SimpleQueue[int]()
    own = None if executor else ThreadPoolExecutor(min(jobs, len(calls)), "sapa")
    futures: list[Future[T]] = []
    with ExitStack() as tidy:
        tidy.enter_context(held())
        tidy.callback(_end, futures, stops, own)
        for number, arguments in enumerate(calls):
            if executor:
                future = executor.submit(_elsewhere, os.getpid(), function, *arguments)
            else:
                assert own
                future = own.submit(_with, stops, function, *arguments)
            futures.append(future)
            future.add_done_callback(lambda _, number=number: ended.put(number))  # type: ignore[misc]
        for _ in calls:
            number = _next(ended)
            outcome: T | Exception = _outcome(futures[number])
            yield number, outcome


def _end(futures: list[Future[T]], stops: Stops, own: ThreadPoolExecutor | None) -> None:
    for future in futures:
        future.cancel()
    stops.stop()
    if own:
        own.shutdown(cancel_futures=True)


def _with(stops: Stops, function: Callable[..., T], *arguments: Any) -> T:
    _of_thread.stops = stops
    return function(*arguments)


def _elsewhere(caller: int, function: Callable[..., T], *arguments: Any) -> T:
    """Make a call in a worker, which keeps what it has loaded for the next."""
    if os.getpid() != caller:
        keep()
    return function(*arguments)


def _next(ended: SimpleQueue[int]) -> int:
    while True:
        try:
            return ended.get(timeout=_PAUSE)
        except Empty:
            continue


def _outcome(future: Future[T]) -> T | Exception:
    try:
        return future.result()
    except Exception as error:
        return error
    except BaseException as error:  # what leaves the interpreter leaves a thread of its own only
        return RuntimeError(f"{type(error).__name__}: {error}")


@contextmanager
def stops_on_sigterm() -> Iterator[None]:
    """Let SIGTERM end what runs inside as Ctrl-C does, by `Terminated`; only in the main thread.

    Returns
    -------
    context manager
        It gives nothing.

    Examples
    --------
    >>> import os, signal
    >>> from sapa_analysis.runs.pool import Terminated, stops_on_sigterm
    >>> try:
    ...     with stops_on_sigterm():
    ...         os.kill(os.getpid(), signal.SIGTERM)
    ... except Terminated as end:
    ...     print(repr(end))
    Terminated()
    """
    if threading.current_thread() is not threading.main_thread() or os.name == "nt":
        yield
        return
    before = signal.signal(signal.SIGTERM, _terminate)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _terminate(*_: object) -> NoReturn:
    raise Terminated
