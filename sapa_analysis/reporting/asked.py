"""What papers are asked for, checked before anything is made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..core import FORMATS, PAPERS, USUAL_PAPERS, ParamsError, Problem, SapaError, nearest, read_words
from .paper.office_template import opened_template


@dataclass(frozen=True, slots=True)
class Asked:
    """Papers, formats and form, and the office's Word file, None for the shipped one."""

    papers: tuple[str, ...]
    formats: tuple[str, ...]
    form: str
    template: bytes | None


def asked_papers(
    root: Path | str,
    *,
    papers: Sequence[str] = USUAL_PAPERS,
    formats: Sequence[str] = FORMATS,
    form: str = "plain",
    template: Path | str = "",
) -> Asked:
    """Return what is asked for, or report all that is unknown, cannot be used or does not go together.

    Parameters
    ----------
    root : path
        The project, to which the path of a template is relative.
    papers, formats, form, template
        As in `write_papers`.

    Raises
    ------
    ParamsError
        With every problem.

    Examples
    --------
    >>> from sapa_analysis.reporting import asked_papers
    >>> asked_papers(".", papers="briefing-vi, review-vi", formats="pdf").papers
    ('briefing-vi', 'review-vi')
    >>> asked_papers(".", papers="briefing-fr", formats="odt", template="nowhere.docx")
    Traceback (most recent call last):
        ...
    sapa_analysis.core.errors.ParamsError: parameters has 3 problems
      formats: "odt" is unknown; write one of docx, html, pdf, xlsx
      papers: "briefing-fr" is unknown; did you mean briefing-vi?
      template: nowhere.docx cannot be read: No such file or directory
    """
    stems, kinds = tuple(read_words(papers)), tuple(read_words(formats))
    found = [*_unknown("papers", stems, PAPERS), *_unknown("formats", kinds, FORMATS)]
    found += [*_unknown("form", [form], ("plain", "party"))]
    if form == "party" and "review-vi" not in stems:
        found.append(("form", 'the form "party" is that of the Vietnamese review; ask for review-vi'))
    if kinds == ("xlsx",) and all(stem.startswith("briefing") for stem in stems):
        said = "a workbook is made of the table of a review or a period; ask for review-vi"
        found.append(("formats", said))
    content, wrong = _template(Path(root), template, form)
    found += [("template", wrong)] if wrong else []
    if found:
        raise ParamsError([Problem("parameters", 0, column, said) for column, said in found])
    return Asked(stems, kinds, form, content)


def _unknown(column: str, names: Sequence[str], known: Sequence[str]) -> Iterator[tuple[str, str]]:
    if not names:
        yield column, f"names nothing; write some of {', '.join(known)}"
    for name in names:
        if name not in known:
            yield column, f'"{name}" is unknown; {nearest(name, known)}'


def _template(root: Path, template: Path | str, form: str) -> tuple[bytes | None, str]:
    """Return the bytes of the office's Word file, and what is wrong with it."""
    if not str(template):
        return None, ""
    try:
        content = (root / template).read_bytes()
        opened_template(content, "party" if form == "party" else "plain")
    except OSError as error:
        return None, f"{template} cannot be read: {error.strerror or error}"
    except SapaError as error:
        return None, f"{template}: {error}"
    return content, ""
