"""Readers of folders: with a list they add their problems to it, without one they raise an error with all."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from .errors import Problem, Problems, SapaError

_Options = ParamSpec("_Options")
_Loaded = TypeVar("_Loaded", covariant=True)


class Loader(Protocol[_Options, _Loaded]):
    """A function that loads a folder: it raises an error with every problem, or adds them to a given list."""

    def __call__(
        self,
        folder: Path | str,
        problems: list[Problem] | None = None,
        *args: _Options.args,
        **options: _Options.kwargs,
    ) -> _Loaded:
        """Return what the folder holds."""


def loader(
    error: type[SapaError],
) -> Callable[[Callable[Concatenate[Path, list[Problem], _Options], _Loaded]], Loader[_Options, _Loaded]]:
    """Turn a reader of a folder, which adds its problems to a list, into one that need not be given a list.

    Parameters
    ----------
    error : type of SapaError
        Raised with every problem, when there is one and no list was given.

    Returns
    -------
    callable
        Decorates the reader of a folder.

    Examples
    --------
    >>> from sapa_analysis.core import DataError, Problem, loader
    >>> @loader(DataError)
    ... def count_rows(folder, problems):
    ...     problems.append(Problem(f"{folder}/areas.csv", 4, "parent", "is no area"))
    ...     return 11
    >>> problems = []
    >>> count_rows("data", problems), len(problems)
    (11, 1)
    >>> count_rows("data")
    Traceback (most recent call last):
    sapa_analysis.core.errors.DataError: data/areas.csv has 1 problem
      line 4, parent: is no area
    """

    def decorate(
        read: Callable[Concatenate[Path, list[Problem], _Options], _Loaded],
    ) -> Loader[_Options, _Loaded]:
        @wraps(read)
        def load(
            folder: Path | str,
            problems: list[Problem] | None = None,
            *args: _Options.args,
            **options: _Options.kwargs,
        ) -> _Loaded:
            found: list[Problem] = Problems() if problems is None else problems
            loaded = read(Path(folder), found, *args, **options)
            if problems is None and found:
                raise error(found)
            return loaded

        return load

    return decorate
