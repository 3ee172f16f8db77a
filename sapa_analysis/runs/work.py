"""The work of a batch: runs made side by side, shared with other processes, kept however it ends."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from contextlib import closing, suppress
from pathlib import Path
from traceback import clear_frames
from typing import Any

from ..core import HeldError, OutputError, held
from .journal import Row, append, entries_of, tidy, write_tables
from .key import Task
from .notebook import lost, perform
from .pool import call_all
from .resume import Past, look_up

#: Called with each event; see `run_jobs`.
OnEvent = Callable[[dict[str, Any]], None]
#: Seconds after which a batch looks again whether another process has ended a run.
_PAUSE = 0.1
#: How many times as long as it took to write the tables they stay as they are: that leaves the time to runs.
_SHARE = 10


def silent(event: dict[str, Any]) -> None:
    """Take an event and say nothing."""


class Work:
    """The runs of one call: their rows as far as they are known, and what is told of them."""

    def __init__(self, tasks: Mapping[str, Task], out: Path, on_event: OnEvent) -> None:
        self.tasks, self.out, self.rows = tasks, out, dict[str, Row]()
        self._places = {name: place for place, name in enumerate(tasks, 1)}
        self.ended: set[str] = set()
        self._on_event, self._telling, self._tabled = on_event, threading.Lock(), False
        self._next = 0.0

    def tell(self, event: str, **told: Any) -> None:
        """Hand on an event; one thread at a time."""
        with self._telling:
            self._on_event({"event": event, **told})

    @property
    def done(self) -> int:
        """The number of runs whose results stand."""
        return sum(self.rows[name]["status"] == "ok" for name in self.ended)

    def begin(self, *, tabled: bool, fresh: bool) -> None:
        """Read what is known of the runs, and write down what is planned."""
        tidy(self.out)
        journal = entries_of(self.out)
        past = Past(journal.entries)
        for line in journal.altered:
            said = "it was changed, so it is passed over"
            self.tell("notice", message=f"runs.jsonl, line {line}: {said}")
        if journal.torn:
            said = "writing it was cut off, so it is passed over"
            self.tell("notice", message=f"runs.jsonl, line {journal.torn}: {said}")
        self._tabled = tabled
        self.rows = {name: past.rows[name] for name in self.tasks if name in past.rows}
        found = {} if fresh else {name: look_up(task, past).row for name, task in self.tasks.items()}
        done = {name: row for name, row in found.items() if row is not None}
        self.tell("planned", runs=len(self.tasks), done=len(done))
        if tabled and past.plan != [*self.tasks]:
            append(self.out, {"plan": [*self.tasks]})
        for name, row in done.items():
            if name in past.rows:
                self._end("reused", name, row)

    def _about(self, task: Task) -> dict[str, Any]:
        place = self._places[task.name]
        return {"run": task.name, "place": place, "notebook": task.notebook, "parameters": task.given}

    def _started(self, task: Task) -> None:
        self.tell("started", **self._about(task))

    def _end(self, ending: str, name: str, row: Row) -> None:
        self.rows[name] = row
        self.ended.add(name)
        about = {**self._about(self.tasks[name]), "number": len(self.ended), "runs": len(self.tasks)}
        self.tell(ending, **about, **{key: row[key] for key in ("status", "error", "seconds")})

    def go(
        self, jobs: int, executor: Executor | None, how: tuple[bool, float | None, str], *, fail_fast: bool
    ) -> None:
        """Make the runs that are not done; what was made is kept however this ends."""
        try:
            waiting = [task for name, task in self.tasks.items() if name not in self.ended]
            while waiting:
                waiting = self._pass(waiting, jobs, executor, how, fail_fast)
                _await_one(waiting)
        except BaseException as error:
            clear_frames(error.__traceback__)  # a signal may have torn a lock out of its `with`: it is freed
            with suppress(OutputError):  # the first reason is the one to tell
                self._close()
            if isinstance(error, KeyboardInterrupt):
                self.tell("stopped", done=self.done, runs=len(self.tasks))
            raise
        self._close()

    def _close(self) -> None:
        tidy(self.out)
        if self._tabled:
            write_tables(self.out)

    def _renew(self) -> None:
        """Write the tables of what is known; of a very large batch not each time, as that takes its time."""
        begun = time.monotonic()
        if self._tabled and begun >= self._next:
            write_tables(self.out, [self.rows[name] for name in self.tasks if name in self.rows])
            self._next = time.monotonic() + _SHARE * (time.monotonic() - begun)

    def _pass(
        self,
        waiting: list[Task],
        jobs: int,
        executor: Executor | None,
        how: tuple[bool, float | None, str],
        fail_fast: bool,
    ) -> list[Task]:
        """Make runs; return those that another process makes at this moment."""
        busy = []
        started = None if executor else self._started
        calls = [(task, *how, started) for task in waiting]
        made = call_all(perform, calls, jobs=jobs, executor=executor)
        with closing(made) as outcomes:  # type: ignore[type-var]
            for number, outcome in outcomes:
                task = waiting[number]
                if isinstance(outcome, OutputError):
                    raise outcome
                ending, row = ("ended", lost(task, outcome)) if isinstance(outcome, Exception) else outcome
                if ending == "busy":
                    busy.append(task)
                    continue
                self._end(ending, task.name, row)
                self._renew()
                if fail_fast and row["status"] == "failed":
                    return []
        return busy


def _await_one(waiting: list[Task]) -> None:
    """Wait until no other process makes one of these runs."""
    while waiting:
        for task in waiting:
            with suppress(HeldError), held(task.lock, wait=0, leave=False):
                return
        time.sleep(_PAUSE)
