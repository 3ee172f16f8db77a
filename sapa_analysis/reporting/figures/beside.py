"""Numbers written beside their marks where they cover neither each other nor what is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .style import write

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.transforms import Bbox

#: Where a number may stand beside its mark, best first: offset in points, and the side that is held there.
_PLACES = (
    ((2.0, 5.0), "right"), ((0.0, 5.0), "center"), ((-5.0, -2.5), "right"), ((2.0, -10.5), "right"),
    ((0.0, -10.5), "center"), ((-2.0, 5.0), "left"), ((-2.0, -10.5), "left"), ((5.0, -2.5), "left"),
    ((8.0, -14.0), "right"), ((8.0, 9.0), "right"), ((2.0, 13.0), "right"), ((2.0, -18.5), "right"),
    ((-4.0, -9.0), "right"), ((-4.0, 4.0), "right"), ((-4.0, -16.0), "right"), ((-4.0, 11.0), "right"),
)  # fmt: skip
#: Weights of what a number may cover: another number, a mark, a line; of touching any line; and of leaving
#: the axes.
_NUMBER, _MARK, _LINE, _TOUCH, _OUTSIDE = 100.0, 60.0, 2.0, 20.0, 80.0
#: Room in points between a number and another one, a mark, and a line.
_ROOM, _MARK_ROOM, _LINE_ROOM = 1.0, 3.5, 2.2


@dataclass(frozen=True, slots=True)
class Label:
    """A number, the point that it names, and its colour."""

    text: str
    at: tuple[float, float]
    color: str


def write_beside(
    ax: Axes,
    labels: list[Label],
    *,
    marks: list[tuple[float, float]],
    lines: list[tuple[float, float]],
    size: float,
) -> None:
    """Write each number at the best place beside its mark; those that come first choose first.

    `marks` and `lines` are the points, in data coordinates, that numbers should not cover.
    """
    taken: list[Bbox] = []
    for label in labels:
        boxes = _boxes(ax, label, size)
        costs = [rank + _cost(ax, box, taken, marks, lines) for rank, box in enumerate(boxes)]
        best = costs.index(min(costs))
        taken.append(boxes[best])
        offset, side = _PLACES[best]
        write(ax, label.text, label.at, offset, color=label.color, size=size, side=side, bold=True)


def _cost(
    ax: Axes, box: Bbox, taken: list[Bbox], marks: list[tuple[float, float]], lines: list[tuple[float, float]]
) -> float:
    cost = _NUMBER * sum(box.padded(_pixels(ax, _ROOM)).overlaps(other) for other in taken)
    cost += _MARK * _within(ax, box.padded(_pixels(ax, _MARK_ROOM)), marks)
    touched = _within(ax, box.padded(_pixels(ax, _LINE_ROOM)), lines)
    cost += _LINE * touched + _TOUCH * (touched > 0)
    room, right = ax.bbox, _figure(ax).bbox.x1
    inside = box.x0 > room.x0 and box.x1 < right and room.y0 < box.y0 and box.y1 < room.y1 + _pixels(ax, 3)
    return float(cost if inside else cost + _OUTSIDE)


def _within(ax: Axes, box: Bbox, points: list[tuple[float, float]]) -> int:
    """Return how many points lie in a box."""
    if not points:
        return 0
    places = ax.transData.transform(points)
    return int(((places >= box.min) & (places <= box.max)).all(axis=1).sum())


def _figure(ax: Axes) -> Figure:
    figure = ax.get_figure(root=True)
    assert figure is not None
    return figure


def _pixels(ax: Axes, points: float) -> float:
    return points * _figure(ax).dpi / 72


def _boxes(ax: Axes, label: Label, size: float) -> list[Bbox]:
    """Return the box of a number at each place, in pixels."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import TextPath
    from matplotlib.transforms import Bbox

    drawn = TextPath((0, 0), label.text, size=size, prop=FontProperties(family="DejaVu Sans", weight="bold"))
    ink = drawn.get_extents()
    width, height, below = (_pixels(ax, points) for points in (ink.width, ink.height, -ink.y0))
    x, y = ax.transData.transform(label.at)
    held = {"left": 0.0, "center": 0.5, "right": 1.0}
    return [
        Bbox.from_bounds(
            x + _pixels(ax, right) - held[side] * width, y + _pixels(ax, up) - below, width, height
        )
        for (right, up), side in _PLACES
    ]
