"""A figure inside a page: the SVG without what belongs to a file of its own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markupsafe import Markup

_METADATA = re.compile(r"<metadata>.*?</metadata>", re.DOTALL)
_COMMENT = re.compile(r"<!--.*?-->\s*", re.DOTALL)
_NAMES = re.compile(r'(\bid="|href="#|url\(#)')
_SIZE = re.compile(r'(<svg\b[^>]*?)\s(?:width="[^"]*"\s*height="[^"]*"|height="[^"]*"\s*width="[^"]*")')


def embedded(svg: str, prefix: str) -> Markup:
    """Return an SVG for a page: no prologue, no metadata, the size of its place, names that are its own.

    Examples
    --------
    >>> from sapa_analysis.reporting.paper.html_picture import embedded
    >>> print(embedded('<?xml version="1.0"?><svg><g id="a"/><use href="#a"/></svg>', "f1"))
    <svg aria-hidden="true" focusable="false"><g id="f1-a"/><use href="#f1-a"/></svg>
    """
    from markupsafe import Markup

    inner = _COMMENT.sub("", _METADATA.sub("", svg[svg.index("<svg") :]))
    named = _NAMES.sub(lambda found: f"{found[1]}{prefix}-", _SIZE.sub(r"\1", inner, count=1))
    return Markup(named.replace("<svg", '<svg aria-hidden="true" focusable="false"', 1).strip())
