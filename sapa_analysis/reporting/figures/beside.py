"""Labels where they cover neither each other nor what is drawn: beside marks, or at the ends of lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from .style import spread, write

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.text import Annotation, Text
    from matplotlib.transforms import Bbox

#: A place beside a mark: offset across in points and the side of the text held there, then the same upwards.
Place = tuple[float, str, float, str]
#: Where a label may stand near its mark, best first.
_NEAR: tuple[Place, ...] = (
    (2, "right", 3.5, "bottom"), (0, "center", 3.5, "bottom"), (-5, "right", 0, "middle"),
    (2, "right", -4, "top"), (0, "center", -4, "top"), (-2, "left", 3.5, "bottom"), (-2, "left", -4, "top"),
    (5, "left", 0, "middle"), (8, "right", -7, "top"), (8, "right", 7, "bottom"), (2, "right", 11, "bottom"),
    (2, "right", -11, "top"), (-4, "right", -2, "top"), (-4, "right", 2, "bottom"),
    (-4, "right", -9, "top"), (-4, "right", 9, "bottom"),
)  # fmt: skip
#: Further away, where a thin line leads to the mark: steps in points.
_AWAY = (*range(14, 80, 5), *range(80, 400, 10))
_ASIDE = (0.0, 25.0, 60.0, 120.0, 200.0, 320.0)
_HELD = {"left": 0.0, "center": 0.5, "right": 1.0, "bottom": 0.0, "middle": 0.5, "top": 1.0}
#: Weights of covering a mark or a line, of touching any line, and of a leader over a text.
_MARK, _LINE, _TOUCH, _CROSSED = 60.0, 2.0, 20.0, 30.0
#: Room in points between a label and another one, a mark, and a line; distance from which a leader is drawn.
_ROOM, _MARK_ROOM, _LINE_ROOM, _LEAD = 1.5, 3.5, 2.2, 12.0
_THREAD = "#9a9a9a"


@dataclass(frozen=True, slots=True)
class Label:
    """A text, the point that it names, and its look."""

    text: str
    at: tuple[float, float]
    color: str
    size: float = 7.0
    bold: bool = True
    first: tuple[Place, ...] = ()  # places tried before all others
    clear: float = 0.0  # more room in points around its mark
    lead: bool = True  # a thin line leads to it from far away


def write_beside(
    ax: Axes,
    labels: Iterable[Label],
    *,
    marks: Sequence[tuple[float, float]] = (),
    lines: Sequence[tuple[float, float]] = (),
    room: Bbox | None = None,
) -> list[Label]:
    """Write each label at the best place beside its mark, and return those for which there is no room.

    Those that come first choose first. No label meets another text of the axes or leaves the room. Limits and
    size of the axes must be final.

    Parameters
    ----------
    ax : matplotlib Axes
        The axes.
    labels : iterable of Label
        The labels.
    marks, lines : sequence of (x, y)
        Points, in data coordinates, that labels should not cover.
    room : Bbox, optional
        Where labels may stand, in pixels; by default within the axes.
    """
    points, curve = _pixels_of(ax, marks), _pixels_of(ax, lines)
    inside, taken, left = room or ax.bbox, boxes_of(ax), []
    for label in labels:
        written = write(ax, label.text, label.at, (0, 0), color=label.color, size=label.size, bold=label.bold)
        written.set_verticalalignment("bottom")
        best = _choose(ax, written, label, taken, points, curve, inside)
        if best is None:
            written.remove()
            left.append(label)
            continue
        place, box = best
        taken.append(box)
        _move(ax, written, label.at, box, lead=label.lead and abs(place[2]) > _LEAD)
    return left


def _choose(
    ax: Axes,
    written: Annotation,
    label: Label,
    taken: list[Bbox],
    marks: np.ndarray,
    curve: np.ndarray,
    room: Bbox,
) -> tuple[Place, Bbox] | None:
    """Return the cheapest place that meets no text, with its box in pixels."""
    scale, size = _pixels(ax, 1), written.get_window_extent()
    mark = ax.transData.transform(label.at)
    others = np.array([other.padded(_ROOM * scale).extents for other in taken]).reshape(-1, 4)
    found: list[tuple[float, int, Place, Bbox]] = []
    for rank, (place, cost) in enumerate(_places(label.first)):
        if found and cost >= found[0][0]:
            break  # places cost more and more
        box = _box(mark, size, place, label.clear, scale)
        if not (room.x0 < box.x0 and box.x1 < room.x1 and room.y0 < box.y0 and box.y1 < room.y1):
            continue
        x0, y0, x1, y1 = box.extents
        if ((others[:, 0] < x1) & (others[:, 2] > x0) & (others[:, 1] < y1) & (others[:, 3] > y0)).any():
            continue
        cost += _MARK * _within(box.padded(_MARK_ROOM * scale), marks)
        touched = _within(box.padded(_LINE_ROOM * scale), curve)
        cost += _LINE * min(touched, 30) + _TOUCH * (touched > 0)
        if label.lead and abs(place[2]) > _LEAD:
            way = np.linspace(mark, _nearest(box, mark), 12)
            cost += _CROSSED * sum(_within(other, way) > 0 for other in taken)
        found = sorted([*found, (cost, rank, place, box)], key=lambda each: each[:2])[:1]
    return found[0][2:] if found else None


@cache
def _places(first: tuple[Place, ...]) -> list[tuple[Place, float]]:
    """Return every place with what it costs by itself, the cheapest first."""
    sides = ((-1, "right", 4.0), (1, "left", -4.0))
    away: list[tuple[Place, float]] = [
        ((side * aside if aside else shift, held, sign * up, level), up / 2 + aside / 4 + 10)
        for up in _AWAY
        for aside in _ASIDE
        for sign, level in ((1, "bottom"), (-1, "top"))
        for side, held, shift in sides
    ]
    near = [(place, float(rank)) for rank, place in enumerate(_NEAR)]
    return sorted([*((place, -1.0) for place in first), *near, *away], key=lambda each: each[1])


def _move(ax: Axes, written: Annotation, at: tuple[float, float], box: Bbox, *, lead: bool) -> None:
    """Move a text to its place, and draw the thin line that leads to it from its mark."""
    mark, scale = ax.transData.transform(at), _pixels(ax, 1)
    written.set_position(((box.x0 - mark[0]) / scale, (box.y0 - mark[1]) / scale))
    if lead:
        ends = ax.transData.inverted().transform([mark, _nearest(box, mark)])
        [line] = ax.plot(*ends.T, color=_THREAD, linewidth=0.7, zorder=4.5, scalex=False, scaley=False)
        line.set_gid("leader")


def boxes_of(ax: Axes) -> list[Bbox]:
    """Return the boxes, in pixels, of the texts written on the axes."""
    return [text.get_window_extent() for text in _seen(ax)]


def _seen(ax: Axes) -> list[Text]:
    return [text for text in ax.texts if text.get_visible() and text.get_text().strip()]


def stacked(ax: Axes, heights: Sequence[float], size: float) -> list[float]:
    """Return where end labels stand, as shares of the height of the axes: near `heights`, none upon another.

    `heights` are values; `size` is that of the letters in points. Limits and size of the axes must be final.
    """
    low, high = ax.bbox.y0, ax.bbox.y1
    pixels = ax.transData.transform([(ax.get_xlim()[0], height) for height in heights])[:, 1]
    need = _pixels(ax, 1.32 * size + 1)
    shares = spread([float(min(max(pixel, low), high)) for pixel in pixels], need)
    shift = max(0.0, low + need / 2 - min(shares)) if shares else 0.0
    return [(share + shift - low) / (high - low) for share in shares]


def along(corners: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return points along a line, for `write_beside`."""
    if len(corners) < 2:
        return []
    years, values = zip(*corners, strict=True)
    steps = np.linspace(years[0], years[-1], 120)
    return list(zip(steps.tolist(), np.interp(steps, years, values).tolist(), strict=True))


