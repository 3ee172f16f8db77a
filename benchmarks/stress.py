"""Runs under stress: many of them, killed ones, other machines' settings, flipped bits.

    python benchmarks/stress.py growth --runs 60 500
    python benchmarks/stress.py kills --times 10 --seed 1
    python benchmarks/stress.py same --notebook 01_evidence --notebook 02_trajectory
    python benchmarks/stress.py bits --times 300 --seed 1

`growth`: batches of a notebook that costs nothing. Of the first and the last quarter of the runs: processor
seconds of a kernel, and of the command and the process that forks, a run; memory and open files of both after
a tenth of the runs and at the end; bytes of the journal.

`kills`: a batch of 24 runs by two jobs; at a moment drawn from the seed the command, the process that forks
or a kernel is killed, or the command stopped; then the same command again. Asked is that every run has
one row that counts, and a sound copy; that no process lives after two seconds, nothing lies in the folder for
temporary files and nothing hidden in that of the batch; and that `sapa verify` finds it sound.

`same`: each notebook by the command `papermill` with nothing kept, against `sapa run` and `sapa batch` in
other surroundings. Every output of every cell is compared: texts, records, bytes of pictures; of 07 also the
files that it writes. The first of ours keeps what it solves in a store that the others share; with `--cold`
each solves all itself.

`bits`: one bit of one file of a batch's and of a briefing's folder is flipped; `sapa verify` must name it.

Each works in a copy of this project, below `--scratch`. Linux only. What is asked and not found is
printed and ends with status 1.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import psutil
from stress_kills import kills
from stress_same import NOTEBOOKS, same
from stress_sitting import DAY, SAYS, WRITES, Sitting, add_notebook, batch_file, forker_of, rows_of


def snapshot(command: int, forker: psutil.Process | None) -> dict[str, float]:
    """Return memory in MB, open files and processor seconds of the command and the process that forks."""
    told: dict[str, float] = {}
    for name, process in (("command", psutil.Process(command)), ("forker", forker)):
        if process is not None:
            times = process.cpu_times()
            told |= {f"{name} MB": process.memory_info().rss / 1e6, f"{name} files": process.num_fds()}
            told[f"{name} cpu"] = times.user + times.system
    return told


def growth(scratch: Path, arguments: argparse.Namespace) -> list[str]:
    """Print what runs cost at the beginning and at the end of batches."""
    sitting = Sitting(scratch)
    add_notebook(sitting.project, "cheap", SAYS)
    print("| runs | | first | last |\n|---:|---|---:|---:|")
    for count in arguments.runs:
        file = batch_file(
            sitting, "growth", [{"notebook": "cheap", "grid": {"seed": [*range(1, count + 1)]}}]
        )
        out = sitting.project / f"build/growth-{count}"
        points = (max(2, count // 10), count // 4, count - count // 4, count - 1)
        seen: dict[int, dict[str, float]] = {}
        with sitting.start("batch", str(file), "--out", str(out), "--jobs", "2", "--json") as process:
            assert process.stdout
            for line in process.stdout:
                event = json.loads(line)
                if event["event"] == "ended" and event["number"] in points:
                    seen[event["number"]] = snapshot(process.pid, forker_of(process.pid))
        if process.returncode:
            return [f"{count} runs: status {process.returncode}"]
        early, quarter, last_quarter, end = (seen[point] for point in points)
        kernels = [row["cpu"] for row in rows_of(out)]
        per = (count // 4 - points[0], points[3] - points[2])
        table: list[tuple[str, float, float]] = [
            (
                "kernel, processor s a run",
                *(statistics.mean(part) for part in (kernels[: count // 4], kernels[-(count // 4) :])),
            ),
        ]
        for name in ("command", "forker"):
            spent = (
                quarter[f"{name} cpu"] - early[f"{name} cpu"],
                end[f"{name} cpu"] - last_quarter[f"{name} cpu"],
            )
            table.append((f"{name}, processor s a run", spent[0] / per[0], spent[1] / per[1]))
            table += [
                (f"{name}, {what}", early[f"{name} {what}"], end[f"{name} {what}"])
                for what in ("MB", "files")
            ]
        size = (out / "runs.jsonl").stat().st_size
        table.append(("journal, bytes (a run, all)", size / count, size))
        for what, first, last in table:
            print(f"| {count} | {what} | {first:,.3g} | {last:,.3g} |", flush=True)
    return sitting.left()


def bits(scratch: Path, arguments: argparse.Namespace) -> list[str]:
    """Flip bits in a batch and a briefing; return those that were not found."""
    from sapa_analysis.runs import verify_runs

    sitting, drawn, wrong = Sitting(scratch), random.Random(arguments.seed), list[str]()
    add_notebook(sitting.project, "cheap", SAYS)
    add_notebook(sitting.project, "fails", "raise ValueError('no good')")
    add_notebook(sitting.project, "writes", WRITES)
    runs: list[dict[str, object]] = [
        {"notebook": ["cheap", "writes", "fails"], "grid": {"seed": [1, 2, 3]}},
        {"notebook": ["02_trajectory", "04_targets"]},
    ]
    batch, briefing = sitting.project / "build/batch", sitting.project / "build/briefing"
    sitting.run("batch", str(batch_file(sitting, "bits", runs)), "--out", str(batch))
    sitting.run("briefing", "--as-of", DAY, "--out", str(briefing))
    print("| folder | kind of file | files | bits | named | not found |\n|---|---|---:|---:|---:|---:|")
    for folder in (batch, briefing):
        files = [path for path in folder.rglob("*") if path.is_file() and path.stat().st_size]
        told: dict[str, Counter[str]] = {}
        for path in files:
            told.setdefault(path.suffix, Counter())["files"] += 1
        if first := verify_runs(folder, root=sitting.project).problems:
            wrong.append(f"{folder.name} before: {[(each.file, str(each)) for each in first]}")
        for _ in range(arguments.times):
            path = drawn.choice(files)
            whole, place, bit = path.read_bytes(), drawn.randrange(path.stat().st_size), drawn.randrange(8)
            path.write_bytes(whole[:place] + bytes([whole[place] ^ 1 << bit]) + whole[place + 1 :])
            problems = verify_runs(folder, root=sitting.project).problems
            path.write_bytes(whole)
            named = path.relative_to(folder).as_posix() in {problem.file for problem in problems}
            told[path.suffix].update(["bits", "named" if named else "missed"])
            if not named:
                said = [(each.file, str(each)) for each in problems]
                wrong.append(f"{path.relative_to(folder)}, byte {place}, bit {bit}: {said}")
        for kind, found in sorted(told.items()):
            counts = (found[name] for name in ("files", "bits", "named", "missed"))
            print(f"| {folder.name} | {kind} | {' | '.join(map(str, counts))} |", flush=True)
    return wrong


WAYS: dict[str, Callable[[Path, argparse.Namespace], list[str]]] = {
    "growth": growth, "kills": kills, "same": same, "bits": bits,
}  # fmt: skip


def main() -> None:
    """Run one of the ways; print what went wrong."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--scratch", type=Path, help="a folder for the copies of the project")
    ways = parser.add_subparsers(dest="way_of_stress", required=True)
    ways.add_parser("growth").add_argument("--runs", type=int, nargs="+", default=[60, 500])
    killing = ways.add_parser("kills")
    killing.add_argument("--times", type=int, default=10)
    killing.add_argument("--runs", type=int, default=24)
    killing.add_argument(
        "--longest", type=float, default=12.0, help="seconds after which it is killed at latest"
    )
    likeness = ways.add_parser("same")
    likeness.add_argument("--notebook", action="append", choices=NOTEBOOKS)
    likeness.add_argument("--way", action="append")
    likeness.add_argument("--cold", action="store_true", help="each way solves all itself")
    flipping = ways.add_parser("bits")
    flipping.add_argument("--times", type=int, default=300, help="bits of each folder")
    for way in (killing, flipping):
        way.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="stress-", dir=arguments.scratch) as folder:
        wrong = WAYS[arguments.way_of_stress](Path(folder).resolve(), arguments)
    print("\n".join(["", *wrong]) if wrong else "\nnothing wrong")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
