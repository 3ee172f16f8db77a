"""The briefing as one self-contained HTML page."""

from __future__ import annotations

from html import escape
from typing import Any

from ..language import texts
from ..tagged_numbers import Number, parts
from .parts import Contents


def page(contents: Contents) -> str:
    """Return the briefing as self-contained HTML in which every number is a `<data>` element.

    Parameters
    ----------
    contents : Contents
        The contents of the briefing.
    """
    return html_page("briefing.html.j2", brief=contents, words=texts(contents.lang))


def html_page(template: str, **values: Any) -> str:
    """Return a template of `reporting/templates` as HTML, with these values; all text is escaped."""
    from jinja2 import Environment, PackageLoader, StrictUndefined  # heavy: loaded when first needed

    environment = Environment(
        loader=PackageLoader("sapa_analysis", "reporting/templates"),
        autoescape=True,
        undefined=StrictUndefined,
    )
    environment.filters |= {"shown": shown, "embeddable": _embeddable}
    return environment.get_template(template).render(**values)


def shown(text: str) -> str:
    """Return a tagged text as markup, each number with its key and value."""
    from markupsafe import Markup

    return Markup("".join(escape(part) if isinstance(part, str) else _element(part) for part in parts(text)))


def _element(number: Number) -> str:
    value, key, words = escape(str(number.value)), escape(number.key), escape(number.text)
    return f'<data value="{value}" data-key="{key}">{words}</data>'


def _embeddable(svg: str) -> str:
    """Return an SVG without the prologue that is allowed only in a separate file."""
    from markupsafe import Markup

    return Markup(svg[svg.index("<svg") :])
