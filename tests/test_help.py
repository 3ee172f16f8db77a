"""Help at hand: `?` on every public name tells its parameters, and completion offers what matters."""

from __future__ import annotations

import dataclasses
import inspect
import re
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from types import FunctionType
from typing import Any

import pandas as pd
import pytest
from pydantic import BaseModel

import sapa_analysis as sapa
from sapa_analysis.pipeline.notebook_parameters import NAMES

pytest_plugins = ["loaded"]
ROOT = Path(__file__).parents[1]
DOORS = sorted(
    ".".join(path.parent.relative_to(ROOT).parts) for path in (ROOT / "sapa_analysis").rglob("__init__.pyi")
)
#: What tells the unit of a number that is no whole one, or that it has none.
UNITS = re.compile(
    r"unit|share|chance|probability|percent|points|factor|seconds|years|multiplied|standard deviation"
    r"|elasticity|correlation|\bMB\b|0 to 1|between 0 and 1|by the clock|upper over lower",
    re.IGNORECASE,
)


def sections(text: str | None) -> dict[str, str]:
    """Return the sections of a docstring of numpydoc by their heads; what stands before the first is ""."""
    parts = re.split(r"^([A-Z][A-Za-z ]+)\n-{3,}$", inspect.cleandoc(text or ""), flags=re.M)
    return {"": parts[0], **dict(zip(parts[1::2], parts[2::2], strict=True))}


def described(section: str) -> dict[str, str]:
    """Return what a section says of each name in it."""
    found: dict[str, str] = {}
    names: list[str] = []
    for line in section.splitlines():
        if line and not line[0].isspace():
            names = [name.strip().lstrip("*") for name in line.split(":")[0].split(",")]
            found |= dict.fromkeys(names, "")
        found |= {name: f"{found[name]} {line.strip()}" for name in names if line.startswith("    ")}
    return found


def public() -> Iterator[tuple[str, Any]]:
    """Yield everything that a door hands on and the package defines, with its door and name."""
    for place in DOORS:
        door = import_module(place)
        for name in door.__all__:
            thing = inspect.unwrap(getattr(door, name))
            if isinstance(thing, FunctionType | type) and thing.__module__.startswith("sapa_analysis"):
                yield f"{place}.{name}", thing


def missing(function: Callable[..., Any]) -> set[str]:
    """Return the parameters of a function that its docstring does not describe."""
    told = described(sections(function.__doc__).get("Parameters", ""))
    return {
        name for name in inspect.signature(function).parameters if name not in ("self", "cls")
    } - told.keys()


def fields(kind: type) -> dict[str, Any]:
    """Return the fields of a model or a dataclass with their annotations, but those that are its own affair."""
    if issubclass(kind, BaseModel):
        return {name: field.annotation for name, field in kind.model_fields.items()}
    if dataclasses.is_dataclass(kind):
        return {
            field.name: field.type for field in dataclasses.fields(kind) if not field.name.startswith("_")
        }
    return {}


def methods(kind: type) -> Iterator[tuple[str, FunctionType]]:
    for name, value in vars(kind).items():
        value = value.fget if isinstance(value, property) else getattr(value, "__func__", value)
        if isinstance(value, FunctionType) and not name.startswith("_"):
            yield name, value


PUBLIC = dict(public())
FUNCTIONS = {place: thing for place, thing in PUBLIC.items() if isinstance(thing, FunctionType)}
TYPES = {place: thing for place, thing in PUBLIC.items() if isinstance(thing, type)}


def test_every_public_function_describes_each_of_its_parameters():
    assert len(FUNCTIONS) > 300
    assert not {place: told for place, thing in FUNCTIONS.items() if (told := missing(thing))}


def test_every_public_function_says_what_it_returns():
    silent = {
        place
        for place, thing in FUNCTIONS.items()
        if thing.__annotations__.get("return") != "None"
        and not {"Returns", "Yields"} & (told := sections(thing.__doc__)).keys()
        and not re.match(r"Return|Yield", told[""])
    }
    assert not silent


def test_every_public_function_that_raises_says_so():
    silent = [
        place
        for place, thing in FUNCTIONS.items()
        if re.search(r"^    (?:    )?raise \w+Error", inspect.getsource(thing), re.M)
        and "Raises" not in sections(thing.__doc__)
        and not re.match(r"Raise", sections(thing.__doc__)[""])
    ]
    assert not silent


