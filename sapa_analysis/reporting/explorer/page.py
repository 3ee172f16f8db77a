"""The explorer as one HTML file: numbers packed, words of both languages, script and style within."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ...core import LANGUAGES, SapaError, write_whole
from ...pipeline import Explored
from ..language import texts
from ..paper.html import json_island
from ..templating import filled
from .data import page_data, unforecast

#: Scripts of the page in the order in which they stand.
_SCRIPTS = ("explorer_numbers.js", "explorer_state.js", "explorer_picture.js", "explorer_page.js",
            "explorer_away.js")  # fmt: skip


def write_explorer(editions: Sequence[Explored], out: Path | str, *, lang: str = "vi") -> Path:
    """Write a page on which a reader chooses an indicator and turns its levers: one file, no server.

    Parameters
    ----------
    editions : sequence of Explored
        As `pipeline.explore_editions` returns them: one area, by day; the page opens on the last.
    out : path
        The file, or a folder, in which it is `explorer.html`.
    lang : {"vi", "en"}
        Language in which the page opens; it holds both.

    Returns
    -------
    pathlib.Path
        The file: the same bytes from the same editions.

    Raises
    ------
    SapaError
        When there is no edition.
    OutputError
        When it cannot be written; then nothing is.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> import sapa_analysis as sapa
    >>> project, params = sapa.open_project(as_of="2023-06-30")
    >>> params = params.with_values(n_paths=100, scenarios=["base"], documents=["congress-2020"])
    >>> found = sapa.pipeline.explore(project, params)
    >>> with TemporaryDirectory() as folder:
    ...     path = sapa.reporting.write_explorer([found], folder, lang="en")
    ...     path.name, path.stat().st_size < 500_000
    ('explorer.html', True)
    """
    place = Path(out)
    file = place if place.suffix == ".html" else place / "explorer.html"
    return write_whole({file: explorer_page(editions, lang=lang)})[0]


def explorer_page(editions: Sequence[Explored], *, lang: str = "vi") -> str:
    """Return the page; where no edition has a forecast, one that says why."""
    if not editions:
        raise SapaError("nothing to explore: no figure of the area had been published on any of the days")
    words = {name: _words(name) for name in LANGUAGES}
    area = {
        name: str(editions[-1].project.areas.loc[editions[-1].params.area, f"name_{name}"])
        for name in LANGUAGES
    }
    some = any(one.levers for one in editions)
    packed = pack(page_data(editions)) if some else ""
    script = "\n".join(filled(name) for name in _SCRIPTS) if some else ""
    return filled(
        "explorer.html.j2",
        lang=lang,
        words=words[lang],
        both=words,
        languages=[lang, *(name for name in LANGUAGES if name != lang)],
        area=area,
        why=None if some else unforecast(editions),
        packed=packed,
        island=json_island(words) if some else "",
        script=_raw(script),
        policy=_policy(script),
    )


def pack(data: dict[str, Any]) -> str:
    """Return data as the page holds it: JSON, gzip without a clock, base64.

    Examples
    --------
    >>> from sapa_analysis.reporting.explorer.page import pack, unpack
    >>> pack({"a": [1, 2]}) == pack({"a": [1, 2]}), unpack(pack({"a": [1, 2]}))
    (True, {'a': [1, 2]})
    """
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return base64.b64encode(gzip.compress(text.encode(), compresslevel=9, mtime=0)).decode()


def unpack(packed: str) -> Any:
    """Return what `pack` packed."""
    return json.loads(gzip.decompress(base64.b64decode(packed)))


def _words(lang: str) -> dict[str, Any]:
    """Return the words of a language that the page needs."""
    all_ = texts(lang)
    needed = {name: all_["needed"][name] for name in ("lever", "takes", "level", "growth", "rarer")}
    return {
        **all_["explorer"],
        "heads": needed | {"target": all_["needed"]["target"], "chance": all_["needed"]["chance"]},
        "far": all_["plausibility"]["words"],
        "bases": all_["bases"],
        "decimal": all_["decimal"],
        "thousands": all_["thousands"],
    }


def _policy(script: str) -> str:
    """Return what the page may do: run its own script, show and save its own picture, ask nobody."""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    runs = f"'sha256-{digest}'" if script else "'none'"
    rules = ("default-src 'none'", "style-src 'unsafe-inline'", "img-src data: blob:", f"script-src {runs}")
    return "; ".join((*rules, "base-uri 'none'", "form-action 'none'"))


def _raw(text: str) -> Any:
    from markupsafe import Markup

    return Markup(text)
