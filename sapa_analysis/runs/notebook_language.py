"""The text of a notebook in one language: its cells hold both, each in a block of its own."""

from __future__ import annotations

import re
from typing import Any

from ..core import LANGUAGES

#: `<div lang="vi">` on a line, the text, `</div>` on a line.
_BLOCK = re.compile(r'^<div lang="(?P<lang>\w+)">\n(?P<text>.*?)\n?^</div>\n?', re.MULTILINE | re.DOTALL)
#: The heading of a page.
_TITLE = re.compile(r"# ([^\n]+)")
#: The language that a parameters cell sets.
_SET = re.compile(r"""^lang\b[^=\n]*=\s*["'](\w+)["']""", re.MULTILINE)


def in_language(text: str, lang: str) -> str:
    r"""Return the text of a cell in one language; what stands in no block is of all languages.

    Parameters
    ----------
    text : str
        Markdown of a cell.
    lang : str
        Language that is kept.

    Examples
    --------
    >>> from sapa_analysis.runs import in_language
    >>> in_language('<div lang="vi">\n\nSố liệu\n\n</div>\n<div lang="en">\n\nFigures\n\n</div>', "en")
    'Figures'
    """
    kept = _BLOCK.sub(lambda found: found["text"] if found["lang"] == lang else "", text)
    return re.sub(r"\n{3,}", "\n\n", kept).strip()


def keep_language(notebook: Any) -> None:
    r"""Leave in a notebook the text of the language that its parameters set; fold the injected ones.

    A notebook whose parameters set no language keeps both.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        With its parameters in place; it is changed.

    Examples
    --------
    >>> from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
    >>> from sapa_analysis.runs.notebook_language import keep_language
    >>> asked = new_code_cell('lang = "en"', metadata={"tags": ["injected-parameters"]})
    >>> title = '<div lang="vi">\n\n# Số liệu\n\n</div>\n<div lang="en">\n\n# Figures\n\n</div>'
    >>> notebook = new_notebook(cells=[asked, new_markdown_cell(title)])
    >>> keep_language(notebook)
    >>> notebook.cells[1].source
    '# Figures'
    """
    lang = ""
    for cell in notebook.cells:
        tags = cell.metadata.get("tags", [])
        if {"parameters", "injected-parameters"} & set(tags) and (found := _SET.findall(cell.source)):
            lang = found[-1]
        if "injected-parameters" in tags:
            cell.metadata["jupyter"] = {"source_hidden": True}
    if not lang:
        return
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = in_language(cell.source, lang)
    notebook.cells = [cell for cell in notebook.cells if cell.cell_type != "markdown" or cell.source]


def served_notebook(notebook: Any, lang: str = "") -> Any:
    r"""Return a notebook as a page on its own: in one language, without the cells that have the tag `lab`.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        It is changed: its parameters cell sets the language, and its text is in it. Its metadata gets the
        language and the title of the page.
    lang : str
        Language asked for; one that there is not leaves what the parameters set.

    Examples
    --------
    >>> from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
    >>> from sapa_analysis.runs import served_notebook
    >>> given = new_code_cell('lang: str = "vi"', metadata={"tags": ["parameters"]})
    >>> title = '<div lang="vi">\n\n# Số liệu?\n\n</div>\n<div lang="en">\n\n# Figures?\n\n</div>'
    >>> page = served_notebook(new_notebook(cells=[given, new_markdown_cell(title)]), "en")
    >>> page.metadata["lang"], page.metadata["title"], page.cells[0].source
    ('en', 'Figures?', 'lang: str = "en"')
    """
    notebook.cells = [cell for cell in notebook.cells if "lab" not in cell.metadata.get("tags", [])]
    for cell in notebook.cells:
        if "parameters" in cell.metadata.get("tags", []) and (found := _SET.search(cell.source)):
            said = lang if lang in LANGUAGES else found[1]
            cell.source = cell.source[: found.start(1)] + said + cell.source[found.end(1) :]
            notebook.metadata["lang"] = said
    keep_language(notebook)
    heads = (_TITLE.match(cell.source) for cell in notebook.cells if cell.cell_type == "markdown")
    notebook.metadata["title"] = next((head[1] for head in heads if head), "")
    return notebook
