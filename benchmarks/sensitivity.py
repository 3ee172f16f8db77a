"""Processor time of the default sensitivity and of the change since an edition, and what they tell.

    python benchmarks/sensitivity.py [INDICATOR [DAY]]

Sa Pa, arrivals, 2023-06-30 unless said otherwise, in one thread and with a store of its own that begins
empty. It prints seconds of the processor: the fit, the sensitivity after it, a second indicator of the area,
the first one again in memory and from the store alone; then the table, and the choices that a review varied
by hand.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from tempfile import TemporaryDirectory
from typing import Any

os.environ["OPENBLAS_NUM_THREADS"] = "1"
os.environ["OMP_NUM_THREADS"] = "1"
sys.path.insert(0, os.getcwd())

import pandas as pd

import sapa_analysis as sapa

#: What the review of commit 020753b varied by hand.
BY_HAND = {
    "gap_closing": [0.4, 0.9], "shock_years": [[2020, 2021]], "shock_chance": [0.0], "method": ["theta"],
    "seed": [1],
}  # fmt: skip
SHOWN = ["choice", "value", "year", "probability", "difference", "word", "expected", "moved", "reason"]


def told(what: str, call: Callable[[], Any]) -> Any:
    """Print the processor time of a call, and return what it gives."""
    start = time.process_time()
    found = call()
    print(f"{time.process_time() - start:7.2f}  {what}")
    return found


def main() -> None:
    """Measure and print."""
    given = dict(enumerate(sys.argv[1:]))
    indicator, day = given.get(0, "tourist_arrivals"), given.get(1, "2023-06-30")
    project, params = sapa.open_project(as_of=day)
    other = "tourism_revenue" if indicator == "tourist_arrivals" else "tourist_arrivals"
    told("fit", lambda: sapa.assess_indicator(project, params, indicator))
    table = told("sensitivity", lambda: sapa.sensitivity(project, params, indicator))
    told("of a second indicator", lambda: sapa.sensitivity(project, params, other))
    told("again, from memory", lambda: sapa.sensitivity(project, params, indicator))
    sapa.pipeline.judged._judged.cache_clear()
    told("again, from the store", lambda: sapa.sensitivity(project, params, indicator))
    told("the change since the last edition", lambda: sapa.pipeline.edition_change(project, params))
    by_hand = told(
        "choices of a review", lambda: sapa.sensitivity(project, params, indicator, choices=BY_HAND)
    )
    with pd.option_context("display.width", 200, "display.max_columns", None, "display.max_rows", None):
        for name, frame in (("default", table), ("by hand", by_hand)):
            print(f"\n{name}\n{frame[SHOWN].round(3).to_string(index=False)}")


if __name__ == "__main__":
    with TemporaryDirectory() as store:
        os.environ["SAPA_STORE"] = store
        main()
