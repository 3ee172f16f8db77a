"""Outputs in other surroundings against those of stock papermill, for `stress.py`."""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from stress_sitting import DAY, Sitting, batch_file

NOTEBOOKS = (
    "00_start", "01_evidence", "02_trajectory", "03_scenarios", "04_targets", "05_track_record",
    "07_briefing",
)  # fmt: skip


def outputs_of(copy: Path, places: Mapping[str, str]) -> list[tuple[str, bytes]]:
    """Return each output of a copy with its place; paths become the words of `places`."""
    found = []
    for number, cell in enumerate(json.loads(copy.read_text(encoding="utf-8"))["cells"]):
        for place, output in enumerate(cell.get("outputs", [])):
            parts = {"text": output.get("text"), "error": output.get("traceback"), **output.get("data", {})}
            for kind, content in parts.items():
                if content is None:
                    continue
                text = json.dumps(content, ensure_ascii=False, sort_keys=True)
                for path, word in places.items():
                    text = text.replace(path, word)
                text = re.sub(r" at 0x[0-9a-f]+>", " at ...>", text)  # where an object lay in memory
                name = f"cell {number}, output {place} ({output.get('name', output['output_type'])}), {kind}"
                found.append((name, text.encode()))
    return found


def files_of(folder: Path) -> list[tuple[str, bytes]]:
    """Return the files of a folder, none where there is none."""
    return [(path.name, path.read_bytes()) for path in sorted(folder.rglob("*")) if path.is_file()]


def surroundings(scratch: Path) -> Iterator[tuple[str, Sitting, dict[str, str | None], int]]:
    """Yield each way of ours: its name, project, environment, and the jobs of a batch, 0 for single runs."""
    usual = Sitting(scratch)
    yield "plain", usual, {}, 0
    yield "LANG=C", usual, {"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0"}, 0
    yield "TZ=Pacific/Kiritimati", usual, {"TZ": "Pacific/Kiritimati"}, 0
    yield "no HOME", usual, {"HOME": None}, 0
    yield "MPLBACKEND=agg", usual, {"MPLBACKEND": "agg"}, 0
    yield "spaces and letters", Sitting(scratch, "bản sao của Sở, 2"), {}, 0
    yield "batch, one job", usual, {}, 1
    yield "batch, two jobs", usual, {}, 2


def ours(sitting: Sitting, names: Sequence[str], chosen: dict[str, str | None], jobs: int, out: Path) -> str:
    """Make runs of notebooks in a way; return what went wrong."""
    written = {"07_briefing": {"out": str(sitting.project / "build/07")}}
    given = {name: {"as_of": DAY, **written.get(name, {})} for name in names}
    if jobs:
        file = batch_file(sitting, "same", [{"notebook": name, "parameters": given[name]} for name in names])
        status, said = sitting.run("batch", str(file), "--out", str(out), "--jobs", str(jobs), **chosen)
        return said[-1000:] if status else ""
    for name in names:
        words = [word for key, value in given[name].items() for word in ("-p", key, value)]
        status, said = sitting.run("run", name, *words, "--out", str(out), **chosen)
        if status:
            return said[-1000:]
    return ""


def same(scratch: Path, arguments: argparse.Namespace) -> list[str]:
    """Compare outputs with those of stock papermill; return what differs."""
    names = arguments.notebook or list(NOTEBOOKS)
    cold: dict[str, str | None] = {"SAPA_STORE": "off"}
    stock: dict[str, list[tuple[str, bytes]]] = {}
    wrong: list[str] = []
    print("| way | notebooks | outputs | pictures | files | differ |\n|---|---:|---:|---:|---:|---|")
    for way, sitting, chosen, jobs in surroundings(scratch):
        if arguments.way and way not in arguments.way:
            continue
        for name in names if not stock else ():
            copy, written = scratch / f"{name}.ipynb", sitting.project / "build/07"
            words = ["-p", "out", str(written)] if name == "07_briefing" else []
            command = [
                sys.executable,
                "-m",
                "papermill",
                str(sitting.project / f"notebooks/{name}.ipynb"),
                str(copy),
            ]
            command += [
                "-p",
                "as_of",
                DAY,
                *words,
                "--cwd",
                str(sitting.project),
                "-k",
                "python3",
                "--no-progress-bar",
            ]
            subprocess.run(
                command, env=sitting.environment(**cold), cwd=sitting.project, check=True, capture_output=True
            )
            stock[name] = outputs_of(copy, {str(sitting.project): "PROJECT"}) + files_of(written)
        out = sitting.project / f"build/same-{way.replace('/', '-')}"
        if failed := ours(sitting, names, chosen | (cold if arguments.cold else {}), jobs, out):
            wrong.append(f"{way}: {failed}")
        count, differ = Counter[str](), list[str]()
        for name in names:
            copy = next(out.glob(f"{name}-*.ipynb"), None)
            found = outputs_of(copy, {str(sitting.project): "PROJECT"}) if copy else []
            found += files_of(sitting.project / "build/07") if name == "07_briefing" else []
            count.update(
                [
                    "pictures" if "image" in what else "outputs" if what.startswith("cell") else "files"
                    for what, _ in found
                ]
            )
            if [what for what, _ in found] != [what for what, _ in stock[name]]:
                differ.append(f"{name}: other outputs")
            else:
                pairs = zip(found, stock[name], strict=True)
                differ += [f"{name}: {mine[0]}" for mine, theirs in pairs if mine != theirs]
        total = [count[kind] for kind in ("outputs", "pictures", "files")]
        print(
            f"| {way} | {len(names)} | {' | '.join(map(str, total))} | {'; '.join(differ) or '-'} |",
            flush=True,
        )
        wrong += [f"{way}: {each}" for each in differ]
    return wrong
