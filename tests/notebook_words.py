"""Which language a sentence is in, told by words that only one of them has; names and titles do not count."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from html import unescape
from pathlib import Path

from sapa_analysis.pipeline.project import Project
from sapa_analysis.runs import in_language
from sapa_analysis.runs.record import MEDIA_TYPE

#: Words that sentences of one language cannot do without and the other does not have.
ONLY = {
    "vi": ["của", "và", "được", "không", "các", "những", "là", "một", "cho", "với", "đến", "theo", "trong", "khi", "nào", "chưa", "đã", "bao", "nhiêu", "từ", "này", "đó", "năm", "số"],
    "en": ["the", "and", "of", "is", "are", "was", "were", "with", "from", "which", "this", "that", "not", "by", "for", "has", "have", "what", "how", "each", "all", "than"],
}  # fmt: skip
#: As many of them make a line one of the other language.
FEW = 2


def lines_of(text: str) -> list[str]:
    """Return what a reader reads of Markdown or HTML, line by line; code and addresses are no words."""
    text = re.sub(r"(?s)<style.*?</style>", " ", text)
    text = re.sub(r"</?(?:p|td|th|tr|li|h[1-6]|summary|div|br|table)[^>]*>", "\n", text)
    text = re.sub(r"(?s)```.*?```|`[^`]*`|\]\([^)]*\)|https?://\S+|<[^>]*>", " ", text)
    return [line.strip() for line in unescape(text).splitlines() if line.strip()]


def foreign(text: str, lang: str, names: Iterable[str] = ()) -> list[str]:
    """Return the lines of a text that are in the other language.

    Parameters
    ----------
    text : str
        Markdown or HTML.
    lang : {"vi", "en"}
        Language that it should be in.
    names : iterable of str
        Titles of pages and other words that stay as they were printed.
    """
    [other] = set(ONLY) - {lang}
    printed = sorted({name for name in names if len(name) > 3}, key=len, reverse=True)
    found = []
    for line in lines_of(text):
        rest = line
        for name in printed:
            if name in rest:
                rest = rest.replace(name, " ")
        words = re.findall(r"[^\W\d_]+", rest.lower())
        if sum(word in ONLY[other] for word in words) >= FEW:
            found.append(line)
    return found


def shown_in(copy: Path) -> list[tuple[str, str]]:
    """Return what an executed copy shows of words: the kind of output and its text."""
    shown = []
    for cell in json.loads(copy.read_text(encoding="utf-8"))["cells"]:
        for output in cell.get("outputs", []):
            data = output.get("data", {output.get("name", output["output_type"]): output.get("text", "")})
            if MEDIA_TYPE in data or "image/png" in data:
                continue
            kind = next((kind for kind in ("text/html", "text/markdown") if kind in data), min(data))
            text = "".join(data[kind])
            shown.append((kind, text))
    return shown


#: Columns that are printed as they are in both languages.
PRINTED = {
    "evidence": ("source_title", "statement"), "definitions": ("source_title",), "reference": ("source_title", "name_vi", "name_en"),
    "documents": ("name_vi", "source_title"), "areas": ("name_vi", "name_en"), "events": ("statement",),
}  # fmt: skip


def printed_in(project: Project) -> set[str]:
    """Return what is printed in its own language everywhere: titles, statements, names of places and papers."""
    tables = ((getattr(project, name), columns) for name, columns in PRINTED.items())
    printed = {str(text) for table, columns in tables for name in columns for text in table[name]}
    return {
        " ".join(text.split())
        for text in printed
        | {text for target in project.targets for text in (target.printed, target.source_title)}
    }


def strange_in(copy: Path, lang: str, project: Project) -> list[str]:
    """Return the lines of an executed copy that are in the other language, and outputs that are raw text."""
    names = printed_in(project)
    shown = shown_in(copy)
    raw = [f"{kind}: {text}" for kind, text in shown if kind not in ("text/html", "text/markdown")]
    cells = json.loads(copy.read_text(encoding="utf-8"))["cells"]
    texts = [in_language("".join(cell["source"]), lang) for cell in cells if cell["cell_type"] == "markdown"]
    return raw + [
        line for text in (*texts, *(text for _, text in shown)) for line in foreign(text, lang, names)
    ]
