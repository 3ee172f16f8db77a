"""Knock at the doors of a checkout with many inputs, sound and faulty, and judge every answer.

    python benchmarks/doors.py BEFORE.csv                 # in one checkout
    python benchmarks/doors.py AFTER.csv                  # in the other
    python benchmarks/doors.py SOME.csv --only register   # one door, or the doors of one group

The inputs stand in `doors_tables.py`, `doors_files.py` and `doors_calls.py`. Each gets a copy of a small
project (figures of visits, one covariate, a few targets) and a process of its own, in which everything is
imported. An answer is one of

- clear: refused, or warned of where that is enough, in our words, with the place and what was found;
- right: accepted, and what was loaded is what was meant;
- wrong: a fault accepted, something vanished in silence, or a sound input refused;
- unclear: refused without its place, in the words of a library, or with characters that nobody can see;
- crash: an error that is no `SapaError`, a traceback, or a process that died;
- hang: no answer within the limit, in seconds of the processor, so that a busy machine changes nothing.
"""

from __future__ import annotations

import argparse
import builtins
import contextlib
import csv
import io
import multiprocessing
import os
import re
import resource
import shutil
import signal
import sys
import tempfile
import time
import unicodedata
import warnings
from collections import Counter
from collections.abc import Callable, Iterable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
sys.path.insert(0, os.getcwd())

import doors_calls
import doors_files
import doors_inputs as known
import doors_tables
from doors_inputs import Input

import sapa_analysis as sapa
from sapa_analysis.cli import main as sapa_command

CLASSES = ("clear", "right", "wrong", "unclear", "crash", "hang")
COLUMNS = ("door", "kind", "description", "right", "answer", "seconds", "said")
FOLDERS = ("data", "params", "register", "notebooks")
#: Bytes of memory of one process, so that a huge input does not take the machine with it.
MEMORY = 6 * 2**30
#: Seconds by the clock for one of the processor, before an input that only waits counts as hanging.
PATIENCE = 8
#: Words of pydantic, pandera, PyYAML, csv, numpy and Python that no reader of ours should meet.
FOREIGN = re.compile(
    r"Input should|[Ff]ield required|Extra inputs|should have at (least|most)|should be a valid|Value error,|"
    r"pydantic|pandera|validation error|str_matches|str_length|in_range|isin\(|greater_than|less_than_or|"
    r"\\d|\[a-z|\]\*|\^\(|<class|'NoneType'|\bdtype\b|object at 0x|has no attribute|codec can't|"
    r"invalid literal|could not convert|is not defined|unhashable|not subscriptable|maximum recursion|"
    r"while (parsing|scanning)|mapping values|could not (find|determine)|found (character|undefined)|"
    r"expected (<|a single|the node|alphabetic|a mapping)|did not find|cannot start any token|tag:yaml|"
    r"unexpected end of data|line contains NUL|new-line character|Timestamp\(|datetime\.date\(|numpy\."
)
#: The list of files, which each new file puts out of step: told by `sapa check`, and no fault of the input.
PACKAGE = re.compile(
    r"\w+: data/datapackage\.json has 1 problem\n.*\n?|data/datapackage\.json has 1 problem\n.*\n?"
)


def command(*words: str) -> tuple[bool, str]:
    """Return whether `sapa` ends with success in this process, and what it prints."""
    said = io.StringIO()
    try:
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            sapa_command(list(words), standalone_mode=False)
    except SystemExit as end:
        rest = PACKAGE.sub("", said.getvalue())
        only_package = rest != said.getvalue() and not re.search(r" has [\d,]+ problem", rest)
        return not end.code or only_package, rest
    return True, said.getvalue()


#: How a door answers: refused, accepted, raised, died or hang; the words; whether what it loaded is right.
Answer = tuple[str, str, bool]


def answer(item: Input, root: Path) -> Answer:
    """Return how a door answers, in this process."""
    os.chdir(root)
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        try:
            loaded = item.call(root)
            sound = item.expected is not None and bool(item.expected(loaded))
            words = ""
            if item.checked or (item.right != "right" and item.in_files and not sound):
                passed, words = command("check")
                if not passed:
                    return "refused", words, False
            return "accepted", "\n".join([words, *(f"warning: {each.message}" for each in told)]), sound
        except sapa.SapaError as error:
            return "refused", f"{type(error).__name__}: {error}", False
        except BaseException as error:
            return "raised", f"{type(error).__name__}: {error}", False


