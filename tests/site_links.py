"""A walk over the pages of a built site: every file and every anchor that they name, without a browser."""

from __future__ import annotations

import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

#: What a browser asks for by itself; all other addresses wait for a click.
ASKED = {"src", "srcset", "poster", "data"}
_IN_STYLE = re.compile(r"""(?:url\(\s*["']?|@import\s+["'])([^"')]+)""")


class Page(HTMLParser):
    """The addresses, the anchors and the styles of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.followed: list[str] = []
        self.asked: list[str] = []
        self.anchors: set[str] = {"", "top"}
        self._in_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_style = tag == "style"
        told = {name: value or "" for name, value in attrs}
        self.anchors |= {told[name] for name in ("id", "name") if name in told}
        self.asked += [told[name] for name in ASKED & set(told)]
        self.asked += _IN_STYLE.findall(told.get("style", ""))
        if "href" in told:
            loads = tag == "link" and told.get("rel") not in ("index", "search", "next", "prev", "canonical")
            (self.asked if loads else self.followed).append(told["href"])

    def handle_data(self, data: str) -> None:
        if self._in_style:
            self.asked += _IN_STYLE.findall(data)


@cache
def read(path: Path) -> Page:
    page = Page()
    page.feed(path.read_text(encoding="utf-8"))
    return page


def pages(site: Path) -> list[Path]:
    return sorted(site.rglob("*.html"))


def broken(site: Path) -> list[str]:
    """Return every address of every page that leads to no file, or to no anchor of it."""
    found = []
    for path in pages(site):
        page = read(path)
        for address in {*page.followed, *page.asked}:
            parts = urlsplit(address)
            if parts.scheme or parts.netloc:
                continue
            there = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            inside = there.is_file() and site.resolve() in there.parents
            anchored = not parts.fragment or there.suffix != ".html"
            if not inside or not (anchored or unquote(parts.fragment) in read(there).anchors):
                found.append(f"{path.relative_to(site)}: {address}")
    return found


def asked_outside(site: Path) -> list[str]:
    """Return what pages and style sheets ask of other machines when they are opened."""
    found = [
        f"{path.relative_to(site)}: {address}" for path in pages(site) for address in read(path).asked
        if urlsplit(address).netloc
    ]  # fmt: skip
    for path in site.rglob("*.css"):
        addresses = _IN_STYLE.findall(path.read_text(encoding="utf-8"))
        found += [f"{path.relative_to(site)}: {each}" for each in addresses if urlsplit(each).netloc]
    return found
