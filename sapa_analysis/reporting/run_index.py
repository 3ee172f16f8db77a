"""The page of a batch of runs: what failed first, then what moved most, then every run with its copy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any
from urllib.parse import quote

from ..core import LANGUAGES, printable
from .language import chance_shown, day, number, quantity, texts
from .templating import filled

#: Surprises that the page shows, the largest: a screenful. Our choice.
_SHOWN = 10
#: Fields of a row that say what a run was made from.
_ORIGINS = ("version", "commit", "package", "data", "params", "register", "python", "platform")

Row = Mapping[str, Any]


def run_index_page(rows: Sequence[Row], *, lang: str = "") -> str:
    """Return the page of a batch as self-contained HTML.

    Parameters
    ----------
    rows : sequence of mapping
        Runs in the order of the batch, with the fields of a journal; what is missing is left out.
    lang : {"vi", "en"}, optional
        Language; by default that of the runs, and Vietnamese where they are in several.

    Examples
    --------
    >>> from sapa_analysis.reporting import run_index_page
    >>> row = {"run": "04_targets-4c1", "notebook": "04_targets", "status": "failed", "error": "a < b"}
    >>> page = run_index_page([row, row | {"status": "ok", "error": ""}], lang="en")
    >>> page[page.index("<title>"):page.index("</title>")], "a &lt; b" in page
    ('<title>Runs: 1 of 2 done, 1 failed', True)
    """
    lang = lang or _language(rows)
    words = texts(lang)["runs"]
    shared = _shared(rows)
    runs = [_run(place, row, shared, lang) for place, row in enumerate(rows, start=1)]
    failed = [run for run in runs if not run["done"]]
    counts = {"n": len(runs), "done": len(runs) - len(failed), "failed": len(failed)}
    counted = {name: number(count, 0, lang) for name, count in counts.items()}
    surprises = _surprises(rows, runs, lang)
    title = words["title_failed" if failed else "title"].format(**counted)
    further = len(surprises) - _SHOWN
    return filled(
        "run_index.html.j2",
        lang=lang,
        words=words,
        title=title,
        when=_when(rows, lang),
        shared=words["shared"].format(told=_told(shared)) if shared else "",
        counts=[(name, words["counts"][name], n) for name, n in counted.items()],
        failed=failed,
        surprises=surprises[:_SHOWN],
        more=words["more"].format(n=number(further, 0, lang)) if further > 0 else "",
        groups=[(name, list(group)) for name, group in groupby(sorted(runs, key=_notebook), key=_notebook)],
        origins=_origins(rows, words, lang),
    )


def _language(rows: Iterable[Row]) -> str:
    given = {{**(row.get("parameters") or {}), **(row.get("resolved") or {})}.get("lang") for row in rows}
    return str(given.pop()) if len(given) == 1 and given <= set(LANGUAGES) else LANGUAGES[0]


def _notebook(run: Mapping[str, Any]) -> str:
    return str(run["notebook"])


def _given(row: Row) -> dict[str, Any]:
    return {name: value for name, value in (row.get("parameters") or {}).items() if name != "out"}


def _shared(rows: Sequence[Row]) -> dict[str, Any]:
    """Return the parameters that all of several runs were given alike."""
    first = _given(rows[0]) if len(rows) > 1 else {}
    return {
        name: value
        for name, value in first.items()
        if all(name in _given(row) and _given(row)[name] == value for row in rows)
    }


def _told(given: Mapping[str, Any]) -> str:
    return printable(" · ".join(f"{name} {value}" for name, value in sorted(given.items())))


def _run(place: int, row: Row, shared: Mapping[str, Any], lang: str) -> dict[str, Any]:
    given = {name: value for name, value in _given(row).items() if name not in shared}
    usual = texts(lang)["runs"]["as_shared" if shared else "usual"]
    copy = str(row.get("copy") or row.get("partial") or "")
    return {
        "number": place,
        "name": str(row.get("run", "")),
        "notebook": str(row.get("notebook", "")),
        "parameters": _told(given) or usual,
        "done": row.get("status") == "ok",
        "error": printable(str(row.get("error") or "")),
        "link": quote(copy),
        "time": _time(row.get("seconds"), lang),
        "headline": printable(" ".join(row.get("headline") or [])),
    }


def _time(seconds: float | None, lang: str) -> str:
    """Return a length of time in seconds, or in minutes and seconds."""
    if seconds is None:
        return ""
    words, minutes = texts(lang)["runs"], int(round(seconds) // 60)
    if not minutes:
        return str(words["seconds"]).format(s=number(seconds, 1, lang))
    rest = number(round(seconds) % 60, 0, lang)
    return str(words["minutes"]).format(m=number(minutes, 0, lang), s=rest)


def _when(rows: Sequence[Row], lang: str) -> str:
    """Return when the runs were started, and how long they took together."""
    starts = sorted(datetime.fromisoformat(row["start"]) for row in rows if row.get("start"))
    if not starts:
        return ""
    total = _time(sum(row.get("seconds") or 0 for row in rows), lang)
    first, last = (f"{start:%H:%M} {day(start.date(), lang)}" for start in (starts[0], starts[-1]))
    form = str(texts(lang)["runs"]["when" if first != last else "when_once"])
    return form.format(first=first, last=last, total=total)


def _surprises(rows: Sequence[Row], runs: list[dict[str, Any]], lang: str) -> list[dict[str, Any]]:
    """Return what moved once for each target, the largest move first, with the runs that tell it."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row, run in zip(rows, runs, strict=True):
        told = row.get("surprise") or {}
        days = [_day(text, lang) for text in ((row.get("resolved") or {}).get("as_of"), told.get("edition"))]
        about = str(texts(lang)["runs"]["against"]).format(as_of=days[0], edition=days[1])
        for target, line, size in _moves(told, lang):
            new = {"target": target, "about": about, "lines": {}, "runs": {}}
            entry = found.setdefault((about, target), new)
            entry["lines"][line] = size
            entry["runs"][run["number"]] = run
    for entry in found.values():
        entry["size"] = max(entry["lines"].values())
        entry["lines"] = sorted(entry["lines"], key=entry["lines"].__getitem__, reverse=True)
    return sorted(found.values(), key=lambda entry: entry["size"], reverse=True)