def child(item: Input, root: Path, line: Connection) -> None:
    """Answer in a process of its own."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (item.limit, item.limit + 1))
    sys.stdout = sys.stderr = io.StringIO()
    line.send((*answer(item, root), time.process_time()))


def asked(item: Input, root: Path) -> tuple[Answer, float]:
    """Return the answer of a door within the limit, and the seconds that it took of the processor."""
    ours, theirs = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("fork").Process(target=child, args=(item, root, theirs))
    process.start()
    theirs.close()
    try:
        if not ours.poll(PATIENCE * item.limit):
            return ("hang", "", False), item.limit
        *given, seconds = ours.recv()
        return tuple(given), round(seconds, 2)
    except EOFError:
        process.join()
        late = process.exitcode == -signal.SIGXCPU
        return ("hang" if late else "died", f"the process ended with {process.exitcode}", False), item.limit
    finally:
        process.kill()
        process.join()
        ours.close()


def classify(item: Input, outcome: str, words: str, sound: bool) -> str:
    """Return the class of an answer."""
    if outcome in ("hang", "raised", "died"):
        return "hang" if outcome == "hang" else "crash"
    if outcome == "refused":
        heads = words.lstrip().split(": ")[:2]
        if "Traceback" in words or any(head.endswith("Error") and hasattr(builtins, head) for head in heads):
            return "crash"
        return "wrong" if item.right == "right" else "clear" if is_clear(item, words) else "unclear"
    if item.right == "told" and words.strip() and is_named(item, words):
        return "clear" if is_clear(item, words) else "unclear"
    return "right" if sound else "wrong"


def is_named(item: Input, words: str) -> bool:
    """Return whether words hold all that they must name."""
    return all(any(form in words for form in name.split("|")) for name in item.names)


def is_clear(item: Input, words: str) -> bool:
    """Return whether words name place and finding, in our language, in characters that can be seen."""
    hidden = [
        sign for sign in words if sign not in "\n\t" and unicodedata.category(sign) in ("Cc", "Cf", "Co")
    ]
    short = not item.most_lines or words.strip().count("\n") < item.most_lines
    return is_named(item, words) and short and not hidden and not FOREIGN.search(words)


def small_project(checkout: Path, base: Path) -> None:
    """Make the project that all inputs start from: few rows, all columns, sound."""
    for folder in FOLDERS:
        shutil.copytree(checkout / folder, base / folder)
    data = base / "data"
    for path in (*data.glob("evidence/*"), *data.glob("covariates/*")):
        if path.relative_to(base).as_posix() not in known.FILES.values():
            path.unlink()
    for table in ("evidence", "targets"):
        known.thin(base / known.FILES[table])
    (data / "datapackage.json").write_text(sapa.evidence.package_text(data), encoding="utf-8")


def run(items: Iterable[Input], base: Path, report: Callable[[int, str], None]) -> list[dict[str, Any]]:
    """Return one row per input."""
    rows = []
    for number, item in enumerate(items, start=1):
        root = base
        if item.prepare is not None:
            root = base.with_name("copy")
            shutil.copytree(base, root, copy_function=os.link)
            item.prepare(root)
        (outcome, words, sound), seconds = asked(item, root)
        if root != base:
            shutil.rmtree(root)
        place = str(root.parent)
        said = " | ".join(line.strip() for line in words.replace(place, "").strip().split("\n"))
        said = said.encode("utf-8", "backslashreplace").decode()
        said = "".join(sign if sign.isprintable() else f"<U+{ord(sign):04X}>" for sign in said)
        found = classify(item, outcome, words, sound)
        rows.append(dict(zip(COLUMNS, (item.door, item.kind, item.description, item.right, found, seconds,
                                       said[:300]), strict=True)))  # fmt: skip
        report(number, item.door)
    return rows


def summary(rows: Iterable[dict[str, Any]]) -> str:
    """Return how many answers of each class every door gave."""
    counts = Counter((row["door"], row["answer"]) for row in rows)
    doors = list(dict.fromkeys(door for door, _ in counts))
    lines = [f"{'door':<16}{'inputs':>8}" + "".join(f"{name:>9}" for name in CLASSES)]
    for name, of in [*((door, {door}) for door in doors), ("all", set(doors))]:
        numbers = [
            sum(n for (door, found), n in counts.items() if door in of and found == each) for each in CLASSES
        ]
        lines.append(f"{name:<16}{sum(numbers):>8}" + "".join(f"{number:>9}" for number in numbers))
    return "\n".join(lines)


def warm(base: Path) -> None:
    """Load in this process all that the doors use, so that no input pays for an import."""
    os.chdir(base)
    passed, said = command("check")
    if not passed:
        raise SystemExit(f"the small project is not sound:\n{said}")
    sapa.open_project()
    known.warm(base)


def main() -> None:
    """Knock at all doors, or at one."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", type=Path, help="CSV file to write: one row per input")
    parser.add_argument(
        "--only", default="", metavar="DOOR", help="only doors whose name begins so; several with commas"
    )
    arguments = parser.parse_args()
    out, checkout, began = arguments.out.absolute(), Path.cwd(), time.perf_counter()
    print(f"the doors of {Path(str(sapa.__file__)).parent}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder) / "base"
        small_project(checkout, base)
        warm(base)
        items = [
            *doors_tables.table_inputs(base),
            *doors_files.file_inputs(base),
            *doors_calls.call_inputs(base),
        ]
        chosen = [item for item in items if item.door.startswith(tuple(arguments.only.split(",")))]

        def report(number: int, door: str) -> None:
            if number % 100 == 0:
                print(f"{number} of {len(chosen)}, {door}, {time.perf_counter() - began:.0f} s", flush=True)

        rows = run(chosen, base, report)
        os.chdir(checkout)
    with out.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        table.writeheader()
        table.writerows(rows)
    used = sum(os.times()[:4])
    print(f"{summary(rows)}\n{time.perf_counter() - began:.0f} seconds, {used:.0f} of the processor")


if __name__ == "__main__":
    main()
