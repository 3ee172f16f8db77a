"""The office's own figures on paper: their sign, where they stand in the workbook, how many a run uses."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from datetime import date

import pandas as pd

from ..core import Forecast, NotAssessed, YearlySeries
from ..evidence import is_confidential, is_office
from ..pipeline import Project, Results
from .language import count, day, texts
from .paper.model import OWN_SIGN, SECRET_SIGN, Paragraph
from .tagged_numbers import capital, tag_quoted

SIGN = OWN_SIGN
#: The id of a goal that the office adds begins so; one that it corrects has the id of the public goal.
ADDED = "office.goals."
#: Cells that are named; of more it is told how many they are.
_CELLS = 6
#: A cell as the evidence keeps it: `so_lieu.xlsx, trang Số liệu, ô F12:12`.
_PLACE = re.compile(r"(?P<file>.+?), trang (?P<sheet>.+), ô (?P<cell>[A-Z]+\d+)(?::\d+)?")
#: Signs of sections, spaces that their words leave at an edge, and letters for marks of ours.
_SECTION, _LOOSE = re.compile(rf"[ \t]*{SIGN}[{SIGN} \t]*"), re.compile(r"(?m)(?:^|(?<=[(\[])) | $")
_MARKS = str.maketrans("[]†", "()+")


def sign_of(address: object) -> str:
    """Return the sign of a figure of the office, by the address of its page; blank for a public one.

    Examples
    --------
    >>> from sapa_analysis.reporting.office import sign_of
    >>> sign_of("office:Báo cáo 215-BC/TU"), sign_of("https://sapa.laocai.gov.vn")
    ('§', '')
    >>> sign_of("office::Báo cáo 215-BC/TU")  # for the house only
    '§§'
    """
    if is_confidential(address):
        return SECRET_SIGN
    return SIGN if is_office(address) else ""


def used_rows(results: Results) -> pd.DataFrame:
    """Return the figures of the office that the series of a run use, each once."""
    found = [
        seen[_own(seen) & seen["used"].astype(bool)] for seen in _observations(results.outcomes.values())
    ]
    found = [rows for rows in found if len(rows)]
    return pd.concat(found).drop_duplicates("id") if found else pd.DataFrame()


def has_own(results: Results) -> bool:
    """Return whether a run uses any figure of the office."""
    seen = (any(map(is_office, rows["source_url"])) for rows in _observations(results.outcomes.values()))
    return any(seen)


def _own(rows: pd.DataFrame) -> pd.Series:
    return rows["source_url"].map(is_office).astype(bool)


def _observations(outcomes: Iterable[Forecast | NotAssessed]) -> Iterator[pd.DataFrame]:
    """Yield the published figures of outcomes, and of what they are computed from."""
    for outcome in outcomes:
        if outcome.observed is not None and "source_url" in outcome.observed.observations:
            yield outcome.observed.observations
        if isinstance(outcome, Forecast):
            yield from _observations(outcome.parts.values())


def holds_own(observed: YearlySeries | None) -> bool:
    """Return whether the figures of a series hold one of the office."""
    if observed is None or "source_url" not in observed.observations:
        return False
    return any(map(is_office, observed.observations["source_url"]))


def frame_note(lang: str) -> str:
    """Return what a square frame in a picture means."""
    return str(texts(lang)["office"]["frame"])


def expected_sign(results: Results, verdict: pd.Series) -> str:
    """Return the sign of what a department expects of the year due, where its workbook says so."""
    outcome = results.outcomes.get(str(verdict["indicator_id"]))
    if pd.isna(verdict["office"]) or outcome is None:
        return ""
    for seen in _observations([outcome]):
        same = (seen["value"] == verdict["office"]) & (seen["published"] == verdict["office_published"])
        addresses = seen.loc[same & (seen["kind"] == "estimate"), "source_url"]
        return sign_of(addresses.iloc[-1]) if len(addresses) else ""
    return ""


def end_sign(observed: YearlySeries, year: int, value: float) -> str:
    """Return the sign of the lowest or highest figure of a year, where only the office gives it."""
    seen = observed.observations
    if "source_url" not in seen:
        return ""
    mine = seen["indicator_id"] == observed.indicator_id
    same = seen[mine & (seen["year"] == year) & (seen["value"] == value)]
    signs = [sign_of(address) for address in same["source_url"]]
    return min(signs, default="")


def custom_note(usual: object, own: Collection[bool], lang: str) -> str:
    """Return that units are named by custom, by whether the office named each of them itself.

    Examples
    --------
    >>> from sapa_analysis.reporting.office import custom_note
    >>> custom_note("By custom.", [False, False], "en"), custom_note("By custom.", [True], "en")
    ('By custom.', 'The office named the units in charge.')
    >>> custom_note("By custom.", [True, False], "en")
    'By custom. Where the workbook of the office names a unit, that one is given.'
    """
    words = texts(lang)["office"]["leads"]
    if not any(own):
        return str(usual)
    return str(words["all"]) if all(own) else f"{usual} {words['some']}"


def instead(name: str, usual: object, lang: str, *, own: bool) -> str:
    """Return the words that hold for public figures alone, or with figures of the office among them."""
    return str(texts(lang)["office"]["instead"][name] if own else usual)


def front_note(project: Project, results: Results, lang: str) -> list[Paragraph]:
    """Return how many figures of the office a paper uses, of which workbook and day; nothing without any."""
    rows = used_rows(results)
    if rows.empty:
        return []
    words = texts(lang)["office"]
    files = dict.fromkeys(str(where).partition(",")[0] for where in rows["where"])
    last = project.office.day if project.office else date.fromisoformat(max(map(str, rows["published"])))
    form = words["front_one" if len(rows) == 1 else "front"]
    told = str(form).format(
        n=count(len(rows), lang, "own.used"),
        file=tag_quoted(", ".join(files), "own.file"),
        day=day(last, lang),
        sign=SIGN,
    )
    secret = int(rows["source_url"].map(is_confidential).sum())
    if secret:
        shown = count(secret, lang, "own.confidential")
        told += " " + str(words["front_confidential"]).format(n=shown, sign=SECRET_SIGN)
    return [Paragraph(told, "note")]


def added_goals(verdicts: pd.DataFrame) -> pd.Series:
    """Return which targets of a run the office has added to those that are public."""
    return verdicts["id"].astype(str).str.startswith(ADDED)


def notes(printed: Iterable[str], lang: str) -> list[str]:
    """Return what the signs in some texts mean, for under a table; nothing where no sign stands.

    Examples
    --------
    >>> from sapa_analysis.reporting.office import notes
    >>> notes(["66,5%§", "12.000§§"], "vi")
    ['§: số liệu của cơ quan, chưa công bố.', '§§: số liệu mật của cơ quan, không phổ biến.']
    >>> notes(["66,5%"], "vi")
    []
    """
    words, told = texts(lang)["office"], " ".join(printed)
    found = [SIGN] if SIGN in told.replace(SECRET_SIGN, "") else []
    found += [SECRET_SIGN] if SECRET_SIGN in told else []
    names = {SIGN: "note", SECRET_SIGN: "note_confidential"}
    return [str(words[names[sign]]).format(sign=sign) for sign in found]


def sign_in(text: str) -> str:
    """Return the sign that stands in a text, or nothing."""
    return SECRET_SIGN if SECRET_SIGN in text else SIGN if SIGN in text else ""


def without_marks(text: str) -> str:
    """Return a text of the office without what readers would take for marks of ours: §, †, square brackets.

    Examples
    --------
    >>> from sapa_analysis.reporting.office import without_marks
    >>> without_marks("Theo §5 của báo cáo [3]: [Văn phòng bổ sung: số liệu]")
    'Theo mục 5 của báo cáo (3): (Văn phòng bổ sung: số liệu)'
    """
    if SIGN in text:
        text = _SECTION.sub(f" {texts('vi')['office']['section']} ", text)
        text = _LOOSE.sub("", text)
    return text.translate(_MARKS)


def named(title: str, lang: str) -> str:
    """Return a source of the office in words: it says that the figures are the office's own.

    Examples
    --------
    >>> from sapa_analysis.reporting.office import named
    >>> named("Báo cáo 215-BC/TU", "vi"), named("Số liệu của Văn phòng Thị ủy", "vi")
    ('số liệu của cơ quan: Báo cáo 215-BC/TU', 'Số liệu của Văn phòng Thị ủy')
    """
    words, title = texts(lang)["office"], without_marks(title)
    said = title.casefold().startswith(str(words["begins"]))
    return title if said else str(words["named"]).format(title=title)


def place_told(places: Iterable[str], lang: str) -> str:
    """Return cells of a workbook in words: each sheet once, with its cells where they are few.

    Examples
    --------
    >>> from sapa_analysis.reporting.office import place_told
    >>> cells = [f"so_lieu.xlsx, trang Số liệu, ô {column}12:12" for column in "FGH"]
    >>> place_told(cells, "vi"), place_told(cells[:1], "en")
    ('so_lieu.xlsx, trang Số liệu, ô F12, G12, H12', 'so_lieu.xlsx, sheet Số liệu, cell F12')
    """
    words, sheets, others = texts(lang)["office"], dict[tuple[str, str], list[str]](), dict[str, None]()
    for place in dict.fromkeys(map(str, places)):
        found = _PLACE.fullmatch(place)
        if found is None:
            others[re.sub(r":\d+$", "", place)] = None
        else:
            sheets.setdefault((found["file"], found["sheet"]), []).append(found["cell"])
    told, before = [], ""
    for (file, sheet), cells in sheets.items():
        name = "cells_many" if len(cells) > _CELLS else "cells" if len(cells) > 1 else "cell"
        shown = str(words[name]).format(cells=", ".join(sorted(cells, key=_order)), n=len(cells))
        begun = "" if file == before else f"{file}, "
        told.append(begun + str(words["sheet"]).format(sheet=sheet, cells=shown))
        before = file
    return "; ".join([*told, *(each for each in others if each)])


def _order(cell: str) -> tuple[int, int, str]:
    """Return where a cell stands in its sheet: by row, then by column."""
    column = cell.rstrip("0123456789")
    return int(cell[len(column) :]), len(column), column


def source_told(
    title: str, dated: str, places: Iterable[str], lang: str, *, key: str, confidential: bool = False
) -> str:
    """Return a source of the office for a list of sources, its numbers tagged as quoted."""
    parts = [
        dated,
        str(texts(lang)["office"]["confidential" if confidential else "unpublished"]),
        tag_quoted(place_told(places, lang), f"{key}.place"),
    ]
    said = tag_quoted(capital(named(title, lang)), key)
    return f"{said} ({'; '.join(part for part in parts if part)})"
