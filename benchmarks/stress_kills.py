"""Batches that are killed and made to their end, for `stress.py`."""

from __future__ import annotations

import argparse
import json
import random
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import psutil
from stress_sitting import WRITES, Sitting, add_notebook, batch_file, forker_of, rows_of

#: What is done to whom; each in turn.
BLOWS = (
    ("command", signal.SIGKILL), ("kernel", signal.SIGKILL), ("forker", signal.SIGKILL),
    ("command", signal.SIGINT), ("command", signal.SIGTERM),
)  # fmt: skip


def strike(process: subprocess.Popen[str], whom: str, number: int, drawn: random.Random) -> bool:
    """Send a signal; return whether there was anybody to send it to."""
    forker = forker_of(process.pid)
    targets = {"command": [psutil.Process(process.pid)], "forker": [forker] if forker else []}
    targets["kernel"] = forker.children() if forker else []
    if not targets[whom]:
        return False
    drawn.choice(targets[whom]).send_signal(number)
    return True


def wrong_in(sitting: Sitting, out: Path, seeds: Sequence[int]) -> Iterator[str]:
    """Yield what is not as it should be after a batch that was stopped and made to its end."""
    good = Counter(row["parameters"]["seed"] for row in rows_of(out) if row["status"] == "ok")
    yield from (f"seed {seed}: {good[seed]} rows that count" for seed in seeds if good[seed] != 1)
    copies = [*out.glob("*.ipynb")]
    if len(copies) != len(seeds):
        yield f"{len(copies)} copies"
    for path in copies:
        try:
            json.loads(path.read_text(encoding="utf-8"))
        except ValueError as error:
            yield f"{path.name}: {error}"
    yield from (f"hidden: {path.name}" for path in out.glob(".*"))
    status, said = sitting.run("verify", str(out))
    if status:
        yield f"verify: {said}"
    yield from sitting.left()


def kills(scratch: Path, arguments: argparse.Namespace) -> list[str]:
    """Kill batches and make them to their end; return what went wrong."""
    sitting, drawn, wrong = Sitting(scratch), random.Random(arguments.seed), list[str]()
    add_notebook(sitting.project, "writes", WRITES)
    seeds = [*range(1, arguments.runs + 1)]
    file = batch_file(sitting, "kills", [{"notebook": "writes", "grid": {"seed": seeds}}])
    print(
        "| | whom | signal | after s | had ended | status | made later | wrong |\n"
        "|---:|---|---|---:|---:|---:|---:|---|"
    )
    for number in range(arguments.times):
        whom, blow = BLOWS[number % len(BLOWS)]
        out, found = sitting.project / f"build/kills-{number}", list[str]()
        words = ("batch", str(file), "--out", str(out), "--jobs", "2")
        moment = drawn.uniform(0.5, arguments.longest)
        with sitting.start(*words) as process:
            time.sleep(moment)
            while process.poll() is None and not strike(process, whom, blow, drawn):
                time.sleep(0.05)
                moment += 0.05
            process.communicate()
        found += [f"after the blow, {each}" for each in sitting.left()]
        before = rows_of(out) if (out / "runs.jsonl").exists() else []
        status, said = sitting.run(*words)
        if status:
            found.append(f"again: status {status}: {said[-500:]}")
        found += wrong_in(sitting, out, seeds)
        later = len(rows_of(out)) - len(before)
        cells = (
            number + 1,
            whom,
            blow.name,
            f"{moment:.1f}",
            len(before),
            process.returncode,
            later,
            "; ".join(found) or "-",
        )
        print(f"| {' | '.join(map(str, cells))} |", flush=True)
        wrong += found
    return wrong
