"""Every call has an outcome of its own; when the caller stops, what runs is ended and nothing begins."""

from __future__ import annotations

import os
import signal
import sys
import threading
from concurrent.futures import CancelledError, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sapa_analysis.runs.pool import Stops, Terminated, call_all, stopped_by, stops_on_sigterm


def divide(number: int, by: int) -> int:
    return number // by


def leave(kind: int) -> int:
    if kind:
        raise SystemExit(kind)
    return kind


class Work:
    """Calls that last until they are stopped."""

    def __init__(self) -> None:
        self.begun, self.ended = threading.Semaphore(0), []

    def last(self, name: str) -> str:
        stop = threading.Event()
        with stopped_by(stop.set):
            self.begun.release()
            stop.wait()
        self.ended.append(name)
        return name


@given(st.lists(st.integers(0, 3), max_size=9), st.integers(1, 4), st.booleans())
def test_every_call_has_its_own_outcome_once(numbers, jobs, elsewhere):
    with ThreadPoolExecutor(2) as executor:
        calls = call_all(
            divide, [(6, by) for by in numbers], jobs=jobs, executor=executor if elsewhere else None
        )
        found = [*calls]
    assert sorted(place for place, _ in found) == [*range(len(numbers))]
    for place, result in found:
        by = numbers[place]
        assert isinstance(result, ZeroDivisionError) if by == 0 else result == 6 // by


def test_a_call_that_leaves_its_thread_is_lost_alone():
    found = dict(call_all(leave, [(0,), (3,), (0,)], jobs=1))
    assert (found[0], str(found[1]), found[2]) == (0, "SystemExit: 3", 0)


def test_no_more_than_the_wanted_number_run_at_once():
    lock, running, most = threading.Lock(), [0], [0]
    full = threading.Barrier(2)

    def work() -> None:
        with lock:
            running[0] += 1
            most[0] = max(most[0], running[0])
        full.wait()
        with lock:
            running[0] -= 1

    assert len([*call_all(work, [()] * 8, jobs=2)]) == 8
    assert most == [2]


def test_a_caller_that_stops_ends_what_runs_and_lets_nothing_begin():
    work = Work()
    calls = call_all(lambda name: work.last(name) if name else name, [("",), ("a",), ("b",), ("c",)], jobs=2)
    assert next(calls) == (0, "")
    for _ in "ab":
        work.begun.acquire()
    calls.close()
    assert sorted(work.ended) == ["a", "b"]
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("sapa")]


def test_an_error_of_the_caller_ends_what_runs():
    work = Work()

    def fail() -> None:
        for _ in call_all(lambda name: work.last(name) if name else name, [("a",), ("",)], jobs=2):
            work.begun.acquire()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert work.ended == ["a"]


def test_what_is_stopped_does_not_begin():
    stops = Stops()
    stops.stop()
    with pytest.raises(CancelledError), stops.by(lambda: None):
        pytest.fail("it began")


def test_a_pool_of_processes_serves(monkeypatch):
    # another test may have put a module without one in the place of the main module
    monkeypatch.setattr(sys.modules["__main__"], "__spec__", None, raising=False)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as executor:
        found = dict(call_all(divide, [(6, 3), (6, 0)], jobs=1, executor=executor))
    assert found[0] == 2
    assert isinstance(found[1], ZeroDivisionError)


def test_an_executor_gets_back_what_it_has_not_begun():
    work, executor = Work(), ThreadPoolExecutor(1)
    waiting = threading.Event()
    calls = call_all(lambda name: waiting.wait() if name else name, [("",), ("a",), ("b",)], jobs=1, executor=executor)  # fmt: skip
    assert next(calls) == (0, "")
    calls.close()
    waiting.set()
    executor.shutdown()
    assert work.ended == []


def test_no_calls_ask_nothing_of_an_executor():
    executor = ThreadPoolExecutor(1)
    executor.shutdown()
    assert list(call_all(divide, [], jobs=2, executor=executor)) == []


@pytest.mark.skipif(os.name == "nt", reason="no such signal")
def test_sigterm_ends_as_ctrl_c_does_and_is_as_before_afterwards():
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(KeyboardInterrupt) as caught, stops_on_sigterm():
        signal.raise_signal(signal.SIGTERM)
    assert isinstance(caught.value, Terminated)
    assert signal.getsignal(signal.SIGTERM) == before
