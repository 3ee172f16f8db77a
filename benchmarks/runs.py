"""What runs cost: a briefing anew, again, after one change; against an earlier commit and stock papermill.

    git worktree add --detach /tmp/before 020753b
    python benchmarks/runs.py /tmp/before OUT.csv --rounds 5

Ways, one after the other in each round, each in a copy of the project of its own with an empty store:

- `before`: `sapa briefing` of the earlier commit, with its own notebooks;
- `stock`: the same 17 runs of today's notebooks by the command `papermill`, one after the other, no store;
- `cold`: `sapa briefing`, nothing kept;
- `unchanged`: the same again;
- `scenario`: the same after a change in `params/scenarios/high.yml`; only the runs that read it are run;
- `fresh`: the same with `--fresh`, the store as it was left;
- `papermill cold`, `papermill warm`: notebook 02 by the command `papermill`, without and with what is kept;
- `05 before`, `05 cold`, `05 warm`: notebook 05 by `sapa run`.

Processor time is that of the whole tree of processes, as the system tells it when the command has ended;
seconds are by the clock. OUT has a row per round and way: processor, seconds, peak (MB of the largest
process), runs (executed copies written). The medians are printed, each beside its share of `before`. No
figure depends on the day; times do on the machine: only shares of one sitting say anything. POSIX only.
"""

from __future__ import annotations

import argparse
import csv
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DAY = "2023-06-30"
CORE = ("grdp_growth", "grdp_per_capita", "tourist_arrivals", "tourism_revenue", "state_budget_revenue")
#: The 17 runs of a briefing.
RUNS = [("07_briefing", ""), ("04_targets", "")] + [
    (name, indicator) for indicator in CORE for name in ("01_evidence", "02_trajectory", "03_scenarios")
]
FIELDS = ("round", "way", "processor", "seconds", "peak_mb", "runs")


@dataclass
class Cost:
    """What a command has cost."""

    processor: float = 0.0
    seconds: float = 0.0
    peak_mb: float = 0.0

    def __add__(self, other: Cost) -> Cost:
        return Cost(
            self.processor + other.processor,
            self.seconds + other.seconds,
            max(self.peak_mb, other.peak_mb),
        )


def spent(command: Sequence[str], project: Path, **environment: str) -> Cost:
    """Run a command in a project, of which it uses the package, and return what it has cost.

    Raises
    ------
    RuntimeError
        When the command fails: with the end of what it printed.
    """
    chosen = {**os.environ, "PYTHONPATH": str(project), **environment}
    chosen.pop("MPLBACKEND", None)
    with tempfile.TemporaryFile("w+") as said:
        began = time.perf_counter()
        process = subprocess.Popen(command, cwd=project, env=chosen, stdout=said, stderr=said)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - began
        if process.returncode:
            said.seek(0)
            raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}:\n{said.read()[-2000:]}")
    unit = 1e6 if sys.platform == "darwin" else 1e3
    return Cost(usage.ru_utime + usage.ru_stime, seconds, usage.ru_maxrss / unit)


def sapa(*words: str) -> list[str]:
    """Return a command `sapa`."""
    return [sys.executable, "-c", "from sapa_analysis.cli import main; main()", *words]


def papermill(project: Path, notebook: str, copy: Path, indicator: str) -> list[str]:
    """Return a command `papermill`."""
    chosen = ["-p", "indicator", indicator] if indicator else []
    chosen += ["-p", "out", str(copy.with_suffix(""))] if notebook == "07_briefing" else []
    source = project / f"notebooks/{notebook}.ipynb"
    given = [str(source), str(copy), "-p", "as_of", DAY, *chosen, "--cwd", str(project), "-k", "python3"]
    return [sys.executable, "-m", "papermill", *given]


def copy_of(source: Path, scratch: Path, name: str) -> Path:
    """Return a copy of a checkout, without what it has produced."""
    left = shutil.ignore_patterns("build", ".git", ".venv", ".hypothesis", ".*_cache", "__pycache__")
    place: Path = shutil.copytree(source, scratch / name, ignore=left)
    (place / "build").mkdir()
    subprocess.run([sys.executable, "-m", "compileall", "-q", str(place / "sapa_analysis")], check=True)
    return place


