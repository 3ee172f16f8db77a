"""What the commands that run notebooks tell: events as they come, what is planned, how a stop leaves it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..core import in_language
from .console import language

if TYPE_CHECKING:
    import pandas as pd

#: Parameters that a line of progress shows.
_SHOWN = ("area", "indicator", "as_of", "lang")
#: Parameters that it leaves out, and the most characters of another one.
_ASIDE, _LONGEST = ("horizon", "seed", "out", "office"), 40


def label_of(told: Any) -> str:
    """Return the name of a run for a line of progress."""
    given = told["parameters"]
    chosen = [str(given[key]) for key in _SHOWN if given.get(key)]
    choices = [name for name in given if name not in (*_SHOWN, *_ASIDE) and given[name] is not None]
    return " ".join([told["notebook"], *chosen, *(f"{name}={given[name]}"[:_LONGEST] for name in choices)])


class Told:
    """Teller of the events of a batch: JSON, one object a line, or lines and a bar on a terminal."""

    def __init__(self, *, as_json: bool, tidy: ExitStack) -> None:
        self._as_json, self._tidy, self._lang = as_json, tidy, language()
        self._bar: Any = None
        self.runs = self.done = 0
        self.internal: list[Path] = []
        self.notices: list[str] = []

    def __call__(self, event: dict[str, Any]) -> None:
        """Tell an event."""
        kind = event["event"]
        if kind in ("planned", "stopped"):
            self.runs, self.done = event["runs"], event["done"]
        if self._as_json:
            click.echo(json.dumps(event, ensure_ascii=False, default=str))
            sys.stdout.flush()
        elif kind == "planned" and event["done"]:
            self.say(f"{event['done']} of {event['runs']} runs are done already")
        elif kind == "notice":
            self.notices.append(event["message"])
            self.say(event["message"], err=True)
        elif kind == "ended":
            self._ended(event)
        elif kind == "internal":
            self.internal = event["files"]

    def _ended(self, event: dict[str, Any]) -> None:
        name, failed = label_of(event), event["status"] == "failed"
        if sys.stderr.isatty():
            if self._bar is None:
                bar = click.progressbar(
                    length=event["runs"], item_show_func=lambda name: name or "", file=sys.stderr
                )
                self._bar = self._tidy.enter_context(bar)
            self._bar.update(event["number"] - self._bar.pos, name)
        else:
            click.echo(f"[{event['number']}/{event['runs']}] {name}")
        if failed:
            self.say(f"run {event['place']} failed: {event['error']}", err=True)

    def say(self, text: str, *, err: bool = False) -> None:
        """Tell a sentence, above the bar if there is one."""
        start = "\r\x1b[K" if self._bar and err else ""
        click.echo(start + in_language(text, self._lang), err=err)


@contextmanager
def telling(*, as_json: bool = False) -> Iterator[Told]:
    """Yield a teller of events; a stop by Ctrl-C or SIGTERM ends the command with its status and one line."""
    from ..runs import Terminated, stops_on_sigterm

    with ExitStack() as tidy:
        told = Told(as_json=as_json, tidy=tidy)
        try:
            with stops_on_sigterm():
                yield told
        except KeyboardInterrupt as stop:
            tidy.close()
            said = f"stopped: {told.done} of {told.runs} runs are done; the same command makes the others"
            told.say(said if told.runs else "stopped before a run began", err=True)
            sys.exit(143 if isinstance(stop, Terminated) else 130)


def tell_plan(plan: pd.DataFrame, *, why: bool, as_json: bool = False) -> None:
    """Tell how many runs are done, and of the others which they are and why they are not."""
    if as_json:
        for row in plan.to_dict("records"):
            click.echo(json.dumps({"event": "plan", **row}, ensure_ascii=False, default=str))
        return
    lang, states = language(), plan["state"].value_counts()
    for row in plan.to_dict("records") if why else []:
        if row["state"] != "done":
            reasons = "; ".join(in_language(reason, lang) for reason in row["why"].split("; "))
            click.echo(f"{label_of(row)}: {reasons}")
    done, new, stale, failed = (int(states.get(state, 0)) for state in ("done", "new", "stale", "failed"))
    said = f"{len(plan)} runs: {done} done, {new} new, {stale} stale, {failed} failed before"
    click.echo(in_language(said, lang))
