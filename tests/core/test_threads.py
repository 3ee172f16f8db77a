"""Our own calls run in one thread, whatever the caller set, and leave the setting as it was."""

from __future__ import annotations

from threading import Barrier, Thread

import numpy as np
import pandas as pd
import pytest
import scipy.linalg  # noqa: F401
from statsmodels.tsa.statespace.mlemodel import MLEModel
from threadpoolctl import threadpool_info, threadpool_limits

import sapa_analysis as sapa
from sapa_analysis.core import one_thread

pytest_plugins = ["loaded"]


def threads() -> set[int]:
    return {library["num_threads"] for library in threadpool_info()}


counted = one_thread(threads)


@pytest.mark.parametrize("set_by_user", [1, 2, 4])
def test_the_pin_wins_and_is_undone(set_by_user):
    with threadpool_limits(set_by_user):
        assert counted() == {1}
        assert threads() == {set_by_user}


def test_a_call_within_a_call_does_not_undo_the_pin():
    @one_thread
    def outer() -> list[set[int]]:
        return [threads(), counted(), threads()]

    with threadpool_limits(2):
        assert outer() == [{1}] * 3
        assert threads() == {2}


def test_an_error_undoes_the_pin():
    @one_thread
    def fail() -> None:
        raise ZeroDivisionError

    with threadpool_limits(2):
        with pytest.raises(ZeroDivisionError):
            fail()
        assert threads() == {2}


def test_calls_of_two_threads_share_the_pin():
    first_is_in, first_may_leave = Barrier(2), Barrier(2)

    @one_thread
    def first() -> None:
        first_is_in.wait()
        first_may_leave.wait()

    @one_thread
    def second() -> set[int]:
        first_may_leave.wait()
        other.join()
        return threads()

    with threadpool_limits(2):
        other = Thread(target=first)
        other.start()
        first_is_in.wait()
        assert second() == {1}
        assert threads() == {2}


def test_what_a_pinned_function_says_of_itself_is_what_it_said_unpinned():
    assert sapa.forecast.__wrapped__.__doc__ == sapa.forecast.__doc__
    assert sapa.forecast.__name__ == "forecast"


@pytest.fixture
def seen(monkeypatch) -> dict[str, set[int]]:
    """Return the numbers of threads that the linear algebra of the test has run in, by routine."""
    found: dict[str, set[int]] = {}

    def watch(owner: object, name: str) -> None:
        routine = getattr(owner, name)

        def watched(*args: object, **options: object) -> object:
            found.setdefault(name, set()).update(threads())
            return routine(*args, **options)

        monkeypatch.setattr(owner, name, watched)

    for name in ("qr", "inv", "solve", "cholesky", "eigh", "pinv"):
        watch(np.linalg, name)
    for name in ("cov", "corrcoef", "tensordot"):
        watch(np, name)
    watch(MLEModel, "fit")
    return found


def test_every_routine_of_an_assessment_runs_in_one_thread(seen, tables, few):
    visits = pd.Series(
        [100.0, 110, 119, 132, 140, 139, 155, 160, 171, 166], index=range(2010, 2020), name="visits"
    )
    with threadpool_limits(2):
        project = sapa.pipeline.load_project(tables.root)
        results = sapa.assess_targets(project, few)
        [arrivals] = [outcome for name, outcome in results.outcomes.items() if name == "tourist_arrivals"]
        sapa.series.most_telling_year(arrivals.observed)
        made = sapa.forecast(visits, "local_level", horizon=3, n_paths=50, seed=1)
        sapa.forecasting.condition({"visits": made}, {"visits": {2020: 150.0}})
        sapa.evaluation.backtest({"visits": visits}, ["headline"], horizon=1, min_train=6, n_paths=50, seed=1)
    assert {"qr", "inv", "cholesky", "eigh", "pinv", "cov", "fit"} <= seen.keys()
    assert {name: found for name, found in seen.items() if found != {1}} == {}
