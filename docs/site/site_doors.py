"""What the package hands on: every name of every door, where it is defined, what it is called."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from inspect import unwrap
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).parents[2] / "sapa_analysis"
#: A line of a door: `from .models import MODELS as MODELS`.
_HANDED = re.compile(r"^from (?P<module>\.[\w.]*) import (?P<name>\w+) as (?P=name)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Named:
    """A name of a door: its room, the module behind the door that defines it, and the thing itself."""

    room: str
    name: str
    module: str
    value: Any

    @property
    def full(self) -> str:
        """Return the name as it is imported."""
        return f"sapa_analysis.{self.room}.{self.name}"

    @property
    def comment(self) -> str:
        """Return the comment above the line that defines a value, its lines marked `#:`."""
        text = (PACKAGE.parent / self.file).read_text(encoding="utf-8")
        found = re.search(rf"^(?P<said>(?:#: .*\n)+){self.name}\b", text, flags=re.MULTILINE)
        return " ".join(line.removeprefix("#: ") for line in found["said"].splitlines()) if found else ""

    @property
    def file(self) -> str:
        """Return the file of the project that defines it."""
        path = self.module.replace(".", "/")
        folder = PACKAGE.parent / path
        return f"{path}/__init__.py" if folder.is_dir() else f"{path}.py"


@cache
def rooms() -> tuple[str, ...]:
    """Return the rooms that have a door, along the flow, `reporting.figures` behind its room."""
    found = {".".join(path.parent.relative_to(PACKAGE).parts) for path in PACKAGE.rglob("*/__init__.pyi")}
    text = (PACKAGE.parent / "docs/architecture.md").read_text(encoding="utf-8")
    order = re.findall(r"^## (\w+)$", text, flags=re.MULTILINE)
    return tuple(sorted(found, key=lambda room: (order.index(room.split(".")[0]), room)))


@cache
def names_of(room: str) -> tuple[Named, ...]:
    """Return what a room hands on, in the order of its door."""
    door = import_module(f"sapa_analysis.{room}")
    text = (PACKAGE / room.replace(".", "/") / "__init__.pyi").read_text(encoding="utf-8")
    return tuple(
        Named(room, found["name"], f"sapa_analysis.{room}{found['module']}", getattr(door, found["name"]))
        for found in _HANDED.finditer(text)
        if found["module"] != "."
    )


@cache
def all_names() -> tuple[Named, ...]:
    """Return the names of all rooms."""
    return tuple(each for room in rooms() for each in names_of(room))


@cache
def by_word() -> dict[str, str]:
    """Return the full name of each word by which a text may call a name: `room.name`, and `a_name` alone."""
    found: dict[str, str] = {}
    alone: dict[str, list[str]] = {}
    for each in all_names():
        found |= {f"{each.room}.{each.name}": each.full, each.full: each.full}
        alone.setdefault(each.name, []).append(each.full)
    found |= {f"figures.{each.name}": each.full for each in names_of("reporting.figures")}
    shown = dir(import_module("sapa_analysis"))
    found |= {f"sapa.{name}": fulls[0] for name, fulls in alone.items() if name in shown}
    # a plain word such as `target` is more often a parameter than the function
    telling = {name: fulls for name, fulls in alone.items() if not name.islower() or "_" in name}
    return found | {name: fulls[0] for name, fulls in telling.items() if len(fulls) == 1}


@cache
def by_object() -> dict[str, str]:
    """Return the full name of each type by the module and name that an annotation has."""
    found = {}
    for each in all_names():
        value = unwrap(each.value) if callable(each.value) else each.value
        found[f"{getattr(value, '__module__', each.module)}.{each.name}"] = each.full
        found[f"{each.module}.{each.name}"] = each.full
    return found
