"""Count how often the data change form, and how often the same question is asked again.

    python benchmarks/walks.py            # counts
    python benchmarks/walks.py --times    # processor seconds, without the counting

Loads the project, assesses all targets of one day in one process, cold and again. Counted are functions that
read, narrow, merge, parse and validate, and the pandas calls that change a form.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable
from types import FrameType
from typing import Any

DAY = "2023-06-30"
#: What a question is, by the names of functions of the package.
QUESTIONS = {
    "as_of": ("known_by", "last_day", "as_day"),
    "a figure": (
        "merge_repeats",
        "statements_of",
        "measure",
        "read_statements",
        "traits_of",
        "read_table",
        "check_rows",
    ),
    "a target": ("_blank_is_none", "_fields_fit"),
    "a formula": ("parse_formula", "find_family", "in_order"),
    "params": ("with_values", "model_validate_json", "model_dump_json"),
    "a form (pandas)": ("to_dict", "iterrows", "itertuples", "concat", "from_dict", "from_records", "astype"),
}


def counted(work: Callable[[], Any]) -> Counter[str]:
    """Return how often each function of `QUESTIONS` was called while `work` ran."""
    wanted = {name for names in QUESTIONS.values() for name in names}
    found: Counter[str] = Counter()

    def look(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code.co_name in wanted:
            home = frame.f_globals.get("__name__", "")
            caller = frame.f_back.f_globals.get("__name__", "") if frame.f_back else ""
            # a call from inside pandas or pydantic is theirs, not ours
            if home.startswith("sapa_analysis") or caller.startswith("sapa_analysis"):
                found[frame.f_code.co_name] += 1

    sys.setprofile(look)
    try:
        work()
    finally:
        sys.setprofile(None)
    return found


def seconds(work: Callable[[], Any]) -> float:
    """Return the processor time of some work."""
    began = time.process_time()
    work()
    return time.process_time() - began


def main() -> None:
    """Print the counts and the times."""
    import sapa_analysis as sapa

    if len(sys.argv) > 1 and sys.argv[1] == "--times":
        project, params = sapa.open_project(as_of=DAY)
        cold, again = (seconds(lambda: sapa.assess_targets(project, params)) for _ in range(2))
        print(f"assess_targets: cold {cold:.2f} s, again {again:.2f} s")
        return
    opened: list[Any] = []
    loading = counted(lambda: opened.extend(sapa.open_project(as_of=DAY)))
    project, params = opened
    cold, again = (counted(lambda: sapa.assess_targets(project, params)) for _ in range(2))
    print(
        "| question | function | open_project | assess_targets | again |\n| --- | --- | ---: | ---: | ---: |"
    )
    for question, names in QUESTIONS.items():
        for name in names:
            print(f"| {question} | `{name}` | {loading[name]} | {cold[name]} | {again[name]} |")


if __name__ == "__main__":
    main()
