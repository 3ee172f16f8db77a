"""The panel itself: the widgets, and what happens when one of them is touched."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Any

import ipywidgets as widgets

from ...core import Forecast, SapaError, in_language
from ...scenarios import BASELINE, Scenario
from ..language import indicator_name, texts
from ..subject import indicator_row
from .choices import Choices
from .desk import Desk, Seen, at_rest, moved, turns_in
from .files import Files
from .look import panel_look
from .saving import name_of
from .state import CHANCES, State, as_query
from .view import (
    answer_html,
    answer_lines,
    as_python,
    as_yaml,
    chances_html,
    far_html,
    indicators_offered,
    needed_html,
    picture_html,
    scenarios_offered,
    turns_offered,
)

#: Seconds without a further touch after which the picture follows; words and tables follow at once.
_PAUSE = 0.15


class Panel(widgets.VBox):  # type: ignore[misc]
    """The panel of a notebook; see `scenario_panel`."""

    def __init__(self, start: Desk, desk: Desk, state: State, lang: str, message: str) -> None:
        self.desk, self.lang, self.words = desk, lang, texts(lang)["panel"]
        self.said: list[str] = []
        self._quiet = False
        self._needed: tuple[object, ...] = ()
        self._waiting: asyncio.TimerHandle | None = None
        self._sliders: dict[str, widgets.SelectionSlider] = {}
        words = self.words
        self.message = widgets.HTML().add_class("sapa-live")
        self.indicator = widgets.Dropdown(description=words["indicator"])
        self.scenario = widgets.Dropdown(description=words["scenario"])
        self.levers = widgets.VBox()
        self.reset = widgets.Button(description=words["reset"])
        self.answer = widgets.HTML().add_class("sapa-live")
        self.far, self.picture, self.chances, self.needed = (widgets.HTML() for _ in range(4))
        self.chance = widgets.Dropdown(
            options=[(words["percent"].format(n=each), each) for each in CHANCES],
            description=words["chance"],
        )
        self.yaml = widgets.Textarea(description=words["copy_yaml"], rows=14)
        self.python = widgets.Textarea(description=words["copy_python"], rows=10)
        self.send = widgets.HTML()
        self.choices = Choices(start, lang, self._choose)
        self.choices.put(desk.params)
        self.files = Files(desk.project, lang, lambda: self.desk.seen(self.state).scenario, self._take)
        for each in (self.files.name, self.files.reason, self.files.source):
            each.observe(lambda _: self.guarded(self._write_copies), "value")
        folds = {
            "model": self.choices.box, "save": self.files.save_box, "open": self.files.open_box,
            "copy": widgets.VBox([self.yaml, self.python]), "send": self.send,
        }  # fmt: skip
        self.folds = widgets.Accordion(
            children=list(folds.values()), titles=[words[name] for name in folds], selected_index=None
        )
        turned = [self._said("h3", "levers"), self._said("p", "levers_mean"), self.levers, self.reset]
        left = widgets.VBox([self.indicator, self.scenario, *turned]).add_class("sapa-controls")
        right = widgets.VBox([self.answer, self.far, self.picture, self.chances])
        needed = widgets.VBox([self._said("h3", "needed"), self._said("p", "needed_means"), self.chance])
        self.chance.add_class("sapa-chance")
        columns = widgets.Box([left, right.add_class("sapa-results")]).add_class("sapa-columns")
        super().__init__([self.message, columns, needed, self.needed, self.folds])
        self.add_class("sapa-panel")
        self._set(state)
        for each in (self.indicator, self.scenario, self.chance):
            each.observe(self._touched, "value")
        self.reset.on_click(lambda _: self.show(State(self.indicator.value, chance=self.chance.value)))
        self.tell(message, refused=True)
        self.refresh(at_once=True)

    def __repr__(self) -> str:
        return "<scenario panel>"

    def _ipython_display_(self) -> None:
        from IPython.display import HTML, display, publish_display_data

        display(HTML(panel_look()))  # type: ignore[no-untyped-call]
        note = f"<p>{escape(self.words['in_copy'])}</p>"
        publish_display_data({**self._repr_mimebundle_(), "text/html": note})  # type: ignore[no-untyped-call]

    def _said(self, kind: str, name: str) -> widgets.HTML:
        look = " class='note'" if kind == "p" else ""
        return widgets.HTML(f"<{kind}{look}>{escape(self.words[name])}</{kind}>")

    def tell(self, message: str, *, refused: bool = False) -> None:
        """Say something above the panel; nothing takes it away."""
        look = "refused" if refused else "done"
        self.message.value = f"<p class='{look}'>{escape(message)}</p>" if message else ""

    @property
    def state(self) -> State:
        """What is set now."""
        levers = self.desk.levers(self.indicator.value)
        turned = moved(levers, {name: self._sliders[name].value for name in levers})
        choices = self.choices.different(self.desk.params)
        return State(self.indicator.value, self.scenario.value, turned, self.chance.value, choices)

    def show(self, state: State) -> None:
        """Set everything to a state, and show what it brings."""
        self._set(state)
        self.tell("")
        self.refresh()

    def _set(self, state: State) -> None:
        self._quiet = True
        try:
            self.indicator.options = indicators_offered(self.desk, self.lang)
            self.scenario.options = scenarios_offered(self.desk, self.lang)
            self.indicator.value, self.scenario.value = state.indicator, state.scenario
            self.chance.value = state.chance
            self._offer_levers(state.turns)
        finally:
            self._quiet = False

    def _offer_levers(self, turns: Mapping[str, float]) -> None:
        """Offer the levers of the indicator, those that are turned where they were."""
        levers = self.desk.levers(self.indicator.value)
        for name, fan in levers.items():
            if name not in self._sliders:
                self._sliders[name] = self._slider(name, fan)
            self._sliders[name].value = turns.get(name, at_rest(fan))
        shown = tuple(self._sliders[name] for name in levers)
        if self.levers.children != shown:
            self.levers.children = shown

    def _slider(self, name: str, fan: Forecast) -> widgets.SelectionSlider:
        slider = widgets.SelectionSlider(
            options=turns_offered(fan, self.lang),
            value=at_rest(fan),
            description=indicator_name(indicator_row(name, self.desk.project.indicators), self.lang),
            continuous_update=False,
        )
        slider.observe(self._touched, "value")
        return slider

    def _touched(self, change: Any) -> None:
        if self._quiet:
            return
        self.tell("")
        if change["owner"] is self.indicator:
            self._quiet = True
            try:
                self._offer_levers({name: slider.value for name, slider in self._sliders.items()})
            finally:
                self._quiet = False
        self.refresh()

    def refresh(self, *, at_once: bool = False) -> None:
        """Show what is set: words and tables at once, the picture when no further touch follows."""
        self.guarded(lambda: self._refresh(at_once))

    def _refresh(self, at_once: bool) -> None:
        state = self.state
        seen = self.desk.seen(state)
        self.said = lines = answer_lines(self.desk, state, seen, self.lang)
        self.answer.value, self.far.value = answer_html(lines), far_html(seen, self.lang)
        self.chances.value = chances_html(self.desk, state, seen, self.lang)
        self._write_copies()
        self.send.value = self._link(state)
        self._soon(lambda: self._draw(state, seen, lines[0]), at_once)

    def _draw(self, state: State, seen: Seen, alt: str) -> None:
        self.picture.value = picture_html(self.desk, state, seen, alt, self.lang)
        asked = self.desk, state.indicator, state.chance
        if asked != self._needed:
            self.needed.value, self._needed = needed_html(self.desk, state, self.lang), asked

    def _soon(self, call: Callable[[], None], at_once: bool) -> None:
        """Call after a pause, unless another call takes its place; at once where no loop runs."""
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None
        try:
            loop = None if at_once else asyncio.get_running_loop()
        except RuntimeError:
            loop = None
        if loop is None:
            call()
        else:
            self._waiting = loop.call_later(_PAUSE, self.guarded, call)

    def guarded(self, call: Callable[[], None]) -> None:
        """Call, and say in words what goes wrong: a traceback would reach nobody."""
        try:
            call()
        except SapaError as error:
            self.tell(error.in_language(self.lang), refused=True)
        except Exception as error:
            self.tell(self.words["unexpected"].format(error=f"{type(error).__name__}: {error}"), refused=True)

    def _write_copies(self) -> None:
        """Write the scenario that is set as YAML and Python."""
        kept = self.files.named(self.desk.scenario_of(self.state))
        self.yaml.value = as_yaml(kept, self.files.reason.value, self.files.source.value, self.lang)
        self.python.value = as_python(kept)

    def _link(self, state: State) -> str:
        """Return the link to what is seen, or the parameters where no address leads to the panel."""
        query = as_query(state)
        if not served():
            lines = [f'indicator = "{state.indicator}"']
            lines += [f"{name} = {value!r}" for name, value in state.choices.items()]
            told = escape("\n".join([*lines, "", f"?{query}"]))
            return f"<p>{escape(self.words['send_parameters'])}</p><pre>{told}</pre>"
        host = f"{os.environ.get('SERVER_NAME', '')}:{os.environ.get('SERVER_PORT', '')}"
        here = f"http://{host}{os.environ.get('SCRIPT_NAME', '/')}"
        [other] = {"vi", "en"} - {self.lang}
        link, turned = (escape(f"?lang={lang}&{query}") for lang in (self.lang, other))
        return (
            f"<p>{escape(self.words['send_link'])}</p>"
            f"<p><a class='sapa-link' href='{link}'>{escape(here)}{link}</a></p>"
            f"<p><a lang='{other}' href='{turned}'>{escape(self.words['other_language'])}</a></p>"
        )

    def _choose(self, values: Mapping[str, Any]) -> None:
        """Forecast everything anew under other model choices."""
        self.tell(self.words["solving"])
        self.guarded(lambda: self._solve(values))

    def _solve(self, values: Mapping[str, Any]) -> None:
        before = self.state
        desk = self.desk.solved(values)
        offered = desk.offered()
        if not offered:
            self.tell(self.words["nothing"], refused=True)
            return
        self.desk, self._sliders = desk, {}
        indicator = before.indicator if before.indicator in offered else offered[0]
        scenario = before.scenario if before.scenario in desk.scenarios() else BASELINE
        levers = desk.levers(indicator)
        turns = {name: turn for name, turn in before.turns.items() if name in levers}
        self.show(State(indicator, scenario, turns, before.chance))
        self.tell(self.words["solved"])

    def _take(self, scenario: Scenario, file: Path) -> str:
        """Set what a file says: its levers, or the whole of it where levers cannot show it."""
        if why := self.desk.why_not(scenario):
            return str(self.words["not_here"]).format(file=file.name, why=in_language(why, self.lang))
        state = State(self.indicator.value, chance=self.chance.value)
        turns = turns_in(scenario, self.desk.levers(state.indicator))
        if turns is None:
            self.desk.give(name_of(file), scenario)
            self.show(replace(state, scenario=name_of(file)))
        else:
            self.show(replace(state, turns=turns))
        return ""


def served() -> bool:
    """Return whether Voilà shows the notebook: then an address leads to the panel."""
    return os.environ.get("SERVER_SOFTWARE", "").startswith("voila")
