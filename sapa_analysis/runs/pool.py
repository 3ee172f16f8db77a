"""Parallel calls in separate processes; the only module that uses executors."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import active_children, get_context, parent_process
from multiprocessing.process import BaseProcess
from typing import Any, NoReturn, TypeVar

T = TypeVar("T")
#: Seconds that a stopped process has to end its children and clean up.
_GRACE = 10.0


class KilledError(Exception):
    """The process of a call was killed."""


def call_all(
    function: Callable[..., T], calls: Sequence[Sequence[Any]], *, workers: int
) -> Iterator[tuple[int, T | Exception]]:
    """Yield the number and the result of each call as it finishes.

    A killed process breaks its whole pool, so every process has its own pool and only one call is lost. When
    the caller stops (Ctrl-C, an error), all processes stop. A process never outlives its parent.

    Parameters
    ----------
    function : callable
        A function defined at module level.
    calls : sequence of sequence
        The arguments of each call.
    workers : int
        Maximum number of processes.

    Yields
    ------
    tuple of int and object
        Position in `calls`, and the returned value or the error of the call.
    """
    others = {*active_children()}
    waiting = list(enumerate(calls))[::-1]
    idle = [_pool() for _ in range(min(workers, len(calls)))]
    running: dict[Future[T], tuple[int, ProcessPoolExecutor]] = {}
    try:
        while waiting or running:
            while waiting and idle:
                number, arguments = waiting.pop()
                pool = idle.pop()
                running[pool.submit(function, *arguments)] = (number, pool)
            for future in wait([*running], return_when=FIRST_COMPLETED).done:
                number, pool = running.pop(future)
                idle.append(_pool() if isinstance(future.exception(), BrokenProcessPool) else pool)
                outcome = _outcome(future)
                yield number, outcome
    finally:
        pools = [*idle, *(pool for _, pool in running.values())]
        _stop(pools, [child for child in active_children() if child not in others], at_once=bool(running))


def _outcome(future: Future[T]) -> T | Exception:
    error = future.exception()
    if isinstance(error, BrokenProcessPool):
        return KilledError("the process was killed")
    if error is None:
        return future.result()
    return error if isinstance(error, Exception) else KilledError(f"the process ended: {error}")


def _pool() -> ProcessPoolExecutor:
    return ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_obey_the_parent)


def _obey_the_parent() -> None:
    """Make this process ignore Ctrl-C, and stop on SIGTERM or when its parent has ended."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _leave)
    threading.Thread(target=_outlive_no_parent, daemon=True).start()


def _leave(*_: object) -> NoReturn:
    sys.exit("told to stop")


def _outlive_no_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(_GRACE)
    os._exit(1)


def _stop(pools: list[ProcessPoolExecutor], children: list[BaseProcess], *, at_once: bool) -> None:
    for child in children if at_once else []:
        child.terminate()
    for pool in pools:
        pool.shutdown(wait=False, cancel_futures=True)
    for child in children:
        child.join(_GRACE)
        child.kill()
        while child.exitcode is None:  # its pool's thread has reaped it but not yet set the exit code
            time.sleep(0.001)