def test_every_public_type_describes_its_attributes_in_its_own_docstring():
    described_here = {
        place: fields(kind).keys() - told
        for place, kind in TYPES.items()
        for told in [
            described(sections(kind.__doc__).get("Attributes", "")).keys()
            | described(sections(kind.__doc__).get("Parameters", "")).keys()
        ]
    }
    assert sum(bool(fields(kind)) for kind in TYPES.values()) > 30
    assert not {place: left for place, left in described_here.items() if left}
    assert not [place for place, kind in TYPES.items() if "where they are declared" in (kind.__doc__ or "")]


def test_every_method_of_a_public_type_describes_its_parameters():
    told = {f"{place}.{name}": missing(of) for place, kind in TYPES.items() for name, of in methods(kind)}
    assert len(told) > 60
    assert not {place: left for place, left in told.items() if left}


def test_numbers_that_are_not_whole_carry_their_unit():
    bare = []
    for place, thing in PUBLIC.items():
        told = sections(thing.__doc__)
        text = {**described(told.get("Parameters", "")), **described(told.get("Attributes", ""))}
        kinds = thing.__annotations__ if isinstance(thing, FunctionType) else fields(thing)
        bare += [
            f"{place}.{name}: {text[name]}"
            for name, kind in kinds.items()
            if name in text and (kind is float or str(kind).removesuffix(" | None") == "float")
            if not UNITS.search(text[name])
        ]
    assert not bare


def test_what_describes_nothing_is_found():
    def pace(start: float, years: int = 1) -> float:
        """Return a pace.

        Parameters
        ----------
        start : float
            Where it begins.
        """
        return start / years

    assert missing(pace) == {"years"}
    assert described(sections(pace.__doc__)["Parameters"]) == {"start": " Where it begins."}
    assert not UNITS.search(" Where it begins.")


# what a reader types ---------------------------------------------------------------------------------------


def test_opening_the_project_shows_the_parameters_of_notebooks():
    shown = inspect.signature(sapa.open_project).parameters
    assert tuple(shown) == NAMES
    assert {each.kind for each in shown.values()} == {inspect.Parameter.KEYWORD_ONLY}
    text = described(sections(sapa.open_project.__doc__)["Parameters"])
    assert text["horizon"].endswith("(0 to 30 years).")
    assert text["gap_closing"].startswith(" Share of the gap")


def test_completion_offers_the_parameters_and_what_a_researcher_types():
    from IPython.core.completer import IPCompleter, provisionalcompleter

    completer = IPCompleter(namespace={"sapa": sapa}, use_jedi=False)

    def offered(text: str) -> set[str]:
        with provisionalcompleter():
            return {
                each.text.lstrip(".").removesuffix("=") for each in completer.completions(text, len(text))
            }

    assert "horizon" in offered("sapa.open_project(hor")
    assert {"as_of", "area", "about_relative"} <= offered("sapa.open_project(a")
    assert offered("sapa.") == {name for name in dir(sapa) if not name.startswith("_")}


def test_the_table_of_the_package_names_what_there_is_and_what_can_be_called():
    named = re.findall(r"sapa\.(\w+)\(", sections(sapa.__doc__)[""].split("A series of your own")[0])
    assert named == ["open_project", "forecast_area", "under_scenarios", "assess_targets", "key_results"]
    assert set(named) <= set(dir(sapa))


def test_what_a_reader_holds_is_shown_in_one_short_line(tables):
    params = sapa.core.load_params(tables.root / "params/baseline.yml").with_values(n_paths=100)
    results = sapa.pipeline.Results(params, {}, pd.DataFrame(), [])
    held = [tables, tables.as_of("2023-06-30"), params, results]
    shown = [repr(thing) for thing in held]
    assert all(len(line) < 160 and "\n" not in line for line in shown)
    assert len(set(shown)) == len(held)
    assert str(params.as_of) in shown[2]
    assert "2023-06-30" in shown[1]
    assert shown[3].endswith("0 indicators, 0 targets, 0 of them judged>")


@pytest.mark.parametrize("kind", [sapa.Forecast, sapa.YearlySeries, sapa.Scenario, sapa.core.Params])
def test_types_that_a_reader_holds_offer_few_names(kind):
    own = {name for name in dir(kind) if not name.startswith(("_", "model_"))} - set(dir(BaseModel))
    assert len(own) <= 25
