"""Reader of YAML files: plain values, with the line of every key for error messages."""

from __future__ import annotations

import copy
import math
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from .errors import Problem, nearest, tell
from .files import label, read_text
from .text import text_problem
from .wording import in_words

#: The line of a key or list entry, by its path from the top.
Lines = dict[tuple[str | int, ...], int]
#: Levels of lists and mappings in a file; ours have five. Far more would end Python itself, without a line.
_MOST_LEVELS = 50
#: Characters of a wrong value in a message: enough to find it.
_LONGEST_FOUND = 20
#: Characters of a file; ours have at most 16,000, and its parser takes seconds for a million.
_LONGEST_FILE = 200_000
#: What the parser says, and what it means.
_SAID_PLAINLY = {
    "cannot start any token": "a tab or a sign stands where a word or a space is wanted",
    "could not determine a constructor": "a tag (! before a value) is not accepted; write the value alone",
    "unhashable key": "a list or mapping stands where a name is wanted",
    "found '?'": "a list or mapping stands where a name is wanted",
}
_BROKEN = "it breaks off, or a quote, a bracket, a colon or an indent is wrong, here or above"
#: The first whole number that tables and arrays cannot hold.
_LARGEST = 2**63


class _RefusedError(yaml.MarkedYAMLError):
    """What we refuse beyond the parser, in our words."""


