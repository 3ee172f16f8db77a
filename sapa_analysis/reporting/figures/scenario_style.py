"""Style of each scenario by its name: colour, dash and mark, and the sample of them beside its label."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Length of the sample of a line beside its label, and its distance from the text, in typographic points.
SAMPLE, _GAP = 26.0, 5.0


@dataclass(frozen=True, slots=True)
class ScenarioStyle:
    """Colour, dash and mark of one scenario, in the words of matplotlib."""

    color: str
    dash: tuple[float, ...]
    mark: str
    filled: bool = True

    @property
    def in_grey(self) -> tuple[tuple[float, ...], str, bool]:
        """What is left of the style in black and white."""
        return self.dash, self.mark, self.filled

    def line(self, **more: Any) -> dict[str, Any]:
        """Return the options of `Axes.plot` and `Axes.errorbar` for this scenario."""
        face = self.color if self.filled else "white"
        dash: Any = (0, self.dash) if self.dash else "solid"
        look = {"color": self.color, "linestyle": dash, "marker": self.mark, "markerfacecolor": face}
        return {**look, "linewidth": 2, "markersize": 5.5, **more}


def scenario_styles(names: Iterable[str]) -> dict[str, ScenarioStyle]:
    """Return the style of each scenario: that of the style file, else one that follows from its name.

    Order does not matter. Where two unlisted names ask for the same style, the later in the alphabet takes
    the next free one.

    Examples
    --------
    >>> from sapa_analysis.reporting.figures.scenario_style import scenario_styles
    >>> scenario_styles(["low", "base"])["base"]
    ScenarioStyle(color='#0b5394', dash=(), mark='s', filled=True)
    """
    listed, free = _read()
    found, taken = {}, set[int]()
    for name in sorted(set(names) - set(listed)):
        slot = int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big") % len(free)
        while slot in taken and len(taken) < len(free):
            slot = (slot + 1) % len(free)
        taken.add(slot)
        found[name] = free[slot]
    return {name: listed[name] if name in listed else found[name] for name in names}


@cache
def _read() -> tuple[dict[str, ScenarioStyle], tuple[ScenarioStyle, ...]]:
    """Return the listed styles, and those for other names: every other pair of dash and mark, filled."""
    read = yaml.safe_load(files(__package__).joinpath("../scenario_styles.yml").read_text(encoding="utf-8"))
    dashes = {name: tuple(lengths) for name, lengths in read["dashes"].items()}
    listed = {
        name: ScenarioStyle(each["colour"], dashes[each["dash"]], each["mark"], each.get("filled", True))
        for name, each in read["scenarios"].items()
    }
    used = {style.in_grey for style in listed.values()}
    pairs = [(dash, mark) for mark in read["marks"] for dash in dashes.values()]
    colours = read["colours"]
    free = [
        ScenarioStyle(colours[place % len(colours)], dash, mark)
        for place, (dash, mark) in enumerate(pairs)
        if (dash, mark, True) not in used
    ]
    return listed, tuple(free)


def draw_sample(
    ax: Axes,
    at: tuple[float, float],
    offset: tuple[float, float],
    style: ScenarioStyle,
    *,
    coords: Any = None,
) -> None:
    """Draw a sample of the line and mark of a scenario beside a point, `offset` typographic points away.

    The point is in data coordinates unless `coords` is another transform. The sample takes no part in limits.
    """
    from matplotlib.lines import Line2D
    from matplotlib.transforms import ScaledTranslation

    figure = ax.get_figure(root=True)
    assert figure is not None
    place: Any = ax.transData if coords is None else coords
    inches = figure.dpi_scale_trans + ScaledTranslation(*at, place)
    x = [(offset[0] + part * SAMPLE) / 72 for part in (0, 0.5, 1)]
    line = Line2D(x, [offset[1] / 72] * 3, transform=inches, clip_on=False, zorder=7,
                  **style.line(markevery=[1], linewidth=1.8))  # fmt: skip
    line.set_gid("sample")
    ax.add_artist(line)


def name_line(
    ax: Axes, text: str, at: tuple[float, float], style: ScenarioStyle, *, coords: Any = None
) -> None:
    """Write the label of a scenario right of a point, behind a sample of its line and mark."""
    place: Any = ax.transData if coords is None else coords
    draw_sample(ax, at, (8, 0), style, coords=place)
    ax.annotate(text, at, xycoords=place, xytext=(8 + SAMPLE + _GAP, 0), textcoords="offset points",
                fontsize=9, color=style.color, va="center", weight="bold", annotation_clip=False)  # fmt: skip
