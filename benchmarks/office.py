"""Cost of a workbook of the office: the same steps with its figures and without.

    python benchmarks/office.py --as-of 2023-06-30
    python benchmarks/office.py --briefing

The workbook holds three steady years of every indicator that the documents set a goal for. Times are seconds
of processor time with an empty store; those of a briefing count all its processes.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))
os.environ["SAPA_STORE"] = "off"

from office import steady  # noqa: E402

from sapa_analysis import assess_targets  # noqa: E402
from sapa_analysis.core import load_params  # noqa: E402
from sapa_analysis.evidence import Office, template_file  # noqa: E402
from sapa_analysis.pipeline import load_project, office_at, tables_of  # noqa: E402
from sapa_analysis.reporting import write_papers  # noqa: E402
from sapa_analysis.runs import run_briefing  # noqa: E402


def timed(call: Callable[..., Any], *args: Any, **options: Any) -> tuple[float, Any]:
    """Return the processor time of a call in this process, and what it gave."""
    start = time.process_time()
    given = call(*args, **options)
    return time.process_time() - start, given


def measure(day: str, name: str, office: Office | None, folder: Path) -> None:
    """Print what loading, assessing and writing take."""
    params = load_params(ROOT / "params/baseline.yml").with_values(as_of=day)
    loading, project = timed(load_project, ROOT, office=office)
    known, _ = timed(lambda: project.as_of(params.as_of).statements)
    assessing, results = timed(assess_targets, project, params)
    writing, _ = timed(write_papers, project, results, folder / name)
    judged = int((results.verdicts["status"] != "no_evidence").sum())
    told = f"load {loading:.2f}, as_of {known:.2f}, assess_targets {assessing:.2f}, papers {writing:.2f}"
    print(f"{day} {name}: {told}; {len(results.verdicts)} verdicts, {judged} with a word")


def measure_briefing(day: str, name: str, path: str, folder: Path) -> None:
    """Print what the whole briefing takes, in this process and all that it starts."""
    before = _spent()
    run_briefing(root=ROOT, as_of=day, out=str(folder / f"briefing-{name}"), office=path, fresh=True)
    print(f"{day} {name}: briefing {_spent() - before:.1f}")


def _spent() -> float:
    own, others = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(used.ru_utime + used.ru_stime for used in (own, others))


def main() -> None:
    """Measure each day given, with and without the workbook."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--as-of", nargs="+", default=["2023-06-30"], help="days")
    parser.add_argument("--briefing", action="store_true", help="whole briefings, in kernels")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        path, own = folder / "so_lieu.xlsx", steady()
        writing, content = timed(
            template_file, tables_of(load_project(ROOT), own.area), day=own.day, office=own
        )
        path.write_bytes(content)
        reading, read = timed(office_at, path, area=own.area, root=ROOT)
        print(f"workbook of {len(read.figures)} figures: written in {writing:.2f}, read in {reading:.2f}")
        for day in asked.as_of:
            for name, office in (("without", None), ("with", read)):
                if asked.briefing:
                    measure_briefing(day, name, str(path) if office else "", folder)
                else:
                    measure(day, name, office, folder)


if __name__ == "__main__":
    main()
