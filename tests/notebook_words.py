"""Which language a sentence is in, told by words that only one of them has; names and titles do not count."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import unescape

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