def _box(mark: np.ndarray, size: Bbox, place: Place, clear: float, scale: float) -> Bbox:
    from matplotlib.transforms import Bbox

    across, side, up, level = place
    across += {"left": clear, "right": -clear}.get(side, 0.0) if level == "middle" else 0.0
    up += {"bottom": clear, "top": -clear}.get(level, 0.0)
    x = mark[0] + across * scale - _HELD[side] * size.width
    y = mark[1] + up * scale - _HELD[level] * size.height
    return Bbox.from_bounds(x, y, size.width, size.height)


def _nearest(box: Bbox, point: np.ndarray) -> np.ndarray:
    """Return the point of a box that is nearest to another point."""
    return np.asarray(np.clip(point, box.min, box.max))


def _within(box: Bbox, points: np.ndarray) -> int:
    """Return how many points lie in a box."""
    return int(((points >= box.min) & (points <= box.max)).all(axis=1).sum()) if len(points) else 0


def _pixels_of(ax: Axes, points: Sequence[tuple[float, float]]) -> np.ndarray:
    kept = [point for point in points if np.isfinite(point).all()]
    return np.asarray(ax.transData.transform(kept)) if kept else np.empty((0, 2))


def figure_of(ax: Axes) -> Figure:
    """Return the figure that the axes stand in."""
    figure = ax.get_figure(root=True)
    assert figure is not None
    return figure


def _pixels(ax: Axes, points: float) -> float:
    return points * figure_of(ax).dpi / 72
