"""Every public function of a room teaches by an example that is true."""

from __future__ import annotations

import doctest
import inspect
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import FunctionType

import pytest

pytest_plugins = ["loaded"]
ROOT = Path(__file__).parents[1]
#: The rooms whose functions have all been given an example.
ROOMS = (
    "core",
    "evidence",
    "series",
    "forecasting",
    "targets",
    "scenarios",
    "verdicts",
    "pipeline",
    "evaluation",
    "reporting",
    "reporting.figures",
    "runs",
)


def handed_on(room: str) -> dict[str, object]:
    """Return what the door of a room hands on and the package itself defines, by name."""
    door = import_module(f"sapa_analysis.{room}")
    found = {name: inspect.unwrap(getattr(door, name)) for name in door.__all__}
    return {
        name: thing
        for name, thing in found.items()
        if isinstance(thing, FunctionType | type) and thing.__module__.startswith(door.__name__)
    }


def texts_of(name: str, thing: object) -> Iterator[tuple[str, str]]:
    """Yield the docstring of a function, or those of a class, its methods and properties, by name."""
    yield name, inspect.cleandoc(thing.__doc__ or "")
    for part, value in vars(thing).items() if isinstance(thing, type) else ():
        value = value.fget if isinstance(value, property) else getattr(value, "__func__", value)
        if isinstance(value, FunctionType):
            yield f"{name}.{part}", inspect.cleandoc(value.__doc__ or "")


def has_example(text: str) -> bool:
    """Return whether a docstring has a section of examples, one of which prints something."""
    _, _, examples = text.partition("\nExamples\n--------\n")
    found = doctest.DocTestParser().get_examples(examples)
    return any(example.want for example in found)


@pytest.mark.parametrize("room", ROOMS)
def test_every_public_function_has_an_example(room):
    functions = {name: thing for name, thing in handed_on(room).items() if isinstance(thing, FunctionType)}
    assert functions
    assert not [
        name for name, function in functions.items() if not has_example(inspect.getdoc(function) or "")
    ]


@pytest.fixture(autouse=True)
def one_project(tables, monkeypatch):
    """Let all examples open the same tables, so that what is solved from them is solved once."""
    for module in ("project", "open"):
        monkeypatch.setattr(f"sapa_analysis.pipeline.{module}.load_project", lambda root=None, **_: tables)


@pytest.mark.usefixtures("sketched")
@pytest.mark.parametrize("room", ROOMS)
def test_what_the_examples_show_is_true(room, monkeypatch):
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("MPLBACKEND", "agg")
    parser, told = doctest.DocTestParser(), []
    runner = doctest.DocTestRunner(verbose=False, optionflags=doctest.NORMALIZE_WHITESPACE)
    for name, thing in handed_on(room).items():
        for place, text in texts_of(name, thing):
            # an example imports all that it uses: it begins with nothing
            runner.run(parser.get_doctest(text, {}, f"{room}.{place}", None, None), out=told.append)
    assert runner.tries
    assert not runner.failures, "".join(told)


def test_a_function_without_an_example_is_found():
    text = "Return a number.\n\nExamples\n--------\n"
    assert has_example(text + ">>> 1 + 1\n2\n")
    assert not has_example(text + ">>> one = 1\n")
    assert not has_example("Return a number.\n\n>>> 1 + 1\n2\n")