class _PlainLoader(yaml.SafeLoader):
    """A safe loader: plain values only; it refuses what a reader cannot overlook and leaves dates as text."""

    _level = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        """Build a node after refusing an alias, which can make a small file expand without end."""
        event = self.peek_event()  # type: ignore[no-untyped-call]
        if self.check_event(yaml.AliasEvent):
            problem = f"an alias (*{event.anchor}) is not accepted; write the values out"
            raise _RefusedError(None, None, problem, event.start_mark)
        if self._level > _MOST_LEVELS:
            problem = f"more than {_MOST_LEVELS} levels, one inside the other"
            raise _RefusedError(None, None, problem, event.start_mark)
        self._level += 1
        node = super().compose_node(parent, index)
        self._level -= 1
        return node

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        """Build a value after refusing a tag that its text does not fit."""
        try:
            return super().construct_object(node, deep=deep)
        except (ValueError, LookupError, OverflowError):
            kind, text = node.tag.rpartition(":")[2], str(node.value)
            found = text if len(text) <= _LONGEST_FOUND else f"{text[:_LONGEST_FOUND]}..."
            raise _RefusedError(None, None, f'"{found}" is no {kind}', node.start_mark) from None

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Build a mapping after refusing repeated keys."""
        seen = set()
        for key, _ in node.value:
            if str(key.value) in seen:
                problem = f'the key "{key.value}" stands twice'
                raise _RefusedError(None, None, problem, key.start_mark)
            seen.add(str(key.value))
        return super().construct_mapping(node, deep)


def _as_written(_: _PlainLoader, node: yaml.ScalarNode) -> str:
    return str(node.value)


_PlainLoader.add_constructor("tag:yaml.org,2002:timestamp", _as_written)


def read_yaml(path: Path, problems: list[Problem]) -> tuple[Any, Lines]:
    """Return a YAML file as plain values, and the line of each key.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    problems : list of Problem
        Receives the problems: broken syntax, repeated keys, aliases, numbers without end, deep nesting, tags
        that would build objects.

    Returns
    -------
    tuple
        The values, dates as text (None when there is a problem), and a map from key path to line.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from sapa_analysis.core import read_yaml
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder, "limits.yml")
    ...     _ = path.write_text("{limit: 10, until: 2025-12-31}")
    ...     read_yaml(path, [])
    ({'limit': 10, 'until': '2025-12-31'}, {(): 1, ('limit',): 1, ('until',): 1})
    """
    text = read_text(path, problems)
    if text is not None and len(text) > _LONGEST_FILE:
        message = f"{len(text):,} characters; wanted at most {_LONGEST_FILE:,}"
        tell(problems, Problem(label(path), 0, "", message))
        return None, {}
    if text is None:
        return None, {}
    try:
        values, lines = copy.deepcopy(_parsed(text))
    except yaml.YAMLError as error:
        tell(problems, Problem(label(path), *_place_and_message(error, text)))
        return None, {}
    unfit = [
        Problem(label(path), lines.get(place, 0), ".".join(map(str, place)), message)
        for place, value in _leaves(values, ())
        if (message := _unfit(value))
    ]
    tell(problems, *unfit)
    return (None, {}) if unfit else (values, lines)


@lru_cache(maxsize=64)
def _parsed(text: str) -> tuple[Any, Lines]:
    """Return the values of a text, and the line of each key; parsing takes far longer than a copy."""
    loader, lines = _PlainLoader(text), Lines()
    node = loader.get_single_node()
    _note_lines(node, (), lines)
    return None if node is None else loader.construct_document(node), lines


def _unfit(value: Any) -> str:
    """Return why a single value is none that a page can hold, or nothing."""
    if isinstance(value, float) and not math.isfinite(value):
        return f"wanted a finite number; found {value}"
    if isinstance(value, int) and abs(value) >= _LARGEST:
        return "wanted a number below 2^63"
    return text_problem(value) if isinstance(value, str) else ""


def read_value(text: str) -> Any:
    """Return what a text holds as YAML, dates as text; what is no YAML stays text.

    Examples
    --------
    >>> from sapa_analysis.core.yaml_files import read_value
    >>> read_value("[1, 2023-06-30]"), read_value("{limit: 10}"), read_value("{limit")
    ([1, '2023-06-30'], {'limit': 10}, '{limit')
    """
    try:
        return yaml.load(text, Loader=_PlainLoader)
    except yaml.YAMLError:
        return text


def read_scalar(text: str) -> str | int | float | bool:
    """Return one value as YAML reads it; dates and anything but a single value stay text.

    Parameters
    ----------
    text : str
        As it stands in a command, such as `2` or `2023-06-30`.

    Examples
    --------
    >>> from sapa_analysis.core import read_scalar
    >>> [read_scalar(text) for text in ("0.5", "true", "2025-12-31", "[1, 2]")]
    [0.5, True, '2025-12-31', '[1, 2]']
    """
    value = read_value(text)
    return value if isinstance(value, str | int | float | bool) else text


def _place_and_message(error: yaml.YAMLError, text: str) -> tuple[int, str, str]:
    if isinstance(error, yaml.MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        said = str(error.problem)
        if not isinstance(error, _RefusedError):
            said = next((words for found, words in _SAID_PLAINLY.items() if found in said), _BROKEN)
        return (mark.line + 1 if mark else 0), "", f"not plain YAML: {said}"
    if isinstance(error, yaml.reader.ReaderError):
        line = text.count("\n", 0, error.position) + 1
        return line, "", f"not plain YAML: the character U+{ord(text[error.position]):04X} is not allowed"
    return 0, "", f"not plain YAML: {error}"


def _leaves(value: Any, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Yield every single value and every key with its path."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield (*path, str(key)), key
            yield from _leaves(inner, (*path, str(key)))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _leaves(inner, (*path, place))
    else:
        yield path, value


def _note_lines(node: yaml.Node | None, path: tuple[str | int, ...], lines: Lines) -> None:
    if node is None:
        return
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            lines[(*path, str(key.value))] = key.start_mark.line + 1
            _note_lines(value, (*path, str(key.value)), lines)
    elif isinstance(node, yaml.SequenceNode):
        for place, value in enumerate(node.value):
            _note_lines(value, (*path, place), lines)


def tell_invalid(
    error: ValidationError,
    problems: list[Problem],
    *,
    file: str,
    lines: Mapping[tuple[str | int, ...], int],
    known: Iterable[str],
    within: tuple[str | int, ...] = (),
) -> None:
    """Add each problem that pydantic found in a part of a YAML file, at the line of its key.

    Parameters
    ----------
    error : pydantic.ValidationError
        The error with the problems found.
    problems : list of Problem
        Receives the problems.
    file : str
        The file, for messages.
    lines : mapping
        As `read_yaml` returns it.
    known : iterable of str
        The valid keys, to name the nearest one.
    within : tuple
        Path of the part in the file.

    Examples
    --------
    >>> from pydantic import ValidationError
    >>> from sapa_analysis.core import Bridge, tell_invalid
    >>> bridge = {"indicator": "tourist_arrivals", "of": "lao_cai", "to": "sa_pa", "faktor": 0.5, "sd": 0.1}
    >>> problems = []
    >>> try:
    ...     Bridge.model_validate(bridge)
    ... except ValidationError as error:
    ...     tell_invalid(error, problems, file="mine.yml", lines={("faktor",): 4}, known=Bridge.model_fields)
    >>> print(*problems, sep="; ")
    factor: is missing; line 4, faktor: unknown; did you mean factor?
    """
    for item in error.errors():
        path = (*within, *item["loc"])
        line = next((lines[path[:n]] for n in range(len(path), 0, -1) if path[:n] in lines), 0)
        tell(problems, Problem(file, line, ".".join(map(str, item["loc"])), _invalid(item, known)))


def _invalid(item: Any, known: Iterable[str]) -> str:
    if item["type"] == "extra_forbidden":
        return f"unknown; {nearest(str(item['loc'][-1]), known)}"
    return in_words(item)
