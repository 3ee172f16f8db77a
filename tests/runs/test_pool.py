"""Every call has an outcome: a failing or killed one is its own loss, and no process outlives the caller."""

from __future__ import annotations

import time
from multiprocessing import active_children

from sapa_analysis.runs.pool import KilledError, call_all

DIE = "__import__('os').kill(__import__('os').getpid(), 9)"


def test_a_killed_call_is_the_only_one_lost():
    found = dict(call_all(eval, [("1 + 1",), (DIE,), ("int('x')",), ("2 + 2",)], workers=2))
    assert (found[0], found[3]) == (2, 4)
    assert isinstance(found[1], KilledError)
    assert isinstance(found[2], ValueError)


def test_a_call_that_leaves_is_lost_alone():
    found = dict(call_all(eval, [("exit(3)",), ("2 + 2",)], workers=1))
    assert str(found[0]) == "the process ended: 3"
    assert found[1] == 4


def test_no_process_outlives_a_caller_that_stops():
    before = {*active_children()}
    calls = call_all(time.sleep, [(0,), (600,)], workers=2)
    assert next(calls) == (0, None)
    calls.close()
    assert {*active_children()} <= before


def test_no_calls_start_no_process():
    assert list(call_all(eval, [], workers=2)) == []
