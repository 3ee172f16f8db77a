"""The model choices that a reader varies: a control for each, within what is declared."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from typing import Any

import ipywidgets as widgets

from ...core import Params, field_bounds, in_language
from ...forecasting import MODELS
from ..language import day, texts
from .desk import Desk
from .state import CHOICES


class Choices:
    """The controls of the model choices, and the button that applies them.

    Parameters
    ----------
    desk : Desk
        Where they start from.
    lang : {"vi", "en"}
        Language.
    apply : callable
        Gets all values by name when the button is pressed.
    """

    def __init__(self, desk: Desk, lang: str, apply: Callable[[Mapping[str, Any]], None]) -> None:
        words, self._first = texts(lang)["panel"], desk.params
        self.controls = {name: self._control(name, desk, lang) for name in CHOICES}
        self.button = widgets.Button(description=words["apply"])
        self.button.on_click(lambda _: apply(self.values))
        means = widgets.HTML(f"<p class='note'>{escape(words['model_means'])}</p>")
        self.box = widgets.VBox([means, *self.controls.values(), self.button])

    @property
    def values(self) -> dict[str, Any]:
        """What the controls say, by name."""
        return {name: control.value for name, control in self.controls.items()}

    def different(self, params: Params) -> dict[str, Any]:
        """Return the choices that differ from those of the notebook."""
        values = {name: getattr(params, name) for name in CHOICES}
        return {name: value for name, value in values.items() if value != getattr(self._first, name)}

    def put(self, params: Params) -> None:
        """Set the controls to what is applied."""
        for name, control in self.controls.items():
            control.value = getattr(params, name)

    @staticmethod
    def _control(name: str, desk: Desk, lang: str) -> widgets.DOMWidget:
        """Return the control of a choice: a list of what there is, or a number."""
        params, tables = desk.params, desk.project
        bounds = in_language(field_bounds(Params.model_fields[name]), lang)
        said = {"description": str(texts(lang)["panel"]["choices"][name]).format(bounds=bounds)}
        value = getattr(params, name)
        if name == "area":
            known = set(tables.evidence["area"]) | {value}
            places = tables.areas[tables.areas.index.isin(known)]
            offered = [
                (f"{text[:1].upper()}{text[1:]}", str(area)) for area, text in places[f"name_{lang}"].items()
            ]
        elif name == "as_of":
            offered = [(day(each, lang), each) for each in sorted({*params.editions, value})]
        elif name == "method":
            told = texts(lang)["trajectory_page"]["methods"]
            offered = [(told.get(each, each), each) for each in ("headline", *MODELS)]
        else:
            kind = widgets.IntText if isinstance(value, int) else widgets.FloatText
            return kind(value=value, **said)
        return widgets.Dropdown(options=offered, value=value, **said)
