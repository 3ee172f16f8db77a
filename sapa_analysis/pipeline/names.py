"""Names in parameters: each must stand in its table."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..core import Keyed, Problem, digest_of, kept, nearest, open_store
from ..evidence import load_areas, load_documents, load_indicators
from ..forecasting import MODELS

#: The tables that hold names.
_TABLES = ("indicators.csv", "areas.csv", "documents.csv")


@dataclass(frozen=True)
class Names:
    """What a parameter may name.

    Attributes
    ----------
    indicators, areas, documents, scenarios : collection of str
        Their ids.
    """

    indicators: Collection[str]
    areas: Collection[str]
    documents: Collection[str]
    scenarios: Collection[str]


def names_in(root: Path) -> Names:
    """Return the names of a project; of scenarios only their files are looked for, none is read."""
    data = root / "data"
    read = [(name, _bytes(data / name)) for name in _TABLES]
    files = tuple(sorted(path.stem for path in (root / "params/scenarios").glob("*.yml")))
    indicators, areas, documents = _ids(Keyed(digest_of(read), data, open_store(root)))
    return Names(indicators, areas, documents, files)


@kept(size=4)  # a batch asks for each of its runs
def _ids(asked: Keyed) -> tuple[tuple[str, ...], ...]:
    return tuple(
        tuple(map(str, load(asked.things).index)) for load in (load_indicators, load_areas, load_documents)
    )


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def unknown_names(values: Mapping[str, Any], known: Names) -> list[Problem]:
    """Return a problem for every name among checked values of parameters that is in no table.

    Parameters
    ----------
    values : mapping
        Values by parameter, as `Params` holds them; `indicator` is one or several.
    known : Names
        What may be named.
    """
    return [
        Problem("parameters", 0, column, f'"{word}" is unknown; {nearest(word, among)}')
        for column, word, among in _named(values, known)
        if word not in among
    ]


def _named(values: Mapping[str, Any], known: Names) -> Iterator[tuple[str, str, Collection[str]]]:
    methods = [*MODELS, "headline"]
    tables = {"indicator": known.indicators, "area": known.areas, "premiums": known.indicators,
              "plans_inform": known.indicators, "documents": known.documents, "scenarios": known.scenarios,
              "method": methods}  # fmt: skip
    for column, among in tables.items():
        named = values.get(column, ())
        for word in [named] if isinstance(named, str) else named:
            yield column, word, among
    for bridge in values.get("bridges", ()):
        yield from (("bridges", bridge.indicator, known.indicators), ("bridges", bridge.of, known.areas),
                    ("bridges", bridge.to, known.areas))  # fmt: skip
    for link in values.get("links", ()):
        yield from (("links", word, known.indicators) for word in (link.of, link.to))
        yield from [("links", link.area, known.areas)] if link.area else []
    for words in values.get("subjects", {}).values():
        yield from (("subjects", word, known.indicators) for word in words)
