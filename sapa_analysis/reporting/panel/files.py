"""The parts of the panel that save a scenario to a file, and open one that was saved."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any

import ipywidgets as widgets

from ...core import LANGUAGES
from ...pipeline import Project
from ...scenarios import Scenario
from ..language import texts
from .desk import OWN
from .saving import files_saved, opened, saved


class Files:
    """Where a name, a reason and a source are written, and the list of what was saved.

    Parameters
    ----------
    project : Project
        Below it the files lie.
    lang : {"vi", "en"}
        Language.
    current : callable
        Returns the scenario that is set.
    take : callable
        Sets the scenario of a file, and returns why it does not hold, or nothing.
    """

    def __init__(
        self,
        project: Project,
        lang: str,
        current: Callable[[], Scenario],
        take: Callable[[Scenario, Path], str],
    ) -> None:
        self._project, self._lang, self._current, self._take = project, lang, current, take
        self._words = words = texts(lang)["panel"]
        self.name, self.reason, self.source = (
            widgets.Text(description=words[each]) for each in ("name", "reason", "source")
        )
        self.button = widgets.Button(description=words["save_button"])
        self.button.on_click(self._save)
        self.told, self.found = (widgets.HTML().add_class("sapa-live") for _ in range(2))
        self.choice = widgets.Dropdown(description=words["open"])
        self.choice.observe(self._open, "value")
        self.list_files()
        means = widgets.HTML(f"<p class='note'>{escape(words['save_means'])}</p>")
        self.save_box = widgets.VBox([means, self.name, self.reason, self.source, self.button, self.told])
        self.open_box = widgets.VBox([self.choice, self.found])

    def named(self, scenario: Scenario) -> Scenario:
        """Return a scenario under the name that is written; what is set by hand has none of its own."""
        name = self.name.value.strip() or (self._words["as_set"] if scenario.name == OWN else "")
        told = {"name": name, "label": dict.fromkeys(LANGUAGES, name)}
        return scenario.model_copy(update=told) if name else scenario

    def list_files(self) -> None:
        """Offer the files that are there now; one that cannot be read says so."""
        offered: list[tuple[str, str]] = []
        for file in files_saved(self._project):
            scenario, _ = opened(self._project, file, self._lang)
            label = scenario.label[self._lang] if scenario else ""
            told = f"{file.name}: {label}" if scenario else self._words["open_broken"].format(file=file.name)
            offered.append((told, file.name))
        first = self._words["open_none" if offered else "open_no_file"]
        self.choice.options = [(first, ""), *offered]

    def _save(self, _: Any) -> None:
        given = self.name.value, self.reason.value, self.source.value
        file, told = saved(self._project, self._current(), *given, self._lang)
        self.told.value = _box(told, refused=file is None)
        if file:
            self.list_files()

    def _open(self, change: Any) -> None:
        if not change["new"]:
            return
        there = {each.name: each for each in files_saved(self._project)}
        if change["new"] not in there:
            self.list_files()
            return
        file = there[change["new"]]
        scenario, why = opened(self._project, file, self._lang)
        if scenario is not None:
            why = self._take(scenario, file)
        told = why or self._words["opened"].format(file=file.name)
        self.found.value = _box(told, refused=bool(why))


def _box(told: str, *, refused: bool) -> str:
    return f"<p class='{'refused' if refused else 'done'}'>{escape(told)}</p>"
