"""The briefing: one page made from what the notebooks recorded; no number is typed here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

from .files import write_whole
from .languages import day, document_name, explain_words, texts

Records = Mapping[str, Any]


def write_briefing(
    trajectories: Sequence[Records], targets: Records, out: Path | str, *, as_of: date, lang: str = "vi"
) -> list[Path]:
    """Write the briefing as one self-contained page.

    Parameters
    ----------
    trajectories : sequence of mapping
        Records of `02_trajectory`, one per subject, in the order of the page.
    targets : mapping
        Records of `04_targets`.
    out : path
        Folder of the page.
    as_of : datetime.date
        The day whose knowledge it tells.
    lang : {"vi", "en"}
        Language of the page; the records must be in it too.

    Returns
    -------
    list of pathlib.Path
        The files written.

    Raises
    ------
    OutputError
        When the page cannot be written; nothing is left behind.
    """
    path = Path(out) / f"briefing-{as_of.isoformat()}-{lang}.html"
    return write_whole({path: briefing_page(trajectories, targets, as_of=as_of, lang=lang)})


def briefing_page(trajectories: Sequence[Records], targets: Records, *, as_of: date, lang: str) -> str:
    """Return the page as HTML; see `write_briefing`."""
    from jinja2 import Environment, PackageLoader, StrictUndefined  # heavy: loaded when first needed

    environment = Environment(
        loader=PackageLoader(__package__), autoescape=True, undefined=StrictUndefined, trim_blocks=False
    )
    words, sources = texts(lang), _sources(trajectories)
    uncited = sum(int((record["sources"]["cite_ok"] != "yes").sum()) for record in trajectories)
    return environment.get_template("briefing.html.j2").render(
        lang=lang,
        words=words,
        as_of_line=words["page"]["as_of"].format(as_of=day(as_of, lang)),
        summary=targets["summary"],
        headlines=[
            {"title": record["title"], "text": " ".join(record["headline"])} for record in trajectories
        ],
        subjects=[{**record, "svg": _embeddable(record["svg"])} for record in trajectories],
        heads=list(targets["table"].columns),
        blocks=_blocks(targets, lang),
        how_words=explain_words(lang),
        sources=sources,
        uncited=words["page"]["uncited"].format(n=uncited) if uncited else "",
    )


def _embeddable(svg: str) -> str:
    """Return an SVG without the prologue that only a file of its own may have."""
    return svg[svg.index("<svg") :]


def _blocks(targets: Records, lang: str) -> list[dict[str, Any]]:
    verdicts, table = targets["verdicts"], targets["table"]
    rows = [
        {"document": document, "status": status, "cells": cells}
        for document, status, cells in zip(
            verdicts["document"], verdicts["status"], table.to_numpy().tolist(), strict=True
        )
    ]
    return [
        {"title": document_name(document, lang), "rows": list(block)}
        for document, block in groupby(rows, key=lambda row: row["document"])
    ]


def _sources(trajectories: Sequence[Records]) -> list[dict[str, str]]:
    """Return every page that may be cited once, by title."""
    pages = {
        source["source_url"]: {
            "title": source["source_title"],
            "url": source["source_url"],
            "published": source["published"],
        }
        for record in trajectories
        for source in record["sources"].to_dict("records")
        if source["cite_ok"] == "yes"
    }
    return sorted(pages.values(), key=lambda page: (page["title"], page["url"]))