def _day(text: Any, lang: str) -> str:
    try:
        return day(date.fromisoformat(str(text)), lang)
    except ValueError:
        return printable(str(text or ""))


def _moves(told: Mapping[str, Any], lang: str) -> Iterator[tuple[str, str, tuple[float, float]]]:
    """Yield target, words and size of what moved; a chance counts before a level."""
    chance, level = told.get("probability") or {}, told.get("expected") or {}
    if chance.get("points"):
        yield printable(str(chance["target"])), _chance(chance, lang), (abs(chance["points"]), 0.0)
    if level.get("half_widths"):
        yield printable(str(level["target"])), _level(level, lang), (0.0, abs(level["half_widths"]))


def _chance(moved: Mapping[str, Any], lang: str) -> str:
    words, old = texts(lang)["runs"], chance_shown(moved["from"], lang)
    if moved.get("settled"):
        return str(words["settled"]).format(old=old, result=words["met" if moved["to"] else "missed"])
    points = _signed(moved["points"], 1, lang)
    return str(words["chance"]).format(old=old, new=chance_shown(moved["to"], lang), points=points)


def _level(moved: Mapping[str, Any], lang: str) -> str:
    old, new = (_amount(moved[end], str(moved["unit"]), lang) for end in ("from", "to"))
    by = _signed(moved["half_widths"], 2, lang)
    return str(texts(lang)["runs"]["level"]).format(old=old, new=new, moved=by)


def _signed(value: float, decimals: int, lang: str) -> str:
    return f"{'+' if value > 0 else ''}{number(value, decimals, lang)}"


def _amount(value: float, unit: str, lang: str) -> str:
    known = unit in texts(lang)["units"]
    return quantity(value, unit, 1, lang) if known else f"{number(value, 1, lang)} {printable(unit)}"


def _origins(rows: Sequence[Row], words: Mapping[str, Any], lang: str) -> list[tuple[str, list[str]]]:
    """Return what the runs were made from, each value with the number of its runs if there are several."""
    told = []
    for name in _ORIGINS:
        values: dict[str, int] = {}
        for row in rows:
            value = str(row.get(name) or "")
            values[value] = values.get(value, 0) + 1
        form = str(words["of_runs"])
        shown = [
            value if len(values) == 1 else form.format(value=value, n=number(n, 0, lang))
            for value, n in values.items()
            if value
        ]
        told += [(str(words["origins"][name]), shown)] if shown else []
    return told