def ways(before: Path, scratch: Path) -> Iterator[tuple[str, Callable[[], Cost], Path]]:
    """Yield each way with its call and the folder whose executed copies are counted."""
    old, new = copy_of(before, scratch, "before"), copy_of(ROOT, scratch, "after")
    out = new / "build/briefing"
    briefing = sapa("briefing", "--as-of", DAY, "--out", str(out))

    def stock() -> Cost:
        place = new / "build/stock"
        place.mkdir()
        copies = [(name, place / f"{name}-{number}.ipynb", word) for number, (name, word) in enumerate(RUNS)]
        calls = (spent(papermill(new, *call), new, SAPA_STORE="off") for call in copies)
        return sum(calls, Cost())

    def after_a_change() -> Cost:
        path = new / "params/scenarios/high.yml"
        text = path.read_text(encoding="utf-8")
        path.write_text(text + "# looked at again\n", encoding="utf-8")
        return spent(briefing, new)

    def alone(**environment: str) -> Cost:
        return spent(
            papermill(new, "02_trajectory", scratch / "02.ipynb", "tourist_arrivals"), new, **environment
        )

    record = ["run", "05_track_record", "-p", "as_of", DAY, "--out"]
    yield "before", lambda: spent(sapa("briefing", "--as-of", DAY, "--out", str(old / "out")), old), old
    yield "stock", stock, new / "build/stock"
    yield "cold", lambda: spent(briefing, new), out
    yield "unchanged", lambda: spent(briefing, new), out
    yield "scenario", after_a_change, out
    yield "fresh", lambda: spent([*briefing, "--fresh"], new), out
    yield "papermill cold", lambda: alone(SAPA_STORE="off"), scratch
    yield "papermill warm", alone, scratch
    yield "05 before", lambda: spent(sapa(*record, str(scratch / "05")), old), scratch / "05"
    yield "05 cold", lambda: spent(sapa(*record, str(out)), new, SAPA_STORE="off"), out
    yield "05 kept", lambda: spent(sapa(*record, str(scratch / "05k")), new), scratch / "05k"
    yield "05 warm", lambda: spent(sapa(*record, str(scratch / "05w")), new), scratch / "05w"


def copies_since(folder: Path, moment: float) -> int:
    """Return how many executed copies were written since a moment."""
    return sum(path.stat().st_mtime >= moment for path in folder.rglob("[0-9][0-9]_*.ipynb"))


def main() -> None:
    """Measure every way in rounds; write the rows, print the medians."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("before", type=Path, help="a checkout of the earlier commit")
    parser.add_argument("out", type=Path, help="CSV to write")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--way", action="append", help="only this way; those it needs must be named too")
    arguments = parser.parse_args()
    rows: list[dict[str, object]] = []
    costs: dict[str, list[Cost]] = {}
    for number in range(1, arguments.rounds + 1):
        with tempfile.TemporaryDirectory(prefix="runs-") as folder:
            for way, call, copies in ways(arguments.before.resolve(), Path(folder).resolve()):
                if arguments.way and way not in arguments.way:
                    continue
                moment = time.time()
                cost = call()
                costs.setdefault(way, []).append(cost)
                row = (number, way, cost.processor, cost.seconds, cost.peak_mb, copies_since(copies, moment))
                rows.append(dict(zip(FIELDS, row, strict=True)))
                print(f"{number} {way}: {cost.processor:.1f} s, {row[-1]} runs", flush=True)
        with arguments.out.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, FIELDS, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    first = statistics.median(cost.processor for cost in costs.get("before", [Cost(float("nan"))]))
    print("\n| way | processor, s | share of `before` | seconds | peak, MB |\n|---|---|---|---|---|")
    for way, found in costs.items():
        mid = [statistics.median(getattr(cost, name) for cost in found) for name in FIELDS[2:5]]
        print(f"| {way} | {mid[0]:.1f} | {mid[0] / first:.2f} | {mid[1]:.1f} | {mid[2]:.0f} |")


if __name__ == "__main__":
    main()
