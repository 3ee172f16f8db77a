"""Links of a page that also stands in the repository: the same file, read on a site.

One rule. What is a page of the site is linked as that page; any other file is handed out as a copy, as it
was on the day of the build; a folder is code text. Addresses outside and anchors of the page itself stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from posixpath import normpath, relpath

_FENCE = re.compile(r"^\s*(?P<mark>```+|~~~+)")
_LINK = re.compile(r"(?P<image>!?)\[(?P<text>[^\]]*)\]\((?P<target>[^)\s]+)\)")
_OUTSIDE = re.compile(r"^([a-z]+:|#|/)")
#: Where copies of files that are no pages stand in the source of the site.
FILES = "files"


def rewrite(
    text: str, here: str, page: str, pages: Mapping[str, str], root: Path
) -> tuple[str, dict[str, Path]]:
    r"""Return the text of a page with the links of the site, and the files that it hands out or shows.

    Parameters
    ----------
    text : str
        Markdown.
    here, page : str
        Where it stands in the repository, and in the source of the site.
    pages : mapping of str to str
        For each file of the repository that is a page its place in the source of the site.
    root : pathlib.Path
        The repository.

    Returns
    -------
    tuple of str and dict
        The text, and the path in the source of the site of each file that goes with it.

    Raises
    ------
    FileNotFoundError
        Where a link leads to nothing.

    Examples
    --------
    >>> from pathlib import Path
    >>> pages = {"docs/results.md": "results.md"}
    >>> rewrite("[a](results.md#limits), [b](decisions)", "docs/x.md", "about/x.md", pages, Path())
    ('[a](../results.md#limits), `b`', {})
    """
    files: dict[str, Path] = {}

    def led(found: re.Match[str]) -> str:
        target, _, anchor = found["target"].partition("#")
        if _OUTSIDE.match(found["target"]):
            return found[0]
        asked = normpath(str(PurePosixPath(here).parent / target))
        if asked in pages:
            place = pages[asked]
        elif (root / asked).is_dir():
            return f"`{found['text'].strip('`')}`"
        elif (root / asked).is_file():
            place = f"{FILES}/{asked}"
            files[place] = root / asked
        else:
            raise FileNotFoundError(f"{here}: a link leads to {found['target']}, which is not there")
        start = str(PurePosixPath(page).parent)
        there = relpath(place, start) + (f"#{anchor}" if anchor else "")
        return f"{found['image']}[{found['text']}]({there})"

    lines = (line if code else _LINK.sub(led, line) for line, code in _lines(text))
    return "".join(lines), files


def _lines(text: str) -> Iterator[tuple[str, bool]]:
    """Yield each line, and whether it is code."""
    mark = ""
    for line in text.splitlines(keepends=True):
        found = _FENCE.match(line)
        if mark:
            yield line, True
            if found and found["mark"].startswith(mark):
                mark = ""
        else:
            mark = found["mark"] if found else ""
            yield line, bool(found)
