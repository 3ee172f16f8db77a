"""Pages of reference, from docstrings: one for each room with every name of its door, one of commands."""

from __future__ import annotations

from inspect import isclass, isfunction, unwrap
from typing import Any

import click
from site_doors import Named, names_of, rooms

from sapa_analysis.cli import main

#: What a value may be long before only its beginning is told.
_LONG = 200


def api_pages() -> dict[str, str]:
    """Return the pages of reference by their path in the site."""
    pages = {f"api/{room}.rst": _room_page(room) for room in rooms()}
    return pages | {"api/sapa.rst": _root_page(), "api/commands.md": _commands_page()}


def _room_page(room: str) -> str:
    kinds = {
        "Functions": [each for each in names_of(room) if _is_function(each)],
        "Types": [each for each in names_of(room) if isclass(each.value)],
    }
    kinds["Values"] = [each for each in names_of(room) if each not in kinds["Functions"] + kinds["Types"]]
    parts = [_title(room, "="), f".. automodule:: sapa_analysis.{room}\n   :no-members:"]
    if room == "reporting":
        parts.append("The pictures have a page of their own: :doc:`reporting.figures`.")
    for head, found in kinds.items():
        if found:
            parts += [_title(head, "-"), *(_entry(each) for each in sorted(found, key=_alphabet))]
    return "\n\n".join(parts) + "\n"


def _alphabet(each: Named) -> str:
    return each.name.lower()


def _is_function(each: Named) -> bool:
    return isfunction(unwrap(each.value)) if callable(each.value) else False


def _title(text: str, line: str) -> str:
    return f"{text}\n{line * len(text)}"


def _entry(each: Named) -> str:
    if _is_function(each):
        return f".. autofunction:: {each.full}\n\n{_place(each)}"
    if isclass(each.value):
        kind = "exception" if issubclass(each.value, BaseException) else "class"
        return f".. auto{kind}:: {each.full}\n{_members(each)}\n{_place(each)}"
    lines = [
        f".. py:data:: {each.name}",
        f"   :module: sapa_analysis.{each.room}",
        "",
        f"   {each.comment}",
        "",
    ]
    return "\n".join([*lines, f"   {_value(each.value)}", "", _place(each)])


def _members(each: Named) -> str:
    own = [name for name, value in vars(each.value).items() if _is_told(name, value)]
    return f"   :members: {', '.join(own)}\n" if own else ""


def _is_told(name: str, value: Any) -> bool:
    inner = getattr(value, "__func__", getattr(value, "fget", value))
    told = type(inner).__name__ == "function" or isinstance(value, property)
    return told and not name.startswith("_") and bool(getattr(inner, "__doc__", None))


def _place(each: Named) -> str:
    return f"   .. rst-class:: defined\n\n   Defined in ``{each.file}``."


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return "Keys: " + ", ".join(f"``{key}``" for key in value)
    if isinstance(value, set | frozenset):
        return "Values: " + ", ".join(f"``{each}``" for each in sorted(value))
    if isinstance(value, list | tuple) and all(isinstance(each, str | int | float) for each in value):
        return "Values: " + ", ".join(f"``{each}``" for each in value)
    if isinstance(value, str | int | float):
        return f"Value: ``{value!r}``"
    said = str(value)
    return f"A type: ``{said}``" if len(said) <= _LONG and " at 0x" not in said else ""


def _root_page() -> str:
    import sapa_analysis

    shown = [name for name in sapa_analysis.__all__ if name not in rooms()]
    by_name = {each.name: each for room in rooms() for each in names_of(room)}
    lines = [f"- :py:obj:`sapa.{name} <{by_name[name].full}>`" for name in shown if name in by_name]
    intro = ".. automodule:: sapa_analysis\n   :no-members:"
    return (
        "\n\n".join([_title("sapa", "="), intro, _title("What is typed first", "-"), "\n".join(lines)]) + "\n"
    )


def _commands_page() -> str:
    parts = ["# Commands", "What `sapa COMMAND --help` prints. Each is run inside the project's folder."]
    for name in sorted(main.commands):
        with click.Context(main.commands[name], info_name=f"sapa {name}", terminal_width=88) as context:
            parts += [f"## sapa {name}", f"```text\n{main.commands[name].get_help(context)}\n```"]
    return "\n\n".join(parts) + "\n"
