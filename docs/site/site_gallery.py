"""The gallery: every picture of the package, with the call that draws it.

The calls stand in `gallery_calls.py`, one cell each; what is shown as the call is what was run.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

_CELL = re.compile(r"^# %% (?P<head>.+)\n", re.MULTILINE)
HERE = Path(__file__).parent


def calls() -> dict[str, str]:
    """Return the cells of `gallery_calls.py` by their head: `begin`, then one for each `plot_*`."""
    _, *parts = _CELL.split((HERE / "gallery_calls.py").read_text(encoding="utf-8"))
    return {head: code.strip() for head, code in zip(parts[::2], parts[1::2], strict=True)}


def gallery_page() -> str:
    """Return the gallery as Markdown; `draw_gallery` makes its pictures."""
    begin, *drawn = calls().items()
    parts = [
        "# Gallery",
        "Every picture that the package draws, each with the call that drew it when this site was built. "
        'All take `lang="vi"`, the default, or `lang="en"`; axes of your own go in as `ax=`. '
        "{doc}`What each call takes <api/reporting.figures>`. The pictures rest on these lines:",
        f"```python\n{begin[1]}\n```",
        '<div class="thumbs">',
        *(f"[![{name}](gallery/{name}.svg)](#{name.replace('_', '-')})" for name, _ in drawn),
        "</div>",
    ]
    for name, code in drawn:
        told, _, call = code.partition("\n")
        text = told.removeprefix("# ")
        parts += [
            f"## {name}",
            f"{text} {{py:func}}`What it takes <sapa_analysis.reporting.figures.{name}>`.",
            f"![{text}](gallery/{name}.svg)",
            f"```python\n{call}\n```",
        ]
    return "\n\n".join(parts) + "\n"


def draw_gallery() -> dict[str, bytes]:
    """Run the calls in their order, and return the pictures by their place in the site."""
    space: dict[str, Any] = {}
    pictures = {}
    for name, code in calls().items():
        pictures |= {f"gallery/{name}.svg": each for each in drawn_by(code, space)}
    return pictures


def drawn_by(code: str, space: dict[str, Any]) -> list[bytes]:
    """Run code in a space of names, and return the last picture that it drew, if any, as SVG."""
    import io

    import matplotlib as mpl
    import matplotlib.pyplot as plt

    mpl.use("Agg")
    plt.close("all")
    exec(compile(code, "gallery_calls.py", "exec"), space)
    if not plt.get_fignums():
        return []
    kept = io.BytesIO()
    plt.gcf().savefig(kept, format="svg", bbox_inches="tight", pad_inches=0.12, metadata={"Date": None})
    plt.close("all")
    return [kept.getvalue()]
