"""Templates of the room, filled: all text in them is escaped."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Environment


def filled(template: str, **values: Any) -> str:
    """Return a template of `reporting/templates` with these values; all text is escaped."""
    return _environment().get_template(template).render(**values)


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined  # heavy: loaded when first needed

    return Environment(
        loader=PackageLoader("sapa_analysis", "reporting/templates"),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
    )
